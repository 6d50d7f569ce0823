/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which channels are read, and which of them upside down. */
#ifndef EMGP_SELECT_H
#define EMGP_SELECT_H

#include "reading/source/reader.h"

/* Turns round the polarity of the channels that rec->reading.invert names. EMG_EARG. */
emg_status emgp_select_invert(emg_recording *rec, emg_error *err);

/* Selects by rec->reading.channels, or what is selected without them. EMG_EARG. */
emg_status emgp_select(emg_recording *rec, emg_error *err);

/* Whether the caller names channels to be selected, rather than only some to be left out. */
bool emgp_select_named(const emg_reading *reading);

/* Fails with EMG_EARG: nothing is called so, and the names that come nearest to it. */
emg_status emgp_select_unknown(const emg_recording *rec, const char *pattern, emg_error *err);

#endif
