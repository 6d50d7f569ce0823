/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a score, each with its meaning and place, and its rows in the order in which they are written. */
#ifndef EMGP_REPORT_SCORE_SCORE_H
#define EMGP_REPORT_SCORE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/score.h>

typedef struct emgp_score_column {
    const char *name, *units, *description;
    bool is_count; /* a uint64_t at the offset, else a double */
    size_t offset; /* within emg_score_row */
} emgp_score_column;

/* Column `index` behind trial_type; NULL beyond the last. */
const emgp_score_column *emgp_score_columns(size_t index);

double emgp_score_real(const emgp_score_column *column, const emg_score_row *row);
uint64_t emgp_score_count(const emgp_score_column *column, const emg_score_row *row);

/* The next row, from *place on (0 at first): classes that either side holds, then all, any, macro. NULL beyond
 * the last. */
const char *emgp_score_next_row(const emg_score *score, size_t *place, emg_score_row *row);

/* The word of a row or column of the label matrix: a class, or its last one, which `last` names. */
const char *emgp_score_label_name(size_t index, const char *last);

#endif
