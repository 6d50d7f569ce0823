/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows and tapers that a stretch of samples is multiplied with before its spectrum is taken. */
#ifndef EMG_WINDOW_H
#define EMG_WINDOW_H

#include <stddef.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sums of cosines after Harris 1978 (flat top after D'Antona and Ferrero 2006), the Kaiser window after Kaiser 1974. */
typedef enum emg_window_kind {
    EMG_WINDOW_BOXCAR = 0,
    EMG_WINDOW_HANN,           /* 0.5, 0.5 */
    EMG_WINDOW_HAMMING,        /* 0.54, 0.46 */
    EMG_WINDOW_BLACKMAN,       /* 0.42, 0.5, 0.08 */
    EMG_WINDOW_BLACKMANHARRIS, /* four terms, side lobes below -92 dB */
    EMG_WINDOW_FLATTOP,        /* five terms, a line's height right to 0.01 dB between bins */
    EMG_WINDOW_KAISER          /* I0(beta sqrt(1 - u^2)) / I0(beta), u from -1 to 1; beta 0 is the boxcar */
} emg_window_kind;

/* Where the window ends: one period of a periodic sequence, for spectra, or the same at both ends, for filters. */
typedef enum emg_window_ends { EMG_WINDOW_PERIODIC = 0, EMG_WINDOW_SYMMETRIC } emg_window_ends;

/* n values (1 to 2^27) of a window with the largest value 1, as scipy.signal.get_window(kind, n, fftbins = periodic);
 * of one value it is 1. beta, 0 to 700, is read by EMG_WINDOW_KAISER only. EMG_ERANGE: n, beta or kind. */
EMG_API EMG_MUST_USE emg_status emg_window_values(emg_window_kind kind, double beta, emg_window_ends ends, size_t n,
                                                  double *values, emg_error *err);

/* Discrete prolate spheroidal sequences (Slepian 1978): of all sequences of n values those whose energy lies most
 * within +-half_bandwidth / n cycles per sample, each orthogonal to the ones before.
 *
 * tapers: k x n values, one taper after the other, sum of squares 1; even ones (0, 2, ...) with a positive sum, odd
 * ones with a positive first lobe. ratios: k shares of the energy within the band, 0 to 1; ratios may be NULL. As
 * scipy.signal.windows.dpss(n, half_bandwidth, k, sym = symmetric, return_ratios = True). Periodic tapers are those of
 * n + 1 values without the last.
 *
 * n 1 to 2^20; k 1 to n; 0 < half_bandwidth < n / 2. Digits are lost as n grows (half_bandwidth 4, 7 tapers): right to
 * 1e-11 of the peak at 5000 values, 2e-9 at 50000, about 1e-7 at 2^20. EMG_EARG: no place; EMG_ERANGE: n, k,
 * half_bandwidth; EMG_ENOMEM, upon which the outputs hold nothing of use. */
EMG_API EMG_MUST_USE emg_status emg_window_dpss(size_t n, double half_bandwidth, size_t k, emg_window_ends ends,
                                                double *tapers, double *ratios, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
