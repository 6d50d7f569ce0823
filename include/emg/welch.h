/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Welch's spectra with every choice open: power, cross spectra, coherence and phase, over arrays and streams. */
#ifndef EMG_WELCH_H
#define EMG_WELCH_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>
#include <emg/window.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is taken off a segment before it is windowed. */
typedef enum emg_detrend {
    EMG_DETREND_NONE = 0,
    EMG_DETREND_CONSTANT, /* its mean */
    EMG_DETREND_LINEAR    /* its least-squares line */
} emg_detrend;

typedef enum emg_scaling {
    EMG_SCALING_DENSITY = 0, /* unit^2 / Hz: the sum times the bin width is the mean square */
    EMG_SCALING_SPECTRUM     /* unit^2: a sine wave of amplitude A has a line of A^2 / 2 */
} emg_scaling;

typedef enum emg_average {
    EMG_AVERAGE_MEAN = 0,
    EMG_AVERAGE_MEDIAN /* over its bias for noise (Allen et al. 2012): bursts in few segments move it little */
} emg_average;

/* How a signal is cut and each piece is turned to a spectrum. Segments lie segment - overlap samples apart, the first
 * at a stretch's first sample; what is left at a stretch's end is not used. */
typedef struct emg_welch_plan {
    double rate_hz;         /* above 0 */
    size_t segment;         /* samples, 1 to 2^24 */
    size_t overlap;         /* samples, below `segment` */
    size_t n_fft;           /* `segment` to 2^24: zeros are added up to it, bins lie rate_hz / n_fft apart */
    emg_window_kind window; /* periodic */
    double beta;            /* of the Kaiser window */
    emg_detrend detrend;
    emg_scaling scaling;
    emg_average average;
} emg_welch_plan;

/* Hann, half overlap, n_fft = segment, mean removed, density, mean: scipy.signal.welch(x, rate_hz, nperseg=segment). */
EMG_API emg_welch_plan emg_welch_defaults(double rate_hz, size_t segment);

/* Bins of every spectrum of the plan, at 0, rate_hz / n_fft, 2 rate_hz / n_fft, ...: n_fft / 2 + 1 (0 of NULL). */
EMG_API size_t emg_welch_bins(const emg_welch_plan *plan);

/* What an average rests on. Overlapping segments share samples: n_independent is the number of disjoint segments of
 * equal scatter, n / (1 + 2 sum (1 - k/n) r_k^2) with r_k the correlation of windows k segments apart (Welch 1967). */
typedef struct emg_welch_count {
    uint64_t n_segments;
    double n_independent; /* a count, seldom whole */
} emg_welch_count;

/* The coherence that independent noises stay below with probability 1 - alpha: 1 - alpha^(1/(n - 1)) for n disjoint
 * segments (Halliday et al. 1995); pass n_independent where they overlap. 1 for n <= 1, NaN for alpha not in 0 to 1. */
EMG_API double emg_coherence_level(double n_independent, double alpha);

/* One-sided spectrum of n samples, emg_welch_bins() values, as scipy.signal.welch with the plan's choices, but that a
 * signal shorter than a segment is refused. Segments whose samples stay below 1e-150 count as zero. count may be NULL.
 * On failure outputs are as they were. EMG_EARG: no samples, no place, a sample that is not finite; EMG_ERANGE: the
 * plan; EMG_ESHORT: n < segment; EMG_ENOMEM. With the median, memory grows with the number of segments:
 * EMG_ERANGE when these times the bins are above 2^27. */
EMG_API EMG_MUST_USE emg_status emg_psd(const emg_welch_plan *plan, const double *x, size_t n, double *psd,
                                        emg_welch_count *count, emg_error *err);

/* One-sided cross spectrum conj(X) Y of two signals, as scipy.signal.csd: csd takes 2 x emg_welch_bins() values, real
 * and imaginary part by turns. A signal y that lags x has a negative phase. count may be NULL. Otherwise as
 * emg_psd. */
EMG_API EMG_MUST_USE emg_status emg_csd(const emg_welch_plan *plan, const double *x, const double *y, size_t n,
                                        double *csd, emg_welch_count *count, emg_error *err);

/* Magnitude-squared coherence |Pxy|^2 / (Pxx Pyy), 0 to 1, as scipy.signal.coherence, and the phase of Pxy, -pi to pi
 * (y lags x: negative; a pure delay of d seconds: -2 pi f d), emg_welch_bins() values each; coherence or phase_rad may be NULL, and
 * count may be NULL.
 * Averages are means. NaN, both, at a bin where one of the signals has no power (all zero, constant with the mean
 * removed, or so weak that squares vanish) or one that overflows. With a single segment every coherence is 1 and says
 * nothing: hold it against emg_coherence_level(count.n_independent, 0.05). EMG_ERANGE also: the plan asks for the
 * median. Otherwise as emg_psd. */
EMG_API EMG_MUST_USE emg_status emg_coherence(const emg_welch_plan *plan, const double *x, const double *y, size_t n,
                                              double *coherence, double *phase_rad, emg_welch_count *count,
                                              emg_error *err);

/* The same over a stream of interleaved channels of one rate, with averages that are means, in memory that does not
 * grow with length. A channel's results depend neither on how the stream is cut nor on the other channels. */
typedef struct emg_welch emg_welch;

/* Two channels, from 0, of which the cross spectrum is wanted; x is `first`, y is `second`. */
typedef struct emg_welch_pair {
    size_t first, second;
} emg_welch_pair;

/* n_channels 1 to 64; n_pairs 0 (pairs is not read then) to 64 * 63. EMG_EARG: a pair names no channel;
 * EMG_ERANGE: the plan, its median, a count, n_fft times channels or pairs above 2^25 (memory); EMG_ENOMEM. *out is NULL
 * on failure. */
EMG_API EMG_MUST_USE emg_status emg_welch_new(emg_welch **out, const emg_welch_plan *plan, size_t n_channels,
                                              const emg_welch_pair *pairs, size_t n_pairs, emg_error *err);

/* Takes n_frames x n_channels samples. EMG_EARG: one is not finite; nothing of the call is taken then. */
EMG_API EMG_MUST_USE emg_status emg_welch_push(emg_welch *welch, const double *x, size_t n_frames, emg_error *err);

/* Ends a stretch (a gap, or the end): the next frame does not follow the last one, and no segment spans this place. */
EMG_API void emg_welch_finish(emg_welch *welch);

/* Forgets all samples. */
EMG_API void emg_welch_reset(emg_welch *welch);

/* Segments taken so far, the same for every channel; those of several stretches are added. */
EMG_API emg_welch_count emg_welch_counted(const emg_welch *welch);

/* What emg_psd, emg_csd and emg_coherence give, of the samples so far; coherence or phase_rad may be NULL. EMG_EARG: no such channel or pair; EMG_ESHORT:
 * no segment was complete yet. */
EMG_API EMG_MUST_USE emg_status emg_welch_psd(const emg_welch *welch, size_t channel, double *psd, emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_welch_csd(const emg_welch *welch, size_t pair, double *csd, emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_welch_coherence(const emg_welch *welch, size_t pair, double *coherence,
                                                    double *phase_rad, emg_error *err);

EMG_API void emg_welch_free(emg_welch *welch);

#ifdef __cplusplus
}
#endif
#endif
