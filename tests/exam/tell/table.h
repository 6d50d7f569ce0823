/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results read back, and told as tables, as a page, as figures and as a line of history. */
#ifndef EXAM_TABLE_H
#define EXAM_TABLE_H

#include "run/results.h"

/* A row of a cell's file. */
typedef struct exam_row {
    exam_split split;
    exam_part part;
    const exam_cell *cell;
    char detector[24];
    char word[20];             /* rows: the class, or all, any, macro */
    char truth[20], found[20]; /* rhythm */
    exam_told told;
    exam_context context;
    double value[16]; /* the numbers in the order of their columns */
} exam_row;

/* The numbers of a detection row, and of a quiet one, by their columns. */
enum {
    EXAM_N_TRUTH = 0,
    EXAM_N_FOUND,
    EXAM_N_MATCHED,
    EXAM_PRECISION,
    EXAM_PRECISION_LOW,
    EXAM_PRECISION_HIGH,
    EXAM_RECALL,
    EXAM_RECALL_LOW,
    EXAM_RECALL_HIGH,
    EXAM_F1,
    EXAM_F1_LOW,
    EXAM_F1_HIGH,
    EXAM_BIAS_MS,
    EXAM_SD_MS,
    EXAM_RATE_ERROR,
    EXAM_AMPLITUDE_ERROR, /* false_per_min is left out: n_found - n_matched */
    EXAM_MINUTES = 0,
    EXAM_FALSE_SINGLE,
    EXAM_FALSE_RHYTHM,
    EXAM_SUSTAINED
};
/* Of a row of the rows part, after n_truth, n_found and n_matched as above. */
enum {
    EXAM_ROWS_PRECISION = 3,
    EXAM_ROWS_RECALL,
    EXAM_ROWS_F1,
    EXAM_ROWS_BIAS_MS,
    EXAM_ROWS_SD_MS,
    EXAM_ROWS_END_SD_MS,
    EXAM_ROWS_OVERLAP,
    EXAM_ROWS_DURATION_ICC,
    EXAM_ROWS_FREQUENCY_ICC,
    EXAM_ROWS_FALSE_PER_MIN,
    EXAM_ROWS_CALIBRATION
};
/* Of a rhythm row. */
enum { EXAM_CONFIDENCE = 0, EXAM_TRUE_HZ, EXAM_FOUND_HZ, EXAM_TRUE_S, EXAM_FOUND_S, EXAM_TRUE_BEATS, EXAM_FOUND_BEATS };

typedef struct exam_table {
    exam_row *row;
    size_t n, room;
    exam_cell *cells;
    size_t n_cells;
    /* Of each split: cells of the job's identity and number of records, and others that were told all the same. */
    size_t n_sound[EXAM_N_SPLITS], n_other[EXAM_N_SPLITS];
} exam_table;

/* Reads every cell file of every split in the folder. False after a sentence. */
bool exam_table_read(exam_table *out, const exam_job *job);
void exam_table_free(exam_table *table);

/* Rows from *at on that are of a split and part; NULL beyond the last. */
const exam_row *exam_table_next(const exam_table *table, size_t *at, exam_split split, exam_part part);

/* The row of a cell and detector; NULL when there is none. */
const exam_row *exam_table_find(const exam_table *table, exam_split split, const char *cell, const char *detector);

/* Detectors of a part in the order of its files; how many. */
size_t exam_table_detectors(const exam_table *table, exam_part part, const char *names[24]);

/* The row of a cell, detector and word (rows part). */
const exam_row *exam_table_find_word(const exam_table *table, exam_split split, const char *cell, const char *detector,
                                     const char *word);

/* What the rhythm part says of a detector, over the cells of an SNR and a number of beats or more (classes without beats
 * count always); cells that are impossible are left out. */
typedef struct exam_rhythm_figures {
    size_t n[16][16]; /* records that are told apart: [true class][found class]; none found is EMG_UNCLASSIFIED */
    size_t n_told, n_hinted, n_untold;
    double macro_f1, accuracy, coverage, selective_accuracy; /* of those told apart */
    double alone, with_context;                              /* right of the told clonus, tremor, spasm and tonic */
    double hinted_right;                                     /* the class, or the honest word */
    double untold_right, untold_claimed;                     /* the honest word; a class that nothing speaks for */
    double calibration_error;                                /* of all */
    size_t n_rhythmic;                                       /* clonus or tremor found as clonus, tremor or rhythmic: */
    double hz_error, hz_icc, s_icc;
} exam_rhythm_figures;
exam_rhythm_figures exam_table_rhythm(const exam_table *table, exam_split split, const char *detector, double least_snr,
                                      size_t least_beats);

/* Figures by name to standard output. False after a sentence. */
bool exam_show_figures(const exam_job *job);
/* Writes what is asked for (each may be NULL) of all splits in the folder. */
bool exam_tell(const exam_job *job, const char *table_path, const char *page_path, const char *history_path);

/* Lines "name<TAB>value" of every split in the folder. */
bool exam_tell_figures(const exam_table *table, FILE *file);
bool exam_tell_markdown(const exam_table *table, FILE *file);
bool exam_tell_page(const exam_table *table, FILE *file);

#endif
