/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a channel holds raw EMG, or what a recorder made of it: rectified, or averaged to an envelope. */
#include "analysis/quality/quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*  Raw EMG lies on both sides of its baseline, wherever that is; what is rectified begins at zero and goes one way.
 *
 *        raw            raw, offset           rectified            envelope
 *  0 --/\/\/\/\--        \/\/\/\/             |\/|/\|/|\            ___/\___
 *                  0 ---------------     0 ---------------     0 ---------------
 *
 * Looked at is a sample of the values, evenly spread over all that came, and how much of their variance lies within 50 ms. All
 * limits are ours; tests/analysis/quality/test_polarity.c shows both sides of each. */

enum { KEPT = 2048, LEAST_KEPT = 500 };
static const double low_share = 0.01, high_share = 0.99; /* of the values: what lies beyond may be anything */
/* The distance from the lowest to the median, by that from the median to the highest: 1 for raw EMG, 0.35 for rectified noise. */
static const double most_even = 0.6;
static const double below_zero =
    0.02; /* of the upper distance: so far the hundredth below zero may lie, a recorder's noise */
static const double near_zero = 0.1; /* of the highest: where the lowest lies at most */
static const double window_s = 0.05;
static const double smooth_share = 0.15; /* of the variance within a window: below, it is an envelope */

typedef struct kept {
    float value[KEPT]; /* every stride-th of all */
    float lowest;
    double sum, squares; /* of the window, about its first value */
    double first, within;
} kept;

struct emgp_polarity {
    size_t n_channels, window;
    uint64_t n, stride; /* frames so far; every how manieth is kept */
    size_t n_kept, in_window;
    uint64_t n_windows;
    kept *channels;
};

emg_status emgp_polarity_new(emgp_polarity **out, size_t n_channels, double rate_hz, emg_error *err)
{
    emgp_polarity *r = emgp_alloc(1, sizeof *r);
    kept *channels = emgp_alloc(n_channels, sizeof *channels);
    *out = r;
    if (!r || !channels) {
        emgp_free(channels);
        emgp_free(r);
        *out = NULL;
        return emgp_fail_memory(err);
    }
    *r = (emgp_polarity){ .n_channels = n_channels, .stride = 1, .channels = channels };
    r->window = (size_t)fmax(2, window_s * rate_hz);
    for (size_t i = 0; i < n_channels; i++)
        channels[i].lowest = INFINITY;
    return EMG_OK;
}

void emgp_polarity_free(emgp_polarity *r)
{
    if (!r)
        return;
    emgp_free(r->channels);
    emgp_free(r);
}

/* Keeps a frame; every second of those that were kept goes where there is no room. */
static void keep(emgp_polarity *r, const double *x)
{
    if (r->n_kept == KEPT) {
        for (size_t i = 0; i < r->n_channels; i++)
            for (size_t k = 1; k < KEPT / 2; k++)
                r->channels[i].value[k] = r->channels[i].value[2 * k];
        r->n_kept = KEPT / 2;
        r->stride *= 2;
        if (r->n % r->stride > 0)
            return;
    }
    for (size_t i = 0; i < r->n_channels; i++)
        r->channels[i].value[r->n_kept] = (float)x[i];
    r->n_kept++;
}

static void add_to_window(kept *c, double x, bool starts, bool ends, size_t window)
{
    if (starts) {
        c->first = x;
        c->sum = c->squares = 0;
    }
    const double d = x - c->first;
    c->sum += d;
    c->squares += d * d;
    if (ends)
        c->within += (c->squares - c->sum * c->sum / (double)window) / (double)(window - 1);
    c->lowest = fminf(c->lowest, (float)x);
}

void emgp_polarity_push(emgp_polarity *r, const double *x, size_t n_frames)
{
    for (size_t t = 0; t < n_frames; t++, x += r->n_channels) {
        const bool starts = r->in_window == 0, ends = r->in_window + 1 == r->window;
        for (size_t i = 0; i < r->n_channels; i++)
            add_to_window(&r->channels[i], x[i], starts, ends, r->window);
        r->in_window = ends ? 0 : r->in_window + 1;
        r->n_windows += ends;
        if (r->n % r->stride == 0)
            keep(r, x);
        r->n++;
    }
}

void emgp_polarity_gap(emgp_polarity *r)
{
    r->in_window = 0;
}

static int ascending(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double variance_of(const float *x, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += ((double)x[i] - sum) * ((double)x[i] - sum);
    return squares / (double)(n - 1);
}

emg_signal_kind emgp_polarity_judge(const emgp_polarity *r, size_t channel)
{
    float sorted[KEPT];
    const kept *c = &r->channels[channel];
    if (r->n_kept < LEAST_KEPT || r->n_windows == 0)
        return EMG_SIGNAL_RAW;
    memcpy(sorted, c->value, r->n_kept * sizeof *sorted);
    qsort(sorted, r->n_kept, sizeof *sorted, ascending);
    const double last = (double)(r->n_kept - 1);
    const double low = (double)sorted[(size_t)(low_share * last)], median = (double)sorted[r->n_kept / 2];
    const double high = (double)sorted[(size_t)(high_share * last)], above = high - median;
    const double lowest = (double)c->lowest;
    if (!(above > 0) || low < 0 || median - low > most_even * above || lowest < -below_zero * above ||
        lowest > near_zero * high)
        return EMG_SIGNAL_RAW;
    const double within = c->within / (double)r->n_windows;
    return within < smooth_share * variance_of(sorted, r->n_kept) ? EMG_SIGNAL_ENVELOPE : EMG_SIGNAL_RECTIFIED;
}
