/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulation into files: the recording by the ending of its name, and its truth as a table of events. */
#include <emg/run.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <emg/simulate.h>

#include "base/memory.h"
#include "base/newfile.h"
#include "base/sink.h"
#include "base/status.h"
#include "base/text.h"
#include "reading/edf_write.h"

enum { ANNOTATION_BYTES = 66, BLOCK_FRAMES = 4096 };

static const char HEADER[] =
    "onset\tduration\ttrial_type\tchannel\ttarget_muscle\tn_channels\tamplitude_uv\tamplitude_rel\t"
    "snr_db\tfrequency_hz\tcount\tinterval_cv\tinterval_rcv\tunit\tconfidence\treasons\n";

/* "PATH" without its ending plus "_events.tsv"; NULL when memory is out. */
static char *truth_path(const char *path)
{
    static const char ending[] = "_events.tsv";
    size_t n = (size_t)(strrchr(path, '.') - path);
    char *out = emgp_alloc(n + sizeof ending, 1);
    if (out) {
        memcpy(out, path, n);
        memcpy(out + n, ending, sizeof ending);
    }
    return out;
}

static emg_status format_of(const char *path, bool *bdf, emg_error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    if (dot && dot > name && emgp_text_same(dot, ".edf")) {
        *bdf = false;
        return EMG_OK;
    }
    if (dot && dot > name && emgp_text_same(dot, ".bdf")) {
        *bdf = true;
        return EMG_OK;
    }
    return emgp_fail(err, EMG_EARG, "a simulated recording needs a name that ends in .edf or .bdf");
}

static void put_row(emgp_sink *sink, const emg_simulation *simulation, const emg_truth *truth)
{
    const emg_simulated_channel *channel = emg_simulation_channel(simulation, truth->channel);
    emgp_sink_time(sink, truth->onset_s);
    emgp_sink_text(sink, "\t");
    emgp_sink_time(sink, truth->duration_s);
    emgp_sink_text(sink, "\t");
    emgp_sink_text(sink, emg_class_name(truth->trial_type));
    emgp_sink_text(sink, "\t");
    emgp_sink_text(sink, channel->label);
    emgp_sink_text(sink, "\t");
    emgp_sink_text(sink, channel->muscle);
    emgp_sink_text(sink, "\tn/a\t");
    emgp_sink_number(sink, truth->amplitude_uv);
    emgp_sink_text(sink, "\tn/a\tn/a\t");
    emgp_sink_number(sink, truth->frequency_hz);
    emgp_sink_text(sink, "\t");
    emgp_sink_count(sink, truth->count);
    emgp_sink_text(sink, "\tn/a\tn/a\t");
    if (truth->unit > 0)
        emgp_sink_count(sink, truth->unit);
    else
        emgp_sink_text(sink, "n/a");
    emgp_sink_text(sink, "\tn/a\tn/a\n");
}

static emg_status write_truth(emg_simulation *simulation, emgp_newfile *file, emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, emgp_newfile_sink, file, err);
    emgp_sink_text(sink, HEADER);
    emg_status status = EMG_OK;
    for (bool found = true; found && status == EMG_OK;) {
        emg_truth truth;
        status = emg_simulation_next_event(simulation, &truth, &found, err);
        if (status == EMG_OK && found)
            put_row(sink, simulation, &truth);
        if (status == EMG_OK)
            status = sink->status;
    }
    if (status == EMG_OK)
        status = emgp_sink_flush(sink);
    emgp_free(sink);
    return status;
}

/* One-second records; the simulation's rates and durations are whole numbers. */
static emg_status open_writer(emgp_edf_writer **out, const emg_simulation *simulation, const char *path, bool bdf,
                              emg_error *err)
{
    size_t n = emg_simulation_n_channels(simulation);
    emgp_edf_signal *signals = emgp_alloc(n, sizeof *signals);
    char(*prefilters)[48] = emgp_alloc(n, sizeof *prefilters);
    emg_status status = EMG_ENOMEM;
    *out = NULL;
    if (signals && prefilters) {
        for (size_t i = 0; i < n; i++) {
            const emg_simulated_channel *c = emg_simulation_channel(simulation, i);
            snprintf(prefilters[i], sizeof prefilters[i], "HP:%dHz LP:%dHz", (int)c->low_hz, (int)c->high_hz);
            signals[i] = (emgp_edf_signal){ .label = c->label,
                                            .transducer = "simulated electrode",
                                            .unit = "uV",
                                            .prefilter = prefilters[i],
                                            .physical_min = c->physical_min_uv,
                                            .physical_max = c->physical_max_uv,
                                            .digital_min = bdf ? -8388608 : -32768,
                                            .digital_max = bdf ? 8388607 : 32767,
                                            .per_record = (size_t)emg_simulation_rate_hz(simulation) };
        }
        emgp_edf_plan plan = {
            .bdf = bdf, .record_s = 1, .annotation_bytes = ANNOTATION_BYTES, .signals = signals, .n_signals = n
        };
        status = emgp_edf_writer_open(out, path, &plan, err);
    } else {
        emgp_fail_memory(err);
    }
    emgp_free(signals);
    emgp_free(prefilters);
    return status;
}

static emg_status write_annotations(const emg_simulation *simulation, emgp_edf_writer *writer, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < emg_simulation_n_annotations(simulation) && status == EMG_OK; i++) {
        const emg_simulated_annotation *a = emg_simulation_annotation(simulation, i);
        status = emgp_edf_writer_annotate(writer, a->onset_s, a->duration_s, a->text, err);
    }
    return status;
}

static emg_status write_signals(emg_simulation *simulation, emgp_edf_writer *writer, const emg_simulation_job *job,
                                emg_error *err)
{
    double *x = emgp_alloc(BLOCK_FRAMES * emg_simulation_n_channels(simulation), sizeof *x);
    if (!x)
        return emgp_fail_memory(err);
    emg_status status = write_annotations(simulation, writer, err);
    uint64_t n_frames = (uint64_t)(emg_simulation_rate_hz(simulation) * emg_simulation_duration_s(simulation));
    for (uint64_t at = 0; at < n_frames && status == EMG_OK;) {
        size_t n = n_frames - at < BLOCK_FRAMES ? (size_t)(n_frames - at) : BLOCK_FRAMES;
        status = emg_simulation_next(simulation, x, n, err);
        if (status == EMG_OK)
            status = emgp_edf_writer_push(writer, x, n, err);
        at += n;
        if (status == EMG_OK && job->step && !job->step(job->context, (double)at / (double)n_frames))
            status = emgp_fail(err, EMG_ECANCELLED, "stopped as asked");
    }
    emgp_free(x);
    return status == EMG_OK ? emgp_edf_writer_finish(writer, err) : status;
}

/* The truth is written first but put in place last: where it stands, the recording is whole. */
static emg_status write_both(emg_simulation *simulation, const emg_simulation_job *job, bool bdf, emg_error *err)
{
    emgp_edf_writer *writer = NULL;
    emgp_newfile *truth = NULL;
    char *name = truth_path(job->path);
    emg_status status = name ? open_writer(&writer, simulation, job->path, bdf, err) : emgp_fail_memory(err);
    if (status == EMG_OK && !job->without_truth)
        status = emgp_newfile_open(&truth, name, err);
    if (truth)
        status = write_truth(simulation, truth, err);
    if (status == EMG_OK)
        status = write_signals(simulation, writer, job, err);
    if (status == EMG_OK && truth)
        status = emgp_newfile_commit(truth, err);
    emgp_newfile_free(truth);
    emgp_edf_writer_free(writer);
    emgp_free(name);
    return status;
}

emg_status emg_run_simulation_job(const emg_simulation_job *job, emg_error *err)
{
    bool bdf = false;
    emg_simulation *simulation = NULL;
    if (!job->path || !job->preset)
        return emgp_fail(err, EMG_EARG, "a simulation needs a preset and a path");
    emg_status status = format_of(job->path, &bdf, err);
    if (status == EMG_OK)
        status = emg_simulation_new(&simulation, job->preset, job->seed, job->duration_s, job->rate_hz, err);
    if (status == EMG_OK)
        status = write_both(simulation, job, bdf, err);
    emg_simulation_free(simulation);
    return status;
}

emg_status emg_run_simulation(const char *preset, uint64_t seed, double duration_s, double rate_hz, const char *path,
                              emg_error *err)
{
    emg_simulation_job job = {
        .preset = preset, .path = path, .seed = seed, .duration_s = duration_s, .rate_hz = rate_hz
    };
    return emg_run_simulation_job(&job, err);
}
