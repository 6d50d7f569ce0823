/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rhythm in numbers: autocorrelation, peaks between samples, and how far a spectral peak stands out. */
#ifndef EMG_PEAK_H
#define EMG_PEAK_H

#include <stddef.h>

#include <emg/status.h>
#include <emg/welch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the sum over x_i x_(i + k) is divided by. */
typedef enum emg_lag_scaling {
    EMG_LAG_BIASED = 0,          /* n: falls towards long lags, never indefinite */
    EMG_LAG_UNBIASED,            /* n - k: keeps its height, noisy at long lags */
    EMG_LAG_COEFFICIENT,         /* as biased, over lag 0: 1 at lag 0; all NaN where lag 0 is 0 */
    EMG_LAG_UNBIASED_COEFFICIENT /* as unbiased, over lag 0 */
} emg_lag_scaling;

/* Autocorrelation of n samples at lags 0 to n_lags - 1 (1 <= n_lags <= n), of the samples less the trend named, by
 * Fourier transform: right to about 1e-15 of lag 0. n up to 2^26. On failure r is as it was. EMG_EARG: no samples, no
 * place, a sample that is not finite; EMG_ESHORT: n = 0; EMG_ERANGE: n, n_lags, a choice; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_autocorrelation(const double *x, size_t n, size_t n_lags, emg_detrend detrend,
                                                    emg_lag_scaling scaling, double *r, emg_error *err);

/* Through what the parabola is laid. */
typedef enum emg_peak_scale {
    EMG_PEAK_LINEAR = 0, /* the values: for autocorrelations */
    EMG_PEAK_LOG         /* their logarithms: for power; right for a Gaussian line */
} emg_peak_scale;

typedef struct emg_peak {
    double position; /* in samples of y, at most half a one from `at` */
    double height;   /* of the parabola, in the unit of y */
} emg_peak;

/* The top of the parabola through y[at - 1], y[at], y[at + 1]. Where these three enclose no maximum (`at` is an end of
 * the array; a neighbour is higher; all are equal; one is not above 0 on the logarithm) it is the sample itself.
 *
 * Largest error of the position without noise, in samples. Power of a steady line, transform as long as the window:
 *   boxcar 0.29 linear, 0.17 logarithmic; Hann 0.12, 0.016; Blackman-Harris 0.070, 0.0032
 * and twice as long (zeros added): boxcar 0.070, 0.021; Hann 0.029, 0.0033; Blackman-Harris 0.018, 0.00077. A cosine of
 * period p >= 4 samples, which the autocorrelation of a rhythm is like near its peaks: linear 0.73 / p^2.
 * EMG_EARG: no values; EMG_ERANGE: `at` is not below n, or the scale. */
EMG_API EMG_MUST_USE emg_status emg_peak_between(const double *y, size_t n, size_t at, emg_peak_scale scale,
                                                 emg_peak *out, emg_error *err);

/* The highest point of a power spectrum within a band, against what surrounds it. */
typedef struct emg_spectral_peak {
    double frequency_hz;  /* between bins, by the logarithmic parabola */
    double density;       /* of the highest bin, in the spectrum's unit */
    double prominence_db; /* 10 log10 (density / median of the neighbourhood without the peak's own bins); NaN where
                             fewer than 3 bins are left, infinite over a median of 0 */
    double width_hz;      /* full width at half of `density`, straight lines between bins; NaN where the spectrum does
                             not fall to half on both sides. Never below the window's own (Hann: 1.44 rate / segment) */
} emg_spectral_peak;

/* The peak of n_bins bins (0, step_hz, 2 step_hz, ...) with low_hz <= f <= high_hz; the neighbourhood are the bins
 * within neighbourhood_hz of it, its own bins those at half of its density or more that hang together with it. All NaN
 * where the band holds no power. EMG_ENOMEM; EMG_ERANGE: the band holds no bin, or a number that makes no sense; *out
 * is as it was. */
EMG_API EMG_MUST_USE emg_status emg_spectrum_peak(const double *density, size_t n_bins, double step_hz, double low_hz,
                                                  double high_hz, double neighbourhood_hz, emg_spectral_peak *out,
                                                  emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
