/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning of a group of channels: band-pass without phase, then mains and heart taken out where there are any. */
#ifndef EMGP_CONDITION_CONDITION_H
#define EMGP_CONDITION_CONDITION_H

#include <emg/config.h>

#include "base/base.h"
#include "condition/ecg/ecg.h"

typedef struct emgp_condition emgp_condition;

/* The band that a rate allows: the high corner is clipped to 0.45 of the rate. Returns false when nothing is left of it
 * (the rate is below 2.4 times the low corner). */
bool emgp_condition_band(const emg_condition_config *config, double rate_hz, double *low_hz, double *high_hz);

/* Whether a heart is looked for at all: not when it is off, nor in a band that holds nothing of a QRS. */
bool emgp_condition_seeks_ecg(const emg_condition_config *config);

/* powerline_hint_hz: line frequency that the recording states, 0 when it does not. Conditioned frames go to next; beats of a
 * heart that are removed from them to `beat` (NULL: nowhere), each before its frames. */
emg_status emgp_condition_new(emgp_condition **out, const emg_condition_config *config, double rate_hz,
                              size_t n_channels, double powerline_hint_hz, emgp_frames *next, emg_ecg_take_qrs *qrs,
                              void *context, emg_error *err);
void emgp_condition_free(emgp_condition *condition);

/* A segment begins at start_s, with the beats known of the recording, which must last as long as it does. */
void emgp_condition_start(emgp_condition *condition, const emgp_qrs_times *qrs, double start_s);
emg_status emgp_condition_push(emgp_condition *condition, const double *x, size_t n_frames, emg_error *err);

/* Ends the segment: what is still inside is handed on. The next push starts a new one. */
emg_status emgp_condition_finish(emgp_condition *condition, emg_error *err);

/* What was removed of a heart on a channel so far. */
emg_ecg_found emgp_condition_ecg(const emgp_condition *condition, size_t channel);

/* ---- Settings of this room, as the configuration joins them. ---- */

emgp_settings emgp_condition_table(void);

#endif
