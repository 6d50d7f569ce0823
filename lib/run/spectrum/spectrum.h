/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features and spectra of a recording as rows and pictures. */
#ifndef EMGP_RUN_SPECTRUM_SPECTRUM_H
#define EMGP_RUN_SPECTRUM_SPECTRUM_H

#include <stddef.h>
#include <stdint.h>

#include <emg/feature_rows.h>
#include <emg/run.h>
#include <emg/status.h>

#include "analysis/features/features.h"
#include "run/run.h"

/* ---- cells.c: Columns of values over time in bounded memory: when no room is left, neighbouring columns are averaged. */

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

/* ---- learn.c: A first pass over a recording: what each channel's noise, rest and maximum are. ---- */

/* What to look for. */
typedef struct emgp_learn_plan {
    bool noise, highest;
    const emgp_marks *marks; /* whose rest counts; NULL: none */
} emgp_learn_plan;

/* Goes through all of a pass; channels[0 .. its channels - 1] take what was found, NaN for those left out. */
emg_status emgp_learn(emgp_survey_channel *channels, emgp_pass *pass, const emgp_learn_plan *plan, emg_error *err);

/* The highest moving RMS that each channel of `recording` has in the file at mvc_path (emg_run_features says which belong
 * together); NaN where none does. EMG_EARG when that is all of them. */
emg_status emgp_learn_maxima(double *maxima, emg_recording *recording, const char *mvc_path,
                             const emg_run_config *config, emg_error *err);

/* ---- rows.c: Rows of several groups put in order of time: held until no earlier one can come any more. ---- */

typedef struct emgp_rows {
    struct emgp_held_row *held;
    size_t n, room;
} emgp_rows;

/* Microseconds, as a row's onset is printed: the unit in which rows are ordered. */
int64_t emgp_rows_key(double onset_s);

/* Copies a row with its band_power and band_share (n_bands values each) and its density. EMG_ENOMEM. */
emg_status emgp_rows_push(emgp_rows *rows, const emg_feature_window *row, size_t n_bands, emg_error *err);

/* Hands out all rows whose key is below `bound`, by key, then channel. EMG_ECANCELLED when `take` says so. */
emg_status emgp_rows_release(emgp_rows *rows, int64_t bound, emg_feature_take *take, void *context, emg_error *err);

void emgp_rows_free(emgp_rows *rows);

#endif
