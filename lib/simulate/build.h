/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a scenario to a scene. */
#ifndef EMGP_SIMULATE_STAGE_H
#define EMGP_SIMULATE_STAGE_H

#include "simulate/scenario/scenario.h"
#include "simulate/plan/plan.h"

/* Builds a zeroed scene whose seed, rate and duration are set, section by section in the order of the text. A failure
 * is in scene->status. */
void emgp_stage(emgp_scene *scene, const emgp_scenario *scenario);

#endif
