/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sample decoding: four signals at a time, so that each step fills half a cache line of the interleaved block. */
#include "reading/edf_samples.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

enum { AT_ONCE = 4 };

/* Little-endian two's complement, whatever the machine's own byte order. */
INLINE int32_t sample16(const unsigned char *p)
{
    return (int16_t)(uint16_t)(p[0] | (unsigned)p[1] << 8);
}

INLINE int32_t sample24(const unsigned char *p)
{
    uint32_t bits = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
    return (int32_t)(bits ^ 0x800000u) - 0x800000; /* the sign is bit 23 */
}

INLINE int32_t sample(const unsigned char *p, size_t width)
{
    return width == 3 ? sample24(p) : sample16(p);
}

INLINE void decode_four(double *out, size_t stride, const emgp_lane *lane, size_t width, size_t shift, size_t n)
{
    const unsigned char *p[AT_ONCE];
    double scale[AT_ONCE], least[AT_ONCE];
    int32_t low[AT_ONCE];
    for (size_t k = 0; k < AT_ONCE; k++) {
        p[k] = lane[k].at + shift;
        scale[k] = lane[k].scale;
        least[k] = lane[k].least;
        low[k] = lane[k].low;
    }
    for (size_t i = 0; i < n; i++, out += stride) {
        for (size_t k = 0; k < AT_ONCE; k++)
            out[k] = (double)(sample(p[k] + i * width, width) - low[k]) * scale[k] + least[k];
    }
}

INLINE void decode_one(double *out, size_t stride, const emgp_lane *lane, size_t width, size_t shift, size_t n)
{
    const unsigned char *p = lane->at + shift;
    double scale = lane->scale, least = lane->least;
    int32_t low = lane->low;
    for (size_t i = 0; i < n; i++, out += stride)
        *out = (double)(sample(p + i * width, width) - low) * scale + least;
}

INLINE uint64_t count_outside(const emgp_lane *lane, size_t width, size_t shift, size_t n)
{
    const unsigned char *p = lane->at + shift;
    int32_t low = lane->low;
    uint32_t span = lane->span;
    uint64_t outside = 0;
    for (size_t i = 0; i < n; i++) /* below the least wraps round to far above the most */
        outside += (uint32_t)(sample(p + i * width, width) - low) > span;
    return outside;
}

INLINE void decode(double *out, emgp_lane *lanes, size_t n_lanes, size_t width, size_t shift, size_t n)
{
    size_t k = 0;
    for (; k + AT_ONCE <= n_lanes; k += AT_ONCE)
        decode_four(out + k, n_lanes, lanes + k, width, shift, n);
    for (; k < n_lanes; k++)
        decode_one(out + k, n_lanes, lanes + k, width, shift, n);
    for (k = 0; k < n_lanes; k++)
        if (lanes[k].check)
            lanes[k].outside += count_outside(&lanes[k], width, shift, n);
}

void emgp_lane_calibrate(emgp_lane *lane, unsigned sample_bytes, int32_t digital_min, int32_t digital_max,
                         double physical_min, double physical_max, double to_unit)
{
    int32_t most = sample_bytes == 3 ? 8388607 : 32767;
    lane->low = digital_min;
    lane->span = (uint32_t)digital_max - (uint32_t)digital_min;
    lane->check = digital_min > -most - 1 || digital_max < most;
    lane->scale = (physical_max - physical_min) * to_unit / ((double)digital_max - (double)digital_min);
    lane->least = physical_min * to_unit;
    lane->outside = 0;
}

void emgp_samples_decode(double *out, emgp_lane *lanes, size_t n_lanes, unsigned sample_bytes, size_t shift, size_t n)
{
    if (sample_bytes == 3)
        decode(out, lanes, n_lanes, 3, shift, n);
    else
        decode(out, lanes, n_lanes, 2, shift, n);
}
