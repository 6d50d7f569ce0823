/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Envelopes of six widths from running sums: a level of each width costs a difference and a logarithm. */
#include "analysis/contraction/contraction.h"

#include <math.h>

/* METHOD "Contractions" for the first five, 3.2 s is ours: weak holds; fitted on real recordings. Wider levels jitter less,
 * so less decides. */
const emgp_scale_row emgp_scale_rows[EMGP_SCALES] = {
    /* width_s near_db far_db rest_share presence_db */
    { 0.05, 12, 16, 0.33, 9 }, { 0.1, 9, 12, 0.33, 7.5 }, { 0.2, 6, 10, 0.35, 6 },
    { 0.4, 4.5, 9, 0.4, 5 },   { 0.8, 3.5, 8, 0.4, 4.5 }, { 3.2, 2.2, 7, 0.4, 3.5 },
};

enum { SUMS = 2 * EMGP_SCALE_RING };

float emgp_decibels(double amplitude)
{
    /* amplitude = m 2^e with m in [sqrt(1/2), sqrt(2)); log2 m by the series of the inverse hyperbolic tangent */
    float x = amplitude > 1e-30 ? (float)amplitude : 1e-30f, m;
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t e = (int32_t)((bits - 0x3f3504f3u) >> 23);
    e = bits < 0x3f3504f3u ? (int32_t)e - 512 : e;
    bits -= (uint32_t)e << 23;
    memcpy(&m, &bits, sizeof m);
    float s = (m - 1) / (m + 1), q = s * s;
    float log2m = s * (2.88539008f + q * (0.96179669f + q * (0.57707802f + q * 0.41219858f)));
    return 6.02059991f * ((float)e + log2m);
}

emg_status emgp_scales_new(emgp_scales **out, double step_s, emg_error *err)
{
    emgp_scales *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    s->step_s = step_s;
    bool whole = (s->sum = emgp_alloc(SUMS, sizeof *s->sum)) != NULL;
    for (size_t i = 0; i < EMGP_SCALES; i++) {
        s->half[i] = (size_t)lround(emgp_scale_rows[i].width_s / step_s / 2);
        s->stride[i] = (size_t)1 << i;
        s->room[i] = EMGP_SCALE_RING >> i;
        s->level[i] = emgp_alloc(s->room[i], sizeof(float));
        whole = whole && s->level[i];
    }
    if (!whole) {
        emgp_scales_free(s);
        return emgp_fail_memory(err);
    }
    *out = s;
    return EMG_OK;
}

void emgp_scales_free(emgp_scales *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < EMGP_SCALES; i++)
        emgp_free(s->level[i]);
    emgp_free(s->sum);
    emgp_free(s);
}

void emgp_scales_start(emgp_scales *s)
{
    memset(s->n, 0, sizeof s->n);
    s->steps = 0;
    s->sum[0] = 0;
}

double emgp_scales_mean(const emgp_scales *s, uint64_t from, uint64_t to)
{
    return (s->sum[to & (SUMS - 1)] - s->sum[from & (SUMS - 1)]) / (double)(to - from);
}

/* Makes the levels of a scale whose windows end at or before `end`. */
static void make_levels(emgp_scales *s, size_t scale, bool ended)
{
    const uint64_t half = s->half[scale], stride = s->stride[scale];
    for (;; s->n[scale]++) {
        const uint64_t centre = s->n[scale] * stride;
        if (centre + half >= s->steps && !(ended && centre < s->steps))
            return;
        const uint64_t from = centre > half ? centre - half : 0;
        const uint64_t to = centre + half < s->steps ? centre + half + 1 : s->steps;
        s->level[scale][s->n[scale] & (s->room[scale] - 1)] = emgp_decibels(emgp_scales_mean(s, from, to));
    }
}

void emgp_scales_push(emgp_scales *s, const float *amplitude, size_t n)
{
    double sum = s->sum[s->steps & (SUMS - 1)];
    for (size_t i = 0; i < n; i++) {
        sum += (double)amplitude[i];
        s->steps++;
        s->sum[s->steps & (SUMS - 1)] = sum;
    }
    for (size_t scale = 0; scale < EMGP_SCALES; scale++)
        make_levels(s, scale, false);
}

void emgp_scales_end(emgp_scales *s)
{
    for (size_t scale = 0; scale < EMGP_SCALES; scale++)
        make_levels(s, scale, true);
}
