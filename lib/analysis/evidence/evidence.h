/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence that no single burst holds: of stretches of a channel, and of all its like stretches together. */
#ifndef EMGP_ANALYSIS_EVIDENCE_EVIDENCE_H
#define EMGP_ANALYSIS_EVIDENCE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/event.h>
#include <emg/status.h>

#include "analysis/contraction/contraction.h"
#include "analysis/decide/decide.h"
#include "analysis/detect/detect.h"
#include "base/base.h"

/* Rates of trains of a channel that are told apart. */
enum { EMGP_MOST_FAMILIES = 8 };

/* A stretch of a channel between two silences, and what is known of it as a whole. */
typedef struct emgp_stretch_found {
    double onset_s, end_s, peak_s;
    double peak, amplitude; /* largest deflection; median peak to peak */
    uint32_t train;         /* number of the times of its bursts */
    uint32_t family;        /* number of the trains of its rate, less than EMGP_MOST_FAMILIES */
    emgp_evidence evidence;
} emgp_stretch_found;

typedef emg_status emgp_stretch_take(void *context, const emgp_stretch_found *found, emg_error *err);

/* ---- waiting.c: What waits while trains are found: when their bursts are, until a train has its word; trains, until all are
 * known, since those of one rate tell more together. ---- */

/* A burst of a rhythm: the time that its rate is measured with, and how far it reaches. */
typedef struct emgp_burst_time {
    double at_s, onset_s, end_s;
    uint32_t train; /* number of the train while it is being judged */
    uint32_t unit;  /* whose discharge it is, in a train of one unit; 0: no such train's */
} emgp_burst_time;

/* A stream that takes them. spill NULL: they are not kept. */
typedef struct emgp_times {
    emgp_spill *spill;
    size_t stream;
} emgp_times;

/* EMG_ENOMEM, EMG_EIO. */
emg_status emgp_times_push(const emgp_times *times, const emgp_burst_time *time, emg_error *err);

/* A place among times whose trains are in order of their numbers; stop its cursor. */
typedef struct emgp_times_reader {
    emgp_spill_cursor cursor;
    emgp_burst_time time; /* the next, when there is one */
    bool there;
} emgp_times_reader;

/* Hands on the times of a train; those of trains before it are passed over. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_times_move(emgp_times_reader *from, uint32_t train, const emgp_times *to, emg_error *err);

/* Trains of one rate (a family) are kindred: what all of them have in common tells more than one does. No kin of kin.c, which
 * are short bursts with one shape. */

/* Sums over the bursts of all trains of one rate. */
typedef struct emgp_kindred_sums {
    double cycles, shapes, sizes, discharges; /* bursts; of them, and of what each train tells for each of its bursts */
    double compared, units;                   /* discharges that were compared; their likeness */
} emgp_kindred_sums;

/* A channel's trains, which wait until all are known. */
typedef struct emgp_kindred {
    emgp_spill *trains; /* of emgp_stretch_found */
    emgp_kindred_sums sums[EMGP_MOST_FAMILIES];
} emgp_kindred;

/* directory: for what does not fit memory, NULL: none. EMG_ENOMEM, EMG_EIO. Free it, also after a failure. */
emg_status emgp_kindred_new(emgp_kindred *k, const char *directory, emg_error *err);
void emgp_kindred_free(emgp_kindred *k);
/* n_compared: discharges that its unit_like is of. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_kindred_push(emgp_kindred *k, const emgp_stretch_found *train, size_t n_compared, emg_error *err);
/* Gives all in their order, each with like_shape, like_unit, like_sizes and like_discharges. What take returns, EMG_EIO. */
emg_status emgp_kindred_give(emgp_kindred *k, emgp_stretch_take *take, void *context, emg_error *err);

/* Streams of a channel's bursts that belong to a word, each in order of time. */
typedef enum emgp_times_of {
    EMGP_TIMES_GROUPS = 0,
    EMGP_TIMES_CYCLES,
    EMGP_TIMES_TRAINS,
    EMGP_TIMES_UNITS,
    EMGP_N_TIMES
} emgp_times_of;

/* Whom stretches go to, and where the times of their bursts are kept. */
typedef struct emgp_stretch_sink {
    emgp_stretch_take *take;
    void *context;
    emgp_times times;
} emgp_stretch_sink;

/* ---- groups.c: Discharges of a stretch in groups, as myokymia has them. ---- */

/* Gives the stretches of a channel in which discharges come in groups of three and more. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_groups_find(const emgp_spill *discharges, size_t stream, const emgp_stretch_sink *sink, emg_error *err);

/* ---- repeats.c: Bursts of a stretch whose waveform itself repeats, as that of neuromyotonia does. ---- */

emg_status emgp_repeats_find(const emgp_spill *bursts, const emgp_spill *levels, size_t stream, double level_step_s,
                             emgp_stretch_take *take, void *context, emg_error *err);

/* ---- likeness.c: How alike two discharges are. ---- */

enum { EMGP_OUTLINE = EMGP_WING + EMGP_SHAPE + EMGP_WING, EMGP_OUTLINE_MARGIN = 16 };

/* A discharge as it is compared: between zeros, the energy before each point, and the noise's share of it. */
typedef struct emgp_outline {
    float x[EMGP_OUTLINE_MARGIN + EMGP_OUTLINE + EMGP_OUTLINE_MARGIN];
    int32_t energy[EMGP_OUTLINE + 1];
    int n; /* points */
    double noise;
} emgp_outline;

/* Its shape. */
void emgp_outline_shape(emgp_outline *out, const emgp_discharge *d);

/* The same with what is before and after it, for potentials that stand alone: however long, and whichever of their phases is the
 * largest. */
void emgp_outline_whole(emgp_outline *out, const emgp_discharge *d);

/* 0 to 1: correlation at the best shift, as it would be without the noise. Both are shapes, or both whole. What is no more than
 * `least` may be told as any value down to 0, which costs less. */
double emgp_outlines_alike(const emgp_outline *a, const emgp_outline *b, double least);

/* The same of the shapes of two discharges. */
double emgp_likeness(const emgp_discharge *a, const emgp_discharge *b);

/* ---- kin.c: Whether a short burst and those around it repeat shapes. ---- */

typedef struct emgp_kin {
    float own;    /* how alike its largest discharge is to the second most alike one around it, as whole potentials */
    float shape;  /* the same of their shapes, or as whole potentials where that is more */
    float n;      /* short bursts around it, itself included */
    float like;   /* median of what `own` is to them */
    float core_s; /* median time from 25 % to 75 % of their energy */
} emgp_kin;

/* Discharges of a burst, in order of time; zeroed it is empty. */
typedef struct emgp_potentials {
    size_t n;
    bool joined; /* two of them are not told apart by silence */
    double end_s, longest_s;
} emgp_potentials;

void emgp_potentials_add(emgp_potentials *potentials, double peak_s, float before_s, float after_s);

/* What the longest of several discharges has of its time from 25 % to 75 % of its energy; NaN where there is one, or where
 * they are not told apart. */
double emgp_potentials_core_s(const emgp_potentials *potentials);

/* Whether a burst is compared with others: only these have a record. */
bool emgp_kin_compared(const emgp_burst *burst);

/* Writes an emgp_kin for each such burst of a stream, in order, to stream 0 of out. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_kin_find(const emgp_spill *bursts, const emgp_spill *discharges, size_t stream, emgp_spill *out,
                         emg_error *err);

/* ---- course.c: A span of a channel's levels: its power over the noise, and the way of its logarithm without what is slow. ---- */

enum { EMGP_SPAN = 4352 }; /* levels of a span, of 5 ms */

/* Levels as they are read, and the span that was loaded last. */
typedef struct emgp_course {
    emgp_spill_cursor cursor;
    emgp_level_record held[2]; /* those read last: spans may share some */
    size_t n_held;
    double from_s, step_s; /* of the span */
    size_t n;
    double power[EMGP_SPAN], envelope[EMGP_SPAN]; /* over the noise's; the same smoothed */
    double log[EMGP_SPAN], work[EMGP_SPAN];
} emgp_course;

/* Begins a channel's levels. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_course_start(emgp_course *course, const emgp_spill *levels, size_t stream, double step_s,
                             emg_error *err);
void emgp_course_stop(emgp_course *course);

/* Loads a span, at most EMGP_SPAN levels; it begins no more than half a second before the one before ended. noise: an
 * amplitude. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_course_load(emgp_course *course, double from_s, double to_s, double noise, emg_error *err);

/* Smooths n values by about a Gaussian of that SD. */
void emgp_course_smooth(emgp_course *course, const double *x, double *out, size_t n, double sd_s);

/* The course of a part of the span: log2 of its envelope less the slow way of that. How many values. */
size_t emgp_course_of(emgp_course *course, double from_s, double to_s, double *out);

/* ---- period.c: The period of courses: their autocorrelation, each within itself, and its first peak. ---- */

enum { EMGP_COURSE_LAGS = 92 };

/* Sums over courses, by lag. Zeroed there is none. */
typedef struct emgp_lags {
    double product[EMGP_COURSE_LAGS], power[EMGP_COURSE_LAGS];
} emgp_lags;

typedef struct emgp_period {
    double height;   /* of the autocorrelation there; 0: there is no period */
    double period_s; /* NaN: there is none */
    double contrast; /* its height over the trough before it */
} emgp_period;

void emgp_lags_add(emgp_lags *lags, const double *course, size_t n);
void emgp_lags_join(emgp_lags *lags, const emgp_lags *more);
emgp_period emgp_lags_period(const emgp_lags *lags, double step_s);
/* Peak of the autocorrelation at twice the period over the trough before it; NaN: the lags do not reach so far. */
double emgp_lags_echo(const emgp_lags *lags, double step_s, double period_s);

/* ---- cycles.c: The bursts of a span, one a period, where their energy is centred. ---- */

enum { EMGP_MOST_CYCLES = 512 };

typedef struct emgp_cycle {
    double at_s, width_s; /* middle and SD of its power over the noise's */
    double energy;
} emgp_cycle;

/* How many of EMGP_MOST_CYCLES. */
size_t emgp_cycles_find(emgp_course *course, double period_s, emgp_cycle *out);

/* Leaves those bursts that are worth most together when even intervals, of whole periods, are: pieces of a burst go. How many
 * are left. */
size_t emgp_cycles_whole(emgp_cycle *cycle, size_t n, double period_s);

/* The end of the run that begins at `from`: intervals of one to three periods. */
size_t emgp_cycles_run(const emgp_cycle *cycle, size_t n, size_t from, double period_s);

/* Median level of the bursts of the span that was loaded over the lowest level between two of them; NaN: there is but one. */
double emgp_cycles_depth_db(const emgp_course *course, const emgp_cycle *cycle, size_t n);

/* How far a burst of that SD reaches either way at half its height, were it a Gaussian. */
double emgp_cycle_reach_s(double width_s);

/* Keeps the times of a run as those of a train. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_cycles_tell(const emgp_cycle *cycle, size_t n, uint32_t train, const emgp_times *to, emg_error *err);

/* ---- trains.c: Trains of bursts by their envelope, each by itself and with those of its rate in the channel. ---- */

emg_status emgp_trains_find(const emgp_spill *bursts, const emgp_spill *levels, size_t stream, double level_step_s,
                            const emgp_stretch_sink *sink, emg_error *err);

/* ---- shared.c: Muscles whose bursts keep one phase share one rhythm: one word, and one rate where they have it together. ---- */

/* Whether an event is of a rhythm that muscles may share: clonus, tremor, or what is not told apart. */
bool emgp_shared_may(const emg_event *event);

/* Gives n such events, by onset, the word and the rate that they share. times: EMGP_N_TIMES streams a channel, complete.
 * EMG_ENOMEM, EMG_EIO. */
emg_status emgp_shared_settle(emg_event *events, size_t n, const emgp_spill *times, emg_error *err);

/* ---- hold.c: How a contraction begins, goes on and ends, and whether units fire regularly in it. ---- */

/* Fills in the course of a contraction; they are asked for in order. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_hold_measure(emgp_course *course, emgp_contraction *contraction, emg_error *err);

/* ---- Rules of this room, each table at the top of its file. ---- */

emgp_rules emgp_around_rules(void);
emgp_rules emgp_course_rules(void);
emgp_rules emgp_cycles_rules(void);
emgp_rules emgp_groups_rules(void);
emgp_rules emgp_hold_rules(void);
emgp_rules emgp_kin_rules(void);
emgp_rules emgp_beneath_rules(void);
emgp_rules emgp_likeness_rules(void);
emgp_rules emgp_period_rules(void);
emgp_rules emgp_repeats_rules(void);
emgp_rules emgp_shared_rules(void);
emgp_rules emgp_trains_rules(void);
emgp_rules emgp_used_rules(void);

/* ---- around.c: How much a muscle does around a train that is no train. ---- */

/* Seconds within a step of time: of solid bursts, of clear trains; bursts, and those of clear trains. */
typedef struct emgp_around_step {
    double solid_s, train_s, n_bursts, n_train;
} emgp_around_step;

/* From time 0 on; zeroed it is empty. */
typedef struct emgp_around {
    emgp_around_step *step;
    size_t n, room;
} emgp_around;

/* Counts a burst, or one of a clear train. EMG_ENOMEM. */
emg_status emgp_around_count(emgp_around *around, double at_s, bool train, emg_error *err);

/* Rate of the bursts around [from_s, to_s] that are of no clear train. */
double emgp_around_crowd_hz(const emgp_around *around, double from_s, double to_s);

/* Adds a solid burst, or a clear train. EMG_ENOMEM. */
emg_status emgp_around_add(emgp_around *around, double from_s, double to_s, bool train, emg_error *err);

/* Seconds of solid activity around [from_s, to_s] that is no clear train. */
double emgp_around_other_s(const emgp_around *around, double from_s, double to_s);
void emgp_around_free(emgp_around *around);

/* ---- beneath.c: What lies beneath a channel's discharges. ---- */

/* Sums over a channel's levels; zeroed there are none. */
typedef struct emgp_beneath {
    emgp_spill *sums;
    emgp_spill_cursor cursor;
} emgp_beneath;

/* Goes through a channel's levels of step_s and its discharges. Free it whatever it answers. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_beneath_new(emgp_beneath *beneath, const emgp_spill *levels, const emgp_spill *discharges,
                            size_t stream, double step_s, const char *directory, emg_error *err);
void emgp_beneath_free(emgp_beneath *beneath);

/* Sets beneath_db and beneath_share of a stretch, against the channel's floor: 20 log10 of an amplitude. Both are 0 where hardly
 * a level lies between discharges. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_beneath_measure(emgp_beneath *beneath, double from_s, double to_s, double floor_db,
                                emgp_evidence *evidence, emg_error *err);

/* ---- used.c: When a muscle is being used: from contraction to contraction, where a solid one is among them. ---- */

/* Contractions that follow each other, as spans in order; zeroed: the muscle is never used. */
typedef struct emgp_used {
    emgp_stretch *span;
    size_t n, room;
    bool solid;        /* the last span holds a solid contraction, as those before do; else it does not count */
    emgp_stretch *run; /* pulls that follow each other: contractions longer than a jerk */
    size_t n_runs, run_room;
    double pulls; /* of the latest run; when they are few it does not count */
} emgp_used;

/* Whether a contraction lasts so long that the muscle is being used. */
bool emgp_used_is_solid(const emgp_contraction *contraction);

/* Takes the channel's next contraction. EMG_ENOMEM. */
emg_status emgp_used_add(emgp_used *used, const emgp_contraction *contraction, emg_error *err);

/* Whether the muscle is being used at a time; never when `used` is NULL. */
bool emgp_used_at(const emgp_used *used, double at_s);
/* Whether it makes one short pull after the other about then: what is shorter may be one more, and is no jerk. */
bool emgp_used_pulling(const emgp_used *used, double at_s);
void emgp_used_free(emgp_used *used);

#endif
