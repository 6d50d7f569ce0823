/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording's report: what is known of the recording handed to the report's writers, file by file. */
#include "run/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
    return (emg_report_input){ .recording = o->stem,
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
                               .power_line_hz = facts->power_line_hz };
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

/* Makes the folders that the stem names below the output folder. */
static emg_status make_parents(char *path, size_t from, emg_error *err)
{
    for (char *slash = path + from; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!made)
            emgp_fail(err, EMG_EIO, "%s: cannot make the folder: %s", path, strerror(errno));
        *slash = '/';
        if (!made)
            return EMG_EIO;
    }
    return EMG_OK;
}

static emg_status write_file(const emgp_outputs *o, const emg_report_input *input, const char *ending, writer *write,
                             emg_error *err)
{
    size_t n = strlen(o->folder) + strlen(o->stem) + strlen(ending) + 2;
    char *path = emgp_alloc(n, 1);
    if (!path)
        return emgp_fail_memory(err);
    snprintf(path, n, "%s/%s%s", o->folder, o->stem, ending);
    emgp_newfile *file = NULL;
    emg_status status = make_parents(path, strlen(o->folder) + 1, err);
    if (status == EMG_OK)
        status = emgp_newfile_open(&file, path, err);
    if (status == EMG_OK)
        status = write(o->run->result, input, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    emgp_free(path);
    return status;
}

static emg_status write_files(const emgp_outputs *o, const emg_report_input *input, emg_error *err)
{
    emg_status status = EMG_OK;
    if (o->config->write_tsv) {
        status = write_file(o, input, "_events.tsv", write_events, err);
        if (status == EMG_OK)
            status = write_file(o, input, "_events.json", write_events_json, err);
        if (status == EMG_OK)
            status = write_file(o, input, "_muscles.tsv", write_muscles, err);
        if (status == EMG_OK)
            status = write_file(o, input, "_channels.tsv", write_channels, err);
    }
    if (status == EMG_OK && o->config->write_json)
        status = write_file(o, input, "_report.json", write_json, err);
    if (status == EMG_OK && o->config->write_html)
        status = write_file(o, input, "_report.html", emg_report_page, err);
    return status;
}

/* Passes text on without its first line, or only its first line. */
typedef struct line_filter {
    emgp_newfile *file;
    bool want_first, in_first;
} line_filter;

static emg_status filter_lines(void *context, const char *bytes, size_t n, emg_error *err)
{
    line_filter *f = context;
    const char *end = f->in_first ? memchr(bytes, '\n', n) : NULL;
    size_t first = !f->in_first ? 0 : end ? (size_t)(end - bytes) + 1 : n;
    f->in_first = f->in_first && !end;
    return f->want_first ? emgp_newfile_write(f->file, bytes, first, err)
                         : emgp_newfile_write(f->file, bytes + first, n - first, err);
}

emg_status emgp_outputs_cohort_header(emgp_newfile *file, emg_error *err)
{
    line_filter filter = { file, true, true };
    emg_report_input input = { .recording = "" };
    return emg_report_muscles(NULL, &input, filter_lines, &filter, err);
}

emg_status emgp_outputs_write(const emgp_outputs *o, emgp_newfile *cohort, char **summary, emg_error *err)
{
    emg_report_input input = input_of(o);
    emgp_collected text = { .n = 0 };
    line_filter rows = { cohort, false, true };
    emg_status status = write_files(o, &input, err);
    if (status == EMG_OK)
        status = emg_report_summary(o->run->result, &input, emgp_collect, &text, err);
    if (status == EMG_OK)
        status = emg_report_muscles(o->run->result, &input, filter_lines, &rows, err);
    if (status)
        emgp_free(text.bytes);
    else
        *summary = text.bytes;
    return status;
}
