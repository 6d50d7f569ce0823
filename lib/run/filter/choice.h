/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which channels a conditioned recording needs: those to be written, and an ECG lead besides. */
#ifndef EMGP_CHOICE_H
#define EMGP_CHOICE_H

#include <emg/conditioned.h>

/* Zeroed: nothing. */
typedef struct emgp_choice {
    emg_reading reading; /* reads what is written, and the lead */
    long lead;           /* index of the lead's channel; -1: none */
    bool lead_written;
    const char **patterns; /* of `reading`, and their texts */
    char (*texts)[24];
} emgp_choice;

/* Opens the recording as often as it must. EMG_EARG: the lead's pattern is not that of one channel; and what
 * emg_recording_open() gives. */
emg_status emgp_choice_make(emgp_choice *out, const char *path, const emg_run_filter_config *config, emg_error *err);
void emgp_choice_free(emgp_choice *choice);

#endif
