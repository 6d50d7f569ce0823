/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Autocorrelation by Fourier transform. */
#include <emg/peak.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

enum { MOST_SAMPLES = 1 << 26 };

/* The power spectrum's transform back; zeros behind the samples keep far ends from meeting. */
emg_status emgp_lag_sums(const double *x, size_t n, size_t n_lags, double *sums, emg_error *err)
{
    const size_t length = emgp_fft_length(n + n_lags - 1);
    emgp_fft *there = NULL, *back = NULL;
    emg_status status = emgp_fft_new(&there, EMGP_FFT_REAL, length, false, err);
    if (status == EMG_OK)
        status = emgp_fft_new(&back, EMGP_FFT_REAL_BACK, length, false, err);
    if (status == EMG_OK) {
        memcpy(there->in, x, n * sizeof *x);
        emgp_fft_run(there);
        const double *z = there->out;
        double *power = back->in;
        for (size_t i = 0; i <= length / 2; i++) {
            power[2 * i] = z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1];
            power[2 * i + 1] = 0;
        }
        emgp_fft_run(back);
        const double *r = back->out;
        for (size_t k = 0; k < n_lags; k++)
            sums[k] = r[k] / (double)length;
    }
    emgp_fft_free(there);
    emgp_fft_free(back);
    return status;
}

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
