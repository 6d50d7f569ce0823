/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clear discharges that no unit has, compared each with each: which of them are alike, and the shape that they found. */
#include "analysis/units/units.h"

#include <string.h>

void emgp_founders_compare(emgp_founders *f)
{
    memset(f->used, false, sizeof f->used);
    memset(f->left, true, sizeof f->left);
    for (size_t k = 0; k < f->n; k++) {
        emgp_unit_shape shape = { .weight = { 0 } };
        emgp_unit_shape_add(&shape, f->wave[k], 0, 1);
        emgp_unit_shape_settle(&shape);
        for (size_t i = 0; i < f->n; i++) {
            const emgp_unit_fit fit = emgp_unit_fit_of(f->wave[i], &shape);
            f->alike[k][i] = emgp_unit_misfit(f->wave[i], &fit, f->scatter) < 1;
            f->shift[k][i] = (int8_t)fit.shift;
        }
    }
}

size_t emgp_founders_most_alike(emgp_founders *f, size_t *n)
{
    size_t best = 0;
    *n = 0;
    for (size_t k = 0; k < f->n; k++) {
        size_t count = 0;
        for (size_t i = 0; i < f->n; i++)
            count += f->left[i] && f->alike[k][i];
        if (f->left[k] && !f->used[k] && count > *n) {
            best = k;
            *n = count;
        }
    }
    f->used[best] = true;
    return best;
}

/* The mean of those in `member`, at their shifts. */
static void mean_of(const emgp_founders *f, const bool *member, const int8_t *shift, emgp_unit_shape *shape)
{
    memset(shape, 0, sizeof *shape);
    for (size_t i = 0; i < f->n; i++)
        if (member[i])
            emgp_unit_shape_add(shape, f->wave[i], shift[i], EMGP_MOST_FOUNDERS);
    emgp_unit_shape_settle(shape);
}

size_t emgp_founders_shape(const emgp_founders *f, size_t centre, bool *member, emgp_unit_shape *out)
{
    int8_t shift[EMGP_MOST_FOUNDERS];
    emgp_unit_shape first;
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        member[i] = f->left[i] && f->alike[centre][i];
    mean_of(f, member, f->shift[centre], &first);
    for (size_t i = 0; i < f->n; i++) {
        const emgp_unit_fit fit = emgp_unit_fit_of(f->wave[i], &first);
        member[i] = f->left[i] && emgp_unit_misfit(f->wave[i], &fit, f->scatter) < 1;
        shift[i] = (int8_t)fit.shift;
        n += member[i];
    }
    mean_of(f, member, shift, out);
    return n;
}
