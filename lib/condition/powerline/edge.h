/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line at a segment's ends, where the filter that the samples went through began and ended. */
#ifndef EMGP_MAINS_EDGE_H
#define EMGP_MAINS_EDGE_H

#include "condition/powerline/removal.h"
#include "condition/powerline/fit.h"

typedef struct emgp_mains_edge emgp_mains_edge;

/* For windows of at most 2 hop rows of `stride` floats. EMG_ENOMEM, or as the filter is refused. */
emg_status emgp_mains_edge_new(emgp_mains_edge **out, const emgp_mains_setting *setting, double rate_hz, size_t n_lanes,
                               size_t stride, size_t hop, emg_error *err);
void emgp_mains_edge_free(emgp_mains_edge *edge);

/* Adds to `line`, which holds the even waves of a window of n_rows, what they are beside it at the segment's first row
 * (at row 0, when `first`) and after its last (the window's end, when `last`). `fit` is of no use after that until its
 * next run. */
emg_status emgp_mains_edge_add(emgp_mains_edge *edge, emgp_mains_fit *fit, float *line, size_t n_rows, bool first,
                               bool last, emg_error *err);

#endif
