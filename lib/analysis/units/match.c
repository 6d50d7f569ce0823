/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well a discharge fits a shape: what is left of it at the best shift, against what noise and scatter may leave. */
#include "analysis/units/units.h"

#include <math.h>

enum { NOISE, CLEAR, SMALLER };

static const emgp_rule numbers[] = {
    [NOISE] = EMGP_NUMBER("units.noise", "energy that the shape leaves / the noise's own", EMGP_AT_MOST, EMGP_LIMIT(2),
                          EMGP_OURS,
                          "the noise may leave so much of a discharge, a unit's scatter a share of its energy besides "
                          "(1 - unit.least_correlation^2)"),
    [CLEAR] = EMGP_NUMBER("units.clear", "energy of a discharge / the noise's own", EMGP_AT_LEAST, EMGP_LIMIT(6),
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

float emgp_unit_misfit(const emgp_unit_wave *wave, const emgp_unit_shape *shape, float scatter, int *shift)
{
    const float least = (float)numbers[SMALLER].limit, own = shape->energy[EMGP_UNIT_REACH];
    float best = INFINITY, energy = 0;
    *shift = 0;
    if (wave->energy < least * own || least * wave->energy > own)
        return INFINITY;
    for (int k = 0; k < EMGP_UNIT_SHIFTS; k++) {
        const float *mean = shape->mean + (2 * EMGP_UNIT_REACH - k);
        float product = 0;
        for (int i = 0; i < EMGP_SHAPE; i++)
            product += wave->x[i] * mean[i];
        const float left = wave->energy + shape->energy[k] - 2 * product;
        if (left >= best)
            continue;
        best = left;
        energy = shape->energy[k];
        *shift = k - EMGP_UNIT_REACH;
    }
    return best / ((float)numbers[NOISE].limit * wave->noise + scatter * fminf(energy, wave->energy));
}
