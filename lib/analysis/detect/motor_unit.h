/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes of discharges within a channel: which of them repeat, and which repeat like a heart. */
#ifndef EMGP_UNIT_H
#define EMGP_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include <emg/config.h>

#include "analysis/detect/records.h"

enum { EMGP_MOST_UNITS = 32 };

typedef struct emgp_units emgp_units;

emg_status emgp_units_new(emgp_units **out, const emg_unit_config *config, emg_error *err);
void emgp_units_free(emgp_units *units);

/* Forgets everything: the next discharge is another channel's first. */
void emgp_units_reset(emgp_units *units);

/* The unit of a discharge, learning as it goes: 1 to EMGP_MOST_UNITS, 0 when it fits none and none can be added. */
unsigned emgp_units_assign(emgp_units *units, const emgp_discharge *discharge);

/* A gap: no interval spans it. */
void emgp_units_gap(emgp_units *units);

/* All discharges are assigned: what is known of the units holds from now on. */
void emgp_units_settle(emgp_units *units);

/* Whether a unit, once settled, fires at the rate and regularity of a heart (0.7 to 2.5 per second, 70 % of
 * intervals within 15 % of the median, at least 8 beats). */
bool emgp_units_is_heart(const emgp_units *units, unsigned unit);

#endif
