/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel's line in one window, from phasors: amplitudes, strength over time, frequency. */
#ifndef EMGP_MAINS_LINE_H
#define EMGP_MAINS_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "dsp/kernels/lanes.h"

/* A window is cut into blocks of 0.1 s: five periods of 50 Hz, six of 60 Hz, so that harmonics hardly disturb each
 * other within one. */
enum { EMGP_MAINS_BLOCKS = 20, EMGP_MAINS_LEAST_BLOCKS = 5, EMGP_MAINS_PADDING = 4 };

/* Phasor of each harmonic in each block, scaled as an amplitude: the block holds Re(phasor exp(i phase)), with the
 * phase counted from the window's middle. Harmonic k + 1 is at k; beyond n rows are 0 up to the next multiple of
 * EMGP_MAINS_PADDING, so that loops over harmonics may run in whole vectors. */
typedef struct emgp_mains_line_fit {
    size_t n, n_blocks;
    double block_s;
    float re[EMGP_MAINS_BLOCKS][EMGP_MOST_HARMONICS], im[EMGP_MAINS_BLOCKS][EMGP_MOST_HARMONICS];
    float gain[EMGP_MAINS_BLOCKS]; /* the line's strength in each block */
    float amplitude_re[EMGP_MOST_HARMONICS], amplitude_im[EMGP_MOST_HARMONICS];
    bool sound[EMGP_MOST_HARMONICS];    /* the harmonic stands out of the noise */
    float scatter[EMGP_MOST_HARMONICS]; /* sum of |phasor - gain amplitude|^2 over the blocks */
} emgp_mains_line_fit;

/* Least-squares amplitudes given the gains, and which of them are sound. */
void emgp_mains_line_amplitudes(emgp_mains_line_fit *line);

/* Gains given the amplitudes: 1 in every block of a steady line. */
void emgp_mains_line_gains(emgp_mains_line_fit *line);

/* How the frequency differs from the one assumed: by step_hz in the window's middle, and by bend_hz_s more each
 * second. */
typedef struct emgp_mains_turning {
    double step_hz, bend_hz_s;
} emgp_mains_turning;

/* How the phasors' phases turn against the fundamental assumed, from the sound harmonics. The bend is 0 unless it stands
 * out of the noise. */
emgp_mains_turning emgp_mains_line_turning(const emgp_mains_line_fit *line);

/* The phasors as they are about a fundamental that differs so. */
void emgp_mains_line_turn(emgp_mains_line_fit *line, emgp_mains_turning by);

#endif
