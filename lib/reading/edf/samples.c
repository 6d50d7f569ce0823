/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample decoding: the loops for any machine, and the choice of those for this one. */
#include "reading/edf/samples_sets.h"

#define DECODE emgp_samples_decode_base
#include "reading/edf/samples.inc"

void emgp_edf_decoder_calibrate(emgp_edf_decoder *decoder, unsigned sample_bytes, int32_t digital_min,
                                int32_t digital_max, double physical_min, double physical_max, double to_unit)
{
    int32_t most = sample_bytes == 3 ? 8388607 : 32767;
    decoder->low = digital_min;
    decoder->span = (uint32_t)digital_max - (uint32_t)digital_min;
    decoder->check = digital_min > -most - 1 || digital_max < most;
    decoder->scale = (physical_max - physical_min) * to_unit / ((double)digital_max - (double)digital_min);
    decoder->least = physical_min * to_unit;
    decoder->outside = 0;
}

void emgp_samples_decode(double *out, emgp_edf_decoder *decoders, size_t n_decoders, unsigned sample_bytes,
                         size_t shift, size_t n)
{
#ifdef EMGP_SAMPLES_DISPATCH
    if (__builtin_cpu_supports("avx2")) {
        emgp_samples_decode_avx2(out, decoders, n_decoders, sample_bytes, shift, n);
        return;
    }
#endif
    emgp_samples_decode_base(out, decoders, n_decoders, sample_bytes, shift, n);
}
