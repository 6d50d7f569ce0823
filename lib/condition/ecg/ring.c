/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames in a ring, bins beside them, one channel of it read and written as doubles. */
#include "condition/ecg/ecg.h"

#include <string.h>

#include "base/base.h"

enum { WIDE = 8 };

bool emgp_ecg_ring_make(emgp_ecg_ring *ring, size_t bin, size_t hop, size_t n_hops, size_t n_channels)
{
    size_t n;
    *ring = (emgp_ecg_ring){
        .n_channels = n_channels, .bin = bin, .hop = hop, .room = n_hops * hop, .room_bins = n_hops * hop / bin
    };
    if (!emgp_multiply(ring->room, n_channels, &n))
        return false;
    ring->x = emgp_alloc(n, sizeof *ring->x);
    ring->coarse = emgp_alloc(n_channels * ring->room_bins, sizeof *ring->coarse);
    return ring->x && ring->coarse;
}

void emgp_ecg_ring_free(emgp_ecg_ring *ring)
{
    emgp_free(ring->x);
    emgp_free(ring->coarse);
}

/* The mean of n rows of each channel: as four sums, so that narrow groups need not wait for each addition; whole rows at
 * once, so that wide ones fill a vector. Both add in one order. */
static void strided_means(const double *x, size_t n_rows, size_t n_channels, float *to, size_t step)
{
    for (size_t channel = 0; channel < n_channels; channel++) {
        double sum[4] = { 0, 0, 0, 0 };
        for (size_t row = 0; row < n_rows; row++)
            sum[row % 4] += x[row * n_channels + channel];
        to[channel * step] = (float)(((sum[0] + sum[1]) + (sum[2] + sum[3])) / (double)n_rows);
    }
}

static void row_means(const double *x, size_t n_rows, size_t n_channels, float *to, size_t step)
{
    double sum[4][EMGP_MOST_CHANNELS];
    for (size_t part = 0; part < 4; part++) {
        for (size_t channel = 0; channel < n_channels; channel++)
            sum[part][channel] = 0;
        for (size_t row = part; row < n_rows; row += 4)
            for (size_t channel = 0; channel < n_channels; channel++)
                sum[part][channel] += x[row * n_channels + channel];
    }
    for (size_t channel = 0; channel < n_channels; channel++)
        to[channel * step] =
            (float)(((sum[0][channel] + sum[1][channel]) + (sum[2][channel] + sum[3][channel])) / (double)n_rows);
}

/* The mean of the bin that begins at a frame. */
static void make_bin(emgp_ecg_ring *ring, uint64_t frame)
{
    size_t at = (size_t)(frame % ring->room) * ring->n_channels;
    float *to = ring->coarse + (size_t)(frame - ring->out) / ring->bin;
    if (ring->n_channels < WIDE)
        strided_means(ring->x + at, ring->bin, ring->n_channels, to, ring->room_bins);
    else
        row_means(ring->x + at, ring->bin, ring->n_channels, to, ring->room_bins);
}

size_t emgp_ecg_ring_push(emgp_ecg_ring *ring, const double *x, size_t n)
{
    size_t row = ring->n_channels, at = (size_t)(ring->filled % ring->room);
    size_t space = ring->room - (size_t)(ring->filled - ring->out);
    if (n > space)
        n = space;
    size_t before_end = ring->room - at < n ? ring->room - at : n;
    memcpy(ring->x + at * row, x, before_end * row * sizeof *x);
    memcpy(ring->x, x + before_end * row, (n - before_end) * row * sizeof *x);
    ring->filled += n;
    for (uint64_t begin; (begin = ring->out + ring->n_bins * ring->bin) + ring->bin <= ring->filled; ring->n_bins++)
        make_bin(ring, begin);
    return n;
}

const double *emgp_ecg_ring_oldest(const emgp_ecg_ring *ring, size_t *n)
{
    size_t held = (size_t)(ring->filled - ring->out);
    *n = held < ring->hop ? held : ring->hop;
    return ring->x + (size_t)(ring->out % ring->room) * ring->n_channels;
}

void emgp_ecg_ring_drop(emgp_ecg_ring *ring, size_t n)
{
    size_t bins = n / ring->bin < ring->n_bins ? n / ring->bin : ring->n_bins;
    ring->n_bins -= bins;
    for (size_t channel = 0; channel < ring->n_channels; channel++) {
        float *coarse = ring->coarse + channel * ring->room_bins;
        memmove(coarse, coarse + bins, ring->n_bins * sizeof *coarse);
    }
    ring->out += n;
}

void emgp_ecg_ring_reset(emgp_ecg_ring *ring)
{
    ring->out = ring->filled = 0;
    ring->n_bins = 0;
}

/* The part of n frames from `from` on that is held: *skip frames later, returns how many. */
static size_t held_part(const emgp_ecg_ring *ring, int64_t from, size_t n, size_t *skip)
{
    int64_t first = from > (int64_t)ring->out ? from : (int64_t)ring->out;
    int64_t end = from + (int64_t)n < (int64_t)ring->filled ? from + (int64_t)n : (int64_t)ring->filled;
    *skip = (size_t)(first - from);
    return end > first ? (size_t)(end - first) : 0;
}

static size_t place(const emgp_ecg_ring *ring, size_t channel, int64_t frame)
{
    return (size_t)((uint64_t)frame % ring->room) * ring->n_channels + channel;
}

void emgp_ecg_ring_get(const emgp_ecg_ring *ring, size_t channel, int64_t from, size_t n, double *to)
{
    size_t skip, held = held_part(ring, from, n, &skip);
    memset(to, 0, n * sizeof *to);
    for (size_t i = 0; i < held; i++)
        to[skip + i] = ring->x[place(ring, channel, from + (int64_t)(skip + i))];
}

void emgp_ecg_ring_put(emgp_ecg_ring *ring, size_t channel, int64_t from, size_t n, const double *x)
{
    size_t skip, held = held_part(ring, from, n, &skip);
    for (size_t i = 0; i < held; i++)
        ring->x[place(ring, channel, from + (int64_t)(skip + i))] = x[skip + i];
}

void emgp_ecg_ring_subtract(emgp_ecg_ring *ring, size_t channel, int64_t from, size_t n, const double *wave)
{
    size_t skip, held = held_part(ring, from, n, &skip);
    for (size_t i = 0; i < held; i++)
        ring->x[place(ring, channel, from + (int64_t)(skip + i))] -= wave[skip + i];
}
