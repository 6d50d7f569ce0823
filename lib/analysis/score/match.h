/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best one-to-one matching of two rows of things in time order. */
#ifndef EMGP_MATCH_H
#define EMGP_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/status.h>

/* Whether i of the one side and j of the other may be a pair, and how far apart they are (>= 0). */
typedef bool emgp_match_pair(const void *context, size_t i, size_t j, double *distance);

/* The pairs possible for i lie in [from[i], to[i]). */
typedef struct emgp_match_range {
    size_t from, to;
} emgp_match_range;

enum { EMGP_UNMATCHED = -1 };

/* partner[i]: the j that belongs to i, or EMGP_UNMATCHED. Of all matchings in order (i < i' have j < j') one with most
 * pairs, and of those the least sum of distances. Time grows with the sum of the ranges (and the logarithm of the longest),
 * memory with the number of possible pairs. EMG_ENOMEM. */
emg_status emgp_match(size_t n, const emgp_match_range *range, emgp_match_pair *pair, const void *context,
                      ptrdiff_t *partner, emg_error *err);

#endif
