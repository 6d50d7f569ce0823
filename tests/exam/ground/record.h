/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record in memory: simulated samples as a file would keep them, the same through the analysis' band, and the truth. */
#ifndef EXAM_RECORD_H
#define EXAM_RECORD_H

#include <emg/analysis.h>

#include "methods/detector.h"
#include "ground/grid.h"

enum { EXAM_CHANNELS = 4 };

typedef struct exam_record {
    double *raw, *x; /* channel after channel, n samples each */
    size_t n, n_channels;
    double rate_hz;
    char label[EXAM_CHANNELS][20];
    exam_events truth; /* every true event */
    emg_mark *marks;   /* what annotations say of rest, tasks, stretches and stimuli */
    size_t n_marks;
    bool uncalibrated; /* WAV: microvolts are not known */
    bool needle;
    exam_told told;
    exam_context context;
} exam_record;

/* EMG_ENOMEM, or what the simulator or a filter answers. Free in any case. */
emg_status exam_record_make(exam_record *out, exam_split split, const exam_cell *cell, size_t record, emg_error *err);

/* The same discharges in the same noise with nothing over them: what is left for who knows all else. */
emg_status exam_record_make_bare(exam_record *out, exam_split split, const exam_cell *cell, size_t record,
                                 emg_error *err);

/* The same with discharges of 50 dB: their shapes and times almost without noise. Its truth's amplitudes are larger by
 * 10^((50 - SNR) / 20). */
emg_status exam_record_make_loud(exam_record *out, exam_split split, const exam_cell *cell, size_t record,
                                 emg_error *err);
void exam_record_free(exam_record *record);

/* Writes a record with its truth as `emg-simulate` does, and its scenario beside it (the file's name with .txt). What the
 * simulator and the writers answer. */
emg_status exam_record_write(exam_split split, const exam_cell *cell, size_t record, const char *path, emg_error *err);

/* A fingerprint (FNV-1a, 64 bits) of the samples of the first record of every 16th cell: it changes when the simulator
 * gives others for the same scenarios. 0 after a failure. */
uint64_t exam_samples_fingerprint(exam_split split);

exam_signal exam_record_signal(const exam_record *record, size_t channel);

#endif
