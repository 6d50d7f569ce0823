/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is examined: detectors of single discharges, each a function of a record and of a few numbers that are tuned. */
#ifndef EXAM_DETECTOR_H
#define EXAM_DETECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/event.h>
#include <emg/status.h>

/* EMG_ENOMEM, said in err. */
emg_status exam_no_memory(emg_error *err);

/* Found events; the array grows and is owned. */
typedef struct exam_events {
    emg_event *event;
    size_t n, room;
} exam_events;

/* Empties it and keeps its room. */
void exam_events_clear(exam_events *events);
void exam_events_free(exam_events *events);
/* False when memory is out. */
bool exam_events_add(exam_events *events, const emg_event *event);
/* A single event of class fasciculation from frame `first` to `last`, with its peak. */
bool exam_events_add_spike(exam_events *events, double rate_hz, size_t first, size_t peak, size_t last);

/* One channel of a record in memory. */
typedef struct exam_signal {
    const double *raw; /* as recorded, microvolts */
    const double *x;   /* 20-450 Hz without phase (the analysis' band), the same for all baselines */
    size_t n;
    double rate_hz;
} exam_signal;

enum { EXAM_PARAMETERS = 3, EXAM_VALUES = 12 };

/* A number that is tuned on the training split: every combination of the values is tried. */
typedef struct exam_parameter {
    const char *name;
    double value[EXAM_VALUES];
    size_t n;
} exam_parameter;

/* Finds the discharges of a record. EMG_ENOMEM, or what a filter answers. */
typedef emg_status exam_detect(const exam_signal *signal, const double parameter[EXAM_PARAMETERS], exam_events *out,
                               emg_error *err);

typedef struct exam_detector {
    const char *name, *sentence; /* the sentence says what it is and where from */
    exam_parameter parameter[EXAM_PARAMETERS];
    size_t n_parameters;
    exam_detect *detect;
} exam_detector;

/* Baseline `index`; NULL beyond the last. */
const exam_detector *exam_baseline(size_t index);

exam_detect exam_fixed, exam_global_mad, exam_spiqe_like, exam_hodges, exam_modified_hodges, exam_bonato, exam_tkeo;

#endif
