/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mains hum taken off as fitted sine waves, window by window, only where it is there. */
#ifndef EMGP_MAINS_H
#define EMGP_MAINS_H

#include "dsp/frames.h"

typedef enum emgp_mains_mode {
    EMGP_MAINS_AUTO, /* 50 or 60 Hz, whichever stands out, per channel and window */
    EMGP_MAINS_50,
    EMGP_MAINS_60,
    EMGP_MAINS_OFF
} emgp_mains_mode;

typedef struct emgp_mains_setting {
    emgp_mains_mode mode;
    size_t harmonics; /* most waves fitted, the fundamental included: 1 to 16 */
    double keep_db;   /* the line stays where the signal without it is stronger than it by more than this */
    double hint_hz; /* what the recording states as its line frequency, 0 for nothing; decides `auto` when within 45 to
                       65 */
} emgp_mains_setting;

/* What was found on a channel so far. */
typedef struct emgp_mains_line {
    double frequency_hz; /* mean over the windows in which the line was removed; NaN when there are none */
    double share;        /* of all windows, those in which it was removed; NaN when no window was long enough */
    double amplitude;    /* mean over those windows of sqrt(sum of squared amplitudes of all harmonics); 0 when none */
} emgp_mains_line;

typedef struct emgp_mains emgp_mains;

/* Makes a stream that hands every frame to `next`. band_high_hz: no wave above it is looked for (half the rate
 * limits it too). EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_mains_new(emgp_mains **out, const emgp_mains_setting *setting, double rate_hz, double band_high_hz,
                          size_t n_lanes, emgp_frames *next, void *context, emg_error *err);

/* Takes n_frames x n_lanes interleaved samples. Fails only as `next` does. */
emg_status emgp_mains_push(emgp_mains *m, const float *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands on what is still held, and is ready for the next segment. */
emg_status emgp_mains_finish(emgp_mains *m, emg_error *err);

emgp_mains_line emgp_mains_found(const emgp_mains *m, size_t lane);

/* The most frames ever held back. */
size_t emgp_mains_latency(const emgp_mains *m);

void emgp_mains_free(emgp_mains *m);

#endif
