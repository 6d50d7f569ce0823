/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How alike the shapes of two discharges are, at the best shift and over what noise leaves of it. */
#include "analysis/evidence/evidence.h"

#include <math.h>

#include "dsp/kernels/kernels.h"

enum { SHIFT, WHOLE_SHIFT, HELD, CLEAN, WHOLE_CLEAN, GIVEN };
enum { MARGIN = EMGP_OUTLINE_MARGIN };

static const emgp_rule numbers[] = {
    [SHIFT] = EMGP_NUMBER("likeness.shift", "points by which shapes are shifted", EMGP_AT_MOST, EMGP_LIMIT(4),
                          EMGP_OURS, "shapes are compared at the best shift, between points too"),
    [WHOLE_SHIFT] = EMGP_NUMBER("likeness.whole_shift", "points by which whole potentials are shifted", EMGP_AT_MOST,
                                EMGP_LIMIT(MARGIN), EMGP_OURS,
                                "noise decides which phase of a long potential is its largest: they are compared at "
                                "the best shift as well"),
    [HELD] = EMGP_NUMBER("likeness.held", "share of the energy of either that both cover", EMGP_AT_LEAST,
                         EMGP_LIMIT(0.75), EMGP_OURS, "they are compared at that shift"),
    [CLEAN] = EMGP_NUMBER("likeness.clean", "share of a discharge's energy that noise leaves", EMGP_AT_LEAST,
                          EMGP_LIMIT(0.5), EMGP_OURS, "what noise takes of a likeness is given back up to this"),
    [WHOLE_CLEAN] = EMGP_NUMBER("likeness.whole_clean", "that share of a whole potential", EMGP_AT_LEAST,
                                EMGP_LIMIT(0.3), EMGP_OURS, "what noise takes is known up to this"),
    [GIVEN] = EMGP_NUMBER("likeness.given", "power of that share by which the likeness of whole potentials is divided",
                          EMGP_AT_MOST, EMGP_LIMIT(0.6), EMGP_OURS,
                          "it is not given back in full, since the best of many shifts fits noise, too"),
};

emgp_rules emgp_likeness_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static void load(emgp_outline *o, const int8_t *x, int n)
{
    for (int i = 0; i < n; i++, o->n++) {
        o->x[MARGIN + o->n] = (float)x[i];
        o->energy[o->n + 1] = o->energy[o->n] + x[i] * x[i];
    }
}

/* The noise is known in the scale of the shape, whose peak is 127. */
static void finish(emgp_outline *o, const emgp_discharge *d)
{
    const double noise = (double)INT8_MAX * (double)d->sigma / (double)d->peak, all = (double)o->energy[o->n];
    o->noise = all > 0 ? noise * noise * (double)o->n / all : 0;
}

void emgp_outline_shape(emgp_outline *out, const emgp_discharge *d)
{
    *out = (emgp_outline){ .n = 0 };
    load(out, d->shape, EMGP_SHAPE);
    finish(out, d);
}

void emgp_outline_whole(emgp_outline *out, const emgp_discharge *d)
{
    *out = (emgp_outline){ .n = 0 };
    load(out, d->wing[0], EMGP_WING);
    load(out, d->shape, EMGP_SHAPE);
    load(out, d->wing[1], EMGP_WING);
    finish(out, d);
}

/* Correlation over what both cover when b is shifted, from the sum of products; 0 where that is too little of either. */
static double correlation(const emgp_outline *a, const emgp_outline *b, int shift, double product)
{
    const int from = shift < 0 ? -shift : 0, end = shift < 0 ? a->n : a->n - shift;
    const double of_a = (double)(a->energy[end] - a->energy[from]),
                 of_b = (double)(b->energy[end + shift] - b->energy[from + shift]), held = numbers[HELD].limit;
    if (of_a < held * (double)a->energy[a->n] || of_b < held * (double)b->energy[b->n] || !(of_a > 0) || !(of_b > 0))
        return 0;
    return product / sqrt(of_a * of_b);
}

/* A parabola through three points of which none is below -1 has its top at most an eighth of the way down to -1 above the
 * middle one, when that is the highest; a correlation is at most its product over what must be covered of both. Below this
 * product neither can be more than `best` is. A little is left for rounding. */
static double least_product(const emgp_outline *a, const emgp_outline *b, double best)
{
    static const double eighth = 1.0 / 8, rounding = 1e-6;
    const double both = sqrt((double)a->energy[a->n] * (double)b->energy[b->n]);
    return (best - eighth - rounding) / (1 + eighth) * numbers[HELD].limit * both;
}

/* The correlation at a shift with a largest product, or the top of the parabola through it and its neighbours, which lies between
 * them; around: the three correlations, which are made here unless the shift before was asked for just now. */
static double top_at(const emgp_outline *a, const emgp_outline *b, int most, const float *product, int k, bool follows,
                     double around[3])
{
    const bool first = k == 0, last = k == 2 * most;
    around[0] = follows ? around[1] : first ? 0 : correlation(a, b, k - 1 - most, (double)product[k - 1]);
    around[1] = follows ? around[2] : correlation(a, b, k - most, (double)product[k]);
    around[2] = last ? 0 : correlation(a, b, k + 1 - most, (double)product[k + 1]);
    const double here = around[1], slope = around[2] - around[0], bend = around[0] - 2 * here + around[2];
    if (first || last || !(here > 0 && here >= around[0] && here >= around[2] && bend < 0))
        return here;
    return here - slope * slope / (2 * 2 * 2 * bend);
}

/* The place of the largest. */
static int largest(const float *x, int n)
{
    int at = 0;
    for (int k = 1; k < n; k++)
        at = x[k] > x[at] ? k : at;
    return at;
}

/* Both have the same length; what is below `least` may be told as any less. Products are whole numbers that a float holds
 * exactly. */
static double best_correlation(const emgp_outline *a, const emgp_outline *b, int most, double least)
{
    float product[2 * MARGIN + 1];
    double around[3] = { 0 }, best = 0;
    const int n_lags = 2 * most + 1;
    emgp_lanes_for((size_t)n_lags)
        ->lags_float(a->x + MARGIN, (size_t)a->n, b->x + MARGIN - most, (size_t)(a->n + n_lags - 1), (size_t)n_lags,
                     product);
    const int top = largest(product, n_lags);
    if ((double)product[top] < least_product(a, b, least))
        return 0;
    best = fmax(0, top_at(a, b, most, product, top, false, around));
    const double worth = least_product(a, b, fmax(best, least));
    for (int k = 0, before = -2; k < n_lags; k++) {
        if (k == top || (double)product[k] < worth)
            continue;
        best = fmax(best, top_at(a, b, most, product, k, before + 1 == k, around));
        before = k;
    }
    return best;
}

static double clean(const emgp_outline *a, const emgp_outline *b, double least)
{
    return sqrt(fmax(1 - a->noise, least) * fmax(1 - b->noise, least));
}

double emgp_outlines_alike(const emgp_outline *a, const emgp_outline *b, double least)
{
    if (a->n == EMGP_SHAPE) {
        const double noise = clean(a, b, numbers[CLEAN].limit);
        return fmin(1, best_correlation(a, b, (int)numbers[SHIFT].limit, least * noise) / noise);
    }
    const double noise = pow(clean(a, b, numbers[WHOLE_CLEAN].limit), numbers[GIVEN].limit);
    return fmin(1, best_correlation(a, b, (int)numbers[WHOLE_SHIFT].limit, least * noise) / noise);
}

double emgp_likeness(const emgp_discharge *a, const emgp_discharge *b)
{
    emgp_outline one, other;
    emgp_outline_shape(&one, a);
    emgp_outline_shape(&other, b);
    return emgp_outlines_alike(&one, &other, 0);
}
