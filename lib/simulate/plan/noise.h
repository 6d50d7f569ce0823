/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The background of a channel: white and 1/f noise through the amplifier's band, with a slowly drifting strength. */
#ifndef EMGP_SIMULATE_NOISE_H
#define EMGP_SIMULATE_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simulate/plan/random.h"
#include "simulate/plan/simulated_unit.h"

/* The amplifier's band, and the band in which strength and peak-SNR are defined: fourth-order Butterworth at either
 * corner, run forwards and backwards. */
typedef struct emgp_band {
    double amplifier_low_hz, amplifier_high_hz;
    double analysis_low_hz, analysis_high_hz;
} emgp_band;

extern const emgp_band emgp_band_surface, emgp_band_needle;

/* A corner as it can be at a rate: at most 0.45 of it. */
double emgp_band_corner(double corner_hz, double rate_hz);

/* One second-order section in transposed direct form II. */
typedef struct emgp_section {
    double b0, b1, b2, a1, a2, z1, z2;
} emgp_section;

enum { EMGP_SLOPES = 4 };

typedef struct emgp_noise {
    emgp_random random;
    emgp_section section[3];                      /* the amplifier: high-pass of order 2, low-pass of order 4 */
    double pole[EMGP_SLOPES], state[EMGP_SLOPES]; /* low-passes two octaves apart, whose sum falls as 1/f */
    double weight[EMGP_SLOPES];
    double white, pink, gain;
} emgp_noise;

/* How noise is coloured: `share` of its power in the analysis band falls as 1/f, or as 1/f^2 above 5 Hz when brown. */
typedef struct emgp_colour {
    double share;
    bool brown;
} emgp_colour;

/* Noise with a standard deviation of 1 within the analysis band; what is not coloured is white. Begins settled: the first second is already thrown away. False when memory is
 * out. */
bool emgp_noise_start(emgp_noise *noise, emgp_random random, const emgp_band *band, double rate_hz,
                      const emgp_colour *colour);
double emgp_noise_next(emgp_noise *noise);

/* Strength over time in decibels: two slow waves that never exceed `range_db` together. */
typedef struct emgp_drift {
    double range_db, period_s[2], phase[2]; /* phases in turns */
} emgp_drift;

void emgp_drift_start(emgp_drift *drift, emgp_random *r, double range_db);
double emgp_drift_gain(const emgp_drift *drift, double time_s); /* a factor, 1 at 0 dB */

/* Sends samples through the analysis band, forwards and backwards, in place, with 0.3 s of silence at both sides. False
 * when memory is out. */
bool emgp_band_apply(const emgp_band *band, double rate_hz, double *x, size_t n);

/* The peak that is left of a unit (of amplitude 1) after the analysis band. 0 when memory is out. */
double emgp_band_peak(const emgp_band *band, const emgp_unit *unit, double rate_hz);

#endif
