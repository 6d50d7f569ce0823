/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corner frequencies to second-order sections of a Butterworth filter. */
#ifndef EMGP_BUTTERWORTH_H
#define EMGP_BUTTERWORTH_H

#include <stddef.h>

#include <emg/status.h>

enum { EMGP_MOST_ORDER = 12 };

/* One second-order section, H(z) = (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2). */
typedef struct emgp_section {
    double b0, b1, b2, a1, a2;
} emgp_section;

typedef enum emgp_band { EMGP_BAND_LOW, EMGP_BAND_HIGH, EMGP_BAND_PASS, EMGP_BAND_STOP } emgp_band;

/* Designs a filter of order 1 to 12 by the bilinear transform with prewarped corners (-3 dB points). A low-pass uses
 * high_hz as its corner, a high-pass low_hz, the others both; a band filter has twice the order in poles.
 * out needs room for `order` sections; *n says how many there are. EMG_ERANGE: an order or a corner out of range. */
emg_status emgp_butterworth(emgp_section *out, size_t *n, emgp_band kind, int order, double low_hz, double high_hz,
                            double rate_hz, emg_error *err);

/* |H| of a cascade at a frequency, 0 to rate_hz / 2. */
double emgp_sections_gain(const emgp_section *sections, size_t n, double f_hz, double rate_hz);

/* H(1), the cascade's gain of a constant; exactly 0 for a high-pass or band-pass. */
double emgp_sections_dc_gain(const emgp_section *sections, size_t n);

/* Frames after which the cascade's impulse response stays below `level` (0 to 1) times its peak; 0 when that takes more
 * than `most` frames (a corner very low for the rate, or an unstable filter). */
size_t emgp_sections_decay(const emgp_section *sections, size_t n, double level, size_t most);

#endif
