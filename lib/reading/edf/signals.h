/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signal table of an EDF header, which stands field by field, not signal by signal. */
#ifndef EMGP_EDF_CHANNELS_H
#define EMGP_EDF_CHANNELS_H

#include "reading/edf/fields.h"
#include "reading/edf/header.h"

typedef enum emgp_edf_column {
    EMGP_EDF_LABEL,
    EMGP_EDF_TRANSDUCER,
    EMGP_EDF_UNIT,
    EMGP_EDF_PHYSICAL_MIN,
    EMGP_EDF_PHYSICAL_MAX,
    EMGP_EDF_DIGITAL_MIN,
    EMGP_EDF_DIGITAL_MAX,
    EMGP_EDF_PREFILTER,
    EMGP_EDF_SAMPLES
} emgp_edf_column;

/* The field of signal i (from 0) of n. */
emgp_field emgp_edf_signal_field(emgp_edf_column column, size_t n, size_t i);

/* Marks annotation signals and numbers the ordinary ones; sets the counts of both. */
void emgp_edf_find_annotations(emgp_fields *fields, emgp_edf_header *header);

/* Fills header->channels and the digital limits; needs layout and record duration. A fault in one signal's
 * calibration spoils that signal, not the file. */
emg_status emgp_edf_read_channels(emgp_fields *fields, emgp_edf_header *header);

#endif
