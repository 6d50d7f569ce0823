/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coherence of two channels of a recording: what they share at each frequency, with its phase and its chance level. */
#ifndef EMG_COHERENCE_H
#define EMG_COHERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/recording.h>
#include <emg/run.h>
#include <emg/status.h>
#include <emg/welch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which two channels, and how. Take emg_coherence_defaults() and change what matters. */
typedef struct emg_coherence_plan {
    const char *first, *second; /* patterns as emg_reading.channels has them, each of exactly one channel */
    double window_s;            /* seconds of a segment, above 0; rounded to whole samples */
    double low_hz, high_hz;     /* the frequencies that are wanted */
    bool raw;                   /* of the samples as they were recorded; else conditioned as for the analysis */
} emg_coherence_plan;

/* Segments of 1 s, every frequency, conditioned. `first` and `second` are to be set. */
EMG_API emg_coherence_plan emg_coherence_defaults(void);

/* Zeroed it is empty; emg_coherence_result_free() takes it whatever happened. */
typedef struct emg_coherence_result {
    emg_channel first, second;
    bool raw;                   /* as the plan says */
    double rate_hz, window_s;   /* window_s: whole samples */
    double onset_s, duration_s; /* of the first sample, and seconds of signal without the gaps */
    emg_welch_count count;      /* segments, and how many disjoint ones they are worth */
    double chance_95;           /* emg_coherence_level(count.n_independent, 0.05): of 100 bins of noises that share
                                   nothing, 95 stay below */
    size_t n;                   /* bins, rate_hz / (samples of a segment) apart */
    double *frequency_hz;
    double *coherence; /* magnitude squared, 0 to 1; NaN at a bin where a channel has no power */
    double
        *phase_rad; /* of the cross spectrum conj(first) second, as scipy.signal.csd(first, second), -pi to pi: negative
                          where the second lags (a delay of d seconds: -2 pi f d); NaN as above */
} emg_coherence_result;

/* Reads a recording and compares two of its channels after Welch: half overlapping segments, none over a gap, periodic Hann
 * windows, means removed, averages over all of config->reading's time. config->reading.channels is not looked at: the
 * plan's patterns select. Conditioned, bins are those of the band after conditioning, which leaves nothing outside. Of a
 * single segment every coherence is 1, and so is the chance level.
 *
 * EMG_EARG: a pattern that matches no channel or several, twice the same channel, channels of different rates, one that
 * cannot be conditioned (its sentence says why); EMG_ERANGE: a window or band that makes no sense, or no bin in the band;
 * EMG_ESHORT: no stretch without a gap is as long as a segment; and those of emg_run_file(). */
EMG_API EMG_MUST_USE emg_status emg_run_coherence(const char *path, const emg_run_config *config,
                                                  const emg_coherence_plan *plan, emg_coherence_result *out,
                                                  emg_error *err);
EMG_API void emg_coherence_result_free(emg_coherence_result *result);

/* Draws it into an SVG file, whole or not at all: coherence with its chance level, and the phase of the bins above that,
 * readable in print and dark mode. EMG_EARG: an empty result; EMG_EIO names the path; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_coherence_file(const emg_coherence_result *result, const char *svg_path,
                                                       emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
