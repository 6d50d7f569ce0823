/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dense way of a group of channels: raw blocks in, discharges and bursts out. */
#ifndef EMGP_GROUP_H
#define EMGP_GROUP_H

#include <emg/analysis.h>

#include "base/spill.h"
#include "condition/ecg/removal.h"

typedef struct emgp_group emgp_group;

typedef struct emgp_group_setup {
    const emg_config *config;
    const emg_source *sources; /* of all channels of the analysis */
    const size_t *channels;    /* n_lanes: which of them are this group's */
    size_t n_lanes;
    const emgp_heart_beats *beats;   /* known of the recording; it lasts as long as the group */
    emgp_spill *discharges, *bursts; /* streams numbered by channel */
} emgp_group_setup;

/* What the dense stages know of a channel at the end. */
typedef struct emgp_channel_sums {
    double analysed_s, excluded_s;
    double noise;             /* mean sigma over pages; NaN: none */
    emg_quality_sums quality; /* of segments that are not excluded */
    emg_removed_heart heart;
} emgp_channel_sums;

emg_status emgp_group_new(emgp_group **out, const emgp_group_setup *setup, emg_error *err);
void emgp_group_free(emgp_group *group);

/* Raw frames, interleaved; new_segment: they do not follow those before. */
emg_status emgp_group_push(emgp_group *group, const double *x, size_t n_frames, double start_s, bool new_segment,
                           emg_error *err);
emg_status emgp_group_finish(emgp_group *group, emg_error *err);

/* After the end: sums and figures of a lane. */
/* Times at which segments began, but for the first: what came before is cut off from what follows. */
const double *emgp_group_gaps(const emgp_group *group, size_t *n);

emgp_channel_sums emgp_group_sums(const emgp_group *group, size_t lane);
emg_status emgp_group_figures(const emgp_group *group, size_t lane, emg_summary *summary, emg_error *err);

#endif
