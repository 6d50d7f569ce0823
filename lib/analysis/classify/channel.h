/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel's spilled discharges and bursts, read back: units learned, beats put together, events found. */
#ifndef EMGP_CHANNEL_H
#define EMGP_CHANNEL_H

#include "analysis/classify/episode.h"
#include "analysis/detect/motor_unit.h"
#include "base/spill.h"

typedef struct emgp_channel_streams {
    const emgp_spill *discharges, *bursts, *company;
    size_t stream;
    const char *directory; /* for a temporary file; NULL: as emgp_spill_new() chooses */
} emgp_channel_streams;

/* Runs the sparse stages over one channel; events go to whom `episodes` was made for. facts->rhythmic_s is found here. */
emg_status emgp_channel_events(const emgp_channel_streams *streams, emgp_units *units, emgp_episodes *episodes,
                               const emgp_channel_facts *facts, emg_error *err);

#endif
