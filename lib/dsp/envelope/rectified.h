/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The linear envelope: magnitudes, smoothed by a low-pass filter. */
#ifndef EMGP_RECTIFIED_H
#define EMGP_RECTIFIED_H

#include <emg/filter.h>

typedef struct emgp_rectified emgp_rectified;

/* A Butterworth low-pass over |x| of 1 to 64 channels. Fails as emg_filter_design() and emg_filter_stream_new() do. */
emg_status emgp_rectified_new(emgp_rectified **out, int order, double corner_hz, emg_filter_direction direction,
                              double rate_hz, size_t n_channels, emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_rectified_push(emgp_rectified *rectified, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_rectified_finish(emgp_rectified *rectified, emg_error *err);
size_t emgp_rectified_latency(const emgp_rectified *rectified);
void emgp_rectified_free(emgp_rectified *rectified);

#endif
