/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corner frequencies to second-order sections of a Butterworth filter. */
#ifndef EMGP_BUTTERWORTH_H
#define EMGP_BUTTERWORTH_H

#include <stddef.h>

#include <emg/filter.h>
#include <emg/status.h>

enum { EMGP_MOST_ORDER = 12 };

typedef emg_filter_section emgp_section;

typedef enum emgp_band { EMGP_BAND_LOW, EMGP_BAND_HIGH, EMGP_BAND_PASS, EMGP_BAND_STOP } emgp_band;

/* Designs a filter of order 1 to 12 by the bilinear transform with prewarped corners (-3 dB points). A low-pass uses
 * high_hz as its corner, a high-pass low_hz, the others both; a band filter has twice the order in poles.
 * out needs room for `order` sections; *n says how many there are. EMG_ERANGE: an order or a corner out of range. */
emg_status emgp_butterworth(emgp_section *out, size_t *n, emgp_band kind, int order, double low_hz, double high_hz,
                            double rate_hz, emg_error *err);

/* Whether the corners that a kind uses make sense at a rate: EMG_OK, or EMG_ERANGE with the sentence. */
emg_status emgp_check_corners(emgp_band kind, double low_hz, double high_hz, double rate_hz, emg_error *err);

#endif
