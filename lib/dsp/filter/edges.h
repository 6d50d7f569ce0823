/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A segment continued at its ends before a filter, and the filter's output cut back to the segment. */
#ifndef EMGP_EDGES_H
#define EMGP_EDGES_H

#include <stdbool.h>

#include <emg/filter.h>

typedef struct emgp_edges emgp_edges;

/* Frames go to `filter`, which continues what it is given with its end values for ever; its output comes back through
 * emgp_edges_output() and leaves by `take`. Mirrored paddings reach over `reach` frames, after the segment only when
 * it is continued at both ends. EMG_ENOMEM. */
emg_status emgp_edges_new(emgp_edges **out, emg_filter_padding padding, size_t reach, bool both, size_t n_lanes,
                          emg_take_frames *filter, void *filter_context, emg_take_frames *take, void *take_context,
                          emg_error *err);
emg_status emgp_edges_push(emgp_edges *edges, const double *x, size_t n_frames, emg_error *err);

/* The segment has ended: the filter is given what goes on after it. Then the filter is to be finished, then
 * emgp_edges_reset() called. */
emg_status emgp_edges_finish(emgp_edges *edges, emg_error *err);
void emgp_edges_reset(emgp_edges *edges);

/* An emg_take_frames function: the filter's output, from its first frame. */
emg_status emgp_edges_output(void *edges, const double *y, size_t n_frames, emg_error *err);

void emgp_edges_free(emgp_edges *edges);

#endif
