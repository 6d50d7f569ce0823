/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chance and elementary functions with the same bits on every machine. */
#ifndef EMGP_SIMULATE_RANDOM_H
#define EMGP_SIMULATE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* exp, log and sine of the C library differ in the last bit between machines; these use only + - * / and the exact
 * functions floor, frexp, ldexp, sqrt, so that they cannot. Relative error below 1e-15. */
double emgp_fixed_exp(double x);                                    /* |x| <= 700, beyond that the limit's value */
double emgp_fixed_log(double x);                                    /* x > 0, normal */
void emgp_fixed_sincos(double turns, double *sine, double *cosine); /* of 2 pi turns; absolute error below 1e-15 */

/* A stream of chance: xoshiro256** (Blackman and Vigna 2018), seeded through splitmix64. */
typedef struct emgp_random {
    uint64_t s[4];
    double spare; /* the polar method makes normal numbers in pairs */
    bool has_spare;
} emgp_random;

/* Starts stream (a, b) of a seed: streams of one seed are unrelated, so that adding one leaves the others alone. */
void emgp_random_start(emgp_random *r, uint64_t seed, uint64_t a, uint64_t b);

uint64_t emgp_random_bits(emgp_random *r);
double emgp_random_uniform(emgp_random *r);                          /* [0, 1) */
double emgp_random_between(emgp_random *r, double low, double high); /* uniform */
size_t emgp_random_below(emgp_random *r, size_t n);                  /* 0 .. n - 1, n < 2^32 */
double emgp_random_normal(emgp_random *r);                           /* mean 0, SD 1 */
double emgp_random_exponential(emgp_random *r, double mean);
double emgp_random_gamma(emgp_random *r, unsigned shape, double mean); /* CV = 1 / sqrt(shape) */
/* The same for any shape above 0.05; a whole shape up to 8 draws as above. */
double emgp_random_gamma_real(emgp_random *r, double shape, double mean);

/* Normal around mean, redrawn into [low, high]. */
double emgp_random_within(emgp_random *r, double mean, double sd, double low, double high);

#endif
