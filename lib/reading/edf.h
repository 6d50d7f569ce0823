/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the EDF reader remembers between two calls. */
#ifndef EMGP_EDF_H
#define EMGP_EDF_H

#include "reading/edf_header.h"
#include "reading/edf_samples.h"
#include "reading/reader.h"

/* Where in the file reading stands. */
typedef struct emgp_edf_cursor {
    size_t segment;        /* being read */
    uint64_t record, part; /* of the next slice */
    uint64_t record_end;   /* of the segment within the time window */
    bool in_segment;       /* record and record_end are set */
    bool loaded;           /* a slice is in memory: */
    uint64_t first, n_records, loaded_part;
    size_t group;              /* whose turn it is */
    uint64_t frame, frame_end; /* its frames of the slice that are still due, counted from the segment's first */
} emgp_edf_cursor;

typedef struct emgp_edf {
    emgp_edf_header header;
    uint64_t *first_record; /* of each segment */
    double origin_s;
    bool clocks_known; /* all record times were read when the file was opened */
    const emgp_edf_signal *keeper;
    double half_sample_s;
    emgp_lane *lanes; /* of the selected channels, as in groups.channel */
    unsigned char *raw;
    double *x;
    size_t block_frames;
    bool whole;         /* slices are whole records, in the order of the file */
    uint64_t n_at_once; /* records in a slice */
    uint64_t n_parts;   /* parts of a record, when it is larger than a slice */
    uint64_t wrong_clocks;
    int64_t wrong_clock_at;
    emgp_edf_cursor at;
} emgp_edf;

/* The next block of selected channels (edf_blocks.c), as emgp_reader.next gives it. */
emg_status emgp_edf_next(emg_recording *rec, emg_block *block, emg_error *err);

#endif
