/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interval statistics: moments through GSL, local and robust measures by their definitions. */
#include "analysis/decide/decide.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

enum { LV_SCALE, LVR_REFRACTORY, LVR_SCALE, FOLD_MOST, FOLD_NEAR, MAD_SCALE };

static const emgp_rule numbers[] = {
    [LV_SCALE] = EMGP_NUMBER("intervals.lv_scale", "LV", EMGP_ALWAYS, EMGP_LIMIT(3), "Shinomoto 2003",
                             "LV = 3/(n-1) sum ((I - I')/(I + I'))^2, which is 1 for a Poisson train"),
    [LVR_REFRACTORY] = EMGP_NUMBER("intervals.lvr_refractory_s", "LvR", EMGP_ALWAYS, EMGP_LIMIT(0.005),
                                   "Shinomoto 2009", "refractory time R"),
    [LVR_SCALE] = EMGP_NUMBER("intervals.lvr_scale", "LvR", EMGP_ALWAYS, EMGP_LIMIT(4), "Shinomoto 2009",
                              "each term of LV times 1 + 4R/(I + I')"),
    [FOLD_MOST] = EMGP_NUMBER("intervals.fold_most", "interval / median, rounded", EMGP_AT_MOST, EMGP_LIMIT(3),
                              EMGP_OURS, "intervals of one, two or three medians count for the fold"),
    [FOLD_NEAR] = EMGP_NUMBER("intervals.fold_near", "distance from that / median", EMGP_AT_MOST, EMGP_LIMIT(0.25),
                              EMGP_OURS, "when they are so near"),
    [MAD_SCALE] = EMGP_NUMBER("intervals.mad_scale", "rCV", EMGP_ALWAYS, EMGP_LIMIT(1.4826), "normal distribution",
                              "rCV = 1.4826 median(abs(I - M)) / M: the scale makes it the CV of normal intervals"),
};

emgp_rules emgp_intervals_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

double emgp_rcv(double *x, size_t n, double median)
{
    for (size_t i = 0; i < n; i++)
        x[i] = fabs(x[i] - median);
    return numbers[MAD_SCALE].limit * emgp_median(x, n) / median;
}

static void local_measures(emgp_intervals *out, const double *x, size_t n)
{
    double cv2 = 0, lv = 0, lvr = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double sum = x[i] + x[i + 1], ratio = (x[i] - x[i + 1]) / sum;
        cv2 += 2 * fabs(ratio);
        double term = numbers[LV_SCALE].limit * ratio * ratio;
        lv += term;
        lvr += term * (1 + numbers[LVR_SCALE].limit * numbers[LVR_REFRACTORY].limit / sum);
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
        double k = round(x[i] / median);
        near += k >= 1 && k <= numbers[FOLD_MOST].limit && fabs(x[i] - k * median) <= numbers[FOLD_NEAR].limit * median;
    }
    return (double)near / (double)n;
}

/* Root mean square of the distances from whole medians. */
static double off_of(const double *x, size_t n, double median)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        const double off = x[i] / median - fmax(round(x[i] / median), 1);
        squares += off * off;
    }
    return sqrt(squares / (double)n);
}

emgp_intervals emgp_intervals_of(const double *interval_s, size_t n)
{
    emgp_intervals out = { 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    double scratch[EMGP_MOST_INTERVALS];
    out.n = n = n < EMGP_MOST_INTERVALS ? n : EMGP_MOST_INTERVALS;
    if (n == 0)
        return out;
    out.mean_s = gsl_stats_mean(interval_s, 1, n);
    memcpy(scratch, interval_s, n * sizeof *scratch);
    out.median_s = emgp_median(scratch, n);
    out.fold = fold_share(interval_s, n, out.median_s);
    out.off = off_of(interval_s, n, out.median_s);
    local_measures(&out, interval_s, n);
    if (n < 2)
        return out;
    out.cv = gsl_stats_sd(interval_s, 1, n) / out.mean_s;
    out.rcv = emgp_rcv(scratch, n, out.median_s);
    return out;
}
