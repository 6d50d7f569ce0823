/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's way through conditioning to whoever takes the frames. */
#ifndef EMGP_RUN_RUN_H
#define EMGP_RUN_RUN_H

#include <emg/run.h>

#include "condition/ecg/ecg.h"

/* ---- pass.c: One way through a recording: its selected channels conditioned, group by group, segment by segment. */

enum { EMGP_PASS_CHANNELS = 64 };

/* Channels of one rate that come in the same blocks. */
typedef struct emgp_pass_group {
    double rate_hz, low_hz, high_hz; /* the band that the rate allows */
    size_t n_channels;
    size_t index[EMGP_PASS_CHANNELS]; /* indices in the recording */
    void *state;                      /* the taker's */
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
emg_status emgp_pass_run(emg_recording *recording, emgp_qrs_times qrs, const emg_run_config *config,
                         const emgp_pass_taker *taker, emg_error *err);

/* ---- ecg_channel.c: The heart's beats of a recording, read from its ECG channel before its muscles are. ---- */

/* Zeroed it is a recording without known beats; emgp_ecg_channel_free() takes it whatever happened. */
typedef struct emgp_ecg_channel {
    double *qrs_s; /* seconds from the recording's first sample, ascending: 0.8 MB a day at 70 a minute */
    size_t n, room;
    size_t channel; /* where they were found: the recording's index; meaningless when n is 0 */
} emgp_ecg_channel;

emgp_qrs_times emgp_ecg_channel_qrs(const emgp_ecg_channel *ecg_channel);

/* Opens the file of an open recording once more, with the reading that it was opened with, and goes through its ECG channels
 * (usable, not marked bad, selected or not) until one shows beats. Nothing is read, and there are no beats, when there is no
 * such channel, no other channel to condition, or the configuration looks for no heart. Fails as
 * emg_recording_open(), emg_recording_next(), and with EMG_ECANCELLED when config->go_on says so. */
emg_status emgp_ecg_channel_read(emgp_ecg_channel *ecg_channel, const char *path, const emg_reading *reading,
                                 const emg_recording *recording, const emg_run_config *config, emg_error *err);
void emgp_ecg_channel_free(emgp_ecg_channel *ecg_channel);

/* emgp_pass_run() with the beats that emgp_ecg_channel_read() finds first. */
emg_status emgp_ecg_channel_pass(const char *path, const emg_reading *reading, emg_recording *recording,
                                 const emg_run_config *config, const emgp_pass_taker *taker, emg_error *err);

/* ---- marks.c: The stretches of time that a recording's annotations mark as rest, task or stretch. ---- */

typedef struct emgp_marks {
    emg_mark *mark; /* freed by emgp_free() */
    size_t n, room;
} emgp_marks;

/* Those whose texts match the configuration's globs, in file order; none when it has no globs. Start `out` zeroed.
 * Fails as emg_recording_annotations() does, EMG_ENOMEM. */
emg_status emgp_marks_read(emgp_marks *out, emg_recording *recording, const emg_run_config *config, emg_error *err);

#endif
