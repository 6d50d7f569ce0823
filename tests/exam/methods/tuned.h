/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of the baselines, each set found on the training split for the baseline's own best score. */
#ifndef EXAM_TUNED_H
#define EXAM_TUNED_H

#include "run/results.h"
#include "methods/rhythm.h"

enum { EXAM_MOST_TUNED = 32 };

typedef struct exam_tuned {
    char name[EXAM_MOST_TUNED][32];
    double value[EXAM_MOST_TUNED][EXAM_PARAMETERS];
    double score[EXAM_MOST_TUNED]; /* on the training split */
    size_t n;
} exam_tuned;

/* Tries every combination on training records, for the parts that the job names, and keeps the rows of the others; writes the
 * file. False after a sentence. */
bool exam_tune(const exam_job *job);

bool exam_tuned_read(exam_tuned *out, const char *path);
/* Mean of the F1 of the classes that are true somewhere; n[true][found]. */
double exam_macro_f1(size_t n[EMG_N_CLASSES][EMG_N_CLASSES]);

/* The parameters of a baseline; its first values when it was not tuned. */
void exam_tuned_get(const exam_tuned *tuned, const char *name, const exam_parameter *parameters, size_t n,
                    double out[EXAM_PARAMETERS]);

#endif
