/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many units at once: the beats of clonus and tremor, and myoclonic jerks. */
#include <math.h>

#include "simulate/patterns.h"
#include "base/memory.h"

static const double SHAPE_S = 0.009; /* what the shapes of single units add to the length of a burst */
static const double MARGIN_S = 0.3;  /* kept clear before the recording's end, for the tail of a burst */

emgp_pool emgp_add_pool(emgp_scene *scene, size_t channel, size_t n, double median_uv)
{
    emgp_random r = emgp_scene_random(scene, channel, EMGP_FOR_UNITS);
    emgp_pool pool = { channel, scene->channel[channel].n_units, n };
    for (size_t u = 0; u < n; u++) {
        emgp_shape shape = emgp_shape_surface(&r);
        size_t unit = emgp_scene_add_unit(scene, channel, &shape);
        /* Largest to smallest 12 : 1 by size, times a log-normal factor for the depth. */
        double size = 2.4849066 * ((double)u / (double)(n > 1 ? n - 1 : 1) - 0.5) + 0.35 * emgp_random_normal(&r);
        emgp_scene_set_peak_to_peak(scene, channel, unit, median_uv * emgp_fixed_exp(size));
    }
    return pool;
}

/* The sum and difference of uniform numbers: a triangle over [-1, 1], close to a raised cosine. */
static double triangular(emgp_random *r)
{
    return emgp_random_uniform(r) - emgp_random_uniform(r);
}

/* A beat of a pool as it came out. */
typedef struct beat_log {
    double *sizes; /* peak to peak of each beat */
    size_t n;
    double onset_s, end_s, first_s, last_s; /* of the whole; centres of the first and last beat */
} beat_log;

static void log_beat(emgp_scene *scene, size_t channel, size_t first, double centre_s, beat_log *log)
{
    emgp_measure m = emgp_scene_measure(scene, channel, first);
    if (isnan(m.onset_s))
        return;
    if (log->n == 0) {
        log->onset_s = m.onset_s;
        log->first_s = centre_s;
    }
    log->end_s = m.end_s;
    log->last_s = centre_s;
    log->sizes[log->n++] = m.peak_to_peak_uv;
}

static void add_episode(emgp_scene *scene, size_t channel, beat_log *log, emg_class trial_type)
{
    if (log->n < 2 || scene->status != EMG_OK)
        return;
    emg_truth truth = { .onset_s = log->onset_s,
                        .duration_s = log->end_s - log->onset_s,
                        .peak_s = log->onset_s,
                        .amplitude_uv = emgp_scene_median(log->sizes, log->n),
                        .frequency_hz = (double)(log->n - 1) / (log->last_s - log->first_s),
                        .count = log->n,
                        .channel = channel,
                        .trial_type = trial_type };
    emgp_scene_add_truth(scene, &truth);
}

/* One beat of clonus: of the units taking part 1 % pause and 1 % fire twice; the rest fires once (Wallace 2005). */
static void fire_clonus_beat(emgp_scene *scene, emgp_random *r, const emgp_pool *pool, double centre_s, double spread_s,
                             double share)
{
    size_t active = (size_t)ceil(share * (double)pool->n);
    for (size_t u = 0; u < active; u++) {
        double chance = emgp_random_uniform(r);
        double t = centre_s + emgp_random_within(r, 0, spread_s, -2.5 * spread_s, 2.5 * spread_s);
        double gain = emgp_random_within(r, 1, 0.1, 0.75, 1.25);
        if (chance >= 0.01)
            (void)emgp_scene_fire(scene, pool->channel, pool->first + u, t, gain);
        if (chance >= 0.99)
            (void)emgp_scene_fire(scene, pool->channel, pool->first + u, t + emgp_random_between(r, 0.012, 0.030),
                                  gain);
    }
}

/* Fills t[0..n) with beat times from 0. f(i) = f0 (1 - 0.25 exp(-i / 3) - 0.2 exp(-(n - 1 - i) / 4)): slow at the start,
 * steady from the fifth beat, slower at the end (after Wallace 2012). */
static void clonus_beats(emgp_random *r, double *t, size_t n)
{
    double f0 = emgp_random_within(r, 5.4, 0.9, 3.5, 8), cv = emgp_random_between(r, 0.04, 0.12);
    t[0] = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double early = emgp_fixed_exp(-(double)i / 3), late = emgp_fixed_exp(-(double)(n - 1 - i) / 4);
        double f = f0 * (1 - 0.25 * early - 0.2 * late);
        t[i + 1] = t[i] + emgp_random_within(r, 1, cv, 1 - 2.5 * cv, 1 + 2.5 * cv) / f;
    }
}

static void fire_clonus_pool(emgp_scene *scene, const emgp_pool *pool, const double *beat_s, size_t n, double start_s,
                             double *sizes)
{
    emgp_random r = emgp_scene_random(scene, pool->channel, EMGP_FOR_FIRING);
    double spread_s = emgp_random_between(&r, 0.008, 0.015), decay = emgp_random_between(&r, 0, 0.45);
    beat_log log = { .sizes = sizes };
    for (size_t i = 0; i < n && scene->status == EMG_OK; i++) {
        size_t first = scene->channel[pool->channel].firings.n;
        double share = 1 - decay * (double)i / (double)n;
        fire_clonus_beat(scene, &r, pool, start_s + beat_s[i], spread_s, share);
        log_beat(scene, pool->channel, first, start_s + beat_s[i], &log);
    }
    add_episode(scene, pool->channel, &log, EMG_CLONUS);
}

void emgp_add_clonus(emgp_scene *scene, const emgp_clonus *plan)
{
    emgp_random r = emgp_scene_random(scene, plan->pools[0].channel, EMGP_FOR_COURSE);
    double *beat_s = emgp_scene_doubles(scene, plan->most_beats), *sizes = emgp_scene_doubles(scene, plan->most_beats);
    double end = fmin(plan->span.to_s, scene->duration_s - MARGIN_S), ratio = (double)plan->most_beats;
    ratio = emgp_fixed_log(ratio / (double)plan->least_beats);
    for (double t = plan->span.from_s; scene->status == EMG_OK;) {
        size_t n = (size_t)((double)plan->least_beats * emgp_fixed_exp(ratio * emgp_random_uniform(&r)));
        clonus_beats(&r, beat_s, n);
        double start = t + 0.08; /* reflex latency 40 ms, then half a burst */
        while (n >= plan->least_beats && start + beat_s[n - 1] > end)
            n--;
        if (n < plan->least_beats)
            break;
        emgp_scene_annotate(scene, t, start + beat_s[n - 1] - t + 0.1, "stretch");
        for (size_t p = 0; p < plan->n_pools; p++)
            if (emgp_random_uniform(&r) < plan->presence[p])
                fire_clonus_pool(scene, &plan->pools[p], beat_s, n, start + plan->delay_s[p], sizes);
        t = start + beat_s[n - 1] + emgp_random_between(&r, plan->rest_least_s, plan->rest_most_s);
    }
    emgp_free(beat_s);
    emgp_free(sizes);
}

static void fire_tremor_beat(emgp_scene *scene, emgp_random *r, const emgp_pool *pool, double centre_s, double width_s,
                             double share)
{
    size_t active = (size_t)ceil(share * (double)pool->n);
    for (size_t u = 0; u < active; u++) {
        if (emgp_random_uniform(r) < 0.12)
            continue;
        double t = centre_s + 0.5 * width_s * triangular(r), gain = emgp_random_within(r, 1, 0.1, 0.75, 1.25);
        (void)emgp_scene_fire(scene, pool->channel, pool->first + u, t, gain);
        double again = t + emgp_random_between(r, 0.018, 0.035); /* doublets and triplets are usual in tremor bursts */
        if (emgp_random_uniform(r) < 0.5 && again < centre_s + 0.5 * width_s)
            (void)emgp_scene_fire(scene, pool->channel, pool->first + u, again, gain);
    }
}

/* Beat times of a run: a rate that wanders slowly by about 4 %, 3 % jitter from beat to beat. Returns their number. */
static size_t tremor_beats(emgp_random *r, double rate_hz, emgp_span span, double *t, size_t room)
{
    double wander = 0;
    size_t n = 0;
    for (double at = span.from_s; at < span.to_s && n < room; n++) {
        t[n] = at;
        wander = 0.95 * wander + 0.012 * emgp_random_normal(r);
        at += emgp_random_within(r, 1, 0.03, 0.9, 1.1) / (rate_hz * (1 + wander));
    }
    return n;
}

static void fire_tremor_pool(emgp_scene *scene, const emgp_tremor *plan, size_t p, const double *beat_s, size_t n,
                             double *sizes)
{
    const emgp_pool *pool = &plan->pools[p];
    emgp_random r = emgp_scene_random(scene, pool->channel, EMGP_FOR_FIRING);
    double swell_s = emgp_random_between(&r, 6, 20), swell = emgp_random_uniform(&r);
    beat_log log = { .sizes = sizes };
    for (size_t i = 0; i < n && scene->status == EMG_OK; i++) {
        double s, c, at = beat_s[i] + plan->phase[p] / plan->rate_hz;
        emgp_fixed_sincos(at / swell_s + swell, &s, &c); /* tremor waxes and wanes over seconds */
        size_t first = scene->channel[pool->channel].firings.n;
        fire_tremor_beat(scene, &r, pool, at, 2 * plan->duty / plan->rate_hz, 0.8 + 0.2 * s);
        log_beat(scene, pool->channel, first, at, &log);
    }
    add_episode(scene, pool->channel, &log, EMG_TREMOR);
}

void emgp_add_tremor(emgp_scene *scene, const emgp_tremor *plan)
{
    emgp_random r = emgp_scene_random(scene, plan->pools[0].channel, EMGP_FOR_COURSE);
    emgp_span span = { plan->span.from_s, fmin(plan->span.to_s, scene->duration_s - MARGIN_S - 1 / plan->rate_hz) };
    size_t room = (size_t)(fmax(span.to_s - span.from_s, 0) * plan->rate_hz * 1.5) + 2;
    double *beat_s = emgp_scene_doubles(scene, room), *sizes = emgp_scene_doubles(scene, room);
    size_t n = scene->status == EMG_OK ? tremor_beats(&r, plan->rate_hz, span, beat_s, room) : 0;
    for (size_t p = 0; p < plan->n_pools; p++)
        fire_tremor_pool(scene, plan, p, beat_s, n, sizes);
    emgp_free(beat_s);
    emgp_free(sizes);
}

/* A jerk: a random part of the units, each once, spread over the burst's length less that of a single shape. */
static void fire_jerk(emgp_scene *scene, emgp_random *r, const emgp_pool *pool, double centre_s, double length_s)
{
    double half = 0.5 * fmax(length_s - SHAPE_S, 0.004), share = emgp_random_between(r, 0.4, 1);
    size_t first = scene->channel[pool->channel].firings.n;
    for (size_t u = 0; u < pool->n; u++) {
        if (emgp_random_uniform(r) > share)
            continue;
        double gain = emgp_random_within(r, 1, 0.15, 0.6, 1.4);
        (void)emgp_scene_fire(scene, pool->channel, pool->first + u, centre_s + emgp_random_between(r, -half, half),
                              gain);
    }
    emgp_measure m = emgp_scene_measure(scene, pool->channel, first);
    if (isnan(m.onset_s))
        return;
    emg_truth truth = { .onset_s = m.onset_s,
                        .duration_s = m.end_s - m.onset_s,
                        .peak_s = m.peak_s,
                        .amplitude_uv = m.peak_to_peak_uv,
                        .frequency_hz = NAN,
                        .count = 1,
                        .channel = pool->channel,
                        .trial_type = EMG_MYOCLONUS };
    emgp_scene_add_truth(scene, &truth);
}

void emgp_add_myoclonus(emgp_scene *scene, const emgp_myoclonus *plan)
{
    emgp_random r = emgp_scene_random(scene, plan->pools[0].channel, EMGP_FOR_COURSE);
    double end = fmin(plan->span.to_s, scene->duration_s - MARGIN_S);
    for (double t = plan->span.from_s + 0.2; scene->status == EMG_OK;) {
        t += 0.15 + emgp_random_exponential(&r, fmax(60 / plan->per_min - 0.15, 0.01));
        if (t >= end)
            break;
        double delay = 0; /* down the body, 15 ms at most in all */
        for (size_t p = 0; p < plan->n_pools; p++) {
            double length = emgp_random_within(&r, plan->burst_s, plan->burst_sd_s, 0.015, 0.12);
            fire_jerk(scene, &r, &plan->pools[p], t + delay, length);
            delay += emgp_random_between(&r, 0, 0.015 / (double)plan->n_pools);
        }
    }
}
