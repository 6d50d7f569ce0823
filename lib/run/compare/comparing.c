/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sides brought together: recordings or reports, made with the same settings by the same version. */
#include <emg/comparing.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <emg/comparison_page.h>
#include <emg/comparison_tables.h>

#include "run/compare/compare.h"
#include "run/report/report.h"

static const char ending[] = "_report.json", events_ending[] = "_events.tsv";

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

bool emg_compare_is_report(const char *path)
{
    return path && (ends_with(path, ending) || is_folder(path));
}

/* STEM_report.json beside STEM_events.tsv, when there is one; *out is freed by emgp_free(). */
static emg_status report_beside(const char *events, char **out, emg_error *err)
{
    struct stat info;
    const size_t n = strlen(events) - (sizeof events_ending - 1);
    *out = emgp_alloc(n + sizeof ending, 1);
    if (!*out)
        return emgp_fail_memory(err);
    memcpy(*out, events, n);
    memcpy(*out + n, ending, sizeof ending);
    if (stat(*out, &info) != 0) {
        emgp_free(*out);
        *out = NULL;
    }
    return EMG_OK;
}

/* The one report of a folder. */
static emg_status find_report(const char *folder, char **out, emg_error *err)
{
    emgp_inputs inputs = { .n = 0 };
    size_t n_tables = 0, n_reports = 0;
    *out = NULL;
    emg_status status = emgp_inputs_events(&inputs, folder, err);
    for (size_t i = 0; status == EMG_OK && i < inputs.n; i++) {
        char *report = NULL;
        if (!ends_with(inputs.list[i].path, events_ending))
            continue;
        n_tables++;
        status = report_beside(inputs.list[i].path, &report, err);
        n_reports += report != NULL;
        emgp_free(*out);
        *out = report;
    }
    emgp_inputs_free(&inputs);
    if (status == EMG_OK && n_reports > 1)
        status = emgp_fail(err, EMG_EARG, "holds %zu reports: name one of them by its STEM%s", n_reports, ending);
    else if (status == EMG_OK && !*out)
        status = emgp_fail(err, EMG_EARG,
                           n_tables > 0 ? "holds tables without STEM%s, so that nobody knows their settings: make them "
                                          "with emg-report --formats tsv,json"
                                        : "holds no report: a folder that emg-report wrote has STEM%s",
                           ending);
    return status;
}

static emg_status hold(emgp_held *held, const char *path, const emg_run_config *config, emg_error *err)
{
    char *report = NULL;
    if (!emg_compare_is_report(path))
        return emgp_name_failure(err, path, emgp_held_analyse(held, path, config, err));
    if (!is_folder(path))
        return emgp_held_read(held, path, err);
    emg_status status = emgp_name_failure(err, path, find_report(path, &report, err));
    if (status == EMG_OK)
        status = emgp_held_read(held, report, err);
    emgp_free(report);
    return status;
}

/* ---- settings ---- */

/* A line "key<TAB>value" of a text. */
typedef struct line {
    const char *key, *value;
    int n_key, n_value;
} line;

static bool next_line(const char **text, line *l)
{
    if (!*text || !**text)
        return false;
    const size_t n = strcspn(*text, "\n"), k = strcspn(*text, "\t");
    *l = (line){ *text, *text + k + 1, (int)k, (int)(n - k - 1) };
    *text += n + ((*text)[n] == '\n');
    return true;
}

static bool find_line(const char *text, const line *like, line *found)
{
    while (next_line(&text, found))
        if (found->n_key == like->n_key && memcmp(found->key, like->key, (size_t)like->n_key) == 0)
            return true;
    return false;
}

static bool is_same(const line *a, const line *b)
{
    return a->n_value == b->n_value && memcmp(a->value, b->value, (size_t)a->n_value) == 0;
}

enum { NAMED = 3, NAMES_ROOM = 160 };

/* What differs between two lists of settings: "KEY (A and B), ..." of the first few. */
typedef struct difference {
    size_t n;
    char names[NAMES_ROOM];
} difference;

static void note(difference *d, const line *a, const line *b)
{
    char text[NAMES_ROOM], printable[NAMES_ROOM];
    const size_t n = strlen(d->names);
    if (d->n++ >= NAMED)
        return;
    snprintf(text, sizeof text, "%s%.*s (%.*s and %.*s)", n > 0 ? ", " : "", a->n_key, a->key, a->n_value, a->value,
             b ? b->n_value : 4, b ? b->value : "none");
    (void)emgp_text_printable_string(printable, sizeof printable, text);
    emgp_text_copy(d->names + n, sizeof d->names - n, printable);
}

static emg_status check_settings(const emgp_held *a, const emgp_held *b, emg_error *err)
{
    difference d = { 0, "" };
    line one, other;
    for (const char *text = a->settings.bytes; next_line(&text, &one);) {
        const bool found = find_line(b->settings.bytes, &one, &other);
        if (!found || !is_same(&one, &other))
            note(&d, &one, found ? &other : NULL);
    }
    for (const char *text = b->settings.bytes; next_line(&text, &other);)
        if (!find_line(a->settings.bytes, &other, &one))
            note(&d, &other, NULL);
    if (d.n == 0)
        return EMG_OK;
    return emgp_fail(err, EMG_EARG, "A and B were not made alike: %s%s; make both with the same", d.names,
                     d.n > NAMED ? " and more" : "");
}

/* ---- both ---- */

enum { SENTENCE = 256 };

static void say_unmatched(const emg_compare_job *job, const emg_comparison *c, size_t side)
{
    const char *const path[] = { job->a, job->b }, *name;
    for (size_t i = 0; job->say && (name = emg_comparison_unmatched(c, side, i)); i++) {
        char sentence[SENTENCE], printable[128];
        (void)emgp_text_printable_string(printable, sizeof printable, name);
        snprintf(sentence, sizeof sentence, "muscle '%s' is not in the other recording: not compared", printable);
        job->say(job->context, path[side], sentence);
    }
}

static void say_empty(const emg_compare_job *job, const emgp_held held[2])
{
    const char *const path[] = { job->a, job->b };
    for (size_t s = 0; s < 2; s++)
        if (job->say && held[s].n_muscles == 0)
            job->say(job->context, path[s], "holds no muscle channel with samples");
}

emg_status emg_run_compare(const emg_compare_job *job, emg_comparison **out, emg_error *err)
{
    if (!job || !out || !job->a || !job->b || !job->config)
        return emgp_fail(err, EMG_EARG, "a comparison needs two recordings, settings and a place for the result");
    *out = NULL;
    err = emgp_fresh(err);
    emgp_held held[2] = { { .name = NULL }, { .name = NULL } };
    emg_status status = hold(&held[0], job->a, job->config, err);
    if (status == EMG_OK)
        status = hold(&held[1], job->b, job->config, err);
    if (status == EMG_OK)
        status = check_settings(&held[0], &held[1], err);
    if (status == EMG_OK) {
        const emg_visit a = emgp_held_visit(&held[0]), b = emgp_held_visit(&held[1]);
        status = emg_comparison_new(out, &a, &b, err);
    }
    if (status == EMG_OK) {
        say_empty(job, held);
        say_unmatched(job, *out, 0);
        say_unmatched(job, *out, 1);
    }
    emgp_held_free(&held[0]);
    emgp_held_free(&held[1]);
    return status;
}

typedef emg_status put_comparison(const emg_comparison *comparison, emg_write *write, void *context, emg_error *err);

static emg_status write_file(const emg_comparison *comparison, const char *path, put_comparison *put_all,
                             emg_error *err)
{
    emgp_newfile *file = NULL;
    emg_status status = emgp_newfile_open(&file, path, err);
    if (status == EMG_OK)
        status = put_all(comparison, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    return status;
}

emg_status emg_run_compare_files(const emg_comparison *comparison, const char *json_path, const char *page_path,
                                 emg_error *err)
{
    if (!comparison)
        return emgp_fail(err, EMG_EARG, "emg_run_compare_files needs a comparison");
    emg_status status = json_path ? write_file(comparison, json_path, emg_report_comparison_json, err) : EMG_OK;
    if (status == EMG_OK && page_path)
        status = write_file(comparison, page_path, emg_report_comparison_page, err);
    return status;
}
