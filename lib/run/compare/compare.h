/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is compared: a recording analysed now, or a report read back, in one shape. */
#ifndef EMGP_RUN_COMPARE_COMPARE_H
#define EMGP_RUN_COMPARE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/comparison.h>
#include <emg/run.h>

#include "base/base.h"

/* ---- visit.c: A recording with what was found in it, held in memory. ---- */

/* Zeroed it is empty; emgp_held_free() takes it whatever happened. */
typedef struct emgp_held {
    char *name;
    char **muscle; /* names */
    emg_summary *summary;
    size_t n_muscles, muscles_room; /* room: as asked for */
    emg_event *events;
    size_t n_events, events_room;
    emg_segment *segments;
    size_t n_segments;
    emgp_collected settings; /* a line "key<TAB>value" each; the first is the version */
    double least_amplitude_uv;
} emgp_held;

void emgp_held_free(emgp_held *held);

/* Room for n muscles and segments. EMG_ENOMEM. */
emg_status emgp_held_reserve(emgp_held *held, size_t n_muscles, size_t n_segments, emg_error *err);

/* Adds a muscle; the summary is copied, its names are the held one's. Room was reserved. EMG_ENOMEM. */
emg_status emgp_held_muscle(emgp_held *held, const char *name, const emg_summary *summary, emg_error *err);

/* Notes a setting: numbers as tables print them, words as they are. EMG_ENOMEM. */
emg_status emgp_held_setting(emgp_held *held, const char *key, const char *value, emg_error *err);

/* The same, as the comparison takes it; borrowed. */
emg_visit emgp_held_visit(const emgp_held *held);

/* Analyses a recording. What is measured is rounded as tables print it, so that a report on the recording is the same.
 * Fails as emg_run_file(). */
emg_status emgp_held_analyse(emgp_held *held, const char *path, const emg_run_config *config, emg_error *err);

/* ---- report_file.c: A report read back. ---- */

/* Reads STEM_report.json and, beside it, STEM_events.tsv. EMG_EFORMAT: it is no report, or its tables contradict it;
 * EMG_EIO, EMG_ENOMEM. */
emg_status emgp_held_read(emgp_held *held, const char *path, emg_error *err);

/* ---- pairs.c: Which recording or report of one side goes with which of the other. ---- */

typedef struct emgp_report_place {
    char *path; /* a recording, or STEM_report.json */
    char *stem; /* within the folder; of what is no folder: the path */
} emgp_report_place;

/* Zeroed there are none. */
typedef struct emgp_reports {
    emgp_report_place *list; /* by stem */
    size_t n, room;
    size_t n_without; /* tables of events that have no report beside them */
} emgp_reports;

/* The reports of a folder, or the path itself. EMG_EARG: a folder without a report; EMG_EIO, EMG_ENOMEM. Free in any case. */
emg_status emgp_reports_find(emgp_reports *reports, const char *path, emg_error *err);
void emgp_reports_free(emgp_reports *reports);

/* Whether these can be paired: one of each, or folders with a stem in common. EMG_EARG. */
emg_status emgp_pairs_check(const emgp_reports both[2], const char *const path[2], emg_error *err);

/* What has one stem; start it zeroed. */
typedef struct emgp_pair {
    size_t at[2];
    const emgp_report_place *of[2]; /* NULL: this side has none of the stem */
} emgp_pair;

/* The next by stem; false beyond the last. */
bool emgp_pairs_next(const emgp_reports both[2], emgp_pair *pair);

#endif
