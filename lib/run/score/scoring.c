/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scoring files: which belong together, and what came of each pair. */
#include <emg/report.h>
#include <emg/score_page.h>
#include <emg/score_tables.h>
#include <emg/scoring.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base.h"
#include "run/score/score.h"
#include "run/report/report.h"

typedef struct scoring {
    const emg_score_job *job;
    emg_score *score;
    emg_score_totals totals;
    emg_error *err;
} scoring;

static void say(scoring *s, const char *path, bool failed, const char *sentence)
{
    const emg_score_note note = { path, failed, sentence };
    s->totals.n_failed += failed;
    if (s->job->say)
        s->job->say(s->job->context, &note);
}

static void say_left_out(scoring *s, const char *path, const emgp_event_file *file)
{
    char sentence[160];
    if (file->n_other > 0) {
        snprintf(sentence, sizeof sentence, "%zu rows or annotations are of no class of events and were left out",
                 file->n_other);
        say(s, path, false, sentence);
    }
    if (file->n_without_end > 0) {
        snprintf(sentence, sizeof sentence, "%zu episodes have no duration: they cannot match by overlap",
                 file->n_without_end);
        say(s, path, false, sentence);
    }
}

/* Two sides that share no channel or muscle: every event is then missed on one and false on the other. */
static emg_status say_strangers(scoring *s, const char *path, const emgp_event_file *truth,
                                const emgp_event_file *found, const emgp_row_names *names, emg_error *err)
{
    if (truth->n == 0 || found->n == 0)
        return EMG_OK;
    bool *is_true = emgp_alloc(names->n, sizeof *is_true), shared = false;
    if (!is_true)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < truth->n; i++)
        is_true[truth->events[i].channel] = true;
    for (size_t i = 0; i < found->n; i++)
        shared = shared || is_true[found->events[i].channel];
    emgp_free(is_true);
    if (shared)
        return EMG_OK;
    char a[60], b[60], sentence[320];
    emgp_text_printable_string(a, sizeof a, names->name[truth->events[0].channel]);
    emgp_text_printable_string(b, sizeof b, names->name[found->events[0].channel]);
    snprintf(
        sentence, sizeof sentence,
        "nothing can match: the true events are of '%s' and others, the found ones of '%s' and others, and no name is "
        "on both sides; --by chooses what is compared",
        a, b);
    say(s, path, false, sentence);
    return EMG_OK;
}

static emg_status observe(const scoring *s, const char *found_path, const emgp_event_file *truth,
                          const emgp_event_file *found, size_t n_row_names, double *seconds, emg_error *err)
{
    double row_names = n_row_names > 0 ? (double)n_row_names : 1;
    *seconds = s->job->duration_s * row_names;
    if (!isnan(*seconds))
        return EMG_OK;
    emg_status status = emgp_event_file_observed(found_path, s->job->by, seconds, err);
    if (status == EMG_OK && isnan(*seconds))
        *seconds = (isnan(truth->span_s) ? found->span_s : truth->span_s) * row_names;
    return status;
}

/* Scores one pair. A side that cannot be read is reported; only what ends everything is returned. */
static emg_status score_pair(scoring *s, const char *truth_path, const char *found_path)
{
    emgp_event_file truth = { 0 }, found = { 0 };
    emgp_row_names names = { 0 };
    emg_error inner = EMG_ERROR_NONE;
    const char *reading = truth_path;
    double seconds = NAN;
    emg_status status = emgp_event_file_read(&truth, truth_path, s->job->by, &names, &inner);
    if (status == EMG_OK) {
        reading = found_path;
        status = emgp_event_file_read(&found, found_path, s->job->by, &names, &inner);
    }
    if (status == EMG_OK)
        status = observe(s, found_path, &truth, &found, names.n, &seconds, &inner);
    if (status == EMG_OK) {
        say_left_out(s, truth_path, &truth);
        say_left_out(s, found_path, &found);
        status = say_strangers(s, found_path, &truth, &found, &names, &inner);
    }
    if (status == EMG_OK) {
        status = emg_score_add(s->score, truth.events, truth.n, found.events, found.n, seconds, &inner);
    }
    if (status == EMG_OK)
        s->totals.n_scored++;
    else if (status != EMG_ENOMEM)
        say(s, reading, true, inner.text + inner.n_name);
    emgp_event_file_free(&truth);
    emgp_event_file_free(&found);
    emgp_row_names_free(&names);
    return status == EMG_ENOMEM ? emgp_fail_memory(s->err) : EMG_OK;
}

/* Takes "_events" and "_desc-..." off the last part of a stem, in place. */
static void bare(char *stem)
{
    char *base = strrchr(stem, '/');
    base = base ? base + 1 : stem;
    size_t n = strlen(base);
    if (n > 7 && strcmp(base + n - 7, "_events") == 0)
        base[n -= 7] = '\0';
    char *desc = strstr(base, "_desc-");
    if (!desc)
        return;
    size_t length = 1 + strcspn(desc + 1, "_");
    memmove(desc, desc + length, strlen(desc + length) + 1);
}

static bool is_table(const emgp_input *input)
{
    size_t n = strlen(input->relative);
    return n > 4 && strcmp(input->relative + n - 4, ".tsv") == 0;
}

/* By stem; of two of one stem the table comes first. */
static int by_stem(const void *one, const void *other)
{
    const emgp_input *a = one, *b = other;
    int order = strcmp(a->stem, b->stem);
    return order ? order : (int)is_table(b) - (int)is_table(a);
}

static void put_in_order(emgp_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        bare(inputs->list[i].stem);
    if (inputs->n > 1)
        qsort(inputs->list, inputs->n, sizeof *inputs->list, by_stem);
}

/* The first input of the next stem. */
static size_t next_stem(const emgp_inputs *inputs, size_t i)
{
    size_t next = i + 1;
    while (next < inputs->n && strcmp(inputs->list[next].stem, inputs->list[i].stem) == 0)
        next++;
    return next;
}

/* Walks both sides by stem. A true file without a found one has failed; a found one without truth is only reported. */
static emg_status score_folders(scoring *s, const emgp_inputs *truth, const emgp_inputs *found)
{
    emg_status status = EMG_OK;
    for (size_t i = 0, j = 0; status == EMG_OK && (i < truth->n || j < found->n);) {
        int order = i == truth->n ? 1 : j == found->n ? -1 : strcmp(truth->list[i].stem, found->list[j].stem);
        if (order < 0) {
            if (is_table(&truth->list[i]))
                say(s, truth->list[i].path, true, "nothing was found for it: no file of that name on the other side");
            i = next_stem(truth, i);
        } else if (order > 0) {
            if (is_table(&found->list[j]))
                say(s, found->list[j].path, false, "left out: no truth of that name");
            j = next_stem(found, j);
        } else {
            status = score_pair(s, truth->list[i].path, found->list[j].path);
            i = next_stem(truth, i);
            j = next_stem(found, j);
        }
    }
    return status;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static emg_status score_both(scoring *s)
{
    const emg_score_job *job = s->job;
    bool folder = is_folder(job->truth);
    if (folder != is_folder(job->found))
        return emgp_fail(s->err, EMG_EARG, "%s is a folder and %s is not: give two files or two folders",
                         folder ? job->truth : job->found, folder ? job->found : job->truth);
    if (!folder)
        return score_pair(s, job->truth, job->found);
    emgp_inputs truth = { 0 }, found = { 0 };
    emg_status status = emgp_inputs_events(&truth, job->truth, s->err);
    if (status == EMG_OK)
        status = emgp_inputs_events(&found, job->found, s->err);
    if (status == EMG_OK) {
        put_in_order(&truth);
        put_in_order(&found);
        status = score_folders(s, &truth, &found);
    }
    emgp_inputs_free(&truth);
    emgp_inputs_free(&found);
    return status;
}

emg_status emg_run_score(const emg_score_job *job, emg_score **out, emg_score_totals *totals, emg_error *err)
{
    if (!job || !out || !job->truth || !job->found)
        return emgp_fail(err, EMG_EARG, "scoring needs true events, found events and a place for the result");
    *out = NULL;
    err = emgp_fresh(err);
    scoring s = { .job = job, .err = err };
    emg_status status = emg_score_new(&s.score, &job->config, err);
    if (status == EMG_OK)
        status = score_both(&s);
    if (status == EMG_OK && s.totals.n_scored == 0)
        status = emgp_name_failure(err, job->truth, emgp_fail(err, EMG_EFORMAT, "nothing could be scored"));
    if (totals)
        *totals = s.totals;
    if (status) {
        emg_score_free(s.score);
        return status;
    }
    *out = s.score;
    return EMG_OK;
}

typedef emg_status put_score(const emg_score *score, emg_write *write, void *context, emg_error *err);

static emg_status write_file(const emg_score *score, const char *path, put_score *put, emg_error *err)
{
    emgp_newfile *file = NULL;
    emg_status status = emgp_newfile_open(&file, path, err);
    if (status == EMG_OK)
        status = put(score, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    return status;
}

emg_status emg_run_score_files(const emg_score *score, const char *json_path, const char *page_path, emg_error *err)
{
    if (!score)
        return emgp_fail(err, EMG_EARG, "emg_run_score_files needs a score");
    emg_status status = json_path ? write_file(score, json_path, emg_report_score_json, err) : EMG_OK;
    if (status == EMG_OK && page_path)
        status = write_file(score, page_path, emg_report_score_page, err);
    return status;
}
