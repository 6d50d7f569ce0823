/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of a motor unit from a model of its fibres, as a surface pair of electrodes or a concentric needle sees it. */
#ifndef EMGP_SIMULATE_FIBRE_H
#define EMGP_SIMULATE_FIBRE_H

#include "simulate/plan/plans.h"
#include "simulate/plan/random.h"
#include "simulate/plan/simulated_unit.h"

/* Draws a unit of the muscle that `plan` describes and sums its fibres. False when memory is out; emgp_shape_free()
 * afterwards. How: lib/simulate/REALISM.md. */
bool emgp_fibre_shape(emgp_shape *shape, emgp_random *r, const emgp_channel_plan *plan);

#endif
