/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting numbers, their middle, the interval of a Poisson count, and quantiles of many in a histogram. */
#include "base/base.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

void emgp_sort(double *x, size_t n)
{
    gsl_sort(x, 1, n);
}

double emgp_median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    return gsl_stats_median(x, 1, n); /* by selection: sorting took a third of the sparse stages' time */
}

static const double largest_exact = 1000; /* beyond, the normal approximation of Wilson and Hilferty serves */

/* Quantile of the chi-square distribution, exact while cheap (Wilson & Hilferty 1931 beyond). */
static double chi_square(double p, double z, double freedom)
{
    if (freedom <= 2 * largest_exact)
        return gsl_cdf_chisq_Pinv(p, freedom);
    double c = 2 / (9 * freedom), root = 1 - c + z * sqrt(c);
    return freedom * root * root * root;
}

void emgp_poisson_interval(double n, double *low, double *high)
{
    *low = n > 0 ? chi_square(0.025, -1.959963985, 2 * n) / 2 : 0;
    *high = chi_square(0.975, 1.959963985, 2 * n + 2) / 2;
}

/* --- histogram: bins divide each octave evenly, so that no logarithm is needed --- */

enum { LOWEST_EXPONENT = -32, N_BINS = EMGP_HISTOGRAM_PER_OCTAVE * EMGP_HISTOGRAM_OCTAVES };

/* Bin of a value: its octave from the exponent, its place in the octave from the mantissa. */
static int bin_of(double value)
{
    int exponent;
    double mantissa = frexp(value, &exponent); /* value = mantissa * 2^exponent, 0.5 <= mantissa < 1 */
    int octave = exponent - 1 - LOWEST_EXPONENT;
    int place = (int)((mantissa - 0.5) * 2 * EMGP_HISTOGRAM_PER_OCTAVE);
    int bin = octave * EMGP_HISTOGRAM_PER_OCTAVE + place;
    return octave < 0 ? 0 : bin >= N_BINS ? N_BINS - 1 : bin;
}

static double edge_of(int bin)
{
    int octave = bin / EMGP_HISTOGRAM_PER_OCTAVE, place = bin % EMGP_HISTOGRAM_PER_OCTAVE;
    return ldexp(1 + (double)place / EMGP_HISTOGRAM_PER_OCTAVE, octave + LOWEST_EXPONENT);
}

void emgp_histogram_add(emgp_histogram *histogram, double value)
{
    if (!(value > 0) || !isfinite(value))
        return;
    histogram->bin[bin_of(value)]++;
    histogram->n++;
}

double emgp_histogram_quantile(const emgp_histogram *histogram, double q)
{
    double target = q * (double)histogram->n, sum = 0;
    for (int i = 0; i < N_BINS && histogram->n > 0; i++) {
        double n = histogram->bin[i];
        if (n > 0 && sum + n >= target) {
            double low = edge_of(i), high = edge_of(i + 1);
            return low + (high - low) * (target - sum) / n;
        }
        sum += n;
    }
    return NAN;
}
