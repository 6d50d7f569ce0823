/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine of Welch's method: sums of power and cross spectra over the segments of a stream, two to one transform. */
#include <string.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

/* Two segments of a channel go through one complex transform, as real and imaginary part. With Z = A + i B of one channel
 * and Y = C + i D of another, all at frequency f, and Z', Y' the same at -f:
 *
 *     |A|^2 + |B|^2           = (|Z|^2 + |Z'|^2) / 2
 *     conj(A) C + conj(B) D   = (conj(Z) Y + Z' conj(Y')) / 2
 *
 * A sum over segments is all that is wanted, so that Z is never taken apart: sums run over all n_fft frequencies, and are
 * folded when they are asked for.
 *
 *     samples held:  |<--- a: segment --->|
 *                       hop |<--- b: segment --->|
 *     after both, 2 hop samples are dropped. A last segment without a partner goes alone.
 */

enum { MOST_PAIRS = 64 * 63 };

/* In eight parts, always in this order, so that it can run in vector registers and is the same everywhere. */
static float mean_of(const float *x, size_t n)
{
    float part[8] = { 0 };
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (size_t j = 0; j < 8; j++)
            part[j] += x[i + j];
    }
    for (; i < n; i++)
        part[0] += x[i];
    float sum = ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
    return sum / (float)n;
}

/* A segment, and what is still to be taken off each of its samples. */
static const float *flatten_float(const emg_welch *w, const float *x, size_t at, float *mean)
{
    (void)at;
    *mean = mean_of(x, w->plan.segment);
    return x;
}

static const double *flatten_double(const emg_welch *w, const double *x, size_t at, double *mean)
{
    double *flat = w->flat + at * w->plan.segment;
    *mean = 0;
    emgp_detrend(x, w->plan.segment, w->plan.detrend, flat);
    return flat;
}

#define REAL float
#define NAME(x) x##_float
#include "dsp/spectrum/sums.inc"
#undef REAL
#undef NAME

#define REAL double
#define NAME(x) x##_double
#include "dsp/spectrum/sums.inc"
#undef REAL
#undef NAME

static emg_status check_pairs(const emg_welch_pair *pairs, size_t n_pairs, size_t n_channels, emg_error *err)
{
    if (n_pairs > MOST_PAIRS)
        return emgp_fail(err, EMG_ERANGE, "%zu pairs of channels are more than %d", n_pairs, MOST_PAIRS);
    if (n_pairs > 0 && !pairs)
        return emgp_fail(err, EMG_EARG, "no pairs of channels");
    for (size_t p = 0; p < n_pairs; p++) {
        if (pairs[p].first >= n_channels || pairs[p].second >= n_channels)
            return emgp_fail(err, EMG_EARG, "pair %zu names a channel that is not there", p);
    }
    return EMG_OK;
}

/* The window in the arithmetic of the stream, its scale, and what segments under it are worth. */
static emg_status prepare_window(emg_welch *w, const emg_welch_plan *plan, emg_error *err)
{
    double *window;
    emg_status status = emgp_segment_window(plan, &window, &w->weight, err);
    w->window = window;
    if (status == EMG_OK && !w->single)
        status = emgp_independence_start(&w->independence, plan, window, err);
    if (status || !w->single)
        return status;
    float *narrow = w->window = emgp_alloc(plan->segment, sizeof *narrow);
    for (size_t i = 0; narrow && i < plan->segment; i++)
        narrow[i] = (float)window[i];
    emgp_free(window);
    return narrow ? EMG_OK : emgp_fail_memory(err);
}

static emg_status prepare_sums(emg_welch *w, emg_error *err)
{
    const size_t n_fft = w->plan.n_fft, segment = w->plan.segment;
    w->room = segment + w->hop;
    w->samples = emgp_alloc(w->room * w->n_channels, w->single ? sizeof(float) : sizeof(double));
    w->flat = emgp_alloc(w->single ? 0 : 2 * segment, sizeof *w->flat);
    w->power = emgp_alloc(w->n_channels, n_fft * sizeof *w->power);
    w->sum = emgp_alloc(w->n_pairs > 0 ? 4 : 1, n_fft * sizeof *w->sum);
    w->transforms = emgp_alloc(w->n_pairs > 0 ? w->n_channels : 0, 2 * n_fft * sizeof *w->transforms);
    w->cross = emgp_alloc(w->n_pairs, 2 * n_fft * sizeof *w->cross);
    if (!w->samples || !w->flat || !w->power || !w->sum || !w->transforms || !w->cross)
        return emgp_fail_memory(err);
    return emgp_fft_new(&w->fft, EMGP_FFT_FORWARD, n_fft, w->single, err);
}

static emg_status prepare(emg_welch *w, const emg_welch_plan *plan, const emg_welch_pair *pairs, emg_error *err)
{
    emg_status status = prepare_window(w, plan, err);
    if (status == EMG_OK && plan->average != EMG_AVERAGE_MEAN)
        status = emgp_fail(err, EMG_ERANGE, "a stream of spectra averages by the mean only");
    if (status == EMG_OK)
        status = emgp_check_channels(w->n_channels, err);
    if (status == EMG_OK)
        status = check_pairs(pairs, w->n_pairs, w->n_channels, err);
    if (status)
        return status;
    w->plan = *plan;
    w->hop = plan->segment - plan->overlap;
    w->n_bins = plan->n_fft / 2 + 1;
    w->pairs = emgp_alloc(w->n_pairs, sizeof *w->pairs);
    if (!w->pairs)
        return emgp_fail_memory(err);
    if (w->n_pairs > 0)
        memcpy(w->pairs, pairs, w->n_pairs * sizeof *pairs);
    return prepare_sums(w, err);
}

emg_status emgp_welch_new(emg_welch **out, const emg_welch_plan *plan, size_t n_channels, const emg_welch_pair *pairs,
                          size_t n_pairs, bool single, emg_error *err)
{
    *out = NULL;
    emg_status status = emgp_welch_check(plan, n_channels, n_pairs, err);
    if (status)
        return status;
    emg_welch *w = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    w->n_channels = n_channels;
    w->n_pairs = n_pairs;
    w->single = single;
    status = prepare(w, plan, pairs, err);
    if (status) {
        emgp_welch_free(w);
        return status;
    }
    *out = w;
    return EMG_OK;
}

void emgp_welch_free(emg_welch *w)
{
    if (!w)
        return;
    emgp_independence_stop(&w->independence);
    emgp_fft_free(w->fft);
    emgp_free(w->window);
    emgp_free(w->samples);
    emgp_free(w->flat);
    emgp_free(w->power);
    emgp_free(w->sum);
    emgp_free(w->transforms);
    emgp_free(w->cross);
    emgp_free(w->pairs);
    emgp_free(w);
}

static void transform(const emg_welch *w, size_t channel, bool two)
{
    if (w->single)
        transform_float(w, channel, two);
    else
        transform_double(w, channel, two);
}

static void add_power(const emg_welch *w, double *sum)
{
    if (w->single)
        add_power_float(w, sum);
    else
        add_power_double(w, sum);
}

/* conj(x) y of n complex numbers to their sums. */
static void add_cross(const double *x, const double *y, size_t n, double *sum)
{
    for (size_t i = 0; i < n; i++) {
        sum[2 * i] += x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
        sum[2 * i + 1] += x[2 * i] * y[2 * i + 1] - x[2 * i + 1] * y[2 * i];
    }
}

/* Takes the segment at hand of every channel, or two. */
static void take(emg_welch *w, bool two)
{
    const size_t n = w->plan.n_fft;
    for (size_t c = 0; c < w->n_channels; c++) {
        transform(w, c, two);
        add_power(w, w->power + c * n);
        if (w->n_pairs > 0)
            memcpy(w->transforms + c * 2 * n, w->fft->out, 2 * n * sizeof *w->transforms);
    }
    for (size_t p = 0; p < w->n_pairs; p++)
        add_cross(w->transforms + w->pairs[p].first * 2 * n, w->transforms + w->pairs[p].second * 2 * n, n,
                  w->cross + p * 2 * n);
    for (int i = 0; i < (two ? 2 : 1); i++, w->n_segments++, w->n_taken++) {
        if (!w->single)
            emgp_independence_add(&w->independence, w->n_taken);
    }
}

/* How many of n frames fit before segments must be taken. */
static size_t piece_of(const emg_welch *w, size_t n)
{
    return n < w->room - w->held ? n : w->room - w->held;
}

static void advance(emg_welch *w, size_t n)
{
    w->held += n;
    if (w->held < w->room)
        return;
    take(w, true);
    if (w->single)
        drop_float(w, 2 * w->hop);
    else
        drop_double(w, 2 * w->hop);
}

void emgp_welch_push_float(emg_welch *w, const float *x, size_t n_frames)
{
    for (size_t n; n_frames > 0; n_frames -= n, x += n * w->n_channels) {
        n = piece_of(w, n_frames);
        if (w->single)
            store_float_float(w, x, n);
        else
            store_float_double(w, x, n);
        advance(w, n);
    }
}

void emgp_welch_push_double(emg_welch *w, const double *x, size_t n_frames)
{
    for (size_t n; n_frames > 0; n_frames -= n, x += n * w->n_channels) {
        n = piece_of(w, n_frames);
        if (w->single)
            store_double_float(w, x, n);
        else
            store_double_double(w, x, n);
        advance(w, n);
    }
}

bool emgp_welch_waits(const emg_welch *w)
{
    return w->held >= w->plan.segment;
}

void emgp_welch_finish(emg_welch *w)
{
    if (emgp_welch_waits(w))
        take(w, false);
    w->held = 0;
    w->n_taken = 0;
}

const double *emgp_welch_power(const emg_welch *w, size_t channel, double *sum)
{
    const size_t n = w->plan.n_fft;
    memcpy(sum, w->power + channel * n, n * sizeof *sum);
    if (emgp_welch_waits(w)) {
        transform(w, channel, false);
        add_power(w, sum);
    }
    for (size_t i = 1; i < w->n_bins; i++)
        sum[i] = (sum[i] + sum[n - i]) / 2;
    return sum;
}

const double *emgp_welch_cross(const emg_welch *w, size_t pair, double *sum)
{
    const size_t n = w->plan.n_fft;
    memcpy(sum, w->cross + pair * 2 * n, 2 * n * sizeof *sum);
    if (emgp_welch_waits(w)) {
        transform(w, w->pairs[pair].first, false);
        memcpy(w->transforms, w->fft->out, 2 * n * sizeof *w->transforms);
        transform(w, w->pairs[pair].second, false);
        add_cross(w->transforms, w->fft->out, n, sum);
    }
    for (size_t i = 0; i < w->n_bins; i++) {
        const double *mirror = sum + 2 * ((n - i) % n), re = mirror[0], im = mirror[1];
        sum[2 * i] = (sum[2 * i] + re) / 2;
        sum[2 * i + 1] = (sum[2 * i + 1] - im) / 2;
    }
    return sum;
}
