/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of an EDF or BDF file as facts: bytes in, facts and deviations out, no file in sight. */
#ifndef EMGP_EDF_HEADER_H
#define EMGP_EDF_HEADER_H

#include "reading/source/deviation.h"

enum { EMGP_EDF_FIXED = 256, EMGP_EDF_PER_SIGNAL = 256 };

/* Where a signal's samples lie in a data record. */
typedef struct emgp_edf_signal {
    uint64_t offset; /* bytes from the start of the record */
    uint32_t n;      /* samples in a record */
    int32_t digital_min, digital_max;
    bool annotation;
    size_t channel; /* index of the ordinary channel; undefined for annotation signals */
} emgp_edf_signal;

typedef struct emgp_edf_header {
    emg_recording_facts facts; /* all but what depends on record times */
    emg_channel *channels;     /* facts.n_channels ordinary signals, without names, muscles and types */
    emgp_edf_signal *signals;
    size_t n_signals;
    uint64_t header_bytes, record_bytes;
    unsigned sample_bytes; /* 2 or 3 */
    bool discontinuous;    /* the reserved field says that records may have gaps between them */
    bool plus;             /* EDF+ or BDF+ */
} emgp_edf_header;

/* Whether n bytes (8 suffice) begin an EDF or BDF file. */
bool emgp_edf_sniff(const unsigned char *head, size_t n);

/* Bytes of the whole header, from the first n bytes of a file of file_bytes. EMG_EFORMAT: shorter than a header,
 * or a signal count that is no number, out of range, or more than the file can hold. */
emg_status emgp_edf_header_length(const unsigned char *head, size_t n, uint64_t file_bytes, size_t *out,
                                  emg_error *err);

/* Parses a whole header of the length told by emgp_edf_header_length. EMG_EFORMAT, EMG_ENOMEM; *out is zeroed on
 * failure, else to be freed with emgp_edf_header_free. */
emg_status emgp_edf_header_parse(const unsigned char *bytes, size_t n, uint64_t file_bytes, emgp_deviations *deviations,
                                 emgp_edf_header *out, emg_error *err);
void emgp_edf_header_free(emgp_edf_header *header);

#endif
