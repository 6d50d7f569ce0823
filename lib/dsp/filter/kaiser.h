/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corner frequencies to the taps of a linear-phase filter. */
#ifndef EMGP_KAISER_H
#define EMGP_KAISER_H

#include <emg/filter.h>

enum { EMGP_MOST_TAPS = (1 << 20) + 1 };

/* Designs an odd number of symmetric taps (type I) after the plan's kind, corners, transition and attenuation by the
 * window method. *taps is freed by emgp_free(), NULL on failure. EMG_ERANGE: a corner, transition or attenuation out
 * of range; EMG_ENOMEM. */
emg_status emgp_kaiser(double **taps, size_t *n, const emg_filter_plan *plan, emg_error *err);

/* The response of n (odd) symmetric taps at w (0 to pi) radians per sample; group_delay_s is in samples. */
void emgp_taps_response(const double *taps, size_t n, double w, emg_filter_response *out);

#endif
