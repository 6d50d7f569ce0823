/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution of a stream with many taps, by transforms. */
#ifndef EMGP_CONVOLVE_H
#define EMGP_CONVOLVE_H

#include <emg/block.h>

typedef struct emgp_convolve emgp_convolve;

/* Samples that it holds for each channel. */
size_t emgp_convolve_rows(size_t n_taps);

/* Convolves each of n_lanes channels with n_taps taps; y[t] leaves when x[t + ahead] has come, ahead < n_taps. The
 * segment continues at both ends with its first and last value. EMG_ENOMEM. */
emg_status emgp_convolve_new(emgp_convolve **out, const double *taps, size_t n_taps, size_t ahead, size_t n_lanes,
                             emg_take_frames *next, void *context, emg_error *err);
emg_status emgp_convolve_push(emgp_convolve *convolve, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_convolve_finish(emgp_convolve *convolve, emg_error *err);

/* The most frames ever held back. */
size_t emgp_convolve_latency(const emgp_convolve *convolve);
void emgp_convolve_free(emgp_convolve *convolve);

#endif
