/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's samples as they were recorded, described channel by channel. */
#ifndef EMG_RAW_H
#define EMG_RAW_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/recording.h>
#include <emg/run.h>
#include <emg/spectrum.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A channel's samples as they were recorded, described as a whole: no filter, no power line removal. */
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
 * low_hz..high_hz (emg_spectrum_new). config->go_on is asked. *n_channels: how many had samples; n_channels may be NULL. Errors as
 * emg_recording_open(), emg_recording_next() and emg_spectrum_new(). */
EMG_API EMG_MUST_USE emg_status emg_run_raw(const char *path, const emg_run_config *config, size_t window,
                                            double low_hz, double high_hz, emg_raw_take *take, void *context,
                                            size_t *n_channels, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
