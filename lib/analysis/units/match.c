/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well a discharge fits a shape: what is left of it at the best shift, against what noise and scatter may leave. */
#include "analysis/units/units.h"

#include <math.h>

#include "dsp/kernels/kernels.h"

enum { NOISE, CLEAR, SMALLER };

enum { ROUNDS = 4 };

static const emgp_rule numbers[] = {
    [NOISE] = EMGP_NUMBER("units.noise", "energy that the shape leaves / the noise's own", EMGP_AT_MOST, EMGP_LIMIT(2),
                          EMGP_OURS,
                          "the noise may leave so much of a discharge, a unit's scatter a share of its energy besides "
                          "(1 - unit.least_correlation^2)"),
    [CLEAR] = EMGP_NUMBER("units.clear", "energy of a discharge / the noise's own", EMGP_AT_LEAST, EMGP_LIMIT(3),
                          EMGP_OURS, "it is so clear that a unit may be founded on it"),
    [SMALLER] = EMGP_NUMBER("units.smaller", "energy of a discharge / its unit's", EMGP_AT_LEAST, EMGP_LIMIT(0.25),
                            EMGP_OURS, "it may be that unit's, and not above the reciprocal either"),
};

emgp_rules emgp_unit_match_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

void emgp_unit_wave_of(const emgp_discharge *d, emgp_unit_wave *out)
{
    const float scale = d->peak / (float)INT8_MAX;
    out->energy = 0;
    for (int i = 0; i < EMGP_SHAPE; i++) {
        out->x[i] = scale * (float)d->shape[i];
        out->energy += out->x[i] * out->x[i];
    }
    out->noise = d->sigma * d->sigma * (float)EMGP_SHAPE;
}

bool emgp_unit_wave_clear(const emgp_unit_wave *wave)
{
    return wave->energy >= (float)numbers[CLEAR].limit * wave->noise;
}

void emgp_unit_shape_add(emgp_unit_shape *shape, const emgp_unit_wave *wave, int shift, float memory)
{
    for (int i = 0; i < EMGP_SHAPE; i++) {
        const int at = EMGP_UNIT_REACH - shift + i;
        shape->weight[at] = fminf(shape->weight[at] + 1, memory);
        shape->mean[at] += (wave->x[i] - shape->mean[at]) / shape->weight[at];
    }
}

void emgp_unit_shape_settle(emgp_unit_shape *shape)
{
    for (int k = 0; k < EMGP_UNIT_SHIFTS; k++) {
        float sum = 0;
        for (int i = 0; i < EMGP_SHAPE; i++) {
            const float m = shape->mean[2 * EMGP_UNIT_REACH + i - k];
            sum += m * m;
        }
        shape->energy[k] = sum;
    }
}

/* The shift at which least is left, whatever the sizes. */
static emgp_unit_fit best_shift(const emgp_unit_wave *wave, const emgp_unit_shape *shape)
{
    float product[EMGP_UNIT_SHIFTS], least = INFINITY;
    int at = 0;
    emgp_lanes_for(EMGP_UNIT_SHIFTS)
        ->lags_float(wave->x, EMGP_SHAPE, shape->mean, EMGP_UNIT_POINTS, EMGP_UNIT_SHIFTS, product);
    for (int k = 0; k < EMGP_UNIT_SHIFTS; k++) {
        const float left = wave->energy + shape->energy[k] - 2 * product[2 * EMGP_UNIT_REACH - k];
        at = left < least ? k : at;
        least = left < least ? left : least;
    }
    return least < INFINITY ? (emgp_unit_fit){ least, shape->energy[at], at - EMGP_UNIT_REACH }
                            : (emgp_unit_fit){ .left = INFINITY };
}

emgp_unit_fit emgp_unit_fit_of(const emgp_unit_wave *wave, const emgp_unit_shape *shape)
{
    const float least = (float)numbers[SMALLER].limit, own = shape->energy[EMGP_UNIT_REACH];
    if (wave->energy < least * own || least * wave->energy > own)
        return (emgp_unit_fit){ .left = INFINITY };
    return best_shift(wave, shape);
}

/* The wave without a shape. */
static emgp_unit_wave rest_of(const emgp_unit_wave *wave, const emgp_unit_shape *shape, int shift)
{
    emgp_unit_wave rest = { .noise = wave->noise };
    for (int i = 0; i < EMGP_SHAPE; i++) {
        rest.x[i] = wave->x[i] - shape->mean[EMGP_UNIT_REACH - shift + i];
        rest.energy += rest.x[i] * rest.x[i];
    }
    return rest;
}

/* Each in turn beside what the other leaves, the first alone to begin with; alone: how that fits, if it was measured. */
static emgp_unit_fit descend(const emgp_unit_wave *wave, const emgp_unit_shape *first, const emgp_unit_shape *second,
                             const emgp_unit_fit *alone)
{
    emgp_unit_fit fit = alone->left < INFINITY ? *alone : best_shift(wave, first), other = fit;
    for (int round = 0; round < ROUNDS; round++) {
        const int before = fit.shift;
        const emgp_unit_wave without_first = rest_of(wave, first, before);
        other = best_shift(&without_first, second);
        const emgp_unit_wave without_second = rest_of(wave, second, other.shift);
        fit = best_shift(&without_second, first);
        if (fit.shift == before)
            break;
    }
    fit.energy += other.energy;
    return fit;
}

emgp_unit_fit emgp_unit_pair_of(const emgp_unit_wave *wave, const emgp_unit_shape *first, const emgp_unit_shape *second,
                                const emgp_unit_fit alone[2])
{
    const emgp_unit_fit one = descend(wave, first, second, &alone[0]), two = descend(wave, second, first, &alone[1]);
    return one.left <= two.left ? one : two;
}

float emgp_unit_misfit(const emgp_unit_wave *wave, const emgp_unit_fit *fit, float scatter)
{
    return fit->left / ((float)numbers[NOISE].limit * wave->noise + scatter * fminf(fit->energy, wave->energy));
}
