/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time-stamped annotation lists (TALs) of EDF+ and BDF+: bytes to onset, duration and text. */
#ifndef EMGP_EDF_ANNOTATIONS_H
#define EMGP_EDF_ANNOTATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/recording.h>

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

#endif
