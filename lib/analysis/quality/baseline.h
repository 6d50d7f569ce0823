/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pops: steps of the raw baseline that come back slowly, or not. */
#ifndef EMGP_BASELINE_H
#define EMGP_BASELINE_H

#include <stddef.h>

/* Bins (of 2.5 ms) that the test of a bin reads before it and from it on. */
enum { EMGP_POP_BEFORE = 16, EMGP_POP_AFTER = 26 };

/* The largest pop that begins in bins first to end - 1 of a baseline of n bins: the size of its step, 0 for none. A step
 * counts when it exceeds `ratio` times how far the baseline scatters before it and about its way back. */
double emgp_baseline_pop(const double *slow, size_t n, size_t first, size_t end, double ratio);

#endif
