/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RMS and MAV over pages, and one Welch spectrum a channel with its moments. */
#include "analysis/features/features.h"

#include <math.h>

#include <emg/result.h>
#include <emg/spectrum.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

struct emgp_figures {
    emg_welch *welch;
    size_t n_channels, window;
    double rate_hz, low_hz, high_hz;
    double *squares, *absolutes; /* per channel */
    uint64_t *n;
};

emg_status emgp_figures_new(emgp_figures **out, const emg_features_config *config, double rate_hz, size_t n_channels,
                            double low_hz, double high_hz, emg_error *err)
{
    emgp_figures *f = emgp_alloc(1, sizeof *f);
    if (!f)
        return emgp_fail_memory(err);
    f->n_channels = n_channels;
    f->rate_hz = rate_hz;
    f->low_hz = low_hz;
    f->high_hz = high_hz;
    f->window = emgp_feature_segment(config, rate_hz);
    f->squares = emgp_alloc(n_channels, sizeof *f->squares);
    f->absolutes = emgp_alloc(n_channels, sizeof *f->absolutes);
    f->n = emgp_alloc(n_channels, sizeof *f->n);
    emg_status status = f->squares && f->absolutes && f->n ? EMG_OK : emgp_fail_memory(err);
    emg_welch_plan plan = emg_welch_defaults(rate_hz, f->window);
    plan.overlap = f->window - f->window / 2;
    if (status == EMG_OK)
        status = emgp_welch_new(&f->welch, &plan, n_channels, NULL, 0, true, err);
    if (status) {
        emgp_figures_free(f);
        return status;
    }
    *out = f;
    return EMG_OK;
}

void emgp_figures_free(emgp_figures *f)
{
    if (!f)
        return;
    emg_welch_free(f->welch);
    emgp_free(f->squares);
    emgp_free(f->absolutes);
    emgp_free(f->n);
    emgp_free(f);
}

void emgp_figures_page(emgp_figures *f, size_t channel, const float *x, size_t n, size_t n_dead)
{
    double squares[4] = { 0 }, absolutes[4] = { 0 }; /* four chains, always cut alike: the order is fixed */
    for (size_t i = 0; i < n; i++) {
        double v = (double)x[i];
        squares[i % 4] += v * v;
        absolutes[i % 4] += fabs(v);
    }
    f->squares[channel] += squares[0] + squares[1] + squares[2] + squares[3];
    f->absolutes[channel] += absolutes[0] + absolutes[1] + absolutes[2] + absolutes[3];
    f->n[channel] += n - n_dead;
}

void emgp_figures_push(emgp_figures *f, const float *x, size_t n_frames)
{
    emgp_welch_push_float(f->welch, x, n_frames);
}

void emgp_figures_gap(emgp_figures *f)
{
    emg_welch_finish(f->welch);
}

/* The spectrum in EMG_PSD_BINS steps from 0 to half the rate: each the mean of the bins it holds. */
static void coarse_psd(const double *psd, size_t n, double step_hz, double rate_hz, emg_summary_signal *signal)
{
    signal->psd_step_hz = rate_hz / 2 / (EMG_PSD_BINS - 1);
    double sum[EMG_PSD_BINS] = { 0 };
    size_t count[EMG_PSD_BINS] = { 0 };
    for (size_t i = 0; i < n; i++) {
        size_t bin = (size_t)((double)i * step_hz / signal->psd_step_hz + 0.5);
        bin = bin < EMG_PSD_BINS ? bin : EMG_PSD_BINS - 1;
        sum[bin] += psd[i];
        count[bin]++;
    }
    for (size_t b = 0; b < EMG_PSD_BINS; b++) {
        size_t nearest = (size_t)((double)b * signal->psd_step_hz / step_hz + 0.5);
        signal->psd[b] = count[b] ? sum[b] / (double)count[b] : psd[nearest < n ? nearest : n - 1];
    }
}

emg_status emgp_figures_channel(const emgp_figures *f, size_t channel, emg_summary_signal *signal, emg_error *err)
{
    double n = (double)f->n[channel];
    signal->rms = n > 0 ? sqrt(f->squares[channel] / n) : NAN;
    signal->mav = n > 0 ? f->absolutes[channel] / n : NAN;
    signal->mean_frequency_hz = signal->median_frequency_hz = NAN;
    signal->peak_frequency_hz = signal->spectral_entropy = NAN;
    for (size_t b = 0; b < EMG_PSD_BINS; b++)
        signal->psd[b] = NAN;
    if (!(signal->rms > 0))
        return EMG_OK;
    size_t n_psd = f->window / 2 + 1;
    double *psd = emgp_alloc(n_psd, sizeof *psd);
    if (!psd)
        return emgp_fail_memory(err);
    double step = f->rate_hz / (double)f->window;
    if (emg_welch_psd(f->welch, channel, psd, NULL)) { /* shorter than a window */
        emgp_free(psd);
        return EMG_OK;
    }
    emg_moments moments;
    emg_status status = emg_spectrum_moments(psd, n_psd, step, f->low_hz, f->high_hz, &moments, err);
    if (status == EMG_OK) {
        signal->mean_frequency_hz = moments.mean_frequency_hz;
        signal->median_frequency_hz = moments.median_frequency_hz;
        signal->peak_frequency_hz = moments.peak_frequency_hz;
        signal->spectral_entropy = moments.spectral_entropy;
        coarse_psd(psd, n_psd, step, f->rate_hz, signal);
    }
    emgp_free(psd);
    return status;
}
