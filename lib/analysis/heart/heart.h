/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heart in a muscle's channel: which bursts are what the removal of its QRS complexes left. */
#ifndef EMGP_ANALYSIS_HEART_HEART_H
#define EMGP_ANALYSIS_HEART_HEART_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/status.h>

#include "analysis/contraction/contraction.h"
#include "analysis/decide/decide.h"
#include "analysis/detect/detect.h"
#include "base/base.h"

/* ---- heart.c: Bursts at QRS complexes, at those that were missed and at P waves. ---- */

/* Where a burst lies in the heart's cycle. */
typedef enum emgp_heart_place { EMGP_ELSEWHERE, EMGP_AT_QRS, EMGP_AT_P, EMGP_N_PLACES } emgp_heart_place;

/* What is known of it when a channel has been walked once. Zeroed: nothing. */
typedef struct emgp_heart {
    double rate_hz;   /* 0: too few beats were removed */
    double residue;   /* bursts at QRS complexes up to this size, peak to peak, are left from their removal; 0: none */
    double p_residue; /* the same of bursts where P waves are */
} emgp_heart;

/* A walk along a channel's removed QRS complexes, and what its bursts at each place come to. */
typedef struct emgp_beats {
    emgp_spill_cursor cursor;
    emgp_stretch before, beat; /* round QRS complexes: the latest that was read, and the one before it */
    bool beating;              /* there is one */
    double seconds[EMGP_N_PLACES], n[EMGP_N_PLACES], peak_to_peak[EMGP_N_PLACES];
} emgp_beats;

/* stretches: of emgp_stretch by onset, round each QRS complex that was removed. */
void emgp_beats_start(emgp_beats *beats, const emgp_spill *stretches, size_t stream);
void emgp_beats_stop(emgp_beats *beats);

/* Adds a burst, later than those before it. EMG_EIO. */
emg_status emgp_beats_note(emgp_beats *beats, const emgp_burst *burst, emg_error *err);

/* What all bursts of observation_s seconds say of what was left at each place. */
void emgp_heart_learn(emgp_heart *heart, const emgp_beats *beats, double observation_s);

/* Beats a second. EMG_EIO. */
emg_status emgp_heart_rate(emgp_heart *heart, const emgp_spill *stretches, size_t stream, emg_error *err);

/* Up to what size, peak to peak, a burst at a moment is the heart's; 0: it is not. Later than those asked for before. EMG_EIO. */
emg_status emgp_heart_residue(const emgp_heart *heart, emgp_beats *beats, double at_s, double *residue, emg_error *err);

emgp_rules emgp_heart_rules(void);

#endif
