/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Motor units: whose discharge is whose, and when one of them fires regularly. */
#ifndef EMGP_ANALYSIS_UNITS_UNITS_H
#define EMGP_ANALYSIS_UNITS_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>
#include <emg/event.h>
#include <emg/status.h>

#include "analysis/decide/decide.h"
#include "analysis/detect/detect.h"
#include "base/base.h"

/* ---- match.c: How well a discharge fits a shape, at the best shift, against what the noise and a unit's own scatter make. ---- */

/* A potential with two deflections of about one size peaks now at one of them, now at the other: 5 ms either way (needle: 1.6). */
enum {
    EMGP_UNIT_REACH = 8,
    EMGP_UNIT_SHIFTS = 2 * EMGP_UNIT_REACH + 1,
    EMGP_UNIT_POINTS = EMGP_SHAPE + 2 * EMGP_UNIT_REACH
};

/* A discharge's shape in the channel's unit. */
typedef struct emgp_unit_wave {
    float x[EMGP_SHAPE];
    float energy; /* sum of squares */
    float noise;  /* what the noise alone has of it */
} emgp_unit_wave;

typedef struct emgp_unit_shape {
    float mean[EMGP_UNIT_POINTS];   /* its sides are known from shifted discharges only; 0: not known */
    float weight[EMGP_UNIT_POINTS]; /* discharges that each point was learned from */
    float energy[EMGP_UNIT_SHIFTS]; /* of what falls on a wave, for each shift */
} emgp_unit_shape;

void emgp_unit_wave_of(const emgp_discharge *discharge, emgp_unit_wave *out);

/* Whether a wave stands so far out of the noise that a shape may be founded on it. */
bool emgp_unit_wave_clear(const emgp_unit_wave *wave);

/* Adds a discharge that lies `shift` points after the shape, which remembers `memory` of them; then it is to be settled. */
void emgp_unit_shape_add(emgp_unit_shape *shape, const emgp_unit_wave *wave, int shift, float memory);

/* Completes a shape whose mean was set. */
void emgp_unit_shape_settle(emgp_unit_shape *shape);

/* A wave beside a shape, at the shift that fits best. */
typedef struct emgp_unit_fit {
    float left;   /* energy of the wave that the shape leaves; infinite: it is of another size */
    float energy; /* of the shape there */
    int shift;    /* points by which the wave lies after the shape */
} emgp_unit_fit;

emgp_unit_fit emgp_unit_fit_of(const emgp_unit_wave *wave, const emgp_unit_shape *shape);

/* What is left over what the noise and the scatter of a unit's discharges may leave: below 1 it fits. scatter: of the
 * energy, 0 to 1. */
float emgp_unit_misfit(const emgp_unit_wave *wave, const emgp_unit_fit *fit, float scatter);

/* What a wave leaves of two shapes that it may be the sum of, each at its best shift beside the other; energy: of both. alone: how
 * each fits by itself (emgp_unit_fit_of). */
emgp_unit_fit emgp_unit_pair_of(const emgp_unit_wave *wave, const emgp_unit_shape *first, const emgp_unit_shape *second,
                                const emgp_unit_fit alone[2]);

/* ---- founders.c: Clear discharges that no unit has, compared each with each: which of them found one. ---- */

enum { EMGP_MOST_FOUNDERS = 64 };

typedef struct emgp_founders {
    const emgp_unit_wave *wave[EMGP_MOST_FOUNDERS]; /* n of them; borrowed */
    size_t n;
    float scatter;                                        /* within which they are alike */
    bool alike[EMGP_MOST_FOUNDERS][EMGP_MOST_FOUNDERS];   /* each to the one that the row is of, */
    int8_t shift[EMGP_MOST_FOUNDERS][EMGP_MOST_FOUNDERS]; /* after which it lies by so many points */
    bool used[EMGP_MOST_FOUNDERS];                        /* it was a centre */
    bool left[EMGP_MOST_FOUNDERS];                        /* no unit has it */
} emgp_founders;

/* Compares those that are there; all are left. */
void emgp_founders_compare(emgp_founders *founders);

/* The founder that most of those left are like, which is asked for no more; *n: how many, itself included; 0: there is none. */
size_t emgp_founders_most_alike(emgp_founders *founders, size_t *n);

/* The mean shape of those left that are like the mean of those like `centre`. member: takes who they are; returns how many. */
size_t emgp_founders_shape(const emgp_founders *founders, size_t centre, bool *member, emgp_unit_shape *out);

/* ---- unit.c: Units of a channel, learned from clear discharges and carried along: which discharge is whose. ---- */

enum {
    EMGP_MOST_UNITS = 32,
    EMGP_ACTIVE_UNITS = 12
}; /* numbers of a channel; shapes that are compared with at a time */

typedef struct emgp_units emgp_units;

/* Whose a discharge is: 1 to EMGP_MOST_UNITS, 0 when it fits none. */
typedef struct emgp_unit_of {
    uint8_t unit;
    uint8_t other; /* a second unit whose discharge lies over it; 0: none */
} emgp_unit_of;

/* EMG_ENOMEM. */
emg_status emgp_units_new(emgp_units **out, const emg_unit_config *config, emg_error *err);
void emgp_units_free(emgp_units *units);

/* Forgets everything: the next discharge is another channel's first. out: a spill of one stream that takes an emgp_unit_of for each
 * discharge, in order. */
void emgp_units_start(emgp_units *units, emgp_spill *out);

/* The next discharge; shaped: it may be a unit's. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_units_push(emgp_units *units, const emgp_discharge *discharge, bool shaped, emg_error *err);

/* A gap: no interval spans it. */
void emgp_units_gap(emgp_units *units);

/* All discharges came: their units are written, and what is known of the units holds from now on. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_units_settle(emgp_units *units, emg_error *err);

/* Whether a unit, once settled, fires at the rate and regularity of a heart (0.7 to 2.5 per second, 70 % of
 * intervals within 15 % of the median, at least 8 beats). */
bool emgp_units_is_ecg(const emgp_units *units, unsigned unit);

/* ---- train.c: Trains of one unit: where it fires on without a pause, and how much of what is there such trains are. ---- */

typedef struct emgp_unit_train {
    double onset_s, end_s;  /* from the first discharge's onset to the last one's end */
    double peak_s;          /* of the largest */
    double peak, amplitude; /* largest deflection; mean peak to peak */
    unsigned unit;
    emgp_evidence evidence;
} emgp_unit_train;

typedef emg_status emgp_unit_train_take(void *context, const emgp_unit_train *train, emg_error *err);

typedef struct emgp_unit_trains_setup {
    const emgp_spill *discharges, *bursts, *unit_of; /* unit_of: of one stream */
    size_t stream;
    const emg_config *config;
    const char *directory; /* as for emgp_spill_new() */
} emgp_unit_trains_setup;

/* Gives the regular trains of a channel's units in order of onset; those of several units may overlap. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_unit_trains_find(const emgp_unit_trains_setup *setup, emgp_unit_train_take *take, void *context,
                                 emg_error *err);

/* ---- firing.c: Trains of units as a channel is gone through: which of them go on at a moment. ---- */

/* Zeroed it is not begun. */
typedef struct emgp_firing {
    emgp_merge *merge;
    emg_event coming; /* the next train, when there is one */
    bool there;
    double from_s[EMGP_MOST_UNITS], to_s[EMGP_MOST_UNITS], amplitude[EMGP_MOST_UNITS]; /* of the latest of each unit */
    double period_s[EMGP_MOST_UNITS], last_s[EMGP_MOST_UNITS]; /* of it; of its latest discharge that was noted */
} emgp_firing;

/* Begins, or begins again: rows from stream `first` on, a stream of emg_event for each unit. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_firing_start(emgp_firing *firing, const emgp_spill *rows, size_t first, emg_error *err);
void emgp_firing_free(emgp_firing *firing);

/* Leaves the next train out. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_firing_next(emgp_firing *firing, emg_error *err);

/* Trains that begin up to a time are the latest of their units. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_firing_move(emgp_firing *firing, double to_s, emg_error *err);

/* Whether a unit's latest train goes on at a time; never that of unit 0. */
bool emgp_firing_at(const emgp_firing *firing, uint8_t unit, double at_s);

/* The largest amplitude of the trains that go on at a time; 0: there are none. */
/* Whether a train goes on, or has gone on, after from_s. */
bool emgp_firing_since(const emgp_firing *firing, double from_s);

double emgp_firing_amplitude(const emgp_firing *firing, double at_s);

/* Notes a discharge, later than those before, of a unit whose train goes on; any other is passed over. */
void emgp_firing_note(emgp_firing *firing, uint8_t unit, double at_s);

/* The sum of the two largest amplitudes of trains that go on at a time and of which none was noted for this share of their
 * period; 0: there are no two. */
double emgp_firing_both(const emgp_firing *firing, double at_s, double due);

/* ---- satellites.c: Late components of a unit's potential, found as discharges of their own. ---- */

typedef struct emgp_satellites emgp_satellites;

/* EMG_ENOMEM. */
emg_status emgp_satellites_new(emgp_satellites **out, emg_error *err);
void emgp_satellites_free(emgp_satellites *satellites);

/* Learns at which lags of each unit smaller discharges are a part of its potential, of all discharges of a stream and their
 * emgp_unit_of (of one stream). EMG_ENOMEM, EMG_EIO. */
emg_status emgp_satellites_learn(emgp_satellites *satellites, const emgp_spill *discharges, size_t stream,
                                 const emgp_spill *unit_of, emg_error *err);

/* Then, for one discharge after the other, whether it is such a part. EMG_ENOMEM, EMG_EIO. */
void emgp_satellites_start(emgp_satellites *satellites, const emgp_spill *discharges, size_t stream,
                           const emgp_spill *unit_of);
emg_status emgp_satellites_next(emgp_satellites *satellites, bool *is, emg_error *err);
void emgp_satellites_stop(emgp_satellites *satellites);

/* The core of a burst of which one potential of that duration is left. */
double emgp_unit_core_s(double duration_s);

/* ---- rescue.c: Weak discharges that are told though nothing but their unit speaks for them. ---- */

typedef struct emgp_rescue_setup {
    const emgp_spill *discharges, *bursts;           /* all that was found */
    const emgp_spill *told_discharges, *told_bursts; /* what emgp_admit() left of it */
    emgp_spill *out_discharges, *out_bursts;         /* take that, and what is rescued */
    size_t stream;                                   /* of all of these */
    bool stimulated; /* what follows a larger deflection at one lag may be a response: no satellites are sought */
    const emg_config *config;
    const char *directory; /* as for emgp_spill_new() */
} emgp_rescue_setup;

/* Learns units from all that was found and tells, besides what is told, the discharges of those that fire regularly, in their
 * trains; not told are satellites, whose potential has its discharge. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_rescue(const emgp_rescue_setup *setup, emg_error *err);

/* ---- Settings and rules of this room. ---- */

emgp_settings emgp_unit_table(void);
emgp_rules emgp_unit_match_rules(void);
emgp_rules emgp_unit_rules(void);
emgp_rules emgp_unit_train_rules(void);
emgp_rules emgp_rescue_rules(void);
emgp_rules emgp_satellite_rules(void);

#endif
