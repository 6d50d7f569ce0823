/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cascade of second-order sections does: its response, its gain of a constant, how long it rings. */
#ifndef EMGP_CASCADE_H
#define EMGP_CASCADE_H

#include <stddef.h>

#include "dsp/filter/butterworth.h"

/* The response at w (0 to pi) radians per sample; group_delay_s is in samples here. Exact for the coefficients as they
 * are, however close to z = 1 the poles lie. */
void emgp_sections_response(const emgp_section *sections, size_t n, double w, emg_filter_response *out);

/* |H| at a frequency, 0 to rate_hz / 2. */
double emgp_sections_gain(const emgp_section *sections, size_t n, double f_hz, double rate_hz);

/* H(1), the cascade's gain of a constant; exactly 0 for a high-pass or band-pass. */
double emgp_sections_dc_gain(const emgp_section *sections, size_t n);

/* Frames after which the cascade's impulse response stays below `level` (0 to 1) times its peak; 0 when that takes more
 * than `most` frames (a corner very low for the rate, or an unstable filter). */
size_t emgp_sections_decay(const emgp_section *sections, size_t n, double level, size_t most);

/* Least k, to within a 4096th of the response's length, beyond which the impulse response's absolute sum is at most
 * `level` (0 to 1) of its whole; 0 when that takes more than `most` frames. */
size_t emgp_sections_settle(const emgp_section *sections, size_t n, double level, size_t most);

#endif
