/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers that are the same everywhere, for shares of comparisons that differ. */
#ifndef EMG_DRAWS_H
#define EMG_DRAWS_H

#include <math.h>
#include <stdint.h>

static inline double uniform(uint64_t *state) /* splitmix64 */
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double normal(uint64_t *state) /* Box and Muller 1958 */
{
    const double r = sqrt(-2 * log(uniform(state))), angle = 6.283185307179586 * uniform(state);
    return r * cos(angle);
}

static inline unsigned poisson(uint64_t *state, double mean)
{
    unsigned n = 0;
    for (double left = exp(-mean), product = uniform(state); product > left; product *= uniform(state))
        n++;
    return n;
}

#endif
