/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streaming Welch power densities of a group of channels. */
#ifndef EMGP_WELCH_H
#define EMGP_WELCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

typedef struct emgp_welch emgp_welch;

/* Segments of n samples (2 to 2^24), a new one every `hop` (1 to n) samples, mean removed, periodic Hann window.
 * `single`: float arithmetic (density within 1e-5 of its peak), else double. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_welch_new(emgp_welch **out, size_t n, size_t hop, double rate_hz, size_t n_lanes, bool single,
                          emg_error *err);

/* Takes n_frames x n_lanes interleaved samples. */
void emgp_welch_push_float(emgp_welch *w, const float *x, size_t n_frames);
void emgp_welch_push_double(emgp_welch *w, const double *x, size_t n_frames);

/* Ends a segment of the recording: no window spans this place. */
void emgp_welch_finish(emgp_welch *w);

/* Forgets all: sums and samples. */
void emgp_welch_reset(emgp_welch *w);

/* Windows so far; those complete since the last finish may be counted only once another one or a finish follows. */
uint64_t emgp_welch_count(const emgp_welch *w, size_t lane);

/* The one-sided density of a lane, n / 2 + 1 bins in squared units per Hz, of all windows that are complete (also of
 * those not yet counted); false while there is none. */
bool emgp_welch_density(emgp_welch *w, size_t lane, double *psd);

size_t emgp_welch_n_bins(const emgp_welch *w);

void emgp_welch_free(emgp_welch *w);

#endif
