/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signal in numbers: RMS, and what is read from its power spectrum after Welch. <emg/welch.h> has the spectra. */
#ifndef EMG_SPECTRUM_H
#define EMG_SPECTRUM_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is read from a power density over a band of bins. NaN where the band holds no power. */
typedef struct emg_moments {
    double power;                   /* sum of density times bin width, in squared units of the signal */
    double mean_frequency_hz;       /* sum f P / sum P (Stulen and De Luca) */
    double median_frequency_hz;     /* half of the power lies below; each bin's power is spread evenly over its width */
    double median_frequency_bin_hz; /* the first bin at which the running sum of P reaches half of the band's sum */
    double peak_frequency_hz;       /* the bin of largest density */
    double spectral_entropy; /* -sum p log2 p / log2 n with p = P / sum P over n bins: 0 (one line) to 1 (flat) */
} emg_moments;

/* A signal in numbers, in the signal's unit. */
typedef struct emg_description {
    uint64_t n_samples;
    uint64_t n_windows;      /* Welch segments that fitted */
    double rms;              /* sqrt of the mean square; NaN without samples */
    double rms_mean_removed; /* the same about the mean */
    emg_moments moments;     /* all NaN when no window fitted or no bin lies in the band */
} emg_description;

/* Moments of a density of n_bins bins 0, step_hz, 2 step_hz, ... over the bins with low_hz <= f <= high_hz.
 * EMG_ERANGE: the band holds no bin, or step_hz is not above 0. *out is untouched on failure. */
EMG_API EMG_MUST_USE emg_status emg_spectrum_moments(const double *density, size_t n_bins, double step_hz,
                                                     double low_hz, double high_hz, emg_moments *out, emg_error *err);

/* RMS, and the moments over low_hz..high_hz of the Welch spectrum (emg_welch_defaults() with segments of `window`), of n
 * samples in one call. Fewer samples than `window` are no failure: the moments are NaN then. EMG_EARG, EMG_ERANGE,
 * EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_spectrum_describe(const double *x, size_t n, double rate_hz, size_t window,
                                                      double low_hz, double high_hz, emg_description *out,
                                                      emg_error *err);

/* The same over a stream of interleaved channels of one rate, in memory that does not grow with length. */
typedef struct emg_spectrum emg_spectrum;

/* Segments of `window` samples (1 to 2^24), n_channels 1 to 64. EMG_ERANGE, also for window times channels above 2^25
 * (memory); EMG_ENOMEM; *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_spectrum_new(emg_spectrum **out, double rate_hz, size_t window, size_t n_channels,
                                                 emg_error *err);

/* Takes n_frames x n_channels samples; results do not depend on how the stream is cut. */
EMG_API void emg_spectrum_push(emg_spectrum *spectrum, const double *x, size_t n_frames);

/* The next frame does not follow the last one: no window spans this place. */
EMG_API void emg_spectrum_gap(emg_spectrum *spectrum);

/* Forgets all samples. */
EMG_API void emg_spectrum_reset(emg_spectrum *spectrum);

/* Describes what a channel (from 0) has given so far. EMG_EARG: no such channel; EMG_ERANGE: the band's low end
 * is above its high end. */
EMG_API EMG_MUST_USE emg_status emg_spectrum_get(const emg_spectrum *spectrum, size_t channel, double low_hz,
                                                 double high_hz, emg_description *out, emg_error *err);

/* A channel's density so far, window / 2 + 1 bins rate_hz / window apart, unit^2 / Hz. EMG_EARG: no such channel; EMG_ESHORT: no window has fitted yet. */
EMG_API EMG_MUST_USE emg_status emg_spectrum_density(const emg_spectrum *spectrum, size_t channel, double *density,
                                                     emg_error *err);

EMG_API void emg_spectrum_free(emg_spectrum *spectrum);

/* FFTW's planner is not safe to run in two threads at once, and its state belongs to the whole process. The library
 * plans under this lock; a program that plans with FFTW itself, in other threads, holds it while it does so. */
EMG_API void emg_fftw_lock(void);
EMG_API void emg_fftw_unlock(void);

#ifdef __cplusplus
}
#endif
#endif
