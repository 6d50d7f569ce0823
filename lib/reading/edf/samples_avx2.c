/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample decoding for x86-64 with AVX2. */
#include "reading/edf/samples_sets.h"

#define DECODE emgp_samples_decode_avx2
#include "reading/edf/samples.inc"
