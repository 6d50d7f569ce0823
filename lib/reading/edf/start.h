/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When, of whom and by whom: the date, time and identification fields of an EDF header. */
#ifndef EMGP_EDF_START_H
#define EMGP_EDF_START_H

#include <emg/recording.h>

#include "reading/edf/fields.h"

/* Reads patient, recording, start date and start time into facts. `plus`: EDF+ subfields are due. Nothing here
 * refuses a file: what cannot be read leaves the start unknown. */
void emgp_edf_start(emgp_fields *fields, bool plus, emg_recording_facts *facts);

/* Moves a known start by some seconds (the clock of the first record), over midnight and month ends. */
void emgp_edf_start_shift(emg_recording_facts *facts, double seconds);

#endif
