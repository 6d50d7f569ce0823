/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording read, conditioned and passed to a function that takes the frames. */
#ifndef EMGP_RUN_RUN_H
#define EMGP_RUN_RUN_H

#include <emg/run.h>

#include "condition/condition.h"
#include "condition/ecg/ecg.h"

/* ---- blocks.c: A recording's blocks, one after the other, and which channels of them can be conditioned. ---- */

/* Whether there is another block. False also after a failure, which *status holds then: as emg_recording_next(), and
 * EMG_ECANCELLED when go_on (NULL: not asked) says so. */
bool emgp_blocks_next(emg_recording *recording, emg_run_go_on *go_on, void *go_on_context, emg_block *block,
                      emg_status *status, emg_error *err);

/* Whether a selected channel can be conditioned: usable, with samples, and fast enough for the band. */
bool emgp_blocks_fit(const emg_channel *channel, const emg_run_config *config);

/* The recorder's limits of a channel, in the unit of its blocks; infinite where they are not known. */
void emgp_blocks_limits(const emg_channel *channel, double *low, double *high);

/* Says which channels are left out, as their rates are too low; slow[] is by channel. EMG_ENOMEM. */
emg_status emgp_notice_slow(const emg_recording *recording, const bool *slow, emg_error *err);

/* ---- ecg_channel.c: The QRS complexes of a recording, read from its ECG channel before its muscles are. ---- */

/* Zeroed it is a recording without known QRS complexes; emgp_ecg_channel_free() takes it whatever happened. */
typedef struct emgp_ecg_channel {
    double *qrs_s; /* seconds from the recording's first sample, ascending: 0.8 MB a day at 70 a minute */
    size_t n, room;
    bool found;     /* there is such a channel: the one named, or one that shows QRS complexes */
    size_t channel; /* which, as the recording counts */
} emgp_ecg_channel;

/* Opens the file of an open recording once more, with the reading that it was opened with, and goes through its ECG
 * channels (usable, not marked bad, selected or not; the one that config->ecg_channel names, when it names one) until
 * one shows QRS complexes. Nothing is read, and none are found, when there is no such channel, no other channel to
 * condition, or the configuration looks for no ECG. EMG_EARG: what config->ecg_channel names is not one channel; else
 * fails as emg_recording_open() and emgp_blocks_next(). */
emg_status emgp_ecg_channel_read(emgp_ecg_channel *ecg_channel, const char *path, const emg_reading *reading,
                                 const emg_recording *recording, const emg_run_config *config, emg_error *err);
void emgp_ecg_channel_free(emgp_ecg_channel *ecg_channel);

/* ---- stimuli.c: The stimuli that annotations mark, for conditioning. ---- */

typedef struct emgp_told_stimuli {
    emgp_stimulus *stimulus; /* n, in order of time, each of the recording's channel of that number from 0, or all */
    size_t n;
} emgp_told_stimuli;

/* Annotations whose texts match one of the globs; none without globs. Start `out` zeroed. Fails as emgp_marks_read(). */
emg_status emgp_stimuli_read(emgp_told_stimuli *out, emg_recording *recording, const char *const *globs, size_t n_globs,
                             emg_error *err);
void emgp_stimuli_forget(emgp_told_stimuli *told);

/* ---- pass.c: One pass through a recording: its selected channels conditioned, group by group, segment by segment. */

enum { EMGP_PASS_CHANNELS = 64, EMGP_PASS_QUEUE = 4 };

/* Channels of one rate that come in the same blocks; one too slow for the band never comes by. */
typedef struct emgp_pass_group {
    double rate_hz, low_hz, high_hz; /* the band that the rate allows */
    size_t n_channels;
    size_t index[EMGP_PASS_CHANNELS]; /* indices in the recording */
    void *state;                      /* NULL at first; the caller sets and frees it */
    struct emgp_pass *pass;           /* this and what follows: pass.c's own */
    emgp_condition *condition;
    bool in_segment;
    double end_s; /* after the last frame that came in */
} emgp_pass_group;

typedef enum emgp_pass_event { EMGP_PASS_BEGINS, EMGP_PASS_FRAMES, EMGP_PASS_ENDS } emgp_pass_event; /* a segment */

/* What comes by: a segment of a group begins, has frames, ends. */
typedef struct emgp_pass_item {
    emgp_pass_event event;
    emgp_pass_group *group;
    double time_s;  /* where it begins; the time after its last frame where it ends */
    const float *x; /* n_frames of the group's channels, interleaved, until the next call */
    size_t n_frames;
} emgp_pass_item;

/* Zeroed it is closed. It must stay where it was opened. */
typedef struct emgp_pass {
    emg_recording *recording;
    size_t n_channels, n_fitting; /* of the recording; of them, those that fit and will come by */
    emgp_pass_group **groups;     /* those that have begun, in the order of their first blocks */
    size_t n_groups;
    emg_status status; /* after the last item: EMG_OK when all was read */
    const char *path;  /* this and what follows: pass.c's own */
    emg_reading reading;
    const emg_run_config *config;
    emgp_ecg_channel ecg_channel;
    emgp_qrs_times qrs;
    emgp_told_stimuli stimuli;
    size_t groups_room, n_ended; /* ended: groups, after the last block */
    bool all_read;
    emgp_pass_item queue[EMGP_PASS_QUEUE]; /* the end of a segment with its frames, the next one's begin with its */
    size_t n_queued, n_taken;
    float *x; /* of the queue's items, one after the other */
    size_t room, n_values, n_given;
    emg_error *err;
} emgp_pass;

/* Opens a recording (no envelope of it is selected, whatever `reading` says) and reads the QRS complexes of its ECG
 * channel and its marked stimuli. Path, configuration and err must last as long as the pass. Fails as emg_config_check(), emg_recording_open()
 * and emgp_ecg_channel_read(). */
emg_status emgp_pass_open(emgp_pass *pass, const char *path, const emg_reading *reading, const emg_run_config *config,
                          emg_error *err);

/* Goes back to the beginning; the groups are gone. Fails as emgp_reopen(). */
emg_status emgp_pass_restart(emgp_pass *pass);

/* False when nothing is left, or after a failure: pass->status, as emgp_blocks_next() and EMG_ENOMEM. */
bool emgp_pass_next(emgp_pass *pass, emgp_pass_item *item);
void emgp_pass_close(emgp_pass *pass);

/* ---- run.c: The main job on one recording; besides <emg/run.h>: ---- */

/* How many threads may work: as many as there are processors where the configuration names none. */
size_t emgp_workers(const emg_run_config *config);

/* ---- reopen.c: A recording opened once more. ---- */

/* Closes *recording and opens `path` again, without notices. EMG_EIO: it is another file now, or was written to; else as
 * emg_recording_open(). *recording is NULL, or to be closed, on failure. */
emg_status emgp_reopen(emg_recording **recording, const char *path, const emg_reading *reading, emg_error *err);

/* ---- annotation_marks.c: What a recording's annotations mark: rest, task, stretch, stimuli, and what nobody said. ---- */

typedef struct emgp_marks {
    emg_mark *mark; /* freed by emgp_free() */
    size_t n, room;
} emgp_marks;

/* Those whose texts match the configuration's globs, in file order, each about the recording's channel of that number from 1,
 * or all; none when it has no globs. Start `out` zeroed.
 * Fails as emg_recording_annotations() does, EMG_ENOMEM. */
emg_status emgp_marks_read(emgp_marks *out, emg_recording *recording, const emg_run_config *config, emg_error *err);

enum { EMGP_MARKS_OF_TEXT = 4096 }; /* unknown marks of one text that are kept, the first of them: 2 MiB in all */

/* The same, and after them all others as EMG_MARK_UNKNOWN, text by text, each by its number. Of more than EMG_MARK_TEXTS texts
 * one with few marks gives way to a new one. */
emg_status emgp_marks_read_all(emgp_marks *out, emg_recording *recording, const emg_run_config *config, emg_error *err);

#endif
