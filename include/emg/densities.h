/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power densities of a recording's channels, each over its whole selection. */
#ifndef EMG_DENSITIES_H
#define EMG_DENSITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/recording.h>
#include <emg/run.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/* One row per channel in the recording's order; channels shorter than one window are left out. n_channels may be NULL.
 * Errors as emg_run_features(). */
EMG_API EMG_MUST_USE emg_status emg_run_densities(const char *path, const emg_run_config *config,
                                                  emg_density_take *take, void *context, size_t *n_channels,
                                                  emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
