/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter at work: a group of channels through it block by block, forward or without phase. */
#ifndef EMG_FILTER_STREAM_H
#define EMG_FILTER_STREAM_H

#include <stddef.h>

#include <emg/block.h>
#include <emg/filter.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A filter at work on a group of channels. The bytes depend neither on how the input is cut nor on the other
 * channels. Samples count as +-1e30 beyond that, and as 0 within +-1e-30. */
typedef struct emg_filter_stream emg_filter_stream;

/* n_channels 1 to 64. What the stream needs of the filter is copied. Streams are chained by taking one's output into
 * emg_filter_stream_push() of the next.
 *
 * Zero phase of sections looks ahead until the sum of |h[k]| beyond is below 1e-12 of the whole sum S: block after block
 * the output equals forward and backward over the whole segment within 1e-12 x S^2 x the largest distance of a sample
 * from the first. EMG_ERANGE: it would have to look ahead more than 2^23 frames, or hold more than 2^27 samples (1 GiB)
 * of all channels together (a corner very low for the sampling rate; fewer channels at a time, a lower order or forward
 * are the ways out); n_channels. EMG_EARG: no such direction. EMG_ENOMEM. *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_filter_stream_new(emg_filter_stream **out, const emg_filter *filter,
                                                      emg_filter_direction direction, size_t n_channels,
                                                      emg_take_frames *take, void *context, emg_error *err);

/* Takes n_frames x n_channels interleaved samples and hands on what is ready, in order. EMG_EARG: a sample that is not
 * finite (nothing of the call is taken then); and whatever `take` answers. */
EMG_API EMG_MUST_USE emg_status emg_filter_stream_push(emg_filter_stream *stream, const double *x, size_t n_frames,
                                                       emg_error *err);

/* Ends the segment: hands on what is held (as many frames as were pushed leave in all) and is ready for the next
 * segment, which knows nothing of this one. */
EMG_API EMG_MUST_USE emg_status emg_filter_stream_finish(emg_filter_stream *stream, emg_error *err);

/* The most frames ever held back between a push and the leaving of its frames; 0: every push hands on all it took. */
EMG_API size_t emg_filter_stream_latency(const emg_filter_stream *stream);

EMG_API void emg_filter_stream_free(emg_filter_stream *stream);

/* Filters n samples of one channel, one segment, in one call, to the byte as a stream does; y (n samples) may be x.
 * EMG_EARG, EMG_ERANGE, EMG_ENOMEM as above; y is undefined on failure. */
EMG_API EMG_MUST_USE emg_status emg_filter_apply(const emg_filter *filter, emg_filter_direction direction,
                                                 const double *x, size_t n, double *y, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
