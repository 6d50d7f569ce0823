/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses the kernels for this machine and this number of lanes. */
#include "dsp/kernels/kernels.h"

#include "dsp/kernels/lanes_sets.h"

#ifdef EMGP_LANES_DISPATCH
static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const emgp_lanes *emgp_lanes_at(size_t index)
{
#ifdef EMGP_LANES_DISPATCH
    const emgp_lanes *sets[3] = { &emgp_lanes_base };
    size_t n = 1;
    if (__builtin_cpu_supports("avx2"))
        sets[n++] = &emgp_lanes_avx2;
    if (has_avx512())
        sets[n++] = &emgp_lanes_avx512;
    return index < n ? sets[index] : NULL;
#else
    return index == 0 ? &emgp_lanes_base : NULL;
#endif
}

const emgp_lanes *emgp_lanes_for(size_t n_lanes)
{
    const size_t bytes = n_lanes * sizeof(float);
#ifdef EMGP_LANES_DISPATCH
    if (bytes > emgp_lanes_avx2.bytes && has_avx512())
        return &emgp_lanes_avx512;
    if (bytes > emgp_lanes_base.bytes && __builtin_cpu_supports("avx2"))
        return &emgp_lanes_avx2;
#endif
    (void)bytes;
    return &emgp_lanes_base;
}

size_t emgp_lanes_stride(const emgp_lanes *set, size_t n_lanes, size_t element_size)
{
    size_t width = set->bytes / element_size;
    return (n_lanes + width - 1) / width * width;
}
