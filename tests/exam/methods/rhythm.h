/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is examined in the rhythm part: rules that give a record one class, and for clonus its rate and beats. */
#ifndef EXAM_RHYTHM_H
#define EXAM_RHYTHM_H

#include "methods/detector.h"

typedef struct exam_verdict {
    emg_class trial_type; /* EMG_UNCLASSIFIED: nothing found */
    double confidence;    /* NaN: none stated */
    double frequency_hz;  /* NaN: not rhythmic */
    double from_s, to_s;  /* of the rhythm; NaN */
    double beats;         /* NaN */
} exam_verdict;

typedef emg_status exam_judge(const exam_signal *signal, const double parameter[EXAM_PARAMETERS], exam_verdict *out,
                              emg_error *err);

typedef struct exam_rule {
    const char *name, *sentence;
    exam_parameter parameter[EXAM_PARAMETERS];
    size_t n_parameters;
    exam_judge *judge;
} exam_rule;

/* The rows that cv_only would report: each train of bursts with a small CV is one, and else each burst. */
emg_status exam_rows_by_cv(const exam_signal *signal, const double parameter[EXAM_PARAMETERS], exam_events *out,
                           emg_error *err);

/* Rule `index`; NULL beyond the last. */
const exam_rule *exam_rhythm_rule(size_t index);

#endif
