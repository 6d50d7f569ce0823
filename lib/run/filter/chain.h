/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is done to the channels of one group, stream after stream. */
#ifndef EMGP_CHAIN_H
#define EMGP_CHAIN_H

#include <emg/conditioned.h>

typedef struct emgp_chain emgp_chain;

/* What is done, as a prefilter field says it: "HP:20Hz LP:450Hz N:50Hz". */
void emgp_chain_text(const emg_run_filter_config *config, const emg_filter_plan *plans, size_t n, char *out,
                     size_t room);

/* Makes the chain for n_channels; lead is a channel of them or -1. stated_hz: the recording's line frequency or 0.
 * EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_chain_new(emgp_chain **out, const emg_run_filter_config *config, double rate_hz, size_t n_channels,
                          int lead, double stated_hz, emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_chain_push(emgp_chain *chain, const double *x, size_t n_frames, emg_error *err);
/* Ends the segment. */
emg_status emgp_chain_finish(emgp_chain *chain, emg_error *err);

/* Fills what was found on a channel, and the transient. */
emg_status emgp_chain_tell(const emgp_chain *chain, size_t channel, emg_run_filtered *out, emg_error *err);

/* NULL is allowed. */
void emgp_chain_free(emgp_chain *chain);

#endif
