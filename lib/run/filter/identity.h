/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who was recorded and when, as an EDF+ header says it: for outputs that are asked to keep it. */
#ifndef EMGP_IDENTITY_H
#define EMGP_IDENTITY_H

#include <emg/recording.h>

typedef struct emgp_identity {
    char patient[96], recording[96];
    char date[16], time[16]; /* "" when the source does not know */
    double fraction_s;       /* of the start, below one second */
} emgp_identity;

/* The header of what begins offset_s after the recording's first sample. */
void emgp_identity_of(emgp_identity *out, const emg_recording_facts *facts, double offset_s);

#endif
