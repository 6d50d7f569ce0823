/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a page of comparisons share. */
#ifndef EMGP_REPORT_COMPARE_COMPARE_H
#define EMGP_REPORT_COMPARE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/comparisons.h>

#include "base/base.h"

/* ---- cells.c: Numbers with intervals, the sentence that leads, names that one side lacks. ---- */

/* The figure of a muscle by its name. */
emg_compared_figure emgp_figure_named(const emg_comparison *comparison, size_t muscle, const char *quantity);

void emgp_put_number_cell(emgp_sink *sink, double value);
void emgp_put_interval(emgp_sink *sink, emg_interval interval);

/* What can be said of rates of fasciculations. */
typedef enum emgp_rate_verdict { EMGP_MORE, EMGP_LESS, EMGP_SAME, EMGP_NOTHING, EMGP_N_VERDICTS } emgp_rate_verdict;

/* Muscle `index` and what is said of it; NULL beyond the last. */
typedef const char *emgp_tell(const void *of, size_t index, emgp_rate_verdict *verdict);

/* One paragraph: the muscles of each verdict behind its words. */
void emgp_put_lead(emgp_sink *sink, const char *const words[EMGP_N_VERDICTS], emgp_tell *tell, const void *of);

/* A name that only one side has, by its place; NULL beyond the last. */
typedef const char *emgp_unmatched(const void *of, size_t side, size_t index);

/* A fact that lists them; none where there are none. */
void emgp_put_unmatched(emgp_sink *sink, emgp_unmatched *unmatched, const void *of, size_t side);

/* ---- drawings.c: The drawings of a compared muscle. ---- */

void emgp_put_drawings(emgp_sink *sink, const emg_compared_muscle *muscle, const emg_compared_figure *rate);

/* ---- pairs.c: Several pairs at a glance. ---- */

/* A pair in a heading: the name of both where they are equal. */
void emgp_put_pair(emgp_sink *sink, const emg_comparison *comparison);

/* The head of a page of several, what could not be compared, and all pairs at a glance; section k of all muscles of all pairs in
 * their order, from 1, has the id mK. */
void emgp_put_pairs(emgp_sink *sink, const emg_comparisons *comparisons);

#endif
