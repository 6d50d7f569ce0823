/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated muscles with a heart in them: noise, heart and discharges apart, each as the analysis band leaves it. */
#ifndef DSP_ECG_SCENE_H
#define DSP_ECG_SCENE_H

#include "dsp/filter/filter.h"
#include "dsp/signal.h"

enum { SCENE_MOST = 4096 };

typedef struct scene_plan {
    double rate_hz, seconds;
    double ecg_per_min, ecg_cv, ecg_peak;      /* peak after the band, noise sigma 1; 0: no heart */
    double discharge_per_min, low_db, high_db; /* peak after the band; per minute 0: none */
    int n_units;                               /* shapes of discharges */
    double discharge_cv;                       /* 1: Poisson; else a regular train */
    double burst_per_min, burst_cv, burst_s;   /* bursts of 12 random units each, the size of the discharges */
    double onset_s;                            /* the heart begins at */
    bool unfiltered;
} scene_plan;

typedef struct scene {
    size_t n;
    double *noise, *ecg, *discharges;
    double qrs_s[SCENE_MOST], discharge_s[SCENE_MOST], discharge_peak[SCENE_MOST];
    size_t n_qrs, n_discharges;
} scene;

/* A sum of derivatives of Gaussians: order 0 to 3 (to the eye a monophasic to a quadriphasic wave), peak about 1. */
static double scene_bump(double t, double width, int order)
{
    double u = t / width, g = exp(-0.5 * u * u);
    switch (order) {
    case 0:
        return g;
    case 1:
        return 1.6487 * u * g;
    case 2:
        return (1 - u * u) * g;
    default:
        return 0.7246 * (3 * u - u * u * u) * g;
    }
}

typedef struct scene_shape {
    double at[4], width[4], size[4];
    int order[4], n;
    double reach;
} scene_shape;

static double scene_between(uint64_t *r, double low, double high)
{
    return low + (high - low) * signal_uniform(r);
}

/* A QRS of 80 to 120 ms, as a lead or an electrode near the chest sees it. */
static scene_shape scene_ecg(uint64_t *r)
{
    scene_shape s = { .n = 3, .reach = 0.15 };
    double sign = signal_uniform(r) < 0.3 ? -1 : 1;
    bool near = signal_uniform(r) < 0.5;
    s.width[0] = scene_between(r, 0.010, 0.018);
    s.order[0] = near ? 1 + (signal_uniform(r) < 0.5) : 0;
    s.size[0] = sign;
    s.at[1] = -scene_between(r, 0.020, 0.034);
    s.width[1] = scene_between(r, 0.008, 0.012);
    s.size[1] = -sign * scene_between(r, 0, 0.3);
    s.at[2] = scene_between(r, 0.022, 0.036);
    s.width[2] = scene_between(r, 0.010, 0.015);
    s.size[2] = -sign * scene_between(r, 0, 0.4);
    return s;
}

static scene_shape scene_unit(uint64_t *r)
{
    scene_shape s = { .n = 2, .reach = 0.03 };
    double sign = signal_uniform(r) < 0.5 ? -1 : 1;
    s.width[0] = scene_between(r, 0.0015, 0.0035);
    s.order[0] = 1 + (signal_uniform(r) < 0.65);
    s.size[0] = sign;
    s.at[1] = s.width[0] * scene_between(r, 0.5, 2);
    s.width[1] = s.width[0];
    s.order[1] = 3;
    s.size[1] = sign * scene_between(r, -0.3, 0.3);
    return s;
}

static void scene_add(double *x, size_t n, double rate_hz, const scene_shape *s, double at_s, double gain)
{
    long first = (long)floor((at_s - s->reach) * rate_hz), end = (long)ceil((at_s + s->reach) * rate_hz);
    for (long i = first < 0 ? 0 : first; i < end && i < (long)n; i++)
        for (int k = 0; k < s->n; k++)
            x[i] += gain * s->size[k] * scene_bump((double)i / rate_hz - at_s - s->at[k], s->width[k], s->order[k]);
}

static void scene_band(double *x, size_t n, double rate_hz)
{
    emgp_section sections[EMGP_MOST_ORDER];
    size_t n_sections;
    emgp_zerophase *z;
    gathered g = { .n_channels = 1 };
    double high = 450 < 0.45 * rate_hz ? 450 : 0.45 * rate_hz;
    if (emgp_butterworth(sections, &n_sections, EMGP_BAND_PASS, 4, 20, high, rate_hz, NULL) ||
        emgp_zerophase_new(&z, sections, n_sections, rate_hz, 1, false, gather, &g, NULL) ||
        emgp_zerophase_push(z, x, n, NULL) || emgp_zerophase_finish(z, NULL))
        abort();
    for (size_t i = 0; i < n; i++)
        x[i] = (double)g.x[i];
    emgp_zerophase_free(z);
    free(g.x);
}

/* The largest magnitude that a shape has after the band. */
static double scene_peak(const scene_shape *s, double rate_hz)
{
    size_t n = (size_t)(1.2 * rate_hz);
    double *x = signal_new(n), peak = 0;
    scene_add(x, n, rate_hz, s, 0.6, 1);
    scene_band(x, n, rate_hz);
    for (size_t i = 0; i < n; i++)
        peak = fmax(peak, fabs(x[i]));
    free(x);
    return peak;
}

/* Beats: a breath of 4 s takes the rate up and down, the rest of the variation is random. */
static void scene_qrs(scene *s, const scene_plan *p, uint64_t *r)
{
    scene_shape shape = scene_ecg(r);
    double gain = p->ecg_peak / scene_peak(&shape, p->rate_hz);
    for (double t = p->onset_s + 0.3 + 0.5 * signal_uniform(r); t < p->seconds - 0.2 && s->n_qrs < SCENE_MOST;) {
        double breath = sin(2 * TEST_PI * t / 4);
        scene_add(s->ecg, s->n, p->rate_hz, &shape, t, gain * (1 + 0.06 * breath + 0.02 * signal_gaussian(r)));
        s->qrs_s[s->n_qrs++] = t;
        t += 60 / p->ecg_per_min * (1 + p->ecg_cv * (1.2 * breath + 0.5 * signal_gaussian(r)));
    }
}

static void scene_discharges(scene *s, const scene_plan *p, uint64_t *r)
{
    scene_shape unit[8];
    double scale[8];
    for (int u = 0; u < p->n_units; u++) {
        unit[u] = scene_unit(r);
        scale[u] = pow(10, scene_between(r, p->low_db, p->high_db) / 20) / scene_peak(&unit[u], p->rate_hz);
    }
    double wait = 60 / p->discharge_per_min;
    for (double t = 0.1; s->n_discharges < SCENE_MOST;) {
        t += p->discharge_cv < 1 ? wait * (1 + p->discharge_cv * signal_gaussian(r))
                                 : 0.03 - (wait - 0.03) * log(1 - signal_uniform(r));
        if (t > p->seconds - 0.1)
            return;
        int u = (int)(signal_uniform(r) * p->n_units);
        double gain = scale[u] * (1 + 0.05 * signal_gaussian(r));
        scene_add(s->discharges, s->n, p->rate_hz, &unit[u], t, gain);
        s->discharge_s[s->n_discharges] = t;
        s->discharge_peak[s->n_discharges++] = gain;
    }
}

/* Jerks, clonus, tremor: every burst another mixture of units, spread over its length. */
static void scene_bursts(scene *s, const scene_plan *p, uint64_t *r)
{
    for (double t = 0.2; t < p->seconds - 0.3 && s->n_discharges < SCENE_MOST;
         t += 60 / p->burst_per_min * (1 + p->burst_cv * signal_gaussian(r))) {
        double gain = pow(10, scene_between(r, p->low_db, p->high_db) / 20) / 1.5;
        for (int i = 0; i < 12; i++) {
            scene_shape unit = scene_unit(r);
            scene_add(s->discharges, s->n, p->rate_hz, &unit, t + p->burst_s / 4 * signal_gaussian(r), gain);
        }
        s->discharge_s[s->n_discharges++] = t;
    }
}

static scene *scene_new(const scene_plan *p, uint64_t seed)
{
    scene *s = calloc(1, sizeof *s);
    uint64_t r = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    if (!s)
        abort();
    s->n = (size_t)(p->seconds * p->rate_hz);
    s->noise = signal_new(s->n);
    s->ecg = signal_new(s->n);
    s->discharges = signal_new(s->n);
    for (size_t i = 0; i < s->n; i++)
        s->noise[i] = signal_gaussian(&r);
    scene_band(s->noise, s->n, p->rate_hz);
    double squares = 0;
    for (size_t i = 0; i < s->n; i++)
        squares += s->noise[i] * s->noise[i];
    for (size_t i = 0; i < s->n; i++)
        s->noise[i] /= sqrt(squares / (double)s->n);
    if (p->ecg_peak > 0)
        scene_qrs(s, p, &r);
    if (p->discharge_per_min > 0)
        scene_discharges(s, p, &r);
    if (p->burst_per_min > 0)
        scene_bursts(s, p, &r);
    if (!p->unfiltered) {
        scene_band(s->ecg, s->n, p->rate_hz);
        scene_band(s->discharges, s->n, p->rate_hz);
    }
    return s;
}

static void scene_free(scene *s)
{
    free(s->noise);
    free(s->ecg);
    free(s->discharges);
    free(s);
}

#endif
