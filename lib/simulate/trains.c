/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trains of many units: voluntary contractions with ramps, and the cramp that has none. */
#include <math.h>

#include "simulate/patterns.h"

static const double MARGIN_S = 0.3;

/* A drive that ramps up, holds with a slow wave of 5 %, and ramps down. */
typedef struct drive {
    double from_s, to_s, up_s, down_s, level, wave_s;
} drive;

static double drive_at(const drive *d, double t)
{
    if (t <= d->from_s || t >= d->to_s)
        return 0;
    double s, c;
    emgp_fixed_sincos(t / d->wave_s, &s, &c);
    return d->level * (1 + 0.05 * s) * fmin(1, fmin((t - d->from_s) / d->up_s, (d->to_s - t) / d->down_s));
}

/* Thresholds rise exponentially over the pool, so that most units join early (Fuglevand 1993). */
static double recruitment(size_t u, size_t n)
{
    return 0.02 + 0.88 * (emgp_fixed_exp(3 * (double)u / (double)n) - 1) / 19.085537;
}

/* One unit through a contraction: 8 firings a second at its threshold, 30 at most, Gaussian intervals. */
static void fire_unit(emgp_scene *scene, emgp_random *r, const emgp_pool *pool, size_t u, const drive *d)
{
    double threshold = recruitment(u, pool->n), cv = emgp_random_between(r, 0.15, 0.25), step = 0.002, t = d->from_s;
    while (t < d->to_s && drive_at(d, t) < threshold)
        t += step;
    t += emgp_random_between(r, 0, 0.06);
    while (t < d->to_s && scene->status == EMG_OK) {
        double now = drive_at(d, t);
        if (now < threshold)
            break;
        (void)emgp_scene_fire(scene, pool->channel, pool->first + u, t, emgp_random_within(r, 1, 0.08, 0.8, 1.2));
        double rate_hz = fmin(8 + 30 * (now - threshold), 30);
        t += emgp_random_within(r, 1, cv, 0.4, 1.6) / rate_hz;
    }
}

/* The episode from the first visible firing to the end of the last. */
static void add_train_episode(emgp_scene *scene, size_t channel, size_t first, emg_class trial_type)
{
    const emgp_scene_channel *c = &scene->channel[channel];
    if (scene->status != EMG_OK || first >= c->firings.n)
        return;
    double onset = INFINITY, end = -INFINITY;
    for (size_t i = first; i < c->firings.n; i++) {
        const emgp_firing *f = &c->firings.firing[i];
        const emgp_unit *u = &c->units[f->unit];
        double at = ((double)(f->start + (int64_t)u->lead) + (double)f->phase / EMGP_PHASES) / scene->rate_hz;
        onset = fmin(onset, at - u->before_s);
        end = fmax(end, at + u->after_s);
    }
    emg_truth truth = { .onset_s = onset,
                        .duration_s = end - onset,
                        .peak_s = onset,
                        .frequency_hz = NAN,
                        .count = c->firings.n - first,
                        .amplitude_uv = emgp_scene_typical(scene, channel, first, 0.1),
                        .channel = channel,
                        .trial_type = trial_type };
    emgp_scene_add_truth(scene, &truth);
}

void emgp_add_voluntary(emgp_scene *scene, const emgp_voluntary *plan)
{
    emgp_random r = emgp_scene_random(scene, plan->pools[0].channel, EMGP_FOR_COURSE);
    double end = fmin(plan->span.to_s, scene->duration_s - MARGIN_S);
    for (double t = plan->span.from_s; scene->status == EMG_OK;) {
        drive d = { .from_s = t,
                    .up_s = emgp_random_between(&r, 0.25, 0.7),
                    .down_s = emgp_random_between(&r, 0.2, 0.5),
                    .level = emgp_random_between(&r, plan->drive_least, plan->drive_most),
                    .wave_s = emgp_random_between(&r, 0.6, 2) };
        double length = emgp_random_between(&r, plan->least_s, plan->most_s);
        d.to_s = t + length;
        if (d.to_s > end)
            break;
        if (plan->annotation)
            emgp_scene_annotate(scene, t, length, plan->annotation);
        for (size_t p = 0; p < plan->n_pools; p++) {
            const emgp_pool *pool = &plan->pools[p];
            emgp_random firing = emgp_scene_random(scene, pool->channel, EMGP_FOR_FIRING);
            size_t first = scene->channel[pool->channel].firings.n;
            drive mine = d;
            mine.level *= p ? plan->coactivation : 1;
            for (size_t u = 0; u < pool->n; u++)
                fire_unit(scene, &firing, pool, u, &mine);
            add_train_episode(scene, pool->channel, first, EMG_TONIC);
        }
        t = d.to_s + emgp_random_between(&r, plan->rest_least_s, plan->rest_most_s);
    }
}

/* Minetto 2009: 14.5 firings a second, CV 0.45 (gamma intervals of shape 5), 4 % doublets; units join within 0.3 s and leave
 * over the last fifth. */
void emgp_add_cramp(emgp_scene *scene, emgp_pool pool, emgp_span span)
{
    emgp_random r = emgp_scene_random(scene, pool.channel, EMGP_FOR_FIRING);
    size_t first = scene->channel[pool.channel].firings.n;
    double to_s = fmin(span.to_s, scene->duration_s - MARGIN_S), length = to_s - span.from_s;
    for (size_t u = 0; u < pool.n && length > 1; u++) {
        double mean_s = 1 / emgp_random_within(&r, 14.5, 2.5, 8, 22),
               until = to_s - 0.2 * length * emgp_random_uniform(&r);
        if (u == 0)
            until = to_s;
        for (double t = span.from_s + emgp_random_between(&r, 0, 0.3); t < until && scene->status == EMG_OK;) {
            (void)emgp_scene_fire(scene, pool.channel, pool.first + u, t, emgp_random_within(&r, 1, 0.1, 0.7, 1.3));
            bool doublet = emgp_random_uniform(&r) < 0.04;
            t += doublet ? emgp_random_between(&r, 0.005, 0.010) : 0.004 + emgp_random_gamma(&r, 5, mean_s - 0.004);
        }
    }
    add_train_episode(scene, pool.channel, first, EMG_SPASM);
}
