/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which channels are read and written, which of them are conditioned, and how blocks become the rounds' frames. */
#ifndef EMGP_FEEDS_H
#define EMGP_FEEDS_H

#include "run/filter/choice.h"
#include "run/filter/conditioned.h"

/* Lists outlets, feeds and sources of the open recording, and c->out->channels. EMG_EARG: nothing to write;
 * EMG_ERANGE: an ECG lead that does not travel with a muscle. */
emg_status emgp_feeds_plan(emgp_conditioned *c, const emgp_choice *choice, emg_error *err);

/* The same plan over the recording opened again. EMG_EIO: it is another one now. */
emg_status emgp_feeds_reopen(emgp_conditioned *c, emg_error *err);

/* Makes the chains of an attempt. */
emg_status emgp_feeds_begin(emgp_conditioned *c, emgp_rounds *rounds, emg_error *err);
emg_status emgp_feeds_take(emgp_conditioned *c, const emg_block *block, emg_error *err);
emg_status emgp_feeds_finish(emgp_conditioned *c, emg_error *err);

/* Fills c->out->channels with what the chains found. */
emg_status emgp_feeds_tell(emgp_conditioned *c, emg_error *err);

/* Frees the chains; the plan stays. */
void emgp_feeds_end(emgp_conditioned *c);
void emgp_feeds_free(emgp_conditioned *c);

#endif
