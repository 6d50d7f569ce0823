/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on a recording and is not muscle: ECG, power line interference, pops, motion, wander, saturation, dropouts. */
#include <math.h>

#include "simulate/patterns/patterns.h"

/* Adds a QRS complex's true event on a muscle. */
static void tell_burst(emgp_timeline *timeline, size_t channel, size_t unit, double time_s, double gain)
{
    if (isnan(time_s) || !timeline->channel[channel].facts.is_muscle || timeline->status != EMG_OK)
        return;
    emg_truth truth = emgp_discharge(timeline, channel, unit, time_s, gain);
    truth.onset_s = fmax(truth.onset_s, 0);
    truth.duration_s = fmin(truth.duration_s, timeline->duration_s - truth.onset_s);
    truth.unit = 0;
    truth.trial_type = EMG_ARTIFACT;
    truth.reasons = UINT64_C(1) << EMG_A_ECG;
    emgp_timeline_add_truth(timeline, &truth);
}

void emgp_add_ecg(emgp_timeline *timeline, const emgp_group *group, const emgp_ecg_plan *plan)
{
    size_t unit[EMGP_SCENE_CHANNELS];
    for (size_t i = 0; i < group->n; i++) {
        emgp_shape shape = emgp_shape_ecg(!timeline->channel[group->channel[i]].facts.is_muscle);
        unit[i] = emgp_timeline_add_unit(timeline, group->channel[i], &shape);
        emgp_timeline_set_peak_to_peak(timeline, group->channel[i], unit[i], plan->size_uv.x[i]);
    }
    emgp_random r = emgp_timeline_random(timeline, group->channel[0], EMGP_FOR_COURSE);
    for (double t = emgp_random_between(&r, 0.1, 0.9); t < timeline->duration_s && timeline->status == EMG_OK;) {
        double breath, unused; /* faster while breathing in, 15 breaths a minute */
        emgp_fixed_sincos(t * 0.25, &breath, &unused);
        for (size_t i = 0; i < group->n; i++) {
            double gain = 1 + 0.06 * breath + 0.02 * emgp_random_normal(&r);
            double at = emgp_timeline_fire(timeline, group->channel[i], unit[i], t, gain);
            if (plan->told > 0.5)
                tell_burst(timeline, group->channel[i], unit[i], at, gain);
        }
        t += fmax(60 / plan->per_min * (1 + plan->breath_share * breath + plan->cv * emgp_random_normal(&r)), 0.1);
    }
}

void emgp_add_powerline(emgp_timeline *timeline, const emgp_powerline_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, 0, EMGP_FOR_COURSE);
    double most_uv = isnan(plan->hum_most_uv) ? plan->hum_uv : plan->hum_most_uv;
    timeline->hum = (emgp_hum){ .hz = plan->hum_hz,
                                .swing_hz = plan->swing_hz,
                                .period_s = plan->period_s,
                                .phase = emgp_random_uniform(&r),
                                .third_share = plan->third_share,
                                .fifth_share = plan->fifth_share };
    for (size_t c = 0; c < timeline->n_channels; c++) {
        timeline->channel[c].hum_uv = emgp_random_between(&r, plan->hum_uv, most_uv);
        timeline->channel[c].hum_phase = emgp_random_uniform(&r);
    }
}

static const emg_reason reasons[] = {
    [EMGP_A_POP] = EMG_A_POP, [EMGP_A_MOTION] = EMG_A_MOTION, [EMGP_A_SATURATION] = EMG_A_CLIP
};

/* Draws the size and the course of one artefact; returns its length in seconds. */
static double draw(emgp_random *r, emgp_artefact_kind kind, const emgp_artefact_plan *plan, emgp_artefact *a)
{
    double sign = emgp_random_uniform(r) < 0.5 ? -1 : 1;
    a->kind = kind;
    a->size_uv = sign;
    if (kind == EMGP_A_SATURATION || kind == EMGP_A_DROPOUT)
        return emgp_random_between(r, plan->least_s, plan->most_s);
    a->size_uv = sign * plan->size_uv * emgp_fixed_exp(0.4 * emgp_random_normal(r));
    if (kind == EMGP_A_POP) {
        a->tau_s = emgp_random_between(r, plan->tau_least_ms, plan->tau_most_ms) / 1000;
        return 8 * a->tau_s;
    }
    for (size_t k = 0; k < EMGP_MOTION_WAVES; k++) {
        a->hz[k] = emgp_random_between(r, plan->low_hz, plan->high_hz);
        a->phase[k] = emgp_random_uniform(r);
    }
    return emgp_random_between(r, plan->least_s, plan->most_s);
}

/* The true event of a pop lasts until it has fallen to 5 %: three time constants. */
static void tell(emgp_timeline *timeline, size_t channel, const emgp_artefact *a)
{
    double onset = (double)a->from / timeline->rate_hz, end = (double)a->to / timeline->rate_hz;
    if (a->kind == EMGP_A_POP)
        end = onset + 3 * a->tau_s;
    emg_truth truth = { .onset_s = onset,
                        .duration_s = fmin(end, timeline->duration_s) - onset,
                        .peak_s = onset,
                        .amplitude_uv = a->kind == EMGP_A_POP || a->kind == EMGP_A_MOTION ? fabs(a->size_uv) : NAN,
                        .frequency_hz = NAN,
                        .count = 1,
                        .channel = channel,
                        .trial_type = EMG_ARTIFACT,
                        .reasons = a->kind == EMGP_A_DROPOUT ? 0 : UINT64_C(1) << reasons[a->kind] };
    if (truth.duration_s > 0)
        emgp_timeline_add_truth(timeline, &truth);
}

void emgp_add_artefacts(emgp_timeline *timeline, size_t channel, emgp_artefact_kind kind,
                        const emgp_artefact_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_ARTEFACTS);
    emgp_span span = emgp_timeline_span(timeline, &plan->when);
    for (double t = span.from_s; timeline->status == EMG_OK;) {
        emgp_artefact a = { .from = 0 };
        t += emgp_random_exponential(&r, 60 / plan->per_min);
        double length = draw(&r, kind, plan, &a);
        if (t >= span.to_s)
            break;
        a.from = (int64_t)floor(t * timeline->rate_hz);
        a.to = (int64_t)floor(fmin(t + length, timeline->duration_s) * timeline->rate_hz) + 1;
        emgp_timeline_add_artefact(timeline, channel, &a);
        tell(timeline, channel, &a);
        t += length;
    }
}

void emgp_add_wander(emgp_timeline *timeline, size_t channel, const emgp_wander_plan *plan)
{
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_ARTEFACTS);
    timeline->channel[channel].wander = *plan;
    for (size_t k = 0; k < 3; k++)
        timeline->channel[channel].wander_phase[k] = emgp_random_uniform(&r);
}

/* A motion at `share` of its length: four waves under a raised cosine. */
static double motion_at(const emgp_artefact *a, double t, double share)
{
    double s, c, sum = 0;
    for (size_t k = 0; k < EMGP_MOTION_WAVES; k++) {
        emgp_fixed_sincos(a->hz[k] * t + a->phase[k], &s, &c);
        sum += s;
    }
    emgp_fixed_sincos(share, &s, &c);
    return a->size_uv * 0.5 * (1 - c) * sum * 0.4; /* the peak of four waves is about 2.5 */
}

static double added_at(const emgp_artefact *a, double rate_hz, int64_t frame)
{
    double t = (double)(frame - a->from) / rate_hz;
    if (a->kind == EMGP_A_POP)
        return a->size_uv * emgp_fixed_exp(-t / a->tau_s);
    return motion_at(a, t, (double)(frame - a->from) / (double)(a->to - a->from));
}

static void play_wander(const emgp_timeline_channel *c, double rate_hz, int64_t from, double *x, size_t n,
                        size_t stride)
{
    static const double share[] = { 0.6, 0.25, 0.15 }, faster[] = { 1, 2.3, 5.1 };
    for (size_t i = 0; i < n; i++) {
        double t = (double)(from + (int64_t)i) / rate_hz, s, unused;
        for (size_t k = 0; k < 3; k++) {
            emgp_fixed_sincos(t * faster[k] / c->wander.period_s + c->wander_phase[k], &s, &unused);
            x[i * stride] += c->wander.size_uv * share[k] * s;
        }
    }
}

void emgp_play_added(const emgp_timeline_channel *c, double rate_hz, size_t *next, int64_t from, double *x,
                     size_t n_frames, size_t stride)
{
    const emgp_artefacts *list = &c->artefacts;
    int64_t end = from + (int64_t)n_frames;
    if (c->wander.size_uv > 0)
        play_wander(c, rate_hz, from, x, n_frames, stride);
    while (*next < list->n && list->artefact[*next].to <= from)
        (*next)++;
    for (size_t k = *next; k < list->n && list->artefact[k].from < end; k++) {
        const emgp_artefact *a = &list->artefact[k];
        int64_t first = a->from > from ? a->from : from, stop = a->to < end ? a->to : end;
        for (int64_t i = first; i < stop && (a->kind == EMGP_A_POP || a->kind == EMGP_A_MOTION); i++)
            x[(size_t)(i - from) * stride] += added_at(a, rate_hz, i);
    }
}

static double limited(const emgp_channel_plan *plan, double x)
{
    if (!isnan(plan->clip_uv))
        x = fmin(fmax(x, -plan->clip_uv), plan->clip_uv);
    if (!isnan(plan->step_uv))
        x = plan->step_uv * floor(x / plan->step_uv + 0.5);
    return x;
}

void emgp_play_limits(const emgp_timeline_channel *c, size_t next, int64_t from, double *x, size_t n_frames,
                      size_t stride)
{
    const emgp_artefacts *list = &c->artefacts;
    int64_t end = from + (int64_t)n_frames;
    double limit = isnan(c->plan.clip_uv) ? fmin(-c->facts.physical_min_uv, c->facts.physical_max_uv) : c->plan.clip_uv;
    for (size_t k = next; k < list->n && list->artefact[k].from < end; k++) {
        const emgp_artefact *a = &list->artefact[k];
        int64_t first = a->from > from ? a->from : from, stop = a->to < end ? a->to : end;
        for (int64_t i = first; i < stop && a->kind == EMGP_A_SATURATION; i++)
            x[(size_t)(i - from) * stride] = a->size_uv * limit;
        for (int64_t i = first; i < stop && a->kind == EMGP_A_DROPOUT; i++)
            x[(size_t)(i - from) * stride] = 0;
    }
    if (!isnan(c->plan.clip_uv) || !isnan(c->plan.step_uv))
        for (size_t i = 0; i < n_frames; i++)
            x[i * stride] = limited(&c->plan, x[i * stride]);
}
