/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A straight line through points: by least squares, and by the median of all slopes between two of them. */
#ifndef EMGP_TREND_H
#define EMGP_TREND_H

#include <stddef.h>

#include <emg/status.h>

/* y = at_zero + slope t. */
typedef struct emgp_line {
    double slope, at_zero;
} emgp_line;

/* Both lines through n >= 2 points that do not all have one t, else NaN. `robust`: Theil 1950, Sen 1968 (median of
 * (y_j - y_i) / (t_j - t_i) over all pairs, then the median of y - slope t); takes n (n - 1) / 2 doubles of memory for a
 * while. EMG_ENOMEM. */
emg_status emgp_trend(const double *t, const double *y, size_t n, emgp_line *least_squares, emgp_line *robust,
                      emg_error *err);

#endif
