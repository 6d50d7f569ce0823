/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bursts of episodes: a row each, and times by episode for the JSON. */
#include <emg/report_json.h>
#include <emg/report_tables.h>
#include <emg/result.h>

#include <math.h>

#include <jansson.h>

#include "base/base.h"
#include "report/report.h"

/* What is done with each event that has a rate. */
typedef emg_status take_episode(void *context, emg_result *result, const emg_event *event, emg_error *err);

static emg_status each_episode(emg_result *result, take_episode *take, void *context, emg_error *err)
{
    const size_t n_channels = emg_result_n_channels(result), n_muscles = emg_result_n_muscles(result);
    emg_result_rewind(result);
    for (bool found = true;;) {
        emg_event event;
        emg_status status = emg_result_next(result, &event, &found, err);
        if (status || !found)
            return status;
        if (event.channel >= n_channels || event.muscle >= n_muscles)
            return emgp_fail(err, EMG_EARG, "an event names a channel or a muscle that the result does not have");
        const bool told = event.frequency_hz > 0 && event.trial_type != EMG_ARTIFACT; /* a heart's beats are not told */
        status = told ? take(context, result, &event, err) : EMG_OK;
        if (status)
            return status;
    }
}

/* ---- JSON */

typedef struct times {
    json_t *at, *onset, *end;
    uint64_t n_left_out;
} times;

static emg_status gather(times *t, emg_result *result, const emg_event *event, emg_error *err)
{
    emg_burst burst;
    bool found = true;
    emg_status status = emg_result_rewind_bursts(result, event, err);
    for (size_t n = 0; status == EMG_OK; n++) {
        status = emg_result_next_burst(result, &burst, &found, err);
        if (status || !found)
            break;
        if (n >= EMG_REPORT_BURSTS) {
            t->n_left_out++;
            continue;
        }
        emgp_json_append(&t->at, emgp_json_seconds(burst.at_s));
        emgp_json_append(&t->onset, emgp_json_seconds(burst.onset_s));
        emgp_json_append(&t->end, emgp_json_seconds(burst.end_s));
    }
    return status;
}

static json_t *episode_object(const emg_result *result, const emg_event *event, const times *t)
{
    json_t *object = json_object(), *bursts = json_object();
    emgp_json_set(&bursts, "at", t->at);
    emgp_json_set(&bursts, "onset", t->onset);
    emgp_json_set(&bursts, "end", t->end);
    emgp_json_set(&object, "target_muscle", emgp_json_text(emg_result_muscle(result, event->muscle)->name));
    emgp_json_set(&object, "channel", emgp_json_text(emg_result_channel(result, event->channel)->name));
    emgp_json_set(&object, "trial_type", emgp_json_text(emg_class_name(event->trial_type)));
    emgp_json_set(&object, "onset", emgp_json_seconds(event->onset_s));
    emgp_json_set(&object, "duration", emgp_json_seconds(event->duration_s));
    emgp_json_set(&object, "frequency_hz", emgp_json_real(event->frequency_hz));
    emgp_json_set(&object, "count", emgp_json_count(event->count));
    emgp_json_set(&object, "unit", event->unit > 0 ? emgp_json_count(event->unit) : json_null());
    emgp_json_set(&object, "bursts", bursts);
    emgp_json_set(&object, "bursts_left_out", emgp_json_count(t->n_left_out));
    return object;
}

/* An event of one burst is in the table of events. */
static emg_status put_episode(void *context, emg_result *result, const emg_event *event, emg_error *err)
{
    if (event->count < 2)
        return EMG_OK;
    times t = { json_array(), json_array(), json_array(), 0 };
    const emg_status status = gather(&t, result, event, err);
    json_t *object = episode_object(result, event, &t);
    if (status)
        json_decref(object);
    else
        emgp_document_element(context, object);
    return status;
}

emg_status emgp_document_episodes(emgp_document *doc, emg_result *result, emg_error *err)
{
    emgp_document_array(doc, "episodes");
    const emg_status status = result ? each_episode(result, put_episode, doc, err) : EMG_OK;
    emgp_document_array_end(doc);
    return status;
}

/* ---- rows */

static emg_status put_rows(void *context, emg_result *result, const emg_event *event, emg_error *err)
{
    emgp_sink *sink = context;
    double before_s = NAN;
    bool found = true;
    emg_burst burst;
    emg_status status = emg_result_rewind_bursts(result, event, err);
    while (status == EMG_OK && (status = emg_result_next_burst(result, &burst, &found, err)) == EMG_OK && found) {
        emgp_row_time(sink, burst.onset_s);
        emgp_row_time(sink, burst.end_s - burst.onset_s);
        emgp_row_text(sink, emg_class_name(event->trial_type));
        emgp_row_text(sink, emg_result_channel(result, event->channel)->name);
        emgp_row_text(sink, emg_result_muscle(result, event->muscle)->name);
        if (event->unit > 0)
            emgp_row_count(sink, event->unit);
        else
            emgp_row_text(sink, NULL);
        emgp_row_time(sink, event->onset_s);
        emgp_row_time(sink, burst.at_s);
        emgp_row_time(sink, burst.at_s - before_s);
        emgp_row_end(sink);
        before_s = burst.at_s;
    }
    return status ? status : sink->status;
}

emg_status emg_report_bursts(emg_result *result, emg_write *write, void *context, emg_error *err)
{
    static const char *const columns[] = { "onset", "duration",      "trial_type", "channel", "target_muscle",
                                           "unit",  "episode_onset", "at",         "interval" };
    if (!write)
        return emgp_fail(err, EMG_EARG, "a table of bursts needs a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        emgp_row_text(&sink, columns[i]);
    emgp_row_end(&sink);
    const emg_status status = result ? each_episode(result, put_rows, &sink, err) : EMG_OK;
    const emg_status written = emgp_sink_flush(&sink);
    return status ? status : written;
}
