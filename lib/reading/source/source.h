/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every kind of recording file shares. */
#ifndef EMGP_READING_SOURCE_SOURCE_H
#define EMGP_READING_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/code.h>
#include <emg/recording.h>
#include <emg/status.h>

/* ---- about.c: Annotations about one channel alone: "text@@channel". ---- */

/* Whether a text (not a glob) is what a channel is called: its label or name, or, for lack of a label, its number. */
bool emgp_name_is(const emg_channel *channel, const char *text);

/* The next channel from `from` on that an annotation is about, itself or by a channel it is made of; n_channels when there
 * is none. When there is none from 0 on it is about all. */
size_t emgp_about_next(const emg_recording *rec, const char *text, size_t from);

/* Whether a glob matches the text, or what stands before the channel that it is about. */
bool emgp_about_glob(const emg_recording *rec, const char *glob, const char *text);

/* ---- code.c: Codes of deviations, looked up in the one table that holds them. ---- */

/* The row of a deviation's code; NULL: there is no such code. */
const emg_code *emgp_code_find(const char *code);

/* ---- deviation.c: The list of tolerated deviations of one recording. ---- */

/* Zeroed it is an empty, tolerant list. */
typedef struct emgp_deviations {
    emg_deviation *list;
    size_t n, room;
    size_t most;       /* entries kept at most; the last one then says how many more there were */
    uint64_t unlisted; /* found when the list was full */
    bool strict;       /* the first deviation is a refusal */
} emgp_deviations;

/* What was found where. */
typedef struct emgp_finding {
    const char *code, *field;
    int64_t offset;    /* byte in the file, -1 for none */
    int64_t channel;   /* signal number from 1; 0 for none */
    const void *value; /* raw bytes as they stand in the file; NULL where they could identify a person */
    size_t n_value;
    const char *action; /* what is done about it, without a final stop; NULL: what the table of codes says */
    const char *things; /* what a count counts, one of them: "sample" */
} emgp_finding;

/* Notes a finding. EMG_EFORMAT in strict reading, with the finding as its sentence; EMG_ENOMEM. */
emg_status emgp_deviate(emgp_deviations *deviations, const emgp_finding *finding, emg_error *err);

/* The same for a deviation of which there are `count`, as finding->things says: "3 samples"; a later call with the same
 * code and channel updates its value. */
emg_status emgp_deviate_count(emgp_deviations *deviations, const emgp_finding *finding, uint64_t count, emg_error *err);

/* The same two for what follows from the caller's options, not from the file's faults: strict reading allows it. */
emg_status emgp_remark(emgp_deviations *deviations, const emgp_finding *finding, emg_error *err);
emg_status emgp_remark_count(emgp_deviations *deviations, const emgp_finding *finding, uint64_t count, emg_error *err);

void emgp_deviations_free(emgp_deviations *deviations);

/* ---- format.c: Formats of recordings: what they are called, and which of them are audio. ---- */

/* "EDF+D" and so on. */
const char *emgp_format_name(emg_format format);
/* Whether samples are shares of a full scale without a unit. */
bool emgp_format_is_audio(emg_format format);

/* ---- foreign.c: Files that are no recordings, by their first bytes. ---- */

/* Fails with EMG_EFORMAT: what a file that begins so is, and what to do. 520 bytes tell all that is known. */
emg_status emgp_foreign_refuse(const unsigned char *head, size_t n, emg_error *err);

/* Whether a file that begins so is a text that nothing else is known of, such as a table. */
bool emgp_foreign_is_text(const unsigned char *head, size_t n);

/* Fails with EMG_EIO when the path that could not be opened, for the reason of errno's `number`, is a link that leads
 * nowhere; else EMG_OK. */
emg_status emgp_foreign_absent(const char *path, int number, emg_error *err);

/* ---- groups.c: Selected channels in groups of one rate and one course of time: what shares a block. ---- */

typedef struct emgp_group {
    size_t first, n; /* channel indices channel[first .. first+n-1] */
    double rate_hz;
} emgp_group;

typedef struct emgp_groups {
    size_t *channel; /* all selected channels, group after group, in file order within each */
    emgp_group *group;
    size_t n_channels, n;
    size_t widest; /* most channels in a group */
} emgp_groups;

/* Groups of at most rec->reading.group_size selected channels, whose rates and stretches (rec->own) are the same. EMG_ENOMEM;
 * *out is zeroed on failure. */
emg_status emgp_groups_make(emgp_groups *out, const emg_recording *rec, emg_error *err);
void emgp_groups_free(emgp_groups *groups);

/* The first frame of a segment (its start and rate given) at or after `time`, at most n. */
uint64_t emgp_frame_at(double start_s, double rate_hz, uint64_t n, double time);

/* ---- io.c: Bytes by offset from a file or memory, every read whole or failed, with a hash taken along the way. */

/* Where bytes come from. The caller owns its context until emgp_io_new takes it over. */
typedef struct emgp_source {
    /* Up to n bytes at offset into out, *got of them; *got = 0 only at the end. */
    emg_status (*read_at)(void *context, uint64_t offset, void *out, size_t n, size_t *got, emg_error *err);
    emg_status (*size)(void *context, uint64_t *out, emg_error *err);
    void (*close)(void *context); /* NULL: nothing to release */
    void *context;
    /* When it was last written to, in nanoseconds of its own clock; NULL: it does not change. */
    emg_status (*written_at)(void *context, int64_t *out, emg_error *err);
} emgp_source;

/* Whether something is there under this name, be it readable or not. EMG_EIO: nobody can tell. */
emg_status emgp_source_exists(const char *path, bool *exists, emg_error *err);

/* A regular file. EMG_EIO: cannot be opened, or is a folder, a pipe or a device. */
emg_status emgp_source_file(emgp_source *out, const char *path, emg_error *err);

/* n borrowed bytes. */
emg_status emgp_source_memory(emgp_source *out, const void *bytes, size_t n, emg_error *err);

typedef struct emgp_io emgp_io;

/* Takes the source over, also when it fails. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_io_new(emgp_io **out, emgp_source source, emg_error *err);
void emgp_io_free(emgp_io *io);

/* Bytes when it was opened. */
uint64_t emgp_io_size(const emgp_io *io);

/* What tells whether something writes to a file. */
typedef struct emgp_stamp {
    uint64_t bytes;
    int64_t written_ns;
} emgp_stamp;

/* As it was when it was opened. */
emgp_stamp emgp_io_stamp(const emgp_io *io);

/* As it is now. EMG_EIO. */
emg_status emgp_io_stamp_now(const emgp_io *io, emgp_stamp *out, emg_error *err);

/* All n bytes at offset, or EMG_EIO with the byte at which it stopped. */
emg_status emgp_io_read(emgp_io *io, uint64_t offset, void *out, size_t n, emg_error *err);

/* XXH3-128 over all bytes as 32 hexadecimal digits: reads on from where in-order reading has stopped. */
emg_status emgp_io_hash(emgp_io *io, char out[33], emg_error *err);

/* ---- Limits that keep hostile files from using too much memory or time. ---- */

/* Largest magnitude of a sample, in microvolts or in the file's own unit: a megavolt, or any integer counter, still
 * fits, and the square of a sum of such samples does not overflow single precision. */
#define EMGP_MOST_CREDIBLE 1e12

enum {
    EMGP_MOST_SEGMENTS = 131072,   /* gaps beyond this refuse the file: their list must stay small */
    EMGP_SLICE_BYTES = 1024 * 1024 /* what is read from a file at once */
};

/* ---- windows.c: Which stretches of time are read: a window by seconds or clock, cut by what annotations mark. */

/* Samples at from_s and later, before to_s; in seconds from the recording's first sample. */
typedef struct emgp_window {
    double from_s, to_s;
} emgp_window;

/* In order, with time between each and the next. One without marks; none when nothing is left to read. */
typedef struct emgp_windows {
    emgp_window *list;
    size_t n, room;
} emgp_windows;

/* Makes rec->windows, rec->own and rec->reading.from_s, to_s (no longer by the clock) from what the caller asked for.
 * EMG_EARG: a clock time when the start is unknown, or outside the recording; no stretch to be within.
 * EMG_EUNSUPPORTED: more stretches than EMGP_MOST_SEGMENTS. EMG_ENOMEM, and what reading annotations gives. */
emg_status emgp_windows_make(emg_recording *rec, emg_error *err);
void emgp_windows_free(emgp_windows *windows);
void emgp_windows_free_own(emg_recording *rec);

/* Makes facts.selected_s the time that windows and segments have in common. */
void emgp_windows_sum(emg_recording *rec);

/* ---- own.c: Blocks cut to the stretches of their own channels. ---- */

/* Zeroed it has read nothing. */
typedef struct emgp_own_course {
    emg_block block; /* as the reader gave it */
    size_t at;       /* frames of it that were handed on or passed over */
    size_t *last;    /* by group: the stretch of the last piece, from 1; freed by emgp_free() */
} emgp_own_course;

/* The next block, of a recording that has rec->own. EMG_ENOMEM, and what reading blocks gives. */
emg_status emgp_own_next(emg_recording *rec, emg_block *block, emg_error *err);

/* ---- recording.c: What every kind of recording file shares, and the table of functions of each kind. ---- */

/* A kind of file. */
typedef struct emgp_reader {
    /* Whether the first n bytes (520, unless the file is shorter) begin such a file. */
    bool (*sniff)(const unsigned char *head, size_t n);
    /* Fills state, facts, channels (without names and types), segments and deviations. */
    emg_status (*open)(emg_recording *rec, emg_error *err);
    /* The next block of the selected channels; n_frames 0 at the end. */
    emg_status (*next)(emg_recording *rec, emg_block *block, emg_error *err);
    /* NULL: the kind holds no annotations. */
    emg_status (*annotations)(emg_recording *rec, emg_annotation_take *take, void *context, emg_error *err);
    /* Frees the state, also a half-built one. */
    void (*close)(emg_recording *rec);
} emgp_reader;

/* A signal of the file and its factor in a sum. */
typedef struct emgp_term {
    size_t channel; /* index, below `first` */
    double weight;
} emgp_term;

typedef struct emgp_derivation {
    size_t first, n; /* term[first .. first+n-1] */
} emgp_derivation;

/* Derived channels follow the file's: channel first + i is list[i]. */
typedef struct emgp_derivations {
    emgp_derivation *list;
    size_t n, first;
    emgp_term *term;
    size_t n_terms, room;
} emgp_derivations;

typedef struct emgp_added_mark emgp_added_mark;

/* Marks from beside the file, in the file's order. */
typedef struct emgp_added {
    emgp_added_mark *list;
    size_t n, room;
    char *texts; /* each ended by a NUL */
    size_t n_texts, texts_room;
} emgp_added;

struct emg_recording {
    const emgp_reader *reader;
    void *state; /* the reader's own */
    char *name;  /* of the file, for sentences; NULL: none */
    emgp_io *io;
    emg_reading reading; /* texts it points to are used while opening only */
    emg_recording_facts facts;
    emg_channel *channels;
    emgp_deviations deviations;
    emg_segment *segments;
    size_t segments_room;
    emgp_groups groups;
    emgp_derivations derivations;
    emgp_windows windows; /* of any channel */
    emgp_windows *own;    /* by channel, within `windows`; NULL: no mark is about one channel alone */
    emgp_own_course own_course;
    emgp_added added;  /* marks */
    emg_status failed; /* of an earlier emg_recording_next: stays */
    bool settled;      /* the end was reached and the file's size compared */
};

/* EDF, EDF+, BDF, BDF+. */
extern const emgp_reader emgp_edf_reader;

/* WAV, RF64, W64, FLAC; and samples without a header, which nothing recognises. */
extern const emgp_reader emgp_wav_reader, emgp_raw_reader;

/* Tables of numbers: CSV, TSV and other texts. */
extern const emgp_reader emgp_delimited_reader;

/* Opens over a source, which it takes over. `path` names the file for sidecars; NULL: there are none. `name`
 * is what sentences of later calls call it; NULL: nothing. */
emg_status emgp_recording_open_source(emg_recording **out, emgp_source source, const char *path, const char *name,
                                      const emg_reading *reading, emg_error *err);

/* ---- marks.c: Marks from beside the file follow those that it holds itself. ---- */

/* Calls `take` for the recording's own annotations, then for the marks added from beside it. EMG_ECANCELLED: it returned
 * false; and what reading annotations gives. */
emg_status emgp_annotations_each(emg_recording *rec, emg_annotation_take *take, void *context, emg_error *err);

/* Appends a mark. EMG_ENOMEM; EMG_EUNSUPPORTED: half a million are there. */
emg_status emgp_added_take(emgp_added *added, const emg_annotation *mark, emg_error *err);
void emgp_added_free(emgp_added *added);

/* ---- notice.c: Sentences to the caller about what is left out or matches nothing. ---- */

/* Says a sentence to the caller that wants to hear what is left out. */
void emgp_notice(const emg_recording *rec, const char *sentence);

/* How many annotations were taken, of how many texts. */
typedef struct emgp_kinds {
    uint64_t n_marks;
    size_t n_kinds;
    bool more;      /* there were more texts than are told apart */
    uint64_t *slot; /* hashes of the texts */
} emgp_kinds;

/* EMG_ENOMEM. Free with emgp_kinds_free, zeroed too. */
emg_status emgp_kinds_open(emgp_kinds *kinds, emg_error *err);
void emgp_kinds_take(emgp_kinds *kinds, const char *text);
void emgp_kinds_free(emgp_kinds *kinds);

/* Notes under `code` that a glob of the option `what` ("stimulus") matches none of them, and says so. EMG_ENOMEM. */
emg_status emgp_kinds_unmatched(emg_recording *rec, const emgp_kinds *kinds, const char *code, const char *what,
                                const char *glob, emg_error *err);

/* ---- segments.c: The list of a recording's segments while it is found out. ---- */

/* Appends a segment that runs from start_s to end_s as far as is known. EMG_ENOMEM; EMG_EUNSUPPORTED: more than
 * EMGP_MOST_SEGMENTS. */
emg_status emgp_segments_begin(emg_recording *rec, double start_s, double end_s, emg_error *err);

/* The last segment ends at end_s after all; it goes when nothing is left of it. */
void emgp_segments_end(emg_recording *rec, double end_s);

/* Makes facts.duration_s the sum over the segments, and facts.selected_s that of what is read of them. */
void emgp_segments_sum(emg_recording *rec);

/* ---- table.c: Small tab-separated tables and texts read whole from a file. ---- */

enum { EMGP_TABLE_COLUMNS = 64, EMGP_TABLE_BYTES = 4 * 1024 * 1024 }; /* bytes: more than any table of channels needs */

/* A whole file; owns its bytes, which a NUL ends. */
typedef struct emgp_table {
    char *bytes;
    size_t n, at;                   /* at: where the next line begins */
    size_t line;                    /* number of the line read last, from 1 */
    char separator;                 /* between cells; a tab unless emgp_table_separate found another */
    char *cell[EMGP_TABLE_COLUMNS]; /* of the line read last, trimmed of spaces */
    size_t n_cells;
} emgp_table;

/* Reads a file of at most `most` bytes. EMG_EIO, EMG_ERANGE: larger than that; EMG_ENOMEM. Free with emgp_table_free. */
emg_status emgp_table_read(emgp_table *out, const char *path, uint64_t most, emg_error *err);

/* The first lines of a file, however large it is. EMG_EIO, EMG_ENOMEM. Free with emgp_table_free. */
emg_status emgp_table_begin(emgp_table *out, const char *path, emg_error *err);
void emgp_table_free(emgp_table *table);

/* Sets the separator by the first line: a tab, else a semicolon, else a comma, of which there is one. Call it before the
 * first line is read. Cells of other separators than tabs may stand in quotation marks. */
void emgp_table_separate(emgp_table *table);

/* The next line that is not blank, cut at the separator; false at the end. Lines may end in LF or CR LF; a byte-order mark is
 * skipped. */
bool emgp_table_next(emgp_table *table);

/* The column of the last line that holds `name`; EMGP_TABLE_COLUMNS when none does. */
size_t emgp_table_column(const emgp_table *table, const char *name);

/* The cell of a column; "" when it is missing, blank or "n/a". */
const char *emgp_table_cell(const emgp_table *table, size_t column);

#endif
