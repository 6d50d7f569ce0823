/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel sets that a build holds; lanes.c alone chooses among them. */
#ifndef EMGP_LANES_SETS_H
#define EMGP_LANES_SETS_H

#include "dsp/kernels/kernels.h"

extern const emgp_lanes emgp_lanes_base;
#ifdef EMGP_LANES_DISPATCH
extern const emgp_lanes emgp_lanes_avx2;
extern const emgp_lanes emgp_lanes_avx512;
#endif

#endif
