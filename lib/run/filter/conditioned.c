/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording read, conditioned and written: once, and once more when only the first pass showed what it needs. */
#include "run/filter/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base.h"
#include "run/run.h"

emg_run_filter_config emg_run_filter_defaults(void)
{
    const emg_config usual = emg_config_defaults(EMG_PRESET_SURFACE);
    return (emg_run_filter_config){ .reading = emg_reading_defaults(),
                                    .condition = usual.condition,
                                    .artefact_s = usual.marks.artefact_s,
                                    .direction = EMG_FILTER_ZERO_PHASE };
}

/* What a target answers, noted as the output's failure; out of memory belongs to no file. */
static emg_status output_answer(emgp_conditioned *c, emg_status status)
{
    c->out->output_failed = status != EMG_OK && status != EMG_ENOMEM;
    return status;
}

/* --- slices --- */

static void measure(emgp_conditioned *c, const emgp_slice *slice)
{
    for (size_t i = 0; i < c->n_written; i++) {
        emgp_written_channel *written = &c->written[i];
        size_t source = written->source;
        emgp_written_measure(written, slice->x[source], slice->n_frames[source], c->sources[source].n_channels);
    }
}

static emg_status take_slice(void *context, const emgp_slice *slice, emg_error *err)
{
    emgp_conditioned *c = context;
    if (!c->known)
        measure(c, slice);
    return output_answer(c, c->target->take(c, slice, err));
}

static emg_status read_all(emgp_conditioned *c, emgp_slices *slices, emg_error *err)
{
    emg_status status = EMG_OK;
    emg_block block;
    while (status == EMG_OK &&
           emgp_blocks_next(c->recording, c->config->go_on, c->config->go_on_context, &block, &status, err))
        status = emgp_filter_groups_take(c, &block, err);
    if (status == EMG_OK)
        status = emgp_filter_groups_finish(c, err);
    return status == EMG_OK ? emgp_slices_end(slices, err) : status;
}

static void learn(emgp_conditioned *c, const emgp_slices *slices)
{
    for (size_t i = 0; i < c->n_sources; i++)
        c->divisors[i] = emgp_slices_divisor(slices, i);
    c->n_segments = emgp_slices_n_segments(slices);
}

/* --- one attempt --- */

static emg_status complete(emgp_conditioned *c, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        o->report->least = o->low > o->high ? NAN : o->low / o->to_unit;
        o->report->most = o->low > o->high ? NAN : o->high / o->to_unit;
    }
    c->out->n_segments = c->n_segments;
    if (c->n_segments == 0)
        return emgp_fail(err, EMG_EARG, "nothing is left to write: no channel has a sample there");
    if (status == EMG_OK && c->config->removed_path)
        status = output_answer(c, emgp_removed_write(c, err));
    return status == EMG_OK ? output_answer(c, c->target->finish(c, err)) : status;
}

/* *done: the file stands. Else what was learned makes the next attempt suit. */
static emg_status attempt(emgp_conditioned *c, bool *done, emg_error *err)
{
    emgp_slices *slices = NULL;
    emg_status status = output_answer(c, c->target->begin(c, err));
    if (status == EMG_OK)
        status = emgp_slices_new(&slices, c->sources, c->n_sources, take_slice, c, err);
    if (status == EMG_OK)
        status = emgp_filter_groups_begin(c, slices, err);
    if (status == EMG_OK)
        status = read_all(c, slices, err);
    if (status == EMG_OK) {
        learn(c, slices);
        *done = c->known || c->n_segments == 0 || (!c->measuring && c->target->suits(c));
        if (*done)
            status = complete(c, err);
        c->known = true;
    }
    c->target->free(c);
    emgp_filter_groups_end(c);
    emgp_slices_free(slices);
    return status;
}

static emg_status open_recording(emgp_conditioned *c, emg_error *err)
{
    emg_reading reading = c->config->reading;
    reading.one_course = true; /* all channels of a file have the same gaps */
    emg_status status = c->recording ? emgp_reopen(&c->recording, c->path, &reading, err)
                                     : emg_recording_open(&c->recording, c->path, &reading, err);
    c->out->recording = c->recording;
    return status;
}

/* The ECG channel is looked for as a report does it. */
static emg_status read_ecg_channel(emgp_conditioned *c, emg_error *err)
{
    emg_run_config run = emg_run_defaults();
    run.analysis.condition = c->config->condition;
    run.ecg_channel = c->config->ecg_channel;
    run.go_on = c->config->go_on;
    run.go_on_context = c->config->go_on_context;
    return emgp_ecg_channel_read(&c->ecg_channel, c->path, &c->config->reading, c->recording, &run, err);
}

static emg_status plan(emgp_conditioned *c, emg_error *err)
{
    emg_status status = read_ecg_channel(c, err);
    if (status == EMG_OK)
        status =
            emgp_stimuli_read(&c->stimuli, c->recording, c->config->stimulus_globs, c->config->n_stimulus_globs, err);
    return status ? status : emgp_filter_groups_plan(c, err);
}

static emg_status work(emgp_conditioned *c, emg_error *err)
{
    bool done = false;
    emg_status status = EMG_OK;
    while (status == EMG_OK && !done) {
        status = open_recording(c, err);
        if (status == EMG_OK)
            status = c->known ? emgp_filter_groups_reopen(c, err) : plan(c, err);
        if (status == EMG_OK)
            status = attempt(c, &done, err);
    }
    return status;
}

/* --- the call --- */

static const emgp_target *target_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    if (!dot || dot == name)
        return NULL;
    return emgp_text_same(dot, ".edf")   ? &emgp_edf_target
           : emgp_text_same(dot, ".bdf") ? &emgp_bdf_target
           : emgp_text_same(dot, ".wav") ? &emgp_wav_target
                                         : NULL;
}

static bool same_file(const char *a, const char *b)
{
    struct stat of_a, of_b;
    return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static emg_status check(const char *path, const char *out_path, const emg_run_filter_config *config, emg_error *err)
{
    if (!path || !out_path || !config)
        return emgp_fail(err, EMG_EARG, "no path, no output or no configuration was given");
    emg_config all = emg_config_defaults(EMG_PRESET_SURFACE);
    all.condition = config->condition;
    all.marks.artefact_s = config->artefact_s;
    emg_status status = emg_config_check(&all, err);
    if (status != EMG_OK)
        return status;
    if (config->n_filters > EMG_RUN_MOST_FILTERS)
        return emgp_fail(err, EMG_EARG, "at most %d filters", EMG_RUN_MOST_FILTERS);
    bool windowed = config->envelope.kind == EMG_ENVELOPE_RMS || config->envelope.kind == EMG_ENVELOPE_AVERAGE;
    if (config->with_envelope && windowed && !(config->envelope_s > 0 && config->envelope_s <= 60))
        return emgp_fail(err, EMG_ERANGE, "an envelope's window is above 0 and at most 60 s");
    if (!target_of(out_path))
        return emgp_fail(err, EMG_EARG, "the output's name must end in .edf, .bdf or .wav");
    if (same_file(path, out_path))
        return emgp_fail(err, EMG_EARG, "the output is the recording itself, which is never overwritten");
    return EMG_OK;
}

static emg_status run_filter(const char *path, const char *out_path, const emg_run_filter_config *config,
                             emg_run_filtering *out, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_run_filter needs a place for what was done");
    memset(out, 0, sizeof *out);
    emg_status status = check(path, out_path, config, err);
    out->output_failed = status != EMG_OK;
    if (status != EMG_OK)
        return status;
    emgp_conditioned c = {
        .config = config, .path = path, .out_path = out_path, .out = out, .target = target_of(out_path)
    };
    status = work(&c, err);
    emgp_filter_groups_free(&c);
    emgp_ecg_channel_free(&c.ecg_channel);
    emgp_stimuli_forget(&c.stimuli);
    emgp_free(c.divisors);
    if (status != EMG_OK) {
        bool output_failed = out->output_failed;
        emg_run_filter_free(out);
        out->output_failed = output_failed;
    }
    return status;
}

emg_status emg_run_filter(const char *path, const char *out_path, const emg_run_filter_config *config,
                          emg_run_filtering *out, emg_error *err)
{
    err = emgp_fresh(err);
    emg_status status = run_filter(path, out_path, config, out, err);
    return emgp_name_failure(err, out && out->output_failed ? out_path : path, status);
}

void emg_run_filter_free(emg_run_filtering *out)
{
    if (!out)
        return;
    emg_recording_close(out->recording);
    emgp_free(out->channels);
    memset(out, 0, sizeof *out);
}
