/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trains of many units: contractions with ramps, the cramp that has none, and the weak floor that never ends. */
#include <math.h>

#include "simulate/patterns/patterns.h"
#include "base/base.h"

static const double MARGIN_S = 0.3; /* kept clear before the recording's end */
static const double STEP_S = 0.002; /* of the search for the moment at which a unit joins */

/* A drive that rises, holds with a slow wave of 5 %, and falls. */
typedef struct drive {
    double from_s, to_s, up_s, down_s, level, wave_s;
    bool cosine;
    const double *common; /* factors every COMMON_S from from_s on; NULL: none */
} drive;

static const double COMMON_S = 0.02;

/* The wandering that all units share: noise through a low-pass at 1 Hz with that SD, around 1 (common drive, De Luca
 * 1982). */
static double *draw_common(emgp_timeline *timeline, emgp_random *r, double length_s, double sd)
{
    size_t n = (size_t)(length_s / COMMON_S) + 2;
    double *factor = emgp_timeline_doubles(timeline, n), keep = emgp_fixed_exp(-COMMON_S * 2 * PI), y = 0;
    for (size_t i = 0; factor && i < n; i++) {
        y = keep * y + sqrt(1 - keep * keep) * emgp_random_normal(r);
        factor[i] = fmax(1 + sd * y, 0.05);
    }
    return factor;
}

static double drive_at(const drive *d, double t)
{
    if (t <= d->from_s || t >= d->to_s)
        return 0;
    double s, c, ramp = fmin(1, fmin((t - d->from_s) / d->up_s, (d->to_s - t) / d->down_s));
    if (d->cosine) {
        emgp_fixed_sincos(0.5 * ramp, &s, &c);
        ramp = 0.5 * (1 - c);
    }
    emgp_fixed_sincos(t / d->wave_s, &s, &c);
    ramp *= d->common ? d->common[(size_t)((t - d->from_s) / COMMON_S)] : 1;
    return d->level * (1 + 0.05 * s) * ramp;
}

/* Thresholds rise exponentially over the pool, so that most units join early (Fuglevand 1993). */
static double recruitment(size_t u, size_t n, double last)
{
    return 0.02 + (last - 0.02) * (emgp_fixed_exp(3 * (double)u / (double)n) - 1) / 19.085537;
}

/* An interval with mean 1. */
static double interval(emgp_random *r, const emgp_tonic_plan *plan, double cv)
{
    double most = fmax(0.6, 2.4 * cv);
    return plan->intervals > 0.5 ? fmin(fmax(emgp_random_gamma_real(r, 1 / (cv * cv), 1), 0.2), 3)
                                 : emgp_random_within(r, 1, cv, 1 - fmin(most, 0.9), 1 + most);
}

/* Units fire unsteadily near their threshold; that is gone a tenth of the full drive beyond it. */
static double unsteadiness(const emgp_tonic_plan *plan, double beyond)
{
    return plan->onset_cv > 0 ? plan->onset_cv * emgp_fixed_exp(-beyond / 0.03) : 0;
}

/* One unit through a contraction: onset_hz at its threshold, faster with the drive beyond it, up to peak_hz. */
static void fire_unit(emgp_timeline *timeline, emgp_random *r, const emgp_tonic_plan *plan, const emgp_pool *pool,
                      size_t u, const drive *d)
{
    double threshold = recruitment(u, pool->n, plan->last_threshold), t = d->from_s;
    double cv = emgp_random_between(r, plan->cv_least, plan->cv_most);
    /* A unit that has not joined after the ramp and a whole wave never will. */
    double last = d->common ? d->to_s : fmin(d->to_s, d->from_s + d->up_s + 2 * d->wave_s);
    while (t < last && drive_at(d, t) < threshold)
        t += STEP_S;
    emgp_timeline_work(timeline, 1 + (size_t)((t - d->from_s) / STEP_S) / 8);
    if (t >= last)
        t = d->to_s;
    t += emgp_random_between(r, 0, 0.06);
    while (t < d->to_s && timeline->status == EMG_OK) {
        double now = drive_at(d, t);
        if (now < threshold)
            break;
        (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u, t, emgp_random_within(r, 1, 0.08, 0.8, 1.2));
        double rate_hz = fmin(plan->onset_hz + plan->gain_hz * (now - threshold), plan->peak_hz);
        t += interval(r, plan, cv + unsteadiness(plan, now - threshold)) / rate_hz;
    }
}

/* The episode from the first visible firing to the end of the last. */
static void add_train_episode(emgp_timeline *timeline, size_t channel, size_t first, emg_class trial_type)
{
    const emgp_timeline_channel *c = &timeline->channel[channel];
    if (timeline->status != EMG_OK || first >= c->firings.n)
        return;
    double onset = INFINITY, end = -INFINITY, *times = emgp_timeline_doubles(timeline, c->firings.n - first);
    for (size_t i = first; times && i < c->firings.n; i++) {
        const emgp_unit *u = &c->units[c->firings.firing[i].unit];
        double at = times[i - first] = emgp_firing_time(timeline, channel, &c->firings.firing[i]);
        onset = fmin(onset, at - u->before_s);
        end = fmax(end, at + u->after_s);
    }
    emg_truth truth = { .onset_s = fmax(onset, 0),
                        .duration_s = fmin(end, timeline->duration_s) - fmax(onset, 0),
                        .peak_s = fmax(onset, 0),
                        .frequency_hz = NAN,
                        .count = c->firings.n - first,
                        .times = times,
                        .amplitude_uv = emgp_timeline_typical(timeline, channel, first, 0.1),
                        .channel = channel,
                        .trial_type = trial_type };
    if (times)
        emgp_sort(times, truth.count);
    emgp_timeline_add_truth(timeline, &truth);
    emgp_free(times);
}

static void contract(emgp_timeline *timeline, const emgp_tonic_plan *plan, const emgp_pool *pool, const drive *d)
{
    emgp_random firing = emgp_timeline_random(timeline, pool->channel, EMGP_FOR_FIRING);
    size_t first = timeline->channel[pool->channel].firings.n;
    for (size_t u = 0; u < pool->n; u++)
        fire_unit(timeline, &firing, plan, pool, u, d);
    add_train_episode(timeline, pool->channel, first, EMG_TONIC);
}

void emgp_add_tonic(emgp_timeline *timeline, const emgp_group *group, const emgp_tonic_plan *plan)
{
    emgp_performers performers = emgp_group_performers(timeline, group);
    emgp_random r = emgp_timeline_random(timeline, group->channel[0], EMGP_FOR_COURSE);
    double end = fmin(emgp_timeline_span(timeline, &plan->when).to_s, timeline->duration_s - MARGIN_S);
    for (double t = plan->when.from_s; timeline->status == EMG_OK;) {
        drive d = { .from_s = t,
                    .up_s = emgp_random_between(&r, plan->up_least_s, plan->up_most_s),
                    .down_s = emgp_random_between(&r, plan->down_least_s, plan->down_most_s),
                    .level = emgp_random_between(&r, plan->drive_least, plan->drive_most),
                    .wave_s = emgp_random_between(&r, 0.6, 2),
                    .cosine = plan->ramp > 0.5 };
        double length = emgp_random_between(&r, plan->least_s, plan->most_s);
        d.to_s = t + length;
        if (d.to_s > end)
            break;
        if (*group->mark)
            emgp_timeline_annotate(timeline, t, length, group->mark);
        double *common = plan->common_share > 0 ? draw_common(timeline, &r, length, plan->common_share) : NULL;
        d.common = common;
        for (size_t p = 0; p < group->n; p++) {
            drive mine = d;
            mine.level *= p ? plan->coactivation : 1;
            contract(timeline, plan, &performers.pool[p], &mine);
        }
        emgp_free(common);
        t = d.to_s + emgp_random_between(&r, plan->rest_least_s, plan->rest_most_s);
    }
    emgp_group_set_burst_snr(timeline, group, &performers, plan->burst_snr_db);
}

/* One cramp (Minetto 2009: 14.5 firings a second, CV 0.45, 4 % doublets): units join at once and leave over its last
 * part. */
static void cramp(emgp_timeline *timeline, const emgp_pool *pool, const emgp_spasm_plan *plan, emgp_span span)
{
    emgp_random r = emgp_timeline_random(timeline, pool->channel, EMGP_FOR_FIRING);
    size_t first = timeline->channel[pool->channel].firings.n;
    double to_s = fmin(span.to_s, timeline->duration_s - MARGIN_S), length = to_s - span.from_s;
    for (size_t u = 0; u < pool->n && length > 1; u++) {
        double mean_s = 1 / emgp_random_within(&r, plan->firing_hz, plan->firing_sd_hz, 8, 22),
               until = to_s - plan->leave_share * length * emgp_random_uniform(&r);
        if (u == 0)
            until = to_s;
        for (double t = span.from_s + emgp_random_between(&r, 0, plan->join_s);
             t < until && timeline->status == EMG_OK;) {
            (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u, t,
                                     emgp_random_within(&r, 1, 0.1, 0.7, 1.3));
            bool doublet = emgp_random_uniform(&r) < plan->doublet_share;
            t += doublet ? emgp_random_between(&r, 0.005, 0.010)
                         : 0.004 + emgp_random_gamma_real(&r, plan->gamma_shape, mean_s - 0.004);
        }
    }
    add_train_episode(timeline, pool->channel, first, plan->told_as > 0.5 ? EMG_TONIC : EMG_SPASM);
}

void emgp_add_spasm(emgp_timeline *timeline, size_t channel, const char *mark, const emgp_spasm_plan *plan)
{
    emgp_pool pool = emgp_timeline_pool(timeline, channel);
    emgp_bookmark before = emgp_timeline_bookmark(timeline, channel);
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_COURSE);
    emgp_span span = emgp_timeline_span(timeline, &plan->when);
    double least = fmin(11, 0.45 * plan->length_s); /* what is left after it stays quiet */
    for (double from = span.from_s; from + least < span.to_s && timeline->status == EMG_OK;) {
        double to =
            from + emgp_random_within(&r, plan->length_s, plan->length_sd_s, 0.42372881355932204 * plan->length_s,
                                      1.9067796610169492 * plan->length_s);
        if (*mark)
            emgp_timeline_annotate(timeline, from, fmin(to, span.to_s) - from, mark);
        cramp(timeline, &pool, plan, (emgp_span){ from, fmin(to, span.to_s) });
        from = to + emgp_random_between(&r, plan->rest_least_s, plan->rest_most_s);
    }
    emgp_timeline_set_burst_snr(timeline, channel, before, plan->burst_snr_db);
}

void emgp_add_floor(emgp_timeline *timeline, size_t channel, const emgp_floor_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_FIRING);
    emgp_bookmark before = emgp_timeline_bookmark(timeline, channel);
    emgp_span span = emgp_timeline_span(timeline, &plan->when);
    for (size_t u = 0; u < (size_t)plan->units; u++) {
        size_t unit = emgp_timeline_draw_unit(timeline, channel, &r);
        emgp_timeline_set_peak_to_peak(timeline, channel, unit, 10 * emgp_fixed_exp(0.4 * emgp_random_normal(&r)));
        double mean = 1 / (plan->firing_hz * emgp_random_between(&r, 0.8, 1.2));
        double t = span.from_s + mean * emgp_random_uniform(&r);
        for (; t < span.to_s && timeline->status == EMG_OK; t += mean * emgp_random_within(&r, 1, plan->cv, 0.3, 2.5))
            (void)emgp_timeline_fire(timeline, channel, unit, t, emgp_jittered(&r, 0.08));
    }
    if (plan->told > 0.5)
        add_train_episode(timeline, channel, before.firing, EMG_TONIC);
    emgp_timeline_set_level(timeline, channel, before, span.to_s - span.from_s, plan->level_sigma);
}
