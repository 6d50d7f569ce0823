/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the runs of the four parts share: the cell at hand, and its file. */
#ifndef EXAM_PARTS_H
#define EXAM_PARTS_H

#include <stdio.h>

#include <emg/score.h>

#include "methods/tuned.h"
#include "run/results.h"

typedef struct exam_cell_run {
    const exam_job *job;
    const exam_tuned *tuned;
    const exam_cell *cell;
    emg_error err;
} exam_cell_run;

/* "\tVALUE", or "\tn/a". */
void exam_put_number(FILE *file, double value);

/* A score of the library's own. NULL after a failure. resampled: with intervals over records. */
emg_score *exam_new_score(double tolerance_s, bool resampled, emg_error *err);

/* Each writes a header and its rows. */
emg_status exam_run_detection(exam_cell_run *c, FILE *file);
emg_status exam_run_rhythm(exam_cell_run *c, FILE *file);
emg_status exam_run_quiet(exam_cell_run *c, FILE *file);
emg_status exam_run_rows(exam_cell_run *c, FILE *file);

#endif
