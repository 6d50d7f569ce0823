/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sides brought together, pair by pair: recordings or reports, made with the same settings by the same version. */
#include <emg/comparing.h>

#include <stdio.h>
#include <string.h>

#include <emg/comparison_page.h>
#include <emg/comparison_tables.h>

#include "run/compare/compare.h"

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

/* ---- one pair ---- */

enum { SENTENCE = 256 };

static void say_unmatched(const emg_compare_job *job, const emg_comparison *c, const char *path, size_t side)
{
    const char *name;
    for (size_t i = 0; job->say && (name = emg_comparison_unmatched(c, side, i)); i++) {
        char sentence[SENTENCE], printable[128];
        (void)emgp_text_printable_string(printable, sizeof printable, name);
        snprintf(sentence, sizeof sentence, "muscle '%s' is not in the other recording: not compared", printable);
        job->say(job->context, path, sentence);
    }
}

static void say_notes(const emg_compare_job *job, const emg_comparison *c, const emgp_held held[2],
                      const char *const path[2])
{
    for (size_t s = 0; s < 2; s++)
        if (job->say && held[s].n_muscles == 0)
            job->say(job->context, path[s], "holds no muscle channel with samples");
    say_unmatched(job, c, path[0], 0);
    say_unmatched(job, c, path[1], 1);
    if (job->say && emg_comparison_n_muscles(c) == 0)
        job->say(job->context, path[1], "no muscle is in both: nothing was compared");
}

static emg_status hold(emgp_held *held, const char *path, const emg_run_config *config, emg_error *err)
{
    if (emg_compare_is_report(path))
        return emgp_held_read(held, path, err);
    return emgp_name_failure(err, path, emgp_held_analyse(held, path, config, err));
}

/* Compares what lies at two paths; named: what notes call them. */
static emg_status compare(const emg_compare_job *job, const char *const path[2], const char *const named[2],
                          emg_comparisons *out, emg_error *err)
{
    emgp_held held[2] = { { .name = NULL }, { .name = NULL } };
    emg_status status = hold(&held[0], path[0], job->config, err);
    if (status == EMG_OK)
        status = hold(&held[1], path[1], job->config, err);
    if (status == EMG_OK)
        status = check_settings(&held[0], &held[1], err);
    if (status == EMG_OK) {
        const emg_visit a = emgp_held_visit(&held[0]), b = emgp_held_visit(&held[1]);
        status = emg_comparisons_add(out, &a, &b, err);
    }
    if (status == EMG_OK)
        say_notes(job, emg_comparisons_at(out, emg_comparisons_n(out) - 1), held, named);
    emgp_held_free(&held[0]);
    emgp_held_free(&held[1]);
    return status;
}

/* ---- several ---- */

static emg_status note_unpaired(const emg_compare_job *job, size_t side, const char *stem, emg_comparisons *out,
                                emg_error *err)
{
    char sentence[SENTENCE], printable[128];
    (void)emgp_text_printable_string(printable, sizeof printable, stem);
    snprintf(sentence, sizeof sentence, "'%s' has no report in the other folder: not compared", printable);
    if (job->say)
        job->say(job->context, side == 0 ? job->a : job->b, sentence);
    return emg_comparisons_add_unpaired(out, side, stem, err);
}

/* A pair that fails is noted, and the next is compared. */
static emg_status compare_pair(const emg_compare_job *job, const emgp_pair *pair, emg_comparisons *out, emg_error *err)
{
    const char *const path[] = { pair->of[0]->path, pair->of[1]->path };
    emg_error why = EMG_ERROR_NONE;
    if (job->config->go_on && !job->config->go_on(job->config->go_on_context))
        return emgp_fail(err, EMG_ECANCELLED, "stopped on request");
    const emg_status status = compare(job, path, path, out, &why);
    if (status == EMG_ENOMEM)
        return emgp_fail_memory(err);
    return status ? emg_comparisons_add_failed(out, pair->of[0]->stem, why.text, err) : EMG_OK;
}

static emg_status compare_all(const emg_compare_job *job, const emgp_reports both[2], emg_comparisons *out,
                              emg_error *err)
{
    const char *const path[] = { job->a, job->b };
    emg_status status = EMG_OK;
    emgp_pair pair = { .at = { 0, 0 } };
    for (size_t s = 0; s < 2; s++)
        if (job->say && both[s].n_without > 0)
            job->say(job->context, path[s],
                     "tables without STEM_report.json are not compared: make them with emg-report "
                     "--formats tsv,json");
    while (status == EMG_OK && emgp_pairs_next(both, &pair)) {
        if (pair.of[0] && pair.of[1])
            status = compare_pair(job, &pair, out, err);
        else
            status = note_unpaired(job, pair.of[0] ? 0 : 1, (pair.of[0] ? pair.of[0] : pair.of[1])->stem, out, err);
    }
    return status;
}

static emg_status compare_sides(const emg_compare_job *job, emgp_reports both[2], emg_comparisons *out, emg_error *err)
{
    const char *const named[] = { job->a, job->b };
    emg_status status = emgp_reports_find(&both[0], job->a, err);
    if (status == EMG_OK)
        status = emgp_reports_find(&both[1], job->b, err);
    if (status == EMG_OK)
        status = emgp_pairs_check(both, named, err);
    if (status)
        return status;
    if (both[0].n > 1 || both[1].n > 1)
        return compare_all(job, both, out, err);
    const char *const path[] = { both[0].list[0].path, both[1].list[0].path };
    return compare(job, path, named, out, err);
}

emg_status emg_run_compare(const emg_compare_job *job, emg_comparisons **out, emg_error *err)
{
    if (!job || !out || !job->a || !job->b || !job->config)
        return emgp_fail(err, EMG_EARG, "a comparison needs two recordings, settings and a place for the result");
    err = emgp_fresh(err);
    emgp_reports both[2] = { { .list = NULL }, { .list = NULL } };
    emg_status status = emg_comparisons_new(out, err);
    if (status == EMG_OK)
        status = compare_sides(job, both, *out, err);
    if (status) {
        emg_comparisons_free(*out);
        *out = NULL;
    }
    emgp_reports_free(&both[0]);
    emgp_reports_free(&both[1]);
    return status;
}

typedef emg_status put_comparisons(const emg_comparisons *comparisons, emg_write *write, void *context, emg_error *err);

static emg_status write_file(const emg_comparisons *comparisons, const char *path, put_comparisons *put_all,
                             emg_error *err)
{
    emgp_newfile *file = NULL;
    emg_status status = emgp_newfile_open(&file, path, err);
    if (status == EMG_OK)
        status = put_all(comparisons, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    return status;
}

emg_status emg_run_compare_files(const emg_comparisons *comparisons, const char *json_path, const char *page_path,
                                 emg_error *err)
{
    if (!comparisons)
        return emgp_fail(err, EMG_EARG, "emg_run_compare_files needs comparisons");
    emg_status status = json_path ? write_file(comparisons, json_path, emg_report_comparisons_json, err) : EMG_OK;
    if (status == EMG_OK && page_path)
        status = write_file(comparisons, page_path, emg_report_comparisons_page, err);
    return status;
}
