/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signals of oracle_spectrum.py, and values held against its figures. */
#ifndef DSP_SPECTRA_H
#define DSP_SPECTRA_H

#include "oracle_spectrum.h"
#include "dsp/signal.h"

/* Noise, a line at 80 Hz, an offset and a drift. */
static inline double *spectra_x(size_t n)
{
    double *x = signal_new(n);
    uint64_t seed = 21;
    for (size_t i = 0; i < n; i++)
        x[i] = signal_noise(&seed) + 2 * sin(2 * TEST_PI * 80 * (double)i / ORACLE_RATE) + 5 + 0.001 * (double)i;
    return x;
}

/* x four samples late, in noise of its own. */
static inline double *spectra_y(const double *x, size_t n)
{
    double *y = signal_new(n);
    uint64_t seed = 22;
    for (size_t i = 0; i < n; i++)
        y[i] = 0.5 * signal_noise(&seed) - 3 + (i < 4 ? 0 : 0.8 * x[i - 4]);
    return y;
}

/* Which of n items the i-th of oracle_at is. */
static inline size_t spectra_at(size_t i, size_t n)
{
    return (size_t)(oracle_at[i] * (double)(n - 1) + 0.5);
}

/* Holds n items of `parts` numbers against an oracle's n_at of them, taken at oracle_at: to `tolerance` of each, or to
 * 1e-14 of the largest of them where that is more. */
static inline void spectra_compare(const char *what, size_t which, const double *value, size_t n, size_t parts,
                                   const double *oracle, size_t n_at, double tolerance)
{
    double largest = 0;
    for (size_t i = 0; i < parts * n_at; i++)
        largest = fmax(largest, fabs(oracle[i]));
    for (size_t i = 0; i < parts * n_at; i++) {
        size_t at = spectra_at(i / parts, n) * parts + i % parts;
        if (!(fabs(value[at] - oracle[i]) <= tolerance * fabs(oracle[i]) + 1e-14 * largest))
            fail_msg("%s %zu, number %zu: %.15g, expected %.15g", what, which, at, value[at], oracle[i]);
    }
}

#endif
