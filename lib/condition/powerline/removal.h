/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mains hum taken off as fitted sine waves, window by window, only where it is there. */
#ifndef EMGP_MAINS_H
#define EMGP_MAINS_H

#include <stdbool.h>

#include <emg/mains.h>

#include "dsp/filter/butterworth.h"
#include "base/frames.h"

typedef struct emgp_mains_setting {
    emg_mains mode;
    size_t harmonics; /* most waves fitted, the fundamental included: 1 to EMG_MAINS_MOST_HARMONICS */
    double keep_db;   /* the line stays where the signal without it is stronger than it by more than this */
    double hint_hz; /* what the recording states as its line frequency, 0 for nothing; decides `auto` when within 45 to
                       65 */
    /* Filter that the samples went through, forward and backward (emgp_zerophase); 0 sections: none is known. */
    const emgp_section *through;
    size_t n_through;
    bool through_single; /* in single precision */
    bool hand_on_line;   /* hands on the line as it was ahead of that filter, instead of the samples without it */
} emgp_mains_setting;

typedef struct emgp_mains emgp_mains;

/* False when there is no room for a line in the band or below half the rate, or none is wanted: samples pass. */
bool emgp_mains_wanted(emg_mains mode, double rate_hz, double band_high_hz);

/* Makes a stream that hands every frame to `next`. band_high_hz: no wave above it is looked for (half the rate
 * limits it too). Where the filter is known that the samples went through, the line is taken off at a segment's ends as
 * the filter made it there: a wave that begins and ends rings in it. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_mains_new(emgp_mains **out, const emgp_mains_setting *setting, double rate_hz, double band_high_hz,
                          size_t n_lanes, emgp_frames *next, void *context, emg_error *err);

/* Takes n_frames x n_lanes interleaved samples. Fails only as `next` does. */
emg_status emgp_mains_push(emgp_mains *m, const float *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands on what is still held, and is ready for the next segment. */
emg_status emgp_mains_finish(emgp_mains *m, emg_error *err);

emg_mains_found emgp_mains_found(const emgp_mains *m, size_t lane);

/* The most frames ever held back. */
size_t emgp_mains_latency(const emgp_mains *m);

void emgp_mains_free(emgp_mains *m);

#endif
