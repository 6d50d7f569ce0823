/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the EDF reader remembers between two calls. */
#ifndef EMGP_EDF_H
#define EMGP_EDF_H

#include "reading/edf/header.h"
#include "reading/edf/samples.h"
#include "reading/source/reader.h"

/* Where in the file reading stands. */
typedef struct emgp_edf_cursor {
    size_t segment;        /* being read */
    uint64_t record, part; /* of the next slice */
    uint64_t record_end;   /* of the segment */
    bool in_segment;       /* record and record_end are set */
    size_t window;         /* the first that does not end before the slice */
    bool loaded;           /* a slice is in memory: */
    uint64_t first, n_records, loaded_part;
    double slice_end_s;        /* when its last sample has passed */
    size_t group;              /* whose turn it is */
    size_t next_window;        /* from which its next frames come */
    uint64_t frame, frame_end; /* its frames that are still due, counted from the segment's first */
    uint64_t window_frame;     /* with which the window of these begins */
} emgp_edf_cursor;

/* A lane of a block to which more signals are added: a derived channel. */
typedef struct emgp_edf_sum {
    size_t lane;     /* as in groups.channel; holds the first term */
    size_t first, n; /* lanes with the other terms */
} emgp_edf_sum;

typedef struct emgp_edf {
    emgp_edf_header header;
    uint64_t *first_record; /* of each segment */
    double origin_s;
    bool clocks_known; /* all record times were read when the file was opened */
    const emgp_edf_signal *keeper;
    double half_sample_s;
    emgp_lane *lanes; /* of the selected channels, as in groups.channel, then the other terms of derived ones */
    emgp_term *terms; /* the signal of each lane, and its factor */
    size_t n_lanes;
    emgp_edf_sum *sums;
    size_t n_sums;
    unsigned char *raw;
    double *x, *term; /* a block; one signal of it that is being added */
    size_t block_frames;
    bool whole;         /* slices are whole records, in the order of the file */
    uint64_t n_at_once; /* records in a slice */
    uint64_t n_parts;   /* parts of a record, when it is larger than a slice */
    double margin_s;    /* by which samples may lie outside the time of their slice */
    uint64_t wrong_clocks;
    int64_t wrong_clock_at;
    emgp_edf_cursor at;
} emgp_edf;

/* The next block of selected channels (edf_blocks.c), as emgp_reader.next gives it. */
emg_status emgp_edf_next(emg_recording *rec, emg_block *block, emg_error *err);

#endif
