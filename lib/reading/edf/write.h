/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes EDF+ and BDF+ files: without identity, with annotations, whole or not at all. */
#ifndef EMGP_EDF_WRITE_H
#define EMGP_EDF_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

/* One signal of the file. Texts are printable ASCII and are cut to the width of their fields. */
typedef struct emgp_edf_signal {
    const char *label, *transducer, *unit, *prefilter;
    double physical_min, physical_max; /* must be exact in 8 characters, and differ */
    int32_t digital_min, digital_max;  /* within 16 bits (EDF) or 24 bits (BDF), min < max */
    size_t per_record;                 /* samples in a record, 1 or more */
} emgp_edf_signal;

typedef struct emgp_edf_plan {
    bool bdf;                /* 24 bits a sample instead of 16 */
    bool gaps;               /* EDF+D: records need not follow each other */
    double record_s;         /* seconds in a record; exact in 8 characters */
    size_t annotation_bytes; /* room for annotations in each record, 0 to 60000 */
    const emgp_edf_signal *signals;
    size_t n_signals; /* 1 or more */
    /* Identity: NULL or "" for none ("X X X X" and a date that nobody was recorded on). */
    const char *patient, *recording; /* the two fields as they are to stand, at most 80 bytes */
    const char *date, *time;         /* dd.mm.yy and hh.mm.ss */
} emgp_edf_plan;

typedef struct emgp_edf_writer emgp_edf_writer;

/* Begins a file; `plan` is copied, its texts are not needed afterwards. EMG_ERANGE: a number that its header field
 * cannot say exactly; EMG_EARG: a plan without sense; EMG_EIO, EMG_ENOMEM. Free in any case. */
emg_status emgp_edf_writer_open(emgp_edf_writer **out, const char *path, const emgp_edf_plan *plan, emg_error *err);

/* Adds an annotation; they go, in the order given, into the records that still have room. duration_s NaN: none.
 * EMG_ERANGE: longer than the room of a record; EMG_EARG: control bytes in the text. */
emg_status emgp_edf_writer_annotate(emgp_edf_writer *writer, double onset_s, double duration_s, const char *text,
                                    emg_error *err);

/* Sets the samples of a signal in the record being made, from x[0], x[stride], ... in physical units: rounded to the
 * nearest step; what lies outside the range is clipped and counted. */
void emgp_edf_writer_signal(emgp_edf_writer *writer, size_t signal, const double *x, size_t stride);
/* Ends the record, which began at start_s (EDF+C: number of the record times record_s). Signals that were not set
 * are 0 digits. */
emg_status emgp_edf_writer_end_record(emgp_edf_writer *writer, double start_s, emg_error *err);

/* For files whose signals all have one rate and no gaps: n_frames frames of all signals, interleaved; records are
 * made as they fill, whatever the cut. */
emg_status emgp_edf_writer_push(emgp_edf_writer *writer, const double *x, size_t n_frames, emg_error *err);

/* Completes the last record (repeating the last frame pushed), the header and the file, which appears under its name.
 * EMG_ERANGE: annotations are left that found no room, or more records than the header can say. */
emg_status emgp_edf_writer_finish(emgp_edf_writer *writer, emg_error *err);

/* Samples that were clipped (not finite ones too). */
uint64_t emgp_edf_writer_n_clipped(const emgp_edf_writer *writer);

/* Frees; a file that was not finished disappears. NULL is allowed. */
void emgp_edf_writer_free(emgp_edf_writer *writer);

/* Prints a number into at most 8 characters so that it reads back the same; false when that cannot be. */
bool emgp_edf_field(char out[9], double value);

#endif
