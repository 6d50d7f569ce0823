/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a channel's raw signal, window by window. */
#ifndef EMGP_ANALYSIS_QUALITY_QUALITY_H
#define EMGP_ANALYSIS_QUALITY_QUALITY_H

#include <stddef.h>

#include <emg/quality_stream.h>
#include <emg/result.h>
#include <emg/status.h>

#include "dsp/envelope/envelope.h"
#include "base/base.h"

/* ---- baseline.c: Pops: steps of the raw baseline that come back slowly, or not. ---- */

/* Bins (of 2.5 ms) that the test of a bin reads before it and from it on. */
enum { EMGP_POP_BEFORE = 16, EMGP_POP_AFTER = 26 };

/* The largest pop that begins in bins first to end - 1 of a baseline of n bins: the size of its step, 0 for none. A step
 * counts when it exceeds `ratio` times how far the baseline scatters before it and about its way back. */
double emgp_baseline_pop(const double *slow, size_t n, size_t first, size_t end, double ratio);

/* ---- lowband.c: Where the power of a raw window lies: below 20 Hz, above, or in the line of the mains. ---- */

typedef struct emgp_lowband emgp_lowband;

typedef struct emgp_powers {
    double low;  /* from 2 to 20 Hz */
    double high; /* above, without the line */
    double line; /* of the stronger of 50 and 60 Hz; 0 when it does not stand out of its surroundings */
} emgp_powers;

/* For windows of n bins at bin_hz bins a second. EMG_ENOMEM. */
emg_status emgp_lowband_new(emgp_lowband **out, size_t n, double bin_hz, emg_error *err);
void emgp_lowband_free(emgp_lowband *lowband);

/* slow: n bin means; within: mean power within bins. */
emgp_powers emgp_lowband_powers(emgp_lowband *lowband, const double *slow, double within);

/* ---- quality.c: Windows of channel quality from bins of the raw signal. ---- */

typedef struct emgp_quality emgp_quality;

/* channels is read here only. EMG_ENOMEM. */
emg_status emgp_quality_new(emgp_quality **out, const emg_quality_config *config, const emg_quality_channel *channels,
                            size_t n_channels, double rate_hz, emg_take_quality *take, void *context, emg_error *err);
void emgp_quality_free(emgp_quality *quality);
emg_status emgp_quality_bin(emgp_quality *quality, const emgp_bin *bin, emg_error *err);
/* Ends the segment. */
emg_status emgp_quality_finish(emgp_quality *quality, emg_error *err);

/* ---- polarity.c: Whether a channel holds raw EMG, or what a recorder made of it. ---- */

/* Looks at the samples of a group as they come; 8 KiB a channel. */
typedef struct emgp_polarity emgp_polarity;

/* EMG_ENOMEM. */
emg_status emgp_polarity_new(emgp_polarity **out, size_t n_channels, double rate_hz, emg_error *err);
void emgp_polarity_free(emgp_polarity *polarity);
void emgp_polarity_push(emgp_polarity *polarity, const double *x, size_t n_frames);
/* What comes next does not follow. */
void emgp_polarity_gap(emgp_polarity *polarity);
/* Of all that came: rectified where no value lies below zero, the lowest lies at it and the values reach upward from there; an
 * envelope where such a signal hardly varies within 50 ms. Raw while fewer than 500 samples came, and where nothing varies. */
emg_signal_kind emgp_polarity_judge(const emgp_polarity *polarity, size_t channel);

/* ---- Settings of this room, as the configuration joins them. ---- */

emgp_settings emgp_quality_table(void);

#endif
