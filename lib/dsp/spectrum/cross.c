/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averaged power and cross spectra of a stream of channels, and coherence between them. */
#include <emg/welch.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

enum { MOST_PAIRS = 64 * 63 };

struct emg_welch {
    emgp_segment_maker maker;
    emgp_segments segments;
    emgp_independence independence;
    size_t n_bins, n_channels, n_pairs;
    emg_welch_pair *pairs;
    double *transforms; /* per channel n_bins complex: the segment at hand */
    double *power;      /* per channel n_bins: sums of |X|^2 */
    double *cross;      /* per pair n_bins complex: sums of conj(X) Y */
};

static void add_power(const double *x, size_t n_bins, double *sum)
{
    for (size_t i = 0; i < n_bins; i++)
        sum[i] += x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1];
}

static void add_cross(const double *x, const double *y, size_t n_bins, double *sum)
{
    for (size_t i = 0; i < n_bins; i++) {
        sum[2 * i] += x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
        sum[2 * i + 1] += x[2 * i] * y[2 * i + 1] - x[2 * i + 1] * y[2 * i];
    }
}

/* An emgp_take_segment function. */
static emg_status take(void *context, const double *const *x, uint64_t n, emg_error *err)
{
    emg_welch *w = context;
    (void)err;
    for (size_t c = 0; c < w->n_channels; c++) {
        double *transform = w->transforms + c * 2 * w->n_bins;
        memcpy(transform, emgp_segment_transform(&w->maker, x[c]), 2 * w->n_bins * sizeof *transform);
        add_power(transform, w->n_bins, w->power + c * w->n_bins);
    }
    for (size_t p = 0; p < w->n_pairs; p++)
        add_cross(w->transforms + w->pairs[p].first * 2 * w->n_bins, w->transforms + w->pairs[p].second * 2 * w->n_bins,
                  w->n_bins, w->cross + p * 2 * w->n_bins);
    emgp_independence_add(&w->independence, n);
    return EMG_OK;
}

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

static emg_status prepare(emg_welch *w, const emg_welch_plan *plan, size_t n_channels, const emg_welch_pair *pairs,
                          size_t n_pairs, emg_error *err)
{
    emg_status status = emgp_segment_maker_start(&w->maker, plan, err);
    if (status == EMG_OK && plan->average != EMG_AVERAGE_MEAN)
        status = emgp_fail(err, EMG_ERANGE, "a stream of spectra averages by the mean only");
    if (status == EMG_OK)
        status = emgp_segments_start(&w->segments, plan, n_channels, take, w, err);
    if (status == EMG_OK)
        status = check_pairs(pairs, n_pairs, n_channels, err);
    if (status == EMG_OK)
        status = emgp_independence_start(&w->independence, &w->maker, err);
    if (status)
        return status;
    w->n_bins = emg_welch_bins(plan);
    w->n_channels = n_channels;
    w->n_pairs = n_pairs;
    w->pairs = emgp_alloc(n_pairs, sizeof *w->pairs);
    w->transforms = emgp_alloc(n_channels, w->n_bins * 2 * sizeof *w->transforms);
    w->power = emgp_alloc(n_channels, w->n_bins * sizeof *w->power);
    w->cross = emgp_alloc(n_pairs, w->n_bins * 2 * sizeof *w->cross);
    if (!w->pairs || !w->transforms || !w->power || !w->cross)
        return emgp_fail_memory(err);
    if (n_pairs > 0)
        memcpy(w->pairs, pairs, n_pairs * sizeof *pairs);
    return EMG_OK;
}

emg_status emg_welch_new(emg_welch **out, const emg_welch_plan *plan, size_t n_channels, const emg_welch_pair *pairs,
                         size_t n_pairs, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the spectra");
    *out = NULL;
    emg_status status = emgp_welch_check(plan, n_channels, n_pairs, err);
    if (status)
        return status;
    emg_welch *w = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    status = prepare(w, plan, n_channels, pairs, n_pairs, err);
    if (status) {
        emg_welch_free(w);
        return status;
    }
    *out = w;
    return EMG_OK;
}

void emg_welch_free(emg_welch *w)
{
    if (!w)
        return;
    emgp_segment_maker_stop(&w->maker);
    emgp_segments_stop(&w->segments);
    emgp_independence_stop(&w->independence);
    emgp_free(w->pairs);
    emgp_free(w->transforms);
    emgp_free(w->power);
    emgp_free(w->cross);
    emgp_free(w);
}

emg_status emg_welch_push(emg_welch *w, const double *x, size_t n_frames, emg_error *err)
{
    if (!w)
        return emgp_fail(err, EMG_EARG, "no spectra");
    return emgp_segments_push(&w->segments, x, n_frames, err);
}

void emg_welch_finish(emg_welch *w)
{
    if (w)
        emgp_segments_restart(&w->segments);
}

void emg_welch_reset(emg_welch *w)
{
    if (!w)
        return;
    emgp_segments_restart(&w->segments);
    w->independence.count = w->independence.scatter = 0;
    memset(w->power, 0, w->n_channels * w->n_bins * sizeof *w->power);
    memset(w->cross, 0, w->n_pairs * w->n_bins * 2 * sizeof *w->cross);
}

emg_welch_count emg_welch_counted(const emg_welch *w)
{
    return w ? emgp_independence_count(&w->independence) : (emg_welch_count){ 0, 0 };
}

/* What every getter asks first: the thing is there, and a segment was. */
static emg_status ready(const emg_welch *w, bool there, const char *what, size_t number, emg_error *err)
{
    if (!there)
        return emgp_fail(err, EMG_EARG, "the spectra have no %s %zu, or there is no place for it", what, number);
    if (w->independence.count == 0)
        return emgp_fail(err, EMG_ESHORT, "fewer samples than one segment of %zu", w->maker.plan.segment);
    return EMG_OK;
}

/* What a bin's sum is multiplied with. */
static double scale_of(const emg_welch *w, size_t bin)
{
    return emgp_sides(bin, w->maker.plan.n_fft) * w->maker.scale / w->independence.count;
}

emg_status emg_welch_psd(const emg_welch *w, size_t channel, double *psd, emg_error *err)
{
    emg_status status = ready(w, w && psd && channel < w->n_channels, "channel", channel, err);
    for (size_t i = 0; status == EMG_OK && i < w->n_bins; i++)
        psd[i] = w->power[channel * w->n_bins + i] * scale_of(w, i);
    return status;
}

emg_status emg_welch_csd(const emg_welch *w, size_t pair, double *csd, emg_error *err)
{
    emg_status status = ready(w, w && csd && pair < w->n_pairs, "pair", pair, err);
    for (size_t i = 0; status == EMG_OK && i < 2 * w->n_bins; i++)
        csd[i] = w->cross[pair * 2 * w->n_bins + i] * scale_of(w, i / 2);
    return status;
}

emg_status emg_welch_coherence(const emg_welch *w, size_t pair, double *coherence, double *phase_rad, emg_error *err)
{
    emg_status status = ready(w, w && pair < w->n_pairs, "pair", pair, err);
    if (status)
        return status;
    const double *x = w->power + w->pairs[pair].first * w->n_bins, *y = w->power + w->pairs[pair].second * w->n_bins;
    const double *cross = w->cross + pair * 2 * w->n_bins;
    for (size_t i = 0; i < w->n_bins; i++) {
        double scale = sqrt(x[i]) * sqrt(y[i]); /* the roots apart, so that weak powers do not vanish as a product */
        double re = cross[2 * i] / scale, im = cross[2 * i + 1] / scale, squared = re * re + im * im;
        const bool told = scale > 0 && isfinite(scale) && isfinite(squared);
        if (coherence)
            coherence[i] = told ? fmin(squared, 1) : NAN;
        if (phase_rad)
            phase_rad[i] = told ? atan2(im, re) : NAN;
    }
    return EMG_OK;
}
