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
    const emg_feature_plan *plan;
    emg_feature_take *take;
    void *context;
    emgp_pass pass;
    emg_feature_choice choice;   /* the plan's, and RMS where a maximum is given */
    size_t n_seen;               /* of the channels that will come by, those that have */
    emgp_survey_channel *learnt; /* [of the recording] */
    double *maxima;              /* [of the recording] */
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
    const emg_channel *source = emg_recording_channel(j->pass.recording, index);
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
        bool calibrated = emg_recording_channel(j->pass.recording, index)->to_uv > 0;
        s->index[channel] = index;
        s->channel_noise[channel] = learnt->sigma;
        s->levels[channel] = emgp_feature_levels(&j->pass.config->analysis.features, calibrated, learnt->sigma);
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

static emg_status make_stream(job *j, emgp_pass_group *group, emg_error *err)
{
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
    const emgp_feature_setup setup = { .config = &j->pass.config->analysis.features,
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

/* Takes what comes by, and moves on the time before which no window of its group may still come. */
static emg_status take_item(job *j, const emgp_pass_item *item, emg_error *err)
{
    emg_status status = item->group->state ? EMG_OK : make_stream(j, item->group, err);
    stream *s = item->group->state;
    double earliest_s = item->time_s;
    if (status)
        return status;
    if (item->event == EMGP_PASS_BEGINS) {
        s->start_s = item->time_s;
    } else if (item->event == EMGP_PASS_ENDS) {
        emgp_feature_stream_finish(s->windows);
    } else {
        status = emgp_feature_stream_push(s->windows, item->x, item->n_frames, err);
        earliest_s = s->start_s + (double)emgp_feature_stream_next(s->windows) / s->rate_hz;
    }
    s->earliest = emgp_rows_key(earliest_s);
    return status;
}

/* Rows that no group can come before any more go out. */
static emg_status put_rows(job *j, emg_error *err)
{
    int64_t bound = INT64_MAX;
    for (const stream *s = j->streams; s; s = s->next)
        bound = s->earliest < bound ? s->earliest : bound;
    return j->n_seen < j->pass.n_fitting ? EMG_OK : emgp_rows_release(&j->rows, bound, j->take, j->context, err);
}

static emg_status read_all(job *j, emg_error *err)
{
    emg_status status = EMG_OK;
    emgp_pass_item item;
    while (status == EMG_OK && emgp_pass_next(&j->pass, &item)) {
        status = take_item(j, &item, err);
        status = status ? status : put_rows(j, err);
    }
    status = status ? status : j->pass.status;
    for (stream *s = j->streams, *next; s; s = next) {
        next = s->next;
        emgp_feature_stream_free(s->windows);
        emgp_free(s);
    }
    return status ? status : emgp_rows_release(&j->rows, INT64_MAX, j->take, j->context, err);
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

static const double worth_reading_s = 1; /* what is shorter is read only where windows are as short */

/* Whether any channel may be as long as a window: else nothing needs to be read. */
static bool may_have_window(const job *j)
{
    const emg_channel *channel;
    for (size_t i = 0; (channel = emg_recording_channel(j->pass.recording, i)); i++)
        if (emgp_blocks_fit(channel, j->pass.config) &&
            channel->n_samples >= frames_of(fmin(j->plan->window_s, worth_reading_s), channel->rate_hz))
            return true;
    return false;
}

/* The first pass, when something needs it. */
static emg_status learn(job *j, emg_error *err)
{
    for (size_t i = 0; i < j->pass.n_channels; i++) {
        j->learnt[i] = (emgp_survey_channel){ NAN, NAN, NAN };
        j->maxima[i] = NAN;
    }
    const emgp_learn_plan plan = { .noise = true, .marks = &j->marks };
    emg_status status = j->plan->mvc_path
                            ? emgp_learn_maxima(j->maxima, j->pass.recording, j->plan->mvc_path, j->pass.config, err)
                            : EMG_OK;
    if (status || !needs_noise(j->plan) || !may_have_window(j))
        return status;
    status = emgp_learn(j->learnt, &j->pass, &plan, err);
    return status ? status : emgp_pass_restart(&j->pass);
}

static emg_status run(job *j, emg_error *err)
{
    j->learnt = emgp_alloc(j->pass.n_channels, sizeof *j->learnt);
    j->maxima = emgp_alloc(j->pass.n_channels, sizeof *j->maxima);
    emg_run_config stretches = *j->pass.config;
    stretches.n_stimulus_globs = 0;
    emg_status status =
        j->learnt && j->maxima ? emgp_marks_read(&j->marks, j->pass.recording, &stretches, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = learn(j, err);
    return status || !may_have_window(j) ? status : read_all(j, err);
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
    job j = { .plan = plan, .take = take_row, .context = context };
    j.choice = plan->features;
    j.choice.rows |= plan->mvc_path ? rows_named("rms") : 0;
    emg_status status = check(plan, err);
    if (status)
        return status;
    status = emgp_pass_open(&j.pass, path, &config->reading, config, err);
    if (status == EMG_OK)
        status = run(&j, err);
    if (n_channels)
        *n_channels = j.pass.n_fitting;
    emgp_rows_free(&j.rows);
    emgp_free(j.learnt);
    emgp_free(j.maxima);
    emgp_free(j.marks.mark);
    emgp_pass_close(&j.pass);
    return status;
}

emg_status emg_run_features(const char *path, const emg_run_config *config, const emg_feature_plan *plan,
                            emg_feature_take *take_row, void *context, size_t *n_channels, emg_error *err)
{
    err = emgp_fresh(err);
    return emgp_name_failure(err, path, run_features(path, config, plan, take_row, context, n_channels, err));
}
