/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the channels of a recording are called, and which of them are wanted. */
#ifndef EMGP_READING_CHANNELS_CHANNELS_H
#define EMGP_READING_CHANNELS_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/recording.h>
#include <emg/status.h>

#include "reading/source/source.h"

/* ---- beside.c: Which files beside a recording describe it, by the BIDS inheritance principle. ---- */

/* A walk from the recording's folder upwards. */
typedef struct emgp_beside {
    char *folder; /* of the level now searched, with room for "/.." as often as levels are climbed */
    char *stem;   /* the recording's name without folder, extension and "_emg" */
    bool is_bids; /* the name begins with "sub-": name parts may be missing from a sidecar's name */
    int level;
    size_t start; /* length of the folder of level 0 */
} emgp_beside;

/* EMG_ENOMEM. Close with emgp_beside_close whatever happened. */
emg_status emgp_beside_open(emgp_beside *out, const char *path, emg_error *err);
void emgp_beside_close(emgp_beside *beside);
void emgp_beside_rewind(emgp_beside *beside);

/* The path of the next level's most specific file whose name is a selection of the recording's name parts followed by
 * `suffix` ("channels.tsv"); NULL in *path when there is none. Free it with emgp_free. EMG_ENOMEM; EMG_EIO: a folder
 * that is there cannot be listed, so that nobody can tell. */
emg_status emgp_beside_next(emgp_beside *beside, const char *suffix, char **path, emg_error *err);

/* Fails with `status`: `what` is beside the recording and cannot be read. */
emg_status emgp_beside_refuse(const char *what, const char *reason, emg_status status, emg_error *err);

/* ---- derive.c: Channels that are sums of others, and the formulas that say so. ---- */

/* Appends rec->reading.derive to the channels, with labels, names and rates. EMG_EARG, EMG_ENOMEM. */
emg_status emgp_derive_parse(emg_recording *rec, emg_error *err);

/* Fills the rest of the derived channels, once units and types of their sources are settled. EMG_EARG: the units
 * differ, or a source cannot be read. */
emg_status emgp_derive_settle(emg_recording *rec, emg_error *err);
void emgp_derivations_free(emgp_derivations *derivations);

/* The terms whose sum a channel is: a signal of the file is itself, once. */
size_t emgp_terms_count(const emgp_derivations *derivations, size_t channel);
emgp_term emgp_terms_at(const emgp_derivations *derivations, size_t channel, size_t k);

/* ---- envelope.c: EMG that is no raw signal any more: rectified or averaged. ---- */

/* What shows that the channel is an envelope: "prefilter", "transducer", "label" or "unit", and its text; NULL when nothing does.
 * Discharges and spectra of an envelope mean nothing. A rate too low is noticed where the band is chosen. */
const char *emgp_envelope_sign(const emg_channel *channel, const char **text);

/* ---- marks_file.c: Marks that stand in a file of their own: a table, or an annotation file with a clock. ---- */

/* Whether a file of marks is one of annotations (EDF, BDF) rather than a table. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_added_kind(const char *path, bool *annotations, emg_error *err);

/* Adds the annotations of `marks`, aligned by start time when both have one. EMG_EFORMAT: there are none; and what
 * emgp_annotations_each gives. */
emg_status emgp_added_annotations(emg_recording *rec, emg_recording *marks, emg_error *err);

/* Adds the rows of a table with the columns onset, duration and trial_type (or text, value, ...), or without a header
 * onset, duration and text. EMG_EIO, EMG_ERANGE: cannot be read; EMG_EFORMAT: no such table; EMG_ENOMEM,
 * EMG_EUNSUPPORTED. */
emg_status emgp_added_table(emg_recording *rec, const char *path, emg_error *err);

/* Adds the marks of the BIDS events.tsv of the recording at `path`, unless it is a table of events that this library
 * wrote. EMG_EIO, EMG_ERANGE: it is there and cannot be read; EMG_ENOMEM, EMG_EUNSUPPORTED. */
emg_status emgp_added_beside(emg_recording *rec, const char *path, emg_error *err);

/* ---- prefilter.c: Corners out of a prefilter text such as "HP:0.1Hz LP:5Hz N:50Hz". ---- */

/* The highest corner of its high-passes, the lowest one of its low-passes, in Hz; 0: none is given. */
double emgp_prefilter_low(const char *text);
double emgp_prefilter_high(const char *text);

/* ---- label_words.c: Labels as words: "L_Biceps_Bra", "TA li" and "BicepsR" cut where a reader would cut them. ---- */

enum { EMGP_MOST_WORDS = 16, EMGP_WORD_ROOM = 32 };

/* Words in lower-case ASCII, accents folded, digits as words of their own. */
typedef struct emgp_words {
    size_t n;
    char word[EMGP_MOST_WORDS][EMGP_WORD_ROOM];
    size_t capitals[EMGP_MOST_WORDS]; /* how many of its first letters were capitals */
    char all[EMGP_WORD_ROOM];         /* every word without the cuts, as far as it fits: "stAtUs" is "status" */
} emgp_words;

/* Cuts printable UTF-8 at punctuation, between letters and digits, and where a small letter meets a capital. */
void emgp_words_cut(emgp_words *out, const char *text);

/* Whether one of the words, or all of them together, is one of the n given. */
bool emgp_words_have(const emgp_words *words, const char *const *wanted, size_t n);

/* Whether one of the words begins or ends with one of the n given and is longer. */
bool emgp_words_hold(const emgp_words *words, const char *const *wanted, size_t n);

/* ---- muscle_names.c: What a label says of a muscle: whether it names one, on which side, and whether a stretch reflex
 * is usual there. */

typedef struct emgp_muscle_facts {
    bool named;  /* the text names a muscle */
    bool region; /* only by a part of the body, which has other signals too */
    bool reflex_site;
    emg_side side;
    emg_action action;
} emgp_muscle_facts;

/* Reads the words of a label or muscle name. */
emgp_muscle_facts emgp_muscle_read(const emgp_words *words);

/* ---- notices.c: What is left out though it may be wanted: noted, and said to the caller in a sentence. ---- */

/* Voltages below this rate are not taken for what a muscle gave: in Hz. */
#define EMGP_LEAST_SAID_HZ 100.0

/* Says in one sentence what is true of the channels that are marked: "left out: channels 'A1' to 'A8'", and `after`; nothing
 * without any, or when nobody listens. EMG_ENOMEM. */
emg_status emgp_notice_channels(const emg_recording *rec, const bool *marked, const char *before, const char *after,
                                emg_error *err);

/* Notes each unrecognised channel that nobody chose and nothing selects (W_UNRECOGNISED), and says them in one sentence.
 * EMG_ENOMEM. */
emg_status emgp_notices_unrecognised(emg_recording *rec, emg_error *err);

/* Notes that rows of the muscle map name no channel (W_MAP_ROW), with the first of these names and the channels nearest
 * to it, and says so. Names are taken as typed. EMG_ENOMEM. */
emg_status emgp_notices_map(emg_recording *rec, const char *first, size_t n, emg_error *err);

/* ---- names.c: Distinct names for a recording's channels. ---- */

/* Fills each channel's name: its label, with "#<signal number>" where the label is blank or not the only one of its
 * kind (deviations W_LABEL_BLANK, W_LABEL_DUPLICATE; audio formats have no labels and get none). EMG_ENOMEM. */
emg_status emgp_names_assign(emg_recording *rec, emg_error *err);

/* ---- physical_unit.c: What a physical dimension's text means. ---- */

typedef enum emgp_unit_kind {
    EMGP_UNIT_VOLT,       /* a voltage, spelled as the format asks */
    EMGP_UNIT_VOLT_ODD,   /* a voltage, spelled otherwise ("uv", a real micro sign, "microV") */
    EMGP_UNIT_MECHANICAL, /* force, torque, angle, acceleration */
    EMGP_UNIT_OTHER,      /* another known unit */
    EMGP_UNIT_BLANK,
    EMGP_UNIT_MEGAVOLT,   /* "MV": not credible in a recording of a body */
    EMGP_UNIT_LOST_MICRO, /* "?V": the character that said how many is lost */
    EMGP_UNIT_UNKNOWN
} emgp_unit_kind;

/* Reads n raw bytes without surrounding spaces. *to_uv: microvolts per unit, 0 when it is no voltage. */
emgp_unit_kind emgp_unit_read(const char *text, size_t n, double *to_uv);

/* ---- same_muscle.c: Which channels are of one muscle. ---- */

/* The muscle that a channel's label has given is followed by the channel's number when another channel has the same label: two
 * legs, both called "EMG". Sixteen or more of one label are a grid over one muscle. */
void emgp_same_label(emg_channel *channels, size_t n, size_t channel);

/* Channels whose units differ from that of their muscle's first channel become muscles of their own, by their numbers
 * (W_UNITS_DIFFER).
 * EMG_ENOMEM. */
emg_status emgp_same_unit(emg_recording *rec, emg_error *err);

/* ---- select.c: Which channels are read, and which of them inverted. ---- */

/* Turns round the polarity of the channels that rec->reading.invert names. EMG_EARG. */
emg_status emgp_select_invert(emg_recording *rec, emg_error *err);

/* Selects by rec->reading.channels, or what is selected without them. EMG_EARG. */
emg_status emgp_select(emg_recording *rec, emg_error *err);

/* Whether a text is "#N" and N the channel's number. */
bool emgp_select_is_number(const emg_channel *c, const char *text);

/* Whether a channel matches a pattern of emg_reading.channels, which has no '!' before it. */
bool emgp_select_matches(const emg_channel *c, const char *pattern);

/* Whether the caller names channels to be selected, rather than only some to be left out. */
bool emgp_select_named(const emg_reading *reading);

enum { EMGP_NEAREST_ROOM = 240 };

/* The names that are nearest to a pattern: "are 'A', 'B' and 'C'"; "" without channels. */
void emgp_select_nearest(const emg_recording *rec, const char *pattern, char out[EMGP_NEAREST_ROOM]);

/* Fails with EMG_EARG: nothing is called so, and the names that come nearest to it. */
emg_status emgp_select_unknown(const emg_recording *rec, const char *pattern, emg_error *err);

/* ---- sidecar.c: What stands beside a recording: BIDS channels.tsv and emg.json, and muscle maps given by the user. */

/* Declares the unit of channels that state none, triggers aside; after files that may state it. EMG_EARG: no unit of a
 * voltage. */
emg_status emgp_sidecar_unit(emg_recording *rec, const char *unit, emg_error *err);

/* Applies a muscle map: a BIDS channels.tsv, or two columns: channel (label, name, "#N") and muscle or type. EMG_EIO: cannot be read;
 * EMG_EFORMAT: is no such table. */
emg_status emgp_sidecar_map(emg_recording *rec, const char *path, emg_error *err);

/* Finds and applies the BIDS files of the recording at `path`: those of its own name, else those whose name parts
 * all occur in its own (the inheritance principle). What is already known (from a map) stands. Files whose content
 * cannot be used are deviations; EMG_EIO, EMG_ERANGE: one that is there cannot be read. EMG_ENOMEM. */
emg_status emgp_sidecar_find(emg_recording *rec, const char *path, emg_error *err);

/* ---- channel_types.c: What each channel measures, and which of them are muscles. ---- */

/* Channels below this rate are never taken as muscles without a name that says so: in Hz. */
#define EMGP_LEAST_ASSUMED_HZ 150.0

/* The type that follows from a label and a unit. */
emg_channel_type emgp_type_of(const char *label, const char *unit);

/* Fills type, muscle, side, reflex_site and is_muscle of a channel by what names it; a type or a muscle that is there
 * already stands. */
void emgp_types_describe(emg_channel *channel);

/* Whether nothing names the channel, but it could hold a muscle's signal: voltages or no unit, of least_hz or more. */
bool emgp_types_unrecognised(const emg_channel *channel, double least_hz);

/* Fills type, muscle, side, reflex_site and is_muscle of each channel; a type or a muscle that is there already
 * (from a sidecar or a map) stands. When no channel qualifies, unrecognised ones are assumed to be muscles, but not
 * beside channels of the head (one of type EEG, or a cap's grid A1 to A32). Returns how many were assumed. */
size_t emgp_types_assign(emg_channel *channels, size_t n);

#endif
