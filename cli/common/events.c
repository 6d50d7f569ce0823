/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording in, one table of events on standard output. */
#include "common/common.h"

#include <stdio.h>

static emg_status put(const cli_options *o, cli_event_table *table, emg_result *result, cli_output *out, emg_error *err)
{
    if (o->run.ask)
        return emg_report_why(result, o->run.ask_from_s, o->run.ask_to_s, cli_output_write, out, err);
    return (o->bursts ? emg_report_bursts : table)(result, cli_output_write, out, err);
}

static int print_table(const cli_options *o, cli_event_table *table, emg_result *result)
{
    const char *path = o->inputs[0];
    cli_output out = { 0 };
    emg_error err = EMG_ERROR_NONE;
    bool failed = put(o, table, result, &out, &err) != EMG_OK && !out.error;
    if (failed)
        cli_complain_of(o->tool->name, path, &err);
    int written = cli_output_end(&out, o->tool->name);
    return failed ? CLI_NONE_DONE : written;
}

/* Whether the time that is asked for lies in the recording; says so where it lies in a gap or behind the end. */
static bool is_there(const cli_options *o, const emg_recording *recording)
{
    const double at_s = (o->run.ask_from_s + o->run.ask_to_s) / 2;
    for (size_t i = 0; i < emg_recording_n_segments(recording); i++) {
        const emg_segment *s = emg_recording_segment(recording, i);
        if (s->start_s <= at_s && at_s <= s->start_s + s->duration_s)
            return true;
    }
    char sentence[160];
    const emg_recording_facts *facts = emg_recording_get_facts(recording);
    snprintf(sentence, sizeof sentence, "there is no recording at %.6g s: it has %.6g s within %.6g s", at_s,
             facts->duration_s, facts->span_s);
    cli_complain(o->tool->name, o->inputs[0], sentence);
    return false;
}

static void show_progress(void *context, const emg_run_progress *told)
{
    cli_progress *progress = context;
    progress->n = told->n;
    progress->under_way = told->all_s > 0 ? told->done_s / told->all_s : 0;
    progress->recorded_s = told->done_s;
    cli_progress_show(true, progress);
}

static int analyse(const cli_options *o, cli_event_table *table)
{
    const char *path = o->inputs[0];
    cli_progress progress = { 0 };
    emg_run_config config = o->run;
    config.progress = o->quiet ? NULL : show_progress;
    config.progress_context = &progress;
    config.no_sketches = true;
    cli_progress_start(&progress);
    emg_run run = { 0 };
    emg_error err = EMG_ERROR_NONE;
    int code = CLI_NONE_DONE;
    emg_status status = emg_run_file(path, &config, &run, &err);
    cli_progress_clear(!o->quiet);
    if (status) {
        cli_complain_of(o->tool->name, path, &err);
    } else {
        if (!run.result && !o->quiet)
            cli_complain(o->tool->name, path, "holds no muscle channel with samples; --all-channels takes the others");
        if ((run.result || !o->run.reading.strict) && (!o->run.ask || is_there(o, run.recording)))
            code = print_table(o, table, run.result);
    }
    emg_run_free(&run);
    return code;
}

int cli_print_events(const cli_tool *tool, cli_event_table *table, int argc, char **argv)
{
    cli_options options;
    int code = cli_options_read(&options, tool, NULL, argc, argv);
    if (code == CLI_GO_ON)
        code = analyse(&options, table);
    cli_options_free(&options);
    return code;
}
