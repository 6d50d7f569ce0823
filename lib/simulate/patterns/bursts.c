/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many units at once, again and again: the beats of clonus and tremor. */
#include <math.h>

#include "simulate/patterns/patterns.h"
#include "base/base.h"

static const double MARGIN_S = 0.3; /* kept clear before the recording's end, for the tail of a burst */

/* Beats of a pool as they came out. */
typedef struct burst_log {
    double *sizes, *times; /* peak to peak and centre of each beat */
    size_t n;
    double onset_s, end_s; /* of the whole */
} burst_log;

/* Room for the beats of an episode: when they are due, and how they came out. */
typedef struct beats {
    double *due_s, *sizes, *times;
    size_t room;
} beats;

static beats beats_new(emgp_timeline *timeline, size_t room)
{
    return (beats){ emgp_timeline_doubles(timeline, room), emgp_timeline_doubles(timeline, room),
                    emgp_timeline_doubles(timeline, room), room };
}

static void beats_free(beats *b)
{
    emgp_free(b->due_s);
    emgp_free(b->sizes);
    emgp_free(b->times);
}

static void log_burst(emgp_timeline *timeline, size_t channel, size_t first, double centre_s, burst_log *log)
{
    emgp_measure m = emgp_timeline_measure(timeline, channel, first);
    if (isnan(m.onset_s))
        return;
    if (log->n == 0)
        log->onset_s = m.onset_s;
    log->end_s = m.end_s;
    log->times[log->n] = centre_s;
    log->sizes[log->n++] = m.peak_to_peak_uv;
}

static void add_episode(emgp_timeline *timeline, size_t channel, burst_log *log, emg_class trial_type)
{
    if (log->n < 2 || timeline->status != EMG_OK)
        return;
    emg_truth truth = { .onset_s = log->onset_s,
                        .duration_s = log->end_s - log->onset_s,
                        .peak_s = log->onset_s,
                        .amplitude_uv = emgp_median(log->sizes, log->n),
                        .frequency_hz = (double)(log->n - 1) / (log->times[log->n - 1] - log->times[0]),
                        .count = log->n,
                        .times = log->times,
                        .channel = channel,
                        .trial_type = trial_type };
    emgp_timeline_add_truth(timeline, &truth);
}

/* What an episode of clonus has drawn for a channel. */
typedef struct clonus_burst {
    double spread_s, share;
} clonus_burst;

/* When a unit fires, about the middle of its burst: normal within 2.5 SD, or as an envelope of four SD says. */
static double draw_within_burst(emgp_random *r, double shape, double spread_s)
{
    return shape < 0.5 ? emgp_random_within(r, 0, spread_s, -2.5 * spread_s, 2.5 * spread_s)
                       : emgp_envelope_draw(r, shape - 1, 2 * spread_s);
}

/* One beat: of the units taking part most fire once, a few not at all or twice (Wallace 2005: 98, 1 and 1 %). */
static void fire_clonus_burst(emgp_timeline *timeline, emgp_random *r, const emgp_clonus_plan *plan,
                              const emgp_pool *pool, double centre_s, const clonus_burst *burst)
{
    size_t active = (size_t)ceil(burst->share * (double)pool->n);
    for (size_t u = 0; u < active; u++) {
        double chance = emgp_random_uniform(r);
        double t = centre_s + draw_within_burst(r, plan->burst_shape, burst->spread_s);
        double gain = emgp_random_within(r, 1, 0.1, 0.75, 1.25);
        if (chance >= plan->skip_share)
            (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u, t, gain);
        if (chance >= 1 - plan->twice_share)
            (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u, t + emgp_random_between(r, 0.012, 0.030),
                                     gain);
    }
}

/* Fills t[0..n) with beat times from 0. f(i) = f0 (1 - glide exp(-i / 3) - slowing exp(-(n - 1 - i) / 4)): slow at the
 * start, steady from the fifth beat, slower at the end (after Wallace 2012). */
static void clonus_beats(emgp_random *r, const emgp_clonus_plan *plan, double *t, size_t n)
{
    double f0 = emgp_random_within(r, 5.4, 0.9, 3.5, 8), cv = emgp_random_between(r, 0.04, 0.12);
    f0 = isnan(plan->rhythm_hz) ? f0 : plan->rhythm_hz;
    cv = isnan(plan->beat_cv) ? cv : plan->beat_cv;
    t[0] = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double early = emgp_fixed_exp(-(double)i / 3), late = emgp_fixed_exp(-(double)(n - 1 - i) / 4);
        double f = f0 * fmax(1 - plan->glide * early - plan->slowing * late, 0.1);
        t[i + 1] = t[i] + emgp_random_within(r, 1, cv, 1 - 2.5 * cv, 1 + 2.5 * cv) / f;
    }
}

static void fire_clonus_pool(emgp_timeline *timeline, const emgp_clonus_plan *plan, const emgp_pool *pool, beats *b,
                             size_t n, double start_s)
{
    emgp_random r = emgp_timeline_random(timeline, pool->channel, EMGP_FOR_FIRING);
    double spread_s = emgp_random_between(&r, 0.008, 0.015), decay = emgp_random_between(&r, 0, 0.45);
    spread_s = isnan(plan->spread_ms) ? spread_s : plan->spread_ms / 1000;
    decay = isnan(plan->decay) ? decay : plan->decay;
    burst_log log = { .sizes = b->sizes, .times = b->times };
    for (size_t i = 0; i < n && timeline->status == EMG_OK; i++) {
        size_t first = timeline->channel[pool->channel].firings.n;
        clonus_burst burst = { spread_s, 1 - decay * (double)i / (double)n };
        fire_clonus_burst(timeline, &r, plan, pool, start_s + b->due_s[i], &burst);
        log_burst(timeline, pool->channel, first, start_s + b->due_s[i], &log);
    }
    add_episode(timeline, pool->channel, &log, plan->told_as > 0.5 ? EMG_RHYTHMIC : EMG_CLONUS);
}

void emgp_add_clonus(emgp_timeline *timeline, const emgp_group *group, const emgp_clonus_plan *plan)
{
    emgp_performers performers = emgp_group_performers(timeline, group);
    emgp_random r = emgp_timeline_random(timeline, group->channel[0], EMGP_FOR_COURSE);
    beats b = beats_new(timeline, (size_t)fmax(plan->least_beats, plan->most_beats));
    double end = fmin(emgp_timeline_span(timeline, &plan->when).to_s, timeline->duration_s - MARGIN_S);
    double ratio = emgp_fixed_log(plan->most_beats / plan->least_beats);
    for (double t = plan->when.from_s; timeline->status == EMG_OK;) {
        size_t n = (size_t)(plan->least_beats * emgp_fixed_exp(ratio * emgp_random_uniform(&r)));
        clonus_beats(&r, plan, b.due_s, n);
        double start = t + 0.08; /* reflex latency 40 ms, then half a burst */
        while (n >= (size_t)plan->least_beats && start + b.due_s[n - 1] > end)
            n--;
        if (n < (size_t)plan->least_beats)
            break;
        if (*group->mark)
            emgp_timeline_annotate(timeline, t, start + b.due_s[n - 1] - t + 0.1, group->mark);
        for (size_t p = 0; p < group->n; p++)
            if (emgp_random_uniform(&r) < plan->presence.x[p])
                fire_clonus_pool(timeline, plan, &performers.pool[p], &b, n, start + plan->delay_ms.x[p] / 1000);
        t = start + b.due_s[n - 1] + emgp_random_between(&r, plan->rest_least_s, plan->rest_most_s);
    }
    emgp_group_set_burst_snr(timeline, group, &performers, plan->burst_snr_db);
    beats_free(&b);
}

static void fire_tremor_burst(emgp_timeline *timeline, emgp_random *r, const emgp_tremor_plan *plan,
                              const emgp_pool *pool, double centre_s, double half_s, double share)
{
    size_t active = (size_t)ceil(share * (double)pool->n);
    for (size_t u = 0; u < active; u++) {
        if (emgp_random_uniform(r) < plan->skip_share)
            continue;
        double t = centre_s + emgp_envelope_draw(r, plan->burst_shape, half_s);
        double gain = emgp_random_within(r, 1, 0.1, 0.75, 1.25);
        (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u, t, gain);
        double again = t + emgp_random_between(r, 0.018, 0.035); /* doublets and triplets are usual in tremor bursts */
        if (emgp_random_uniform(r) < plan->twice_share && again < centre_s + half_s)
            (void)emgp_timeline_fire(timeline, pool->channel, pool->first + u, again, gain);
    }
}

/* Beat times of a run: a rate that walks slowly, and jitter from beat to beat. Returns their number. */
static size_t tremor_beats(emgp_random *r, const emgp_tremor_plan *plan, double rate_hz, emgp_span span, beats *b)
{
    double wander = 0, most = fmax(0.1, 3 * plan->beat_cv);
    size_t n = 0;
    most = fmin(most, 0.9);
    for (double at = span.from_s; at < span.to_s && n < b->room; n++) {
        b->due_s[n] = at;
        wander = 0.95 * wander + plan->wander * emgp_random_normal(r);
        wander = fmin(fmax(wander, -0.5), 0.5);
        at += emgp_random_within(r, 1, plan->beat_cv, 1 - most, 1 + most) / (rate_hz * (1 + wander));
    }
    return n;
}

/* A run of tremor: its rate and where it lies. */
typedef struct tremor_run {
    double rate_hz;
    emgp_span span;
} tremor_run;

/* From the middle of a burst to its end, so that it fills `duty` of the period at half its height: a flat burst is as
 * long there as between its ends, a triangle and a raised cosine half as long. */
static double half_length(const emgp_tremor_plan *plan, double rate_hz)
{
    return (plan->burst_shape < 0.5 ? 0.5 : 1) * plan->duty / rate_hz;
}

static void fire_tremor_pool(emgp_timeline *timeline, const emgp_tremor_plan *plan, const tremor_run *run,
                             const emgp_pool *pool, double phase, beats *b, size_t n)
{
    emgp_random r = emgp_timeline_random(timeline, pool->channel, EMGP_FOR_FIRING);
    double swell_s = emgp_random_between(&r, 6, 20), swell = emgp_random_uniform(&r);
    burst_log log = { .sizes = b->sizes, .times = b->times };
    for (size_t i = 0; i < n && timeline->status == EMG_OK; i++) {
        double s, c, at = b->due_s[i] + phase / run->rate_hz;
        emgp_fixed_sincos(at / swell_s + swell, &s, &c); /* tremor waxes and wanes over seconds */
        size_t first = timeline->channel[pool->channel].firings.n;
        fire_tremor_burst(timeline, &r, plan, pool, at, half_length(plan, run->rate_hz),
                          1 - plan->swell + plan->swell * s);
        log_burst(timeline, pool->channel, first, at, &log);
    }
    add_episode(timeline, pool->channel, &log, plan->told_as > 0.5 ? EMG_RHYTHMIC : EMG_TREMOR);
}

static void add_run(emgp_timeline *timeline, const emgp_group *group, const emgp_tremor_plan *plan,
                    const emgp_pool *pools, tremor_run run)
{
    emgp_random r = emgp_timeline_random(timeline, group->channel[0], EMGP_FOR_COURSE);
    if (*group->mark)
        emgp_timeline_annotate(timeline, run.span.from_s, run.span.to_s - run.span.from_s, group->mark);
    run.span.to_s = fmin(run.span.to_s, timeline->duration_s - MARGIN_S - 1 / run.rate_hz);
    beats b = beats_new(timeline, (size_t)(fmax(run.span.to_s - run.span.from_s, 0) * run.rate_hz * 1.5) + 2);
    size_t n = timeline->status == EMG_OK ? tremor_beats(&r, plan, run.rate_hz, run.span, &b) : 0;
    for (size_t p = 0; p < group->n; p++)
        fire_tremor_pool(timeline, plan, &run, &pools[p], plan->phase.x[p], &b, n);
    beats_free(&b);
}

void emgp_add_tremor(emgp_timeline *timeline, const emgp_group *group, const emgp_tremor_plan *plan)
{
    emgp_performers performers = emgp_group_performers(timeline, group);
    emgp_random r = emgp_timeline_random(timeline, group->channel[0], EMGP_FOR_COURSE);
    emgp_span span = emgp_timeline_span(timeline, &plan->when);
    tremor_run run = { .rate_hz = emgp_random_within(&r, 5, 0.5, 4, 6.5) };
    run.rate_hz = isnan(plan->rhythm_hz) ? run.rate_hz : plan->rhythm_hz;
    double least = fmin(8, plan->run_least_s); /* a shorter rest of the recording stays quiet */
    for (double from = span.from_s; from + least < span.to_s && timeline->status == EMG_OK;) {
        double to = fmin(from + emgp_random_between(&r, plan->run_least_s, plan->run_most_s), span.to_s);
        run.span = (emgp_span){ from, to };
        add_run(timeline, group, plan, performers.pool, run);
        from = to + emgp_random_between(&r, plan->rest_least_s, plan->rest_most_s);
    }
    emgp_group_set_burst_snr(timeline, group, &performers, plan->burst_snr_db);
}
