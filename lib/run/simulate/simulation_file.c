/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a simulation, block by block or, where there are gaps, second by second. */
#include "run/simulate/simulate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "reading/edf/edf.h"
#include "reading/wav/wav.h"

enum { ANNOTATION_BYTES = 66, BLOCK_FRAMES = 4096 };

struct emgp_simulation_file {
    emgp_edf_writer *edf;
    emgp_wav_writer *wav;
};

emg_status emgp_simulation_format_of(const char *path, emgp_simulation_format *format, emg_error *err)
{
    static const char *const endings[] = { ".edf", ".bdf", ".wav" };
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    for (int i = 0; i < 3 && dot && dot > name; i++)
        if (emgp_text_same(dot, endings[i])) {
            *format = (emgp_simulation_format)i;
            return EMG_OK;
        }
    return emgp_fail(err, EMG_EARG, "a simulated recording needs a name that ends in .edf, .bdf or .wav");
}

/* A range that is not symmetrical uses all digits; a symmetrical one leaves out the lowest, so that 0 is a step. */
static emgp_edf_written signal_of(const emg_simulated_channel *c, bool bdf, double rate_hz, const char *prefilter)
{
    int32_t most = bdf ? 8388607 : 32767;
    bool symmetrical = -c->physical_min_uv <= c->physical_max_uv;
    return (emgp_edf_written){ .label = c->label,
                               .transducer = "simulated electrode",
                               .unit = "uV",
                               .prefilter = prefilter,
                               .physical_min = c->physical_min_uv,
                               .physical_max = c->physical_max_uv,
                               .digital_min = symmetrical ? -most : -most - 1,
                               .digital_max = most,
                               .per_record = (size_t)rate_hz };
}

/* One-second records; the simulation's rates, durations and gaps are whole numbers. */
static emg_status open_edf(emgp_edf_writer **out, const emg_simulation *simulation, const char *path, bool bdf,
                           emg_error *err)
{
    size_t n = emg_simulation_n_channels(simulation);
    emgp_edf_written *signals = emgp_alloc(n, sizeof *signals);
    char(*prefilters)[48] = emgp_alloc(n, sizeof *prefilters);
    emg_status status = EMG_ENOMEM;
    if (signals && prefilters) {
        for (size_t i = 0; i < n; i++) {
            const emg_simulated_channel *c = emg_simulation_channel(simulation, i);
            snprintf(prefilters[i], sizeof prefilters[i], "HP:%dHz LP:%dHz", (int)c->low_hz, (int)c->high_hz);
            signals[i] = signal_of(c, bdf, emg_simulation_rate_hz(simulation), prefilters[i]);
        }
        emgp_edf_plan plan = { .bdf = bdf,
                               .gaps = emg_simulation_n_gaps(simulation) > 0,
                               .record_s = 1,
                               .annotation_bytes = ANNOTATION_BYTES,
                               .signals = signals,
                               .n_signals = n };
        status = emgp_edf_writer_open(out, path, &plan, err);
    } else {
        emgp_fail_memory(err);
    }
    emgp_free(signals);
    emgp_free(prefilters);
    return status;
}

/* 16 bits over the widest range of all channels. */
static emg_status open_wav(emgp_wav_writer **out, const emg_simulation *simulation, const char *path, emg_error *err)
{
    emgp_wav_plan plan = { .rate_hz = emg_simulation_rate_hz(simulation),
                           .n_channels = emg_simulation_n_channels(simulation),
                           .samples = EMGP_WAV_PCM_16 };
    for (size_t i = 0; i < plan.n_channels; i++)
        plan.full_scale = fmax(plan.full_scale, -emg_simulation_channel(simulation, i)->physical_min_uv);
    if (emg_simulation_n_gaps(simulation) > 0)
        return emgp_fail(err, EMG_EARG, "a WAV file cannot tell of gaps; write .edf or .bdf");
    return emgp_wav_writer_open(out, path, &plan, err);
}

emg_status emgp_simulation_file_open(emgp_simulation_file **out, const emg_simulation *simulation, const char *path,
                                     emgp_simulation_format format, emg_error *err)
{
    *out = emgp_alloc(1, sizeof **out);
    if (!*out)
        return emgp_fail_memory(err);
    if (format == EMGP_SIMULATION_WAV)
        return open_wav(&(*out)->wav, simulation, path, err);
    return open_edf(&(*out)->edf, simulation, path, format == EMGP_SIMULATION_BDF, err);
}

static bool in_gap(const emg_simulation *simulation, double time_s)
{
    for (size_t i = 0; i < emg_simulation_n_gaps(simulation); i++) {
        const emg_simulated_gap *gap = emg_simulation_gap(simulation, i);
        if (time_s >= gap->from_s && time_s < gap->to_s)
            return true;
    }
    return false;
}

static emg_status write_annotations(const emg_simulation *simulation, emgp_edf_writer *writer, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < emg_simulation_n_annotations(simulation) && status == EMG_OK; i++) {
        const emg_simulated_annotation *a = emg_simulation_annotation(simulation, i);
        if (!in_gap(simulation, a->onset_s))
            status = emgp_edf_writer_annotate(writer, a->onset_s, a->duration_s, a->text, err);
    }
    return status;
}

/* One second as a record of its own. */
static emg_status put_record(emgp_edf_writer *writer, const emg_simulation *simulation, const double *x, double at_s,
                             emg_error *err)
{
    size_t n_channels = emg_simulation_n_channels(simulation);
    if (in_gap(simulation, at_s))
        return EMG_OK;
    for (size_t c = 0; c < n_channels; c++)
        emgp_edf_writer_signal(writer, c, x + c, n_channels);
    return emgp_edf_writer_end_record(writer, at_s, err);
}

static emg_status put(emgp_simulation_file *file, const emg_simulation *simulation, const double *x, uint64_t at,
                      size_t n, emg_error *err)
{
    if (file->wav)
        return emgp_wav_writer_push(file->wav, x, n, err);
    if (emg_simulation_n_gaps(simulation) > 0)
        return put_record(file->edf, simulation, x, (double)(at / n), err);
    return emgp_edf_writer_push(file->edf, x, n, err);
}

emg_status emgp_simulation_file_write(emgp_simulation_file *file, emg_simulation *simulation,
                                      const emg_simulation_job *job, emg_error *err)
{
    double rate = emg_simulation_rate_hz(simulation);
    size_t most = emg_simulation_n_gaps(simulation) > 0 ? (size_t)rate : BLOCK_FRAMES;
    double *x = emgp_alloc(most * emg_simulation_n_channels(simulation), sizeof *x);
    if (!x)
        return emgp_fail_memory(err);
    emg_status status = file->edf ? write_annotations(simulation, file->edf, err) : EMG_OK;
    uint64_t n_frames = (uint64_t)(rate * emg_simulation_duration_s(simulation));
    for (uint64_t at = 0; at < n_frames && status == EMG_OK;) {
        size_t n = n_frames - at < most ? (size_t)(n_frames - at) : most;
        status = emg_simulation_next(simulation, x, n, err);
        if (status == EMG_OK)
            status = put(file, simulation, x, at, n, err);
        at += n;
        if (status == EMG_OK && job->step && !job->step(job->context, (double)at / (double)n_frames))
            status = emgp_fail(err, EMG_ECANCELLED, "stopped as asked");
    }
    emgp_free(x);
    if (status != EMG_OK)
        return status;
    return file->wav ? emgp_wav_writer_finish(file->wav, err) : emgp_edf_writer_finish(file->edf, err);
}

void emgp_simulation_file_free(emgp_simulation_file *file)
{
    if (!file)
        return;
    emgp_edf_writer_free(file->edf);
    emgp_wav_writer_free(file->wav);
    emgp_free(file);
}
