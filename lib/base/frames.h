/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a dense stage hands its output to the next. */
#ifndef EMGP_FRAMES_H
#define EMGP_FRAMES_H

#include <stddef.h>

#include <emg/status.h>

/* The most channels of one rate that travel together. */
enum { EMGP_MOST_LANES = 64 };

/* Takes n_frames x n_lanes samples, interleaved: x[frame * n_lanes + lane]. They are valid during the call only.
 * The taker knows its number of lanes from when it was made. */
typedef emg_status emgp_frames(void *context, const float *x, size_t n_frames, emg_error *err);

#endif
