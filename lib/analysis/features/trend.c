/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines through points. */
#include "analysis/features/features.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_fit.h>
#include <gsl/gsl_statistics_double.h>

#include "base/base.h"

/* room: n (n - 1) / 2 values. Each is used twice: for the slopes, then for what is left of each point. */
static emgp_line robust_line(const double *t, const double *y, size_t n, double *room)
{
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            if (t[j] > t[i] || t[j] < t[i])
                room[pairs++] = (y[j] - y[i]) / (t[j] - t[i]);
        }
    }
    emgp_line line = { pairs ? gsl_stats_median(room, 1, pairs) : NAN, NAN };
    for (size_t i = 0; i < n; i++)
        room[i] = y[i] - line.slope * t[i];
    line.at_zero = gsl_stats_median(room, 1, n);
    return line;
}

static bool all_at_once(const double *t, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (t[i] > t[0] || t[i] < t[0])
            return false;
    }
    return true;
}

emg_status emgp_trend(const double *t, const double *y, size_t n, emgp_line *least_squares, emgp_line *robust,
                      emg_error *err)
{
    *least_squares = *robust = (emgp_line){ NAN, NAN };
    if (n < 2 || all_at_once(t, n))
        return EMG_OK;
    size_t n_pairs;
    double *room = emgp_multiply(n, n - 1, &n_pairs) ? emgp_alloc(n_pairs / 2 + n, sizeof *room) : NULL;
    if (!room)
        return emgp_fail_memory(err);
    double c00, c01, c11, left;
    gsl_fit_linear(t, 1, y, 1, n, &least_squares->at_zero, &least_squares->slope, &c00, &c01, &c11, &left);
    *robust = robust_line(t, y, n, room);
    emgp_free(room);
    return EMG_OK;
}
