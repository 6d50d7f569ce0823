/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rhythm in numbers: autocorrelation, peaks between samples, and a spectral peak against its neighbourhood. */
#include <emg/peak.h>

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

enum { MOST_SAMPLES = 1 << 26 };

static void scale_lags(double *r, size_t n, size_t n_lags, emg_lag_scaling scaling)
{
    const bool unbiased = scaling == EMG_LAG_UNBIASED || scaling == EMG_LAG_UNBIASED_COEFFICIENT;
    const bool coefficient = scaling == EMG_LAG_COEFFICIENT || scaling == EMG_LAG_UNBIASED_COEFFICIENT;
    const double whole = coefficient ? r[0] / (double)n : 1;
    for (size_t k = 0; k < n_lags; k++)
        r[k] = whole > 0 ? r[k] / (double)(unbiased ? n - k : n) / whole : NAN;
}

emg_status emg_autocorrelation(const double *x, size_t n, size_t n_lags, emg_detrend detrend, emg_lag_scaling scaling,
                               double *r, emg_error *err)
{
    if ((!x && n > 0) || !r || !emgp_all_finite(x, n))
        return emgp_fail(err, EMG_EARG, "no samples, one that is not finite, or no place for the autocorrelation");
    if (n == 0)
        return emgp_fail(err, EMG_ESHORT, "an autocorrelation needs a sample");
    if (n > MOST_SAMPLES || n_lags < 1 || n_lags > n)
        return emgp_fail(err, EMG_ERANGE, "%zu lags of %zu samples: not within 1 to all of at most %d", n_lags, n,
                         MOST_SAMPLES);
    if ((int)detrend < EMG_DETREND_NONE || detrend > EMG_DETREND_LINEAR || (int)scaling < EMG_LAG_BIASED ||
        scaling > EMG_LAG_UNBIASED_COEFFICIENT)
        return emgp_fail(err, EMG_ERANGE, "no trend or no scaling has the number given");
    double *flat = emgp_alloc(n, sizeof *flat);
    if (!flat)
        return emgp_fail_memory(err);
    emgp_detrend(x, n, detrend, flat);
    emg_status status = emgp_lag_sums(flat, n, n_lags, r, err);
    if (status == EMG_OK)
        scale_lags(r, n, n_lags, scaling);
    emgp_free(flat);
    return status;
}

emg_status emg_peak_between(const double *y, size_t n, size_t at, emg_peak_scale scale, emg_peak *out, emg_error *err)
{
    if (!y || !out)
        return emgp_fail(err, EMG_EARG, "no values or no place for the peak");
    if (at >= n || (int)scale < EMG_PEAK_LINEAR || scale > EMG_PEAK_LOG)
        return emgp_fail(err, EMG_ERANGE, "no peak at %zu of %zu values, or no scale %d", at, n, (int)scale);
    *out = (emg_peak){ (double)at, y[at] };
    if (at == 0 || at + 1 == n)
        return EMG_OK;
    double before = y[at - 1], top = y[at], after = y[at + 1];
    if (scale == EMG_PEAK_LOG) {
        if (!(before > 0 && top > 0 && after > 0))
            return EMG_OK;
        before = log(before / top);
        after = log(after / top);
        top = 0;
    }
    const double bend = (before - top) + (after - top);
    if (!(before <= top && after <= top && bend < 0))
        return EMG_OK;
    const double offset = (before - after) / bend / 2, rise = (after - before) * offset / 4;
    out->position += offset;
    out->height = scale == EMG_PEAK_LOG ? y[at] * exp(rise) : top + rise;
    return EMG_OK;
}

/* Where the spectrum falls to `half` on one side of the peak, in bins; NaN where it does not. *last: the peak's last
 * own bin on that side. */
static double half_crossing(const double *density, size_t n_bins, size_t peak, double half, bool down, size_t *last)
{
    size_t i = peak;
    for (;;) {
        *last = i;
        if (down ? i == 0 : i + 1 == n_bins)
            return NAN;
        size_t next = down ? i - 1 : i + 1;
        if (density[next] < half) {
            double share = (density[i] - half) / (density[i] - density[next]);
            return down ? (double)i - share : (double)i + share;
        }
        i = next;
    }
}

/* The median of the bins from..to without those from own_from to own_to; NaN of fewer than 3. */
static emg_status median_around(const double *y, size_t from, size_t to, size_t own_from, size_t own_to, double *median,
                                emg_error *err)
{
    double *around = emgp_alloc(to - from + 1, sizeof *around);
    if (!around)
        return emgp_fail_memory(err);
    size_t n = 0;
    for (size_t i = from; i <= to; i++) {
        if (i < own_from || i > own_to)
            around[n++] = y[i];
    }
    *median = n >= 3 ? gsl_stats_median(around, 1, n) : NAN;
    emgp_free(around);
    return EMG_OK;
}

emg_status emg_spectrum_peak(const double *density, size_t n_bins, double step_hz, double low_hz, double high_hz,
                             double neighbourhood_hz, emg_spectral_peak *out, emg_error *err)
{
    if (!density || !out)
        return emgp_fail(err, EMG_EARG, "no spectrum or no place for the peak");
    if (!(step_hz > 0) || !isfinite(step_hz) || !(neighbourhood_hz >= 0))
        return emgp_fail(err, EMG_ERANGE, "bins %g Hz wide or a neighbourhood of %g Hz make no sense", step_hz,
                         neighbourhood_hz);
    const emgp_density band = emgp_density_within(density, n_bins, step_hz, low_hz, high_hz);
    if (!(low_hz <= high_hz) || band.from >= band.to)
        return emgp_fail(err, EMG_ERANGE, "no bin lies within %g to %g Hz", low_hz, high_hz);
    size_t peak = band.from;
    for (size_t i = band.from; i < band.to; i++)
        peak = density[i] > density[peak] ? i : peak;
    const double top = density[peak];
    if (!(top > 0)) {
        *out = (emg_spectral_peak){ NAN, NAN, NAN, NAN };
        return EMG_OK;
    }
    size_t own_from, own_to;
    double left = half_crossing(density, n_bins, peak, top / 2, true, &own_from);
    double right = half_crossing(density, n_bins, peak, top / 2, false, &own_to);
    double reach = fmin(floor(neighbourhood_hz / step_hz), (double)n_bins), median = NAN;
    size_t around = (size_t)reach;
    emg_status status =
        median_around(density, peak > around ? peak - around : 0,
                      around < n_bins - 1 - peak ? peak + around : n_bins - 1, own_from, own_to, &median, err);
    emg_peak between;
    if (status == EMG_OK)
        status = emg_peak_between(density, n_bins, peak, EMG_PEAK_LOG, &between, err);
    if (status == EMG_OK)
        *out =
            (emg_spectral_peak){ between.position * step_hz, top, 10 * log10(top / median), (right - left) * step_hz };
    return status;
}
