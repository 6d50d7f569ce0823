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

#ifdef __cplusplus
}
#endif
#endif
