/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results as files, one a cell, so that a run that was stopped goes on where it was. */
#ifndef EXAM_RESULTS_H
#define EXAM_RESULTS_H

#include <stdbool.h>
#include <stdio.h>

#include "ground/grid.h"

/* What a run was asked for. */
typedef struct exam_job {
    exam_split split;
    bool parts[EXAM_N_PARTS];
    const char *cells; /* only cells whose name holds this text; NULL: all */
    size_t n_records;  /* of each cell */
    size_t n_workers;
    const char *folder;                        /* of the results */
    const char *tuned;                         /* file of tuned parameters */
    unsigned long long identity[EXAM_N_PARTS]; /* other results are not taken over */
    bool quiet;
    bool own_only; /* the project's own detector without baselines and bound */
} exam_job;

enum { EXAM_PATH = 1024 };

/* Results of each part are of this program, these settings, this ground, and the tuning of the baselines that run in it. */
void exam_job_identify(exam_job *job);

bool exam_job_takes(const exam_job *job, const exam_cell *cell);

/* The job as it is for a cell: with the number of records of its part where none was asked for. */
exam_job exam_job_of(const exam_job *job, const exam_cell *cell);

/* FOLDER/SPLIT/PART/CELL.tsv, folders made. False after a sentence. */
bool exam_results_path(const exam_job *job, const exam_cell *cell, char out[EXAM_PATH]);

/* Whether the file holds a cell's results of this job's identity and number of records. */
bool exam_results_done(const exam_job *job, exam_part part, const char *path);

/* Opens PATH.part with its first line; NULL after a sentence. exam_results_close() puts it in place. */
FILE *exam_results_open(const exam_job *job, exam_part part, const char *path);
bool exam_results_close(FILE *file, const char *path);

#endif
