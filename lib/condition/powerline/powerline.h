/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power line interference: found, fitted, subtracted. */
#ifndef EMGP_CONDITION_POWERLINE_POWERLINE_H
#define EMGP_CONDITION_POWERLINE_POWERLINE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/powerline.h>

#include "base/base.h"
#include "dsp/filter/filter.h"
#include "dsp/kernels/kernels.h"

/* ---- removal.c: The line as fitted sine waves, window by window, only where it is there. ---- */

typedef struct emgp_powerline_setting {
    emg_powerline mode;
    size_t harmonics; /* most waves fitted, the fundamental included: 1 to EMG_POWERLINE_MOST_HARMONICS */
    double keep_db;   /* the line stays where the signal without it is stronger than it by more than this */
    double hint_hz; /* what the recording states as its line frequency, 0 for nothing; decides `auto` when within 45 to
                       65 */
    /* Filter that the samples went through, forward and backward (emgp_zerophase); 0 sections: none. */
    const emgp_section *through;
    size_t n_through;
} emgp_powerline_setting;

typedef struct emgp_powerline emgp_powerline;

/* False when there is no room for a line in the band or below half the rate, or none is wanted: samples pass. */
bool emgp_powerline_wanted(emg_powerline mode, double rate_hz, double band_high_hz);

/* Makes a stream that hands the line to `next`, a frame for every frame that it took: as it was ahead of the filter that
 * the samples went through, 0 where there is none to remove. band_high_hz: no wave above it is looked for (half the rate
 * limits it too). EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_powerline_new(emgp_powerline **out, const emgp_powerline_setting *setting, double rate_hz,
                              double band_high_hz, size_t n_channels, emgp_frames *next, void *context, emg_error *err);

/* Takes n_frames x n_channels interleaved samples. Fails only as `next` does. */
emg_status emgp_powerline_push(emgp_powerline *m, const float *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands on what is still held, and is ready for the next segment. */
emg_status emgp_powerline_finish(emgp_powerline *m, emg_error *err);

emg_powerline_found emgp_powerline_found(const emgp_powerline *m, size_t channel);

/* The most frames ever held back. */
size_t emgp_powerline_latency(const emgp_powerline *m);

void emgp_powerline_free(emgp_powerline *m);

/* ---- powerline.c: The public stream. ---- */

/* emg_powerline_stream_push() for samples that are known to be finite. */
emg_status emgp_powerline_stream_push(emg_powerline_stream *stream, const double *x, size_t n_frames, emg_error *err);

/* emg_powerline_stream_found() of a channel that there is. */
emg_powerline_found emgp_powerline_stream_found(const emg_powerline_stream *stream, size_t channel);

/* ---- least_squares.c: One channel's line in one window, from phasors: amplitudes, strength over time, frequency. ---- */

/* A window is cut into blocks of 0.1 s: five periods of 50 Hz, six of 60 Hz, so that harmonics hardly disturb each
 * other within one. */
enum { EMGP_POWERLINE_BLOCKS = 20, EMGP_POWERLINE_LEAST_BLOCKS = 5, EMGP_POWERLINE_PADDING = 4 };

/* Phasor of each harmonic in each block, scaled as an amplitude: the block holds Re(phasor exp(i phase)), with the
 * phase counted from the window's middle. Harmonic k + 1 is at k; beyond n rows are 0 up to the next multiple of
 * EMGP_POWERLINE_PADDING, so that loops over harmonics may run in whole vectors. */
typedef struct emgp_powerline_line_fit {
    size_t n, n_blocks;
    double block_s;
    float re[EMGP_POWERLINE_BLOCKS][EMGP_MOST_HARMONICS], im[EMGP_POWERLINE_BLOCKS][EMGP_MOST_HARMONICS];
    float gain[EMGP_POWERLINE_BLOCKS]; /* the line's strength in each block */
    float amplitude_re[EMGP_MOST_HARMONICS], amplitude_im[EMGP_MOST_HARMONICS];
    bool sound[EMGP_MOST_HARMONICS];    /* the harmonic stands out of the noise */
    float scatter[EMGP_MOST_HARMONICS]; /* sum of |phasor - gain amplitude|^2 over the blocks */
} emgp_powerline_line_fit;

/* Least-squares amplitudes given the gains, and which of them are sound. */
void emgp_powerline_line_amplitudes(emgp_powerline_line_fit *line);

/* Gains given the amplitudes: 1 in every block of a steady line. */
void emgp_powerline_line_gains(emgp_powerline_line_fit *line);

/* How the frequency differs from the one assumed: by step_hz in the window's middle, and by bend_hz_s more each
 * second. */
typedef struct emgp_powerline_turning {
    double step_hz, bend_hz_s;
} emgp_powerline_turning;

/* How the phasors' phases turn against the fundamental assumed, from the sound harmonics. The bend is 0 unless it stands
 * out of the noise. */
emgp_powerline_turning emgp_powerline_line_turning(const emgp_powerline_line_fit *line);

/* The phasors as they are about a fundamental that differs so. */
void emgp_powerline_line_turn(emgp_powerline_line_fit *line, emgp_powerline_turning by);

/* ---- fit.c: The line in one window: found, fitted, judged, and added up for subtraction. ---- */

typedef struct emgp_powerline_fit emgp_powerline_fit;

/* NULL when memory is out. set and stride are those of the samples; n_harmonics of each candidate is limited by
 * band_high_hz. */
emgp_powerline_fit *emgp_powerline_fit_new(const emgp_lanes *set, size_t n_channels, size_t stride, size_t block_frames,
                                           double rate_hz, const emgp_powerline_setting *setting, double band_high_hz);
void emgp_powerline_fit_free(emgp_powerline_fit *fit);

/* Looks at block `block` of the window that starts at x, and at the `n` blocks after it. */
void emgp_powerline_fit_look(emgp_powerline_fit *fit, const float *x, size_t block, size_t n);

/* Fits the window at x of n_blocks blocks, all looked at. True when some channel has a line to remove. */
bool emgp_powerline_fit_run(emgp_powerline_fit *fit, const float *x, size_t n_blocks);

/* A channel's line in a window. */
typedef struct emgp_powerline_seen {
    size_t candidate;    /* number of its nominal frequency */
    double frequency_hz; /* in the window's middle */
    double amplitude;    /* sqrt(sum of squared amplitudes of the harmonics) */
} emgp_powerline_seen;

/* What the last fit said of a channel: false when nothing is to be removed. */
bool emgp_powerline_fit_line(const emgp_powerline_fit *fit, size_t channel, emgp_powerline_seen *seen);

/* Makes of the lines to be removed what they were ahead of the filter of setting.through. */
void emgp_powerline_fit_undo(emgp_powerline_fit *fit);

/* Nominal frequency of a candidate. */
double emgp_powerline_fit_nominal(const emgp_powerline_fit *fit, size_t candidate);

/* line += weight x the fitted line, over n_rows (the fitted blocks and a rest of less than a block). */
void emgp_powerline_fit_add(emgp_powerline_fit *fit, float *line, const float *weight, size_t n_rows);

/* Block `from` becomes block 0 and so on: the window moves on. */
void emgp_powerline_fit_shift(emgp_powerline_fit *fit, size_t from);

/* Forgets the windows before: a new segment begins. */
void emgp_powerline_fit_reset(emgp_powerline_fit *fit);

/* ---- look.c: Where the line may be: phasors of blocks at the nominal frequencies, and a search for a steady wave among them. */

enum { EMGP_POWERLINE_CANDIDATES = 2, EMGP_POWERLINE_BARE = 2, EMGP_POWERLINE_BETWEEN = 4 };

/* In usual levels of the window's blocks: in the search no block counts for more, nor in the judgement for the square of it,
 * in usual powers. The usual level is that of the block of this rank: as many as a third may hold strong responses, and three
 * in five be silent (ours). */
static const double EMGP_POWERLINE_LOUD = 4, EMGP_POWERLINE_USUAL = 0.65;

/* Of n values (0 < n <= EMGP_POWERLINE_BLOCKS) of one channel, rows apart by stride, that of a rank: 0 the least, 0.5 the
 * median, 1 the largest. */
double emgp_powerline_ranked(const float *x, size_t stride, size_t n, double rank);

/* A nominal line frequency, and the phasors of blocks about its harmonics' middle frequencies. Phasors are sums over a
 * block against a cosine and a sine counted from the block's middle: two rows a harmonic. */
typedef struct emgp_powerline_candidate {
    double nominal_hz;
    size_t n_harmonics; /* fitted */
    size_t n_probes;    /* searched */
    size_t first_wave;  /* its first row among the waves searched */
    float *wave;        /* block rows of n_harmonics cosines and sines */
    float *phasor;      /* per block 2 n_harmonics rows */
    float *bare_wave;   /* the same of the EMGP_POWERLINE_BARE lowest harmonics, */
    float *bare;        /* with which blocks are correlated without any clipping */
    float *
        between_wave; /* the same of EMGP_POWERLINE_BETWEEN frequencies between the harmonics, for the window searched */
    float *between;
    bool has[EMGP_POWERLINE_BLOCKS]; /* blocks that were looked at closer */
    bool has_between;
} emgp_powerline_candidate;

typedef struct emgp_powerline_look {
    const emgp_lanes *set;
    size_t n_channels, stride, block, n_candidates, n_waves, rotation_blocks;
    size_t most_harmonics; /* of any candidate */
    double rate_hz;
    emgp_powerline_candidate candidates[EMGP_POWERLINE_CANDIDATES];
    float *wave;     /* block rows of n_waves cosines and sines: the harmonics searched */
    float *rotation; /* of each wave, trial frequency and block: cosine and sine of the phase at the block's middle */
    float *phasor;   /* per block 2 n_waves rows */
    float *tempered; /* the same in the window searched, where loud blocks count as quieter ones */
    float *sum;      /* a row a block: sum of |x| */
    float *share;    /* a row a block: how much of a block counts in the window searched; 1: all */
    float *limit;    /* a row a block: clip limits by the block's own level */
    float *no_limit; /* a row */
    float *ratio;    /* a row a trial frequency */
} emgp_powerline_look;

/* False when memory is out; emgp_powerline_look_free() in either case. */
bool emgp_powerline_look_init(emgp_powerline_look *look, const emgp_lanes *set, size_t n_channels, size_t stride,
                              size_t block_frames, double rate_hz, const emgp_powerline_setting *setting,
                              double band_high_hz);
void emgp_powerline_look_free(emgp_powerline_look *look);

/* Looks at `n` blocks from `block` on, of the window that starts at x. */
void emgp_powerline_look_at(emgp_powerline_look *look, const float *x, size_t block, size_t n);

/* Fills a candidate's phasors of the first n_blocks blocks where they are missing. */
void emgp_powerline_look_closer(emgp_powerline_look *look, emgp_powerline_candidate *candidate, const float *x,
                                size_t n_blocks);

/* Fills a candidate's phasors between the harmonics, once for each window searched. */
void emgp_powerline_look_between(emgp_powerline_look *look, emgp_powerline_candidate *candidate, const float *x,
                                 size_t n_blocks);

/* Frequency between the harmonics number i, as a multiple of the fundamental. */
double emgp_powerline_order_between(size_t i);

/* Block `from` becomes block 0, and so on. */
void emgp_powerline_look_shift(emgp_powerline_look *look, size_t from);

/* What the search says of a channel. */
typedef struct emgp_powerline_trial {
    emgp_powerline_candidate *candidate; /* NULL: no line */
    double frequency_hz;                 /* within about 0.05 Hz */
} emgp_powerline_trial;

/* Searches the first n_blocks blocks; trial: one per channel. True when any channel has a line. */
bool emgp_powerline_look_search(emgp_powerline_look *look, size_t n_blocks, emgp_powerline_trial *trial);

/* ---- What a fit holds, for the files that share it: lines of all channels, and rows that the kernels work on. ---- */

/* A complex number: the standard's own type costs a call for every product. */
typedef struct emgp_phasor {
    double re, im;
} emgp_phasor;

typedef struct emgp_powerline_channel {
    bool tried, settled, used;
    emgp_powerline_candidate *of;
    size_t n_harmonics;  /* up to the highest that stands out */
    double frequency_hz; /* in the window's middle */
    double bend_hz_s;    /* by which it grows each second */
    double power;        /* mean square of the line, gain included */
    float amplitude_re[EMGP_MOST_HARMONICS], amplitude_im[EMGP_MOST_HARMONICS]; /* of Re(amplitude exp(i phase)) */
    float gain[EMGP_POWERLINE_BLOCKS + 1];                                      /* at the blocks' borders */
    /* exp(i angle) of: the phase at the start of the block now worked on, its growth over the block and per frame, and
     * what a bend adds to either from block to block. */
    emgp_phasor phase, step, turn, more_step, more_turn;
} emgp_powerline_channel;

struct emgp_powerline_fit {
    emgp_powerline_look look;
    const emgp_lanes *set;
    size_t n_channels, stride, block, n_blocks;
    size_t n_harmonics; /* that the rows below hold now */
    double rate_hz, keep_ratio;
    emgp_section through[EMGP_MOST_ORDER];
    size_t n_through;
    float *limit;               /* a row a block */
    float *turn, *start, *gain; /* 2 rows each, as emgp_wave wants them */
    float *amplitude;           /* 2 rows a harmonic */
    float *left;                /* 2 rows a harmonic a block: phasors of what the line leaves */
    float *power, *magnitude;   /* a row a block: of what the line leaves */
    emgp_powerline_channel lines[EMGP_MOST_CHANNELS];
    double typical[EMGP_MOST_CHANNELS]; /* mean magnitude of what the line left in the window before; 0: no line then */
};

/* One round over the blocks of the window at x: what the lines leave, clipped and correlated. */
void emgp_powerline_fit_correlate(emgp_powerline_fit *fit, const float *x);

/* Drops harmonics of a channel that are not there, and decides whether its line is used. p: as the last round left it. */
void emgp_powerline_fit_judge(emgp_powerline_fit *fit, size_t channel, const emgp_powerline_line_fit *p,
                              const float *x);

#endif
