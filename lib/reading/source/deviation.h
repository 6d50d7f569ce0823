/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of tolerated deviations of one recording. */
#ifndef EMGP_DEVIATION_H
#define EMGP_DEVIATION_H

#include <emg/recording.h>

/* Zeroed it is an empty, tolerant list. */
typedef struct emgp_deviations {
    emg_deviation *list;
    size_t n, room;
    size_t most;       /* entries kept at most; the last one then tells how many more there were */
    uint64_t unlisted; /* found when the list was full */
    bool strict;       /* the first deviation is a refusal */
} emgp_deviations;

/* What was found where. */
typedef struct emgp_finding {
    const char *code, *field;
    int64_t offset;    /* byte in the file, -1 for none */
    int64_t channel;   /* signal number from 1; 0 for none */
    const void *value; /* raw bytes as they stand in the file; NULL where they could identify a person */
    size_t n_value;
    const char *action; /* what is done about it, without a final stop; NULL: what the table of codes says */
} emgp_finding;

/* Notes a finding. EMG_EFORMAT in strict reading, with the finding as its sentence; EMG_ENOMEM. */
emg_status emgp_deviate(emgp_deviations *deviations, const emgp_finding *finding, emg_error *err);

/* The same for a deviation whose value is a count; a later call with the same code and channel updates its value. */
emg_status emgp_deviate_count(emgp_deviations *deviations, const emgp_finding *finding, uint64_t count, emg_error *err);

/* The same for what follows from the caller's wishes, not from the file's faults: strict reading does not refuse it. */
emg_status emgp_remark_count(emgp_deviations *deviations, const emgp_finding *finding, uint64_t count, emg_error *err);

void emgp_deviations_free(emgp_deviations *deviations);

#endif
