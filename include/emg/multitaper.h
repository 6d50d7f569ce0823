/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Multitaper spectra (Thomson 1982): a steady estimate from one short window of samples. */
#ifndef EMG_MULTITAPER_H
#define EMG_MULTITAPER_H

#include <stddef.h>

#include <emg/status.h>
#include <emg/welch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the tapers' spectra S_k are joined: sum w_k S_k / sum w_k, with l_k the share of taper k's energy in its band. */
typedef enum emg_taper_weights {
    EMG_TAPERS_EIGENVALUE = 0, /* w_k = l_k */
    EMG_TAPERS_ADAPTIVE /* w_k = l_k (S / (l_k S + (1 - l_k) v))^2, v the mean square of the samples: a taper counts for
                           little where power from elsewhere would leak through it (Thomson 1982; Percival and Walden
                           1993, 7.4). Begun from the first two tapers' mean and repeated, bin by bin, until S moves by
                           less than 1e-12 of itself, 200 times at most */
} emg_taper_weights;

typedef struct emg_multitaper_plan {
    double rate_hz;        /* above 0 */
    size_t n;              /* samples of a window, 1 to 2^20 */
    double half_bandwidth; /* NW: each bin gathers power within +-half_bandwidth rate_hz / n; above 0, below n / 2 */
    size_t n_tapers;       /* 1 to n; more than 2 half_bandwidth - 1 of them leak */
    size_t n_fft;          /* n to 2^24: zeros are added up to it */
    emg_detrend detrend;
    emg_taper_weights weights;
} emg_multitaper_plan;

/* half_bandwidth 4 and 7 tapers (below 10 samples n / 3 and one taper), n_fft = n, mean removed, weighted by
 * eigenvalue. */
EMG_API emg_multitaper_plan emg_multitaper_defaults(double rate_hz, size_t n);

/* The tapers and the transform of one plan, made once for many windows. */
typedef struct emg_multitaper emg_multitaper;

/* EMG_ERANGE: the plan, or more than 2^27 numbers in all tapers and their spectra; EMG_ENOMEM. *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_multitaper_new(emg_multitaper **out, const emg_multitaper_plan *plan,
                                                   emg_error *err);

/* One-sided power density (unit^2 / Hz) of the plan's n samples: n_fft / 2 + 1 bins, rate_hz / n_fft apart; tapers are
 * periodic (the ones that mne.time_frequency uses). Samples that stay below 1e-150 count as zero. EMG_EARG: a sample is
 * not finite; psd is as it was then. */
EMG_API EMG_MUST_USE emg_status emg_multitaper_psd(emg_multitaper *multitaper, const double *x, double *psd,
                                                   emg_error *err);

EMG_API void emg_multitaper_free(emg_multitaper *multitaper);

#ifdef __cplusplus
}
#endif
#endif
