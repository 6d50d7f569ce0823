/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-info: what a recording holds, from its header alone, and with --validate whether it is sound. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include <emg/emg.h>

#include "common/common.h"

enum { MOST_SEGMENTS_SHOWN = 10, TEXT_ROOM = 2048 };

typedef struct info_job {
    bool json, validate, identity, codes;
    const cli_options *options;
    cli_output out;
    size_t n_shown;
} info_job;

/* What reading a recording to its end adds to its header. */
typedef struct info_read {
    bool done;
    char hash[33];
    size_t n_annotations;
} info_read;

/* --- options ------------------------------------------------------------------------------------------------- */

static bool take_json(cli_options *options, const char *argument)
{
    (void)argument;
    ((info_job *)options->own)->json = true;
    return true;
}

static bool take_validate(cli_options *options, const char *argument)
{
    (void)argument;
    ((info_job *)options->own)->validate = true;
    return true;
}

static bool take_identity(cli_options *options, const char *argument)
{
    (void)argument;
    ((info_job *)options->own)->identity = true;
    return true;
}

static bool take_codes(cli_options *options, const char *argument)
{
    (void)argument;
    ((info_job *)options->own)->codes = options->needs_no_input = true;
    return true;
}

static const cli_option own_options[] = {
    { "json", 0, NULL, "print JSON: an object for one file, an array for several", take_json },
    { "validate", 0, NULL, "read everything and print one line per deviation from the format", take_validate },
    { "include-identity", 0, NULL, "show patient, recording identification and start time too", take_identity },
    { "codes", 0, NULL, "print what is read, repaired and refused, each with its code, and stop", take_codes },
};

static const cli_example examples[] = {
    { "emg-info knee.edf", "A page on one recording." },
    { "emg-info *.edf", "A table, one line per recording." },
    { "emg-info --validate knee.edf", "Every deviation from the format, with byte and value." },
    { "emg-info --json knee.edf | jq .duration_s", "The same facts for another program." },
};

static const cli_tool tool = {
    .name = "emg-info",
    .usage = "FILE... [options]",
    .purpose = "shows what a recording holds",
    .description =
        "Reads the header only (of EDF+D the record times too), so that the answer takes milliseconds whatever the "
        "file's size. One file gives a page, several give a tab-separated table. Who was recorded and when is shown "
        "only when asked for. Deviations are what the file does not do as its format says, each with a stable code; "
        "--strict refuses files that have any.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 1,
    .most_inputs = (size_t)-1,
};

/* --- text ---------------------------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void put(info_job *job, const char *format, ...)
{
    char text[TEXT_ROOM];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli_output_text(&job->out, text);
}

static void put_name(info_job *job, const char *path)
{
    (void)emg_report_cell(cli_name_of(path), cli_output_write, &job->out, NULL); /* the output keeps its failure */
}

static size_t count_muscles(const emg_recording *rec)
{
    size_t n = 0;
    for (size_t i = 0; emg_recording_channel(rec, i); i++)
        n += emg_recording_channel(rec, i)->is_muscle;
    return n;
}

/* --- a page -------------------------------------------------------------------------------------------------- */

static void page_facts(info_job *job, const emg_recording *rec, const char *path)
{
    const emg_recording_facts *f = emg_recording_get_facts(rec);
    put_name(job, path);
    put(job, "\n  format       %s, %llu bytes\n", f->format_name, (unsigned long long)f->file_bytes);
    put(job, "  duration     %.6f s", f->duration_s);
    if (f->n_segments > 1)
        put(job, " in %zu segments over %.6f s", f->n_segments, f->span_s);
    put(job, "\n");
    if (f->selected_s < f->duration_s)
        put(job, "  selected     %.6f s\n", f->selected_s);
    if (f->n_records > 0)
        put(job, "  records      %lld of %.9g s\n", (long long)f->n_records, f->record_duration_s);
    put(job, "  channels     %zu, of which muscles %zu; annotation signals %zu\n", f->n_channels, count_muscles(rec),
        f->n_annotation_signals);
    if (f->power_line_hz > 0)
        put(job, "  power line   %.6g Hz\n", f->power_line_hz);
    if (!job->identity)
        return;
    put(job, "  patient      %s\n  recording    %s\n", f->patient, f->recording);
    if (f->start_known)
        put(job, "  start        %04d-%02d-%02d %02d:%02d:%09.6f\n", f->start_year, f->start_month, f->start_day,
            f->start_hour, f->start_minute, f->start_second);
    else
        put(job, "  start        unknown\n");
}

static const char *side_name(emg_side side)
{
    return side == EMG_SIDE_LEFT ? "left" : side == EMG_SIDE_RIGHT ? "right" : "-";
}

static void page_channels(info_job *job, const emg_recording *rec)
{
    if (emg_recording_channel(rec, 0))
        put(job, "\n  %4s  %-18s %-18s %-8s %-5s %10s  %-8s %-22s %s\n", "no", "label", "muscle", "type", "side",
            "rate Hz", "unit", "range", "prefilter");
    for (size_t i = 0; emg_recording_channel(rec, i); i++) {
        const emg_channel *c = emg_recording_channel(rec, i);
        char range[48] = "-";
        const char *type = c->type_assumed ? "EMG?" : emg_channel_type_name(c->type);
        if (c->usable && (c->digital_min < 0 || c->digital_max > 0))
            snprintf(range, sizeof range, "%.6g to %.6g", c->physical_min, c->physical_max);
        put(job, "  %4zu  %-18s %-18s %-8s %-5s %10.7g  %-8s %-22s %s%s%s%s%s\n", c->number, c->name,
            c->is_muscle ? c->muscle : "-", type, side_name(c->side), c->rate_hz, c->unit[0] ? c->unit : "-", range,
            c->prefilter, c->usable ? "" : " [cannot be read]", c->bad ? " [marked bad]" : "",
            c->derived ? " [derived]" : "", c->inverted ? " [inverted]" : "");
    }
}

static void page_segments(info_job *job, const emg_recording *rec)
{
    size_t n = emg_recording_n_segments(rec);
    if (n < 2)
        return;
    put(job, "\n  segment     start s        duration s\n");
    for (size_t i = 0; i < n && i < MOST_SEGMENTS_SHOWN; i++) {
        const emg_segment *s = emg_recording_segment(rec, i);
        put(job, "  %7zu  %16.6f  %16.6f\n", i + 1, s->start_s, s->duration_s);
    }
    if (n > MOST_SEGMENTS_SHOWN)
        put(job, "  and %zu more\n", n - MOST_SEGMENTS_SHOWN);
}

static void put_deviation(info_job *job, const emg_deviation *d)
{
    put(job, "%s  ", d->code);
    if (d->offset >= 0)
        put(job, "byte %lld: ", (long long)d->offset);
    put(job, "%s", d->field);
    if (d->channel > 0)
        put(job, " of signal %lld", (long long)d->channel);
    if (d->value[0])
        put(job, " '%s'", d->value);
    put(job, ": %s\n", d->action);
}

static void show_page(info_job *job, const emg_recording *rec, const char *path)
{
    if (job->n_shown > 0)
        put(job, "\n");
    page_facts(job, rec, path);
    page_channels(job, rec);
    page_segments(job, rec);
    if (emg_recording_n_deviations(rec) > 0)
        put(job, "\n  deviations\n");
    for (size_t i = 0; i < emg_recording_n_deviations(rec); i++) {
        put(job, "  ");
        put_deviation(job, emg_recording_deviation(rec, i));
    }
}

/* --- a table ------------------------------------------------------------------------------------------------- */

static void show_row(info_job *job, const emg_recording *rec, const char *path)
{
    const emg_recording_facts *f = emg_recording_get_facts(rec);
    double least = INFINITY, most = 0;
    for (size_t i = 0; emg_recording_channel(rec, i); i++) {
        double rate = emg_recording_channel(rec, i)->rate_hz;
        least = rate < least ? rate : least;
        most = rate > most ? rate : most;
    }
    if (job->n_shown == 0)
        put(job,
            "file\tformat\tduration_s\tspan_s\tsegments\tchannels\tmuscles\trate_min_hz\trate_max_hz\tdeviations\n");
    put_name(job, path);
    put(job, "\t%s\t%.6f\t%.6f\t%zu\t%zu\t%zu\t", f->format_name, f->duration_s, f->span_s, f->n_segments,
        f->n_channels, count_muscles(rec));
    if (most > 0)
        put(job, "%.6g\t%.6g", least, most);
    else
        put(job, "n/a\tn/a");
    put(job, "\t%zu\n", emg_recording_n_deviations(rec));
}

/* --- deviations only ----------------------------------------------------------------------------------------- */

static void show_deviations(info_job *job, const emg_recording *rec, const char *path)
{
    size_t n = emg_recording_n_deviations(rec);
    for (size_t i = 0; i < n; i++) {
        put_name(job, path);
        put(job, ": ");
        put_deviation(job, emg_recording_deviation(rec, i));
    }
    if (n == 0 && !job->options->quiet) {
        put_name(job, path);
        put(job, ": sound\n");
    }
}

/* --- JSON ---------------------------------------------------------------------------------------------------- */

/* Library texts are valid UTF-8; a file name need not be: other bytes become U+FFFD. */
static size_t utf8_length(const unsigned char *c)
{
    size_t n = c[0] < 0x80 ? 1 : c[0] < 0xC2 ? 0 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : c[0] < 0xF5 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((c[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (c[0] == 0xE0 && c[1] < 0xA0) || (c[0] == 0xF0 && c[1] < 0x90);
    bool beyond = (c[0] == 0xED && c[1] > 0x9F) || (c[0] == 0xF4 && c[1] > 0x8F);
    return overlong || beyond ? 0 : n;
}

static void json_text(info_job *job, const char *text)
{
    cli_output_text(&job->out, "\"");
    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        size_t n = utf8_length(c);
        if (*c == '"' || *c == '\\')
            put(job, "\\%c", *c);
        else if (*c < 0x20 || *c == 0x7F)
            put(job, "\\u%04x", *c);
        else if (n == 0)
            cli_output_text(&job->out, "\xEF\xBF\xBD");
        else
            cli_output_bytes(&job->out, (const char *)c, n);
        c += n ? n : 1;
    }
    cli_output_text(&job->out, "\"");
}

static void json_name(info_job *job, const char *name, const char *value, const char *after)
{
    put(job, "\"%s\": ", name);
    json_text(job, value);
    cli_output_text(&job->out, after);
}

/* A list in brackets: the first element has no comma before it. */
static void json_comma(info_job *job, size_t i)
{
    put(job, "%s", i ? ",\n    " : "\n    ");
}

static void json_channel(info_job *job, const emg_channel *c)
{
    put(job, "{\"number\": %zu, ", c->number);
    json_name(job, "label", c->label, ", ");
    json_name(job, "name", c->name, ", ");
    json_name(job, "muscle", c->muscle, ", ");
    json_name(job, "type", emg_channel_type_name(c->type), ", ");
    json_name(job, "side", c->side == EMG_SIDE_UNKNOWN ? "unknown" : side_name(c->side), ", ");
    json_name(job, "unit", c->unit, ", ");
    json_name(job, "transducer", c->transducer, ", ");
    json_name(job, "prefilter", c->prefilter, ", ");
    put(job, "\"rate_hz\": %.9g, \"samples\": %llu, ", c->rate_hz, (unsigned long long)c->n_samples);
    put(job, "\"physical_min\": %.9g, \"physical_max\": %.9g, \"digital_min\": %.9g, \"digital_max\": %.9g, ",
        c->physical_min, c->physical_max, c->digital_min, c->digital_max);
    put(job, "\"microvolts_per_unit\": %.9g, \"is_muscle\": %s, \"type_assumed\": %s, \"reflex_site\": %s, ", c->to_uv,
        c->is_muscle ? "true" : "false", c->type_assumed ? "true" : "false", c->reflex_site ? "true" : "false");
    put(job, "\"usable\": %s, \"bad\": %s, \"derived\": %s, \"inverted\": %s, \"selected\": %s}",
        c->usable ? "true" : "false", c->bad ? "true" : "false", c->derived ? "true" : "false",
        c->inverted ? "true" : "false", c->selected ? "true" : "false");
}

static void json_deviation(info_job *job, const emg_deviation *d)
{
    put(job, "{");
    json_name(job, "code", d->code, ", ");
    json_name(job, "field", d->field, ", ");
    if (d->offset >= 0)
        put(job, "\"offset\": %lld, ", (long long)d->offset);
    if (d->channel > 0)
        put(job, "\"signal\": %lld, ", (long long)d->channel);
    json_name(job, "value", d->value, ", ");
    json_name(job, "action", d->action, "}");
}

static void json_identity(info_job *job, const emg_recording_facts *f)
{
    char start[64];
    snprintf(start, sizeof start, "%04d-%02d-%02dT%02d:%02d:%09.6f", f->start_year, f->start_month, f->start_day,
             f->start_hour, f->start_minute, f->start_second);
    json_name(job, "patient", f->patient, ",\n  ");
    json_name(job, "recording", f->recording, ",\n  ");
    if (f->start_known)
        json_name(job, "start", start, ",\n  ");
    else
        put(job, "\"start\": null,\n  ");
}

static void show_json(info_job *job, const emg_recording *rec, const char *path, const info_read *read)
{
    const emg_recording_facts *f = emg_recording_get_facts(rec);
    if (job->options->n_inputs > 1)
        put(job, "%s", job->n_shown ? ",\n" : "[\n");
    put(job, "{ ");
    json_name(job, "file", cli_name_of(path), ",\n  ");
    json_name(job, "format", f->format_name, ",\n  ");
    put(job, "\"file_bytes\": %llu,\n  ", (unsigned long long)f->file_bytes);
    if (job->identity)
        json_identity(job, f);
    put(job, "\"duration_s\": %.6f,\n  \"span_s\": %.6f,\n  \"selected_s\": %.6f,\n  ", f->duration_s, f->span_s,
        f->selected_s);
    put(job, "\"records\": %lld,\n  \"record_duration_s\": %.9g,\n  \"annotation_signals\": %zu,\n  ",
        (long long)f->n_records, f->record_duration_s, f->n_annotation_signals);
    if (f->power_line_hz > 0)
        put(job, "\"power_line_hz\": %.6g,\n  ", f->power_line_hz);
    if (read->done) {
        put(job, "\"annotations\": %zu,\n  ", read->n_annotations);
        json_name(job, "content_hash", read->hash, ",\n  ");
    }
    put(job, "\"segments\": [");
    for (size_t i = 0; i < f->n_segments; i++) {
        const emg_segment *s = emg_recording_segment(rec, i);
        json_comma(job, i);
        put(job, "{\"start_s\": %.6f, \"duration_s\": %.6f}", s->start_s, s->duration_s);
    }
    put(job, "],\n  \"channels\": [");
    for (size_t i = 0; i < f->n_channels; i++) {
        json_comma(job, i);
        json_channel(job, emg_recording_channel(rec, i));
    }
    put(job, "],\n  \"deviations\": [");
    for (size_t i = 0; i < emg_recording_n_deviations(rec); i++) {
        json_comma(job, i);
        json_deviation(job, emg_recording_deviation(rec, i));
    }
    put(job, "]\n}%s", job->options->n_inputs > 1 ? "" : "\n");
}

/* --- the table of codes ---------------------------------------------------------------------------------------- */

static int show_codes(info_job *job)
{
    const emg_code *row;
    put(job, "kind\tcode\tfound\tdone\n");
    for (size_t i = 0; (row = emg_code_at(i)) != NULL; i++)
        put(job, "%s\t%s\t%s\t%s\n", emg_code_kind_name(row->kind), row->code, row->found, row->done);
    return cli_output_end(&job->out, tool.name);
}

/* --- one file after another ---------------------------------------------------------------------------------- */

static bool count_annotation(void *context, const emg_annotation *annotation)
{
    (void)annotation;
    ++*(size_t *)context;
    return !cli_interrupted();
}

static emg_status read_to_end(emg_recording *rec, info_read *read, emg_error *err)
{
    emg_block block;
    emg_status status;
    do {
        status = emg_recording_next(rec, &block, err);
    } while (status == EMG_OK && block.n_frames > 0 && !cli_interrupted());
    if (status == EMG_OK)
        status = emg_recording_annotations(rec, count_annotation, &read->n_annotations, err);
    if (status == EMG_OK && !cli_interrupted())
        status = emg_recording_hash(rec, read->hash, err);
    read->done = status == EMG_OK;
    return status;
}

static bool show(info_job *job, const char *path)
{
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    info_read read = { 0 };
    emg_reading reading = job->options->run.reading;
    reading.all_channels = reading.all_channels || job->validate;
    emg_status status = emg_recording_open(&rec, path, &reading, &err);
    if (status == EMG_OK && job->validate)
        status = read_to_end(rec, &read, &err);
    if (status == EMG_OK && job->json)
        show_json(job, rec, path, &read);
    else if (status == EMG_OK && job->validate)
        show_deviations(job, rec, path);
    else if (status == EMG_OK && job->options->n_inputs > 1)
        show_row(job, rec, path);
    else if (status == EMG_OK)
        show_page(job, rec, path);
    else
        cli_complain_of(tool.name, path, &err);
    emg_recording_close(rec);
    job->n_shown += status == EMG_OK;
    return status == EMG_OK;
}

static int show_all(info_job *job)
{
    size_t n = job->options->n_inputs, n_failed = 0;
    cli_interrupt_catch();
    for (size_t i = 0; i < n && !cli_interrupted() && !job->out.error; i++)
        n_failed += !show(job, job->options->inputs[i]);
    if (job->json && n > 1)
        put(job, "%s]\n", job->n_shown ? "\n" : "[");
    int written = cli_output_end(&job->out, tool.name);
    if (cli_interrupted())
        return CLI_INTERRUPTED;
    if (written != CLI_DONE)
        return written;
    return n_failed == 0 ? CLI_DONE : n_failed < n ? CLI_SOME_FAILED : CLI_NONE_DONE;
}

int main(int argc, char **argv)
{
    info_job job = { 0 };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    job.options = &options;
    if (code == CLI_GO_ON)
        code = job.codes ? show_codes(&job) : show_all(&job);
    cli_options_free(&options);
    return code;
}
