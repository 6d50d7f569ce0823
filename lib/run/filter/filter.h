/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording conditioned into another recording. */
#ifndef EMGP_RUN_FILTER_FILTER_H
#define EMGP_RUN_FILTER_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/conditioned.h>
#include <emg/recording.h>
#include <emg/status.h>

#include "condition/condition.h"
#include "reading/edf/edf.h"
#include "run/run.h"

/* ---- stages.c: All that is done to the channels of one group: conditioning, then filters and envelope. ---- */

typedef struct emgp_stages emgp_stages;

/* Whether nothing is done to any sample at a rate. */
bool emgp_stages_idle(const emg_run_filter_config *config, double rate_hz);

/* What is done at a rate, as a prefilter field says it: "HP:20Hz LP:450Hz N:50Hz". */
void emgp_stages_text(const emg_run_filter_config *config, double rate_hz, char *out, size_t room);

/* Makes the stages for n_channels. stated_hz: the recording's line frequency or 0. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_stages_new(emgp_stages **out, const emg_run_filter_config *config, double rate_hz, size_t n_channels,
                           double stated_hz, emg_take_frames *take, void *context, emg_error *err);

/* The recorder's limits of a channel, not known unless told before the first segment. */
void emgp_stages_limits(emgp_stages *stages, size_t channel, double low, double high);

/* The recording's stimuli, whose artefacts are bridged where a filter would ring; numbers: of the channels in the recording.
 * Told before the first segment. EMG_ENOMEM. */
emg_status emgp_stages_stimuli(emgp_stages *stages, const emgp_told_stimuli *stimuli, const size_t *numbers,
                               const emg_run_filter_config *config, emg_error *err);

/* A segment begins at start_s, with the QRS complexes known of the recording; they must last as long as the segment. */
void emgp_stages_start(emgp_stages *stages, const emgp_qrs_times *qrs, double start_s);
emg_status emgp_stages_push(emgp_stages *stages, const double *x, size_t n_frames, emg_error *err);
/* Ends the segment. */
emg_status emgp_stages_finish(emgp_stages *stages, emg_error *err);

/* Fills what was found on a channel, and the transient. */
void emgp_stages_found(const emgp_stages *stages, size_t channel, emg_run_filtered *out);

/* NULL is allowed. */
void emgp_stages_free(emgp_stages *stages);

/* ---- slices.c: Streams of several rates and delays, cut into slices: the same stretch of time of all of them. */

/* One stream: n_channels interleaved, per_slice frames of it in a slice. */
typedef struct emgp_slice_source {
    size_t n_channels, per_slice;
    double rate_hz;
} emgp_slice_source;

/* A stretch of time. All arrays are indexed by source and valid during the call only. */
typedef struct emgp_slice {
    double segment_s;         /* when its segment began: that of the source that begins first */
    bool begins;              /* the first slice of a segment */
    const double *const *x;   /* n_frames[source] frames of each source */
    const size_t *n_frames;   /* per_slice, but in a segment's last slice perhaps less, also 0 */
    bool partial;             /* such a slice: a source has less */
    double next_s;            /* of a partial slice: when the next segment begins; INFINITY after the last */
    const double *const *end; /* the segment's newest frame of each source, or NULL when it has none */
} emgp_slice;

typedef emg_status emgp_take_slice(void *context, const emgp_slice *slice, emg_error *err);

typedef struct emgp_slices emgp_slices;

/* `sources` are copied. EMG_ENOMEM. */
emg_status emgp_slices_new(emgp_slices **out, const emgp_slice_source *sources, size_t n_sources, emgp_take_slice *take,
                           void *context, emg_error *err);

/* A source's next segment begins; its frames follow with pushes, in any mixture with other sources'. Slices are handed
 * on as they fill in all sources. EMG_EUNSUPPORTED: the sources' segments do not begin within one sample of each other
 * (a segment is too short for a sample of some); EMG_ENOMEM, and what `take` answers. */
emg_status emgp_slices_begin(emgp_slices *slices, size_t source, double start_s, emg_error *err);
emg_status emgp_slices_push(emgp_slices *slices, size_t source, const double *x, size_t n_frames, emg_error *err);

/* All sources have ended. */
emg_status emgp_slices_end(emgp_slices *slices, emg_error *err);

/* Segments so far, and the greatest common divisor of a source's segments in frames (0 before the first ends). */
size_t emgp_slices_n_segments(const emgp_slices *slices);
uint64_t emgp_slices_divisor(const emgp_slices *slices, size_t source);

/* NULL is allowed. */
void emgp_slices_free(emgp_slices *slices);

/* ---- written.c: A channel of the output: how far its samples reach. ---- */

typedef struct emgp_written_channel {
    const emg_channel *channel; /* the recording's */
    size_t source, place;       /* where the slices bring it */
    double to_unit;             /* from what they bring to the output's unit */
    char unit[44];
    double low, high; /* of what was brought so far, in that unit; low > high: nothing yet */
    emg_run_filtered *report;
} emgp_written_channel;

/* Takes n_frames of the source that holds the channel, n_channels interleaved, into its low and high. */
void emgp_written_measure(emgp_written_channel *written, const double *x, size_t n_frames, size_t n_channels);

/* The largest magnitude of what was brought; 0 when nothing was. */
double emgp_written_peak(const emgp_written_channel *written);

/* ---- conditioned.c: A conditioned recording in the making: what its parts share. ---- */

/* Channels that come in the same blocks: some go through the stages, some pass. */
typedef struct emgp_filter_group {
    size_t first; /* the first channel, by which a block is known */
    size_t n_chained, n_passed;
    size_t *chained, *passed;         /* places of the block */
    size_t chain_source, pass_source; /* of the slices */
    double rate_hz;
    emgp_stages *stages;
    emgp_qrs_times qrs;
    emgp_slices *slices;
    double *x;
    size_t room;
} emgp_filter_group;

typedef struct emgp_target emgp_target;

typedef struct emgp_conditioned {
    const emg_run_filter_config *config;
    const char *path, *out_path;
    emg_run_filtering *out;
    emg_recording *recording;
    emgp_ecg_channel ecg_channel;
    emgp_told_stimuli stimuli;
    emgp_written_channel *written;
    size_t n_written, n_selected; /* written; read */
    emgp_filter_group *groups;
    size_t n_groups;
    emgp_slice_source *sources; /* per_slice is the target's to say */
    size_t n_sources;
    uint64_t *divisors; /* of each source's segments in frames; known after the first attempt */
    size_t n_segments;
    bool known;     /* all was seen once: low and high of what is written, divisors, n_segments */
    bool measuring; /* nothing is written in this attempt */
    const emgp_target *target;
    void *state; /* the target's */
} emgp_conditioned;

/* A kind of output file. */
struct emgp_target {
    /* Plans records and ranges from what is known, fills sources' per_slice, and begins the file unless it has to
     * measure first. */
    emg_status (*begin)(emgp_conditioned *c, emg_error *err);
    emg_status (*take)(emgp_conditioned *c, const emgp_slice *slice, emg_error *err);
    /* Whether the plan suits what came. Else there is another attempt, with all known. */
    bool (*suits)(const emgp_conditioned *c);
    /* The file appears. */
    emg_status (*finish)(emgp_conditioned *c, emg_error *err);
    /* Frees the state; an unfinished file disappears. */
    void (*free)(emgp_conditioned *c);
};

extern const emgp_target emgp_edf_target, emgp_bdf_target, emgp_wav_target;

/* ---- groups.c: Which channels are read and written, which of them are conditioned, and how blocks become the slices' frames. */

/* Lists written channels, groups and sources of the open recording, and c->out->channels. EMG_EARG: nothing to write. */
emg_status emgp_filter_groups_plan(emgp_conditioned *c, emg_error *err);

/* The same plan over the recording opened again. EMG_EIO: it is another one now. */
emg_status emgp_filter_groups_reopen(emgp_conditioned *c, emg_error *err);

/* Makes the stages of an attempt. */
emg_status emgp_filter_groups_begin(emgp_conditioned *c, emgp_slices *slices, emg_error *err);
emg_status emgp_filter_groups_take(emgp_conditioned *c, const emg_block *block, emg_error *err);

/* Ends the stages, fills c->out->channels with what they found and frees them. */
emg_status emgp_filter_groups_finish(emgp_conditioned *c, emg_error *err);

/* Frees the stages of an attempt that failed; the plan stays. */
void emgp_filter_groups_end(emgp_conditioned *c);
void emgp_filter_groups_free(emgp_conditioned *c);

/* ---- identity.c: Who was recorded and when, as an EDF+ header says it: for outputs that are asked to keep it. */

typedef struct emgp_identity {
    char patient[96], recording[96];
    char date[16], time[16]; /* "" when the source does not know */
    double fraction_s;       /* of the start, below one second */
} emgp_identity;

/* The header of what begins offset_s after the recording's first sample. */
void emgp_identity_of(emgp_identity *out, const emg_recording_facts *facts, double offset_s);

/* ---- notes.c: A source's annotations, kept until the output's records can take them. ---- */

/* Zeroed: none. */
typedef struct emgp_notes {
    unsigned char *at; /* onset, duration and text of each, one after another */
    size_t n, used, room;
    size_t n_bytes, longest; /* of their lists in records, at most */
    bool full;               /* memory ran out */
} emgp_notes;

/* EMG_ENOMEM, and what emg_recording_annotations() gives. */
emg_status emgp_notes_read(emgp_notes *notes, emg_recording *recording, emg_error *err);

/* Those that begin at from_s or later, their onsets moved by shift_s. */
emg_status emgp_notes_write(const emgp_notes *notes, emgp_edf_writer *writer, double shift_s, double from_s,
                            emg_error *err);
void emgp_notes_free(emgp_notes *notes);

/* ---- removed.c: The table of what a conditioned recording has lost. ---- */

/* Writes c->config->removed_path, whole or not at all. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_removed_write(const emgp_conditioned *c, emg_error *err);

#endif
