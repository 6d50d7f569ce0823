/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wave that repeats with one shape at nearly even intervals, taken out of each lane that has one. */
#ifndef EMGP_HEART_H
#define EMGP_HEART_H

#include <stdbool.h>

#include <emg/heart.h>

#include "base/frames.h"

/* How the lanes come and go: in float (the analysis) or in double (the public stream); the other is NULL. */
typedef struct emgp_heart_ends {
    bool single;
    bool high_passed; /* nothing below 20 Hz is left in the samples: baseline need not be looked after */
    emgp_frames *next;
    emg_take_frames *take;
    void *context;
} emgp_heart_ends;

typedef struct emgp_heart emgp_heart;

/* EMG_ERANGE, EMG_EARG as emg_heart_stream_new() says; EMG_ENOMEM. */
emg_status emgp_heart_new(emgp_heart **out, const emg_heart_plan *plan, double rate_hz, size_t n_lanes,
                          const emgp_heart_ends *ends, emg_error *err);
void emgp_heart_free(emgp_heart *heart);

/* Beats known from elsewhere: seconds, ascending; whoever tells them keeps them while the segment lasts. */
typedef struct emgp_heart_beats {
    const double *at_s;
    size_t n;
} emgp_heart_beats;

/* The next frame is a segment's first, at start_s of the beats' clock. Need not be called when no beats are known. */
void emgp_heart_tell(emgp_heart *heart, const emgp_heart_beats *beats, double start_s);

/* Takes n_frames x n_lanes interleaved samples, of float when `single`, else of double. Fails as its takers do. */
emg_status emgp_heart_push(emgp_heart *heart, const void *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands on what is held, and is ready for the next segment. */
emg_status emgp_heart_finish(emgp_heart *heart, emg_error *err);

emg_heart_found emgp_heart_found(const emgp_heart *heart, size_t lane);

/* The most frames ever held back. */
size_t emgp_heart_latency(const emgp_heart *heart);

#endif
