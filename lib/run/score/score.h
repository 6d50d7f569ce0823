/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events read back from a table, or from the annotations of a recording. */
#ifndef EMGP_RUN_SCORE_SCORE_H
#define EMGP_RUN_SCORE_SCORE_H

#include <emg/scoring.h>

/* Names of channels or muscles, numbered in the order in which they were first seen; shared by both sides of a score. */
typedef struct emgp_row_names {
    char **name;
    size_t n, room, latest;
} emgp_row_names;

void emgp_row_names_free(emgp_row_names *names);

typedef struct emgp_event_file {
    emg_event *events; /* owned; channel is the number of the name that `by` chooses */
    size_t n, room;
    double span_s;        /* of an annotated recording; NaN of a table */
    size_t n_other;       /* rows or annotations that are no class of ours */
    size_t n_without_end; /* episodes without a duration: they can match nothing */
} emgp_event_file;

/* Reads a file by its ending (.tsv: a table). EMG_EIO, EMG_EFORMAT with the line or the byte; EMG_ENOMEM. Free in any
 * case. */
emg_status emgp_event_file_read(emgp_event_file *out, const char *path, emg_score_by by, emgp_row_names *names,
                                emg_error *err);
void emgp_event_file_free(emgp_event_file *file);

/* Seconds observed, summed over channels or muscles, of a report's tables beside an events table (STEM_muscles.tsv or
 * STEM_channels.tsv); NaN when there is none. EMG_EIO: it is there and cannot be read; EMG_ENOMEM. */
emg_status emgp_event_file_observed(const char *events_path, emg_score_by by, double *seconds, emg_error *err);

#endif
