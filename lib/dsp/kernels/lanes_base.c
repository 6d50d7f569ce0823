/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels for every machine: 16-byte vectors. */
#define LANES_BYTES 16
#define LANES_SET emgp_lanes_base
#define LANES_NAME "base"

#include "dsp/kernels/lanes_sets.h"

#include "dsp/kernels/lanes.inc"
