/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project's own detector as it stands, over a record. */
#ifndef EXAM_MYOGRAM_H
#define EXAM_MYOGRAM_H

#include "ground/record.h"
#include "methods/rhythm.h"

typedef struct exam_answer {
    exam_events events; /* every event that it reports, with confidence */
    exam_events spikes; /* plain discharges, before any class, as fasciculations */
    exam_verdict verdict;
    double seconds; /* that it looked at */
} exam_answer;

/* any_size: the word fasciculation is not kept for discharges of a least amplitude. The verdict is of the first muscle. */
emg_status exam_myogram(const exam_record *record, bool any_size, exam_answer *out, emg_error *err);
void exam_answer_free(exam_answer *answer);

/* A fingerprint of the settings in force. */
unsigned long long exam_settings_fingerprint(void);

#endif
