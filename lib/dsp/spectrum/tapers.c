/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discrete prolate spheroidal sequences, as eigenvectors of the tridiagonal matrix that shares them. */
#include <emg/window.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

/* Slepian 1978: the matrix with diagonal ((n - 1 - 2 i) / 2)^2 cos(2 pi W) and, beside it, i (n - i) / 2 commutes with
 * the one whose eigenvalues are the energy shares, and its eigenvalues lie well apart. It is the same from both ends,
 * so that its vectors are even and odd by turns: each kind comes from a matrix of half the size, folded at the middle.
 *
 *   even, n = 2 h:     last diagonal + last side         v = (u, mirror u)
 *   odd,  n = 2 h:     last diagonal - last side         v = (u, - mirror u)
 *   even, n = 2 h + 1: middle kept, its side times root 2, v's middle is root 2 u's
 *   odd,  n = 2 h + 1: middle is 0 and left out
 */

enum { TURNS = 2 };

typedef struct tridiagonal {
    size_t n;
    double *block;                  /* holds all of these */
    double *diagonal, *side;        /* side[i] lies between i and i + 1 */
    double *pivot, *upper, *second; /* T - x as rows of a triangle with two bands above the diagonal ... */
    double *share;                  /* ... and how much of each row was taken from the next */
    double *vector;
    unsigned char *swapped; /* the row has changed places with the next */
} tridiagonal;

static bool tridiagonal_start(tridiagonal *t, size_t n)
{
    *t = (tridiagonal){ 0 };
    t->block = emgp_alloc(7 * n, sizeof *t->block);
    t->swapped = emgp_alloc(n, sizeof *t->swapped);
    if (!t->block || !t->swapped)
        return false;
    double **const parts[7] = { &t->diagonal, &t->side, &t->pivot, &t->upper, &t->second, &t->share, &t->vector };
    for (size_t i = 0; i < 7; i++)
        *parts[i] = t->block + i * n;
    return true;
}

static void tridiagonal_stop(tridiagonal *t)
{
    emgp_free(t->block);
    emgp_free(t->swapped);
}

static void fold(tridiagonal *t, size_t n, double w, bool even)
{
    const size_t half = n / 2;
    const double cosine = cos(2 * PI * w);
    t->n = n % 2 && even ? half + 1 : half;
    for (size_t i = 0; i < t->n; i++) {
        double middle = ((double)n - 1 - 2 * (double)i) / 2;
        t->diagonal[i] = middle * middle * cosine;
        t->side[i] = (double)(i + 1) * (double)(n - i - 1) / 2;
    }
    if (n % 2 == 0)
        t->diagonal[half - 1] += even ? t->side[half - 1] : -t->side[half - 1];
    else if (even && half > 0)
        t->side[half - 1] *= sqrt(2);
}

/* How many eigenvalues lie above x: signs of the pivots of T - x (Sturm). */
static size_t count_above(const tridiagonal *t, double x, double least)
{
    size_t above = 0;
    double pivot = 1;
    for (size_t i = 0; i < t->n; i++) {
        double side = i > 0 ? t->side[i - 1] : 0;
        pivot = t->diagonal[i] - x - (i > 0 ? side * side / pivot : 0);
        if (fabs(pivot) < least)
            pivot = -least;
        above += pivot > 0;
    }
    return above;
}

/* The rank-th largest eigenvalue, from 0, by bisection from Gershgorin's bounds. */
static double eigenvalue(const tridiagonal *t, size_t rank)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        double reach = (i > 0 ? t->side[i - 1] : 0) + (i + 1 < t->n ? t->side[i] : 0);
        low = fmin(low, t->diagonal[i] - reach);
        high = fmax(high, t->diagonal[i] + reach);
    }
    double size = fmax(fabs(low), fabs(high)), least = DBL_EPSILON * DBL_EPSILON * fmax(size, 1);
    low -= DBL_EPSILON * fmax(size, 1);
    high += DBL_EPSILON * fmax(size, 1);
    while (high - low > DBL_EPSILON * size + least) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if (count_above(t, middle, least) > rank)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

/* Gaussian elimination of T - x, rows swapped for the larger pivot. A pivot of 0, which an eigenvalue found to the last
 * bit gives, becomes `least`. */
static void factor(tridiagonal *t, double x, double least)
{
    double pivot = t->diagonal[0] - x, upper = t->n > 1 ? t->side[0] : 0;
    for (size_t i = 0; i + 1 < t->n; i++) {
        double below = t->side[i], diagonal = t->diagonal[i + 1] - x, next = i + 2 < t->n ? t->side[i + 1] : 0;
        t->swapped[i] = fabs(below) > fabs(pivot);
        if (t->swapped[i]) {
            t->pivot[i] = below;
            t->upper[i] = diagonal;
            t->second[i] = next;
            t->share[i] = pivot / below;
            pivot = upper - t->share[i] * diagonal;
            upper = -t->share[i] * next;
        } else {
            t->pivot[i] = fabs(pivot) > least ? pivot : least;
            t->upper[i] = upper;
            t->second[i] = 0;
            t->share[i] = below / t->pivot[i];
            pivot = diagonal - t->share[i] * upper;
            upper = next;
        }
    }
    t->pivot[t->n - 1] = fabs(pivot) > least ? pivot : least;
}

/* Solves (T - x) v = v in place and makes its length 1. */
static void solve(tridiagonal *t)
{
    double *v = t->vector, largest = 0, squares = 0;
    for (size_t i = 0; i + 1 < t->n; i++) {
        if (t->swapped[i]) {
            double swap = v[i];
            v[i] = v[i + 1];
            v[i + 1] = swap;
        }
        v[i + 1] -= t->share[i] * v[i];
    }
    for (size_t i = t->n; i-- > 0;) {
        if (i + 1 < t->n)
            v[i] -= t->upper[i] * v[i + 1];
        if (i + 2 < t->n)
            v[i] -= t->second[i] * v[i + 2];
        v[i] /= t->pivot[i];
        largest = fmax(largest, fabs(v[i]));
    }
    for (size_t i = 0; i < t->n; i++) {
        v[i] /= largest;
        squares += v[i] * v[i];
    }
    for (size_t i = 0; i < t->n; i++)
        v[i] /= sqrt(squares);
}

/* Inverse iteration, begun from noise: no vector is orthogonal to it. */
static void eigenvector(tridiagonal *t, double x)
{
    uint64_t state = 1;
    for (size_t i = 0; i < t->n; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        t->vector[i] = (double)(state >> 11) * 0x1p-53 + 0.5;
    }
    factor(t, x, DBL_MIN / DBL_EPSILON + DBL_EPSILON * DBL_EPSILON * fabs(x));
    for (int turn = 0; turn < TURNS; turn++)
        solve(t);
}

/* The whole vector from its folded half. */
static void unfold(const tridiagonal *t, size_t n, bool even, double *v)
{
    const double root = sqrt(0.5);
    for (size_t i = 0; i < n / 2; i++) {
        v[i] = t->vector[i] * root;
        v[n - 1 - i] = even ? v[i] : -v[i];
    }
    if (n % 2)
        v[n / 2] = even ? t->vector[n / 2] : 0;
}

/* SciPy's signs: even ones have a positive sum; odd ones begin positive, small values aside. */
static bool is_upside_down(const double *v, size_t n, bool even)
{
    const double least = fmax(1e-7, 1 / (double)n);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += v[i];
        if (!even && v[i] * v[i] > least)
            return v[i] < 0;
    }
    return even ? sum < 0 : v[0] < 0;
}

/* The share of v's energy within +-w: its autocorrelation under the band's, sin(2 pi w k) / (pi k). */
static emg_status energy_share(const double *v, size_t n, double w, double *lags, double *share, emg_error *err)
{
    emg_status status = emgp_lag_sums(v, n, n, lags, err);
    if (status)
        return status;
    double sum = 2 * w * lags[0];
    for (size_t k = 1; k < n; k++)
        sum += 2 * lags[k] * sin(2 * PI * w * (double)k) / (PI * (double)k);
    *share = fmin(fmax(sum, 0), 1);
    return EMG_OK;
}

/* k tapers of `whole` values, of which the first n are kept; v and lags are scratch of `whole` values. */
static emg_status make_tapers(tridiagonal *t, size_t whole, size_t n, double w, size_t k, double *v, double *lags,
                              double *tapers, double *ratios, emg_error *err)
{
    for (size_t order = 0; order < k; order++) {
        const bool even = order % 2 == 0;
        fold(t, whole, w, even);
        eigenvector(t, eigenvalue(t, order / 2));
        unfold(t, whole, even, v);
        if (is_upside_down(v, whole, even)) {
            for (size_t i = 0; i < whole; i++)
                v[i] = -v[i];
        }
        memcpy(tapers + order * n, v, n * sizeof *v);
        emg_status status = ratios ? energy_share(v, whole, w, lags, &ratios[order], err) : EMG_OK;
        if (status)
            return status;
    }
    return EMG_OK;
}

emg_status emg_window_dpss(size_t n, double half_bandwidth, size_t k, emg_window_ends ends, double *tapers,
                           double *ratios, emg_error *err)
{
    if (!tapers)
        return emgp_fail(err, EMG_EARG, "no place for the tapers");
    if (n < 1 || n > EMGP_MOST_TAPER)
        return emgp_fail(err, EMG_ERANGE, "a taper of %zu values is not within 1 to %d", n, EMGP_MOST_TAPER);
    if (!(half_bandwidth > 0 && half_bandwidth < (double)n / 2))
        return emgp_fail(err, EMG_ERANGE, "a half bandwidth of %g is not above 0 and below half of %zu values",
                         half_bandwidth, n);
    if (k < 1 || k > n)
        return emgp_fail(err, EMG_ERANGE, "%zu tapers are not within 1 to their %zu values", k, n);
    const size_t whole = ends == EMG_WINDOW_PERIODIC && n > 1 ? n + 1 : n;
    tridiagonal t;
    double *scratch = emgp_alloc(2 * whole, sizeof *scratch);
    bool held = tridiagonal_start(&t, whole / 2 + 1) && scratch;
    emg_status status = held ? make_tapers(&t, whole, n, half_bandwidth / (double)whole, k, scratch, scratch + whole,
                                           tapers, ratios, err)
                             : emgp_fail_memory(err);
    tridiagonal_stop(&t);
    emgp_free(scratch);
    return status;
}
