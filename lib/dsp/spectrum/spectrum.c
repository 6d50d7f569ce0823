/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public face of spectra: a stream of channels described by RMS and Welch spectrum, and the same over an array. */
#include <emg/spectrum.h>

#include <math.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

/* Sums about the first sample keep their digits when a large offset sits under a small signal. */
typedef struct sums {
    double first, deviation, squares;
} sums;

struct emg_spectrum {
    emgp_welch *welch;
    size_t n_channels;
    double step_hz;
    uint64_t n_samples;
    double *density; /* scratch: one channel's bins */
    sums channel[EMGP_MOST_CHANNELS];
};

emg_status emg_spectrum_new(emg_spectrum **out, double rate_hz, size_t window, size_t n_channels, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the spectrum");
    *out = NULL;
    const emg_welch_plan plan = emg_welch_defaults(rate_hz, window);
    emg_status status = emgp_welch_check(&plan, n_channels, 0, err);
    if (status)
        return status;
    emg_spectrum *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    status = emgp_welch_new(&s->welch, window, window - window / 2, rate_hz, n_channels, false, err);
    if (status == EMG_OK) {
        s->n_channels = n_channels;
        s->step_hz = rate_hz / (double)window;
        s->density = emgp_alloc(emgp_welch_n_bins(s->welch), sizeof *s->density);
        if (!s->density)
            status = emgp_fail_memory(err);
    }
    if (status) {
        emg_spectrum_free(s);
        return status;
    }
    *out = s;
    return EMG_OK;
}

void emg_spectrum_free(emg_spectrum *s)
{
    if (!s)
        return;
    emgp_welch_free(s->welch);
    emgp_free(s->density);
    emgp_free(s);
}

void emg_spectrum_push(emg_spectrum *s, const double *x, size_t n_frames)
{
    if (!s || n_frames == 0 || !emgp_samples_given(x, n_frames, s->n_channels))
        return;
    for (size_t c = 0; c < s->n_channels; c++) {
        sums sum = s->channel[c];
        if (s->n_samples == 0)
            sum.first = x[c];
        for (size_t t = 0; t < n_frames; t++) {
            double d = x[t * s->n_channels + c] - sum.first;
            sum.deviation += d;
            sum.squares += d * d;
        }
        s->channel[c] = sum;
    }
    s->n_samples += n_frames;
    emgp_welch_push_double(s->welch, x, n_frames);
}

void emg_spectrum_gap(emg_spectrum *s)
{
    if (s)
        emgp_welch_finish(s->welch);
}

void emg_spectrum_reset(emg_spectrum *s)
{
    if (!s)
        return;
    emgp_welch_reset(s->welch);
    s->n_samples = 0;
    for (size_t c = 0; c < s->n_channels; c++)
        s->channel[c] = (sums){ 0, 0, 0 };
}

emg_status emg_spectrum_density(const emg_spectrum *s, size_t channel, double *density, emg_error *err)
{
    if (!s || !density || channel >= s->n_channels)
        return emgp_fail(err, EMG_EARG, "the spectrum has no channel %zu", channel);
    if (!emgp_welch_density(s->welch, channel, density))
        return emgp_fail(err, EMG_ESHORT, "fewer samples than one spectral window");
    return EMG_OK;
}

emg_status emg_spectrum_get(const emg_spectrum *s, size_t channel, double low_hz, double high_hz, emg_description *out,
                            emg_error *err)
{
    if (!s || !out || channel >= s->n_channels)
        return emgp_fail(err, EMG_EARG, "the spectrum has no channel %zu", channel);
    if (!(low_hz <= high_hz))
        return emgp_fail(err, EMG_ERANGE, "band %g to %g Hz makes no sense", low_hz, high_hz);
    double n = (double)s->n_samples;
    const sums *sum = &s->channel[channel];
    double shift = sum->deviation / n, spread = sum->squares / n - shift * shift, mean = sum->first + shift;
    emg_description d = {
        s->n_samples, emgp_welch_count(s->welch, channel), NAN, NAN, { NAN, NAN, NAN, NAN, NAN, NAN }
    };
    if (s->n_samples > 0) {
        d.rms_mean_removed = sqrt(fmax(spread, 0));
        d.rms = sqrt(mean * mean + fmax(spread, 0));
    }
    /* A band without a bin leaves the moments NaN. */
    if (emgp_welch_density(s->welch, channel, s->density) &&
        emg_spectrum_moments(s->density, emgp_welch_n_bins(s->welch), s->step_hz, low_hz, high_hz, &d.moments, NULL))
        d.moments.power = NAN;
    *out = d;
    return EMG_OK;
}

emg_status emg_spectrum_describe(const double *x, size_t n, double rate_hz, size_t window, double low_hz,
                                 double high_hz, emg_description *out, emg_error *err)
{
    if ((!x && n > 0) || !out)
        return emgp_fail(err, EMG_EARG, "no samples or no place for the result");
    emg_spectrum *s;
    emg_status status = emg_spectrum_new(&s, rate_hz, window, 1, err);
    if (status)
        return status;
    emg_spectrum_push(s, x, n);
    emg_spectrum_gap(s);
    status = emg_spectrum_get(s, 0, low_hz, high_hz, out, err);
    emg_spectrum_free(s);
    return status;
}

emg_status emg_spectrum_welch(const double *x, size_t n, double rate_hz, size_t window, double *density, emg_error *err)
{
    if ((!x && n > 0) || !density)
        return emgp_fail(err, EMG_EARG, "no samples or no place for the density");
    emg_spectrum *s;
    emg_status status = emg_spectrum_new(&s, rate_hz, window, 1, err);
    if (status)
        return status;
    emg_spectrum_push(s, x, n);
    emg_spectrum_gap(s);
    status = emg_spectrum_density(s, 0, density, err);
    emg_spectrum_free(s);
    return status;
}
