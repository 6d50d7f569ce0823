/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground: splits, parts, cells, and the scenario of every record, all from numbers and no file. */
#ifndef EXAM_GRID_H
#define EXAM_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/event.h>

/* Where figures are tuned, looked at, and finally told. Seeds and ranges of training and development lie apart from those
 * of locked; shifted has another family of shapes, noise, bursts and timing. */
typedef enum exam_split { EXAM_TRAINING = 0, EXAM_DEVELOPMENT, EXAM_LOCKED, EXAM_SHIFTED, EXAM_N_SPLITS } exam_split;

typedef enum exam_part {
    EXAM_DETECTION = 0, /* single discharges */
    EXAM_RHYTHM,        /* one class a record */
    EXAM_QUIET,         /* nothing to be found: false alarms */
    EXAM_ROWS,          /* several patterns, channels and minutes: the rows of the report */
    EXAM_N_PARTS
} exam_part;

/* How a file would have kept the samples. */
typedef enum exam_format { EXAM_EDF = 0, EXAM_BDF, EXAM_WAV } exam_format;

/* What lies over the discharges. */
typedef enum exam_extra {
    EXAM_PLAIN = 0,
    EXAM_POWERLINE,       /* steady hum */
    EXAM_POWERLINE_DRIFT, /* hum that wanders by half a hertz */
    EXAM_ECG,
    EXAM_POPS,
    EXAM_WANDER,
    EXAM_EVERYTHING, /* the four together */
    EXAM_FLOOR,      /* a voluntary floor that hides them: impossible without knowing it */
    EXAM_PAIRS,      /* discharges of two units within 5 ms */
    EXAM_WEAK_FLOOR, /* the same floor, 0.35 times as strong */
    EXAM_N_EXTRAS
} exam_extra;

/* Records without anything to find. */
typedef enum exam_quiet {
    EXAM_Q_NOISE = 0,
    EXAM_Q_POWERLINE,
    EXAM_Q_ECG,
    EXAM_Q_VOLUNTARY,
    EXAM_Q_UNITS,
    EXAM_Q_DEAD,    /* an amplifier that sticks, a channel that gives zeros: excluded time, no event */
    EXAM_Q_STIMULI, /* artefacts of marked stimuli that nothing answers */
    EXAM_Q_SMALL,   /* discharges of 20 to 40 uV: found, but too small for the word fasciculation */
    EXAM_N_QUIET
} exam_quiet;

/* Records of several patterns. */
typedef enum exam_rows {
    EXAM_ROWS_MIXED = 0, /* three muscles for ten minutes, five patterns each */
    EXAM_ROWS_HOLDS,     /* contractions of one to two minutes, pauses of seconds */
    EXAM_ROWS_GAPS,      /* contractions of half a second, pauses of a third, over rest and over a floor */
    EXAM_ROWS_EVOKED,    /* marked stimuli with responses among fasciculations and pops */
    EXAM_ROWS_TAPS,      /* clonus that begins on a marked stimulus */
    EXAM_ROWS_MARKED,    /* cramps in marked rest, contractions in marked tasks */
    EXAM_N_ROWS
} exam_rows;

typedef struct exam_cell {
    exam_part part;
    char name[48];
    double snr_db, per_min;
    exam_extra extra;
    exam_format format;
    emg_class class; /* rhythm; EMG_UNCLASSIFIED: none */
    size_t beats;    /* rhythm: of an episode; 0: the class has none */
    bool impossible; /* no figure counts it: what is asked for is not in the signal */
    double rate_hz;  /* detection */
    exam_quiet quiet;
    exam_rows rows;
} exam_cell;

enum { EXAM_SECONDS = 60, EXAM_SCENARIO_ROOM = 16384 };

/* Whether something in a record tells its class from the one that looks like it. */
typedef enum exam_told {
    EXAM_TOLD = 0, /* yes */
    EXAM_HINTED,   /* a muscle's name or a second muscle speaks for it: the class is right, and so is the honest word */
    EXAM_UNTOLD    /* no: the truth is `rhythmic` (clonus or tremor) or `tonic` (spasm or voluntary) */
} exam_told;

/* What a record holds besides the channel in question. */
typedef enum exam_context { EXAM_ALONE = 0, EXAM_SITE, EXAM_MARK, EXAM_SECOND, EXAM_N_CONTEXTS } exam_context;

/* Records of a cell in a whole run. */
size_t exam_records(const exam_cell *cell);

const char *exam_split_name(exam_split split);
const char *exam_part_name(exam_part part);
const char *exam_told_name(exam_told told);
const char *exam_context_name(exam_context context);

/* Cell `index` of a part; false beyond the last. */
bool exam_cell_at(exam_part part, size_t index, exam_cell *out);
/* The cell of a name; false when there is none. */
bool exam_cell_find(const char *name, exam_cell *out);

/* The scenario of a record of a cell, and its seed. */
void exam_scenario(exam_split split, const exam_cell *cell, size_t record, char out[EXAM_SCENARIO_ROOM],
                   uint64_t *seed);
/* What a scenario says of itself in its remark. */
exam_told exam_scenario_told(const char *scenario);
exam_context exam_scenario_context(const char *scenario);

/* A fingerprint (FNV-1a, 64 bits) of all scenarios and seeds of a split: it changes with any of them. */
uint64_t exam_fingerprint(exam_split split);

#endif
