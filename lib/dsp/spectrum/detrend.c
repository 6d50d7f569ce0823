/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stretch of samples less its mean or its line. */
#include <math.h>
#include <string.h>

#include "dsp/spectrum/spectrum.h"

static const double LEAST = 1e-150;

/* Sums run in eight parts, always in this order: in vector registers where there are some, the same bits everywhere. */
enum { PARTS = 8 };

static double joined(const double *part)
{
    return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

/* Of zeros; not a number once a sample is infinite or none. */
bool emgp_all_finite(const double *x, size_t n)
{
    double part[PARTS] = { 0 };
    size_t i = 0;
    for (; i + PARTS <= n; i += PARTS) {
        for (size_t j = 0; j < PARTS; j++)
            part[j] += x[i + j] * 0;
    }
    for (; i < n; i++)
        part[0] += x[i] * 0;
    return joined(part) == 0;
}

static double sum_of(const double *x, size_t n)
{
    double part[PARTS] = { 0 };
    size_t i = 0;
    for (; i + PARTS <= n; i += PARTS) {
        for (size_t j = 0; j < PARTS; j++)
            part[j] += x[i + j];
    }
    for (; i < n; i++)
        part[0] += x[i];
    return joined(part);
}

/* Least squares over u_i = i - (n - 1) / 2: sum u x / sum u^2. */
static double slope_of(const double *x, size_t n)
{
    const double middle = (double)(n - 1) / 2;
    double moment = 0;
    for (size_t i = 0; i < n; i++)
        moment += x[i] * ((double)i - middle);
    return n > 1 ? moment / ((double)n * ((double)n * (double)n - 1) / 12) : 0;
}

/* Deviations from the first sample keep the digits that an offset would cost. */
void emgp_detrend(const double *x, size_t n, emg_detrend detrend, double *y)
{
    if (n == 0)
        return;
    const double first = detrend == EMG_DETREND_NONE ? 0 : x[0], middle = (double)(n - 1) / 2;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] - first;
    if (detrend != EMG_DETREND_NONE) {
        const double mean = sum_of(y, n) / (double)n, slope = detrend == EMG_DETREND_LINEAR ? slope_of(y, n) : 0;
        for (size_t i = 0; i < n; i++)
            y[i] -= mean + slope * ((double)i - middle);
    }
    int large = 0;
    for (size_t i = 0; i < n; i++)
        large |= fabs(y[i]) >= LEAST;
    if (!large)
        memset(y, 0, n * sizeof *y);
}
