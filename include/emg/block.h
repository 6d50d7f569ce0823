/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A borrowed stretch of samples: some channels of one rate over some frames. */
#ifndef EMG_BLOCK_H
#define EMG_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Samples of a group of channels, interleaved: x[frame * n_channels + channel].
 * Calibrated channels are in microvolts, the others in the recording's own unit; always finite.
 * A block belongs to whoever made it and stays valid until that object's next call. */
typedef struct emg_block {
    size_t n_channels;     /* channels, 1 or more */
    size_t n_frames;       /* frames, 0 or more */
    const double *x;       /* n_frames x n_channels samples */
    const size_t *channel; /* n_channels: index of each, as its consumer numbers channels */
    double rate_hz;        /* frames per second, > 0 */
    double start_s;        /* time of the first frame, in seconds from the recording's first sample */
    bool new_segment;      /* true when the first frame does not follow the group's frame before (start, or a gap) */
} emg_block;

/* Takes the output of a stream: n_frames x n_channels samples, interleaved, valid during the call only. The taker knows
 * its number of channels from when the stream was made. Anything but EMG_OK (say why in err) ends the push or finish
 * that called it with that answer; the stream can then only be freed. */
typedef emg_status emg_take_frames(void *context, const double *x, size_t n_frames, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
