/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums by column, folded two by two as time goes on. */
#include "run/spectrum/spectrum.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

emg_status emgp_cells_make(emgp_cells *out, size_t n_rows, size_t most, double column_s, emg_error *err)
{
    size_t n;
    *out = (emgp_cells){ .n_rows = n_rows, .most = most + most % 2, .column_s = column_s };
    out->sum = emgp_multiply(out->most, n_rows, &n) ? emgp_alloc(n, sizeof *out->sum) : NULL;
    out->count = emgp_alloc(out->most, sizeof *out->count);
    if (out->sum && out->count)
        return EMG_OK;
    emgp_cells_clear(out);
    return emgp_fail_memory(err);
}

void emgp_cells_clear(emgp_cells *c)
{
    emgp_free(c->sum);
    emgp_free(c->count);
    memset(c, 0, sizeof *c);
}

static void fold(emgp_cells *c)
{
    for (size_t i = 0; i < c->most / 2; i++) {
        double *to = c->sum + i * c->n_rows;
        const double *a = c->sum + 2 * i * c->n_rows, *b = a + c->n_rows;
        for (size_t row = 0; row < c->n_rows; row++)
            to[row] = a[row] + b[row];
        c->count[i] = c->count[2 * i] + c->count[2 * i + 1];
    }
    memset(c->sum + c->most / 2 * c->n_rows, 0, c->most / 2 * c->n_rows * sizeof *c->sum);
    memset(c->count + c->most / 2, 0, c->most / 2 * sizeof *c->count);
    c->n_columns = (c->n_columns + 1) / 2;
    c->column_s *= 2;
}

void emgp_cells_add(emgp_cells *c, double time_s, const double *values)
{
    double column = floor(time_s / c->column_s);
    for (; column >= (double)c->most; column = floor(time_s / c->column_s))
        fold(c);
    size_t at = (size_t)column;
    double *sum = c->sum + at * c->n_rows;
    for (size_t row = 0; row < c->n_rows; row++)
        sum[row] += values[row];
    c->count[at]++;
    c->n_columns = at + 1 > c->n_columns ? at + 1 : c->n_columns;
}

double emgp_cells_mean(const emgp_cells *c, size_t column, size_t row)
{
    return c->count[column] > 0 ? c->sum[column * c->n_rows + row] / (double)c->count[column] : NAN;
}
