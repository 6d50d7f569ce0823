/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Peaks of a channel's bins, grouped by shape; the group whose times are those of an ECG. */
#include "condition/ecg/ecg.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

enum {
    MOST_PEAKS = 96,
    MOST_GROUPS = 10,
    LEAST_BEATS = 7,
    LEAST_MEMBERS = 3,
    LEAST_WHOLE = 7,
    SLIP = 5,
    STRIDE = 8,
    REACH = EMGP_ECG_REACH
};
static const double THRESHOLD = 3.5; /* sigma */
static const double LEAST_PERIOD_S = 60.0 / 190, MOST_PERIOD_S = 60.0 / 36;
static const double LEAST_LIKENESS = 0.8, ENERGY_RATIO = 3;
static const double EVEN = 0.18, LEAST_SHARE = 0.85, LEAST_SPAN = 0.6;
static const double SOONEST_S = 0.27, AHEAD_S = 0.12, LIKE = 0.5;

typedef struct group {
    double shape[EMGP_ECG_SHAPE]; /* sum of its members */
    double energy;                /* mean of the members' */
    emgp_ecg_train train;
} group;

double emgp_ecg_sigma(const float *x, size_t n)
{
    double magnitude[1024];
    size_t k = 0;
    for (size_t i = 0; i < n && k < sizeof magnitude / sizeof *magnitude; i += STRIDE)
        magnitude[k++] = fabs((double)x[i]);
    return k ? gsl_stats_median(magnitude, 1, k) / 0.6745 : 0;
}

/* Largest magnitudes above the threshold, REACH apart or more, far enough from the ends for a shape that slips.
 * Returns MOST_PEAKS + 1 when there are more than that. */
static size_t find_peaks(const float *x, size_t n, double threshold, size_t *peak)
{
    const float limit = (float)threshold;
    size_t k = 0;
    for (size_t i = REACH + SLIP; i + REACH + SLIP < n; i++) {
        if (!(fabsf(x[i]) > limit))
            continue;
        if (k > 0 && i - peak[k - 1] < REACH) {
            if (fabsf(x[i]) > fabsf(x[peak[k - 1]]))
                peak[k - 1] = i;
            continue;
        }
        if (k == MOST_PEAKS)
            return MOST_PEAKS + 1;
        peak[k++] = i;
    }
    return k;
}

double emgp_ecg_frequency(const double *shape, double bins_per_s)
{
    double differences = 0, squares = 0;
    for (size_t i = 1; i < EMGP_ECG_SHAPE; i++) {
        differences += (shape[i] - shape[i - 1]) * (shape[i] - shape[i - 1]);
        squares += shape[i] * shape[i];
    }
    return squares > 0 ? bins_per_s / PI * asin(fmin(0.5 * sqrt(differences / squares), 1)) : bins_per_s;
}

/* Keeps the peaks that are no sharper than most_hz; returns how many. */
static size_t keep_slow(const float *x, double bins_per_s, double most_hz, size_t *peak, size_t n)
{
    double shape[EMGP_ECG_SHAPE];
    size_t kept = 0;
    for (size_t p = 0; p < n; p++) {
        for (size_t i = 0; i < EMGP_ECG_SHAPE; i++)
            shape[i] = (double)x[peak[p] - REACH + i];
        if (emgp_ecg_frequency(shape, bins_per_s) <= most_hz)
            peak[kept++] = peak[p];
    }
    return kept;
}

static double product(const double *shape, const float *x)
{
    double sum = 0;
    for (size_t i = 0; i < EMGP_ECG_SHAPE; i++)
        sum += shape[i] * (double)x[i];
    return sum;
}

static double energy_of(const float *x)
{
    double sum = 0;
    for (size_t i = 0; i < EMGP_ECG_SHAPE; i++)
        sum += (double)x[i] * (double)x[i];
    return sum;
}

/* Where within the slip the bins round a peak are most like the group's shape. */
static double likeness(const group *g, const float *x, size_t peak, size_t *best_at)
{
    double own = 0, best = -1;
    for (size_t i = 0; i < EMGP_ECG_SHAPE; i++)
        own += g->shape[i] * g->shape[i];
    for (size_t at = peak - SLIP; at <= peak + SLIP; at++) {
        const float *from = x + at - REACH;
        double like = product(g->shape, from) / sqrt(own * energy_of(from));
        if (like > best) {
            best = like;
            *best_at = at;
        }
    }
    return best;
}

static void join(group *g, const float *x, size_t at)
{
    const float *from = x + at - REACH;
    double n = (double)g->train.n;
    for (size_t i = 0; i < EMGP_ECG_SHAPE; i++)
        g->shape[i] += (double)from[i];
    g->energy = (g->energy * n + energy_of(from)) / (n + 1);
    if (g->train.n < EMGP_ECG_MOST)
        g->train.at[g->train.n++] = (double)at;
}

static size_t make_groups(const float *x, const size_t *peak, size_t n, group *groups)
{
    size_t n_groups = 0;
    for (size_t p = 0; p < n; p++) {
        double energy = energy_of(x + peak[p] - REACH), best = LEAST_LIKENESS;
        size_t at = peak[p], best_at = peak[p];
        group *of = NULL;
        for (size_t g = 0; g < n_groups; g++) {
            if (energy > ENERGY_RATIO * groups[g].energy || groups[g].energy > ENERGY_RATIO * energy)
                continue;
            double like = likeness(&groups[g], x, peak[p], &at);
            if (like > best) {
                best = like;
                best_at = at;
                of = &groups[g];
            }
        }
        if (!of && n_groups < MOST_GROUPS) {
            of = &groups[n_groups++];
            memset(of, 0, sizeof *of);
        }
        if (of)
            join(of, x, best_at);
    }
    return n_groups;
}

emgp_ecg_evenness emgp_ecg_evenness_of(const double *at, size_t n)
{
    emgp_ecg_evenness e = { NAN, NAN, 0, 0, 0 };
    double gap[EMGP_ECG_MOST];
    if (n < 2)
        return e;
    size_t n_gaps = n - 1 < EMGP_ECG_MOST ? n - 1 : EMGP_ECG_MOST, n_split = 0;
    for (size_t i = 0; i < n_gaps; i++)
        gap[i] = at[i + 1] - at[i];
    e.period = gsl_stats_median(gap, 1, n_gaps);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n_gaps; i++) {
        double g = (at[i + 1] - at[i]) / e.period;
        if (fabs(g - 1) <= EVEN) {
            e.n_whole++;
            sum += g;
            squares += g * g;
        } else if (fabs(g - 2) <= 1.5 * EVEN) {
            e.n_missed++;
        } else if (i + 1 < n_gaps && fabs((at[i + 2] - at[i]) / e.period - 1) <= EVEN) {
            n_split++;
            i++;
        }
    }
    double whole = (double)e.n_whole, mean = sum / whole;
    e.share = (whole + (double)e.n_missed + (double)n_split) / (double)(n_gaps - n_split);
    if (e.n_whole >= 2)
        e.cv = sqrt(fmax(squares / whole - mean * mean, 0)) / mean;
    return e;
}

/* Whether a train is an ECG: its rate, evenness, few misses, and present most of the time. */
static bool qrs(emgp_ecg_train *train, size_t n_bins, double bins_per_s)
{
    if (train->n < LEAST_BEATS)
        return false;
    emgp_ecg_evenness e = emgp_ecg_evenness_of(train->at, train->n);
    train->period = e.period;
    return e.period >= LEAST_PERIOD_S * bins_per_s && e.period <= MOST_PERIOD_S * bins_per_s &&
           e.share >= LEAST_SHARE && e.n_whole >= LEAST_WHOLE && 2 * e.n_missed <= e.n_whole &&
           train->at[train->n - 1] - train->at[0] >= LEAST_SPAN * (double)n_bins - 2 * e.period;
}

/* The train of all places that look like the group's mean, those too on which something else lies. */
static void match(group *g, const float *x, size_t n, double bins_per_s, double sigma)
{
    for (size_t i = 0; i < EMGP_ECG_SHAPE; i++)
        g->shape[i] /= (double)g->train.n;
    emgp_ecg_matcher m = emgp_ecg_matcher_of(g->shape, sigma);
    g->train.n = 0;
    for (size_t at = 0; g->train.n < EMGP_ECG_MOST;) {
        if (!emgp_ecg_match(&m, x, n, n, (size_t)(AHEAD_S * bins_per_s), LIKE, &at))
            return;
        g->train.at[g->train.n++] = (double)at;
        at += (size_t)(SOONEST_S * bins_per_s);
    }
}

bool emgp_ecg_find(const float *x, size_t n, double bins_per_s, double sigma, double most_hz, emgp_ecg_train *out)
{
    size_t peak[MOST_PEAKS];
    group groups[MOST_GROUPS];
    if (!(sigma > 0) || n < EMGP_ECG_SHAPE + 2 * SLIP)
        return false;
    size_t n_peaks = find_peaks(x, n, THRESHOLD * sigma, peak);
    if (n_peaks < LEAST_BEATS || n_peaks > MOST_PEAKS)
        return false;
    n_peaks = keep_slow(x, bins_per_s, most_hz, peak, n_peaks);
    size_t n_groups = make_groups(x, peak, n_peaks, groups);
    double best = 0;
    for (size_t g = 0; g < n_groups; g++) {
        if (groups[g].train.n < LEAST_MEMBERS)
            continue;
        match(&groups[g], x, n, bins_per_s, sigma);
        double weight = groups[g].energy * (double)groups[g].train.n;
        if (weight > best && qrs(&groups[g].train, n, bins_per_s)) {
            best = weight;
            *out = groups[g].train;
        }
    }
    return best > 0;
}
