/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What slices left, joined: their journals into the folder's, then the tables. */
#include <emg/batch.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "run/batch/batch.h"

enum { MOST_SLICES = 1 << 20 };

typedef struct collection {
    const char *output;
    emgp_folder folder;
    emgp_journal
        joined; /* of the folder and its slices; it takes the folder's place once all slices are at their end */
    size_t n_slices, n_ended, first_missing; /* the first that is missing, or did not come to its end; 0: none */
    bool *there;                             /* by slice - 1 */
    bool has_settings;
    uint64_t settings;
    emg_error *err;
} collection;

/* Slice and number of slices in the name of a journal. */
static bool read_name(const char *name, size_t *slice, size_t *n_slices)
{
    static const char start[] = "journal-", middle[] = "-of-";
    const char *between = strncmp(name, start, sizeof start - 1) == 0 ? strstr(name, middle) : NULL;
    int64_t i = 0, n = 0;
    const char *number = name + sizeof start - 1;
    if (!between || !emgp_integer_parse(number, (size_t)(between - number), &i) ||
        !emgp_integer_parse(between + sizeof middle - 1, strlen(between + sizeof middle - 1), &n))
        return false;
    *slice = (size_t)i;
    *n_slices = (size_t)n;
    return i >= 1 && i <= n && n <= MOST_SLICES;
}

static emg_status note_slice(collection *c, size_t slice, size_t n_slices)
{
    if (c->n_slices > 0 && n_slices != c->n_slices)
        return emgp_fail(c->err, EMG_EARG, "there are slices of %zu and of %zu: collect them from folders of their own",
                         c->n_slices, n_slices);
    if (!c->there && !(c->there = emgp_alloc(n_slices, sizeof *c->there)))
        return emgp_fail_memory(c->err);
    c->n_slices = n_slices;
    c->there[slice - 1] = true;
    return EMG_OK;
}

/* Which slices left a journal. */
static emg_status find_slices(collection *c)
{
    char *hidden = emgp_hidden(c->output, "");
    DIR *dir = hidden ? opendir(hidden) : NULL;
    emg_status status =
        !hidden ? emgp_fail_memory(c->err)
        : !dir  ? emgp_fail(c->err, EMG_EIO, "%s: no journal of a batch is there: %s", c->output, strerror(errno))
                : EMG_OK;
    for (const struct dirent *entry; status == EMG_OK && (entry = readdir(dir));) {
        size_t slice, n_slices;
        if (read_name(entry->d_name, &slice, &n_slices))
            status = note_slice(c, slice, n_slices);
    }
    if (dir)
        (void)closedir(dir);
    emgp_free(hidden);
    return status;
}

static emg_status take_entries(collection *c, const emgp_journal *from)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < from->n_settings; i++)
        status = emgp_journal_add_settings(&c->joined, from->settings[i].digest, from->settings[i].text, c->err);
    for (size_t i = 0; status == EMG_OK && i < from->entries.n; i++)
        status = emgp_journal_take_over(&c->joined, from, &from->entries.list[i], c->err);
    return status;
}

static emg_status take_slice(collection *c, size_t slice)
{
    emgp_folder from = { .path = c->output };
    emg_status status = emgp_folder_open(&from, c->output, slice, c->n_slices, true, c->err);
    if (status == EMG_OK && from.journal.n_settings > 0) {
        if (c->has_settings && from.journal.latest != c->settings)
            status =
                emgp_fail(c->err, EMG_EARG, "slice %zu of %zu has other settings than those before it: run it again",
                          slice, c->n_slices);
        c->settings = from.journal.latest;
        c->has_settings = true;
    }
    if (status == EMG_OK)
        status = take_entries(c, &from.journal);
    c->n_ended += from.journal.ended;
    if (!from.journal.ended && c->first_missing == 0)
        c->first_missing = slice;
    emgp_folder_close(&from);
    return status;
}

/* The journals of slices, once the folder's has all that they hold. */
static void remove_slices(const collection *c)
{
    for (size_t slice = 1; slice <= c->n_slices; slice++) {
        char name[64];
        snprintf(name, sizeof name, "journal-%zu-of-%zu", slice, c->n_slices);
        char *path = emgp_hidden(c->output, name);
        if (path)
            (void)unlink(path);
        emgp_free(path);
    }
}

static void count(const collection *c, emg_batch_totals *totals)
{
    const emgp_entries *entries = &c->joined.entries;
    for (size_t i = 0; i < entries->n; i++) {
        const emgp_entry *e = &entries->list[i];
        if (e->settings != c->settings || e->fate == EMGP_FATE_PLANNED)
            continue;
        totals->n_done += emgp_entry_is_done(e);
        totals->n_failed += e->fate == EMGP_FATE_FAILED;
        totals->n_output_failed += e->fate == EMGP_FATE_NOT_WRITTEN;
        totals->n_skipped += e->fate == EMGP_FATE_SKIPPED;
        totals->n_inputs += e->fate != EMGP_FATE_SKIPPED;
    }
}

static emg_status take_slices(collection *c)
{
    emg_status status = EMG_OK;
    c->settings = c->folder.journal.latest;
    for (size_t slice = 1; status == EMG_OK && slice <= c->n_slices; slice++) {
        if (c->there[slice - 1])
            status = take_slice(c, slice);
        else if (c->first_missing == 0)
            c->first_missing = slice;
    }
    return status;
}

static emg_status join(collection *c)
{
    emg_status status = emgp_folder_open(&c->folder, c->output, 0, 0, true, c->err);
    if (status == EMG_OK)
        status = emgp_journal_open(&c->joined, c->output, "aside/journal", true, c->err);
    if (status == EMG_OK)
        status = take_entries(c, &c->folder.journal);
    if (status == EMG_OK)
        status = take_slices(c);
    if (status == EMG_OK && c->joined.entries.n == 0)
        status = emgp_fail(c->err, EMG_EARG, "%s: no report of a batch is there", c->output);
    if (status == EMG_OK)
        status = emgp_journal_add_end(&c->joined, c->err);
    return status ? status : emgp_tables_write(&c->joined, c->settings, c->output, c->folder.aside, c->err);
}

static emg_status collect(collection *c, emg_batch_totals *totals)
{
    emg_status status = find_slices(c);
    if (status == EMG_OK)
        status = join(c);
    if (status)
        return status;
    count(c, totals);
    if (c->first_missing > 0)
        return emgp_fail(
            c->err, EMG_ESHORT,
            "%zu of %zu slices are not at their end, the first of them is %zu: run it, with --resume where "
            "it was begun, and collect again",
            c->n_slices - c->n_ended, c->n_slices, c->first_missing);
    if (fsync(c->joined.fd) != 0 || rename(c->joined.path, c->folder.journal.path) != 0)
        return emgp_fail(c->err, EMG_EIO, "%s: cannot be written: %s", c->folder.journal.path, strerror(errno));
    remove_slices(c);
    return EMG_OK;
}

emg_status emg_batch_collect(const char *output, emg_batch_totals *totals, emg_error *err)
{
    emg_batch_totals own = { 0 };
    if (!output || !*output)
        return emgp_fail(err, EMG_EARG, "no output folder was given");
    collection c = { .output = output, .err = err };
    c.folder.journal.fd = c.joined.fd = -1;
    emg_status status = collect(&c, &own);
    emgp_journal_close(&c.joined);
    emgp_folder_close(&c.folder);
    emgp_free(c.there);
    if (totals)
        *totals = own;
    return status;
}
