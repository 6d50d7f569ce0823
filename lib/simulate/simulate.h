/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a scenario to a timeline. */
#ifndef EMGP_SIMULATE_SIMULATE_H
#define EMGP_SIMULATE_SIMULATE_H

#include "simulate/plan/plan.h"
#include "simulate/scenario/scenario.h"

/* Builds a zeroed timeline whose seed, rate and duration are set, section by section in the order of the text. A
 * failure is in timeline->status. */
void emgp_build(emgp_timeline *timeline, const emgp_scenario *scenario);

#endif
