/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marked stimuli: the artefact that each leaves and, a latency later, the response of the muscles. */
#include <math.h>

#include "simulate/patterns/patterns.h"
#include "base/base.h"

static const double MARGIN_S = 0.6; /* kept clear before the recording's end, for the latest response */

/* The stimulus on an electrode: a step that decays, told until it has fallen to 5 %. */
static void add_stimulus_artefact(emgp_timeline *timeline, size_t channel, const emgp_evoked_plan *plan, double time_s)
{
    double tau_s = plan->artefact_ms / 1000;
    if (!(plan->artefact_uv > 0))
        return;
    emgp_artefact a = { .from = (int64_t)floor(time_s * timeline->rate_hz),
                        .to = (int64_t)floor((time_s + 8 * tau_s) * timeline->rate_hz) + 1,
                        .kind = EMGP_A_POP,
                        .size_uv = plan->artefact_uv,
                        .tau_s = tau_s };
    emg_truth truth = { .onset_s = (double)a.from / timeline->rate_hz,
                        .duration_s = 3 * tau_s,
                        .peak_s = (double)a.from / timeline->rate_hz,
                        .amplitude_uv = plan->artefact_uv,
                        .frequency_hz = NAN,
                        .count = 1,
                        .channel = channel,
                        .trial_type = EMG_ARTIFACT };
    emgp_timeline_add_artefact(timeline, channel, &a);
    emgp_timeline_add_truth(timeline, &truth);
}

/* A response: a random part of the units, each once and almost together. */
static void respond(emgp_timeline *timeline, emgp_random *r, const emgp_pool *pool, const emgp_evoked_plan *plan,
                    double centre_s)
{
    size_t first = timeline->channel[pool->channel].firings.n;
    double share = emgp_random_between(r, plan->least_share, 1), sd = plan->spread_ms / 1000;
    for (size_t u = 0; u < pool->n; u++) {
        bool fires = u == 0 || emgp_random_uniform(r) < share; /* one at least, so that there is a response */
        double t = centre_s + emgp_random_within(r, 0, sd, -2.5 * sd, 2.5 * sd);
        if (fires)
            (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u, t, emgp_jittered(r, 0.1));
    }
    emgp_add_single(timeline, pool->channel, first, EMG_EVOKED);
}

/* When stimuli come; returns their number. */
static size_t draw_stimuli(emgp_random *r, const emgp_evoked_plan *plan, double end_s, double *due_s, size_t room)
{
    size_t n = 0;
    double cv = plan->interval_cv;
    for (double t = plan->when.from_s; t < end_s && n < room; n++) {
        due_s[n] = t;
        t += plan->interval_s * emgp_random_within(r, 1, cv, 1 - 2.5 * cv, 1 + 2.5 * cv);
    }
    return n;
}

static void answer(emgp_timeline *timeline, emgp_random *r, const emgp_group *group, const emgp_performers *performers,
                   const emgp_evoked_plan *plan, double stimulus_s)
{
    double sd_s = plan->latency_sd_ms / 1000;
    for (size_t p = 0; p < group->n; p++) {
        double latency = plan->latency_ms.x[p] / 1000 + emgp_random_within(r, 0, sd_s, -2.5 * sd_s, 2.5 * sd_s);
        if (emgp_random_uniform(r) < plan->response_share)
            respond(timeline, r, &performers->pool[p], plan, stimulus_s + fmax(latency, 0.001));
    }
}

void emgp_add_evoked(emgp_timeline *timeline, const emgp_group *group, const emgp_evoked_plan *plan)
{
    emgp_performers performers = emgp_group_performers(timeline, group);
    emgp_random r = emgp_timeline_random(timeline, group->channel[0], EMGP_FOR_COURSE);
    double end = fmin(emgp_timeline_span(timeline, &plan->when).to_s, timeline->duration_s - MARGIN_S);
    double least = plan->interval_s * (1 - 2.5 * plan->interval_cv);
    size_t room = (size_t)(fmax(end - plan->when.from_s, 0) / least) + 2;
    double *due_s = emgp_timeline_doubles(timeline, room);
    size_t n = due_s ? draw_stimuli(&r, plan, end, due_s, room) : 0;
    for (size_t i = 0; i < n && timeline->status == EMG_OK; i++) {
        if (*group->mark)
            emgp_timeline_annotate(timeline, due_s[i], 0, group->mark);
        answer(timeline, &r, group, &performers, plan, due_s[i]);
    }
    emgp_group_set_burst_snr(timeline, group, &performers, plan->burst_snr_db);
    for (size_t i = 0; i < n && timeline->status == EMG_OK; i++) /* behind, since their size is not the muscle's */
        for (size_t p = 0; p < group->n; p++)
            add_stimulus_artefact(timeline, group->channel[p], plan, due_s[i]);
    emgp_free(due_s);
}
