/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features of a recording window by window: a first pass for what the thresholds need, a second one for the rows. */
#include <emg/feature_rows.h>
#include <emg/feature_table.h>

#include <math.h>

#include "analysis/features/features.h"
#include "base/base.h"
#include "run/run.h"
#include "run/spectrum/spectrum.h"

emg_feature_plan emg_feature_plan_defaults(void)
{
    return (emg_feature_plan){ .window_s = 1, .step_s = 1, .features = emg_feature_choice_defaults() };
}

typedef struct job {
    const emg_run_config *config;
    const emg_feature_plan *plan;
    emg_feature_take *take;
    void *context;
    emgp_ecg_channel ecg_channel;
    emg_recording *recording;
    emg_feature_choice choice;   /* the plan\'s, and RMS where a maximum is given */
    size_t n_channels;           /* of the recording */
    size_t n_wanted, n_seen;     /* channels that will come by, and that have */
    emgp_survey_channel *learnt; /* [n_channels] */
    double *maxima;              /* [n_channels] */
    emgp_marks marks;
    emgp_rows rows;
    struct stream *streams; /* all groups', for the earliest window that may still come */
} job;

/* A group's windows. */
typedef struct stream {
    job *job;
    emgp_feature_stream *windows;
    size_t window; /* frames */
    double start_s;
    int64_t earliest; /* key of the first window that may still come */
    emg_feature_levels levels[EMGP_PASS_CHANNELS];
    double channel_noise[EMGP_PASS_CHANNELS];
    size_t index[EMGP_PASS_CHANNELS];
    double rate_hz, low_hz, high_hz;
    struct stream *next;
} stream;

static emg_status take_window(void *context, size_t channel, const emgp_feature_window *window, emg_error *err)
{
    const stream *s = context;
    job *j = s->job;
    size_t index = s->index[channel];
    const emg_channel *source = emg_recording_channel(j->recording, index);
    const emg_feature_window row = { .onset_s = s->start_s + (double)window->first / s->rate_hz,
                                     .duration_s = (double)s->window / s->rate_hz,
                                     .index = index,
                                     .channel = source,
                                     .calibrated = source->to_uv > 0,
                                     .low_hz = s->low_hz,
                                     .high_hz = s->high_hz,
                                     .noise = s->channel_noise[channel],
                                     .levels = s->levels[channel],
                                     .features = *window->values,
                                     .band_power = window->band_power,
                                     .band_share = window->band_power + j->plan->n_bands,
                                     .density = j->plan->densities ? window->density : NULL,
                                     .n_bins = window->n_bins,
                                     .step_hz = window->step_hz,
                                     .mvc = j->maxima[index],
                                     .mvc_percent =
                                         j->maxima[index] > 0 ? 100 * window->values->rms / j->maxima[index] : NAN };
    return emgp_rows_push(&j->rows, &row, j->plan->n_bands, err);
}

static void set_levels(stream *s, const emgp_pass_group *group)
{
    const job *j = s->job;
    for (size_t channel = 0; channel < group->n_channels; channel++) {
        size_t index = group->index[channel];
        const emgp_survey_channel *learnt = &j->learnt[index];
        bool calibrated = emg_recording_channel(j->recording, index)->to_uv > 0;
        s->index[channel] = index;
        s->channel_noise[channel] = learnt->sigma;
        s->levels[channel] = emgp_feature_levels(&j->config->analysis.features, calibrated, learnt->sigma);
        if (!isnan(learnt->rest_power))
            s->levels[channel].rest_power = learnt->rest_power;
    }
}

/* Seconds to whole frames. A number that no rate allows stays out of range. */
static size_t frames_of(double seconds, double rate_hz)
{
    double frames = floor(seconds * rate_hz + 0.5);
    return frames < 1e9 ? (size_t)frames : (size_t)1e9;
}

static emg_status make(void *context, emgp_pass_group *group, emg_error *err)
{
    job *j = context;
    stream *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    group->state = s;
    s->job = j;
    s->rate_hz = group->rate_hz;
    s->low_hz = group->low_hz;
    s->high_hz = group->high_hz;
    s->earliest = INT64_MIN;
    s->window = frames_of(j->plan->window_s, group->rate_hz);
    set_levels(s, group);
    const emgp_feature_setup setup = { .config = &j->config->analysis.features,
                                       .rate_hz = group->rate_hz,
                                       .low_hz = group->low_hz,
                                       .high_hz = group->high_hz,
                                       .n_channels = group->n_channels,
                                       .window = s->window,
                                       .step = frames_of(j->plan->step_s, group->rate_hz),
                                       .choice = j->choice,
                                       .levels = s->levels,
                                       .bands = j->plan->bands,
                                       .n_bands = j->plan->n_bands,
                                       .densities = j->plan->densities,
                                       .take = take_window,
                                       .context = s };
    emg_status status = emgp_feature_stream_new(&s->windows, &setup, err);
    s->next = j->streams;
    j->streams = s;
    j->n_seen += group->n_channels;
    return status;
}

static emg_status start(void *context, emgp_pass_group *group, double start_s, emg_error *err)
{
    stream *s = group->state;
    (void)context;
    (void)err;
    s->start_s = start_s;
    s->earliest = emgp_rows_key(start_s);
    return EMG_OK;
}

static emg_status take(void *context, emgp_pass_group *group, const float *x, size_t n_frames, emg_error *err)
{
    stream *s = group->state;
    (void)context;
    emg_status status = emgp_feature_stream_push(s->windows, x, n_frames, err);
    s->earliest = emgp_rows_key(s->start_s + (double)emgp_feature_stream_next(s->windows) / s->rate_hz);
    return status;
}

static emg_status finish(void *context, emgp_pass_group *group, double end_s, emg_error *err)
{
    stream *s = group->state;
    (void)context;
    (void)err;
    emgp_feature_stream_finish(s->windows);
    s->earliest = emgp_rows_key(end_s);
    return EMG_OK;
}

/* Rows that no group can come before any more go out. */
static emg_status between(void *context, emg_error *err)
{
    job *j = context;
    if (j->n_seen < j->n_wanted)
        return EMG_OK;
    int64_t bound = INT64_MAX;
    for (const stream *s = j->streams; s; s = s->next)
        bound = s->earliest < bound ? s->earliest : bound;
    return emgp_rows_release(&j->rows, bound, j->take, j->context, err);
}

static emg_status end(void *context, emgp_pass_group *groups, size_t n, emg_error *err)
{
    job *j = context;
    (void)groups;
    (void)n;
    return emgp_rows_release(&j->rows, INT64_MAX, j->take, j->context, err);
}

static void release(emgp_pass_group *group)
{
    stream *s = group->state;
    if (s)
        emgp_feature_stream_free(s->windows);
    emgp_free(s);
}

/* The rows that a list of the library's own names. */
static uint64_t rows_named(const char *list)
{
    emg_feature_choice choice = { 0, false };
    return emg_feature_choice_read(&choice, list, NULL) == EMG_OK ? choice.rows : 0;
}

/* Whether a feature that counts, or the ratio to noise, is chosen. */
static bool needs_noise(const emg_feature_plan *plan)
{
    return (plan->features.rows & rows_named("zc,ssc,wamp,snr")) != 0;
}

/* The first pass, when something needs it: the file is opened anew for it. */
static emg_status learn(job *j, const char *path, const emg_reading *reading, emg_error *err)
{
    for (size_t i = 0; i < j->n_channels; i++) {
        j->learnt[i] = (emgp_survey_channel){ NAN, NAN, NAN };
        j->maxima[i] = NAN;
    }
    emg_status status =
        j->plan->mvc_path ? emgp_learn_maxima(j->maxima, j->recording, j->plan->mvc_path, j->config, err) : EMG_OK;
    if (status || !needs_noise(j->plan) || j->n_wanted == 0)
        return status;
    emg_recording *first;
    status = emg_recording_open(&first, path, reading, err);
    if (status)
        return status;
    const emgp_learn_plan plan = { .noise = true, .marks = &j->marks };
    if (emg_recording_get_facts(first)->n_channels == j->n_channels)
        status = emgp_learn(j->learnt, first, emgp_ecg_channel_qrs(&j->ecg_channel), j->config, &plan, err);
    else
        status = emgp_fail(err, EMG_EIO, "%.160s changed while it was read", path);
    emg_recording_close(first);
    return status;
}

static emg_status run(job *j, const char *path, const emg_reading *reading, emg_error *err)
{
    const emg_channel *channel;
    for (; (channel = emg_recording_channel(j->recording, j->n_channels)); j->n_channels++)
        j->n_wanted += emgp_pass_fits(channel, j->config);
    j->learnt = emgp_alloc(j->n_channels, sizeof *j->learnt);
    j->maxima = emgp_alloc(j->n_channels, sizeof *j->maxima);
    emg_status status =
        j->learnt && j->maxima ? emgp_marks_read(&j->marks, j->recording, j->config, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = emgp_ecg_channel_read(&j->ecg_channel, path, reading, j->recording, j->config, err);
    if (status == EMG_OK)
        status = learn(j, path, reading, err);
    const emgp_pass_taker taker = { .context = j,
                                    .make = make,
                                    .start = start,
                                    .take = take,
                                    .finish = finish,
                                    .between = between,
                                    .end = end,
                                    .free = release };
    return status ? status : emgp_pass_run(j->recording, emgp_ecg_channel_qrs(&j->ecg_channel), j->config, &taker, err);
}

static emg_status check(const emg_feature_plan *plan, emg_error *err)
{
    if (!(plan->window_s > 0) || !(plan->step_s > 0) || !isfinite(plan->window_s) || !isfinite(plan->step_s))
        return emgp_fail(err, EMG_ERANGE, "a window of %g s every %g s: both must be above 0", plan->window_s,
                         plan->step_s);
    for (size_t i = 0; i < plan->n_bands; i++) {
        if (!(plan->bands[i].low_hz >= 0) || !(plan->bands[i].low_hz < plan->bands[i].high_hz))
            return emgp_fail(err, EMG_ERANGE, "band %g to %g Hz makes no sense", plan->bands[i].low_hz,
                             plan->bands[i].high_hz);
    }
    return EMG_OK;
}

static emg_status run_features(const char *path, const emg_run_config *config, const emg_feature_plan *plan,
                               emg_feature_take *take_row, void *context, size_t *n_channels, emg_error *err)
{
    if (!path || !config || !plan || !take_row)
        return emgp_fail(err, EMG_EARG, "no path, configuration, plan or taker was given");
    job j = { .config = config, .plan = plan, .take = take_row, .context = context };
    emg_reading reading = config->reading;
    reading.raw_only = true;
    j.choice = plan->features;
    j.choice.rows |= plan->mvc_path ? rows_named("rms") : 0;
    emg_status status = check(plan, err);
    if (status == EMG_OK)
        status = emg_config_check(&config->analysis, err);
    if (status == EMG_OK)
        status = emg_recording_open(&j.recording, path, &reading, err);
    if (status)
        return status;
    status = run(&j, path, &reading, err);
    if (n_channels)
        *n_channels = j.n_wanted;
    emgp_rows_free(&j.rows);
    emgp_free(j.learnt);
    emgp_free(j.maxima);
    emgp_free(j.marks.mark);
    emgp_ecg_channel_free(&j.ecg_channel);
    emg_recording_close(j.recording);
    return status;
}

emg_status emg_run_features(const char *path, const emg_run_config *config, const emg_feature_plan *plan,
                            emg_feature_take *take_row, void *context, size_t *n_channels, emg_error *err)
{
    err = emgp_fresh(err);
    return emgp_name_failure(err, path, run_features(path, config, plan, take_row, context, n_channels, err));
}
