/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stretch of samples less its mean or its line. */
#include <math.h>
#include <string.h>

#include "dsp/segments.h"

static const double LEAST = 1e-150;

bool emgp_all_finite(const double *x, size_t n)
{
    double sum = 0; /* of zeros; not a number once a sample is infinite or none */
    for (size_t i = 0; i < n; i++)
        sum += x[i] * 0;
    return sum == 0;
}

/* Least squares of d_i = x_i - x_0 over u_i = i - (n - 1) / 2; deviations keep the digits that an offset would cost. */
void emgp_detrend(const double *x, size_t n, emg_detrend detrend, double *y)
{
    if (n == 0)
        return;
    const double first = detrend == EMG_DETREND_NONE ? 0 : x[0], middle = (double)(n - 1) / 2;
    double sum = 0, moment = 0, largest = 0;
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - first;
        y[i] = d;
        sum += d;
        moment += d * ((double)i - middle);
    }
    double mean = detrend == EMG_DETREND_NONE ? 0 : sum / (double)n, slope = 0;
    if (detrend == EMG_DETREND_LINEAR && n > 1)
        slope = moment / ((double)n * ((double)n * (double)n - 1) / 12);
    for (size_t i = 0; i < n; i++) {
        y[i] -= mean + slope * ((double)i - middle);
        largest = fmax(largest, fabs(y[i]));
    }
    if (largest < LEAST)
        memset(y, 0, n * sizeof *y);
}
