/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a channel's raw signal is worth, window by window: flags for what is no muscle, and the measures behind them. */
#ifndef EMG_QUALITY_H
#define EMG_QUALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Discharges, contractions and rhythms, however strong, raise none of these. */
typedef enum emg_quality_kind {
    EMG_QUALITY_FLAT = 0,      /* constant, or less than any electrode's noise */
    EMG_QUALITY_CLIPPED = 1,   /* samples at the recorder's limits, or peaks that are cut off at one height */
    EMG_QUALITY_SATURATED = 2, /* a stretch at a limit or at a cut-off height */
    EMG_QUALITY_DROPOUT = 3,   /* a stretch of one repeated value within a live signal */
    EMG_QUALITY_POP = 4,       /* the baseline jumps and comes back slowly, or not */
    EMG_QUALITY_MOTION = 5,    /* below 20 Hz there is far more than above */
    EMG_QUALITY_POWERLINE = 6  /* a line at 50 or 60 Hz that rivals all else; conditioning can remove it */
} emg_quality_kind;

enum { EMG_QUALITY_KINDS = 7 };

/* "flat", "clipped", ...; NULL for no kind. */
EMG_API const char *emg_quality_name(emg_quality_kind kind);

/* A window of one channel. Amplitudes in the channel's unit; NaN: not to be had. */
typedef struct emg_quality_window {
    double start_s;    /* from the segment's first frame */
    double duration_s; /* half to one and a half times quality.window_s at a segment's end, less in a shorter segment */
    unsigned flags;    /* bit k: emg_quality_kind k */
    double sd;         /* standard deviation of the raw samples */
    double clipped_share;          /* share of samples that are clipped */
    double saturated_s, dropout_s; /* length of such stretches in it */
    double step;                   /* size of the largest pop; 0: none */
    double motion_db;              /* power from 2 to 20 Hz over the power above 20 Hz */
    double
        powerline_db; /* power of the stronger line, 50 or 60 Hz, over all other power from 2 Hz up; -INFINITY: no line */
} emg_quality_window;

/* Windows added up. */
typedef struct emg_quality_sums {
    uint64_t n_windows, n_flagged[EMG_QUALITY_KINDS];
    double seconds;                      /* of all windows */
    double usable_s;                     /* of windows without a flag other than EMG_QUALITY_POWERLINE */
    double flagged_s[EMG_QUALITY_KINDS]; /* of windows with that flag */
} emg_quality_sums;

EMG_API void emg_quality_add(emg_quality_sums *sums, const emg_quality_window *window);
EMG_API void emg_quality_merge(emg_quality_sums *into, const emg_quality_sums *from);

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
