/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this room share: an analysis' groups, its route, muscles, results and sums. */
#ifndef EMGP_ANALYSIS_ANALYSIS_H
#define EMGP_ANALYSIS_ANALYSIS_H

#include <emg/analysis.h>
#include <emg/event.h>
#include <emg/result.h>

#include "analysis/classify/classify.h"
#include "analysis/contraction/contraction.h"
#include "analysis/sketch/sketch.h"
#include "base/base.h"
#include "condition/ecg/ecg.h"

/* ---- team.c: Work on several items at once, by the caller's thread and others that wait for it. ---- */

typedef struct emgp_team emgp_team;

/* Does one item; worker: which of the team does it, below emgp_team_size(). */
typedef emg_status emgp_team_work(void *context, size_t item, size_t worker, emg_error *err);

/* n workers, 1 or more, the caller's thread among them; fewer where no further thread is to be had. EMG_ENOMEM. */
emg_status emgp_team_new(emgp_team **out, size_t n, emg_error *err);
void emgp_team_free(emgp_team *team);

/* How many they are. NULL: only the caller. */
size_t emgp_team_size(const emgp_team *team);

/* Does items 0 to n_items - 1, begun in this order, and returns when all are done. Fails as the first of them that
 * fails, as if one had followed the other: those before it are done, those after it perhaps. */
emg_status emgp_team_do(emgp_team *team, size_t n_items, emgp_team_work *work, void *context, emg_error *err);

/* ---- parts.c: Channels that come in one block, cut into parts that are analysed at once, each a group of its own. ---- */

typedef struct emgp_parts {
    size_t n_channels, n; /* of the block; parts */
} emgp_parts;

/* A part of a block. Zeroed it holds nothing; x is freed by emgp_free(). */
typedef struct emgp_cut {
    double *x;
    size_t room;
} emgp_cut;

/* One part for one worker; else parts that keep all of them busy, as wide as lanes are at most. */
emgp_parts emgp_parts_of(size_t n_channels, size_t n_workers);

/* The first channel of a part; n_channels for the one after the last. */
size_t emgp_parts_start(const emgp_parts *parts, size_t part);

/* *out: a part of the block, in `cut` until the next one. EMG_ENOMEM. */
emg_status emgp_parts_cut(const emgp_parts *parts, size_t part, const emg_block *block, emgp_cut *cut, emg_block *out,
                          emg_error *err);

/* ---- group.c: The dense way of a group of channels: raw blocks in, discharges, bursts and levels out. ---- */

typedef struct emgp_group emgp_group;

typedef struct emgp_group_setup {
    const emg_config *config;
    const emg_source *sources; /* of all channels of the analysis */
    const size_t *channels;    /* n_channels: which of them are this group's */
    size_t n_channels;
    const size_t *company; /* n_company: these and those that came with them, which share what finds discharges */
    size_t n_company;
    const emgp_qrs_times *qrs;                        /* known of the recording; it lasts as long as the group */
    const emgp_marks_told *marks;                     /* so do they */
    emgp_spill *discharges, *bursts, *levels, *beats; /* streams numbered by channel */
    emgp_spill *restless;                             /* two streams a channel: EMGP_RESTLESS_... */
    bool no_sketches;                                 /* nobody draws */
} emgp_group_setup;

/* What the dense stages know of a channel at the end. */
typedef struct emgp_channel_sums {
    double analysed_s, excluded_s, dead_s;
    double noise;             /* mean sigma over pages; NaN: none */
    double high_hz;           /* upper end of its band */
    double least_sigma;       /* noises that a discharge has at least to be told whatever is around */
    emg_quality_sums quality; /* of segments that are not excluded */
    emg_removed_ecg ecg;
    emg_signal_kind kind; /* raw where the source is to be analysed whatever it is */
} emgp_channel_sums;

emg_status emgp_group_new(emgp_group **out, const emgp_group_setup *setup, emg_error *err);
void emgp_group_free(emgp_group *group);

/* Raw frames, interleaved; new_segment: they do not follow those before. */
emg_status emgp_group_push(emgp_group *group, const double *x, size_t n_frames, double start_s, bool new_segment,
                           emg_error *err);
emg_status emgp_group_finish(emgp_group *group, emg_error *err);

/* After the end: sums and figures of a channel. */
/* Times at which segments began, but for the first, or a channel's dead stretches ended: what came before is cut off from
 * what follows. */
const double *emgp_group_gaps(const emgp_group *group, size_t channel, size_t *n);

emgp_channel_sums emgp_group_sums(const emgp_group *group, size_t channel);
/* The levels of a channel, all of them spilled. */
const emgp_levels *emgp_group_levels(const emgp_group *group, size_t channel);
/* The sketch of a channel, which is the caller's from now on; NULL where nobody draws. */
emgp_sketch *emgp_group_sketch(emgp_group *group, size_t channel);
/* Of the excluded seconds, those in segments shorter than episode.segment_least_s. */
double emgp_group_short(const emgp_group *group);
emg_status emgp_group_figures(const emgp_group *group, size_t channel, emg_summary_signal *signal, emg_error *err);

/* ---- muscle.c: The channels of one muscle made one: its events, and the signal that stands for it. ---- */

typedef emg_status emgp_muscle_take(void *context, const emg_event *event, emg_error *err);

/* Reads n streams (one a channel, each in order of onset) of `events` from `first` on and gives the muscle's events in order.
 * Single discharges that peak within 10 ms on different channels, and overlapping episodes of one class, are one event, on
 * its strongest channel from its earliest onset; two events of one channel are never merged. */
emg_status emgp_muscle_merge(const emgp_spill *events, size_t first, size_t n, emgp_muscle_take *take, void *context,
                             emg_error *err);

/* The streams of the channels of a muscle side by side, kind by kind, as the merging wants them: of `channel_events`, whose
 * streams are channel * EMGP_N_STREAMS + kind, into a new spill, the caller's also when this fails. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_muscle_gather(emgp_spill **out, const emg_result *result, uint32_t muscle,
                              const emgp_spill *channel_events, const char *directory, emg_error *err);

/* Gives a muscle the signal of its strongest channel: the one with most events. */
void emgp_muscle_inherit(emg_result *result, uint32_t muscle);

/* ---- result.c: What an analysis leaves behind: summaries in memory, events and discharges in spilled streams. */

struct emg_result {
    size_t n_channels, n_muscles;
    char **names; /* of the channels */
    char **muscle_names;
    uint32_t *muscle_of; /* per channel */
    emg_summary *channels, *muscles;
    emg_time_locked time_locked;
    emgp_sketch **sketches; /* per channel; NULL: nothing of it was analysed */
    emgp_spill *events;     /* streams: muscle * EMGP_N_STREAMS + kind */
    emgp_spill *discharges; /* a stream a channel */
    emgp_spill *times;      /* of bursts: channel * EMGP_N_TIMES + where they are from */
    emgp_merge *event_merge, *discharge_merge;
    emgp_merge *burst_merge; /* of the channel of `of`; NULL: no event was chosen */
    emg_event of;            /* whose bursts are read */
    bool single;             /* it is one burst itself, which is still to be given */
    emgp_watch *watch;       /* NULL: nothing was asked for */
};

/* A result with names and muscles of the sources; summaries zeroed, no events yet. Channels of equal muscle names belong
 * together; muscles are numbered in order of their first channel. */
emg_status emgp_result_new(emg_result **out, const emg_source *sources, size_t n, emg_error *err);

/* ---- live.c: A channel where it is live: its levels, and the times at which it began anew. ---- */

/* Zeroed but for levels it has not begun. */
typedef struct emgp_live {
    emgp_levels *levels;
    bool live; /* levels are being taken */
    double *gap_s;
    size_t n_gaps, gaps_room;
} emgp_live;

/* The channel begins anew. False: memory is out. */
bool emgp_live_gap(emgp_live *live, double at_s);
/* Takes the levels of a page's live stretches. Fails as emgp_levels_push() and emgp_levels_end(), EMG_ENOMEM. */
emg_status emgp_live_page(emgp_live *live, const emgp_page *page, emg_error *err);
void emgp_live_free(emgp_live *live);

/* ---- waiting.c: Samples of a group that is not made yet, as its segments are too short: memory follows the data. ---- */

/* Zeroed it holds nothing. */
typedef struct emgp_waiting {
    double *x; /* n_frames of the group's channels, of the segment that now comes */
    size_t n_frames, room;
    double start_s;
    double short_s; /* of segments that were given up */
} emgp_waiting;

/* Takes a block. *enough: with it the segment is worth a group; then the block is not taken, and what was kept before it
 * belongs to the same segment. EMG_ENOMEM. */
emg_status emgp_waiting_take(emgp_waiting *waiting, const emg_config *config, const emg_block *block, bool *enough,
                             emg_error *err);

/* The end of the input, or the group is made: what is kept is given up, or was pushed. */
void emgp_waiting_finish(emgp_waiting *waiting, double rate_hz);
void emgp_waiting_free(emgp_waiting *waiting);

/* ---- route.c: The state of an analysis, and the sparse half of its route. ---- */

/* Bytes that the records of one store may hold in memory before they go to a file. */
enum { EMGP_SPILL_BUDGET = 1 << 20 };

/* How far the blocks of a group have come. */
typedef struct emgp_clock {
    double first_s;            /* where the first segment began */
    double segment_s, start_s; /* starts of the segment and of the last block */
    uint64_t n_frames;         /* of the segment */
} emgp_clock;

struct emg_analysis {
    emg_config config;
    emg_source *sources; /* texts point into the result's names */
    size_t n;
    emg_mark *marks;      /* by use, then onset */
    emgp_marks_told told; /* of `marks` */
    emgp_locked locked;   /* of the others */
    double *qrs_s;
    emgp_qrs_times qrs; /* of qrs_s */
    char *directory;
    emgp_team *team;       /* NULL: the caller's thread does all */
    emgp_group **groups;   /* NULL: none of its segments was worth one yet */
    emgp_waiting *waiting; /* per group */
    emgp_cut *cuts;        /* per group: its part of the block at hand */
    emgp_parts *parts;     /* per group that is the first part of what comes in one block: all parts */
    size_t n_groups;
    size_t *group_of, *channel_of;                    /* per channel; group_of == n: none yet */
    emgp_spill *discharges, *bursts, *levels, *beats; /* beats: stretches with what is left of a QRS complex */
    emgp_spill *restless;                             /* stretches that are no rest, whatever is found in them */
    emgp_clock *clocks;                               /* per group */
    bool no_sketches, finished;
    emg_result *result;
};

/* From spilled discharges, bursts and levels to events and summaries, into analysis->result: across, then per channel units,
 * episodes and rhythm, then per muscle the merging of its channels. The groups must be finished. */
emg_status emgp_route_sparse(emg_analysis *analysis, emg_error *err);

/* ---- tally.c: Events of one channel or muscle, counted into its summary. ---- */

/* How fasciculations spread: some 16 KiB, which a worker has once. */
typedef struct emgp_tally_spread {
    emgp_histogram intervals, amplitudes;
} emgp_tally_spread;

typedef struct emgp_tally {
    const emg_config *config;
    const double *gaps; /* times that no interval may span, ascending */
    size_t n_gaps, gap;
    emg_summary_counts *counts;        /* filled as events come, completed by emgp_tally_finish */
    emgp_tally_spread *spread;         /* until all fasciculations have come */
    double n_intervals, mean, squares; /* of the intervals (Welford) */
    double last_s, last_interval_s;
    uint64_t isolated, doublets, units;
    double from_s[EMG_N_CLASSES], to_s[EMG_N_CLASSES]; /* the latest stretch of each class without a pause */
    double clonus_weight, tremor_weight, rhythmic_weight, motor_unit_weight;
    double time[EMG_N_CLASSES], confidence[EMG_N_CLASSES];
    uint64_t n[EMG_N_CLASSES];
} emgp_tally;

/* Starts over, with all counts zero; that of small potentials is EMG_NO_COUNT where amplitudes are not calibrated. gaps,
 * counts and spread are borrowed, the last until emgp_tally_settle(). */
void emgp_tally_start(emgp_tally *tally, const emg_config *config, const double *gaps, size_t n_gaps, bool calibrated,
                      emg_summary_counts *counts, emgp_tally_spread *spread);

/* Events of one kind must come in order of onset. Time that events of one class share counts once. */
void emgp_tally_add(emgp_tally *tally, const emg_event *event);

/* All fasciculations have come; others may follow. */
void emgp_tally_settle(emgp_tally *tally);

/* Completes the counts of a settled tally. Rates of fasciculations and small potentials refer to rest_s, others to analysed_s; without rest
 * those rates are NaN, and the counts EMG_NO_COUNT but for fasciculations that have rows. */
void emgp_tally_finish(emgp_tally *tally, double analysed_s, double rest_s);

/* ---- rest.c: How long a channel rested. ---- */

/* Streams of `restless`, of emgp_stretch by onset: where a fasciculation of the least size would not be seen, or nothing was
 * analysed; and windows with a flag. */
#define EMGP_RESTLESS_NOISY(channel) (2 * (channel))
#define EMGP_RESTLESS_FLAGGED(channel) (2 * (channel) + 1)

/* Notes a stretch, in order within its stream. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_restless_note(emgp_spill *restless, size_t stream, double from_s, double to_s, emg_error *err);

/* Notes what of a page is no rest: all of it unless it is quiet, else the stretches in which nothing can be found.
 * EMG_ENOMEM, EMG_EIO. */
emg_status emgp_restless_page(emgp_spill *restless, size_t channel, const emgp_page *page, bool quiet, emg_error *err);

typedef struct emgp_rest emgp_rest;

/* EMG_ENOMEM, EMG_EIO. */
emg_status emgp_rest_new(emgp_rest **out, const char *directory, emg_error *err);
void emgp_rest_free(emgp_rest *rest);

/* Takes the channel's events, each kind in order. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_rest_event(emgp_rest *rest, emgp_stream stream, const emg_event *event, emg_error *err);

/* *rest_s: what is left of all_s, the channel's seconds, analysed or not; what is no rest goes to the sketch, unless that
 * is NULL. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_rest_measure(emgp_rest *rest, const emgp_spill *restless, size_t channel, double all_s,
                             emgp_sketch *sketch, double *rest_s, emg_error *err);

#endif
