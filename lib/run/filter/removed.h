/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of what a conditioned recording has lost. */
#ifndef EMGP_REMOVED_H
#define EMGP_REMOVED_H

#include "run/filter/conditioned.h"

/* Writes c->config->removed_path, whole or not at all. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_removed_write(const emgp_conditioned *c, emg_error *err);

#endif
