/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario while it is written: a text that grows, and the chance that its numbers are drawn from. */
#ifndef EXAM_SCRIPT_H
#define EXAM_SCRIPT_H

#include "ground/grid.h"

typedef struct exam_script {
    char *text; /* of EXAM_SCENARIO_ROOM */
    size_t n;
    uint64_t state;
    exam_split split;
} exam_script;

void exam_put(exam_script *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One call draws one number: in what order a call's arguments are made is the compiler's choice. */
double exam_between(exam_script *s, double low, double high);
size_t exam_below(exam_script *s, size_t n);

/* Whether ranges are the narrow ones that detectors may be tuned on. */
bool exam_is_training(const exam_script *s);

/* "key = value", evenly from the range that the split has: training and development, locked and shifted. */
void exam_draw(exam_script *s, const char *key, double low, double high, double locked_low, double locked_high);

/* The remark that exam_scenario_told() and exam_scenario_context() read. */
void exam_put_remark(exam_script *s, exam_told told, exam_context context);

/* A word of burst_shape as the split has them. */
const char *exam_burst_shape(exam_script *s);

/* "[recording]". */
void exam_put_recording(exam_script *s, double rate_hz, double seconds);
/* "[channel LABEL]" with noise and shapes as the split has them, and a pool of units when asked for. */
void exam_put_channel(exam_script *s, const char *label, bool pool);
/* The noise of the channel begun last. */
double exam_sigma_uv(const exam_script *s);

void exam_put_twitches(exam_script *s, double snr_db, double per_min);
void exam_put_pops(exam_script *s);

/* What the parts write (discharges.c, rhythms.c, muscles.c). */
void exam_write_detection(exam_script *s, const exam_cell *cell);
void exam_write_quiet(exam_script *s, const exam_cell *cell);
void exam_write_rhythm(exam_script *s, const exam_cell *cell);
void exam_write_rows(exam_script *s, const exam_cell *cell);

#endif
