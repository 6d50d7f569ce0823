/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Myoclonic jerks: many units once, in several muscles at once; and the shapes that bursts of units have. */
#include <math.h>

#include "simulate/patterns/patterns.h"

static const double SHAPE_S = 0.009; /* what the shapes of single units add to the length of a burst */
static const double MARGIN_S = 0.3;  /* kept clear before the recording's end */
static const double LEAST_S = 0.15;  /* between jerks */

double emgp_envelope_draw(emgp_random *r, double shape, double half)
{
    double u = emgp_random_uniform(r);
    switch ((emgp_envelope)(int)shape) {
    case EMGP_TRIANGLE: /* the difference of uniform numbers */
        return half * (u - emgp_random_uniform(r));
    case EMGP_COSINE: { /* a raised cosine, by rejection */
        double s, c, x = u;
        emgp_fixed_sincos(0.5 * (2 * x - 1), &s, &c);
        while (emgp_random_uniform(r) > 0.5 * (1 + c)) {
            x = emgp_random_uniform(r);
            emgp_fixed_sincos(0.5 * (2 * x - 1), &s, &c);
        }
        return half * (2 * x - 1);
    }
    case EMGP_EARLY: /* most at the beginning, then ever fewer: exponential with a quarter of the length, cut */
        return half * (fmin(-0.5 * emgp_fixed_log(1 - u * 0.98168436111126578), 2) - 1);
    default:
        return -half + (half + half) * u;
    }
}

void emgp_add_single(emgp_timeline *timeline, size_t channel, size_t first, emg_class trial_type)
{
    emgp_measure m = emgp_timeline_measure(timeline, channel, first);
    if (isnan(m.onset_s))
        return;
    emg_truth truth = { .onset_s = m.onset_s,
                        .duration_s = m.end_s - m.onset_s,
                        .peak_s = m.peak_s,
                        .amplitude_uv = m.peak_to_peak_uv,
                        .frequency_hz = NAN,
                        .count = 1,
                        .channel = channel,
                        .trial_type = trial_type };
    emgp_timeline_add_truth(timeline, &truth);
}

/* A jerk: a random part of the units, each once, spread over the burst's length less that of a single shape. */
static void fire_jerk(emgp_timeline *timeline, emgp_random *r, const emgp_pool *pool, const emgp_myoclonus_plan *plan,
                      double centre_s, double length_s)
{
    double half = 0.5 * fmax(length_s - SHAPE_S, 0.004), share = emgp_random_between(r, 0.4, 1), j = plan->jitter;
    size_t first = timeline->channel[pool->channel].firings.n;
    for (size_t u = 0; u < pool->n; u++) {
        if (emgp_random_uniform(r) > share)
            continue;
        double gain = emgp_random_within(r, 1, j, 1 - j * (8.0 / 3), 1 + j * (8.0 / 3));
        (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u,
                                 centre_s + emgp_envelope_draw(r, plan->burst_shape, half), gain);
    }
    emgp_add_single(timeline, pool->channel, first, EMG_MYOCLONUS);
}

/* The time to the next jerk. */
static double wait(emgp_random *r, const emgp_myoclonus_plan *plan)
{
    double mean = 60 / plan->per_min, cv = plan->regular_cv;
    if (plan->timing > 0.5)
        return fmax(mean * emgp_random_within(r, 1, cv, 1 - 2.5 * cv, 1 + 2.5 * cv), 0.02);
    return LEAST_S + emgp_random_exponential(r, fmax(mean - LEAST_S, 0.01));
}

void emgp_add_myoclonus(emgp_timeline *timeline, const emgp_group *group, const emgp_myoclonus_plan *plan)
{
    emgp_performers performers = emgp_group_performers(timeline, group);
    emgp_random r = emgp_timeline_random(timeline, group->channel[0], EMGP_FOR_COURSE);
    double end = fmin(emgp_timeline_span(timeline, &plan->when).to_s, timeline->duration_s - MARGIN_S);
    double burst_s = plan->burst_ms / 1000, sd_s = plan->burst_sd_ms / 1000;
    for (double t = plan->when.from_s + 0.2; timeline->status == EMG_OK;) {
        t += wait(&r, plan);
        if (t >= end)
            break;
        double delay = 0; /* down the body */
        for (size_t p = 0; p < group->n; p++) {
            double length = emgp_random_within(&r, burst_s, sd_s, 0.015, 4 * burst_s);
            fire_jerk(timeline, &r, &performers.pool[p], plan, t + delay, length);
            delay += emgp_random_between(&r, 0, plan->spread_ms / 1000 / (double)group->n);
        }
    }
    emgp_group_set_burst_snr(timeline, group, &performers, plan->burst_snr_db);
}
