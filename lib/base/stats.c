/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting numbers, and their middle. */
#include "base/base.h"

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
    emgp_sort(x, n);
    return gsl_stats_median_from_sorted_data(x, 1, n);
}
