/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A power density over a run of bins in numbers: sums of powers of the frequency, edges, flatness. */
#ifndef EMGP_DENSITY_H
#define EMGP_DENSITY_H

#include <stddef.h>

/* Bins from..to-1 of a density p whose bin i lies at i * step_hz. */
typedef struct emgp_density {
    const double *p;
    size_t from, to;
    double step_hz;
} emgp_density;

/* The bins i of n with low_hz <= i * step_hz <= high_hz; one that rounding alone keeps out counts as inside. */
emgp_density emgp_density_within(const double *p, size_t n, double step_hz, double low_hz, double high_hz);

/* sum f^k p step_hz, k from -1 up. With k = -1 the bin at 0 Hz is left out. */
double emgp_density_moment(const emgp_density *bins, int k);

/* sum (f - centre)^k p / sum p, k from 2 to 4; NaN without power. */
double emgp_density_central(const emgp_density *bins, double centre_hz, int k);

/* The frequency below which a share of the power lies, each bin's power spread evenly over its width; NaN without. */
double emgp_density_edge(const emgp_density *bins, double share);

/* Geometric over arithmetic mean of p: 0 where a bin is empty, 1 for a flat density; NaN without power. */
double emgp_density_flatness(const emgp_density *bins);

/* Highest mean of p over `width` neighbouring bins; NaN when fewer lie in the run. *lowest takes the lowest such mean,
 * *highest_hz the middle of the highest; either may be NULL. */
double emgp_density_highest(const emgp_density *bins, size_t width, double *lowest, double *highest_hz);

#endif
