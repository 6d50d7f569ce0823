/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How alike the shapes of two discharges are, at the best shift and over what noise leaves of it. */
#include "analysis/evidence/evidence.h"

#include <math.h>

#include "dsp/kernels/kernels.h"

enum { SHIFT, WHOLE_SHIFT, HELD, CLEAN, WHOLE_CLEAN, GIVEN };
enum { WHOLE = EMGP_WING + EMGP_SHAPE + EMGP_WING, MARGIN = 16 };

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

/* A shape between zeros, and its energy before each point. */
typedef struct wave {
    float x[MARGIN + WHOLE + MARGIN];
    int n;
    int32_t energy[WHOLE + 1];
    double noise; /* the noise's share of its energy: it is known in the scale of the shape, whose peak is 127 */
} wave;

static void load(wave *w, const int8_t *x, int n)
{
    for (int i = 0; i < n; i++, w->n++) {
        w->x[MARGIN + w->n] = (float)x[i];
        w->energy[w->n + 1] = w->energy[w->n] + x[i] * x[i];
    }
}

static void finish(wave *w, const emgp_discharge *d)
{
    const double noise = (double)INT8_MAX * (double)d->sigma / (double)d->peak, all = (double)w->energy[w->n];
    w->noise = all > 0 ? noise * noise * (double)w->n / all : 0;
}

/* Correlation over what both cover when b is shifted, from the sum of products; 0 where that is too little of either. */
static double correlation(const wave *a, const wave *b, int shift, double product)
{
    const int from = shift < 0 ? -shift : 0, end = shift < 0 ? a->n : a->n - shift;
    const double of_a = (double)(a->energy[end] - a->energy[from]),
                 of_b = (double)(b->energy[end + shift] - b->energy[from + shift]), held = numbers[HELD].limit;
    if (of_a < held * (double)a->energy[a->n] || of_b < held * (double)b->energy[b->n] || !(of_a > 0) || !(of_b > 0))
        return 0;
    return product / sqrt(of_a * of_b);
}

/* Both have the same length. Products are whole numbers that a float holds exactly. */
static double best_correlation(const wave *a, const wave *b, int most)
{
    enum { BLOCK = EMGP_LAG_BYTES / sizeof(float) };
    float product[2 * MARGIN + 1];
    const size_t n = (size_t)a->n, n_shifts = 2 * (size_t)most + 1, n_lags = n_shifts > BLOCK ? n_shifts : BLOCK;
    emgp_lanes_for(BLOCK)->lags_float(a->x + MARGIN, n, b->x + MARGIN - most, n + n_lags - 1, n_lags, product);
    double before = correlation(a, b, -most, (double)product[0]), here = before, best = fmax(before, 0);
    for (int shift = 1 - most; shift <= most; shift++) {
        const double after = correlation(a, b, shift, (double)product[shift + most]), bend = before - 2 * here + after;
        /* the parabola through three points has its top between them */
        if (here >= before && here >= after && bend < 0 && here > 0)
            best = fmax(best, here - (after - before) * (after - before) / (2 * 2 * 2 * bend));
        best = fmax(best, after);
        before = here;
        here = after;
    }
    return best;
}

static double clean(const wave *a, const wave *b, double least)
{
    return sqrt(fmax(1 - a->noise, least) * fmax(1 - b->noise, least));
}

double emgp_likeness(const emgp_discharge *a, const emgp_discharge *b)
{
    wave one = { .n = 0 }, other = { .n = 0 };
    load(&one, a->shape, EMGP_SHAPE);
    load(&other, b->shape, EMGP_SHAPE);
    finish(&one, a);
    finish(&other, b);
    return fmin(1,
                best_correlation(&one, &other, (int)numbers[SHIFT].limit) / clean(&one, &other, numbers[CLEAN].limit));
}

static void load_whole(wave *w, const emgp_discharge *d)
{
    load(w, d->wing[0], EMGP_WING);
    load(w, d->shape, EMGP_SHAPE);
    load(w, d->wing[1], EMGP_WING);
    finish(w, d);
}

double emgp_likeness_whole(const emgp_discharge *a, const emgp_discharge *b)
{
    wave one = { .n = 0 }, other = { .n = 0 };
    load_whole(&one, a);
    load_whole(&other, b);
    const double noise = pow(clean(&one, &other, numbers[WHOLE_CLEAN].limit), numbers[GIVEN].limit);
    return fmin(1, best_correlation(&one, &other, (int)numbers[WHOLE_SHIFT].limit) / noise);
}
