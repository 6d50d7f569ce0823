/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which stretches of time are read: a window by seconds or clock, cut by what annotations mark. */
#ifndef EMGP_WINDOWS_H
#define EMGP_WINDOWS_H

#include <emg/recording.h>

/* Samples at from_s and later, before to_s; in seconds from the recording's first sample. */
typedef struct emgp_window {
    double from_s, to_s;
} emgp_window;

/* In order, with time between each and the next. One without marks; none when nothing is left to read. */
typedef struct emgp_windows {
    emgp_window *list;
    size_t n, room;
} emgp_windows;

/* Makes rec->windows and rec->reading.from_s, to_s (no longer by the clock) from what the caller asked for.
 * EMG_EARG: a clock time when the start is unknown, or outside the recording; no stretch to be within.
 * EMG_EUNSUPPORTED: more stretches than EMGP_MOST_SEGMENTS. EMG_ENOMEM, and what reading annotations gives. */
emg_status emgp_windows_make(emg_recording *rec, emg_error *err);
void emgp_windows_free(emgp_windows *windows);

/* Makes facts.selected_s the time that windows and segments have in common. */
void emgp_windows_sum(emg_recording *rec);

#endif
