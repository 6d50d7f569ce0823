/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of several groups put in order of time: held until no earlier one can come any more. */
#ifndef EMGP_ROWS_H
#define EMGP_ROWS_H

#include <emg/feature_rows.h>

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
