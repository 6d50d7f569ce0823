/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writers of reports share: cells, columns, documents. */
#ifndef EMGP_REPORT_REPORT_H
#define EMGP_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/report.h>
#include <emg/result.h>
#include <emg/rules.h>

#include "base/base.h"

/* ---- columns.c: The columns of every table, each with its name, unit, meaning and place in its struct. ---- */

/* How a cell is filled. */
typedef enum emgp_cell {
    EMGP_CELL_RECORDING, /* name of the recording */
    EMGP_CELL_MUSCLE,
    EMGP_CELL_CHANNELS, /* labels of the muscle's channels */
    EMGP_CELL_CLASS,
    EMGP_CELL_TIME, /* seconds */
    EMGP_CELL_REAL,
    EMGP_CELL_COUNT,
    EMGP_CELL_UV, /* amplitude, when calibrated */
    EMGP_CELL_REL /* amplitude, when not calibrated */
} emgp_cell;

typedef struct emgp_column {
    const char *name, *units, *description; /* units "": none */
    emgp_cell cell;
    size_t offset; /* within emg_summary; unused for the cells that are not a member of it */
} emgp_column;

/* Row `index` of the columns of STEM_muscles.tsv, STEM_channels.tsv and muscles.tsv; NULL beyond the last. */
const emgp_column *emgp_summary_column(size_t index);

/* The number in a real, time or amplitude cell; NaN when not applicable (e.g. the microvolts of an uncalibrated one). */
double emgp_summary_real(const emgp_column *column, const emg_summary *summary);
uint64_t emgp_summary_count(const emgp_column *column, const emg_summary *summary);

/* A column of STEM_events.tsv as its description lists it. */
typedef struct emgp_event_column {
    const char *name, *long_name, *units, *description;
} emgp_event_column;

/* Row `index` of the columns of STEM_events.tsv; NULL beyond the last. */
const emgp_event_column *emgp_event_columns(size_t index);

/* What a class of trial_type means, one sentence. */
const char *emgp_class_sentence(emg_class trial_type);

/* ---- locked.c: What is said of annotations that short events follow. ---- */

/* One sentence, and `after` behind it, when some text's annotations are so; nothing else, or for NULL. */
void emgp_words_time_locked(emgp_sink *sink, const emg_result *result, const char *after);

/* ---- words.c: The sentences about a muscle and about a file, which summary, page and JSON share. ---- */

enum { EMGP_ONSETS_SHOWN = 4 };

/* When a class occurred in a muscle: how often, and the first onsets, or every one. */
typedef struct emgp_occurrence {
    uint64_t n;
    bool every;
    size_t n_kept, room;
    double *onset_s;
} emgp_occurrence;

/* What is to be said of a muscle, a sentence a line, each after two spaces. */
void emgp_words_muscle(emgp_sink *sink, const emg_summary *summary, const emg_config *config,
                       const emgp_occurrence when[EMG_N_CLASSES]);

/* The word of a class in a sentence or a heading ("fasciculations"); "none found" for EMG_UNCLASSIFIED. */
const char *emgp_words_class(emg_class trial_type);

/* Seconds of a class that comes in episodes; NaN for the others. */
double emgp_words_total(const emg_summary *summary, emg_class trial_type);

/* A number a person reads, a length of time ("120 s", from an hour on "7 h 12 min"), an amplitude with its unit. */
void emgp_words_number(emgp_sink *sink, double value);
void emgp_words_span(emgp_sink *sink, double seconds);
void emgp_words_amplitude(emgp_sink *sink, const emg_summary *summary, double value);

/* ---- occurrences.c: When each class occurred, for the sentences. ---- */

/* Of every class of every muscle of a result (NULL: none), EMG_N_CLASSES a muscle, with the first onsets or every one; freed by
 * emgp_occurrences_free(), whatever is returned. Rewinds the events. EMG_ENOMEM, EMG_EARG, or what the events answer. */
emg_status emgp_occurrences(emgp_occurrence **out, emg_result *result, bool every, emg_error *err);
void emgp_occurrences_free(emgp_occurrence *all, const emg_result *result);

/* ---- deviations.c: What was found odd in a file, as sentences. ---- */

/* Each kind of deviation once, a line each after two spaces, under the title. */
void emgp_words_deviations(emgp_sink *sink, const emg_report_input *input, const char *title);

/* ---- pool.c: What the rules that gave the reasons compared, over many events. ---- */

typedef struct emgp_pooled {
    emg_evidence first;  /* whose limit and rule all share */
    uint64_t n, n_known; /* events with it; of them those whose value is known */
    double sum, least, most;
} emgp_pooled;

/* Zeroed it is empty. */
typedef struct emgp_pool {
    emgp_pooled *rows; /* in the order in which rules were met first */
    size_t n, room;
} emgp_pool;

/* False: out of memory. */
bool emgp_pool_add(emgp_pool *pool, const emg_event *event);
void emgp_pool_free(emgp_pool *pool);

/* Whether a rule looks at a flag: its values are 0 or 1. */
bool emgp_rule_is_flag(const emg_rule *rule);
/* "at most 0.3", "above 12 Hz", "yes": what a rule asked for. */
void emgp_words_asked(emgp_sink *sink, const emg_rule *rule, double limit);

/* ---- document.c: A JSON document written member by member, each value on a line of its own, so that memory does not grow with it. */

typedef struct json_t json_t; /* of <jansson.h>, which only those who build values include */

/* Values that could not be built (memory) are NULL and fail the document. */
typedef struct emgp_document {
    emgp_sink sink;
    bool first, failed;
} emgp_document;

void emgp_document_start(emgp_document *doc, emg_write *write, void *context, emg_error *err);
/* EMG_ENOMEM, or what the writing answered. */
emg_status emgp_document_end(emgp_document *doc, emg_error *err);

/* Values are taken over, whatever happens. */
void emgp_document_member(emgp_document *doc, const char *name, json_t *value);
/* An array with one element a line: array, element..., array_end. */
void emgp_document_array(emgp_document *doc, const char *name);
void emgp_document_element(emgp_document *doc, json_t *value);
void emgp_document_array_end(emgp_document *doc);

/* ---- report_episodes.c: The bursts of episodes: a row each, and times by episode for the JSON. ---- */

/* The member "episodes". Rewinds the events. EMG_ENOMEM, EMG_EARG, or what the events answer. */
emg_status emgp_document_episodes(emgp_document *doc, emg_result *result, emg_error *err);

/* The number that the tables print, 6 significant digits; null for "not applicable". */
json_t *emgp_json_real(double value);
/* Seconds with 6 decimals. */
json_t *emgp_json_seconds(double value);
json_t *emgp_json_count(uint64_t value);
/* Exactly the text; made printable when it is not UTF-8. null for NULL. */
json_t *emgp_json_text(const char *value);
/* The number that a text says, else null. */
json_t *emgp_json_printed(const char *text, size_t n);

/* Adds to an object or array; the failure of any member is remembered by its becoming NULL. */
void emgp_json_set(json_t **object, const char *name, json_t *value);
void emgp_json_append(json_t **array, json_t *value);

#endif
