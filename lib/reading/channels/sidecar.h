/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside a recording: BIDS channels.tsv and emg.json, and muscle maps given by the user. */
#ifndef EMGP_SIDECAR_H
#define EMGP_SIDECAR_H

#include "reading/source/reader.h"

/* Applies a muscle map: a BIDS channels.tsv, or two columns channel and muscle. EMG_EIO: cannot be read;
 * EMG_EFORMAT: is no such table. */
emg_status emgp_sidecar_map(emg_recording *rec, const char *path, emg_error *err);

/* Finds and applies the BIDS files of the recording at `path`: those of its own name, else those whose name parts
 * all occur in its own (the inheritance principle). What is already known (from a map) stands. Files that cannot be
 * used are deviations. EMG_ENOMEM. */
emg_status emgp_sidecar_find(emg_recording *rec, const char *path, emg_error *err);

#endif
