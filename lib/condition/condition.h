/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning of a group of channels: the same chain for every tool. */
#ifndef EMGP_CONDITION_CONDITION_H
#define EMGP_CONDITION_CONDITION_H

#include <emg/config.h>
#include <emg/filter.h>

#include "base/base.h"
#include "condition/ecg/ecg.h"
#include "dsp/envelope/envelope.h"

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

/* ---- dead.c: Where a channel is railed, constant or unplugged, and a bridge over it. ---- */

typedef struct emgp_dead emgp_dead;

/* Frames `from` to `end` - 1 of the segment are dead in a channel, the 0.1 s round them within which filters may ring
 * too. Called before frame `from` is handed on, in the order of time within a channel; one stretch may come in several
 * pieces, which overlap nowhere, and the last may end beyond the segment. */
typedef emg_status emgp_take_dead(void *context, size_t channel, uint64_t from, uint64_t end, emg_error *err);

typedef struct emgp_dead_setup {
    double rate_hz;
    size_t n_channels;
    bool bridge;          /* lay a smooth way over dead samples, without the 0.1 s; else they stay */
    emgp_take_bin *bin;   /* bins of the samples as they came, ahead of the frames; NULL: not wanted */
    emgp_take_dead *told; /* NULL: not wanted */
    void *context;        /* of these two */
    emg_take_frames *take;
    void *taker;
} emgp_dead_setup;

/* EMG_ENOMEM. */
emg_status emgp_dead_new(emgp_dead **out, const emgp_dead_setup *setup, emg_error *err);
void emgp_dead_free(emgp_dead *dead);
/* The recorder's limits of a channel, not known unless told before the first frame. */
void emgp_dead_limits(emgp_dead *dead, size_t channel, double low, double high);
emg_status emgp_dead_push(emgp_dead *dead, const double *x, size_t n_frames, emg_error *err);
/* Ends the segment. */
emg_status emgp_dead_finish(emgp_dead *dead, emg_error *err);
size_t emgp_dead_latency(const emgp_dead *dead);

/* ---- stimuli.c: Artefacts of marked stimuli bridged ahead of every filter. ---- */

#define EMGP_EVERY_CHANNEL SIZE_MAX

typedef struct emgp_stimulus {
    double at_s;    /* from the recording's first sample */
    size_t channel; /* by its number in the recording or, within a group, by its place; EMGP_EVERY_CHANNEL */
} emgp_stimulus;

typedef struct emgp_stimuli emgp_stimuli;

typedef struct emgp_stimuli_setup {
    double rate_hz;
    size_t n_channels;
    const emgp_stimulus *stimuli; /* n of them, in order of time; borrowed */
    size_t n;
    double after_s; /* how long an artefact may last */
    emg_take_frames *take;
    void *taker;
} emgp_stimuli_setup;

/* EMG_ENOMEM. */
emg_status emgp_stimuli_new(emgp_stimuli **out, const emgp_stimuli_setup *setup, emg_error *err);
void emgp_stimuli_free(emgp_stimuli *stimuli);
/* A segment begins at start_s. */
void emgp_stimuli_start(emgp_stimuli *stimuli, double start_s);
/* Takes frames and hands all of them on, later; a straight line lies over an artefact: 1 ms before its stimulus to after_s
 * after it, where the signal jumps three times further from sample to sample than in the 50 ms before. Fails as `take` does. */
emg_status emgp_stimuli_push(emgp_stimuli *stimuli, const double *x, size_t n_frames, emg_error *err);
/* Ends the segment. */
emg_status emgp_stimuli_finish(emgp_stimuli *stimuli, emg_error *err);
/* The most frames ever held back. */
size_t emgp_stimuli_latency(const emgp_stimuli *stimuli);

/* ---- chain.c: Stimuli, dead stretches, power line, band, ECG, in this order. ---- */

typedef struct emgp_condition emgp_condition;

/* Who takes what comes out: floats, or else doubles of the same samples. */
typedef struct emgp_condition_taker {
    emgp_frames *floats;      /* NULL: */
    emg_take_frames *doubles; /* takes them as they are */
    emg_ecg_take_qrs *qrs;    /* each QRS complex removed, before its frames; NULL: not wanted */
    emgp_take_bin *bin;       /* bins of the samples as they came, before their frames; NULL: not wanted */
    emgp_take_dead *dead;     /* dead stretches, before their frames; NULL: not wanted */
    void *context;
} emgp_condition_taker;

/* stated_hz: line frequency that the recording states, 0 when it does not. EMG_ERANGE: nothing is left of the band at this
 * rate, or a filter that would have to look too far ahead; EMG_ENOMEM. */
emg_status emgp_condition_new(emgp_condition **out, const emg_condition_config *config, double rate_hz,
                              size_t n_channels, double stated_hz, const emgp_condition_taker *taker, emg_error *err);
void emgp_condition_free(emgp_condition *condition);

/* The recorder's limits of a channel, not known unless told before the first segment. */
void emgp_condition_limits(emgp_condition *condition, size_t channel, double low, double high);

/* The stimuli of a recording, n in order of time; those of its channels with these numbers, one for each channel of the
 * condition, leave artefacts up to after_s long, which are bridged. Told before the first segment. EMG_ENOMEM. */
emg_status emgp_condition_stimuli(emgp_condition *condition, const emgp_stimulus *stimuli, size_t n,
                                  const size_t *numbers, double after_s, emg_error *err);

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
