/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One way through a recording: its selected channels conditioned, group by group, segment by segment. */
#ifndef EMGP_PASS_H
#define EMGP_PASS_H

#include <emg/run.h>

#include "condition/ecg/removal.h"

enum { EMGP_PASS_LANES = 64 };

/* Channels of one rate that come in the same blocks. */
typedef struct emgp_pass_group {
    double rate_hz, low_hz, high_hz; /* the band that the rate allows */
    size_t n_lanes;
    size_t channel[EMGP_PASS_LANES]; /* indices in the recording */
    void *state;                     /* the taker's */
} emgp_pass_group;

/* Who takes what comes by. Every member is called with `context`; `free` frees group->state, which may be NULL. */
typedef struct emgp_pass_taker {
    void *context;
    emg_status (*make)(void *context, emgp_pass_group *group, emg_error *err); /* a new group: sets its state */
    emg_status (*start)(void *context, emgp_pass_group *group, double start_s, emg_error *err); /* a segment begins */
    emg_status (*take)(void *context, emgp_pass_group *group, const float *x, size_t n_frames, emg_error *err);
    /* a segment ends; end_s: the time after its last frame */
    emg_status (*finish)(void *context, emgp_pass_group *group, double end_s, emg_error *err);
    emg_status (*between)(void *context, emg_error *err); /* after each block; NULL: nothing to do */
    emg_status (*end)(void *context, emgp_pass_group *groups, size_t n, emg_error *err); /* all is read */
    void (*free)(emgp_pass_group *group);
} emgp_pass_taker;

/* Whether a selected channel can be conditioned: usable, with samples, and fast enough for the band. */
bool emgp_pass_fits(const emg_channel *channel, const emg_run_config *config);

/* Runs an open recording from its start to its end, with the beats known of it. Fails as emg_recording_next(), as the taker, and with EMG_ECANCELLED
 * when config->go_on says so. */
emg_status emgp_pass_run(emg_recording *recording, emgp_heart_beats beats, const emg_run_config *config,
                         const emgp_pass_taker *taker, emg_error *err);

#endif
