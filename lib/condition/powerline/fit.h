/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line in one window: found, fitted, judged, and added up for subtraction. */
#ifndef EMGP_MAINS_FIT_H
#define EMGP_MAINS_FIT_H

#include <stdbool.h>

#include "dsp/kernels/lanes.h"
#include "condition/powerline/removal.h"
#include "condition/powerline/line.h"

typedef struct emgp_mains_fit emgp_mains_fit;

/* NULL when memory is out. set and stride are those of the samples; n_harmonics of each candidate is limited by
 * band_high_hz. */
emgp_mains_fit *emgp_mains_fit_new(const emgp_lanes *set, size_t n_lanes, size_t stride, size_t block_frames,
                                   double rate_hz, const emgp_mains_setting *setting, double band_high_hz);
void emgp_mains_fit_free(emgp_mains_fit *fit);

/* Looks at block `block` of the window that starts at x, and at the `n` blocks after it. */
void emgp_mains_fit_look(emgp_mains_fit *fit, const float *x, size_t block, size_t n);

/* Fits the window at x of n_blocks blocks, all looked at. True when some lane has a line to remove. */
bool emgp_mains_fit_run(emgp_mains_fit *fit, const float *x, size_t n_blocks);

/* A lane's line in a window. */
typedef struct emgp_mains_seen {
    size_t candidate;    /* number of its nominal frequency */
    double frequency_hz; /* in the window's middle */
    double amplitude;    /* sqrt(sum of squared amplitudes of the harmonics) */
} emgp_mains_seen;

/* What the last fit said of a lane: false when nothing is to be removed. */
bool emgp_mains_fit_line(const emgp_mains_fit *fit, size_t lane, emgp_mains_seen *seen);

/* Drops the harmonics that the filter of setting.through lets through with less than least_gain. */
void emgp_mains_fit_drop(emgp_mains_fit *fit, double least_gain);

/* Makes of the lines to be removed what they were ahead of that filter. */
void emgp_mains_fit_undo(emgp_mains_fit *fit);

/* Nominal frequency of a candidate. */
double emgp_mains_fit_nominal(const emgp_mains_fit *fit, size_t candidate);

/* line += weight x the fitted line, over n_rows (the fitted blocks and a rest of less than a block). */
void emgp_mains_fit_add(emgp_mains_fit *fit, float *line, const float *weight, size_t n_rows);

/* Block `from` becomes block 0 and so on: the window moves on. */
void emgp_mains_fit_shift(emgp_mains_fit *fit, size_t from);

/* Forgets the windows before: a new segment begins. */
void emgp_mains_fit_reset(emgp_mains_fit *fit);

#endif
