/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sample loops that a build holds; edf_samples.c alone chooses among them. */
#ifndef EMGP_EDF_SAMPLES_SETS_H
#define EMGP_EDF_SAMPLES_SETS_H

#include "reading/edf/edf.h"

void emgp_samples_decode_base(double *out, emgp_edf_decoder *decoders, size_t n_decoders, unsigned sample_bytes,
                              size_t shift, size_t n);
#ifdef EMGP_SAMPLES_DISPATCH
void emgp_samples_decode_avx2(double *out, emgp_edf_decoder *decoders, size_t n_decoders, unsigned sample_bytes,
                              size_t shift, size_t n);
#endif

#endif
