/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for a train of one shape at a heart's rate in a lane's bins. */
#ifndef EMGP_HEART_FIND_H
#define EMGP_HEART_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "condition/ecg/match.h"

enum { EMGP_HEART_MOST = 64 };

typedef struct emgp_heart_train {
    size_t n;
    double at[EMGP_HEART_MOST]; /* middles of the beats, in bins */
    double period;              /* in bins */
} emgp_heart_train;

/* How even a train is, by its intervals. */
typedef struct emgp_heart_evenness {
    double period; /* median interval */
    double cv;     /* sd / mean of the intervals about one period long; NaN when there are fewer than 2 */
    double share;  /* of all intervals, those about one period, or about two (a missed beat), or split by one stray */
    size_t n_whole, n_missed;
} emgp_heart_evenness;

emgp_heart_evenness emgp_heart_evenness_of(const double *at, size_t n);

/* The most conspicuous train in n bins, of which sigma is the noise: 8 beats or more of one shape, 40 to 180 a minute,
 * 85 % of their intervals even. False when there is none, or when more than 6 waves a second stand out. Peaks sharper than
 * most_hz are not looked at. */
bool emgp_heart_find(const float *x, size_t n, double bins_per_s, double sigma, double most_hz, emgp_heart_train *out);

/* Root mean square frequency of a shape. */
double emgp_heart_frequency(const double *shape, double bins_per_s);

/* Robust standard deviation of n bins (every eighth is looked at). */
double emgp_heart_sigma(const float *x, size_t n);

#endif
