/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The noise under the activity: a low quantile of block medians over a running stretch, calibrated to a sigma. */
#ifndef EMGP_NOISE_H
#define EMGP_NOISE_H

#include <stddef.h>

#include <emg/status.h>

typedef struct emgp_noise emgp_noise;

/* Each block of block_s gives the median of |x| (x has no mean after its band-pass); of the last n_blocks_held blocks
 * (1 to 32767) the given quantile (0.01 to 0.5) is taken. low_hz and high_hz are the band the noise was limited to:
 * they say how many independent samples a block is worth. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_noise_new(emgp_noise **out, double block_s, double quantile, size_t n_blocks_held, double rate_hz,
                          double low_hz, double high_hz, size_t n_lanes, emg_error *err);

/* Takes n_frames x n_lanes interleaved samples. */
void emgp_noise_push(emgp_noise *n, const float *x, size_t n_frames);

/* The noise's standard deviation, from the blocks now held; 0 for a channel that is constant (or below 1e-11),
 * NaN while no block is complete. Cheap until the next block is complete, then about a microsecond a lane. */
double emgp_noise_sigma(emgp_noise *n, size_t lane);

/* The same from the latest n_blocks (1 or more; at most those held) alone: one track answers for a long and for a
 * short stretch. */
double emgp_noise_sigma_recent(emgp_noise *n, size_t lane, size_t n_blocks);

/* Frames in a block, and blocks now held. */
size_t emgp_noise_block_frames(const emgp_noise *n);
size_t emgp_noise_n_blocks(const emgp_noise *n);

/* Forgets everything: a new segment begins. */
void emgp_noise_reset(emgp_noise *n);

void emgp_noise_free(emgp_noise *n);

#endif
