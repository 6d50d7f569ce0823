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

/* The largest product's correlation, first: most others cannot be better, and are left 0. */
static void correlations(const emgp_outline *a, const emgp_outline *b, int most, const float *product, double *r)
{
    int top = 0;
    for (int k = 1; k <= 2 * most; k++)
        top = product[k] > product[top] ? k : top;
    const double best = correlation(a, b, top - most, (double)product[top]), least = least_product(a, b, best);
    for (int k = 0; k <= 2 * most; k++) {
        const bool here = (double)product[k] >= least || (k > 0 && (double)product[k - 1] >= least) ||
                          (k < 2 * most && (double)product[k + 1] >= least);
        r[k] = here ? correlation(a, b, k - most, (double)product[k]) : 0;
    }
}

/* Both have the same length. Products are whole numbers that a float holds exactly. */
static double best_correlation(const emgp_outline *a, const emgp_outline *b, int most)
{
    float product[2 * MARGIN + 1];
    double r[2 * MARGIN + 1];
    const size_t n = (size_t)a->n, n_lags = 2 * (size_t)most + 1;
    emgp_lanes_for(n_lags)->lags_float(a->x + MARGIN, n, b->x + MARGIN - most, n + n_lags - 1, n_lags, product);
    correlations(a, b, most, product, r);
    double best = r[0] > 0 ? r[0] : 0;
    for (int k = 1; k <= 2 * most; k++) {
        best = r[k] > best ? r[k] : best;
        if (k == 2 * most || !(r[k] > 0 && r[k] >= r[k - 1] && r[k] >= r[k + 1]))
            continue;
        /* the parabola through three points has its top between them */
        const double slope = r[k + 1] - r[k - 1], bend = r[k - 1] - 2 * r[k] + r[k + 1];
        if (bend < 0)
            best = fmax(best, r[k] - slope * slope / (2 * 2 * 2 * bend));
    }
    return best;
}

static double clean(const emgp_outline *a, const emgp_outline *b, double least)
{
    return sqrt(fmax(1 - a->noise, least) * fmax(1 - b->noise, least));
}

double emgp_outlines_alike(const emgp_outline *a, const emgp_outline *b)
{
    if (a->n == EMGP_SHAPE)
        return fmin(1, best_correlation(a, b, (int)numbers[SHIFT].limit) / clean(a, b, numbers[CLEAN].limit));
    const double noise = pow(clean(a, b, numbers[WHOLE_CLEAN].limit), numbers[GIVEN].limit);
    return fmin(1, best_correlation(a, b, (int)numbers[WHOLE_SHIFT].limit) / noise);
}

double emgp_likeness(const emgp_discharge *a, const emgp_discharge *b)
{
    emgp_outline one, other;
    emgp_outline_shape(&one, a);
    emgp_outline_shape(&other, b);
    return emgp_outlines_alike(&one, &other);
}
