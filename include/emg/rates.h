/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two rates of events compared, with an interval as wide as the scatter of their counts asks for. */
#ifndef EMG_RATES_H
#define EMG_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A figure with its 95 % interval, all three in the figure's unit. NaN: not applicable; high may be infinite. */
typedef struct emg_interval {
    double value, low, high; /* in the unit of the figure */
} emg_interval;

/* Events counted in n stretches of equal length, which together last time_s. */
typedef struct emg_minutes {
    const uint64_t *count; /* n of them */
    size_t n;
    double time_s;
} emg_minutes;

/* What two series of counts come to. Events cluster: their counts a minute scatter more than a Poisson process' would, and
 * a Poisson interval is too narrow. The variance is taken as dispersion times the mean (quasi-Poisson: McCullagh and
 * Nelder 1989, chapter 9), the dispersion from Pearson's statistic of both series, each about its own mean, over its degrees of
 * freedom; below 1 it counts as 1. Bounds are where the deviance over the dispersion reaches the square of Student's t of
 * these degrees of freedom at 0.975; those of the difference follow from the bounds of both rates (Zou and Donner 2008). */
typedef struct emg_rates {
    emg_interval a, b;       /* events a minute */
    emg_interval difference; /* b - a, events a minute */
    emg_interval ratio;      /* b / a; infinite where a has no events */
    double dispersion[2];    /* variance over mean of the counts of a, of b, ratios; NaN: fewer than 2, or no events */
    double widened_by;       /* the dispersion of both together, at least 1: the factor on the variance */
    unsigned freedom;        /* degrees of freedom that it was estimated with; 0: it is not known, and no bounds are */
    bool differ;             /* the interval of the ratio does not hold 1 */
} emg_rates;

/* Compares the rate of b with that of a. Without events in either there is no ratio, and no bounds. EMG_EARG: NULL, no
 * stretches, a time that is not finite and above 0. */
EMG_API EMG_MUST_USE emg_status emg_rates_compare(const emg_minutes *a, const emg_minutes *b, emg_rates *out,
                                                  emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
