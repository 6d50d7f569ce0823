/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw samples in, windows with their quality out. */
#ifndef EMG_QUALITY_STREAM_H
#define EMG_QUALITY_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/config.h>
#include <emg/quality.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of a channel beforehand. */
typedef struct emg_quality_channel {
    bool calibrated;            /* samples are in microvolts */
    double clip_low, clip_high; /* samples at or beyond are clipped; -INFINITY, INFINITY when unknown */
} emg_quality_channel;

/* Takes a window of a channel (from 0); windows come in order of time, channels in order within a window. */
typedef emg_status emg_take_quality(void *context, size_t channel, const emg_quality_window *window, emg_error *err);

typedef struct emg_quality emg_quality;

/* Makes a stream for n_channels (1 to 64) interleaved channels of raw samples. EMG_EARG: NULL; EMG_ERANGE: a setting, the
 * rate or n_channels; EMG_ENOMEM. *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_quality_new(emg_quality **out, const emg_quality_config *config,
                                                const emg_quality_channel *channels, size_t n_channels, double rate_hz,
                                                emg_take_quality *take, void *context, emg_error *err);

/* Takes n_frames x n_channels samples; windows do not depend on how they are cut. EMG_EARG: a sample that is not finite
 * (nothing of the push is taken then); else fails only as `take` does. */
EMG_API EMG_MUST_USE emg_status emg_quality_push(emg_quality *quality, const double *x, size_t n_frames,
                                                 emg_error *err);

/* Ends the segment: its last windows are handed on, the next push begins a new one. */
EMG_API EMG_MUST_USE emg_status emg_quality_finish(emg_quality *quality, emg_error *err);

/* NULL is allowed. */
EMG_API void emg_quality_free(emg_quality *quality);

#ifdef __cplusplus
}
#endif
#endif
