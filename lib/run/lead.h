/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heart's beats of a recording, read from its ECG channel before its muscles are. */
#ifndef EMGP_LEAD_H
#define EMGP_LEAD_H

#include <emg/run.h>

#include "condition/ecg/removal.h"
#include "run/pass.h"

/* Zeroed it is a recording without known beats; emgp_lead_free() takes it whatever happened. */
typedef struct emgp_lead {
    double *beat_s; /* seconds from the recording's first sample, ascending: 0.8 MB a day at 70 a minute */
    size_t n, room;
    size_t channel; /* where they were found: the recording's index; meaningless when n is 0 */
} emgp_lead;

emgp_heart_beats emgp_lead_beats(const emgp_lead *lead);

/* Opens the file of an open recording once more, with the reading that it was opened with, and goes through its ECG channels
 * (usable, not marked bad, selected or not) until one shows beats. Nothing is read, and there are no beats, when there is no
 * such channel, no other channel to condition, or the configuration looks for no heart. Fails as
 * emg_recording_open(), emg_recording_next(), and with EMG_ECANCELLED when config->go_on says so. */
emg_status emgp_lead_read(emgp_lead *lead, const char *path, const emg_reading *reading, const emg_recording *recording,
                          const emg_run_config *config, emg_error *err);
void emgp_lead_free(emgp_lead *lead);

/* emgp_pass_run() with the beats that emgp_lead_read() finds first. */
emg_status emgp_lead_pass(const char *path, const emg_reading *reading, emg_recording *recording,
                          const emg_run_config *config, const emgp_pass_taker *taker, emg_error *err);

#endif
