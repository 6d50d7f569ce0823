/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the power of a raw window lies: below 20 Hz, above, or in the line of the mains. */
#ifndef EMGP_LOWBAND_H
#define EMGP_LOWBAND_H

#include <stddef.h>

#include <emg/status.h>

typedef struct emgp_lowband emgp_lowband;

typedef struct emgp_powers {
    double low;  /* from 2 to 20 Hz */
    double high; /* above, without the line */
    double line; /* of the stronger of 50 and 60 Hz; 0 when it does not stand out of its surroundings */
} emgp_powers;

/* For windows of n bins at bin_hz bins a second. EMG_ENOMEM. */
emg_status emgp_lowband_new(emgp_lowband **out, size_t n, double bin_hz, emg_error *err);
void emgp_lowband_free(emgp_lowband *lowband);

/* slow: n bin means; within: mean power within bins. */
emgp_powers emgp_lowband_powers(emgp_lowband *lowband, const double *slow, double within);

#endif
