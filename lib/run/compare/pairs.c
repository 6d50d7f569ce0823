/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which recording or report of one side goes with which of the other: single ones as they are, several by their stems. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <emg/comparing.h>

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

void emgp_reports_free(emgp_reports *r)
{
    for (size_t i = 0; i < r->n; i++) {
        emgp_free(r->list[i].path);
        emgp_free(r->list[i].stem);
    }
    emgp_free(r->list);
    *r = (emgp_reports){ .list = NULL };
}

/* STEM_report.json for a path that ends in _events.tsv. */
static char *report_of(const char *events)
{
    const size_t n = strlen(events) - (sizeof events_ending - 1);
    char *report = emgp_alloc(n + sizeof ending, 1);
    if (report) {
        memcpy(report, events, n);
        memcpy(report + n, ending, sizeof ending);
    }
    return report;
}

static emg_status add(emgp_reports *r, char *path, const char *stem, size_t n_stem, emg_error *err)
{
    char *copy = emgp_copy_text(stem, n_stem);
    if (!path || !copy || !emgp_reserve((void **)&r->list, &r->room, r->n, r->n + 1, sizeof *r->list)) {
        emgp_free(path);
        emgp_free(copy);
        return emgp_fail_memory(err);
    }
    r->list[r->n++] = (emgp_report_place){ path, copy };
    return EMG_OK;
}

/* Adds the report beside a table of events, when there is one. */
static emg_status add_beside(emgp_reports *r, const emgp_input *input, emg_error *err)
{
    struct stat info;
    char *report = report_of(input->path);
    if (report && stat(report, &info) != 0) {
        emgp_free(report);
        r->n_without++;
        return EMG_OK;
    }
    return add(r, report, input->relative, strlen(input->relative) - (sizeof events_ending - 1), err);
}

static int by_stem(const void *one, const void *other)
{
    return strcmp(((const emgp_report_place *)one)->stem, ((const emgp_report_place *)other)->stem);
}

static emg_status find_in_folder(emgp_reports *r, const char *folder, emg_error *err)
{
    emgp_inputs inputs = { .n = 0 };
    emg_status status = emgp_inputs_events(&inputs, folder, err);
    for (size_t i = 0; status == EMG_OK && i < inputs.n; i++)
        if (ends_with(inputs.list[i].path, events_ending))
            status = add_beside(r, &inputs.list[i], err);
    emgp_inputs_free(&inputs);
    if (status == EMG_OK && r->n == 0)
        status =
            emgp_fail(err, EMG_EARG,
                      r->n_without > 0 ? "holds tables without STEM%s, so that nobody knows their settings: make them "
                                         "with emg-report --formats tsv,json"
                                       : "holds no report: a folder that emg-report wrote has STEM%s",
                      ending);
    if (r->n > 1)
        qsort(r->list, r->n, sizeof *r->list, by_stem);
    return emgp_name_failure(err, folder, status);
}

emg_status emgp_reports_find(emgp_reports *r, const char *path, emg_error *err)
{
    return is_folder(path) ? find_in_folder(r, path, err)
                           : add(r, emgp_copy_text(path, strlen(path)), path, strlen(path), err);
}

/* ---- pairs ---- */

bool emgp_pairs_next(const emgp_reports both[2], emgp_pair *pair)
{
    const emgp_report_place *next[2];
    for (size_t s = 0; s < 2; s++) {
        pair->at[s] += pair->of[s] != NULL;
        next[s] = pair->at[s] < both[s].n ? &both[s].list[pair->at[s]] : NULL;
    }
    const int order = !next[0] ? 1 : !next[1] ? -1 : strcmp(next[0]->stem, next[1]->stem);
    pair->of[0] = order <= 0 ? next[0] : NULL;
    pair->of[1] = order >= 0 ? next[1] : NULL;
    return pair->of[0] || pair->of[1];
}

/* The path of the side that is one recording or report by itself; NULL: both are folders. */
static const char *single_of(const char *const path[2])
{
    return !is_folder(path[0]) ? path[0] : !is_folder(path[1]) ? path[1] : NULL;
}

static bool any_in_both(const emgp_reports both[2])
{
    emgp_pair pair = { .at = { 0, 0 } };
    while (emgp_pairs_next(both, &pair))
        if (pair.of[0] && pair.of[1])
            return true;
    return false;
}

emg_status emgp_pairs_check(const emgp_reports both[2], const char *const path[2], emg_error *err)
{
    enum { NAME = 96 };
    char a[NAME], b[NAME];
    const size_t several = both[0].n > 1 ? 0 : 1;
    if (both[0].n == 1 && both[1].n == 1)
        return EMG_OK;
    if (single_of(path))
        return emgp_name_failure(err, path[several],
                                 emgp_fail(err, EMG_EARG,
                                           "holds %zu reports, and the other side is one: name one of them "
                                           "by its STEM%s, or give two folders",
                                           both[several].n, ending));
    if (any_in_both(both))
        return EMG_OK;
    (void)emgp_text_printable_string(a, sizeof a, both[0].list[0].stem);
    (void)emgp_text_printable_string(b, sizeof b, both[1].list[0].stem);
    return emgp_fail(
        err, EMG_EARG,
        "no report of A has the stem of one of B ('%s' and '%s' are the first): several are paired by equal "
        "stems; call the recordings alike, or name two of them by their STEM%s",
        a, b, ending);
}
