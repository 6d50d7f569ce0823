/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording's report: what is known of the recording handed to the report's writers, file by file. */
#include "run/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <emg/report.h>

#include "base/base.h"
#include "report/report.h"

/* The recording's facts in the report's own words. */
typedef struct facts {
    emg_report_input input;
    emg_report_deviation *deviations;
    emg_report_channel *channels;
    emg_report_segment *segments;
} facts;

static emg_report_deviation deviation_of(const emg_deviation *d)
{
    return (emg_report_deviation){ d->code, d->field, d->value, d->action, d->offset, d->channel };
}

static emg_report_channel channel_of(const emg_channel *c)
{
    return (emg_report_channel){ .label = c->label,
                                 .name = c->name,
                                 .muscle = c->muscle,
                                 .unit = c->unit,
                                 .type = emg_channel_type_name(c->type),
                                 .prefilter = c->prefilter,
                                 .number = c->number,
                                 .rate_hz = c->rate_hz,
                                 .to_uv = c->to_uv,
                                 .physical_min = c->physical_min,
                                 .physical_max = c->physical_max,
                                 .digital_min = c->digital_min,
                                 .digital_max = c->digital_max,
                                 .analysed = c->selected && c->usable };
}

static void facts_free(facts *f)
{
    emgp_free(f->deviations);
    emgp_free(f->channels);
    emgp_free(f->segments);
}

static emg_status facts_of(const emgp_outputs *o, facts *f, emg_error *err)
{
    const emg_recording *r = o->run->recording;
    const emg_recording_facts *known = emg_recording_get_facts(r);
    size_t n_own = emg_recording_n_deviations(r), n_deviations = n_own + o->run->n_notes;
    size_t n_segments = emg_recording_n_segments(r);
    f->deviations = emgp_alloc(n_deviations, sizeof *f->deviations);
    f->channels = emgp_alloc(known->n_channels, sizeof *f->channels);
    f->segments = emgp_alloc(n_segments, sizeof *f->segments);
    if (!f->deviations || !f->channels || !f->segments)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < n_deviations; i++)
        f->deviations[i] = deviation_of(i < n_own ? emg_recording_deviation(r, i) : &o->run->notes[i - n_own]);
    for (size_t i = 0; i < known->n_channels; i++)
        f->channels[i] = channel_of(emg_recording_channel(r, i));
    for (size_t i = 0; i < n_segments; i++) {
        const emg_segment *segment = emg_recording_segment(r, i);
        f->segments[i] = (emg_report_segment){ segment->start_s, segment->duration_s };
    }
    f->input = (emg_report_input){ .recording = o->stem,
                                   .format = known->format_name,
                                   .content_hash = o->run->hash,
                                   .file_bytes = known->file_bytes,
                                   .duration_s = known->duration_s,
                                   .span_s = known->span_s,
                                   .selected_s = known->selected_s,
                                   .config = &o->config->analysis,
                                   .deviations = f->deviations,
                                   .n_deviations = n_deviations,
                                   .channels = f->channels,
                                   .n_channels = known->n_channels,
                                   .segments = f->segments,
                                   .n_segments = n_segments,
                                   .power_line_hz = known->power_line_hz };
    return EMG_OK;
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

static emg_status write_file(const emgp_outputs *o, const facts *f, const char *ending, writer *write, emg_error *err)
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
        status = write(o->run->result, &f->input, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    emgp_free(path);
    return status;
}

static emg_status write_files(const emgp_outputs *o, const facts *f, emg_error *err)
{
    emg_status status = EMG_OK;
    if (o->config->write_tsv) {
        status = write_file(o, f, "_events.tsv", write_events, err);
        if (status == EMG_OK)
            status = write_file(o, f, "_events.json", write_events_json, err);
        if (status == EMG_OK)
            status = write_file(o, f, "_muscles.tsv", write_muscles, err);
        if (status == EMG_OK)
            status = write_file(o, f, "_channels.tsv", write_channels, err);
    }
    if (status == EMG_OK && o->config->write_json)
        status = write_file(o, f, "_report.json", write_json, err);
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

typedef struct text_buffer {
    void *text;
    size_t n, room;
} text_buffer;

static emg_status gather(void *context, const char *bytes, size_t n, emg_error *err)
{
    text_buffer *b = context;
    if (!emgp_reserve(&b->text, &b->room, b->n, b->n + n + 1, 1))
        return emgp_fail_memory(err);
    memcpy((char *)b->text + b->n, bytes, n);
    b->n += n;
    ((char *)b->text)[b->n] = '\0';
    return EMG_OK;
}

emg_status emgp_outputs_write(const emgp_outputs *o, emgp_newfile *cohort, char **summary, emg_error *err)
{
    facts f = { .deviations = NULL };
    text_buffer text = { NULL, 0, 0 };
    line_filter rows = { cohort, false, true };
    emg_status status = facts_of(o, &f, err);
    if (status == EMG_OK)
        status = write_files(o, &f, err);
    if (status == EMG_OK)
        status = emg_report_summary(o->run->result, &f.input, gather, &text, err);
    if (status == EMG_OK)
        status = emg_report_muscles(o->run->result, &f.input, filter_lines, &rows, err);
    facts_free(&f);
    if (status)
        emgp_free(text.text);
    else
        *summary = text.text;
    return status;
}

bool emgp_outputs_cell(emgp_sink *sink, const char *text)
{
    char *cell = emgp_cell_text(text, false);
    if (!cell)
        return false;
    emgp_sink_text(sink, cell);
    emgp_free(cell);
    return true;
}
