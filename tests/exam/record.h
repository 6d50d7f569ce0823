/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record in memory: simulated samples as a file would keep them, the same through the analysis' band, and the truth. */
#ifndef EXAM_RECORD_H
#define EXAM_RECORD_H

#include "detector.h"
#include "grid.h"

typedef struct exam_record {
    double *raw, *x;
    size_t n;
    double rate_hz;
    exam_events truth; /* every true event */
    bool uncalibrated; /* WAV: microvolts are not known */
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

/* A fingerprint (FNV-1a, 64 bits) of the samples of the first record of every 16th cell: it changes when the simulator
 * gives others for the same scenarios. 0 after a failure. */
uint64_t exam_samples_fingerprint(exam_split split);

exam_signal exam_record_signal(const exam_record *record);

#endif
