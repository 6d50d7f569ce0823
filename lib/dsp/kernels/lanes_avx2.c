/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels for x86-64 with AVX2: 32-byte vectors. */
#define LANES_BYTES 32
#define LANES_SET emgp_lanes_avx2
#define LANES_NAME "avx2"

#include "dsp/kernels/lanes_sets.h"

#include "dsp/kernels/lanes.inc"
