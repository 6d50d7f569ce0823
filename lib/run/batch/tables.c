/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of all recordings in a folder, made anew from its journal: what is whole, in the order in which it came. */
#include "run/batch/batch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char list_header[] = "input\tstem\tstatus\tmessage\tcontent_hash\n";

enum { COHORT, LIST, INDEX, TABLES };
static const char *const names[TABLES] = { "muscles.tsv", "batch.tsv", "index.html" };

typedef struct tables {
    const emgp_journal *journal;
    uint64_t settings;
    const char *folder, *aside;
    char *path[TABLES], *temporary[TABLES];
    const size_t *order;
    emg_error *err;
} tables;

static char *joined(const char *folder, const char *name)
{
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = emgp_alloc(room, 1);
    if (path)
        snprintf(path, room, "%s/%s", folder, name);
    return path;
}

/* The entries that count, one after the other; *k starts at 0. NULL at the end. */
static const emgp_entry *next_entry(const tables *t, size_t *k)
{
    while (*k < t->journal->entries.n) {
        const emgp_entry *e = &t->journal->entries.list[t->order[(*k)++]];
        if (e->settings == t->settings && e->fate != EMGP_FATE_PLANNED)
            return e;
    }
    return NULL;
}

static emg_status write_cohort(const tables *t, emgp_newfile *file, emgp_sink *sink)
{
    emg_status status = emgp_outputs_cohort_header(file, t->err);
    const emgp_entry *e;
    for (size_t k = 0; status == EMG_OK && (e = next_entry(t, &k));)
        if (emgp_entry_is_done(e))
            status = emgp_journal_rows(t->journal, e, sink, t->err);
    return status;
}

static emg_status write_list(const tables *t, emgp_newfile *file, emgp_sink *sink)
{
    emg_status status = emgp_newfile_write(file, list_header, sizeof list_header - 1, t->err);
    const emgp_entry *e;
    for (size_t k = 0; status == EMG_OK && (e = next_entry(t, &k));) {
        emgp_row_text(sink, e->input);
        emgp_row_text(sink, e->fate == EMGP_FATE_SKIPPED ? NULL : e->stem);
        emgp_row_text(sink, emgp_fate_word(e->fate));
        emgp_row_text(sink, e->message);
        emgp_row_text(sink, e->hash);
        emgp_row_end(sink);
    }
    return status;
}

static emg_status write_table(const tables *t, size_t table)
{
    emgp_newfile *file = NULL;
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    emg_status status =
        sink ? emgp_newfile_open_apart(&file, t->path[table], t->temporary[table], t->err) : emgp_fail_memory(t->err);
    if (status == EMG_OK) {
        emgp_sink_init(sink, emgp_newfile_sink, file, t->err);
        status = table == COHORT ? write_cohort(t, file, sink) : write_list(t, file, sink);
    }
    if (status == EMG_OK)
        status = emgp_sink_flush(sink);
    if (status == EMG_OK)
        status = emgp_newfile_settle(file, t->err);
    emgp_newfile_free(file);
    emgp_free(sink);
    return status;
}

/* Recordings with a page, and what failed; *any: there is a page. */
static emg_status list_pages(const tables *t, emgp_index *index, bool *any)
{
    emg_status status = EMG_OK;
    const emgp_entry *e;
    for (size_t k = 0; status == EMG_OK && (e = next_entry(t, &k));) {
        bool page = (e->files >> EMGP_FILE_REPORT_HTML & 1) != 0 && emgp_entry_is_done(e);
        *any = *any || page;
        if (page)
            status = emgp_index_add(index, e->stem, NULL, t->err);
        else if (e->fate == EMGP_FATE_FAILED || e->fate == EMGP_FATE_NOT_WRITTEN)
            status = emgp_index_add(index, e->input, e->message, t->err);
    }
    return status;
}

static emg_status write_index(const tables *t)
{
    emgp_index index = { .n = 0 };
    bool any = false;
    emg_status status = list_pages(t, &index, &any);
    if (status == EMG_OK && any)
        status = emgp_index_write(&index, t->folder, t->temporary[INDEX], t->err);
    emgp_index_free(&index);
    return status;
}

static emg_status place(const tables *t, size_t table)
{
    if (rename(t->temporary[table], t->path[table]) == 0)
        return EMG_OK;
    return emgp_fail(t->err, EMG_EIO, "%s: cannot be put in place: %s", t->path[table], strerror(errno));
}

static emg_status write_all(const tables *t)
{
    const emgp_entry *e;
    bool any = false;
    for (size_t k = 0; !any && (e = next_entry(t, &k));)
        any = emgp_entry_is_done(e);
    emg_status status = any ? write_table(t, COHORT) : EMG_OK;
    if (status == EMG_OK)
        status = write_table(t, LIST);
    if (status == EMG_OK && any)
        status = place(t, COHORT);
    else if (status == EMG_OK)
        (void)unlink(t->path[COHORT]); /* of recordings that are there no more */
    if (status == EMG_OK)
        status = place(t, LIST);
    if (status == EMG_OK)
        status = write_index(t);
    emgp_newfile_synchronise_folder(t->path[LIST]);
    return status;
}

emg_status emgp_tables_write(const emgp_journal *journal, uint64_t settings, const char *folder, const char *aside,
                             emg_error *err)
{
    tables t = { .journal = journal, .settings = settings, .folder = folder, .aside = aside, .err = err };
    size_t *order = NULL;
    emg_status status = emgp_entries_order(&journal->entries, &order, err);
    t.order = order;
    for (size_t k = 0; status == EMG_OK && k < TABLES; k++) {
        t.path[k] = joined(folder, names[k]);
        t.temporary[k] = joined(aside, names[k]);
        if (!t.path[k] || !t.temporary[k])
            status = emgp_fail_memory(err);
    }
    if (status == EMG_OK)
        status = write_all(&t);
    for (size_t k = 0; k < TABLES; k++) {
        emgp_free(t.path[k]);
        emgp_free(t.temporary[k]);
    }
    emgp_free(order);
    return status;
}

bool emgp_tables_there(const char *folder)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder, names[LIST]);
    return n < PATH_MAX && access(path, F_OK) == 0;
}

void emgp_tables_remove(const char *folder)
{
    for (size_t k = 0; k < TABLES; k++) {
        char path[PATH_MAX];
        int n = snprintf(path, sizeof path, "%s/%s", folder, names[k]);
        if (n < PATH_MAX)
            (void)unlink(path);
    }
}
