/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xoshiro256**, the distributions that the simulator draws from, and its own exp, log, sin and cos. */
#include "base/base.h"
#include "simulate/plan/plan.h"

#include <math.h>

/* ln 2 in two parts: k * LN2_HIGH is exact for |k| < 2^20 (its last 21 bits are zero). */
static const double LN2_HIGH = 6.93147180369123816490e-01, LN2_LOW = 1.90821492927058770002e-10;

/* Coefficients 1 / n!, and 1 / (2 n + 1) of the artanh series. */
static const double factorial[] = { 1,
                                    1,
                                    1.0 / 2,
                                    1.0 / 6,
                                    1.0 / 24,
                                    1.0 / 120,
                                    1.0 / 720,
                                    1.0 / 5040,
                                    1.0 / 40320,
                                    1.0 / 362880,
                                    1.0 / 3628800,
                                    1.0 / 39916800,
                                    1.0 / 479001600,
                                    1.0 / 6227020800,
                                    1.0 / 87178291200,
                                    1.0 / 1307674368000,
                                    1.0 / 20922789888000,
                                    1.0 / 355687428096000 };
static const double odd[] = { 1,        1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9, 1.0 / 11,
                              1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21 };

/* exp(x) = 2^k exp(r), |r| <= ln 2 / 2: the Taylor series to r^13 leaves less than 5e-18. */
double emgp_fixed_exp(double x)
{
    if (x < -700)
        return 0;
    if (x > 700)
        x = 700;
    double k = floor(x * 1.44269504088896340736 + 0.5);
    double r = (x - k * LN2_HIGH) - k * LN2_LOW, sum = factorial[13];
    for (int n = 12; n >= 0; n--)
        sum = sum * r + factorial[n];
    return ldexp(sum, (int)k);
}

/* log(x) = e ln 2 + 2 artanh(s), s = (m - 1) / (m + 1), |s| <= 0.172: s^23 / 23 is below 2e-19. */
double emgp_fixed_log(double x)
{
    int e;
    double m = frexp(x, &e);
    if (m < 0.70710678118654752440) {
        m *= 2;
        e--;
    }
    double s = (m - 1) / (m + 1), square = s * s, sum = 0;
    for (int n = 10; n >= 0; n--)
        sum = sum * square + odd[n];
    return e * LN2_HIGH + (2 * s * sum + e * LN2_LOW);
}

/* Turns make the reduction to an eighth of a turn exact; the series end at r^17 and r^16, r <= pi / 4. */
void emgp_fixed_sincos(double turns, double *sine, double *cosine)
{
    turns -= floor(turns);
    int quarter = (int)floor(4 * turns + 0.5);
    double r = 2 * PI * (turns - 0.25 * quarter), square = r * r, s = factorial[17], c = factorial[16];
    for (int n = 14; n >= 0; n -= 2) {
        s = factorial[n + 1] - s * square;
        c = factorial[n] - c * square;
    }
    s *= r;
    switch (quarter & 3) {
    case 0:
        *sine = s, *cosine = c;
        break;
    case 1:
        *sine = c, *cosine = -s;
        break;
    case 2:
        *sine = -s, *cosine = -c;
        break;
    default:
        *sine = -c, *cosine = s;
        break;
    }
}

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void emgp_random_start(emgp_random *r, uint64_t seed, uint64_t a, uint64_t b)
{
    uint64_t state = seed;
    state = splitmix(&state) ^ a;
    state = splitmix(&state) ^ b;
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix(&state);
    r->spare = 0;
    r->has_spare = false;
}

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t emgp_random_bits(emgp_random *r)
{
    uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double emgp_random_uniform(emgp_random *r)
{
    return (double)(emgp_random_bits(r) >> 11) * 0x1p-53;
}

double emgp_random_between(emgp_random *r, double low, double high)
{
    return low + (high - low) * emgp_random_uniform(r);
}

size_t emgp_random_below(emgp_random *r, size_t n)
{
    return (size_t)(((emgp_random_bits(r) >> 32) * n) >> 32);
}

/* Marsaglia's polar method. */
double emgp_random_normal(emgp_random *r)
{
    if (r->has_spare) {
        r->has_spare = false;
        return r->spare;
    }
    double u, v, s;
    do {
        u = 2 * emgp_random_uniform(r) - 1;
        v = 2 * emgp_random_uniform(r) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s < 1e-300);
    double scale = sqrt(-2 * emgp_fixed_log(s) / s);
    r->spare = v * scale;
    r->has_spare = true;
    return u * scale;
}

double emgp_random_exponential(emgp_random *r, double mean)
{
    return -mean * emgp_fixed_log(1 - emgp_random_uniform(r));
}

double emgp_random_gamma(emgp_random *r, unsigned shape, double mean)
{
    double sum = 0;
    for (unsigned i = 0; i < shape; i++)
        sum += emgp_random_exponential(r, mean / shape);
    return sum;
}

/* Marsaglia and Tsang 2000; below 1 with the power of a uniform number that they give. */
double emgp_random_gamma_real(emgp_random *r, double shape, double mean)
{
    if (shape <= 8 && shape >= 1 && shape <= floor(shape))
        return emgp_random_gamma(r, (unsigned)shape, mean);
    double boost = 1, a = shape;
    if (shape < 1) {
        a = shape + 1;
        boost = emgp_fixed_exp(emgp_fixed_log(1 - emgp_random_uniform(r)) / shape);
    }
    double d = a - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = emgp_random_normal(r), v = 1 + c * x;
        v = v * v * v;
        if (v > 1e-300 && emgp_fixed_log(1 - emgp_random_uniform(r)) < 0.5 * x * x + d - d * v + d * emgp_fixed_log(v))
            return boost * d * v * mean / shape;
    }
}

double emgp_random_within(emgp_random *r, double mean, double sd, double low, double high)
{
    for (int tries = 0; tries < 64; tries++) {
        double x = mean + sd * emgp_random_normal(r);
        if (x >= low && x <= high)
            return x;
    }
    return mean < low ? low : mean > high ? high : mean;
}
