/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns of single units: fasciculations, a regular unit, myokymic groups, and the heart. */
#include <assert.h>
#include <math.h>

#include "simulate/patterns.h"

static const double DEAD_S = 0.010;  /* of the generator, so that every discharge can be told from its neighbours */
static const double MARGIN_S = 0.05; /* kept clear at both ends of the recording */

static emgp_shape draw_shape(const emgp_scene *scene, size_t channel, emgp_random *r)
{
    bool needle = scene->channel[channel].band.amplifier_high_hz > 1000;
    return needle ? emgp_shape_needle(r) : emgp_shape_surface(r);
}

static emg_truth discharge(const emgp_scene *scene, size_t channel, size_t unit, double time_s, double gain)
{
    const emgp_unit *u = &scene->channel[channel].units[unit];
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

static double jittered(emgp_random *r, double jitter)
{
    return emgp_random_within(r, 1, jitter, 1 - 2.5 * jitter, 1 + 2.5 * jitter);
}

static double fire_discharge(emgp_scene *scene, size_t channel, size_t unit, double time_s, double gain)
{
    double at = emgp_scene_fire(scene, channel, unit, time_s, gain);
    if (!isnan(at)) {
        emg_truth truth = discharge(scene, channel, unit, at, (double)(float)gain);
        emgp_scene_add_truth(scene, &truth);
    }
    return at;
}

static size_t add_fasciculating_units(emgp_scene *scene, size_t channel, const emgp_fasciculation *plan)
{
    emgp_random r = emgp_scene_random(scene, channel, EMGP_FOR_UNITS);
    size_t first = scene->channel[channel].n_units;
    for (size_t u = 0; u < plan->n_units; u++) {
        emgp_shape shape = draw_shape(scene, channel, &r);
        size_t unit = emgp_scene_add_unit(scene, channel, &shape);
        double place = plan->n_units > 1 ? 2 * (double)u / (double)(plan->n_units - 1) - 1 : 0; /* -1 to 1 */
        if (plan->peak_to_peak_uv > 0)
            emgp_scene_set_peak_to_peak(scene, channel, unit,
                                        plan->peak_to_peak_uv * emgp_fixed_exp(0.4 * emgp_random_normal(&r)));
        else
            emgp_scene_set_snr(scene, channel, unit, plan->snr_db + plan->snr_spread_db * place);
    }
    return first;
}

void emgp_add_fasciculation(emgp_scene *scene, size_t channel, const emgp_fasciculation *plan)
{
    size_t first = add_fasciculating_units(scene, channel, plan);
    emgp_random r = emgp_scene_random(scene, channel, EMGP_FOR_FIRING);
    double rate_hz = plan->per_min / 60 / (1 + plan->doublet_share);
    double swing_s = emgp_random_between(&r, 60, 200), swing = emgp_random_uniform(&r);
    double end = fmin(plan->span.to_s, scene->duration_s - MARGIN_S - 0.05);
    for (double t = fmax(plan->span.from_s, MARGIN_S); scene->status == EMG_OK;) {
        double s, c;
        emgp_fixed_sincos(t / swing_s + swing, &s, &c);
        t += DEAD_S + emgp_random_exponential(&r, fmax(1 / (rate_hz * (1 + 0.1 * s)) - DEAD_S, 0));
        if (t >= end)
            break;
        size_t unit = first + emgp_random_below(&r, plan->n_units);
        fire_discharge(scene, channel, unit, t, jittered(&r, plan->jitter));
        if (emgp_random_uniform(&r) < plan->doublet_share) {
            t += emgp_random_within(&r, 0.035, 0.003, 0.030, 0.040);
            fire_discharge(scene, channel, unit, t, jittered(&r, plan->jitter));
        }
    }
}

/* One episode over firings first .. of a channel, made of n beats at a rate. */
static void add_train_truth(emgp_scene *scene, size_t channel, size_t unit, double first_s, double last_s, uint64_t n,
                            emg_class trial_type)
{
    if (n < 2 || scene->status != EMG_OK)
        return;
    const emgp_unit *u = &scene->channel[channel].units[unit];
    emg_truth truth = discharge(scene, channel, unit, first_s, 1);
    truth.duration_s = last_s + u->after_s - truth.onset_s;
    truth.peak_s = truth.onset_s;
    truth.frequency_hz = (double)(n - 1) / (last_s - first_s);
    truth.count = n;
    truth.trial_type = trial_type;
    emgp_scene_add_truth(scene, &truth);
}

void emgp_add_regular(emgp_scene *scene, size_t channel, const emgp_regular *plan)
{
    emgp_random r = emgp_scene_random(scene, channel, EMGP_FOR_FIRING);
    emgp_shape shape = draw_shape(scene, channel, &r);
    size_t unit = emgp_scene_add_unit(scene, channel, &shape);
    emgp_scene_set_snr(scene, channel, unit, plan->snr_db);
    double mean = 1 / plan->rate_hz, first = NAN, last = NAN;
    uint64_t n = 0;
    double end = fmin(plan->span.to_s, scene->duration_s - MARGIN_S);
    for (double t = plan->span.from_s; t < end && scene->status == EMG_OK; n++) {
        last = emgp_scene_fire(scene, channel, unit, t, jittered(&r, 0.05));
        first = n ? first : last;
        t += emgp_random_within(&r, mean, plan->cv * mean, 0.5 * mean, 1.5 * mean);
    }
    add_train_truth(scene, channel, unit, first, last, n, EMG_MOTOR_UNIT);
}

void emgp_add_myokymia(emgp_scene *scene, size_t channel, const emgp_myokymia *plan)
{
    emgp_random r = emgp_scene_random(scene, channel, EMGP_FOR_FIRING);
    emgp_shape shape = draw_shape(scene, channel, &r);
    size_t unit = emgp_scene_add_unit(scene, channel, &shape);
    emgp_scene_set_snr(scene, channel, unit, plan->snr_db);
    double first = NAN, last = NAN, last_group = NAN, end = fmin(plan->span.to_s, scene->duration_s - 0.5);
    uint64_t groups = 0;
    for (double t = plan->span.from_s; t < end && scene->status == EMG_OK; groups++) {
        size_t n = 3 + emgp_random_below(&r, 6);
        double at = t, step = emgp_random_between(&r, 0.028, 0.033);
        for (size_t i = 0; i < n; i++) {
            last = emgp_scene_fire(scene, channel, unit, at, jittered(&r, 0.07));
            last_group = i ? last_group : last;
            at += step * emgp_random_within(&r, 1, 0.06, 0.8, 1.2);
        }
        first = groups ? first : last_group;
        t += fmax(emgp_random_within(&r, plan->group_s, plan->group_cv * plan->group_s, 0.4 * plan->group_s,
                                     2 * plan->group_s),
                  at - t + 0.1);
    }
    add_train_truth(scene, channel, unit, first, last, groups, EMG_MYOKYMIA);
    /* The rate is that of the groups, from the first spike of the first to the first spike of the last. */
    if (scene->status == EMG_OK && groups > 1)
        scene->truths[scene->n_truths - 1].frequency_hz = (double)(groups - 1) / (last_group - first);
}

void emgp_add_heart(emgp_scene *scene, const size_t *channels, const double *peak_to_peak_uv, size_t n, double per_min)
{
    size_t unit[EMGP_SCENE_CHANNELS];
    assert(n <= EMGP_SCENE_CHANNELS);
    for (size_t i = 0; i < n; i++) {
        emgp_shape shape = emgp_shape_heart(!scene->channel[channels[i]].facts.is_muscle);
        unit[i] = emgp_scene_add_unit(scene, channels[i], &shape);
        emgp_scene_set_peak_to_peak(scene, channels[i], unit[i], peak_to_peak_uv[i]);
    }
    emgp_random r = emgp_scene_random(scene, channels[0], EMGP_FOR_COURSE);
    for (double t = emgp_random_between(&r, 0.1, 0.9); t < scene->duration_s && scene->status == EMG_OK;) {
        double breath, unused; /* faster while breathing in, 15 breaths a minute */
        emgp_fixed_sincos(t * 0.25, &breath, &unused);
        for (size_t i = 0; i < n; i++)
            (void)emgp_scene_fire(scene, channels[i], unit[i], t, 1 + 0.06 * breath + 0.02 * emgp_random_normal(&r));
        t += 60 / per_min * (1 + 0.035 * breath + 0.02 * emgp_random_normal(&r));
    }
}

void emgp_add_endless(emgp_scene *scene, size_t channel, size_t n_units, double snr_db)
{
    emgp_fasciculation plan = { .n_units = n_units, .snr_db = snr_db, .snr_spread_db = 3 };
    add_fasciculating_units(scene, channel, &plan);
}

/* A window begins with a guard longer than half a shape, so that a discharge begins in the window it belongs to. */
size_t emgp_window_discharges(const emgp_scene *scene, size_t channel, int64_t window, emgp_firing *firings,
                              emg_truth *truths)
{
    static const double GUARD_S = 0.020;
    const emgp_scene_channel *c = &scene->channel[channel];
    emgp_random r;
    emgp_random_start(&r, scene->seed, channel | (uint64_t)EMGP_FOR_FIRING << 32, (uint64_t)window);
    double wait = fmax((1 - GUARD_S) / scene->endless_hz - DEAD_S, 0.001), t = GUARD_S;
    double end = fmin(1, scene->duration_s - (double)window - GUARD_S);
    size_t n = 0;
    for (t += emgp_random_exponential(&r, wait); t < end && n < EMGP_WINDOW_ROOM; n++) {
        size_t unit = emgp_random_below(&r, c->n_units);
        float gain = (float)jittered(&r, 0.08);
        int64_t sixteenths =
            window * (int64_t)(scene->rate_hz * EMGP_PHASES) + (int64_t)(t * scene->rate_hz * EMGP_PHASES);
        firings[n] = (emgp_firing){ .start = sixteenths / EMGP_PHASES - (int64_t)c->units[unit].lead,
                                    .gain = gain,
                                    .unit = (uint16_t)unit,
                                    .phase = (uint8_t)(sixteenths % EMGP_PHASES) };
        if (truths)
            truths[n] =
                discharge(scene, channel, unit, (double)sixteenths / (EMGP_PHASES * scene->rate_hz), (double)gain);
        t += DEAD_S + emgp_random_exponential(&r, wait);
    }
    return n;
}
