/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording file (EDF, EDF+, BDF, BDF+, WAV, RF64, W64, FLAC, a table) as facts and as a stream of blocks. */
#ifndef EMG_RECORDING_H
#define EMG_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/block.h>
#include <emg/channel.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct emg_recording emg_recording;

typedef enum emg_format {
    EMG_FORMAT_EDF,
    EMG_FORMAT_EDF_C, /* EDF+C: contiguous */
    EMG_FORMAT_EDF_D, /* EDF+D: may have gaps */
    EMG_FORMAT_BDF,
    EMG_FORMAT_BDF_C,
    EMG_FORMAT_BDF_D,
    EMG_FORMAT_WAV,
    EMG_FORMAT_RF64,
    EMG_FORMAT_W64,
    EMG_FORMAT_FLAC,
    EMG_FORMAT_TABLE, /* CSV, TSV or another text of numbers */
    EMG_FORMAT_RAW    /* samples without a header */
} emg_format;

/* Whether samples of a format are shares of a full scale without a unit. */
EMG_API bool emg_format_is_audio(emg_format format);

/* An annotation of the file. */
typedef struct emg_annotation {
    double onset_s;    /* seconds from the recording's first sample; may be negative */
    double duration_s; /* NaN when none is given */
    char text[256];    /* printable UTF-8, cut at 255 bytes */
} emg_annotation;

/* What is known of the whole file. */
typedef struct emg_recording_facts {
    emg_format format;
    const char *format_name; /* "EDF+C", "WAV", ... */
    uint64_t file_bytes;
    size_t n_channels; /* ordinary signals, then derived ones */
    size_t n_annotation_signals;
    int64_t n_records;        /* complete data records; 0 for audio formats */
    double record_duration_s; /* 0 for audio formats */
    size_t n_segments;
    double duration_s; /* seconds of data: the sum over segments */
    double span_s;     /* from the first sample to the end of the last */
    double
        selected_s; /* seconds of data that the time window and the marked stretches leave to any channel; else duration_s */
    bool start_known; /* the date and time below are valid */
    int start_year, start_month, start_day, start_hour, start_minute;
    double start_second;             /* with the fraction of the first record's start */
    char patient[96], recording[96]; /* identity: print only when asked to */
    double power_line_hz;            /* from a sidecar; 0 when not stated */
} emg_recording_facts;

/* Takes one sentence about what is left out though it may be wanted: channels that nothing names, rows of a map and marks
 * that match nothing. Or that the file changed while it was read. `name` is what the recording is called, NULL for nothing. */
typedef void emg_notice(void *context, const char *name, const char *sentence);

/* How to read. Take emg_reading_defaults() and change what matters; zeroed text pointers mean "none". */
typedef struct emg_reading {
    bool strict;                 /* refuse what would be a deviation */
    bool all_channels;           /* select every usable channel, not only muscles */
    bool raw_only;               /* never select an envelope: discharges and spectra of it mean nothing */
    bool no_sidecar;             /* do not look for BIDS files beside the recording */
    const char *const *channels; /* patterns, see below; a channel that matches one is selected */
    size_t n_channels;           /* 0: select the muscles */
    const char *muscles_path;    /* BIDS channels.tsv or two columns: channel or "#N", muscle or type (EMG, ECG, ...) */
    /* Marks in a file of their own, instead of a BIDS events.tsv beside the recording: an EDF+ or BDF+ file of annotations
     * (aligned by start time when both have one), or a table of onset, duration and text in seconds from the first
     * sample. They follow the recording's own annotations. NULL: none but that events.tsv, which no_sidecar switches off. */
    const char *marks_path;
    const char *unit;     /* of the channels of an EDF, BDF or table that states none: "uV", "mV", "V"; NULL: unknown */
    double full_scale_uv; /* audio formats: microvolts at full scale; 0: uncalibrated */
    /* Tables: rows of numbers, with or without a header; units stand in it in brackets. Blank cells are gaps. */
    double rate_hz;      /* samples per second; 0: by the column of time, whose gaps are gaps of the recording */
    const char *columns; /* "2,4-6": which columns are channels, from 1; NULL: all but the time */
    double scale;        /* what each number is multiplied with, not 0; 1 by default */
    /* Samples without a header, all channels of a frame after one another: "f32le,4ch,2000Hz" is their kind (s8, u8, s16le,
     * s24le, s32le, f32le, f64le; be for le), channels and rate. Integers count steps; `scale` and `unit` say what one is.
     * NULL: the file says what it is. */
    const char *raw;
    double from_s, to_s;       /* time window in seconds from the first sample; to_s may be INFINITY */
    size_t group_size;         /* most channels in one block, 1 to 64 */
    size_t block_frames;       /* most frames in one block; 0: as suits the file */
    bool from_clock, to_clock; /* from_s, to_s are seconds after midnight by the recording's own clock, below 86400;
                                  * a time that has passed when the recording starts is the next day's */
    const char *const *within; /* globs over annotation texts: only inside stretches that one of these marks, */
    size_t n_within;
    const char *const *without; /* and only outside those that one of these marks; both within the time window */
    size_t n_without;
    /* A mark "text@@channel" is about that channel alone (or all of that label, and what is derived of them), and its text is
     * also what stands before the "@@". Channels then have stretches of their own, and come in blocks of their own.
     * one_course: what is taken off one selected channel is taken off all. */
    bool one_course;
    const char *const *derive; /* channels made of others: "NAME = A - 0.5*B + ..." */
    size_t n_derive;
    const char *const *invert; /* patterns of channels whose polarity is turned round */
    size_t n_invert;
    emg_notice
        *notice; /* called while opening and at the end; NULL: what it would say stands among the deviations only */
    void *notice_context;
} emg_reading;

/* Patterns of channels: "#N" is signal number N; "type:WORD" a type (emg, ecg, eog, eeg, force, trigger, other,
 * unknown); all else a glob of '*' and '?' over label, name and muscle, small letters or capital. In `channels`, a
 * pattern after '!' leaves out what it matches, whatever else would select it; when there are only such patterns, they
 * are taken off what is selected without any. A pattern that matches nothing is an error (but "!type:WORD").
 *
 * Derivations: NAME is new in the recording; A, B, ... are labels, names, "#N" or either in quotation marks, with an
 * optional factor. Of names that begin alike, the longest that fits is meant. Sources share rate and unit; they are
 * taken after `invert`, which turns no derived channel. Derived channels are selected unless left out; their sources
 * are not, unless a pattern or all_channels selects them.
 *
 * Stretches: where the time window or a mark cuts, a segment ends and another begins, so nothing spans a cut.
 * Annotations without a duration mark no stretch (W_MARK_POINT). */

EMG_API emg_reading emg_reading_defaults(void);

/* Opens a recording and reads its header. reading may be NULL for the defaults.
 * EMG_EIO: cannot be opened or read; EMG_EFORMAT: not a recording, or broken beyond repair (offset names the byte);
 * EMG_EUNSUPPORTED: a wave codec other than PCM and float, or more stretches or marks than can be kept; EMG_EARG: a pattern
 * that matches nothing, a derivation that cannot be made, a clock time without a known start, no marked stretch.
 * *out is NULL on failure; close it with emg_recording_close(). */
EMG_API EMG_MUST_USE emg_status emg_recording_open(emg_recording **out, const char *path, const emg_reading *reading,
                                                   emg_error *err);

/* The same over bytes in memory, which must outlive the recording. `name` is what sentences call it.
 * name may be NULL, and so reading may be NULL for the defaults. */
EMG_API EMG_MUST_USE emg_status emg_recording_open_memory(emg_recording **out, const void *bytes, size_t n_bytes,
                                                          const char *name, const emg_reading *reading, emg_error *err);

/* Closes and frees; NULL is allowed. */
EMG_API void emg_recording_close(emg_recording *recording);

/* Facts, channels, deviations, segments: borrowed, valid until the recording is closed (deviations and
 * segments may grow while blocks are read: NaN runs, samples outside the digital range). Index from 0; NULL beyond.
 * Each kind lies in an array of its own: what index 0 gives is followed by the others. */
EMG_API const emg_recording_facts *emg_recording_get_facts(const emg_recording *recording);
EMG_API const emg_channel *emg_recording_channel(const emg_recording *recording, size_t index);
EMG_API size_t emg_recording_n_deviations(const emg_recording *recording);
EMG_API const emg_deviation *emg_recording_deviation(const emg_recording *recording, size_t index);
EMG_API size_t emg_recording_n_segments(const emg_recording *recording);
EMG_API const emg_segment *emg_recording_segment(const emg_recording *recording, size_t index);

/* The next block of selected channels: groups of one rate in turn, each in time order; block->channel holds channel
 * indices (as emg_recording_channel takes them). block->n_frames is 0 at the end. Every sample of a selected channel
 * within the time window appears exactly once, but for stretches that are not finite, which become gaps.
 * EMG_EIO, EMG_ENOMEM, EMG_EFORMAT (e.g. record times that run backwards). */
EMG_API EMG_MUST_USE emg_status emg_recording_next(emg_recording *recording, emg_block *block, emg_error *err);

/* Calls `take` for every annotation in file order, then for the marks from beside the file; stops with EMG_ECANCELLED when it returns false. */
typedef bool emg_annotation_take(void *context, const emg_annotation *annotation);
EMG_API EMG_MUST_USE emg_status emg_recording_annotations(emg_recording *recording, emg_annotation_take *take,
                                                          void *context, emg_error *err);

/* XXH3-128 of the file's bytes as 32 hexadecimal digits and a NUL; taken along while reading in order,
 * what was not read is read now. EMG_EIO. */
EMG_API EMG_MUST_USE emg_status emg_recording_hash(emg_recording *recording, char out[33], emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
