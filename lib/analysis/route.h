/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of an analysis, and the sparse half of its route. */
#ifndef EMGP_ROUTE_H
#define EMGP_ROUTE_H

#include <emg/analysis.h>

#include "analysis/group.h"
#include "analysis/result.h"
#include "base/spill.h"

/* Bytes that the records of one store may hold in memory before they go to a file. */
enum { EMGP_SPILL_BUDGET = 2 << 20 };

struct emg_analysis {
    emg_config config;
    emg_source *sources; /* texts point into the result's names */
    size_t n;
    emg_mark *marks;
    size_t n_marks;
    double *beat_s;
    emgp_heart_beats beats; /* of beat_s */
    char *directory;
    emgp_group **groups;
    size_t n_groups;
    size_t *group_of, *lane_of; /* per channel; group_of == n: none yet */
    emgp_spill *discharges, *bursts;
    emg_result *result;
};

/* From spilled discharges and bursts to events and summaries, into analysis->result: across, then per channel units,
 * episodes and rhythm, then per muscle the merging of its channels. The groups must be finished. */
emg_status emgp_route_sparse(emg_analysis *analysis, emg_error *err);

#endif
