/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every folder uses: memory, numbers, text, settings, status, files, sorted streams. Nothing about muscles. */
#ifndef EMGP_BASE_BASE_H
#define EMGP_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>
#include <emg/setting.h>
#include <emg/status.h>

/* ---- How a dense step passes its output to the next. ---- */

/* The most channels of one rate in one group. */
enum { EMGP_MOST_CHANNELS = 64 };

/* Takes n_frames x n_channels samples, interleaved: x[frame * n_channels + channel]. They are valid during the call only.
 * The taker knows its number of channels from when it was made. */
typedef emg_status emgp_frames(void *context, const float *x, size_t n_frames, emg_error *err);

/* ---- Numbers that all folders share. ---- */

static const double PI = 3.14159265358979323846;

/* ---- memory.c: Checked allocation: the only place in the library that asks the system for memory. ---- */

/* n zeroed elements of `size` bytes, aligned to 64 bytes; NULL when n * size overflows or memory is out. n = 0 gives
 * a pointer that may be freed. */
void *emgp_alloc(size_t n, size_t size);

/* Grows or shrinks an array to n elements, new bytes undefined. NULL on failure: the old array is untouched. */
void *emgp_resize(void *array, size_t n_old, size_t n, size_t size);

/* Makes room for `need` elements in *array with geometric growth. False on failure: all is as it was. */
bool emgp_reserve(void **array, size_t *room, size_t used, size_t need, size_t size);

/* A copy of n bytes and a final NUL. */
char *emgp_copy_text(const char *text, size_t n);

/* Frees what these gave; NULL is allowed. */
void emgp_free(void *p);

/* The most numbers that a stream or a spectrum holds of all its channels together: 1 GiB of double. */
enum { EMGP_MOST_HELD = 1 << 27 };

/* EMG_ERANGE unless n numbers for each of n_channels are so few; the sentence calls them `what`. */
emg_status emgp_check_held(const char *what, size_t n, size_t n_channels, emg_error *err);

/* Whether x can be n_frames x n_channels samples: it is there (without frames it need not be), and fits an address. */
bool emgp_samples_given(const double *x, size_t n_frames, size_t n_channels);

/* *out = a * b; false on overflow. */
bool emgp_multiply(size_t a, size_t b, size_t *out);

#ifdef EMGP_FAULTS
/* Test builds only: let the n-th allocation from now fail (1 = the next), and all after it when `persistent`;
 * n = 0 switches it off. */
void emgp_fault_arm(long n, bool persistent);
/* How many allocations were asked for since the last arming. */
long emgp_fault_count(void);
#endif

/* ---- spill.c: Streams of equal records that live in memory while they are few and in an unlinked file when they are many. */

/* Any number of append-only streams of one record size that share one temporary file. Once all streams together
 * hold more than `budget` bytes, full chunks go to the file, which has no name (it is unlinked at once, so that
 * nothing is left behind however the program ends). */
typedef struct emgp_spill emgp_spill;

/* directory: where the file is made when one is needed; NULL: $TMPDIR, else /tmp. */
emg_status emgp_spill_new(emgp_spill **out, size_t n_streams, size_t record_size, size_t budget, const char *directory,
                          emg_error *err);
void emgp_spill_free(emgp_spill *spill);

/* Appends a record; several threads may, each to streams of its own. EMG_ENOMEM; EMG_EIO when the file cannot be made or written (its sentence names the folder). */
emg_status emgp_spill_push(emgp_spill *spill, size_t stream, const void *record, emg_error *err);

/* A place in a stream. Start it with emgp_spill_start. Reading and pushing may alternate; each cursor holds one
 * chunk, freed by emgp_spill_stop. */
typedef struct emgp_spill_cursor {
    const emgp_spill *spill;
    size_t stream, chunk, at;
    char *loaded; /* the chunk's records, when it came from the file */
    size_t loaded_chunk;
} emgp_spill_cursor;

void emgp_spill_start(emgp_spill_cursor *cursor, const emgp_spill *spill, size_t stream);

/* The next record, valid until the next call with this cursor or a push to this stream; NULL in *record at the end.
 * EMG_ENOMEM, EMG_EIO. */
emg_status emgp_spill_next(emgp_spill_cursor *cursor, const void **record, emg_error *err);
/* The same, copied to *to; *there: there was one, else *to stays. size: of the stream's records. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_spill_copy(emgp_spill_cursor *cursor, void *to, size_t size, bool *there, emg_error *err);
void emgp_spill_stop(emgp_spill_cursor *cursor);

/* Appends all of a stream to one of another spill whose records have the same size. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_spill_append(emgp_spill *to, size_t to_stream, const emgp_spill *from, size_t from_stream,
                             emg_error *err);

/* Moves to the first record at or after a time, in a stream whose records begin with a double, the time they are ordered
 * by. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_spill_seek(emgp_spill_cursor *cursor, double from, emg_error *err);

/* ---- merge.c: Several streams of records, each in time order, read as one. ---- */

typedef struct emgp_merge emgp_merge;

/* Streams first .. first + n - 1 of a spill whose records begin with a double, the time they are ordered by. */
emg_status emgp_merge_new(emgp_merge **out, const emgp_spill *spill, size_t first, size_t n, emg_error *err);

/* Lets equal times come by the uint32_t at this byte of the records, then by stream. */
void emgp_merge_order_by(emgp_merge *merge, size_t offset);
void emgp_merge_free(emgp_merge *merge);

/* Begins, or begins again, with the first record at or after a time. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_merge_seek(emgp_merge *merge, double from, emg_error *err);

/* The next record in time, equal times by stream; *stream counts from 0 at `first`. NULL in *record at the end. */
emg_status emgp_merge_next(emgp_merge *merge, size_t *stream, const void **record, emg_error *err);

/* ---- newfile.c: A file that is whole or absent: written under another name in the same folder, renamed when complete. */

typedef struct emgp_newfile emgp_newfile;

/* Begins a file that will be at `path`. What stands there stays until the commit, and must be a plain file. What runs
 * that were killed left of this file is swept. EMG_EIO, EMG_ENOMEM; sentences name the path. */
emg_status emgp_newfile_open(emgp_newfile **out, const char *path, emg_error *err);

/* The same under a temporary name of the caller's, on the same file system, which must not exist; nothing is swept. */
emg_status emgp_newfile_open_apart(emgp_newfile **out, const char *path, const char *temporary, emg_error *err);

/* Appends n bytes; every failure of the system is seen (EMG_EIO). */
emg_status emgp_newfile_write(emgp_newfile *file, const void *bytes, size_t n, emg_error *err);

/* Overwrites n bytes at an offset that was written before. */
emg_status emgp_newfile_patch(emgp_newfile *file, uint64_t offset, const void *bytes, size_t n, emg_error *err);

/* Makes the file appear under its name, safely on the disk. Nothing may be written afterwards. */
emg_status emgp_newfile_commit(emgp_newfile *file, emg_error *err);

/* Instead of a commit: the file is whole and safely on the disk under its temporary name, which the caller takes care of. */
emg_status emgp_newfile_settle(emgp_newfile *file, emg_error *err);

/* A new name is on the disk only when its folder is: synchronises the folder that `path` lies in. Folders of some systems
 * cannot be; the files are whole either way. */
void emgp_newfile_synchronise_folder(const char *path);

/* Frees; a file that was neither committed nor settled disappears. NULL is allowed. */
void emgp_newfile_free(emgp_newfile *file);

/* emgp_newfile_write for an emgp_sink; context is the emgp_newfile. */
emg_status emgp_newfile_sink(void *context, const char *bytes, size_t n, emg_error *err);

/* ---- number.c: Text to number and back, whatever the locale. ---- */

/* Room that every printer here needs at most, the final NUL included. */
enum { EMGP_NUMBER_ROOM = 32 };

/* Reads the whole of text[0..n): [+-]? digits [. digits] [e[+-]digits]; a leading dot is allowed, nothing else is
 * (no spaces, no "nan", no "0x1", no comma). Correctly rounded for up to 15 digits and exponents within +-22.
 * False leaves *out alone; also false when the value is not finite. */
bool emgp_number_parse(const char *text, size_t n, double *out);

/* Reads the whole of text[0..n) as a decimal integer; false on anything else or overflow. */
bool emgp_integer_parse(const char *text, size_t n, int64_t *out);

/* Prints with 6 significant digits as "%.6g" does in the C locale; NaN and infinities as "n/a", -0 as 0.
 * Writes a NUL; returns the length. */
size_t emgp_number_print(char *out, double value);

/* Prints with 6 decimals, as times are; not finite as "n/a". |value| below 9e12. */
size_t emgp_time_print(char *out, double value);

/* Prints an unsigned integer. */
size_t emgp_count_print(char *out, uint64_t value);

/* ---- setting.c: The engine over settings tables: defaults, checked assignment, printing. ---- */

/* The value of `row` within the struct at `values`. */
double emgp_setting_get(const emg_setting *row, const void *values);

/* Stores every row's default (of the needle preset when asked) into the struct at `values`. */
void emgp_setting_defaults(const emg_setting *rows, size_t n, bool needle, void *values);

/* Parses text as a value of row and stores it. EMG_ERANGE outside the range, EMG_EARG for what is no number or
 * no word of the row; the sentence names key, value and what is allowed. */
emg_status emgp_setting_assign(const emg_setting *row, const char *text, void *values, emg_error *err);

/* Prints the value as it could be assigned again; returns its length. */
size_t emgp_setting_print(const emg_setting *row, const void *values, char out[EMGP_NUMBER_ROOM]);

/* EMG_ERANGE with a sentence for the first value that lies outside its row's range (or is NaN). */
emg_status emgp_setting_check(const emg_setting *rows, size_t n, const void *values, emg_error *err);

/* ---- sink.c: Where text goes: a buffered stream of bytes over a caller's function, with a sticky failure. */

/* Takes n bytes; anything but EMG_OK stops the sink for good. */
typedef emg_status emgp_sink_write(void *context, const char *bytes, size_t n, emg_error *err);

enum { EMGP_SINK_ROOM = 32 * 1024 };

typedef struct emgp_sink {
    emgp_sink_write *write;
    void *context;
    emg_error *err; /* the caller's; NULL allowed */
    emg_status status;
    bool in_row; /* the row has a cell */
    size_t n;
    char buffer[EMGP_SINK_ROOM];
} emgp_sink;

void emgp_sink_init(emgp_sink *sink, emgp_sink_write *write, void *context, emg_error *err);
void emgp_sink_bytes(emgp_sink *sink, const char *bytes, size_t n);
void emgp_sink_text(emgp_sink *sink, const char *text);
void emgp_sink_number(emgp_sink *sink, double value); /* 6 significant digits, n/a */
void emgp_sink_time(emgp_sink *sink, double value);   /* 6 decimals, n/a */
void emgp_sink_count(emgp_sink *sink, uint64_t value);

/* Hands on what is buffered; returns the first failure of all calls before. */
emg_status emgp_sink_flush(emgp_sink *sink);

/* A text in memory, which a NUL ends once there is any; bytes is freed by emgp_free(). Start it zeroed. */
typedef struct emgp_collected {
    char *bytes;
    size_t n, room;
} emgp_collected;

/* An emgp_sink_write whose context is an emgp_collected. EMG_ENOMEM. */
emg_status emgp_collect(void *context, const char *bytes, size_t n, emg_error *err);

/* ---- cell.c: Cells and rows of tab-separated tables. ---- */

/* A text as a table's cell holds it: "n/a" for NULL or "", printable as emgp_text_printable() makes it, and a leading ' before
 * what a spreadsheet would take for a formula (= + - @). A semicolon becomes \x3b when `in_list`, so that lists joined by
 * semicolons can be split. */
void emgp_sink_cell(emgp_sink *sink, const char *text, bool in_list);

/* Rows of a tab-separated table, cell by cell. */
void emgp_row_cell(emgp_sink *sink); /* begins a cell, which holds what is written then */
void emgp_row_text(emgp_sink *sink, const char *text);
void emgp_row_number(emgp_sink *sink, double value);
void emgp_row_time(emgp_sink *sink, double value);
void emgp_row_count(emgp_sink *sink, uint64_t value);
void emgp_row_end(emgp_sink *sink);

/* ---- stats.c: Sorting numbers, and their middle. ---- */

/* Ascending; in place, without memory. No NaN among them. */
void emgp_sort(double *x, size_t n);

/* Middle value, of an even number the mean of the two in the middle; changes the order of x. NaN when n = 0. */
double emgp_median(double *x, size_t n);

/* Exact 95 % interval of a Poisson count n >= 0 (Garwood 1936). */
void emgp_poisson_interval(double n, double *low, double *high);

/* Quantiles of positive numbers in fixed memory: a histogram with 32 bins an octave. */
enum { EMGP_HISTOGRAM_PER_OCTAVE = 32, EMGP_HISTOGRAM_OCTAVES = 64 };

/* Bins from 2^-32 to 2^32; numbers beyond fall into the outermost. Zeroed it is empty. */
typedef struct emgp_histogram {
    uint64_t n;
    uint32_t bin[EMGP_HISTOGRAM_PER_OCTAVE * EMGP_HISTOGRAM_OCTAVES];
} emgp_histogram;

void emgp_histogram_add(emgp_histogram *histogram, double value);

/* The q-quantile, interpolated within its bin (error at most 1.1 %); NaN when empty. */
double emgp_histogram_quantile(const emgp_histogram *histogram, double q);

/* ---- status.c: Setting a failure: the first one wins. ---- */

#if defined(__GNUC__)
#define EMGP_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define EMGP_PRINTF(f, a)
#endif

/* Writes status and sentence into err unless it holds a failure already; returns status. The sentence must hold
 * only text that is printable (hostile bytes pass emgp_text_printable first). */
emg_status emgp_fail(emg_error *err, emg_status status, const char *format, ...) EMGP_PRINTF(3, 4);

/* The same with the byte offset and the signal number (from 1) it is about, -1 for none. */
emg_status emgp_fail_at(emg_error *err, emg_status status, int64_t offset, int64_t channel, const char *format, ...)
    EMGP_PRINTF(5, 6);

/* What a call may write its failure into: err, or NULL when it holds one already. */
emg_error *emgp_fresh(emg_error *err);

/* Puts "PATH: " before the sentence of a call on a file that failed, unless it begins with that file's or another's
 * name or is about memory or the caller's request to stop. Returns status; EMG_OK or path NULL changes nothing. */
emg_status emgp_name_failure(emg_error *err, const char *path, emg_status status);

/* EMG_ENOMEM with its one sentence. */
emg_status emgp_fail_memory(emg_error *err);

/* EMG_ERANGE: a sampling rate that is not above 0 and finite; no channels, or more than a group may have. */
emg_status emgp_check_rate(double rate_hz, emg_error *err);
emg_status emgp_check_channels(size_t n_channels, emg_error *err);

/* ---- The settings table that each step keeps at its top, as the configuration joins them. ---- */

typedef struct emgp_settings {
    const emg_setting *rows;
    size_t n;
    size_t offset; /* of the stage's struct within emg_config */
} emgp_settings;

/* What a stage's function returns: its rows and where its struct lies in emg_config. */
#define EMGP_SETTINGS(rows, member)                                                                                    \
    ((emgp_settings){ (rows), sizeof(rows) / sizeof *(rows), offsetof(emg_config, member) })

/* ---- text.c: Hostile bytes to printable UTF-8, here and nowhere else. ---- */

/* Turns n arbitrary bytes into printable, NUL-terminated UTF-8 of at most room - 1 bytes: valid UTF-8 stays, when the
 * whole is not valid UTF-8 bytes A0..FF are read as Latin-1, and controls (C0, DEL, C1) become \xNN. A text
 * that does not fit is cut at a character. Returns true when nothing had to be changed or cut. room >= 5. */
bool emgp_text_printable(char *out, size_t room, const void *bytes, size_t n);

/* The character at the first of n bytes as that makes it: its bytes in out, their number returned; *used: bytes taken.
 * utf8: the whole text is valid. *changed: it is another one now. */
size_t emgp_text_step(char out[8], const void *bytes, size_t n, bool utf8, size_t *used, bool *changed);

/* The same over a C string. */
bool emgp_text_printable_string(char *out, size_t room, const char *text);

/* Narrows [*from, *to) to leave out spaces and NULs on both sides. */
void emgp_text_trim(const char *bytes, size_t *from, size_t *to);

/* Whether the n bytes are valid UTF-8 (no overlong forms, no surrogates). */
bool emgp_text_is_utf8(const void *bytes, size_t n);

/* Copies a C string, cut at a character to fit. */
void emgp_text_copy(char *out, size_t room, const char *text);

/* Whether text matches a glob of '*', '?' and literals; ASCII letters match in either case. Linear in practice:
 * one star of backtracking at a time. */
bool emgp_text_glob(const char *glob, const char *text);

/* Whether two texts are equal but for the case of ASCII letters. */
bool emgp_text_same(const char *a, const char *b);

#endif
