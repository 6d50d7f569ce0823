/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features of a recording's conditioned signal: window by window, as spectra, as trends over a contraction. */
#ifndef EMG_FEATURE_ROWS_H
#define EMG_FEATURE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/features.h>
#include <emg/run.h>
#include <emg/spectrum.h>

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
 * *n_channels: how many channels had a rate that allows the band; 0 is no failure. May be NULL.
 * Errors as emg_run_file(); EMG_ERANGE: a window or step out of range; EMG_EARG: mvc_path matches no channel. */
EMG_API EMG_MUST_USE emg_status emg_run_features(const char *path, const emg_run_config *config,
                                                 const emg_feature_plan *plan, emg_feature_take *take, void *context,
                                                 size_t *n_channels, emg_error *err);

/* A channel's power density over its whole selection, after Welch: windows of features.window_s. */
typedef struct emg_density_row {
    double onset_s, duration_s; /* first sample, and seconds without the gaps */
    size_t index;
    const emg_channel *channel;
    bool calibrated;
    double low_hz, high_hz;
    uint64_t n_windows;    /* that were averaged */
    const double *density; /* n_bins values step_hz apart, unit^2 / Hz */
    size_t n_bins;
    double step_hz;
} emg_density_row;

typedef bool emg_density_take(void *context, const emg_density_row *row);

/* One row per channel in the recording's order; channels shorter than one window are left out. Errors as above. */
EMG_API EMG_MUST_USE emg_status emg_run_densities(const char *path, const emg_run_config *config,
                                                  emg_density_take *take, void *context, size_t *n_channels,
                                                  emg_error *err);

/* The trend of one feature of one channel over a contraction. */
typedef struct emg_slope_row {
    double onset_s, duration_s; /* of the stretch; the line's time 0 is its onset */
    size_t index;
    const emg_channel *channel;
    const emg_feature *feature; /* mean or median frequency */
    size_t n_windows;
    emg_slope least_squares, robust;
} emg_slope_row;

typedef bool emg_slope_take(void *context, const emg_slope_row *row);

/* Slopes of mean and median frequency over each stretch that an annotation marks as task (config->task_glob), or over
 * each channel's whole selection when there is no glob. Points are the plan's windows that lie wholly within the
 * stretch, each at its middle; of more than EMG_SLOPE_MOST windows neighbours are averaged two by two. Rows by onset,
 * channel, feature. Errors as above. */
EMG_API EMG_MUST_USE emg_status emg_run_slopes(const char *path, const emg_run_config *config,
                                               const emg_feature_plan *plan, emg_slope_take *take, void *context,
                                               size_t *n_channels, emg_error *err);

/* Power over time and frequency of a recording's channels, small enough to be drawn: short-time spectra of 0.25 s gathered
 * into at most 480 x 128 cells a channel (fewer for more than 64 channels), whose means are taken; time that does not fit
 * makes all columns twice as wide, so that neither memory nor the picture grows with length. */
typedef struct emg_spectrogram_view emg_spectrogram_view;

/* Errors as emg_run_features(); *out is NULL on failure, freed by emg_spectrogram_view_free(). */
EMG_API EMG_MUST_USE emg_status emg_run_spectrogram(emg_spectrogram_view **out, const char *path,
                                                    const emg_run_config *config, size_t *n_channels, emg_error *err);
EMG_API void emg_spectrogram_view_free(emg_spectrogram_view *view);

/* How many channels have a picture: those with 0.25 s of signal or more. */
EMG_API size_t emg_spectrogram_view_n(const emg_spectrogram_view *view);

/* Draws them below each other into an SVG file, whole or not at all: decibels re 1 uV^2/Hz (uncalibrated channels: the
 * recording's own unit) as colours, readable in print and dark mode. EMG_EIO names the path; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_spectrogram_file(const emg_spectrogram_view *view, const char *svg_path,
                                                         emg_error *err);

/* A channel's samples as they were recorded, described as a whole: no filter, no mains removal. */
typedef struct emg_raw_row {
    size_t index;
    const emg_channel *channel;
    bool audio;                         /* an uncalibrated channel without a unit counts in shares of full scale */
    double onset_s;                     /* of the first sample */
    const emg_description *description; /* calibrated channels in microvolts */
    const double *density;              /* n_bins values step_hz apart, unit^2 / Hz; NULL: shorter than a window */
    size_t n_bins;
    double step_hz;
} emg_raw_row;

typedef bool emg_raw_take(void *context, const emg_raw_row *row);

/* One row per selected channel in the recording's order: RMS and Welch figures of windows of `window` samples over
 * low_hz..high_hz (emg_spectrum_new). config->go_on is asked. *n_channels: how many had samples. Errors as
 * emg_recording_open(), emg_recording_next() and emg_spectrum_new(). */
EMG_API EMG_MUST_USE emg_status emg_run_raw(const char *path, const emg_run_config *config, size_t window,
                                            double low_hz, double high_hz, emg_raw_take *take, void *context,
                                            size_t *n_channels, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
