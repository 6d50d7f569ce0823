/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices into a WAV file: one rate, one unit, one stretch of time, and a full scale that is stated. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "reading/wav/wav.h"
#include "run/filter/filter.h"

enum { SLICE_FRAMES = 4096, LEAST_HZ = 100 /* below, readers of wave files suspect damage */ };
static const double n_steps[] = { 0, 32768, 8388608 }; /* at full scale, by emg_wav_samples */

typedef struct target {
    emgp_wav_writer *writer;
    double *frames; /* of a slice, all written channels interleaved */
    bool begun;
} target;

/* The smallest of 1, 2, 5, 10, ... that is not below `magnitude`. */
static double round_up(double magnitude)
{
    static const double steps[] = { 1, 2, 5 };
    double power = 1e-12;
    for (; power < 1e15; power *= 10)
        for (size_t i = 0; i < 3; i++)
            if (steps[i] * power >= magnitude * (1 - 1e-9))
                return power < 1 ? steps[i] / rint(1 / power) : steps[i] * power;
    return magnitude;
}

/* One rate, and one unit: volts, or else the same unknown. */
static emg_status check_alike(const emgp_conditioned *c, emg_error *err)
{
    const emgp_written_channel *first = &c->written[0];
    if (first->channel->rate_hz < LEAST_HZ)
        return emgp_fail_at(err, EMG_ERANGE, -1, (int64_t)first->channel->number,
                            "a wave file of %g Hz is none that is read again: write an .edf file",
                            first->channel->rate_hz);
    if (c->config->with_envelope && c->config->envelope.kind == EMG_ENVELOPE_TEAGER_KAISER)
        return emgp_fail(err, EMG_EUNSUPPORTED,
                         "a full scale is of voltages, not of their squares: write the energy to an .edf file");
    for (size_t i = 1; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        double a = first->channel->rate_hz, b = o->channel->rate_hz;
        if (a < b || a > b)
            return emgp_fail_at(err, EMG_EUNSUPPORTED, -1, (int64_t)o->channel->number,
                                "a wave file has one sampling rate, here are %g and %g Hz: choose with -c or write an "
                                ".edf file",
                                a, b);
        if (first->report->calibrated != o->report->calibrated ||
            (!o->report->calibrated && strcmp(first->unit, o->unit) != 0))
            return emgp_fail_at(err, EMG_EUNSUPPORTED, -1, (int64_t)o->channel->number,
                                "a wave file has one scale, here are different units: choose with -c or write an .edf "
                                "file");
    }
    return EMG_OK;
}

/* What 1.0 means: as asked, as in the source, or a round number that holds the source's ranges. */
static double choose_scale(const emgp_conditioned *c)
{
    double most = 0;
    if (c->config->full_scale > 0)
        return c->config->full_scale;
    for (size_t i = 0; i < c->n_written; i++) {
        const emg_channel *channel = c->written[i].channel;
        double per_unit = channel->to_uv > 0 ? channel->to_uv : 1;
        double limit = fmax(fabs(channel->physical_min), fabs(channel->physical_max)) * per_unit;
        bool audio = emg_format_is_audio(emg_recording_get_facts(c->recording)->format);
        most = fmax(most, audio ? per_unit : round_up(limit > 0 ? limit : 1));
        if (c->known)
            most = fmax(most, round_up(emgp_written_peak(&c->written[i])));
    }
    return most;
}

static emg_status begin(emgp_conditioned *c, emg_error *err)
{
    target *t = c->state = emgp_alloc(1, sizeof *t);
    if (!t)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < c->n_written; i++) { /* microvolts, or the source's unit, as the slices bring them */
        c->written[i].to_unit = 1;
        c->written[i].report->unchanged_scale = false;
    }
    emg_status status = check_alike(c, err);
    if (status != EMG_OK)
        return status;
    for (size_t i = 0; i < c->n_sources; i++)
        c->sources[i].per_slice = SLICE_FRAMES;
    t->frames = emgp_alloc((size_t)SLICE_FRAMES * c->n_written, sizeof *t->frames);
    if (!t->frames)
        return emgp_fail_memory(err);
    c->out->full_scale = choose_scale(c);
    c->out->calibrated = c->written[0].report->calibrated;
    c->measuring = false;
    for (size_t i = 0; i < c->n_written && c->config->wav_samples != EMG_WAV_FLOAT; i++)
        c->written[i].report->step = c->out->full_scale / n_steps[c->config->wav_samples];
    emgp_wav_plan plan = { c->written[0].channel->rate_hz, c->n_written, (emgp_wav_samples)c->config->wav_samples,
                           c->out->full_scale };
    return emgp_wav_writer_open(&t->writer, c->out_path, &plan, err);
}

static emg_status take(emgp_conditioned *c, const emgp_slice *slice, emg_error *err)
{
    target *t = c->state;
    if (slice->begins && t->begun)
        return emgp_fail(
            err, EMG_EUNSUPPORTED,
            "a wave file cannot hold the gap before %g s: choose a stretch with -f and -t or write an .edf "
            "file",
            slice->segment_s);
    if (!t->begun)
        c->out->start_s = slice->segment_s;
    t->begun = true;
    size_t n = slice->n_frames[0];
    for (size_t i = 0; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        size_t width = c->sources[o->source].n_channels;
        const double *x = slice->x[o->source] + o->place;
        for (size_t k = 0; k < n; k++)
            t->frames[k * c->n_written + i] = x[k * width];
    }
    return emgp_wav_writer_push(t->writer, t->frames, n, err);
}

/* A full scale that was asked for stands, and what is clipped is reported. */
static bool suits(const emgp_conditioned *c)
{
    const target *t = c->state;
    return c->config->full_scale > 0 || emgp_wav_writer_n_clipped(t->writer) == 0;
}

static emg_status finish(emgp_conditioned *c, emg_error *err)
{
    target *t = c->state;
    c->out->n_clipped = emgp_wav_writer_n_clipped(t->writer);
    return emgp_wav_writer_finish(t->writer, err);
}

static void free_state(emgp_conditioned *c)
{
    target *t = c->state;
    if (!t)
        return;
    emgp_wav_writer_free(t->writer);
    emgp_free(t->frames);
    emgp_free(t);
    c->state = NULL;
}

const emgp_target emgp_wav_target = { begin, take, suits, finish, free_state };
