/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of every table, each with its name, unit, meaning and place in its struct. */
#ifndef EMGP_COLUMNS_H
#define EMGP_COLUMNS_H

#include <stddef.h>

#include <emg/analysis.h>

/* How a cell is filled. */
typedef enum emgp_cell {
    EMGP_CELL_RECORDING, /* name of the recording */
    EMGP_CELL_MUSCLE,
    EMGP_CELL_CHANNELS, /* labels of the muscle's channels */
    EMGP_CELL_CLASS,
    EMGP_CELL_TIME, /* seconds */
    EMGP_CELL_REAL,
    EMGP_CELL_COUNT,
    EMGP_CELL_UV, /* amplitude, when calibrated */
    EMGP_CELL_REL /* amplitude, when not calibrated */
} emgp_cell;

typedef struct emgp_column {
    const char *name, *units, *description; /* units "": none */
    emgp_cell cell;
    size_t offset; /* within emg_summary; unused for the cells that are not a member of it */
} emgp_column;

/* Row `index` of the columns of STEM_muscles.tsv, STEM_channels.tsv and muscles.tsv; NULL beyond the last. */
const emgp_column *emgp_summary_column(size_t index);

/* The number in a real, time or amplitude cell; NaN when not applicable (e.g. the microvolts of an uncalibrated one). */
double emgp_summary_real(const emgp_column *column, const emg_summary *summary);
uint64_t emgp_summary_count(const emgp_column *column, const emg_summary *summary);

/* A column of STEM_events.tsv as its description lists it. */
typedef struct emgp_event_column {
    const char *name, *long_name, *units, *description;
} emgp_event_column;

/* Row `index` of the columns of STEM_events.tsv; NULL beyond the last. */
const emgp_event_column *emgp_event_columns(size_t index);

/* What a class of trial_type means, one sentence. */
const char *emgp_class_sentence(emg_class trial_type);

#endif
