/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns by their names, annotations by their first word; words that are no class are counted and left out. */
#include "run/score/score.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "reading/source/source.h"

enum { MOST_BYTES = 1 << 30 };

void emgp_row_names_free(emgp_row_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        emgp_free(names->name[i]);
    emgp_free(names->name);
    *names = (emgp_row_names){ NULL, 0, 0, 0 };
}

/* The number of a name, which is added when it is new. Rows mostly repeat the name before. */
static emg_status number_of(emgp_row_names *names, const char *name, uint32_t *number, emg_error *err)
{
    for (size_t k = 0; k < names->n; k++) {
        size_t i = (names->latest + k) % names->n;
        if (strcmp(names->name[i], name) != 0)
            continue;
        names->latest = i;
        *number = (uint32_t)i;
        return EMG_OK;
    }
    void *list = names->name;
    char *copy = emgp_copy_text(name, strlen(name));
    if (!copy || !emgp_reserve(&list, &names->room, names->n, names->n + 1, sizeof *names->name)) {
        emgp_free(copy);
        return emgp_fail_memory(err);
    }
    names->name = list;
    names->name[names->n] = copy;
    names->latest = names->n;
    *number = (uint32_t)names->n++;
    return EMG_OK;
}

static bool class_of(const char *word, size_t n, emg_class *out)
{
    for (int c = 0; c < EMG_N_CLASSES; c++) {
        const char *name = emg_class_name((emg_class)c);
        if (strlen(name) == n && strncmp(name, word, n) == 0) {
            *out = (emg_class)c;
            return true;
        }
    }
    return false;
}

static bool is_single(emg_class c)
{
    return c == EMG_FASCICULATION || c == EMG_MYOCLONUS || c == EMG_EVOKED || c == EMG_UNCLASSIFIED;
}

static emg_status add_event(emgp_event_file *file, const emg_event *event, emg_error *err)
{
    void *list = file->events;
    if (!emgp_reserve(&list, &file->room, file->n, file->n + 1, sizeof *file->events))
        return emgp_fail_memory(err);
    file->events = list;
    file->n_without_end += !is_single(event->trial_type) && !(event->duration_s > 0);
    file->events[file->n++] = *event;
    return EMG_OK;
}

typedef struct columns {
    size_t onset, duration, trial_type, row_name, frequency, count, confidence, peak, amplitude_uv, amplitude_rel;
} columns;

static emg_status find_columns(const emgp_table *table, emg_score_by by, columns *at, emg_error *err)
{
    size_t channel = emgp_table_column(table, "channel"), muscle = emgp_table_column(table, "target_muscle");
    size_t first = by == EMG_SCORE_BY_MUSCLE ? muscle : channel, second = by == EMG_SCORE_BY_MUSCLE ? channel : muscle;
    *at = (columns){ .onset = emgp_table_column(table, "onset"),
                     .duration = emgp_table_column(table, "duration"),
                     .trial_type = emgp_table_column(table, "trial_type"),
                     .row_name = by == EMG_SCORE_BY_NOTHING   ? EMGP_TABLE_COLUMNS
                                 : first < EMGP_TABLE_COLUMNS ? first
                                                              : second,
                     .frequency = emgp_table_column(table, "frequency_hz"),
                     .count = emgp_table_column(table, "count"),
                     .confidence = emgp_table_column(table, "confidence"),
                     .peak = emgp_table_column(table, "peak"),
                     .amplitude_uv = emgp_table_column(table, "amplitude_uv"),
                     .amplitude_rel = emgp_table_column(table, "amplitude_rel") };
    const size_t needed[] = { at->onset, at->duration, at->trial_type };
    static const char *const names[] = { "onset", "duration", "trial_type" };
    for (size_t i = 0; i < 3; i++)
        if (needed[i] == EMGP_TABLE_COLUMNS)
            return emgp_fail(err, EMG_EFORMAT, "the header line names no column '%s': not a table of events", names[i]);
    return EMG_OK;
}

/* A number, or NaN for n/a and blank; *wrong names the column that holds neither. */
static double number_in(const emgp_table *table, size_t column, const char *name, const char **wrong)
{
    const char *text = emgp_table_cell(table, column);
    double value = NAN;
    if (*text && !emgp_number_parse(text, strlen(text), &value))
        *wrong = name;
    return value;
}

/* trial_type as it stands: "n/a" is the word for plain discharges. */
static const char *type_in(const emgp_table *table, size_t column)
{
    return column < table->n_cells ? table->cell[column] : "";
}

static emg_status take_row(emgp_event_file *file, const emgp_table *table, const columns *at, size_t row,
                           emgp_row_names *names, emg_error *err)
{
    emg_event e = { .peak = NAN, .amplitude = NAN, .snr_db = NAN, .interval_cv = NAN, .interval_rcv = NAN };
    const char *type = type_in(table, at->trial_type), *wrong = NULL;
    if (!class_of(type, strlen(type), &e.trial_type)) {
        file->n_other++;
        return EMG_OK;
    }
    e.onset_s = number_in(table, at->onset, "onset", &wrong);
    e.duration_s = number_in(table, at->duration, "duration", &wrong);
    e.frequency_hz = number_in(table, at->frequency, "frequency_hz", &wrong);
    e.confidence = number_in(table, at->confidence, "confidence", &wrong);
    e.peak_s = number_in(table, at->peak, "peak", &wrong);
    e.amplitude = number_in(table, at->amplitude_uv, "amplitude_uv", &wrong);
    if (isnan(e.amplitude))
        e.amplitude = number_in(table, at->amplitude_rel, "amplitude_rel", &wrong);
    double count = number_in(table, at->count, "count", &wrong);
    e.count = count >= 1 && count < 1e15 ? (uint64_t)count : 0;
    if (wrong || isnan(e.onset_s))
        return emgp_fail(err, EMG_EFORMAT, "row %zu of the table: '%s' is not a number", row, wrong ? wrong : "onset");
    const char *row_name = at->row_name < EMGP_TABLE_COLUMNS ? emgp_table_cell(table, at->row_name) : "";
    emg_status status = number_of(names, row_name, &e.channel, err);
    return status ? status : add_event(file, &e, err);
}

static emg_status read_table(emgp_event_file *file, const char *path, emg_score_by by, emgp_row_names *names,
                             emg_error *err)
{
    emgp_table table;
    columns at = { 0 };
    emg_status status = emgp_table_read(&table, path, MOST_BYTES, err);
    if (status)
        return status;
    if (!emgp_table_next(&table))
        status = emgp_fail(err, EMG_EFORMAT, "an empty file: a table of events has a header line");
    else
        status = find_columns(&table, by, &at, err);
    for (size_t row = 1; status == EMG_OK && emgp_table_next(&table); row++)
        status = take_row(file, &table, &at, row, names, err);
    emgp_table_free(&table);
    return status;
}

/* What taking annotations needs; the callback cannot return a status of its own. */
typedef struct taking {
    emgp_event_file *file;
    emgp_row_names *names;
    emg_score_by by;
    emg_status status;
    emg_error *err;
} taking;

/* "clonus", "clonus 5 beats", "clonus@@EMG L Soleus" (the EDF+ convention for the channel that an annotation is about). */
static bool take_annotation(void *context, const emg_annotation *a)
{
    taking *t = context;
    emg_event e = { .onset_s = a->onset_s,
                    .duration_s = a->duration_s,
                    .peak_s = NAN,
                    .peak = NAN,
                    .amplitude = NAN,
                    .snr_db = NAN,
                    .frequency_hz = NAN,
                    .interval_cv = NAN,
                    .interval_rcv = NAN,
                    .confidence = NAN };
    const char *row_name = strstr(a->text, "@@");
    if (!class_of(a->text, strcspn(a->text, " @,;:"), &e.trial_type)) {
        t->file->n_other++;
        return true;
    }
    t->status = number_of(t->names, row_name && t->by != EMG_SCORE_BY_NOTHING ? row_name + 2 : "", &e.channel, t->err);
    if (t->status == EMG_OK)
        t->status = add_event(t->file, &e, t->err);
    return t->status == EMG_OK;
}

static emg_status read_annotations(emgp_event_file *file, const char *path, emg_score_by by, emgp_row_names *names,
                                   emg_error *err)
{
    emg_recording *rec = NULL;
    emg_reading reading = emg_reading_defaults();
    reading.no_sidecar = true;
    emg_status status = emg_recording_open(&rec, path, &reading, err);
    taking t = { file, names, by, EMG_OK, err };
    if (status == EMG_OK) {
        file->span_s = emg_recording_get_facts(rec)->duration_s;
        status = emg_recording_annotations(rec, take_annotation, &t, err);
    }
    emg_recording_close(rec);
    return t.status ? t.status : status;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n >= m && emgp_text_same(text + n - m, ending);
}

emg_status emgp_event_file_read(emgp_event_file *out, const char *path, emg_score_by by, emgp_row_names *names,
                                emg_error *err)
{
    *out = (emgp_event_file){ .span_s = NAN };
    return ends_with(path, ".tsv") ? read_table(out, path, by, names, err)
                                   : read_annotations(out, path, by, names, err);
}

void emgp_event_file_free(emgp_event_file *file)
{
    emgp_free(file->events);
    *file = (emgp_event_file){ .span_s = NAN };
}

/* The sum of a column of the table at path. */
static emg_status sum_of(const char *path, const char *name, double *sum, emg_error *err)
{
    emgp_table table;
    emg_status status = emgp_table_read(&table, path, MOST_BYTES, err);
    if (status != EMG_OK)
        return status;
    if (emgp_table_next(&table)) {
        size_t column = emgp_table_column(&table, name);
        for (*sum = column < EMGP_TABLE_COLUMNS ? 0 : NAN; emgp_table_next(&table);) {
            const char *wrong = NULL;
            *sum += number_in(&table, column, name, &wrong);
        }
    }
    emgp_table_free(&table);
    return EMG_OK;
}

emg_status emgp_event_file_observed(const char *events_path, emg_score_by by, double *seconds, emg_error *err)
{
    static const char ending[] = "_events.tsv";
    const char *other = by == EMG_SCORE_BY_CHANNEL ? "_channels.tsv" : "_muscles.tsv";
    *seconds = NAN;
    if (!ends_with(events_path, ending))
        return EMG_OK;
    size_t n = strlen(events_path) - (sizeof ending - 1), m = strlen(other);
    char *path = emgp_alloc(n + m + 1, 1);
    if (!path)
        return emgp_fail_memory(err);
    memcpy(path, events_path, n);
    memcpy(path + n, other, m);
    bool exists = false;
    emg_error reason = EMG_ERROR_NONE;
    emg_status status = emgp_source_exists(path, &exists, &reason);
    if (status == EMG_OK && exists)
        status = sum_of(path, "analysed_s", seconds, &reason);
    emgp_free(path);
    return status ? emgp_fail(err, status, "the table %s beside it cannot be read: %.200s", other + 1, reason.text)
                  : EMG_OK;
}
