/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single units that fire by themselves: like a clock, in groups (myokymia), in very fast groups that wane. */
#include <math.h>

#include "simulate/patterns/patterns.h"
#include "base/base.h"

static const double MARGIN_S = 0.05; /* kept clear at the recording's end */

/* The unit of a section and the times that its truth counts. */
typedef struct solo {
    size_t unit, n, room;
    double *times, last_s;
} solo;

static solo solo_start(emgp_timeline *timeline, size_t channel, emgp_random *r, double snr_db)
{
    solo s = { .unit = emgp_timeline_draw_unit(timeline, channel, r), .last_s = NAN };
    emgp_timeline_set_snr(timeline, channel, s.unit, snr_db);
    return s;
}

static void note(emgp_timeline *timeline, solo *s, double time_s)
{
    void *times = s->times;
    if (isnan(time_s))
        return;
    if (!emgp_reserve(&times, &s->room, s->n, s->n + 1, sizeof *s->times)) {
        timeline->status = EMG_ENOMEM;
        return;
    }
    s->times = times;
    s->times[s->n++] = time_s;
}

/* One episode over what was counted. */
static void solo_tell(emgp_timeline *timeline, size_t channel, solo *s, emg_class trial_type, bool rhythmic)
{
    if (s->n >= 2 && timeline->status == EMG_OK) {
        const emgp_unit *u = &timeline->channel[channel].units[s->unit];
        emg_truth truth = emgp_discharge(timeline, channel, s->unit, s->times[0], 1);
        truth.duration_s = s->last_s + u->after_s - truth.onset_s;
        truth.peak_s = truth.onset_s;
        truth.frequency_hz = rhythmic ? (double)(s->n - 1) / (s->times[s->n - 1] - s->times[0]) : NAN;
        truth.count = s->n;
        truth.times = s->times;
        truth.trial_type = trial_type;
        emgp_timeline_add_truth(timeline, &truth);
    }
    emgp_free(s->times);
}

/* Fires and remembers the last that did. */
static double solo_fire(emgp_timeline *timeline, size_t channel, solo *s, double time_s, double gain)
{
    double at = emgp_timeline_fire(timeline, channel, s->unit, time_s, gain);
    s->last_s = isnan(at) ? s->last_s : at;
    return at;
}

void emgp_add_motor_unit(emgp_timeline *timeline, size_t channel, const emgp_unit_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_FIRING);
    solo s = solo_start(timeline, channel, &r, plan->snr_db);
    emgp_span span = emgp_timeline_span(timeline, &plan->when);
    double mean = 1 / plan->rhythm_hz, end = fmin(span.to_s, timeline->duration_s - MARGIN_S);
    double most = fmin(fmax(0.5, 3 * plan->cv), 0.9);
    for (double t = span.from_s; t < end && timeline->status == EMG_OK;) {
        note(timeline, &s, solo_fire(timeline, channel, &s, t, emgp_jittered(&r, plan->jitter)));
        t += emgp_random_within(&r, mean, plan->cv * mean, (1 - most) * mean, (1 + most) * mean);
    }
    solo_tell(timeline, channel, &s, EMG_MOTOR_UNIT, true);
}

void emgp_add_myokymia(emgp_timeline *timeline, size_t channel, const emgp_myokymia_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_FIRING);
    solo s = solo_start(timeline, channel, &r, plan->snr_db);
    double end = fmin(emgp_timeline_span(timeline, &plan->when).to_s, timeline->duration_s - 0.5);
    size_t least = (size_t)plan->least_spikes, more = (size_t)fmax(plan->most_spikes - plan->least_spikes, 0) + 1;
    for (double t = plan->when.from_s; t < end && timeline->status == EMG_OK;) {
        size_t n = least + emgp_random_below(&r, more);
        double at = t, step = emgp_random_between(&r, plan->step_least_ms / 1000, plan->step_most_ms / 1000);
        for (size_t i = 0; i < n; i++) {
            double fired = solo_fire(timeline, channel, &s, at, emgp_jittered(&r, 0.07));
            if (i == 0)
                note(timeline, &s, fired);
            at += step * emgp_random_within(&r, 1, plan->step_cv, 1 - fmax(0.2, 2 * plan->step_cv),
                                            1 + fmax(0.2, 2 * plan->step_cv));
        }
        t += fmax(emgp_random_within(&r, plan->group_s, plan->group_cv * plan->group_s, 0.4 * plan->group_s,
                                     2 * plan->group_s),
                  at - t + 0.1);
    }
    solo_tell(timeline, channel, &s, EMG_MYOKYMIA, true); /* the rate is that of the groups */
}

void emgp_add_neuromyotonia(emgp_timeline *timeline, size_t channel, const emgp_neuromyotonia_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_FIRING);
    solo s = solo_start(timeline, channel, &r, plan->snr_db);
    double end = fmin(emgp_timeline_span(timeline, &plan->when).to_s, timeline->duration_s - 0.1);
    double ratio = emgp_fixed_log((plan->most_spikes + 1) / plan->least_spikes);
    double shape = fmin(1 / (plan->group_cv * plan->group_cv), 400);
    for (double t = plan->when.from_s; t < end && timeline->status == EMG_OK;) {
        size_t n = (size_t)(plan->least_spikes * emgp_fixed_exp(ratio * emgp_random_uniform(&r)));
        double step = 1 / emgp_random_between(&r, plan->inner_least_hz, plan->inner_most_hz), gain = 1;
        for (size_t i = 0; i < n && t < end; i++) {
            double fired = solo_fire(timeline, channel, &s, t, gain * emgp_jittered(&r, 0.04));
            if (i == 0)
                note(timeline, &s, fired);
            t += step * emgp_random_within(&r, 1, 0.02, 0.95, 1.05);
            step *= 1 + plan->lengthening;
            gain = fmax(gain * (1 - plan->waning), 0.3);
        }
        t += 0.03 + emgp_random_gamma_real(&r, shape, plan->group_s);
    }
    solo_tell(timeline, channel, &s, EMG_NEUROMYOTONIA, false);
}
