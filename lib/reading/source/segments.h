/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of a recording's segments while it is found out. */
#ifndef EMGP_SEGMENTS_H
#define EMGP_SEGMENTS_H

#include "reading/source/reader.h"

/* Appends a segment that runs from start_s to end_s as far as is known. EMG_ENOMEM; EMG_EUNSUPPORTED: more than
 * EMGP_MOST_SEGMENTS. */
emg_status emgp_segments_begin(emg_recording *rec, double start_s, double end_s, emg_error *err);

/* The last segment ends at end_s after all; it goes when nothing is left of it. */
void emgp_segments_end(emg_recording *rec, double end_s);

/* Makes facts.duration_s the sum over the segments, and facts.selected_s that of what is read of them. */
void emgp_segments_sum(emg_recording *rec);

#endif
