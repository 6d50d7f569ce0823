/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interval statistics: moments through GSL, local and robust measures by their definitions. */
#include "analysis/classify/classify.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

static const double refractory_s = 0.005; /* R of LvR */

static void local_measures(emgp_intervals *out, const double *x, size_t n)
{
    double cv2 = 0, lv = 0, lvr = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double sum = x[i] + x[i + 1], ratio = (x[i] - x[i + 1]) / sum;
        cv2 += 2 * fabs(ratio);
        lv += 3 * ratio * ratio;
        lvr += 3 * ratio * ratio * (1 + 4 * refractory_s / sum);
    }
    double pairs = (double)(n - 1);
    out->cv2 = n > 1 ? cv2 / pairs : NAN;
    out->lv = n > 1 ? lv / pairs : NAN;
    out->lvr = n > 1 ? lvr / pairs : NAN;
}

static double fold_share(const double *x, size_t n, double median)
{
    size_t near = 0;
    for (size_t i = 0; i < n; i++) {
        double k = floor(x[i] / median + 0.5);
        near += k >= 1 && k <= 3 && fabs(x[i] - k * median) <= 0.25 * median;
    }
    return (double)near / (double)n;
}

emgp_intervals emgp_intervals_of(const double *interval_s, size_t n)
{
    emgp_intervals out = { 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    double scratch[EMGP_MOST_INTERVALS];
    out.n = n = n < EMGP_MOST_INTERVALS ? n : EMGP_MOST_INTERVALS;
    if (n == 0)
        return out;
    out.mean_s = gsl_stats_mean(interval_s, 1, n);
    memcpy(scratch, interval_s, n * sizeof *scratch);
    out.median_s = emgp_median(scratch, n);
    out.fold = fold_share(interval_s, n, out.median_s);
    local_measures(&out, interval_s, n);
    if (n < 2)
        return out;
    out.cv = gsl_stats_sd(interval_s, 1, n) / out.mean_s;
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabs(interval_s[i] - out.median_s);
    out.rcv = 1.4826 * emgp_median(scratch, n) / out.median_s;
    return out;
}
