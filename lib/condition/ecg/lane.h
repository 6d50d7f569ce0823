/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lane's heart while frames pass: sought, followed from beat to beat, taken off, lost. */
#ifndef EMGP_HEART_LANE_H
#define EMGP_HEART_LANE_H

#include <emg/heart.h>

#include "condition/ecg/find.h"
#include "condition/ecg/ring.h"
#include "condition/ecg/wave.h"

enum { EMGP_HEART_RECENT = 24 };

/* What all lanes of a stream share. */
typedef struct emgp_heart_common {
    const emg_heart_plan *plan;
    double rate_hz, bins_per_s;
    size_t before, after, taper, smooth, gate; /* frames */
    bool high_passed;
    emgp_heart_ring *ring;
    emgp_heart_scratch scratch;
    double *x;    /* before + after + 1 samples of one beat, with what it is moved by beyond them */
    float *bins;  /* room_bins: the lane's bins without baseline */
    double *lead; /* frames of the lead's beats among the frames held */
    size_t n_lead;
    bool told;            /* these beats come from outside: every lane may go by them, when there are some */
    uint64_t first_frame; /* of the segment, counted from the stream's first */
} emgp_heart_common;

typedef struct emgp_heart_lane {
    size_t lane;
    bool beating, led; /* led: by the lead's beats */
    emgp_heart_wave wave;
    double shape[EMGP_HEART_SHAPE]; /* the wave in bins */
    double gain;                    /* usual now */
    double period;                  /* frames */
    uint64_t next_bin;              /* beats are looked for from here on */
    double next_frame;              /* following a lead: beats from here on are new */
    double recent[EMGP_HEART_RECENT];
    size_t n_recent;
    /* over all segments */
    uint64_t n_beats, n_led, n_intervals;
    double sum, squares, amplitude, removed, first, last, last_in_segment;
} emgp_heart_lane;

/* Judges what is held, removes the beats found. last: the segment ends; search: look for a heart where there is none
 * yet. Fails as the plan's callback does. */
emg_status emgp_heart_lane_step(emgp_heart_lane *lane, emgp_heart_common *common, bool search, bool last,
                                emg_error *err);

/* The next frame is a segment's first. */
void emgp_heart_lane_reset(emgp_heart_lane *lane);

emg_heart_found emgp_heart_lane_found(const emgp_heart_lane *lane, double rate_hz);

#endif
