/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subtraction of a fitted wave; what is left of its QRS gated, with a mirrored fill. */
#include "condition/ecg/ecg.h"

#include <math.h>

#include <gsl/gsl_statistics_double.h>

static const double CLIP = 2; /* sigma: a discharge is not mirrored into the gate; the sum of two stays below 5 */

static double end_level(const double *x, size_t n, double *scratch)
{
    for (size_t i = 0; i < n; i++)
        scratch[i] = x[i];
    return gsl_stats_median(scratch, 1, n);
}

void emgp_ecg_fetch(const emgp_ecg_common *c, size_t channel, int64_t first, size_t n, double *to)
{
    emgp_ecg_ring_get(c->ring, channel, first, n, to);
    if (c->high_passed)
        return;
    double left = end_level(to, c->taper, c->scratch.sorted);
    double right = end_level(to + n - c->taper, c->taper, c->scratch.sorted);
    for (size_t i = 0; i < n; i++)
        to[i] -= left + (right - left) * (double)i / (double)(n - 1);
}

static double within(double x, double most)
{
    return x < -most ? -most : x > most ? most : x;
}

/*  left source:  |<- gate ->|  gate  |<- gate ->|  :right source
 *
 * Each source is mirrored at the gate's edge, so that the fill goes on where the samples end, as departures from the
 * line through both edges' levels; cosine and sine weights keep the noise's power. */
static void fill_gate(emgp_ecg_common *c, size_t channel, int64_t middle, double sigma)
{
    size_t n = 2 * c->gate + 1, edge = c->taper < n ? c->taper : n;
    int64_t first = middle - (int64_t)c->gate;
    double *left = c->scratch.shifted, *right = c->scratch.slope, *fill = c->scratch.rest;
    emgp_ecg_ring_get(c->ring, channel, first - (int64_t)n, n, left);
    emgp_ecg_ring_get(c->ring, channel, first + (int64_t)n, n, right);
    bool has_left = first - (int64_t)n >= (int64_t)c->ring->out;
    bool has_right = first + 2 * (int64_t)n <= (int64_t)c->ring->filled;
    bool level = !c->high_passed;
    double a = level && has_left ? end_level(left + n - edge, edge, c->scratch.sorted) : 0;
    double b = level && has_right ? end_level(right, edge, c->scratch.sorted) : a;
    if (!has_left)
        a = b;
    for (size_t i = 0; i < n; i++) {
        double part = (double)(i + 1) / (double)(n + 1);
        double from_left = has_left ? within(left[n - 1 - i] - a, CLIP * sigma) : 0;
        double from_right = has_right ? within(right[n - 1 - i] - b, CLIP * sigma) : 0;
        double left_weight = has_right ? cos(PI / 2 * part) : 1, right_weight = has_left ? sin(PI / 2 * part) : 1;
        fill[i] = a + (b - a) * part + left_weight * from_left + right_weight * from_right;
    }
    emgp_ecg_ring_put(c->ring, channel, first, n, fill);
}

void emgp_ecg_remove(emgp_ecg_common *c, const emgp_ecg_search *l, int64_t first, const emgp_ecg_fit *fit, double sigma)
{
    emgp_ecg_shift(l->wave.x, l->wave.n, fit->shift, 0, l->wave.n, c->scratch.shifted);
    for (size_t i = 0; i < l->wave.n; i++)
        c->scratch.shifted[i] *= fit->gain;
    emgp_ecg_ring_subtract(c->ring, l->channel, first, l->wave.n, c->scratch.shifted);
    if (c->plan->mode == EMG_ECG_GATE)
        fill_gate(c, l->channel, first + (int64_t)l->wave.peak + (int64_t)floor(fit->shift + 0.5), sigma);
}
