/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON report and the column descriptions; ONLY room with <jansson.h>. */
#include <emg/report.h>

#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/sink.h"
#include "base/status.h"
#include "base/text.h"
#include "report/columns.h"

/* A document written member by member, each value on a line of its own, so that memory does not grow with it.
 * Values that could not be built (memory) are NULL and fail the document. */
typedef struct document {
    emgp_sink sink;
    bool first, failed;
} document;

static void document_start(document *doc, emg_write *write, void *context, emg_error *err)
{
    emgp_sink_init(&doc->sink, write, context, err);
    doc->first = true;
    doc->failed = false;
    emgp_sink_text(&doc->sink, "{\n");
}

static emg_status document_end(document *doc, emg_error *err)
{
    emgp_sink_text(&doc->sink, "\n}\n");
    if (doc->failed)
        return emgp_fail_memory(err);
    return emgp_sink_flush(&doc->sink);
}

static int take_piece(const char *bytes, size_t n, void *context)
{
    emgp_sink_bytes(context, bytes, n);
    return 0;
}

/* Reals are rounded to their printed digits beforehand (see real()); 15 digits give exactly those back. */
static void dump(document *doc, json_t *value)
{
    const size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(15);
    if (!value || json_dump_callback(value, take_piece, &doc->sink, flags))
        doc->failed = true;
    json_decref(value);
}

static void key(document *doc, const char *name)
{
    if (!doc->first)
        emgp_sink_text(&doc->sink, ",\n");
    doc->first = false;
    emgp_sink_text(&doc->sink, "  \"");
    emgp_sink_text(&doc->sink, name);
    emgp_sink_text(&doc->sink, "\": ");
}

static void member(document *doc, const char *name, json_t *value)
{
    key(doc, name);
    dump(doc, value);
}

/* An array with one element a line: array_start, element..., array_end. */
static void array_start(document *doc, const char *name)
{
    key(doc, name);
    emgp_sink_text(&doc->sink, "[");
    doc->first = true;
}

static void element(document *doc, json_t *value)
{
    emgp_sink_text(&doc->sink, doc->first ? "\n    " : ",\n    ");
    doc->first = false;
    dump(doc, value);
}

static void array_end(document *doc)
{
    emgp_sink_text(&doc->sink, doc->first ? "]" : "\n  ]");
    doc->first = false;
}

static json_t *printed(const char *text, size_t n)
{
    double value;
    return emgp_number_parse(text, n, &value) ? json_real(value) : json_null();
}

/* The number that the tables print, 6 significant digits; null for "not applicable". */
static json_t *real(double value)
{
    char text[EMGP_NUMBER_ROOM];
    return printed(text, emgp_number_print(text, value));
}

/* Seconds with 6 decimals. */
static json_t *seconds(double value)
{
    char text[EMGP_NUMBER_ROOM];
    return printed(text, emgp_time_print(text, value));
}

static json_t *count(uint64_t value)
{
    return value <= INT64_MAX ? json_integer((json_int_t)value) : json_real((double)value);
}

/* Exactly the text; made printable when it is not UTF-8. null for NULL. */
static json_t *text(const char *value)
{
    if (!value)
        return json_null();
    size_t n = strlen(value), room;
    if (emgp_text_is_utf8(value, n))
        return json_stringn(value, n);
    char *copy = emgp_multiply(n + 2, 4, &room) ? emgp_alloc(room, 1) : NULL;
    if (!copy)
        return NULL;
    emgp_text_printable(copy, room, value, n);
    json_t *string = json_string(copy);
    emgp_free(copy);
    return string;
}

/* An object with the failure of any of its members remembered by becoming NULL. */
static void set(json_t **object, const char *name, json_t *value)
{
    if (json_object_set_new(*object, name, value)) {
        json_decref(*object);
        *object = NULL;
    }
}

static void append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value)) {
        json_decref(*array);
        *array = NULL;
    }
}

static void put_software(document *doc)
{
    json_t *libraries = json_object();
    const char *name, *version;
    for (size_t i = 0; emg_report_software(i, &name, &version); i++) {
        if (i == 0) {
            json_t *software = json_object();
            set(&software, "name", text(name));
            set(&software, "version", text(version));
            member(doc, "software", software);
        } else {
            set(&libraries, name, text(version));
        }
    }
    member(doc, "libraries", libraries);
}

static void put_settings(document *doc, const emg_config *config)
{
    json_t *settings = json_object();
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        char value[32];
        emg_config_print(config, i, value);
        set(&settings, row.key, row.words ? text(value) : printed(value, strlen(value)));
    }
    member(doc, "settings", settings);
}

static void put_input(document *doc, const emg_report_input *input)
{
    json_t *facts = json_object();
    set(&facts, "recording", text(input->recording));
    set(&facts, "format", text(input->format));
    set(&facts, "content_hash_xxh3_128", text(input->content_hash));
    set(&facts, "file_bytes", count(input->file_bytes));
    set(&facts, "duration_s", seconds(input->duration_s));
    set(&facts, "span_s", seconds(input->span_s));
    set(&facts, "selected_s", seconds(input->selected_s));
    set(&facts, "power_line_hz", input->power_line_hz > 0 ? real(input->power_line_hz) : json_null());
    member(doc, "input", facts);
    array_start(doc, "segments");
    for (size_t i = 0; i < input->n_segments; i++) {
        json_t *segment = json_object();
        set(&segment, "start_s", seconds(input->segments[i].start_s));
        set(&segment, "duration_s", seconds(input->segments[i].duration_s));
        element(doc, segment);
    }
    array_end(doc);
}

static void put_input_channels(document *doc, const emg_report_input *input)
{
    array_start(doc, "input_channels");
    for (size_t i = 0; i < input->n_channels; i++) {
        const emg_report_channel *channel = &input->channels[i];
        json_t *object = json_object();
        set(&object, "number", count(channel->number));
        set(&object, "label", text(channel->label));
        set(&object, "name", text(channel->name));
        set(&object, "target_muscle", text(channel->muscle));
        set(&object, "type", text(channel->type));
        set(&object, "analysed", json_boolean(channel->analysed));
        set(&object, "sampling_frequency", real(channel->rate_hz));
        set(&object, "unit", text(channel->unit));
        set(&object, "microvolts_per_unit", channel->to_uv > 0 ? real(channel->to_uv) : json_null());
        set(&object, "physical_min", real(channel->physical_min));
        set(&object, "physical_max", real(channel->physical_max));
        set(&object, "digital_min", real(channel->digital_min));
        set(&object, "digital_max", real(channel->digital_max));
        set(&object, "prefilter", text(channel->prefilter));
        element(doc, object);
    }
    array_end(doc);
}

static void put_deviations(document *doc, const emg_report_input *input)
{
    array_start(doc, "deviations");
    for (size_t i = 0; i < input->n_deviations; i++) {
        const emg_report_deviation *deviation = &input->deviations[i];
        json_t *object = json_object();
        set(&object, "code", text(deviation->code));
        set(&object, "field", text(deviation->field));
        set(&object, "value", text(deviation->value));
        set(&object, "action", text(deviation->action));
        set(&object, "byte", deviation->offset < 0 ? json_null() : json_integer(deviation->offset));
        set(&object, "signal", deviation->channel < 0 ? json_null() : json_integer(deviation->channel));
        element(doc, object);
    }
    array_end(doc);
}

static json_t *histogram_object(const emg_summary *summary)
{
    json_t *counts = json_array();
    for (size_t i = 0; i < EMG_HISTOGRAM_BINS; i++)
        append(&counts, count(summary->interval_histogram[i]));
    json_t *object = json_object();
    set(&object, "first_edge_s", real(0.01));
    set(&object, "bins_per_decade", json_integer(16));
    set(&object, "counts", counts);
    return object;
}

static json_t *psd_object(const emg_summary *summary)
{
    json_t *density = json_array();
    for (size_t i = 0; i < EMG_PSD_BINS; i++)
        append(&density, real(summary->psd[i]));
    json_t *object = json_object();
    set(&object, "step_hz", real(summary->psd_step_hz));
    set(&object, "unit", text(summary->calibrated ? "uV^2/Hz" : "relative^2/Hz"));
    set(&object, "density", density);
    return object;
}

static json_t *channel_names(const emg_result *result, size_t muscle)
{
    json_t *names = json_array();
    for (size_t c = 0; c < emg_result_n_channels(result); c++)
        if (emg_result_muscle_of(result, c) == muscle)
            append(&names, text(emg_result_channel(result, c)->name));
    return names;
}

static json_t *summary_value(const emgp_column *column, const emg_summary *summary)
{
    if (column->cell == EMGP_CELL_CLASS)
        return summary->pattern == EMG_UNCLASSIFIED ? json_null() : text(emg_class_name(summary->pattern));
    if (column->cell == EMGP_CELL_COUNT)
        return count(emgp_summary_count(column, summary));
    double value = emgp_summary_real(column, summary);
    return column->cell == EMGP_CELL_TIME ? seconds(value) : real(value);
}

/* The columns of the tables as members, then what the tables have no room for. */
static json_t *summary_object(const emg_summary *summary, json_t *channels)
{
    json_t *object = json_object();
    set(&object, "target_muscle", text(summary->muscle));
    set(&object, "channels", channels);
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++)
        if (column->cell > EMGP_CELL_CHANNELS)
            set(&object, column->name, summary_value(column, summary));
    set(&object, "n_events", count(summary->n_events));
    set(&object, "fasciculation_interval_histogram", histogram_object(summary));
    set(&object, "psd", psd_object(summary));
    return object;
}

static void put_results(document *doc, const emg_result *result)
{
    array_start(doc, "muscles");
    for (size_t m = 0; result && m < emg_result_n_muscles(result); m++) {
        const emg_summary *summary = emg_result_muscle(result, m);
        const emg_summary *strongest = emg_result_channel(result, summary->strongest_channel);
        json_t *object = summary_object(summary, channel_names(result, m));
        set(&object, "strongest_channel", text(strongest ? strongest->name : NULL));
        element(doc, object);
    }
    array_end(doc);
    array_start(doc, "channels");
    for (size_t c = 0; result && c < emg_result_n_channels(result); c++) {
        const emg_summary *summary = emg_result_channel(result, c);
        json_t *names = json_array();
        append(&names, text(summary->name));
        element(doc, summary_object(summary, names));
    }
    array_end(doc);
}

static json_t *class_levels(void)
{
    json_t *levels = json_object();
    for (size_t i = 0; i < EMG_UNCLASSIFIED; i++)
        set(&levels, emg_class_name((emg_class)i), text(emgp_class_sentence((emg_class)i)));
    return levels;
}

static json_t *reason_sentences(void)
{
    json_t *codes = json_object();
    for (size_t i = 0; i < EMG_N_REASONS; i++)
        set(&codes, emg_reason_code((emg_reason)i), text(emg_reason_sentence((emg_reason)i)));
    return codes;
}

static void put_legend(document *doc)
{
    json_t *columns = json_object();
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++) {
        json_t *object = json_object();
        set(&object, "units", *column->units ? text(column->units) : json_null());
        set(&object, "description", text(column->description));
        set(&columns, column->name, object);
    }
    member(doc, "columns", columns);
    member(doc, "patterns", class_levels());
    member(doc, "reasons", reason_sentences());
}

emg_status emg_report_json(const emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                           emg_error *err)
{
    document doc;
    document_start(&doc, write, context, err);
    member(&doc, "schema", text("myogram-report"));
    member(&doc, "schema_version", json_integer(1));
    put_software(&doc);
    member(&doc, "disclaimer", text(EMG_DISCLAIMER));
    put_input(&doc, input);
    put_input_channels(&doc, input);
    put_deviations(&doc, input);
    put_settings(&doc, input->config);
    put_results(&doc, result);
    put_legend(&doc);
    return document_end(&doc, err);
}

emg_status emg_report_events_json(emg_write *write, void *context, emg_error *err)
{
    document doc;
    document_start(&doc, write, context, err);
    const emgp_event_column *column;
    for (size_t i = 0; (column = emgp_event_columns(i)); i++) {
        json_t *object = json_object();
        set(&object, "LongName", text(column->long_name));
        set(&object, "Description", text(column->description));
        if (*column->units)
            set(&object, "Units", text(column->units));
        if (strcmp(column->name, "trial_type") == 0)
            set(&object, "Levels", class_levels());
        if (strcmp(column->name, "reasons") == 0)
            set(&object, "Codes", reason_sentences());
        member(&doc, column->name, object);
    }
    return document_end(&doc, err);
}
