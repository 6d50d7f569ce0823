/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The innermost loops over channels in vector lanes: one source, built per instruction set, chosen at run time. */
#ifndef EMGP_DSP_KERNELS_KERNELS_H
#define EMGP_DSP_KERNELS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/filter.h>
#include <emg/powerline.h>

/* Lanes are independent: no kernel ever adds or compares across them, none uses a fused multiply-add or libm, so all
 * sets give the same bits whatever their width. Every array is 64-byte aligned and has rows of `stride` elements, lane
 * by lane; the stride is a whole number of vectors (emgp_lanes.stride_*), the lanes beyond the last channel are
 * padding. */

enum { EMGP_MOST_HARMONICS = EMG_POWERLINE_MOST_HARMONICS };

/* A sine wave with harmonics per lane, at the start of a stretch of frames. Rows of `stride` floats:
 * turn: cos, sin of the fundamental's step per frame; start: cos, sin of its phase at the first frame;
 * amplitude: cosine and sine amplitude of harmonic 1, 2, ...; gain: value at the first frame, and step per frame. */
typedef struct emgp_wave {
    size_t n_harmonics, stride;
    const float *turn, *start, *amplitude, *gain;
} emgp_wave;

/* A key is the upper part of |x| as a float: exponent and 9 bits of mantissa (0.1 to 0.2 % apart), counted from 2^-38
 * (4e-12) to 2^26 (7e7), which 15 bits hold. */
enum { EMGP_KEY_SHIFT = 14, EMGP_KEY_BASE = (127 - 38) << 9, EMGP_KEY_MOST = 32767 };

enum { EMGP_PAIR_BLOCK = 16, EMGP_LAG_BYTES = 128 };

typedef struct emgp_lanes {
    const char *name;
    size_t bytes; /* of a vector */

    /* out = x - first, within +-1e30 so that absurd calibrations stay finite in float, 0 within +-1e-30. x has rows of n_lanes without
     * padding, x_step elements apart (0 repeats one). */
    void (*load_float)(const double *x, size_t x_step, const double *first, size_t n_rows, size_t n_lanes,
                       size_t stride, float *out);
    void (*load_double)(const double *x, size_t x_step, const double *first, size_t n_rows, size_t n_lanes,
                        size_t stride, double *out);

    /* Runs a cascade over n rows; `in` and `out` may be the same. step is +1 (forward, from row 0) or -1 (from row
     * n - 1 down). state: 2 rows per section. flush: zero states too small to matter, before they turn denormal. */
    void (*sections_float)(const emg_filter_section *sections, size_t n_sections, float *state, const float *in,
                           float *out, size_t n, size_t n_lanes, size_t stride, int step, bool flush);
    void (*sections_double)(const emg_filter_section *sections, size_t n_sections, double *state, const double *in,
                            double *out, size_t n, size_t n_lanes, size_t stride, int step, bool flush);

    /* Keys of |x| that keep its order (see EMGP_KEY_*), from rows of n_lanes samples without padding. */
    void (*keys)(const float *x, size_t n_rows, size_t n_lanes, size_t stride, int16_t *keys);
    /* key[lane]: the element of that rank (0 = least) among the n_rows of each lane; keys are 0 to 32767. */
    void (*select)(const int16_t *keys, size_t n_rows, size_t n_lanes, size_t stride, const int16_t *rank,
                   int16_t *key);
    /* count[lane]: how many of the n_rows are below limit[lane]; n_rows at most 32767. */
    void (*count)(const int16_t *keys, size_t n_rows, size_t n_lanes, size_t stride, const int16_t *limit,
                  int16_t *count);

    /* sum[lane] = sum of |x| over the rows. */
    void (*sum_absolute)(const float *x, size_t n_rows, size_t n_lanes, size_t stride, float *sum);
    /* Correlates x, clipped to +-limit[lane], with n_waves complex waves: wave[(row * n_waves + i) * 2] is the cosine,
     * + 1 the sine. out: rows 2 i (cosine) and 2 i + 1 (sine). */
    void (*correlate)(const float *x, size_t n_rows, size_t n_lanes, size_t stride, const float *limit,
                      const float *wave, size_t n_waves, float *out);
    /* Of block phasors (rows 0: cosine, 1: sine; block_stride elements from one block to the next) the share of power
     * that is no steady wave, for n_grid wave frequencies; rotation[(g * n_blocks + block) * 2]: cosine and sine of the
     * wave's phase at each block. ratio[g] (a row each) is multiplied by 1 - |sum of turned phasors|^2 / (n_blocks sum
     * |phasor|^2). */
    void (*unsteadiness)(const float *phasor, size_t n_blocks, size_t block_stride, size_t n_lanes, size_t stride,
                         const float *rotation, size_t n_grid, float *ratio);
    /* What is left of x without gain * wave, clipped to +-limit: correlated with the wave's
     * harmonics into `out` (as above), its squares summed into `power`, unclipped magnitudes into `magnitude`. */
    void (*refit)(const float *x, size_t n_rows, size_t n_lanes, const emgp_wave *wave, const float *limit, float *out,
                  float *power, float *magnitude);
    /* Two filters along one signal of one lane, an odd one and an even one of `half` values either side of the middle
     * ([0] is the middle's): power[i] = the larger of itself and odd_gain * odd output^2 + even_gain * even output^2 at
     * x[i], for n samples, n a multiple of EMGP_PAIR_BLOCK; x[-half] to x[n - 1 + half] are read, x may lie anywhere.
     * probe: both outputs at the first sample of each block. */
    void (*pair_power)(const float *x, size_t n, const float *odd, const float *even, size_t half, float odd_gain,
                       float even_gain, float *power, float *probe);
    /* out[k] = sum of x[i] y[i + k] over all i below n for which i + k is below n_y, for k below n_lags; x, y and out may lie
     * anywhere. */
    void (*lags_float)(const float *x, size_t n, const float *y, size_t n_y, size_t n_lags, float *out);
    void (*lags_double)(const double *x, size_t n, const double *y, size_t n_y, size_t n_lags, double *out);
    /* line += weight[row] * gain * wave. */
    void (*add_wave)(float *line, size_t n_rows, size_t n_lanes, const emgp_wave *wave, const float *weight);
} emgp_lanes;

/* The set that suits so many lanes on this machine; narrow groups get narrow vectors. */
const emgp_lanes *emgp_lanes_for(size_t n_lanes);

/* Every set that this machine runs, narrowest first; NULL beyond the last. */
const emgp_lanes *emgp_lanes_at(size_t index);

/* Row lengths: the lanes rounded up to whole vectors of float, double or 16-bit elements. */
size_t emgp_lanes_stride(const emgp_lanes *set, size_t n_lanes, size_t element_size);

#endif
