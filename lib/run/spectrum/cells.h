/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of values over time in bounded memory: when no room is left, neighbouring columns are averaged. */
#ifndef EMGP_CELLS_H
#define EMGP_CELLS_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

/* Column c holds sums of what was added from c * column_s on; a mean is sum / count. */
typedef struct emgp_cells {
    size_t n_rows, most; /* rows; most columns, an even number */
    size_t n_columns;    /* up to the last that holds something */
    double column_s;     /* width of a column; doubles whenever they fold */
    double *sum;         /* [most][n_rows] */
    uint32_t *count;     /* [most] */
} emgp_cells;

/* EMG_ENOMEM; *out is zeroed then. `most` is rounded up to an even number. */
emg_status emgp_cells_make(emgp_cells *out, size_t n_rows, size_t most, double column_s, emg_error *err);
void emgp_cells_clear(emgp_cells *cells);

/* Adds n_rows values at a time of 0 or later. */
void emgp_cells_add(emgp_cells *cells, double time_s, const double *values);

/* The mean in a cell; NaN in a column that holds nothing. */
double emgp_cells_mean(const emgp_cells *cells, size_t column, size_t row);

#endif
