/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A beat taken out of the frames held: subtracted, and its QRS filled from what is round it when gated. */
#ifndef EMGP_HEART_REMOVE_H
#define EMGP_HEART_REMOVE_H

#include "condition/ecg/lane.h"

/* n samples of a lane from a frame on, the line through the medians of their ends taken off unless samples have no
 * baseline; zero where nothing is held. */
void emgp_heart_fetch(const emgp_heart_common *common, size_t lane, int64_t first, size_t n, double *to);

/* The wave's first sample lies on frame `first` plus the fit's shift. */
void emgp_heart_remove(emgp_heart_common *common, const emgp_heart_lane *lane, int64_t first, const emgp_heart_fit *fit,
                       double sigma);

#endif
