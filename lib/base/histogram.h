/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles of positive numbers in fixed memory: a histogram with 32 bins an octave. */
#ifndef EMGP_HISTOGRAM_H
#define EMGP_HISTOGRAM_H

#include <stdint.h>

enum { EMGP_HISTOGRAM_PER_OCTAVE = 32, EMGP_HISTOGRAM_OCTAVES = 64 };

/* Bins from 2^-32 to 2^32; numbers beyond fall into the outermost. Zeroed it is empty. */
typedef struct emgp_histogram {
    uint64_t n;
    uint32_t bin[EMGP_HISTOGRAM_PER_OCTAVE * EMGP_HISTOGRAM_OCTAVES];
} emgp_histogram;

void emgp_histogram_add(emgp_histogram *histogram, double value);

/* The q-quantile, interpolated within its bin (error at most 1.1 %); NaN when empty. */
double emgp_histogram_quantile(const emgp_histogram *histogram, double q);

#endif
