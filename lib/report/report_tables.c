/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tab-separated tables: events, discharges, muscles, channels. */
#include <emg/report.h>
#include <emg/report_tables.h>
#include <emg/result.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "report/report.h"

/* The text cells of all channels and muscles, made once: a table may have millions of rows. */
typedef struct names {
    size_t n_channels, n_muscles;
    char **channel, **muscle;
} names;

static void names_free(names *all)
{
    for (size_t i = 0; all->channel && i < all->n_channels; i++)
        emgp_free(all->channel[i]);
    for (size_t i = 0; all->muscle && i < all->n_muscles; i++)
        emgp_free(all->muscle[i]);
    emgp_free(all->channel);
    emgp_free(all->muscle);
    *all = (names){ 0 };
}

static bool names_make(names *all, const emg_result *result)
{
    all->n_channels = emg_result_n_channels(result);
    all->n_muscles = emg_result_n_muscles(result);
    all->channel = emgp_alloc(all->n_channels, sizeof *all->channel);
    all->muscle = emgp_alloc(all->n_muscles, sizeof *all->muscle);
    if (!all->channel || !all->muscle)
        return false;
    for (size_t i = 0; i < all->n_channels; i++)
        if (!(all->channel[i] = emgp_cell_text(emg_result_channel(result, i)->name, false)))
            return false;
    for (size_t i = 0; i < all->n_muscles; i++)
        if (!(all->muscle[i] = emgp_cell_text(emg_result_muscle(result, i)->name, false)))
            return false;
    return true;
}

static void put_event_header(emgp_sink *sink)
{
    const emgp_event_column *column;
    for (size_t i = 0; (column = emgp_event_columns(i)); i++) {
        if (i > 0)
            emgp_sink_bytes(sink, "\t", 1);
        emgp_sink_text(sink, column->name);
    }
    emgp_sink_bytes(sink, "\n", 1);
}

/* A row under construction: cells are appended to a line that goes to the sink in one piece. */
typedef struct line {
    char text[1024]; /* the numbers and codes of a row need less than 600 bytes */
    size_t n;
} line;

static void line_tab(line *row)
{
    row->text[row->n++] = '\t';
}

static void line_text(line *row, const char *text)
{
    size_t n = strlen(text);
    memcpy(row->text + row->n, text, n);
    row->n += n;
}

static void line_number(line *row, double value)
{
    line_tab(row);
    row->n += emgp_number_print(row->text + row->n, value);
}

/* 0 stands for "not applicable" in the counts of an event. */
static void line_count(line *row, uint64_t value)
{
    line_tab(row);
    if (value > 0)
        row->n += emgp_count_print(row->text + row->n, value);
    else
        line_text(row, "n/a");
}

static void line_reasons(line *row, uint64_t reasons)
{
    line_tab(row);
    if (reasons == 0)
        line_text(row, "n/a");
    bool first = true;
    for (size_t i = 0; i < EMG_N_REASONS; i++) {
        if (!(reasons >> i & 1))
            continue;
        if (!first)
            line_text(row, ";");
        line_text(row, emg_reason_code((emg_reason)i));
        first = false;
    }
}

static void put_event(emgp_sink *sink, const names *all, const emg_result *result, const emg_event *event)
{
    line row;
    row.n = emgp_time_print(row.text, event->onset_s);
    line_tab(&row);
    row.n += emgp_time_print(row.text + row.n, event->duration_s);
    line_tab(&row);
    line_text(&row, emg_class_name(event->trial_type));
    line_tab(&row);
    emgp_sink_bytes(sink, row.text, row.n);
    emgp_sink_text(sink, all->channel[event->channel]);
    emgp_sink_bytes(sink, "\t", 1);
    emgp_sink_text(sink, all->muscle[event->muscle]);
    row.n = 0;
    bool calibrated = emg_result_channel(result, event->channel)->calibrated;
    line_count(&row, event->n_channels);
    line_number(&row, calibrated ? event->amplitude : NAN);
    line_number(&row, calibrated ? NAN : event->amplitude);
    line_number(&row, event->snr_db);
    line_number(&row, event->frequency_hz);
    line_count(&row, event->count);
    line_number(&row, event->interval_cv);
    line_number(&row, event->interval_rcv);
    line_count(&row, event->unit);
    line_number(&row, event->confidence);
    line_reasons(&row, event->reasons);
    line_text(&row, "\n");
    emgp_sink_bytes(sink, row.text, row.n);
}

typedef emg_status next_event(emg_result *result, emg_event *event, bool *found, emg_error *err);

static emg_status put_events(emgp_sink *sink, emg_result *result, next_event *next, emg_error *err)
{
    names all = { 0 };
    emg_status status = names_make(&all, result) ? EMG_OK : emgp_fail_memory(err);
    while (status == EMG_OK && sink->status == EMG_OK) {
        emg_event event;
        bool found = false;
        status = next(result, &event, &found, err);
        if (status || !found)
            break;
        if (event.channel >= all.n_channels || event.muscle >= all.n_muscles)
            status = emgp_fail(err, EMG_EARG, "an event names channel %lu of a result with %lu channels",
                               (unsigned long)event.channel, (unsigned long)all.n_channels);
        else
            put_event(sink, &all, result, &event);
    }
    names_free(&all);
    return status;
}

static emg_status report_events(emg_result *result, next_event *next, emg_write *write, void *context, emg_error *err)
{
    if (!write)
        return emgp_fail(err, EMG_EARG, "a table of events needs a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    put_event_header(&sink);
    emg_status status = result ? put_events(&sink, result, next, err) : EMG_OK;
    emg_status written = emgp_sink_flush(&sink);
    return status ? status : written;
}

emg_status emg_report_events(emg_result *result, emg_write *write, void *context, emg_error *err)
{
    if (result)
        emg_result_rewind(result);
    return report_events(result, emg_result_next, write, context, err);
}

emg_status emg_report_discharges(emg_result *result, emg_write *write, void *context, emg_error *err)
{
    if (result)
        emg_result_rewind_discharges(result);
    return report_events(result, emg_result_next_discharge, write, context, err);
}

static void put_summary_header(emgp_sink *sink)
{
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++) {
        if (i > 0)
            emgp_sink_bytes(sink, "\t", 1);
        emgp_sink_text(sink, column->name);
    }
    emgp_sink_bytes(sink, "\n", 1);
}

/* One row: a muscle with its channels, or a single channel. */
typedef struct row_source {
    const emg_result *result;
    const emg_summary *summary;
    size_t index;
    bool is_muscle;
    const emg_report_input *input;
} row_source;

static bool put_text(emgp_sink *sink, const char *text, bool in_list)
{
    char *cell = emgp_cell_text(text, in_list);
    if (!cell)
        return false;
    emgp_sink_text(sink, cell);
    emgp_free(cell);
    return true;
}

static bool put_channels(emgp_sink *sink, const row_source *row)
{
    if (!row->is_muscle)
        return put_text(sink, row->summary->name, true);
    bool first = true;
    for (size_t c = 0; c < emg_result_n_channels(row->result); c++) {
        if (emg_result_muscle_of(row->result, c) != row->index)
            continue;
        if (!first)
            emgp_sink_bytes(sink, ";", 1);
        first = false;
        if (!put_text(sink, emg_result_channel(row->result, c)->name, true))
            return false;
    }
    return true;
}

static bool put_cell(emgp_sink *sink, const row_source *row, const emgp_column *column)
{
    switch (column->cell) {
    case EMGP_CELL_RECORDING:
        return put_text(sink, row->input->recording, false);
    case EMGP_CELL_MUSCLE:
        return put_text(sink, row->summary->muscle, false);
    case EMGP_CELL_CHANNELS:
        return put_channels(sink, row);
    case EMGP_CELL_CLASS:
        emgp_sink_text(sink, emg_class_name(row->summary->counts.pattern));
        return true;
    case EMGP_CELL_COUNT:
        emgp_sink_count(sink, emgp_summary_count(column, row->summary));
        return true;
    case EMGP_CELL_TIME:
        emgp_sink_time(sink, emgp_summary_real(column, row->summary));
        return true;
    case EMGP_CELL_REAL:
    case EMGP_CELL_UV:
    case EMGP_CELL_REL:
        emgp_sink_number(sink, emgp_summary_real(column, row->summary));
        return true;
    }
    return true;
}

static bool put_row(emgp_sink *sink, const row_source *row)
{
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++) {
        if (i > 0)
            emgp_sink_bytes(sink, "\t", 1);
        if (!put_cell(sink, row, column))
            return false;
    }
    emgp_sink_bytes(sink, "\n", 1);
    return true;
}

static emg_status report_rows(row_source row, size_t n, emg_write *write, void *context, emg_error *err)
{
    if (!row.input || !write)
        return emgp_fail(err, EMG_EARG,
                         "a table of muscles or channels needs an input and a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    put_summary_header(&sink);
    for (row.index = 0; row.index < n; row.index++) {
        row.summary =
            row.is_muscle ? emg_result_muscle(row.result, row.index) : emg_result_channel(row.result, row.index);
        if (!put_row(&sink, &row))
            return emgp_fail_memory(err);
    }
    return emgp_sink_flush(&sink);
}

emg_status emg_report_muscles(const emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                              emg_error *err)
{
    row_source row = { .result = result, .is_muscle = true, .input = input };
    return report_rows(row, result ? emg_result_n_muscles(result) : 0, write, context, err);
}

emg_status emg_report_channels(const emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                               emg_error *err)
{
    row_source row = { .result = result, .is_muscle = false, .input = input };
    return report_rows(row, result ? emg_result_n_channels(result) : 0, write, context, err);
}
