/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of the intervals of a train: how regular it is, by measures that misses and extras do not wreck. */
#ifndef EMGP_INTERVALS_H
#define EMGP_INTERVALS_H

#include <stddef.h>

typedef struct emgp_intervals {
    size_t n; /* intervals */
    double mean_s, median_s;
    double cv;   /* sd / mean; NaN below 2 intervals */
    double rcv;  /* 1.4826 median |I - M| / M */
    double cv2;  /* mean 2 |I' - I| / (I' + I) (Holt 1996) */
    double lv;   /* 3/(n-1) sum ((I - I')/(I + I'))^2 (Shinomoto 2003) */
    double lvr;  /* LV with each term times 1 + 4R/(I + I'), R = 5 ms (Shinomoto 2009) */
    double fold; /* share of intervals within 25 % of one, two or three medians */
} emgp_intervals;

enum { EMGP_MOST_INTERVALS = 1024 };

/* Over n intervals in seconds, all > 0; more than EMGP_MOST_INTERVALS are cut. Values that need more intervals are NaN. */
emgp_intervals emgp_intervals_of(const double *interval_s, size_t n);

/* The median of n values (the mean of the middle two); reorders x; NaN when n = 0. */
double emgp_median(double *x, size_t n);

#endif
