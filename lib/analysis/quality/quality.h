/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows of channel quality from bins of the raw signal. */
#ifndef EMGP_QUALITY_H
#define EMGP_QUALITY_H

#include <emg/quality.h>

#include "dsp/envelope/bins.h"

typedef struct emgp_quality emgp_quality;

/* channels is read here only. EMG_ENOMEM. */
emg_status emgp_quality_new(emgp_quality **out, const emg_quality_config *config, const emg_quality_channel *channels,
                            size_t n_channels, double rate_hz, emg_take_quality *take, void *context, emg_error *err);
void emgp_quality_free(emgp_quality *quality);
emg_status emgp_quality_bin(emgp_quality *quality, const emgp_bin *bin, emg_error *err);
/* Ends the segment. */
emg_status emgp_quality_finish(emgp_quality *quality, emg_error *err);

#endif
