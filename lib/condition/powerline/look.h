/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the line may be: phasors of blocks at the nominal frequencies, and a search for a steady wave among them. */
#ifndef EMGP_MAINS_LOOK_H
#define EMGP_MAINS_LOOK_H

#include <stdbool.h>

#include "dsp/kernels/lanes.h"
#include "condition/powerline/removal.h"
#include "condition/powerline/line.h"

enum { EMGP_MAINS_CANDIDATES = 2, EMGP_MAINS_BARE = 2, EMGP_MAINS_BETWEEN = 4 };

/* A nominal line frequency, and the phasors of blocks about its harmonics' middle frequencies. Phasors are sums over a
 * block against a cosine and a sine counted from the block's middle: two rows a harmonic. */
typedef struct emgp_mains_candidate {
    double nominal_hz;
    size_t n_harmonics;  /* fitted */
    size_t n_probes;     /* searched */
    size_t first_wave;   /* its first row among the waves searched */
    float *wave;         /* block rows of n_harmonics cosines and sines */
    float *phasor;       /* per block 2 n_harmonics rows */
    float *bare_wave;    /* the same of the EMGP_MAINS_BARE lowest harmonics, */
    float *bare;         /* with which blocks are correlated without any clipping */
    float *between_wave; /* the same of EMGP_MAINS_BETWEEN frequencies between the harmonics, for the window searched */
    float *between;
    bool has[EMGP_MAINS_BLOCKS]; /* blocks that were looked at closer */
    bool has_between;
} emgp_mains_candidate;

typedef struct emgp_mains_look {
    const emgp_lanes *set;
    size_t n_lanes, stride, block, n_candidates, n_waves, rotation_blocks;
    size_t most_harmonics; /* of any candidate */
    double rate_hz;
    emgp_mains_candidate candidates[EMGP_MAINS_CANDIDATES];
    float *wave;     /* block rows of n_waves cosines and sines: the harmonics searched */
    float *rotation; /* of each wave, trial frequency and block: cosine and sine of the phase at the block's middle */
    float *phasor;   /* per block 2 n_waves rows */
    float *sum;      /* a row a block: sum of |x| */
    float *limit;    /* a row a block: clip limits by the block's own level */
    float *no_limit; /* a row */
    float *ratio;    /* a row a trial frequency */
} emgp_mains_look;

/* False when memory is out; emgp_mains_look_free() in either case. */
bool emgp_mains_look_init(emgp_mains_look *look, const emgp_lanes *set, size_t n_lanes, size_t stride,
                          size_t block_frames, double rate_hz, const emgp_mains_setting *setting, double band_high_hz);
void emgp_mains_look_free(emgp_mains_look *look);

/* Looks at `n` blocks from `block` on, of the window that starts at x. */
void emgp_mains_look_at(emgp_mains_look *look, const float *x, size_t block, size_t n);

/* Fills a candidate's phasors of the first n_blocks blocks where they are missing. */
void emgp_mains_look_closer(emgp_mains_look *look, emgp_mains_candidate *candidate, const float *x, size_t n_blocks);

/* Fills a candidate's phasors between the harmonics, once for each window searched. */
void emgp_mains_look_between(emgp_mains_look *look, emgp_mains_candidate *candidate, const float *x, size_t n_blocks);

/* Frequency between the harmonics number i, as a multiple of the fundamental. */
double emgp_mains_order_between(size_t i);

/* Block `from` becomes block 0, and so on. */
void emgp_mains_look_shift(emgp_mains_look *look, size_t from);

/* What the search says of a lane. */
typedef struct emgp_mains_trial {
    emgp_mains_candidate *candidate; /* NULL: no line */
    double frequency_hz;             /* within about 0.05 Hz */
} emgp_mains_trial;

/* Searches the first n_blocks blocks; trial: one per lane. True when any lane has a line. */
bool emgp_mains_look_search(emgp_mains_look *look, size_t n_blocks, emgp_mains_trial *trial);

#endif
