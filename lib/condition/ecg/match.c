/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score of clipped energies: what a shape explains at a place. */
#include "condition/ecg/ecg.h"

#include <math.h>

static const double CAP_SIGMA = 3, CAP_SHARE = 0.3; /* of the noise, and of the shape's peak */
static const double WORTH_A_LOOK = 0.4;             /* of the shape's height or depth */
enum { REACH = EMGP_ECG_REACH };

/* Neither is NaN, so that no call need ask. */
static double lesser(double a, double b)
{
    return a < b ? a : b;
}

emgp_ecg_matcher emgp_ecg_matcher_of(const double *shape, double sigma)
{
    emgp_ecg_matcher m = { .shape = shape };
    for (long k = 0; k < EMGP_ECG_SHAPE; k++) {
        if (shape[k] > m.high) {
            m.high = shape[k];
            m.high_at = k - REACH;
        }
        if (shape[k] < m.low) {
            m.low = shape[k];
            m.low_at = k - REACH;
        }
    }
    double cap = CAP_SIGMA * sigma + CAP_SHARE * fmax(m.high, -m.low);
    m.square = cap * cap;
    for (size_t k = 0; k < EMGP_ECG_SHAPE; k++)
        m.most += lesser(shape[k] * shape[k], m.square);
    return m;
}

/* Clipped energy that subtracting the shape takes away, as a share of a perfect match's; bins beyond the ones held
 * count as zero. The bins where the extremes would be rule out most places. */
static double score(const emgp_ecg_matcher *m, const float *bins, size_t n, size_t at)
{
    long high = (long)at + m->high_at, low = (long)at + m->low_at, end = (long)n;
    bool rises = high >= 0 && high < end && (double)bins[high] > WORTH_A_LOOK * m->high;
    bool falls = low >= 0 && low < end && (double)bins[low] < WORTH_A_LOOK * m->low;
    if (!rises && !falls)
        return 0;
    double gained = 0;
    for (size_t k = 0; k < EMGP_ECG_SHAPE; k++) {
        size_t i = at + k;
        double x = i >= REACH && i - REACH < n ? (double)bins[i - REACH] : 0, rest = x - m->shape[k];
        gained += lesser(x * x, m->square) - lesser(rest * rest, m->square);
    }
    return m->most > 0 ? gained / m->most : 0;
}

bool emgp_ecg_match(const emgp_ecg_matcher *m, const float *bins, size_t n, size_t end, size_t ahead, double least,
                    size_t *at)
{
    for (size_t i = *at; i < end; i++) {
        double best = score(m, bins, n, i);
        if (best < least)
            continue;
        *at = i;
        for (size_t k = i + 1; k < i + ahead && k < n; k++) {
            double here = score(m, bins, n, k);
            if (here > best) {
                best = here;
                *at = k;
            }
        }
        return true;
    }
    *at = *at > end ? *at : end;
    return false;
}
