/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signal described in numbers: RMS, and the moments of its Welch spectrum over a band. */
#include <emg/spectrum.h>

#include <math.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

static void find_median(const double *p, size_t from, size_t to, double sum, double step_hz, emg_moments *out)
{
    double running = 0;
    for (size_t i = from; i < to; i++) {
        double before = running;
        running += p[i];
        if (running >= sum / 2 && p[i] > 0) {
            out->median_frequency_bin_hz = (double)i * step_hz;
            out->median_frequency_hz = ((double)i - 0.5 + (sum / 2 - before) / p[i]) * step_hz;
            return;
        }
    }
}

static double entropy(const double *p, size_t from, size_t to, double sum)
{
    if (to - from < 2)
        return NAN;
    double h = 0;
    for (size_t i = from; i < to; i++) {
        double share = p[i] / sum;
        if (share > 0)
            h -= share * log2(share);
    }
    return h / log2((double)(to - from));
}

emg_status emg_spectrum_moments(const double *density, size_t n_bins, double step_hz, double low_hz, double high_hz,
                                emg_moments *out, emg_error *err)
{
    if (!density || !out)
        return emgp_fail(err, EMG_EARG, "moments without a density or a place for the result");
    if (!(step_hz > 0) || !isfinite(step_hz) || !(low_hz <= high_hz))
        return emgp_fail(err, EMG_ERANGE, "band %g to %g Hz or bin width %g Hz makes no sense", low_hz, high_hz,
                         step_hz);
    const emgp_density bins = emgp_density_within(density, n_bins, step_hz, low_hz, high_hz);
    const size_t from = bins.from, to = bins.to;
    if (from >= to)
        return emgp_fail(err, EMG_ERANGE, "no spectral bin lies within %g to %g Hz", low_hz, high_hz);

    double sum = 0, first_moment = 0;
    size_t peak = from;
    for (size_t i = from; i < to; i++) {
        sum += density[i];
        first_moment += density[i] * (double)i;
        if (density[i] > density[peak])
            peak = i;
    }
    emg_moments m = { sum * step_hz, NAN, NAN, NAN, NAN, NAN };
    if (sum > 0 && isfinite(sum)) {
        m.mean_frequency_hz = first_moment / sum * step_hz;
        m.peak_frequency_hz = (double)peak * step_hz;
        find_median(density, from, to, sum, step_hz, &m);
        m.spectral_entropy = entropy(density, from, to, sum);
    }
    *out = m;
    return EMG_OK;
}

/* Sums about the first sample keep their digits when a large offset sits under a small signal. */
typedef struct sums {
    double first, deviation, squares;
} sums;

struct emg_spectrum {
    emg_welch *welch;
    size_t n_channels, n_bins;
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
    emg_spectrum *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    const emg_welch_plan plan = emg_welch_defaults(rate_hz, window);
    emg_status status = emg_welch_new(&s->welch, &plan, n_channels, NULL, 0, err);
    if (status == EMG_OK) {
        s->n_channels = n_channels;
        s->n_bins = emg_welch_bins(&plan);
        s->step_hz = rate_hz / (double)window;
        s->density = emgp_alloc(s->n_bins, sizeof *s->density);
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
    emg_welch_free(s->welch);
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
        emg_welch_finish(s->welch);
}

void emg_spectrum_reset(emg_spectrum *s)
{
    if (!s)
        return;
    emg_welch_reset(s->welch);
    s->n_samples = 0;
    for (size_t c = 0; c < s->n_channels; c++)
        s->channel[c] = (sums){ 0, 0, 0 };
}

emg_status emg_spectrum_density(const emg_spectrum *s, size_t channel, double *density, emg_error *err)
{
    if (!s || !density || channel >= s->n_channels)
        return emgp_fail(err, EMG_EARG, "the spectrum has no channel %zu", channel);
    return emg_welch_psd(s->welch, channel, density, err);
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
        s->n_samples, emg_welch_counted(s->welch).n_segments, NAN, NAN, { NAN, NAN, NAN, NAN, NAN, NAN }
    };
    if (s->n_samples > 0) {
        d.rms_mean_removed = sqrt(fmax(spread, 0));
        d.rms = sqrt(mean * mean + fmax(spread, 0));
    }
    /* A band without a bin leaves the moments NaN. */
    if (emg_welch_psd(s->welch, channel, s->density, NULL) == EMG_OK &&
        emg_spectrum_moments(s->density, s->n_bins, s->step_hz, low_hz, high_hz, &d.moments, NULL))
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
