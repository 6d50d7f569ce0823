/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trends of mean and median frequency over a contraction. */
#ifndef EMG_SLOPES_H
#define EMG_SLOPES_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/feature_rows.h>
#include <emg/feature_table.h>
#include <emg/features.h>
#include <emg/recording.h>
#include <emg/run.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

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
 * channel, feature. n_channels may be NULL. Errors as emg_run_features(). */
EMG_API EMG_MUST_USE emg_status emg_run_slopes(const char *path, const emg_run_config *config,
                                               const emg_feature_plan *plan, emg_slope_take *take, void *context,
                                               size_t *n_channels, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
