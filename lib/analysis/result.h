/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an analysis leaves behind: summaries in memory, events and discharges in spilled streams. */
#ifndef EMGP_RESULT_H
#define EMGP_RESULT_H

#include <emg/analysis.h>

#include "base/merge.h"
#include "base/spill.h"

struct emg_result {
    size_t n_channels, n_muscles;
    char **names; /* of the channels */
    char **muscle_names;
    uint32_t *muscle_of; /* per channel */
    emg_summary *channels, *muscles;
    emgp_spill *events;     /* streams: muscle * EMGP_N_STREAMS + kind */
    emgp_spill *discharges; /* a stream a channel */
    emgp_merge *event_merge, *discharge_merge;
};

/* A result with names and muscles of the sources; summaries zeroed, no events yet. Channels of equal muscle names belong
 * together; muscles are numbered in order of their first channel. */
emg_status emgp_result_new(emg_result **out, const emg_source *sources, size_t n, emg_error *err);

#endif
