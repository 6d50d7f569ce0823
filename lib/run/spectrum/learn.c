/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Surveys of all groups of a recording, and the maxima of one brought to the channels of another. */
#include "run/spectrum/spectrum.h"

#include <math.h>

#include "base/base.h"
#include "run/run.h"

typedef struct learner {
    emgp_survey_channel *channels;
    const emg_run_config *config;
    const emgp_learn_plan *plan;
} learner;

static emg_status make(void *context, emgp_pass_group *group, emg_error *err)
{
    const learner *l = context;
    const emgp_survey_setup setup = { .config = &l->config->analysis,
                                      .rate_hz = group->rate_hz,
                                      .low_hz = group->low_hz,
                                      .high_hz = group->high_hz,
                                      .n_channels = group->n_channels,
                                      .noise = l->plan->noise,
                                      .highest = l->plan->highest,
                                      .marks = l->plan->marks ? l->plan->marks->mark : NULL,
                                      .n_marks = l->plan->marks ? l->plan->marks->n : 0 };
    emgp_survey *survey;
    emg_status status = emgp_survey_new(&survey, &setup, err);
    group->state = survey;
    return status;
}

static emg_status start(void *context, emgp_pass_group *group, double start_s, emg_error *err)
{
    (void)context;
    (void)err;
    emgp_survey_start(group->state, start_s);
    return EMG_OK;
}

static emg_status take(void *context, emgp_pass_group *group, const float *x, size_t n_frames, emg_error *err)
{
    (void)context;
    return emgp_survey_push(group->state, x, n_frames, err);
}

static emg_status finish(void *context, emgp_pass_group *group, double end_s, emg_error *err)
{
    (void)context;
    (void)end_s;
    return emgp_survey_finish(group->state, err);
}

static emg_status end(void *context, emgp_pass_group *groups, size_t n, emg_error *err)
{
    const learner *l = context;
    (void)err;
    for (size_t g = 0; g < n; g++) {
        for (size_t channel = 0; groups[g].state && channel < groups[g].n_channels; channel++)
            l->channels[groups[g].index[channel]] = emgp_survey_of(groups[g].state, channel);
    }
    return EMG_OK;
}

static void release(emgp_pass_group *group)
{
    emgp_survey_free(group->state);
}

emg_status emgp_learn(emgp_survey_channel *channels, emg_recording *recording, emgp_qrs_times beats,
                      const emg_run_config *config, const emgp_learn_plan *plan, emg_error *err)
{
    learner l = { channels, config, plan };
    const emgp_pass_taker taker = {
        .context = &l, .make = make, .start = start, .take = take, .finish = finish, .end = end, .free = release
    };
    size_t n = emg_recording_get_facts(recording)->n_channels;
    for (size_t i = 0; i < n; i++)
        channels[i] = (emgp_survey_channel){ NAN, NAN, NAN };
    return emgp_pass_run(recording, beats, config, &taker, err);
}

/* The maximum among the channels of `other` that belong to a channel; NaN when none does. */
static double maximum_for(const emg_channel *channel, const emg_recording *other, const emgp_survey_channel *channels)
{
    double of_muscle = NAN;
    const emg_channel *c;
    for (size_t i = 0; (c = emg_recording_channel(other, i)); i++) {
        if ((c->to_uv > 0) != (channel->to_uv > 0) || isnan(channels[i].highest))
            continue;
        if (emgp_text_same(c->name, channel->name))
            return channels[i].highest;
        if (*channel->muscle && emgp_text_same(c->muscle, channel->muscle) && !(channels[i].highest <= of_muscle))
            of_muscle = channels[i].highest;
    }
    return of_muscle;
}

static emg_status match(double *maxima, emg_recording *recording, emg_recording *other, emgp_qrs_times beats,
                        const emg_run_config *config, const char *mvc_path, emg_error *err)
{
    const emgp_learn_plan plan = { .highest = true };
    size_t n = emg_recording_get_facts(other)->n_channels, n_found = 0, n_wanted = 0;
    emgp_survey_channel *channels = emgp_alloc(n, sizeof *channels);
    emg_status status = channels ? emgp_learn(channels, other, beats, config, &plan, err) : emgp_fail_memory(err);
    const emg_channel *channel;
    for (size_t i = 0; status == EMG_OK && (channel = emg_recording_channel(recording, i)); i++) {
        maxima[i] = maximum_for(channel, other, channels);
        n_wanted += emgp_pass_fits(channel, config);
        n_found += emgp_pass_fits(channel, config) && !isnan(maxima[i]);
    }
    emgp_free(channels);
    if (status == EMG_OK && n_found == 0 && n_wanted > 0)
        return emgp_fail(err, EMG_EARG, "no channel of the recording has its name or its muscle in %.160s", mvc_path);
    return status;
}

emg_status emgp_learn_maxima(double *maxima, emg_recording *recording, const char *mvc_path,
                             const emg_run_config *config, emg_error *err)
{
    emg_reading reading = config->reading, whole = emg_reading_defaults();
    reading.from_s = whole.from_s;
    reading.to_s = whole.to_s;
    reading.from_clock = reading.to_clock = false;
    reading.n_within = reading.n_without = reading.n_channels = 0;
    reading.all_channels = true; /* names decide, not what is selected of the other recording */
    reading.raw_only = true;
    emg_recording *other;
    emg_status status = emg_recording_open(&other, mvc_path, &reading, err);
    if (status)
        return status;
    emgp_ecg_channel ecg_channel = { .n = 0 };
    status = emgp_ecg_channel_read(&ecg_channel, mvc_path, &reading, other, config, err);
    if (status == EMG_OK)
        status = match(maxima, recording, other, emgp_ecg_channel_qrs(&ecg_channel), config, mvc_path, err);
    emgp_ecg_channel_free(&ecg_channel);
    emg_recording_close(other);
    return status;
}
