/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks that stand in a file of their own: a table of onset, duration and text, or an annotation file with a clock. */
#include "reading/channels/channels.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "reading/source/source.h"

/* --- tables -------------------------------------------------------------------------------------------------- */

typedef struct mark_columns {
    size_t onset, duration, text;
} mark_columns;

/* A number of seconds, of which a decimal comma may be the point. */
static bool read_seconds(const char *cell, double *out)
{
    char copy[EMGP_NUMBER_ROOM];
    size_t n = strlen(cell);
    if (n >= sizeof copy)
        return false;
    memcpy(copy, cell, n + 1);
    char *comma = strchr(copy, ',');
    if (comma)
        *comma = '.';
    return emgp_number_parse(copy, n, out) && fabs(*out) <= EMGP_MOST_CREDIBLE;
}

static size_t text_column(const emgp_table *table)
{
    static const char *const names[] = { "trial_type",  "event_type", "text", "annotation",
                                         "description", "label",      "value" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (emgp_table_column(table, names[i]) < EMGP_TABLE_COLUMNS)
            return emgp_table_column(table, names[i]);
    return EMGP_TABLE_COLUMNS;
}

/* What the first row says of the columns; *is_row: it is a mark itself. */
static emg_status find_mark_columns(const emgp_table *table, mark_columns *at, bool *is_row, emg_error *err)
{
    double number;
    *is_row = false;
    *at = (mark_columns){ emgp_table_column(table, "onset"), emgp_table_column(table, "duration"), text_column(table) };
    if (at->onset < EMGP_TABLE_COLUMNS && at->text < EMGP_TABLE_COLUMNS)
        return EMG_OK;
    if (at->onset < EMGP_TABLE_COLUMNS)
        return emgp_fail(err, EMG_EFORMAT,
                         "line %zu: no column holds the texts of the marks: name one trial_type, text or value",
                         table->line);
    *is_row = table->n_cells >= 2 && read_seconds(table->cell[0], &number);
    *at = (mark_columns){ 0, table->n_cells > 2 ? 1 : EMGP_TABLE_COLUMNS, table->n_cells > 2 ? 2 : 1 };
    return *is_row
               ? EMG_OK
               : emgp_fail(err, EMG_EFORMAT,
                           "line %zu: neither a header with the columns onset, duration and trial_type nor a row of "
                           "onset in seconds, duration and text, separated by tabs, semicolons or commas",
                           table->line);
}

/* The mark of a row. False: a row without onset or text, or, as *wrong says, what is no number in a column. */
static bool read_mark(const emgp_table *table, const mark_columns *at, emg_annotation *mark, const char **wrong)
{
    const char *onset = emgp_table_cell(table, at->onset), *duration = emgp_table_cell(table, at->duration),
               *text = emgp_table_cell(table, at->text);
    *wrong = NULL;
    mark->duration_s = NAN;
    if (*onset && !read_seconds(onset, &mark->onset_s))
        *wrong = "onset";
    else if (*duration && !(read_seconds(duration, &mark->duration_s) && mark->duration_s >= 0))
        *wrong = "duration";
    emgp_text_printable_string(mark->text, sizeof mark->text, text);
    return *onset && *text && !*wrong;
}

/* Rows that cannot be used refuse a file that the user named; beside the recording they are left out and noted. */
static emg_status take_rows(emg_recording *rec, emgp_table *table, bool given, emg_error *err)
{
    mark_columns at;
    bool is_row;
    emg_status status = find_mark_columns(table, &at, &is_row, err);
    size_t n_left_out = 0;
    for (; status == EMG_OK && (is_row || emgp_table_next(table)); is_row = false) {
        emg_annotation mark;
        const char *wrong;
        if (read_mark(table, &at, &mark, &wrong))
            status = emgp_added_take(&rec->added, &mark, err);
        else if (wrong && given)
            status = emgp_fail(err, EMG_EFORMAT, "line %zu, column %s: no number of seconds; write n/a for none",
                               table->line, wrong);
        else
            n_left_out++;
    }
    if (status != EMG_OK || n_left_out == 0)
        return status;
    emgp_finding finding = { .code = "W_MARKS_ROW", .field = "marks", .offset = -1, .things = "row" };
    return emgp_deviate_count(&rec->deviations, &finding, n_left_out, err);
}

static bool next_row(emgp_table *table)
{
    while (emgp_table_next(table))
        if (table->cell[0][0] != '#' && table->cell[0][0] != '%')
            return true;
    return false;
}

/* Whether a table holds events that this library found in the recording: they are named alike and may lie beside it. */
static emg_status is_ours(const char *path, bool *ours, emg_error *err)
{
    emgp_table table;
    emg_status status = emgp_table_begin(&table, path, err);
    if (status != EMG_OK)
        return status;
    emgp_table_separate(&table);
    *ours = next_row(&table) && emgp_table_column(&table, "amplitude_rel") < EMGP_TABLE_COLUMNS;
    emgp_table_free(&table);
    return EMG_OK;
}

static emg_status read_table(emg_recording *rec, const char *path, bool given, emg_error *err)
{
    emgp_table table;
    bool ours = false;
    emg_status status = given ? EMG_OK : is_ours(path, &ours, err);
    if (status != EMG_OK || ours)
        return status;
    status = emgp_table_read(&table, path, EMGP_TABLE_BYTES, err);
    if (status != EMG_OK)
        return status;
    emgp_table_separate(&table);
    if (next_row(&table))
        status = take_rows(rec, &table, given, err);
    else if (given)
        status = emgp_fail(err, EMG_EFORMAT, "no line with a mark");
    emgp_table_free(&table);
    return status;
}

/* --- annotation files ---------------------------------------------------------------------------------------- */

typedef struct collecting {
    emgp_added *added;
    double shift_s;
    emg_status status;
    emg_error *err;
} collecting;

static bool collect(void *context, const emg_annotation *annotation)
{
    collecting *c = context;
    emg_annotation mark = *annotation;
    mark.onset_s += c->shift_s;
    c->status = emgp_added_take(c->added, &mark, c->err);
    return c->status == EMG_OK;
}

/* Days of the Gregorian calendar, from a day that does not matter. */
static double day_number(int year, int month, int day)
{
    int before = (month - 14) / 12; /* -1 in January and February: the year begins in March */
    return 1461 * (year + 4800 + before) / 4 + 367 * (month - 2 - 12 * before) / 12 -
           3 * ((year + 4900 + before) / 100) / 4 + day;
}

static double clock_of(const emg_recording_facts *f)
{
    return day_number(f->start_year, f->start_month, f->start_day) * 86400 + f->start_hour * 3600.0 +
           f->start_minute * 60.0 + f->start_second;
}

static emg_status say_alignment(emg_recording *rec, bool known, double shift_s, emg_error *err)
{
    char seconds[EMGP_NUMBER_ROOM], sentence[200];
    emgp_time_print(seconds, shift_s);
    if (known)
        snprintf(sentence, sizeof sentence,
                 "marks are aligned by start time: their file begins %s s after the recording", seconds);
    else
        snprintf(sentence, sizeof sentence,
                 "marks count from the recording's first sample: no start time says otherwise");
    emgp_notice(rec, sentence);
    emgp_finding finding = {
        .code = known ? "W_MARKS_ALIGNED" : "W_MARKS_FROM_START", .field = "marks", .offset = -1, .action = sentence
    };
    return emgp_remark(&rec->deviations, &finding, err);
}

emg_status emgp_added_annotations(emg_recording *rec, emg_recording *marks, emg_error *err)
{
    bool known = marks->facts.start_known && rec->facts.start_known;
    collecting c = { &rec->added, known ? clock_of(&marks->facts) - clock_of(&rec->facts) : 0, EMG_OK, err };
    emg_status status = emgp_annotations_each(marks, collect, &c, err);
    if (c.status != EMG_OK) /* reading has then only been stopped */
        return c.status;
    if (status == EMG_OK && rec->added.n == 0)
        status = emgp_fail(err, EMG_EFORMAT, "the file has no annotations");
    return status == EMG_OK ? say_alignment(rec, known, c.shift_s, err) : status;
}

/* --- added to the recording --------------------------------------------------------------------------------- */

emg_status emgp_added_kind(const char *path, bool *annotations, emg_error *err)
{
    emgp_source source;
    emgp_io *io = NULL;
    unsigned char head[8] = { 0 };
    emg_status status = emgp_source_file(&source, path, err);
    if (status == EMG_OK)
        status = emgp_io_new(&io, source, err);
    if (status != EMG_OK)
        return status;
    if (emgp_io_size(io) >= sizeof head)
        status = emgp_io_read(io, 0, head, sizeof head, err);
    emgp_io_free(io);
    *annotations =
        memcmp(head, "0       ", sizeof head) == 0 || (head[0] == 0xFF && memcmp(head + 1, "BIOSEMI", 7) == 0);
    return status;
}

emg_status emgp_added_table(emg_recording *rec, const char *path, emg_error *err)
{
    emg_status status = read_table(rec, path, true, err);
    return status == EMG_OK ? say_alignment(rec, false, 0, err) : status;
}

emg_status emgp_added_beside(emg_recording *rec, const char *path, emg_error *err)
{
    emgp_beside beside;
    emg_status status = emgp_beside_open(&beside, path, err);
    char *found = NULL;
    if (status == EMG_OK)
        status = emgp_beside_next(&beside, "events.tsv", &found, err);
    emgp_beside_close(&beside);
    if (status != EMG_OK || !found)
        return status;
    emg_error reason = EMG_ERROR_NONE;
    status = read_table(rec, found, false, &reason);
    emgp_free(found);
    if (status == EMG_ENOMEM)
        return emgp_fail_memory(err);
    if (status == EMG_EFORMAT) {
        emgp_finding finding = { .code = "W_SIDECAR",
                                 .field = "events.tsv",
                                 .offset = -1,
                                 .action = "the file beside the recording has no marks that can be read: ignored" };
        return emgp_deviate(&rec->deviations, &finding, err);
    }
    return status == EMG_OK ? EMG_OK : emgp_beside_refuse("events.tsv", reason.text, status, err);
}
