/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frames held back of a group of lanes, and of each lane its means over bins of 4 ms. */
#ifndef EMGP_HEART_RING_H
#define EMGP_HEART_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Frames are counted from the segment's first. `out` is a multiple of `hop`, `hop` of `bin`.
 *
 *   bins:      |b|b|b|b|b|b|b|b|b|...                 coarse[lane * room_bins + 0] is the bin at frame `out`
 *   frames:    |<-- hop -->|<-- hop -->|...|
 *              ^ out                       ^ filled   at most `room` frames apart
 */
typedef struct emgp_heart_ring {
    bool single; /* samples are float, else double */
    size_t n_lanes, bin, hop, room, room_bins, n_bins;
    uint64_t out, filled;
    void *x;       /* `room` rows of n_lanes; frame f is row f % room */
    float *coarse; /* n_lanes runs of room_bins */
} emgp_heart_ring;

bool emgp_heart_ring_make(emgp_heart_ring *ring, size_t bin, size_t hop, size_t n_hops, size_t n_lanes, bool single);
void emgp_heart_ring_free(emgp_heart_ring *ring);

/* Takes as many of n frames as there is room for, and returns how many. */
size_t emgp_heart_ring_push(emgp_heart_ring *ring, const void *x, size_t n);

/* The rows of the oldest frames, at most a hop of them. */
const void *emgp_heart_ring_oldest(const emgp_heart_ring *ring, size_t *n);

/* Lets the oldest n frames go: a hop, or the last ones. */
void emgp_heart_ring_drop(emgp_heart_ring *ring, size_t n);

/* Forgets everything: the next frame is a segment's first. */
void emgp_heart_ring_reset(emgp_heart_ring *ring);

/* A lane's samples from a frame on; zero where nothing is held. */
void emgp_heart_ring_get(const emgp_heart_ring *ring, size_t lane, int64_t from, size_t n, double *to);

/* Subtracts from (or replaces) a lane's samples, where they are held. */
void emgp_heart_ring_subtract(emgp_heart_ring *ring, size_t lane, int64_t from, size_t n, const double *wave);
void emgp_heart_ring_put(emgp_heart_ring *ring, size_t lane, int64_t from, size_t n, const double *x);

#endif
