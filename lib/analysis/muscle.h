/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of the channels of one muscle made into events of the muscle. */
#ifndef EMGP_MUSCLE_H
#define EMGP_MUSCLE_H

#include <emg/event.h>

#include "base/spill.h"

typedef emg_status emgp_muscle_take(void *context, const emg_event *event, emg_error *err);

/* Reads n streams (one a channel, each in order of onset) of `events` from `first` on and gives the muscle's events in order.
 * Single discharges that peak within 10 ms on different channels, and overlapping episodes of one class, are one event, on
 * its strongest channel from its earliest onset; two events of one channel are never merged. */
emg_status emgp_muscle_merge(const emgp_spill *events, size_t first, size_t n, emgp_muscle_take *take, void *context,
                             emg_error *err);

#endif
