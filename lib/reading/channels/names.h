/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that tell a recording's channels apart. */
#ifndef EMGP_NAMES_H
#define EMGP_NAMES_H

#include "reading/source/reader.h"

/* Fills each channel's name: its label, with "#<signal number>" where the label is blank or not the only one of its
 * kind (deviations W_LABEL_BLANK, W_LABEL_DUPLICATE; audio formats have no labels and get none). EMG_ENOMEM. */
emg_status emgp_names_assign(emg_recording *rec, emg_error *err);

/* Whether a text (not a glob) is what a channel is called: its label or name, or, for lack of a label, its number. */
bool emgp_name_is(const emg_channel *channel, const char *text);

#endif
