/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning of a group of channels: the same chain for every tool. */
#ifndef EMGP_CONDITION_CONDITION_H
#define EMGP_CONDITION_CONDITION_H

#include <emg/config.h>
#include <emg/filter.h>

#include "base/base.h"
#include "condition/ecg/ecg.h"

/* ---- condition.c: Settings of conditioning, and what a sampling rate leaves of them. ---- */

emgp_settings emgp_condition_table(void);

/* The band that is left at a rate: the high corner is clipped to 0.45 of it. A side without a corner reaches to 0 or to half
 * the rate, and so does a low-pass beyond 0.45 of the rate, which is left out. Returns false when nothing is left
 * (a band-pass below 2.4 times the low corner, a high-pass beyond 0.45 of the rate). */
bool emgp_condition_band(const emg_condition_config *config, double rate_hz, double *low_hz, double *high_hz);

/* The filter for that band; false when there is none to run. */
bool emgp_condition_filter(const emg_condition_config *config, double rate_hz, emg_filter_plan *plan);

/* Whether an ECG is looked for at all: not when it is off, nor in a band that holds nothing of a QRS. */
bool emgp_condition_seeks_ecg(const emg_condition_config *config);

/* Whether nothing is done to any sample at a rate. */
bool emgp_condition_idle(const emg_condition_config *config, double rate_hz);

/* ---- chain.c: Power line, band, ECG, in this order. ---- */

typedef struct emgp_condition emgp_condition;

/* Who takes what comes out: floats, or else doubles of the same samples. */
typedef struct emgp_condition_taker {
    emgp_frames *floats;      /* NULL: */
    emg_take_frames *doubles; /* takes them as they are */
    emg_ecg_take_qrs *qrs;    /* each QRS complex removed, before its frames; NULL: not wanted */
    void *context;
} emgp_condition_taker;

/* stated_hz: line frequency that the recording states, 0 when it does not. EMG_ERANGE: nothing is left of the band at this
 * rate, or a filter that would have to look too far ahead; EMG_ENOMEM. */
emg_status emgp_condition_new(emgp_condition **out, const emg_condition_config *config, double rate_hz,
                              size_t n_channels, double stated_hz, const emgp_condition_taker *taker, emg_error *err);
void emgp_condition_free(emgp_condition *condition);

/* A segment begins at start_s, with the QRS complexes known of the recording; they must last as long as the segment. */
void emgp_condition_start(emgp_condition *condition, const emgp_qrs_times *qrs, double start_s);

/* Takes samples that are finite. Fails as the taker does. */
emg_status emgp_condition_push(emgp_condition *condition, const double *x, size_t n_frames, emg_error *err);

/* Ends the segment: what is still inside is handed on. The next push starts a new one. */
emg_status emgp_condition_finish(emgp_condition *condition, emg_error *err);

/* The most frames ever held back. */
size_t emgp_condition_latency(const emgp_condition *condition);

/* Frames at either end of a segment on which the band's padding has a say. */
size_t emgp_condition_transient(const emgp_condition *condition);

/* What was removed from a channel so far. */
emg_ecg_found emgp_condition_ecg(const emgp_condition *condition, size_t channel);
emg_powerline_found emgp_condition_powerline(const emgp_condition *condition, size_t channel);

#endif
