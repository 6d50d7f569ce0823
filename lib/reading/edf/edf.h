/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF, EDF+, BDF, BDF+: read and written. */
#ifndef EMGP_READING_EDF_EDF_H
#define EMGP_READING_EDF_EDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/recording.h>
#include <emg/status.h>

#include "reading/source/source.h"

/* ---- annotations.c: Time-stamped annotation lists (TALs) of EDF+ and BDF+: bytes to onset, duration and text. */

/* --- the clock of a record ---------------------------------------------------------------------------------- */

typedef enum emgp_clock_state {
    EMGP_CLOCK_SOUND, /* "+t 0x14 0x14" at the first byte */
    EMGP_CLOCK_ODD,   /* a time that can be understood, not written as it should be */
    EMGP_CLOCK_NONE
} emgp_clock_state;

typedef struct emgp_clock {
    double start_s; /* of the record, in seconds from the header's start time */
    int decimals;   /* digits printed after the point */
} emgp_clock;

/* Bytes of an annotation field that suffice to find its clock. */
enum { EMGP_CLOCK_BYTES = 512 };

/* The clock in the first n bytes of a record's first annotation signal. */
emgp_clock_state emgp_clock_read(const unsigned char *bytes, size_t n, emgp_clock *out);

/* --- the lists ----------------------------------------------------------------------------------------------- */

typedef enum emgp_tal_fault {
    EMGP_TAL_ONSET,        /* an onset or duration that is no number, or out of range: dropped */
    EMGP_TAL_ONSET_FORM,   /* an onset without a sign, or with a comma: read */
    EMGP_TAL_UNTERMINATED, /* the field ends inside an annotation: dropped */
    EMGP_TAL_TEXT,         /* a text that is not UTF-8, or holds controls: shown escaped */
    EMGP_TAL_BRIDGED,      /* the NUL between the clock and an annotation is missing: bridged */
    EMGP_TAL_FAULTS
} emgp_tal_fault;

enum { EMGP_TAL_NUMBER_ROOM = 40, EMGP_TAL_TEXT_ROOM = 256 };

/* A parser that is fed a record's annotation bytes in pieces of any size. */
typedef struct emgp_tals {
    emg_annotation_take *take;
    void *context;
    double origin_s; /* subtracted from onsets: the clock of the first record */
    uint64_t faults[EMGP_TAL_FAULTS];
    int64_t first_fault[EMGP_TAL_FAULTS]; /* byte of the first of each kind */
    bool stopped;                         /* take returned false */
    /* the annotation list being read */
    int state;
    size_t n_number[2], n_text, n_texts;
    bool text_cut, is_clock, held;
    double onset_s, duration_s, held_s;
    char number[2][EMGP_TAL_NUMBER_ROOM]; /* onset, duration */
    char text[EMGP_TAL_TEXT_ROOM + 4], held_text[EMGP_TAL_NUMBER_ROOM];
} emgp_tals;

void emgp_tals_init(emgp_tals *tals, emg_annotation_take *take, void *context, double origin_s);

/* The next n bytes of a record's annotation signal; `offset` is where they stand in the file. */
void emgp_tals_push(emgp_tals *tals, const unsigned char *bytes, size_t n, int64_t offset);

/* The end of the signal's part of a record, at `offset`: no list crosses it. */
void emgp_tals_end(emgp_tals *tals, int64_t offset);

/* ---- header.c: The header of an EDF or BDF file as facts: bytes in, facts and deviations out, no file read. */

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

/* Parses a whole header of the length that emgp_edf_header_length gives. EMG_EFORMAT, EMG_ENOMEM; *out is zeroed on
 * failure, else to be freed with emgp_edf_header_free. */
emg_status emgp_edf_header_parse(const unsigned char *bytes, size_t n, uint64_t file_bytes, emgp_deviations *deviations,
                                 emgp_edf_header *out, emg_error *err);
void emgp_edf_header_free(emgp_edf_header *header);

/* ---- samples.c: 16- and 24-bit samples of an EDF or BDF record to interleaved physical values. ---- */

/* One signal of a block: physical = (digital - low) * scale + least, all in double. */
typedef struct emgp_edf_decoder {
    const unsigned char *at; /* its first sample */
    double scale, least;
    int32_t low;
    uint32_t span;    /* digital maximum - digital minimum */
    bool check;       /* some sample values lie outside the digital limits: count them */
    uint64_t outside; /* how many have been seen so far */
} emgp_edf_decoder;

/* Fills the scale of a decoder; to_unit multiplies physical values (1, or microvolts per unit). */
void emgp_edf_decoder_calibrate(emgp_edf_decoder *decoder, unsigned sample_bytes, int32_t digital_min,
                                int32_t digital_max, double physical_min, double physical_max, double to_unit);

/* Decodes n frames of n_decoders signals to out[frame * n_decoders + decoder], from `shift` bytes after each decoder's `at`. */
void emgp_samples_decode(double *out, emgp_edf_decoder *decoders, size_t n_decoders, unsigned sample_bytes,
                         size_t shift, size_t n);

/* ---- edf.c: What the EDF reader remembers between two calls. ---- */

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

/* A decoder of a block to which more signals are added: a derived channel. */
typedef struct emgp_edf_sum {
    size_t decoder;  /* as in groups.channel; holds the first term */
    size_t first, n; /* decoders with the other terms */
} emgp_edf_sum;

typedef struct emgp_edf {
    emgp_edf_header header;
    uint64_t *first_record; /* of each segment */
    double origin_s;
    bool clocks_known; /* all record times were read when the file was opened */
    const emgp_edf_signal *keeper;
    double half_sample_s;
    emgp_edf_decoder
        *decoders;    /* of the selected channels, as in groups.channel, then the other terms of derived ones */
    emgp_term *terms; /* the signal of each decoder, and its factor */
    size_t n_decoders;
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

/* ---- fields.c: One strict parser for every field of an EDF or BDF header. ---- */

/* Header bytes being read. The first failure (strict reading, memory) stays in `status`; every reader then answers
 * as for a blank field. */
typedef struct emgp_fields {
    const unsigned char *bytes;
    emgp_deviations *deviations;
    emg_error *err;
    emg_status status;
} emgp_fields;

/* One field: where it stands. */
typedef struct emgp_field {
    const char *name;
    size_t offset, width;
    int64_t channel; /* signal number from 1; 0: of the whole file */
    bool identity;   /* may name a person: its bytes stay out of deviations and sentences */
} emgp_field;

/* Notes a deviation at a field with its bytes as the value. action NULL: what the table of codes says. */
void emgp_field_deviate(emgp_fields *fields, const emgp_field *field, const char *code, const char *action);

/* The field without spaces and NULs around it: first byte and length. */
const char *emgp_field_trim(const emgp_fields *fields, const emgp_field *field, size_t *n);

/* The field as printable UTF-8, noting bytes that the format does not allow. */
void emgp_field_text(emgp_fields *fields, const emgp_field *field, char *out, size_t room);

typedef enum emgp_number_state { EMGP_NUMBER_OK, EMGP_NUMBER_BLANK, EMGP_NUMBER_BAD } emgp_number_state;

/* A decimal number, tolerating (and noting) padding on the left, NUL padding, one decimal comma and an exponent. */
emgp_number_state emgp_field_number(emgp_fields *fields, const emgp_field *field, double *out);

/* The same for a whole number. */
emgp_number_state emgp_field_integer(emgp_fields *fields, const emgp_field *field, int64_t *out);

/* EMG_EFORMAT: "<name> at byte N is 'value': <remedy>". */
emg_status emgp_field_refuse(const emgp_fields *fields, const emgp_field *field, const char *remedy);

/* ---- plan.c: What a writer must choose before it can write EDF: how long records are, and what range a signal's numbers span. */

/* Samples of a signal in a candidate record, and the greatest common divisor of its segments' lengths. */
typedef struct emgp_edf_course {
    uint64_t per_record;
    uint64_t divisor; /* 0: no constraint */
} emgp_edf_course;

/* Chooses a record that all segments of all signals fill, that holds whole numbers of samples of each and whose duration
 * a header can say: the longest from 10 ms to most_s, else the shortest above that up to longest_s. With none such, the
 * shortest of 10 ms or more that only does the latter two, and *fills is false. The candidate (*record_s and per_record)
 * is what the others are parts or multiples of, and the last resort. */
void emgp_edf_plan_record(double *record_s, emgp_edf_course *courses, size_t n, double most_s, double longest_s,
                          bool *fills);

/* How numbers stand for values. */
typedef struct emgp_edf_range {
    double physical_min, physical_max;
    int32_t digital_min, digital_max;
} emgp_edf_range;

/* Whether a header can say the range, and its digital limits are of 16 (24) bits. */
bool emgp_edf_range_sayable(const emgp_edf_range *range, bool bdf);

/* Whether values from low to high lie in it. */
bool emgp_edf_range_holds(const emgp_edf_range *range, double low, double high);

/* The same steps, over all that 16 (24) bits can hold; false when a header cannot say that. */
bool emgp_edf_range_widen(emgp_edf_range *range, bool bdf);

/* As many steps for one, a power of two, as 16 (24) bits have room for; whether that is more than one. */
bool emgp_edf_range_refine(emgp_edf_range *range, bool bdf);

/* A range with 0 in its middle that holds values of such a magnitude, in steps as small as a header allows. False:
 * beyond 9999999, which a header cannot say. */
bool emgp_edf_range_round(emgp_edf_range *range, double magnitude, bool bdf);

/* ---- signals.c: The signal table of an EDF header, which stands field by field, not signal by signal. ---- */

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

/* Fills header->channels and the digital limits; needs layout and record duration. A fault in one signal's calibration
 * excludes that signal, not the file. */
emg_status emgp_edf_read_channels(emgp_fields *fields, emgp_edf_header *header);

/* ---- start.c: When, of whom and by whom: the date, time and identification fields of an EDF header. ---- */

/* Reads patient, recording, start date and start time into facts. `plus`: EDF+ subfields are due. Nothing here
 * refuses a file: what cannot be read leaves the start unknown. */
void emgp_edf_start(emgp_fields *fields, bool plus, emg_recording_facts *facts);

/* Moves a known start by some seconds (the clock of the first record), over midnight and month ends. */
void emgp_edf_start_shift(emg_recording_facts *facts, double seconds);

/* ---- times.c: When each data record of an EDF+ file was taken: the stretches of records without a gap. ---- */

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

/* ---- write.c: Writes EDF+ and BDF+ files: without identity, with annotations, whole or not at all. ---- */

/* One signal of the file. Texts are printable ASCII and are cut to the width of their fields. */
typedef struct emgp_edf_written {
    const char *label, *transducer, *unit, *prefilter;
    double physical_min, physical_max; /* must be exact in 8 characters, and differ */
    int32_t digital_min, digital_max;  /* within 16 bits (EDF) or 24 bits (BDF), min < max */
    size_t per_record;                 /* samples in a record, 1 or more */
} emgp_edf_written;

typedef struct emgp_edf_plan {
    bool bdf;                /* 24 bits a sample instead of 16 */
    bool gaps;               /* EDF+D: records need not follow each other */
    double record_s;         /* seconds in a record; exact in 8 characters */
    size_t annotation_bytes; /* room for annotations in each record, 0 to 60000 */
    const emgp_edf_written *signals;
    size_t n_signals; /* 1 or more */
    /* Identity: NULL or "" for none ("X X X X" and a date that stands for none). */
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

/* Frees; a file that was not finished disappears. NULL is allowed. */
void emgp_edf_writer_free(emgp_edf_writer *writer);

/* Prints a number into at most 8 characters so that it reads back the same; false when that cannot be. */
bool emgp_edf_field(char out[9], double value);

#endif
