/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels for x86-64 with AVX-512 (F, BW, DQ, VL): 64-byte vectors. */
#define LANES_BYTES 64
#define LANES_SET emgp_lanes_avx512
#define LANES_NAME "avx512"

#include "dsp/kernels/lanes_sets.h"

#include "dsp/kernels/lanes.inc"
