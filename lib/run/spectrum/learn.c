/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Surveys of all groups of a recording, and the maxima of one brought to the channels of another. */
#include "run/spectrum/spectrum.h"

#include <math.h>

#include <emg/analysis.h>

#include "base/base.h"
#include "run/run.h"

static emg_status make_survey(const emgp_pass *pass, emgp_pass_group *group, const emgp_learn_plan *plan,
                              emg_error *err)
{
    const emgp_survey_setup setup = { .config = &pass->config->analysis,
                                      .rate_hz = group->rate_hz,
                                      .low_hz = group->low_hz,
                                      .high_hz = group->high_hz,
                                      .n_channels = group->n_channels,
                                      .noise =
                                          plan->noise && emg_analysis_fits(&pass->config->analysis, group->rate_hz),
                                      .highest = plan->highest,
                                      .marks = plan->marks ? plan->marks->mark : NULL,
                                      .n_marks = plan->marks ? plan->marks->n : 0,
                                      .channels = group->index };
    emgp_survey *survey;
    emg_status status = emgp_survey_new(&survey, &setup, err);
    group->state = survey;
    return status;
}

static emg_status take_item(const emgp_pass *pass, const emgp_pass_item *item, const emgp_learn_plan *plan,
                            emg_error *err)
{
    emgp_pass_group *group = item->group;
    if (item->event == EMGP_PASS_FRAMES)
        return emgp_survey_push(group->state, item->x, item->n_frames, err);
    if (item->event == EMGP_PASS_ENDS)
        return emgp_survey_finish(group->state, err);
    emg_status status = group->state ? EMG_OK : make_survey(pass, group, plan, err);
    if (status == EMG_OK)
        emgp_survey_start(group->state, item->time_s);
    return status;
}

emg_status emgp_learn(emgp_survey_channel *channels, emgp_pass *pass, const emgp_learn_plan *plan, emg_error *err)
{
    emg_status status = EMG_OK;
    emgp_pass_item item;
    for (size_t i = 0; i < pass->n_channels; i++)
        channels[i] = (emgp_survey_channel){ NAN, NAN, NAN };
    while (status == EMG_OK && emgp_pass_next(pass, &item))
        status = take_item(pass, &item, plan, err);
    status = status ? status : pass->status;
    for (size_t g = 0; g < pass->n_groups; g++) {
        emgp_pass_group *group = pass->groups[g];
        for (size_t i = 0; status == EMG_OK && group->state && i < group->n_channels; i++)
            channels[group->index[i]] = emgp_survey_of(group->state, i);
        emgp_survey_free(group->state);
        group->state = NULL;
    }
    return status;
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

static emg_status match(double *maxima, emg_recording *recording, emgp_pass *other, const char *mvc_path,
                        emg_error *err)
{
    const emgp_learn_plan plan = { .highest = true };
    size_t n_found = 0, n_wanted = 0;
    emgp_survey_channel *channels = emgp_alloc(other->n_channels, sizeof *channels);
    emg_status status = channels ? emgp_learn(channels, other, &plan, err) : emgp_fail_memory(err);
    const emg_channel *channel;
    for (size_t i = 0; status == EMG_OK && (channel = emg_recording_channel(recording, i)); i++) {
        maxima[i] = maximum_for(channel, other->recording, channels);
        n_wanted += emgp_blocks_fit(channel, other->config);
        n_found += emgp_blocks_fit(channel, other->config) && !isnan(maxima[i]);
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
    emgp_pass other;
    emg_status status = emgp_pass_open(&other, mvc_path, &reading, config, err);
    if (status == EMG_OK)
        status = match(maxima, recording, &other, mvc_path, err);
    emgp_pass_close(&other);
    return status;
}
