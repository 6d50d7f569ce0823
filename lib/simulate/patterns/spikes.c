/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single discharges of single units: fasciculations in their timings, and the same without end. */
#include <math.h>

#include "base/base.h"
#include "simulate/patterns/patterns.h"

static const double DEAD_S = 0.010;  /* of discharges without end, so that each is separate from its neighbours */
static const double MARGIN_S = 0.05; /* kept clear at both ends of the recording */

emgp_span emgp_timeline_span(const emgp_timeline *timeline, const emgp_when *when)
{
    double to = isnan(when->to_s) ? timeline->duration_s
                : when->to_s < 0  ? timeline->duration_s + when->to_s
                                  : when->to_s;
    return (emgp_span){ when->from_s, fmin(to, timeline->duration_s) };
}

emg_truth emgp_discharge(const emgp_timeline *timeline, size_t channel, size_t unit, double time_s, double gain)
{
    const emgp_unit *u = &timeline->channel[channel].units[unit];
    return (emg_truth){ .onset_s = time_s - u->before_s,
                        .duration_s = u->before_s + u->after_s,
                        .peak_s = time_s,
                        .amplitude_uv = gain * u->amplitude_uv * u->peak_to_peak,
                        .frequency_hz = NAN,
                        .count = 1,
                        .channel = channel,
                        .unit = (uint32_t)unit + 1,
                        .trial_type = EMG_FASCICULATION };
}

double emgp_jittered(emgp_random *r, double jitter)
{
    return emgp_random_within(r, 1, jitter, 1 - 2.5 * jitter, 1 + 2.5 * jitter);
}

/* The units of a section, and what they are to do. */
typedef struct fasciculation {
    emgp_timeline *timeline;
    const emgp_fasciculation_plan *plan;
    size_t channel, first, n_units;
    double end_s;
    emgp_random r;
} fasciculation;

static size_t add_units(emgp_timeline *timeline, size_t channel, const emgp_fasciculation_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_UNITS);
    size_t first = timeline->channel[channel].n_units, n = (size_t)plan->units;
    for (size_t u = 0; u < n; u++) {
        size_t unit = emgp_timeline_draw_unit(timeline, channel, &r);
        double place = n > 1 ? 2 * (double)u / (double)(n - 1) - 1 : 0; /* -1 to 1 */
        if (plan->size_uv > 0)
            emgp_timeline_set_peak_to_peak(timeline, channel, unit,
                                           plan->size_uv * emgp_fixed_exp(0.4 * emgp_random_normal(&r)));
        else
            emgp_timeline_set_snr(timeline, channel, unit, plan->snr_db + plan->snr_spread_db * place);
    }
    return first;
}

static void fire(fasciculation *f, size_t unit, double time_s, double gain)
{
    double at = emgp_timeline_fire(f->timeline, f->channel, unit, time_s, gain);
    if (!isnan(at) && f->timeline->status == EMG_OK) {
        emg_truth truth = emgp_discharge(f->timeline, f->channel, unit, at, (double)(float)gain);
        emgp_timeline_add_truth(f->timeline, &truth);
    }
}

/* A discharge at t with what belongs to it: the F-wave's doublet, the unit that overlaps. Returns the last time. */
static double fire_with_companions(fasciculation *f, size_t unit, double t)
{
    const emgp_fasciculation_plan *plan = f->plan;
    fire(f, unit, t, emgp_jittered(&f->r, plan->jitter));
    if (plan->pair_share > 0 && f->n_units > 1 && emgp_random_uniform(&f->r) < plan->pair_share) {
        size_t other = f->first + (unit - f->first + 1 + emgp_random_below(&f->r, f->n_units - 1)) % f->n_units;
        t += emgp_random_between(&f->r, 0.25, 1) * plan->pair_ms / 1000;
        fire(f, other, t, emgp_jittered(&f->r, plan->jitter));
    }
    if (emgp_random_uniform(&f->r) < plan->doublet_share) {
        double mean = plan->doublet_ms / 1000;
        t += emgp_random_within(&f->r, mean, 0.003, mean - 0.005, mean + 0.005);
        fire(f, unit, t, emgp_jittered(&f->r, plan->jitter));
    }
    return t;
}

/* All units together, with a rate that swings slowly; `start` must lie clear of the recording's beginning. */
static void play_poisson(fasciculation *f, double start, double rate_hz)
{
    double swing_s = emgp_random_between(&f->r, 60, 200), swing = emgp_random_uniform(&f->r);
    double dead = f->plan->dead_ms / 1000, part = f->plan->rate_swing;
    for (double t = start; f->timeline->status == EMG_OK;) {
        double s, c;
        emgp_fixed_sincos(t / swing_s + swing, &s, &c);
        t += dead + emgp_random_exponential(&f->r, fmax(1 / (rate_hz * (1 + part * s)) - dead, 0));
        if (t >= f->end_s)
            break;
        size_t unit = f->first + emgp_random_below(&f->r, f->n_units);
        t = fire_with_companions(f, unit, t);
    }
}

/* Each unit by itself, gamma intervals; it runs some time before the beginning so that the beginning is not special. */
static void play_gamma(fasciculation *f, double start, double rate_hz)
{
    double dead = f->plan->dead_ms / 1000, mean = fmax((double)f->n_units / rate_hz, dead);
    for (size_t u = 0; u < f->n_units; u++)
        for (double t = start - 8 * mean * emgp_random_between(&f->r, 1, 2);
             t < f->end_s && f->timeline->status == EMG_OK;) {
            t += dead + emgp_random_gamma_real(&f->r, f->plan->gamma_shape, fmax(mean - dead, 1e-6));
            if (t >= start && t < f->end_s)
                t = fire_with_companions(f, f->first + u, t);
        }
}

/* Neyman and Scott: clusters at Poisson times, each of a Poisson number of discharges of one unit, exponentially delayed
 * behind its beginning. */
static void play_clusters(fasciculation *f, double start, double rate_hz)
{
    enum { MOST = 400 };
    double dead = f->plan->dead_ms / 1000, delays[MOST];
    double t = start - 5 * f->plan->cluster_s;
    while (f->timeline->status == EMG_OK) {
        t += emgp_random_exponential(&f->r, f->plan->cluster_count / rate_hz);
        if (t >= f->end_s)
            break;
        size_t n = 0, unit = f->first + emgp_random_below(&f->r, f->n_units);
        for (double sum = emgp_random_exponential(&f->r, 1); sum < f->plan->cluster_count && n < MOST; n++) {
            delays[n] = emgp_random_exponential(&f->r, f->plan->cluster_s);
            sum += emgp_random_exponential(&f->r, 1);
        }
        emgp_sort(delays, n);
        double last = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            double at = fmax(t + delays[i], last + dead);
            if (at >= start && at < f->end_s)
                at = fire_with_companions(f, unit, at);
            last = at;
        }
    }
}

void emgp_add_fasciculation(emgp_timeline *timeline, size_t channel, const emgp_fasciculation_plan *plan)
{
    fasciculation f = { .timeline = timeline,
                        .plan = plan,
                        .channel = channel,
                        .first = add_units(timeline, channel, plan),
                        .n_units = (size_t)plan->units };
    emgp_span span = emgp_timeline_span(timeline, &plan->when);
    f.r = emgp_timeline_random(timeline, channel, EMGP_FOR_FIRING);
    f.end_s = fmin(span.to_s, timeline->duration_s - MARGIN_S - 0.05);
    double rate_hz = plan->per_min / 60 / (1 + plan->doublet_share + (f.n_units > 1 ? plan->pair_share : 0));
    double start = fmax(span.from_s, MARGIN_S);
    if (plan->timing > 1.5)
        play_clusters(&f, start, rate_hz);
    else if (plan->timing > 0.5)
        play_gamma(&f, start, rate_hz);
    else
        play_poisson(&f, start, rate_hz);
}

void emgp_add_endless(emgp_timeline *timeline, size_t channel, const emgp_load_plan *load)
{
    emgp_fasciculation_plan plan = { .units = 4, .size_uv = NAN, .snr_db = load->snr_db, .snr_spread_db = 3 };
    add_units(timeline, channel, &plan);
}

/* A window begins with a guard longer than half a shape, so that a discharge begins in the window it belongs to. */
size_t emgp_window_discharges(const emgp_timeline *timeline, size_t channel, int64_t window, emgp_firing *firings,
                              emg_truth *truths)
{
    static const double GUARD_S = 0.020;
    const emgp_timeline_channel *c = &timeline->channel[channel];
    emgp_random r;
    emgp_random_start(&r, timeline->seed, channel | (uint64_t)EMGP_FOR_FIRING << 32, (uint64_t)window);
    double wait = fmax((1 - GUARD_S) / timeline->endless_hz - DEAD_S, 0.001), t = GUARD_S;
    double end = fmin(1, timeline->duration_s - (double)window - GUARD_S);
    size_t n = 0;
    for (t += emgp_random_exponential(&r, wait); t < end && n < EMGP_WINDOW_ROOM; n++) {
        size_t unit = emgp_random_below(&r, c->n_units);
        float gain = (float)emgp_jittered(&r, 0.08);
        int64_t sixteenths =
            window * (int64_t)(timeline->rate_hz * EMGP_PHASES) + (int64_t)(t * timeline->rate_hz * EMGP_PHASES);
        firings[n] = (emgp_firing){ .start = sixteenths / EMGP_PHASES - (int64_t)c->units[unit].lead,
                                    .gain = gain,
                                    .unit = (uint16_t)unit,
                                    .row = (uint8_t)(sixteenths % EMGP_PHASES) };
        if (truths)
            truths[n] = emgp_discharge(timeline, channel, unit, (double)sixteenths / (EMGP_PHASES * timeline->rate_hz),
                                       (double)gain);
        t += DEAD_S + emgp_random_exponential(&r, wait);
    }
    return n;
}
