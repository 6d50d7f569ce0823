/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power over time and frequency of a recording's channels, as a picture. */
#ifndef EMG_SPECTROGRAM_VIEW_H
#define EMG_SPECTROGRAM_VIEW_H

#include <stddef.h>

#include <emg/run.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Power over time and frequency of a recording's channels, small enough to be drawn: short-time spectra of 0.25 s gathered
 * into at most 480 x 128 cells a channel (fewer for more than 64 channels), whose means are taken; time that does not fit
 * makes all columns twice as wide, so that neither memory nor the picture grows with length. */
typedef struct emg_spectrogram_view emg_spectrogram_view;

/* Errors as emg_run_features(); n_channels may be NULL. *out is NULL on failure, freed by emg_spectrogram_view_free(). */
EMG_API EMG_MUST_USE emg_status emg_run_spectrogram(emg_spectrogram_view **out, const char *path,
                                                    const emg_run_config *config, size_t *n_channels, emg_error *err);
EMG_API void emg_spectrogram_view_free(emg_spectrogram_view *view);

/* How many channels have a picture: those with 0.25 s of signal or more. */
EMG_API size_t emg_spectrogram_view_n(const emg_spectrogram_view *view);

/* Draws them below each other into an SVG file, whole or not at all: decibels re 1 uV^2/Hz (uncalibrated channels: the
 * recording's own unit) as colours, readable in print and dark mode. EMG_EIO names the path; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_spectrogram_file(const emg_spectrogram_view *view, const char *svg_path,
                                                         emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
