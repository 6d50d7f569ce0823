/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features of a recording's conditioned signal, window by window. */
#ifndef EMG_FEATURE_ROWS_H
#define EMG_FEATURE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/feature_table.h>
#include <emg/features.h>
#include <emg/recording.h>
#include <emg/run.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which windows, and what of each. Take emg_feature_plan_defaults() and change what matters. */
typedef struct emg_feature_plan {
    double window_s, step_s; /* above 0; rounded to whole samples of each channel's rate */
    emg_feature_choice features;
    const emg_band *bands; /* whose power is wanted */
    size_t n_bands;
    bool densities;       /* the density itself is wanted */
    const char *mvc_path; /* recording of a maximal voluntary contraction; NULL: none */
} emg_feature_plan;

/* Windows of 1 s, one after the other, with the default features. */
EMG_API emg_feature_plan emg_feature_plan_defaults(void);

/* One window of one channel. All is borrowed for the call. Amplitudes: microvolts when calibrated, else the recording's
 * own unit. */
typedef struct emg_feature_window {
    double onset_s, duration_s; /* from the recording's first sample */
    size_t index;               /* of the channel, as emg_recording_channel takes it */
    const emg_channel *channel;
    bool calibrated;
    double low_hz, high_hz; /* the band after conditioning: spectral features are of it */
    double noise; /* standard deviation, mean over the channel's whole selection; NaN: not known, not needed */
    emg_feature_levels levels; /* what counted as a crossing, as a turn, as rest */
    emg_features features;     /* NaN: not chosen or not applicable */
    const double *band_power;  /* of each of the plan's bands */
    const double *band_share;  /* the same as a share of the analysis band's power */
    const double *density;     /* n_bins values step_hz apart (unit^2 / Hz), NULL unless the plan has `densities` */
    size_t n_bins;
    double step_hz;
    double mvc;         /* the highest moving RMS of the matching channel of mvc_path; NaN: none */
    double mvc_percent; /* the window's RMS in percent of it */
} emg_feature_window;

/* Takes a row; false ends the run with EMG_ECANCELLED. */
typedef bool emg_feature_take(void *context, const emg_feature_window *row);

/* Reads a recording and hands out its windows by onset (in microseconds), then channel. Windows begin at the first sample
 * of each stretch without a gap and lie step_s apart; none spans a gap, a last one that is not full is left out. The
 * signal is conditioned as for the analysis (config->analysis.condition). Thresholds rest on the noise of the channel's
 * whole selection, the same sigma as noise_uv of a report, so that counts of different windows compare; it is learnt in
 * a first pass over the file, which is left out when nothing chosen needs it. Marks of rest (config->rest_glob) take the
 * noise's place as the power at rest. Results depend neither on block nor on group size.
 *
 * Maximum: the highest moving RMS (window features.mvc_window_s, whole windows only) of each channel of mvc_path,
 * conditioned alike, all of the file whatever part of the other is read. A channel takes the one of the same name; else
 * the highest of those of the same muscle; both calibrated or both not.
 *
 * *n_channels: how many channels had a rate that allows the band; 0 is no failure. n_channels may be NULL.
 * Errors as emg_run_file(); EMG_ERANGE: a window or step out of range; EMG_EARG: mvc_path matches no channel. */
EMG_API EMG_MUST_USE emg_status emg_run_features(const char *path, const emg_run_config *config,
                                                 const emg_feature_plan *plan, emg_feature_take *take, void *context,
                                                 size_t *n_channels, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
