/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise of a stated strength in a stated band, and how much of a shape that band leaves. */
#include "simulate/plan/plan.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* Fifteen digits of pi: the bits of every recording ever simulated hang on where they end. */
static const double PI_OF_POLES = 3.14159265358979;

const emgp_band emgp_band_surface = { 10, 500, 20, 450 }, emgp_band_needle = { 20, 5000, 20, 5000 };

/* Q of the sections of Butterworth filters of order 2 and 4: 1 / (2 cos of the poles' angles). */
static const double Q2 = 0.70710678118654752440, Q4[2] = { 0.54119610014619698440, 1.30656296487637652786 };

double emgp_band_corner(double corner_hz, double rate_hz)
{
    return fmin(corner_hz, 0.45 * rate_hz);
}

/* The bilinear transform of an analogue second-order section with its corner prewarped: k = tan(pi f / rate). */
static emgp_section section_make(double corner_hz, double rate_hz, double q, bool high)
{
    double s, c;
    emgp_fixed_sincos(0.5 * emgp_band_corner(corner_hz, rate_hz) / rate_hz, &s, &c);
    double k = s / c, norm = 1 / (1 + k / q + k * k), gain = high ? norm : k * k * norm;
    return (emgp_section){ .b0 = gain,
                           .b1 = high ? -2 * gain : 2 * gain,
                           .b2 = gain,
                           .a1 = 2 * (k * k - 1) * norm,
                           .a2 = (1 - k / q + k * k) * norm };
}

static double section_run(emgp_section *s, double x)
{
    double y = s->b0 * x + s->z1;
    s->z1 = s->b1 * x - s->a1 * y + s->z2;
    s->z2 = s->b2 * x - s->a2 * y;
    return y;
}

static void run_all(emgp_section *sections, size_t n_sections, double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_sections; k++)
            x[i] = section_run(&sections[k], x[i]);
}

static void reverse(double *x, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        double t = x[i];
        x[i] = x[n - 1 - i];
        x[n - 1 - i] = t;
    }
}

/* The analysis band, forwards and backwards; x must be padded with silence on both sides. */
static void analyse(const emgp_band *band, double rate_hz, double *x, size_t n)
{
    for (int pass = 0; pass < 2; pass++) {
        emgp_section sections[4];
        for (size_t k = 0; k < 2; k++) {
            sections[2 * k] = section_make(band->analysis_low_hz, rate_hz, Q4[k], true);
            sections[2 * k + 1] = section_make(band->analysis_high_hz, rate_hz, Q4[k], false);
        }
        run_all(sections, 4, x, n);
        reverse(x, n);
    }
}

bool emgp_band_apply(const emgp_band *band, double rate_hz, double *x, size_t n)
{
    size_t pad = (size_t)(0.3 * rate_hz);
    double *y = emgp_alloc(n + 2 * pad, sizeof *y);
    if (!y)
        return false;
    memcpy(y + pad, x, n * sizeof *y);
    analyse(band, rate_hz, y, n + 2 * pad);
    memcpy(x, y + pad, n * sizeof *y);
    emgp_free(y);
    return true;
}

double emgp_band_peak(const emgp_band *band, const emgp_unit *unit, double rate_hz)
{
    size_t pad = (size_t)(0.3 * rate_hz), n = unit->length + 2 * pad; /* six periods of the lowest corner */
    double *x = emgp_alloc(n, sizeof *x), peak = 0;
    if (!x)
        return 0;
    emgp_unit_add(unit, (int64_t)pad, 0, 1 / unit->amplitude_uv, 0, x, n, 1);
    analyse(band, rate_hz, x, n);
    for (size_t i = 0; i < n; i++)
        peak = fmax(peak, fabs(x[i]));
    emgp_free(x);
    return peak;
}

/* One sample of the noise for one sample of white input. */
static double colour(emgp_noise *noise, double white)
{
    double sum = 0;
    for (size_t k = 0; k < EMGP_SLOPES; k++) {
        noise->state[k] += noise->pole[k] * (white - noise->state[k]);
        sum += noise->state[k] * noise->weight[k];
    }
    double y = noise->white * white + noise->pink * sum;
    for (size_t k = 0; k < 3; k++)
        y = section_run(&noise->section[k], y);
    return y;
}

static void settle(emgp_noise *noise)
{
    memset(noise->state, 0, sizeof noise->state);
    for (size_t k = 0; k < 3; k++)
        noise->section[k].z1 = noise->section[k].z2 = 0;
}

/* Standard deviation in the analysis band for white input of 1: the root of the impulse response's energy. */
static double strength(emgp_noise *noise, const emgp_band *band, double rate_hz, double *x, size_t n)
{
    settle(noise);
    memset(x, 0, n * sizeof *x);
    for (size_t i = n / 3; i < n; i++)
        x[i] = colour(noise, i == n / 3 ? 1 : 0);
    analyse(band, rate_hz, x, n);
    double energy = 0;
    for (size_t i = 0; i < n; i++)
        energy += x[i] * x[i];
    settle(noise);
    return sqrt(energy);
}

bool emgp_noise_start(emgp_noise *noise, emgp_random random, const emgp_band *band, double rate_hz,
                      const emgp_colour *colour_of)
{
    size_t n = (size_t)(1.5 * rate_hz);
    double *x = emgp_alloc(n, sizeof *x);
    if (!x)
        return false;
    *noise = (emgp_noise){ .random = random, .white = 1 };
    noise->section[0] = section_make(band->amplifier_low_hz, rate_hz, Q2, true);
    for (size_t k = 0; k < 2; k++)
        noise->section[k + 1] = section_make(band->amplifier_high_hz, rate_hz, Q4[k], false);
    for (size_t k = 0; k < EMGP_SLOPES; k++) /* corners at 5, 20, 80, 320 Hz */
        noise->pole[k] = 1 - emgp_fixed_exp(-2 * PI_OF_POLES * 5 * (double)(1 << (2 * k)) / rate_hz);
    /* Each low-pass two octaves up is half as strong: 1/f in power; the lowest alone falls as 1/f^2. */
    for (size_t k = 0; k < EMGP_SLOPES; k++)
        noise->weight[k] = colour_of->brown ? (k == 0) : 1 / (double)(1 << k);
    double white = strength(noise, band, rate_hz, x, n);
    noise->white = 0;
    noise->pink = 1;
    double pink = strength(noise, band, rate_hz, x, n);
    noise->white = sqrt(1 - colour_of->share) / white;
    noise->pink = sqrt(colour_of->share) / pink;
    /* Both parts come from one white input and so are not independent: the sum is scaled once more. */
    double both = strength(noise, band, rate_hz, x, n);
    emgp_free(x);
    noise->gain = 1 / both;
    for (size_t i = 0; i < (size_t)rate_hz; i++)
        emgp_noise_next(noise);
    return true;
}

double emgp_noise_next(emgp_noise *noise)
{
    return noise->gain * colour(noise, emgp_random_normal(&noise->random));
}

void emgp_drift_start(emgp_drift *drift, emgp_random *r, double range_db)
{
    drift->range_db = range_db;
    for (int i = 0; i < 2; i++) {
        drift->period_s[i] = emgp_random_between(r, i ? 90 : 35, i ? 240 : 80);
        drift->phase[i] = emgp_random_uniform(r);
    }
}

double emgp_drift_gain(const emgp_drift *drift, double time_s)
{
    double slow, slower, unused;
    emgp_fixed_sincos(time_s / drift->period_s[0] + drift->phase[0], &slow, &unused);
    emgp_fixed_sincos(time_s / drift->period_s[1] + drift->phase[1], &slower, &unused);
    double db = drift->range_db * (0.4 * slow + 0.6 * slower);
    return emgp_fixed_exp(db * 0.11512925464970229); /* ln 10 / 20 */
}
