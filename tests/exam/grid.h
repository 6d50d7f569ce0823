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
    EXAM_FLOOR,      /* a weak voluntary floor */
    EXAM_PAIRS,      /* discharges of two units within 5 ms */
    EXAM_N_EXTRAS
} exam_extra;

typedef struct exam_cell {
    exam_part part;
    char name[48];
    double snr_db, per_min, rate_hz;
    exam_extra extra;
    exam_format format;
    emg_class class; /* rhythm; EMG_UNCLASSIFIED: none */
    size_t beats;    /* rhythm: of an episode; 0: the class has none */
    size_t quiet;    /* which kind of quiet record */
} exam_cell;

enum { EXAM_RECORDS = 50, EXAM_SECONDS = 60, EXAM_SCENARIO_ROOM = 4096 };

/* Records of a cell in a whole run: 50; 20 of the many cells of the rhythm part. */
size_t exam_records(exam_part part);

const char *exam_split_name(exam_split split);
const char *exam_part_name(exam_part part);

/* Cell `index` of a part; false beyond the last. */
bool exam_cell_at(exam_part part, size_t index, exam_cell *out);

/* The scenario of a record of a cell, and its seed. */
void exam_scenario(exam_split split, const exam_cell *cell, size_t record, char out[EXAM_SCENARIO_ROOM],
                   uint64_t *seed);

/* A fingerprint (FNV-1a, 64 bits) of all scenarios and seeds of a split: it changes with any of them. */
uint64_t exam_fingerprint(exam_split split);

#endif
