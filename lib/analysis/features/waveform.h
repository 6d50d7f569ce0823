/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stretch of samples in numbers: sums, counts of steps and changes of direction, shape of the distribution. */
#ifndef EMGP_WAVEFORM_H
#define EMGP_WAVEFORM_H

#include <stddef.h>

/* x[0..n), finite. All are NaN where they are not defined (n too small, 0 / 0). */
typedef struct emgp_sums {
    double absolute; /* sum |x| */
    double squares;  /* sum x^2 */
    double path;     /* sum |x_{i+1} - x_i| */
    double largest;  /* max |x|; 0 for n = 0 */
} emgp_sums;

emgp_sums emgp_waveform_sums(const double *x, size_t n);

/* Steps and changes of direction that reach a threshold (>= 0). */
typedef struct emgp_counts {
    size_t crossings; /* x_i x_{i+1} < 0 and |x_i - x_{i+1}| >= threshold */
    size_t slopes;    /* (x_i - x_{i-1})(x_i - x_{i+1}) > 0 and the larger of the two in size >= threshold */
    size_t steps;     /* |x_i - x_{i+1}| >= threshold */
} emgp_counts;

emgp_counts emgp_waveform_counts(const double *x, size_t n, double threshold);

/* Turns: the signal swings from one extreme to the next, each swing at least `threshold` (> 0) long; smaller wiggles do
 * not count. An extreme is a turn once the signal has gone back from it by the threshold; the first extreme has no
 * swing before it and only serves as the origin of the next.
 *
 *        b         d        threshold  |
 *       / \   c   / \                  |
 *   ___/   \_/\__/   \__   a turn: b (after the origin a), c..d only where the swing between them is long enough
 *  a
 */
typedef struct emgp_turns {
    size_t n;
    double path; /* sum of the swings that end in a turn */
} emgp_turns;

emgp_turns emgp_waveform_turns(const double *x, size_t n, double threshold);

/* Mean of x_i^2 - x_{i-1} x_{i+1} (Kaiser 1990) over the n - 2 inner samples; NaN for n < 3. */
double emgp_waveform_energy(const double *x, size_t n);

/* m4 / m2^2 about the mean, with divisor n: 3 for Gaussian noise. NaN for a constant. */
double emgp_waveform_kurtosis(const double *x, size_t n);

/* Sample entropy (Richman and Moorman 2000): -ln(A / B), B and A the pairs of the n - m templates of m and of m + 1
 * samples that differ nowhere by more than `radius`. NaN while A is 0 or n <= m + 1. Time grows with n squared. */
double emgp_waveform_entropy(const double *x, size_t n, size_t m, double radius);

/* Standard deviation with divisor n; NaN for n = 0. */
double emgp_waveform_deviation(const double *x, size_t n);

#endif
