/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a known shape lies in a lane's bins, whatever else lies on top of it. */
#ifndef EMGP_HEART_MATCH_H
#define EMGP_HEART_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* A shape in bins: REACH on either side of its middle. At 250 bins a second 60 ms, half a QRS with a high-pass's tails. */
enum { EMGP_HEART_REACH = 15, EMGP_HEART_SHAPE = 2 * EMGP_HEART_REACH + 1 };

typedef struct emgp_heart_matcher {
    const double *shape; /* EMGP_HEART_SHAPE values */
    double square;       /* what one bin counts for at most, squared: what lies on top of a beat does not hide it */
    double most;         /* what a perfect beat is worth */
    double high, low;    /* height and depth of the shape */
    long high_at, low_at;
} emgp_heart_matcher;

emgp_heart_matcher emgp_heart_matcher_of(const double *shape, double sigma);

/* The next place from bin *at on, before `end`, of n bins, at which subtracting the shape takes away at least `least` of
 * its own energy, and more than at the `ahead` bins after it: *at becomes the place. False: none, *at is end. */
bool emgp_heart_match(const emgp_heart_matcher *m, const float *bins, size_t n, size_t end, size_t ahead, double least,
                      size_t *at);

#endif
