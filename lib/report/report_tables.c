/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tab-separated tables: events, discharges, muscles, channels. */
#include <emg/report.h>
#include <emg/report_tables.h>
#include <emg/result.h>

#include <math.h>

#include "base/base.h"
#include "report/report.h"

static void put_event_header(emgp_sink *sink)
{
    const emgp_event_column *column;
    for (size_t i = 0; (column = emgp_event_columns(i)); i++)
        emgp_row_text(sink, column->name);
    emgp_row_end(sink);
}

/* 0 stands for "not applicable" in the counts of an event. */
static void put_count(emgp_sink *sink, uint64_t value)
{
    if (value > 0)
        emgp_row_count(sink, value);
    else
        emgp_row_text(sink, NULL);
}

static void put_reasons(emgp_sink *sink, uint64_t reasons)
{
    emgp_row_cell(sink);
    if (reasons == 0)
        emgp_sink_text(sink, "n/a");
    bool first = true;
    for (size_t i = 0; i < EMG_N_REASONS; i++) {
        if (!(reasons >> i & 1))
            continue;
        if (!first)
            emgp_sink_text(sink, ";");
        emgp_sink_text(sink, emg_reason_code((emg_reason)i));
        first = false;
    }
}

static void put_event(emgp_sink *sink, const emg_result *result, const emg_event *event)
{
    const emg_summary *channel = emg_result_channel(result, event->channel);
    emgp_row_time(sink, event->onset_s);
    emgp_row_time(sink, event->duration_s);
    emgp_row_text(sink, emg_class_name(event->trial_type));
    emgp_row_text(sink, channel->name);
    emgp_row_text(sink, emg_result_muscle(result, event->muscle)->name);
    put_count(sink, event->n_channels);
    emgp_row_number(sink, channel->calibrated ? event->amplitude : NAN);
    emgp_row_number(sink, channel->calibrated ? NAN : event->amplitude);
    emgp_row_number(sink, event->snr_db);
    emgp_row_number(sink, event->frequency_hz);
    put_count(sink, event->count);
    emgp_row_number(sink, event->interval_cv);
    emgp_row_number(sink, event->interval_rcv);
    put_count(sink, event->unit);
    emgp_row_number(sink, event->confidence);
    put_reasons(sink, event->reasons);
    emgp_row_time(sink, event->peak_s);
    emgp_row_end(sink);
}

typedef emg_status next_event(emg_result *result, emg_event *event, bool *found, emg_error *err);

static emg_status put_events(emgp_sink *sink, emg_result *result, next_event *next, emg_error *err)
{
    size_t n_channels = emg_result_n_channels(result), n_muscles = emg_result_n_muscles(result);
    emg_status status = EMG_OK;
    while (status == EMG_OK && sink->status == EMG_OK) {
        emg_event event;
        bool found = false;
        status = next(result, &event, &found, err);
        if (status || !found)
            break;
        if (event.channel >= n_channels || event.muscle >= n_muscles)
            status = emgp_fail(err, EMG_EARG, "an event names channel %lu of a result with %lu channels",
                               (unsigned long)event.channel, (unsigned long)n_channels);
        else
            put_event(sink, result, &event);
    }
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
    for (size_t i = 0; (column = emgp_summary_column(i)); i++)
        emgp_row_text(sink, column->name);
    emgp_row_end(sink);
}

/* One row: a muscle with its channels, or a single channel. */
typedef struct row_source {
    const emg_result *result;
    const emg_summary *summary;
    size_t index;
    bool is_muscle;
    const emg_report_input *input;
} row_source;

static void put_channels(emgp_sink *sink, const row_source *row)
{
    emgp_row_cell(sink);
    if (!row->is_muscle)
        emgp_sink_cell(sink, row->summary->name, true);
    bool first = true;
    for (size_t c = 0; row->is_muscle && c < emg_result_n_channels(row->result); c++) {
        if (emg_result_muscle_of(row->result, c) != row->index)
            continue;
        if (!first)
            emgp_sink_bytes(sink, ";", 1);
        first = false;
        emgp_sink_cell(sink, emg_result_channel(row->result, c)->name, true);
    }
}

static void put_cell(emgp_sink *sink, const row_source *row, const emgp_column *column)
{
    switch (column->cell) {
    case EMGP_CELL_RECORDING:
        emgp_row_text(sink, row->input->recording);
        break;
    case EMGP_CELL_MUSCLE:
        emgp_row_text(sink, row->summary->muscle);
        break;
    case EMGP_CELL_CHANNELS:
        put_channels(sink, row);
        break;
    case EMGP_CELL_CLASS:
        emgp_row_text(sink, emg_class_name(row->summary->counts.pattern));
        break;
    case EMGP_CELL_COUNT:
        if (emgp_summary_count(column, row->summary) == EMG_NO_COUNT)
            emgp_row_text(sink, NULL);
        else
            emgp_row_count(sink, emgp_summary_count(column, row->summary));
        break;
    case EMGP_CELL_TIME:
        emgp_row_time(sink, emgp_summary_real(column, row->summary));
        break;
    case EMGP_CELL_REAL:
    case EMGP_CELL_UV:
    case EMGP_CELL_REL:
        emgp_row_number(sink, emgp_summary_real(column, row->summary));
        break;
    }
}

static void put_row(emgp_sink *sink, const row_source *row)
{
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++)
        put_cell(sink, row, column);
    emgp_row_end(sink);
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
        put_row(&sink, &row);
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

emg_status emg_report_cell(const char *text, emg_write *write, void *context, emg_error *err)
{
    if (!write)
        return emgp_fail(err, EMG_EARG, "a cell needs a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    emgp_sink_cell(&sink, text, false);
    return emgp_sink_flush(&sink);
}
