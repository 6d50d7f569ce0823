/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When each data record of an EDF+ file was taken: the stretches of records without a gap. */
#ifndef EMGP_EDF_TIMES_H
#define EMGP_EDF_TIMES_H

#include "reading/source/deviation.h"
#include "reading/edf/header.h"
#include "reading/source/io.h"

/* A clock that drifts by less than this share of the elapsed time is contiguous: record durations are rounded to
 * their 8 characters, which has been seen to shift clocks by 0.3 millionths. */
#define EMGP_CLOCK_DRIFT 1e-6

/* Segments of the recording; segment i begins with record first_record[i]. */
typedef struct emgp_edf_times {
    emg_segment *segment;
    uint64_t *first_record;
    size_t n, segment_room, first_room;
    double origin_s; /* clock of the first record, in seconds from the header's start time */
    bool all_read;   /* every record's clock was read; otherwise a sample of them, contiguous so far */
} emgp_edf_times;

/* Finds the segments. Discontinuous files have every clock read; the others a sample, and all when one of it does not
 * fit. EMG_EFORMAT: a discontinuous file with a record whose time is missing or runs backwards; EMG_EUNSUPPORTED: more
 * gaps than EMGP_MOST_SEGMENTS; EMG_EIO, EMG_ENOMEM. */
emg_status emgp_edf_times_read(emgp_io *io, const emgp_edf_header *header, emgp_deviations *deviations,
                               emgp_edf_times *out, emg_error *err);
void emgp_edf_times_free(emgp_edf_times *times);

/* Half a sample of the fastest ordinary signal, in seconds: what a record may start off its due time. */
double emgp_edf_times_half_sample(const emgp_edf_header *header);

/* The same with room for rounded clocks; decimals: most digits that the file's clocks print after the point. */
double emgp_edf_times_tolerance(double half_sample_s, int decimals);

/* The annotation signal that keeps time (the first), or NULL. */
const emgp_edf_signal *emgp_edf_times_keeper(const emgp_edf_header *header);

#endif
