/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The amplitude of a signal and its Hilbert transform together. */
#ifndef EMGP_HILBERT_H
#define EMGP_HILBERT_H

#include <emg/block.h>

typedef struct emgp_hilbert emgp_hilbert;

/* 1 to 64 channels. The transform's gain is within 1e-6 of 1 from lowest_hz to rate_hz / 2 - lowest_hz. EMG_ERANGE:
 * lowest_hz is not above 0 and below a quarter of the rate, or needs more than 2^20 taps; EMG_ENOMEM. */
emg_status emgp_hilbert_new(emgp_hilbert **out, double lowest_hz, double rate_hz, size_t n_channels,
                            emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_hilbert_push(emgp_hilbert *hilbert, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_hilbert_finish(emgp_hilbert *hilbert, emg_error *err);
size_t emgp_hilbert_latency(const emgp_hilbert *hilbert);
void emgp_hilbert_free(emgp_hilbert *hilbert);

#endif
