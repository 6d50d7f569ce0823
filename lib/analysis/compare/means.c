/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means with Student's t, and the difference of two means with Welch's, whose variances need not be equal. */
#include "analysis/compare/compare.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const double level = 0.975; /* two-sided 95 % */

/* A mean, and the variance of it. */
typedef struct moments {
    double mean, variance;
} moments;

/* About the first number, so that numbers that are all the same have exactly no variance. */
static moments moments_of(const double *x, size_t n)
{
    double sum = 0, squares = 0;
    if (n == 0)
        return (moments){ NAN, NAN };
    for (size_t i = 0; i < n; i++)
        sum += x[i] - x[0];
    const double middle = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - x[0] - middle) * (x[i] - x[0] - middle);
    return (moments){ x[0] + middle, n > 1 ? squares / (double)(n - 1) / (double)n : NAN };
}

static emg_interval around(double value, double variance, double freedom)
{
    if (!(variance >= 0 && freedom > 0))
        return (emg_interval){ value, NAN, NAN };
    const double reach = gsl_cdf_tdist_Pinv(level, freedom) * sqrt(variance);
    return (emg_interval){ value, value - reach, value + reach };
}

emg_interval emgp_mean(const double *x, size_t n)
{
    const moments m = moments_of(x, n);
    return around(m.mean, m.variance > 0 ? m.variance : NAN, (double)n - 1);
}

emg_means emgp_means_compare(const double *a, size_t n_a, const double *b, size_t n_b)
{
    const moments one = moments_of(a, n_a), other = moments_of(b, n_b);
    const double both = one.variance + other.variance, n[2] = { (double)n_a - 1, (double)n_b - 1 };
    const double freedom =
        both > 0 ? both * both / (one.variance * one.variance / n[0] + other.variance * other.variance / n[1]) : NAN;
    emg_means out = { .mean = { around(one.mean, one.variance, n[0]), around(other.mean, other.variance, n[1]) },
                      .change = around(other.mean - one.mean, both, freedom),
                      .n = { n_a, n_b },
                      .freedom = freedom };
    out.differ = out.change.low > 0 || out.change.high < 0;
    return out;
}
