/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How alike the shapes of two discharges are, at the best shift and over what noise leaves of it. */
#include "analysis/evidence/evidence.h"

#include <math.h>

enum { SHIFT, CLEAN };

static const emgp_rule numbers[] = {
    [SHIFT] = EMGP_NUMBER("likeness.shift", "points by which shapes are shifted", EMGP_AT_MOST, EMGP_LIMIT(4),
                          EMGP_OURS, "shapes are compared at the best shift, between points too"),
    [CLEAN] = EMGP_NUMBER("likeness.clean", "share of a discharge's energy that noise leaves", EMGP_AT_LEAST,
                          EMGP_LIMIT(0.5), EMGP_OURS, "what noise takes of a likeness is given back up to this"),
};

emgp_rules emgp_likeness_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static double energy(const int8_t *shape)
{
    double sum = 0;
    for (size_t i = 0; i < EMGP_SHAPE; i++)
        sum += (double)shape[i] * (double)shape[i];
    return sum;
}

/* Share of a discharge's energy that is its own: the noise's is known in the scale of the shape, whose peak is 127. */
static double clean(const emgp_discharge *d)
{
    const double noise = (double)INT8_MAX * (double)d->sigma / (double)d->peak;
    return fmax(1 - noise * noise * (double)EMGP_SHAPE / energy(d->shape), numbers[CLEAN].limit);
}

static double product(const int8_t *a, const int8_t *b, int shift, int most)
{
    double sum = 0;
    for (int i = most; i + most < EMGP_SHAPE; i++)
        sum += (double)a[i] * (double)b[i + shift];
    return sum;
}

double emgp_likeness(const emgp_discharge *a, const emgp_discharge *b)
{
    const int most = (int)numbers[SHIFT].limit;
    double before = product(a->shape, b->shape, -most, most), here = before, best = fmax(before, 0);
    for (int shift = 1 - most; shift <= most; shift++) {
        const double after = product(a->shape, b->shape, shift, most), bend = before - 2 * here + after;
        /* the parabola through three points has its top between them */
        if (here >= before && here >= after && bend < 0 && here > 0)
            best = fmax(best, here - (after - before) * (after - before) / (2 * 2 * 2 * bend));
        best = fmax(best, after);
        before = here;
        here = after;
    }
    return fmin(1, best / sqrt(energy(a->shape) * energy(b->shape) * clean(a) * clean(b)));
}
