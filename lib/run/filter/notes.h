/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source's annotations, kept until the output's records can take them. */
#ifndef EMGP_NOTES_H
#define EMGP_NOTES_H

#include <stdbool.h>

#include <emg/recording.h>

#include "reading/edf/write.h"

/* Zeroed: none. */
typedef struct emgp_notes {
    unsigned char *at; /* onset, duration and text of each, one after another */
    size_t n, used, room;
    size_t n_bytes, longest; /* of their lists in records, at most */
    bool full;               /* memory ran out */
} emgp_notes;

/* EMG_ENOMEM, and what emg_recording_annotations() gives. */
emg_status emgp_notes_read(emgp_notes *notes, emg_recording *recording, emg_error *err);

/* Those that begin at from_s or later, their onsets moved by shift_s. */
emg_status emgp_notes_write(const emgp_notes *notes, emgp_edf_writer *writer, double shift_s, double from_s,
                            emg_error *err);
void emgp_notes_free(emgp_notes *notes);

#endif
