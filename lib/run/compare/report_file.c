/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STEM_report.json and STEM_events.tsv back to numbers: settings, segments, muscles, events. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "reading/source/source.h"
#include "report/report.h"
#include "run/compare/compare.h"
#include "run/score/score.h"

enum { MOST_BYTES = 1 << 28 };
static const char ending[] = "_report.json", events_ending[] = "_events.tsv";

static const char *string_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* null and what is no number are "not applicable". */
static double number_of(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static emg_status read_settings(emgp_held *h, const json_t *root, emg_error *err)
{
    const char *version = string_of(json_object_get(root, "software"), "version"), *key;
    json_t *settings = json_object_get(root, "settings"), *value;
    if (!version || !json_is_object(settings))
        return emgp_fail(err, EMG_EFORMAT, "the report names no version or no settings");
    emg_status status = emgp_held_setting(h, "version", version, err);
    json_object_foreach(settings, key, value)
    {
        char printed[EMGP_NUMBER_ROOM];
        emgp_number_print(printed, number_of(value));
        if (status == EMG_OK)
            status = emgp_held_setting(h, key, json_is_string(value) ? json_string_value(value) : printed, err);
    }
    return status;
}

static void read_segments(emgp_held *h, const json_t *segments)
{
    for (; h->n_segments < json_array_size(segments); h->n_segments++) {
        const json_t *s = json_array_get(segments, h->n_segments);
        h->segments[h->n_segments] =
            (emg_segment){ number_of(json_object_get(s, "start_s")), number_of(json_object_get(s, "duration_s")) };
    }
}

/* Fills what the columns of the tables name. */
static void read_columns(emg_summary *summary, const json_t *muscle)
{
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++) {
        const double value = number_of(json_object_get(muscle, column->name));
        char *at = (char *)summary + column->offset;
        if (column->cell == EMGP_CELL_COUNT) {
            const uint64_t count = value >= 0 && value < 1e18 ? (uint64_t)value : EMG_NO_COUNT;
            memcpy(at, &count, sizeof count);
        } else if (column->cell == EMGP_CELL_TIME || column->cell == EMGP_CELL_REAL ||
                   column->cell == (summary->calibrated ? EMGP_CELL_UV : EMGP_CELL_REL)) {
            memcpy(at, &value, sizeof value);
        }
    }
}

static emg_status read_muscle(emgp_held *h, const json_t *muscle, emg_error *err)
{
    const char *name = string_of(muscle, "target_muscle");
    const json_t *psd = json_object_get(muscle, "psd"), *density = json_object_get(psd, "density");
    const char *unit = string_of(psd, "unit");
    if (!name || !unit)
        return emgp_fail(err, EMG_EFORMAT, "muscle %zu of the report has no name or no spectrum", h->n_muscles + 1);
    emg_summary summary;
    memset(&summary, 0, sizeof summary);
    summary.calibrated = strncmp(unit, "uV", 2) == 0;
    summary.n_channels = json_array_size(json_object_get(muscle, "channels"));
    read_columns(&summary, muscle);
    summary.signal.psd_step_hz = number_of(json_object_get(psd, "step_hz"));
    for (size_t i = 0; i < EMG_PSD_BINS; i++)
        summary.signal.psd[i] = number_of(json_array_get(density, i));
    return emgp_held_muscle(h, name, &summary, err);
}

static emg_status read_root(emgp_held *h, const json_t *root, emg_error *err)
{
    const char *schema = string_of(root, "schema"), *name = string_of(json_object_get(root, "input"), "recording");
    const json_t *muscles = json_object_get(root, "muscles"), *segments = json_object_get(root, "segments");
    if (!schema || strcmp(schema, "myogram-report") != 0 || !name || !json_is_array(muscles) ||
        !json_is_array(segments))
        return emgp_fail(err, EMG_EFORMAT, "not a report of emg-report");
    if (json_integer_value(json_object_get(root, "schema_version")) != 1)
        return emgp_fail(err, EMG_EFORMAT, "a report of another schema version than 1: make it again");
    h->name = emgp_copy_text(name, strlen(name));
    emg_status status = h->name ? emgp_held_reserve(h, json_array_size(muscles), json_array_size(segments), err)
                                : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = read_settings(h, root, err);
    if (status == EMG_OK)
        read_segments(h, segments);
    for (size_t i = 0; status == EMG_OK && i < json_array_size(muscles); i++)
        status = read_muscle(h, json_array_get(muscles, i), err);
    return status;
}

static emg_status read_json(emgp_held *h, const char *path, emg_error *err)
{
    emgp_table text;
    json_error_t where;
    emg_status status = emgp_table_read(&text, path, MOST_BYTES, err);
    if (status)
        return status;
    json_t *root = json_loadb(text.bytes + text.at, text.n - text.at, 0, &where);
    status =
        root ? read_root(h, root, err) : emgp_fail(err, EMG_EFORMAT, "line %d: no JSON, or broken off", where.line);
    json_decref(root);
    emgp_table_free(&text);
    return status;
}

/* Whether a muscle's name stands so in a table's cell. */
static bool is_cell(const char *muscle, const char *cell, bool *failed)
{
    emgp_collected text = { .n = 0 };
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (sink) {
        emgp_sink_init(sink, emgp_collect, &text, NULL);
        emgp_sink_cell(sink, muscle, false);
    }
    *failed = *failed || !sink || emgp_sink_flush(sink) != EMG_OK;
    const bool same = text.bytes && strcmp(text.bytes, cell) == 0;
    emgp_free(text.bytes);
    emgp_free(sink);
    return same;
}

/* Turns the numbers of names in the events' channel into those of muscles. */
static emg_status number_muscles(emgp_held *h, const emgp_row_names *names, emg_error *err)
{
    uint32_t *muscle_of = emgp_alloc(names->n, sizeof *muscle_of);
    emg_status status = EMG_OK;
    if (!muscle_of)
        return emgp_fail_memory(err);
    for (size_t k = 0; status == EMG_OK && k < names->n; k++) {
        bool failed = false;
        uint32_t m = 0;
        while (m < h->n_muscles && !is_cell(h->muscle[m], names->name[k], &failed) && !failed)
            m++;
        muscle_of[k] = m;
        if (failed)
            status = emgp_fail_memory(err);
        else if (m == h->n_muscles)
            status = emgp_fail(err, EMG_EFORMAT, "its events are of a muscle that the report beside it does not have");
    }
    for (size_t i = 0; status == EMG_OK && i < h->n_events; i++)
        h->events[i].muscle = muscle_of[h->events[i].channel];
    emgp_free(muscle_of);
    return status;
}

static emg_status read_events(emgp_held *h, const char *path, emg_error *err)
{
    emgp_event_file file = { 0 };
    emgp_row_names names = { 0 };
    emg_status status = emgp_event_file_read(&file, path, EMG_SCORE_BY_MUSCLE, &names, err);
    h->events = file.events; /* the held one's from now on, whatever was read */
    h->n_events = file.n;
    h->events_room = file.room;
    if (status == EMG_OK)
        status = number_muscles(h, &names, err);
    emgp_row_names_free(&names);
    return status;
}

emg_status emgp_held_read(emgp_held *h, const char *path, emg_error *err)
{
    const size_t n = strlen(path), m = sizeof ending - 1;
    if (n < m || strcmp(path + n - m, ending) != 0)
        return emgp_fail(err, EMG_EARG, "a report's name ends in %s", ending);
    char *events = emgp_alloc(n + sizeof events_ending, 1);
    if (!events)
        return emgp_fail_memory(err);
    memcpy(events, path, n - m);
    memcpy(events + n - m, events_ending, sizeof events_ending);
    emg_status status = emgp_name_failure(err, path, read_json(h, path, err));
    if (status == EMG_OK)
        status = emgp_name_failure(err, events, read_events(h, events, err));
    emgp_free(events);
    return status;
}
