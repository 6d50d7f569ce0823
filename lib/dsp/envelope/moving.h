/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means over a centred moving window, of squares (their root is taken) or of magnitudes. */
#ifndef EMGP_MOVING_H
#define EMGP_MOVING_H

#include <emg/block.h>

typedef enum emgp_moving_kind { EMGP_MOVING_RMS, EMGP_MOVING_MAGNITUDE } emgp_moving_kind;

typedef struct emgp_moving emgp_moving;

/* A window of 1 to 2^24 samples over 1 to 64 channels. EMG_ENOMEM. */
emg_status emgp_moving_new(emgp_moving **out, emgp_moving_kind kind, size_t window, size_t n_channels,
                           emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_moving_push(emgp_moving *moving, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_moving_finish(emgp_moving *moving, emg_error *err);
size_t emgp_moving_latency(const emgp_moving *moving);
void emgp_moving_free(emgp_moving *moving);

#endif
