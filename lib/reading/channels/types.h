/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each channel measures, and which of them are muscles. */
#ifndef EMGP_TYPES_H
#define EMGP_TYPES_H

#include <emg/recording.h>

#include "reading/source/deviation.h"

/* Channels below this rate are never taken as muscles without a name that says so: in Hz. */
#define EMGP_LEAST_ASSUMED_HZ 150.0

/* The type that a label and a unit tell. */
emg_channel_type emgp_type_of(const char *label, const char *unit);

/* Fills type, muscle, side, reflex_site and is_muscle of a channel by what names it; a type or a muscle that is there
 * already stands. */
void emgp_types_describe(emg_channel *channel);

/* Fills type, muscle, side, reflex_site and is_muscle of each channel; a type or a muscle that is there already
 * (from a sidecar or a map) stands. When no channel qualifies, unrecognised ones are assumed to be muscles. Returns how
 * many were assumed. */
size_t emgp_types_assign(emg_channel *channels, size_t n);

#endif
