/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EMG that is no raw signal any more: rectified or averaged. */
#ifndef EMGP_ENVELOPE_H
#define EMGP_ENVELOPE_H

#include <emg/recording.h>

/* What tells that the channel is an envelope: "prefilter", "transducer", "label" or "unit"; NULL when nothing
 * does. Discharges and spectra of an
 * envelope mean nothing. A rate too low is told apart where the band is chosen. */
const char *emgp_envelope_sign(const emg_channel *channel);

#endif
