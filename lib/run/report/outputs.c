/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording's report: what is known of the recording handed to the report's writers, file by file. */
#include "run/report/report.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <emg/report.h>
#include <emg/report_json.h>
#include <emg/report_page.h>
#include <emg/report_summary.h>
#include <emg/report_tables.h>
#include <emg/result.h>

#include "base/base.h"

/* What the report says of its input: facts that the open recording holds. */
static emg_report_input input_of(const emgp_outputs *o)
{
    const emg_recording *r = o->run->recording;
    const emg_recording_facts *facts = emg_recording_get_facts(r);
    return (emg_report_input){ .recording = o->files->stem,
                               .format = facts->format_name,
                               .content_hash = o->run->hash,
                               .file_bytes = facts->file_bytes,
                               .duration_s = facts->duration_s,
                               .span_s = facts->span_s,
                               .selected_s = facts->selected_s,
                               .config = &o->config->analysis,
                               .deviations = emg_recording_deviation(r, 0),
                               .n_deviations = emg_recording_n_deviations(r),
                               .notes = o->run->notes,
                               .n_notes = o->run->n_notes,
                               .channels = emg_recording_channel(r, 0),
                               .n_channels = facts->n_channels,
                               .segments = emg_recording_segment(r, 0),
                               .n_segments = emg_recording_n_segments(r),
                               .power_line_hz = facts->power_line_hz,
                               .every_onset = o->config->every_onset };
}

/* The writers of report.h behind one shape. */
typedef emg_status writer(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                          emg_error *err);

static emg_status write_events(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                               emg_error *err)
{
    (void)input;
    return emg_report_events(result, write, context, err);
}

static emg_status write_events_json(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                                    emg_error *err)
{
    (void)result;
    (void)input;
    return emg_report_events_json(write, context, err);
}

static emg_status write_muscles(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                                emg_error *err)
{
    return emg_report_muscles(result, input, write, context, err);
}

static emg_status write_channels(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                                 emg_error *err)
{
    return emg_report_channels(result, input, write, context, err);
}

static emg_status write_json(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                             emg_error *err)
{
    return emg_report_json(result, input, write, context, err);
}

/* Which switch of the configuration asks for a file, and who writes it. */
static const struct {
    size_t wanted;
    writer *write;
} files[EMGP_FILES] = {
    [EMGP_FILE_EVENTS] = { offsetof(emg_run_config, write_tsv), write_events },
    [EMGP_FILE_EVENTS_JSON] = { offsetof(emg_run_config, write_tsv), write_events_json },
    [EMGP_FILE_MUSCLES] = { offsetof(emg_run_config, write_tsv), write_muscles },
    [EMGP_FILE_CHANNELS] = { offsetof(emg_run_config, write_tsv), write_channels },
    [EMGP_FILE_REPORT_JSON] = { offsetof(emg_run_config, write_json), write_json },
    [EMGP_FILE_REPORT_HTML] = { offsetof(emg_run_config, write_html), emg_report_page },
};

static emg_status write_file(const emgp_outputs *o, const emg_report_input *input, size_t k, emg_error *err)
{
    emgp_newfile *file = NULL;
    emg_status status = emgp_together_open(o->files, k, &file, err);
    if (status == EMG_OK)
        status = files[k].write(o->run->result, input, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_settle(file, err);
    if (status == EMG_OK)
        o->files->files |= 1u << k;
    emgp_newfile_free(file);
    return status;
}

/* A figure is a file of its own, whole or absent by itself. */
static emg_status write_figure(void *context, const char *name, const char *svg, size_t n, emg_error *err)
{
    const emgp_together *together = context;
    const size_t room = strlen(together->folder) + strlen(together->stem) + strlen(name) + sizeof "/_.svg";
    char *path = emgp_alloc(room, 1);
    if (!path)
        return emgp_fail_memory(err);
    snprintf(path, room, "%s/%s_%s.svg", together->folder, together->stem, name);
    emgp_newfile *file = NULL;
    emg_status status = emgp_newfile_open(&file, path, err);
    if (status == EMG_OK)
        status = emgp_newfile_write(file, svg, n, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    emgp_free(path);
    return status;
}

static emg_status write_files(const emgp_outputs *o, const emg_report_input *input, emg_error *err)
{
    emg_status status = emgp_together_parents(o->files, err);
    for (size_t k = 0; status == EMG_OK && k < EMGP_FILES; k++)
        if (*(const bool *)((const char *)o->config + files[k].wanted))
            status = write_file(o, input, k, err);
    if (status == EMG_OK && o->config->write_figures)
        status = emg_report_figures(o->run->result, input, write_figure, o->files, err);
    return status;
}

/* Passes text on without its first line, or only its first line. */
typedef struct line_filter {
    emg_write *write;
    void *context;
    bool want_first, in_first;
} line_filter;

static emg_status filter_lines(void *context, const char *bytes, size_t n, emg_error *err)
{
    line_filter *f = context;
    const char *end = f->in_first ? memchr(bytes, '\n', n) : NULL;
    size_t first = !f->in_first ? 0 : end ? (size_t)(end - bytes) + 1 : n;
    f->in_first = f->in_first && !end;
    return f->want_first ? f->write(f->context, bytes, first, err)
                         : f->write(f->context, bytes + first, n - first, err);
}

emg_status emgp_outputs_cohort_header(emgp_newfile *file, emg_error *err)
{
    line_filter filter = { emgp_newfile_sink, file, true, true };
    emg_report_input input = { .recording = "" };
    return emg_report_muscles(NULL, &input, filter_lines, &filter, err);
}

emg_status emgp_outputs_write(const emgp_outputs *o, emgp_collected *rows, emgp_collected *summary, emg_error *err)
{
    emg_report_input input = input_of(o);
    line_filter filter = { emgp_collect, rows, false, true };
    emg_status status = write_files(o, &input, err);
    if (status == EMG_OK)
        status = emg_report_summary(o->run->result, &input, emgp_collect, summary, err);
    if (status == EMG_OK)
        status = emg_report_muscles(o->run->result, &input, filter_lines, &filter, err);
    return status;
}
