/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fit holds, for the files that share it: the lines of all lanes and the rows that the kernels work on. */
#ifndef EMGP_MAINS_STATE_H
#define EMGP_MAINS_STATE_H

#include "condition/powerline/fit.h"
#include "condition/powerline/line.h"
#include "condition/powerline/look.h"

/* A complex number: the standard's own type costs a call for every product. */
typedef struct emgp_phasor {
    double re, im;
} emgp_phasor;

typedef struct emgp_lane_line {
    bool tried, settled, used;
    emgp_mains_candidate *of;
    size_t n_harmonics;  /* up to the highest that stands out */
    double frequency_hz; /* in the window's middle */
    double bend_hz_s;    /* by which it grows each second */
    double power;        /* mean square of the line, gain included */
    float amplitude_re[EMGP_MOST_HARMONICS], amplitude_im[EMGP_MOST_HARMONICS]; /* of Re(amplitude exp(i phase)) */
    float gain[EMGP_MAINS_BLOCKS + 1];                                          /* at the blocks' borders */
    /* exp(i angle) of: the phase at the start of the block now worked on, its growth over the block and per frame, and
     * what a bend adds to either from block to block. */
    emgp_phasor phase, step, turn, more_step, more_turn;
} emgp_lane_line;

struct emgp_mains_fit {
    emgp_mains_look look;
    const emgp_lanes *set;
    size_t n_lanes, stride, block, n_blocks;
    size_t n_harmonics; /* that the rows below hold now */
    double rate_hz, keep_ratio;
    emgp_section through[EMGP_MOST_ORDER];
    size_t n_through;
    float *limit;               /* a row a block */
    float *turn, *start, *gain; /* 2 rows each, as emgp_wave wants them */
    float *amplitude;           /* 2 rows a harmonic */
    float *left;                /* 2 rows a harmonic a block: phasors of what the line leaves */
    float *power, *magnitude;   /* a row a block: of what the line leaves */
    emgp_lane_line lines[EMGP_MOST_LANES];
    double typical[EMGP_MOST_LANES]; /* mean magnitude of what the line left in the window before; 0: no line then */
};

/* One round over the blocks of the window at x: what the lines leave, clipped and correlated. */
void emgp_mains_fit_correlate(emgp_mains_fit *fit, const float *x);

/* Drops harmonics of a lane that are not there, and decides whether its line is used. p: as the last round left it. */
void emgp_mains_fit_judge(emgp_mains_fit *fit, size_t lane, const emgp_mains_line_fit *p, const float *x);

#endif
