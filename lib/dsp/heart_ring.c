/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames in a ring, bins beside them, one lane of it read and written as doubles. */
#include "dsp/heart_ring.h"

#include <string.h>

#include "base/memory.h"

static size_t row_bytes(const emgp_heart_ring *ring)
{
    return ring->n_lanes * (ring->single ? sizeof(float) : sizeof(double));
}

bool emgp_heart_ring_make(emgp_heart_ring *ring, size_t bin, size_t hop, size_t n_hops, size_t n_lanes, bool single)
{
    size_t n;
    *ring = (emgp_heart_ring){ .single = single,
                               .n_lanes = n_lanes,
                               .bin = bin,
                               .hop = hop,
                               .room = n_hops * hop,
                               .room_bins = n_hops * hop / bin };
    if (!emgp_multiply(ring->room, row_bytes(ring), &n))
        return false;
    ring->x = emgp_alloc(n, 1);
    ring->coarse = emgp_alloc(n_lanes * ring->room_bins, sizeof *ring->coarse);
    return ring->x && ring->coarse;
}

void emgp_heart_ring_free(emgp_heart_ring *ring)
{
    emgp_free(ring->x);
    emgp_free(ring->coarse);
}

/* Sums of four interleaved runs of rows, so that narrow groups need not wait for each addition. */
#define BIN_SUM(TYPE)                                                                                                  \
    static void bin_sums_##TYPE(const TYPE *x, size_t n_rows, size_t n_lanes, TYPE scale, float *to, size_t step)      \
    {                                                                                                                  \
        for (size_t lane = 0; lane < n_lanes; lane++) {                                                                \
            const TYPE *from = x + lane;                                                                               \
            TYPE a = 0, b = 0, c = 0, d = 0;                                                                           \
            size_t row = 0;                                                                                            \
            for (; row + 4 <= n_rows; row += 4, from += 4 * n_lanes) {                                                 \
                a += from[0];                                                                                          \
                b += from[n_lanes];                                                                                    \
                c += from[2 * n_lanes];                                                                                \
                d += from[3 * n_lanes];                                                                                \
            }                                                                                                          \
            for (; row < n_rows; row++, from += n_lanes)                                                               \
                a += from[0];                                                                                          \
            to[lane * step] = (float)(((a + b) + (c + d)) * scale);                                                    \
        }                                                                                                              \
    }
BIN_SUM(float)
BIN_SUM(double)

/* The mean of the bin that begins at a frame. */
static void make_bin(emgp_heart_ring *ring, uint64_t frame)
{
    size_t at = (size_t)(frame % ring->room) * ring->n_lanes;
    float *to = ring->coarse + (size_t)(frame - ring->out) / ring->bin;
    if (ring->single)
        bin_sums_float((const float *)ring->x + at, ring->bin, ring->n_lanes, 1 / (float)ring->bin, to,
                       ring->room_bins);
    else
        bin_sums_double((const double *)ring->x + at, ring->bin, ring->n_lanes, 1 / (double)ring->bin, to,
                        ring->room_bins);
}

size_t emgp_heart_ring_push(emgp_heart_ring *ring, const void *x, size_t n)
{
    size_t row = row_bytes(ring), at = (size_t)(ring->filled % ring->room);
    size_t space = ring->room - (size_t)(ring->filled - ring->out);
    if (n > space)
        n = space;
    size_t before_end = ring->room - at < n ? ring->room - at : n;
    memcpy((char *)ring->x + at * row, x, before_end * row);
    memcpy(ring->x, (const char *)x + before_end * row, (n - before_end) * row);
    ring->filled += n;
    for (uint64_t begin; (begin = ring->out + ring->n_bins * ring->bin) + ring->bin <= ring->filled; ring->n_bins++)
        make_bin(ring, begin);
    return n;
}

const void *emgp_heart_ring_oldest(const emgp_heart_ring *ring, size_t *n)
{
    size_t held = (size_t)(ring->filled - ring->out);
    *n = held < ring->hop ? held : ring->hop;
    return (const char *)ring->x + (size_t)(ring->out % ring->room) * row_bytes(ring);
}

void emgp_heart_ring_drop(emgp_heart_ring *ring, size_t n)
{
    size_t bins = n / ring->bin < ring->n_bins ? n / ring->bin : ring->n_bins;
    ring->n_bins -= bins;
    for (size_t lane = 0; lane < ring->n_lanes; lane++) {
        float *coarse = ring->coarse + lane * ring->room_bins;
        memmove(coarse, coarse + bins, ring->n_bins * sizeof *coarse);
    }
    ring->out += n;
}

void emgp_heart_ring_reset(emgp_heart_ring *ring)
{
    ring->out = ring->filled = 0;
    ring->n_bins = 0;
}

/* The part of n frames from `from` on that is held: *skip frames later, returns how many. */
static size_t held_part(const emgp_heart_ring *ring, int64_t from, size_t n, size_t *skip)
{
    int64_t first = from > (int64_t)ring->out ? from : (int64_t)ring->out;
    int64_t end = from + (int64_t)n < (int64_t)ring->filled ? from + (int64_t)n : (int64_t)ring->filled;
    *skip = (size_t)(first - from);
    return end > first ? (size_t)(end - first) : 0;
}

static size_t place(const emgp_heart_ring *ring, size_t lane, int64_t frame)
{
    return (size_t)((uint64_t)frame % ring->room) * ring->n_lanes + lane;
}

void emgp_heart_ring_get(const emgp_heart_ring *ring, size_t lane, int64_t from, size_t n, double *to)
{
    size_t skip, held = held_part(ring, from, n, &skip);
    memset(to, 0, n * sizeof *to);
    for (size_t i = 0; i < held; i++) {
        size_t at = place(ring, lane, from + (int64_t)(skip + i));
        to[skip + i] = ring->single ? (double)((const float *)ring->x)[at] : ((const double *)ring->x)[at];
    }
}

void emgp_heart_ring_put(emgp_heart_ring *ring, size_t lane, int64_t from, size_t n, const double *x)
{
    size_t skip, held = held_part(ring, from, n, &skip);
    for (size_t i = 0; i < held; i++) {
        size_t at = place(ring, lane, from + (int64_t)(skip + i));
        if (ring->single)
            ((float *)ring->x)[at] = (float)x[skip + i];
        else
            ((double *)ring->x)[at] = x[skip + i];
    }
}

void emgp_heart_ring_subtract(emgp_heart_ring *ring, size_t lane, int64_t from, size_t n, const double *wave)
{
    size_t skip, held = held_part(ring, from, n, &skip);
    for (size_t i = 0; i < held; i++) {
        size_t at = place(ring, lane, from + (int64_t)(skip + i));
        if (ring->single)
            ((float *)ring->x)[at] -= (float)wave[skip + i];
        else
            ((double *)ring->x)[at] -= wave[skip + i];
    }
}
