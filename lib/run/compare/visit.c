/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording with what was found in it: analysed now, every number rounded as the tables of a report print it. */
#include "run/compare/compare.h"

#include <math.h>
#include <string.h>

#include <emg/version.h>

#include "report/report.h"
#include "run/report/report.h"

void emgp_held_free(emgp_held *h)
{
    for (size_t i = 0; i < h->n_muscles; i++)
        emgp_free(h->muscle[i]);
    emgp_free(h->muscle);
    emgp_free(h->summary);
    emgp_free(h->events);
    emgp_free(h->segments);
    emgp_free(h->settings.bytes);
    emgp_free(h->name);
    *h = (emgp_held){ .name = NULL };
}

emg_status emgp_held_reserve(emgp_held *h, size_t n_muscles, size_t n_segments, emg_error *err)
{
    h->muscle = emgp_alloc(n_muscles, sizeof *h->muscle);
    h->summary = emgp_alloc(n_muscles, sizeof *h->summary);
    h->segments = emgp_alloc(n_segments, sizeof *h->segments);
    h->muscles_room = n_muscles;
    return h->muscle && h->summary && h->segments ? EMG_OK : emgp_fail_memory(err);
}

emg_status emgp_held_muscle(emgp_held *h, const char *name, const emg_summary *summary, emg_error *err)
{
    char *copy = emgp_copy_text(name, strlen(name));
    if (!copy)
        return emgp_fail_memory(err);
    h->muscle[h->n_muscles] = copy;
    h->summary[h->n_muscles] = *summary;
    h->summary[h->n_muscles].name = h->summary[h->n_muscles].muscle = copy;
    h->n_muscles++;
    return EMG_OK;
}

emg_status emgp_held_setting(emgp_held *h, const char *key, const char *value, emg_error *err)
{
    static const char least[] = "fasciculation.least_amplitude_uv";
    char printed[EMGP_NUMBER_ROOM];
    double number;
    if (emgp_number_parse(value, strlen(value), &number)) {
        emgp_number_print(printed, number);
        value = printed;
        if (strcmp(key, least) == 0)
            h->least_amplitude_uv = number;
    }
    const char *const parts[] = { key, "\t", value, "\n" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        emg_status status = emgp_collect(&h->settings, parts[i], strlen(parts[i]), err);
        if (status)
            return status;
    }
    return EMG_OK;
}

emg_visit emgp_held_visit(const emgp_held *h)
{
    return (emg_visit){ .name = h->name,
                        .muscles = h->summary,
                        .n_muscles = h->n_muscles,
                        .events = h->events,
                        .n_events = h->n_events,
                        .segments = h->segments,
                        .n_segments = h->n_segments,
                        .least_amplitude_uv = h->least_amplitude_uv };
}

/* ---- a recording analysed now ---- */

static double as_printed(double value)
{
    char text[EMGP_NUMBER_ROOM];
    double back = NAN;
    return emgp_number_parse(text, emgp_number_print(text, value), &back) ? back : NAN;
}

static double as_time(double value)
{
    char text[EMGP_NUMBER_ROOM];
    double back = NAN;
    return emgp_number_parse(text, emgp_time_print(text, value), &back) ? back : NAN;
}

static void round_summary(emg_summary *s)
{
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++) {
        if (column->cell < EMGP_CELL_TIME || column->cell == EMGP_CELL_COUNT)
            continue;
        double *value = (double *)(void *)((char *)s + column->offset);
        *value = column->cell == EMGP_CELL_TIME ? as_time(*value) : as_printed(*value);
    }
    s->signal.psd_step_hz = as_printed(s->signal.psd_step_hz);
    for (size_t i = 0; i < EMG_PSD_BINS; i++)
        s->signal.psd[i] = as_printed(s->signal.psd[i]);
}

static emg_status hold_muscles(emgp_held *h, const emg_run *run, emg_error *err)
{
    const size_t n = run->result ? emg_result_n_muscles(run->result) : 0;
    const size_t n_segments = emg_recording_n_segments(run->recording);
    emg_status status = emgp_held_reserve(h, n, n_segments, err);
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        emg_summary summary = *emg_result_muscle(run->result, i);
        round_summary(&summary);
        status = emgp_held_muscle(h, summary.name, &summary, err);
    }
    for (; status == EMG_OK && h->n_segments < n_segments; h->n_segments++) {
        const emg_segment *s = emg_recording_segment(run->recording, h->n_segments);
        h->segments[h->n_segments] = (emg_segment){ as_time(s->start_s), as_time(s->duration_s) };
    }
    return status;
}

static emg_status hold_events(emgp_held *h, emg_result *result, emg_error *err)
{
    emg_status status = EMG_OK;
    bool found = result != NULL;
    if (found)
        emg_result_rewind(result);
    while (found && status == EMG_OK) {
        emg_event event;
        status = emg_result_next(result, &event, &found, err);
        if (status || !found)
            break;
        if (!emgp_reserve((void **)&h->events, &h->events_room, h->n_events, h->n_events + 1, sizeof *h->events))
            return emgp_fail_memory(err);
        event.onset_s = as_time(event.onset_s);
        event.duration_s = as_time(event.duration_s);
        event.amplitude = as_printed(event.amplitude);
        event.frequency_hz = as_printed(event.frequency_hz);
        h->events[h->n_events++] = event;
    }
    return status;
}

static emg_status hold_settings(emgp_held *h, const emg_config *config, emg_error *err)
{
    emg_setting row;
    emg_status status = emgp_held_setting(h, "version", emg_version(), err);
    for (size_t i = 0; status == EMG_OK && emg_config_setting(i, &row); i++) {
        char value[32];
        emg_config_print(config, i, value);
        status = emgp_held_setting(h, row.key, value, err);
    }
    return status;
}

/* A recording is called as emg-report calls it: by its stem. */
static emg_status hold_name(emgp_held *h, const char *path, emg_error *err)
{
    emgp_inputs inputs = { .n = 0 };
    emg_status status = emgp_inputs_events(&inputs, path, err);
    const char *name = status == EMG_OK && inputs.n == 1 ? inputs.list[0].stem : path;
    if (status == EMG_OK && !(h->name = emgp_copy_text(name, strlen(name))))
        status = emgp_fail_memory(err);
    emgp_inputs_free(&inputs);
    return status;
}

emg_status emgp_held_analyse(emgp_held *h, const char *path, const emg_run_config *config, emg_error *err)
{
    emg_run run = { 0 };
    emg_run_config undrawn = *config;
    undrawn.no_sketches = true;
    emg_status status = emg_run_file(path, &undrawn, &run, err);
    if (status == EMG_OK)
        status = hold_name(h, path, err);
    if (status == EMG_OK)
        status = hold_settings(h, &config->analysis, err);
    if (status == EMG_OK)
        status = hold_muscles(h, &run, err);
    if (status == EMG_OK)
        status = hold_events(h, run.result, err);
    emg_run_free(&run);
    return status;
}
