/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An output folder taken over from whatever run had it last: what was decided is done, what was not is swept. */
#include "run/batch/batch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME_ROOM = 64 };

/* Ends what the journal says was being put in place. */
static emg_status recover(emgp_folder *folder, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < folder->journal.entries.n; i++) {
        const emgp_entry *e = &folder->journal.entries.list[i];
        if (!e->pending)
            continue;
        emgp_together files = {
            .folder = folder->path, .stem = e->stem, .aside = folder->aside, .number = e->number, .files = e->files
        };
        status = emgp_together_place(&files, err);
        if (status == EMG_OK)
            status = emgp_journal_settle(&folder->journal, e->key, err);
    }
    return status;
}

static emg_status take_over(emgp_folder *folder, const char *aside, emg_error *err)
{
    folder->aside = emgp_hidden(folder->path, aside);
    emg_status status = folder->aside ? recover(folder, err) : emgp_fail_memory(err);
    return status ? status : emgp_empty_folder(folder->aside, err);
}

emg_status emgp_folder_open(emgp_folder *folder, const char *path, size_t slice, size_t n_slices, bool changes,
                            emg_error *err)
{
    char journal[NAME_ROOM] = "journal", aside[NAME_ROOM] = "aside";
    folder->path = path;
    folder->journal.fd = -1;
    if (slice > 0) {
        snprintf(journal, sizeof journal, "journal-%zu-of-%zu", slice, n_slices);
        snprintf(aside, sizeof aside, "aside-%zu-of-%zu", slice, n_slices);
    }
    char *hidden = emgp_hidden(path, "");
    emg_status status = hidden ? EMG_OK : emgp_fail_memory(err);
    if (status == EMG_OK && changes)
        status = emgp_make_folders(hidden, err);
    emgp_free(hidden);
    if (status == EMG_OK)
        status = emgp_journal_open(&folder->journal, path, journal, changes, err);
    if (status == EMG_OK && changes)
        status = take_over(folder, aside, err);
    return status;
}

static bool any_pending(const emgp_entries *entries)
{
    bool any = false;
    for (size_t i = 0; i < entries->n; i++)
        any = any || entries->list[i].pending;
    return any;
}

void emgp_folder_close(emgp_folder *folder)
{
    if (folder->aside && !any_pending(&folder->journal.entries)) {
        (void)emgp_empty_folder(folder->aside, NULL);
        (void)rmdir(folder->aside);
    }
    emgp_free(folder->aside);
    emgp_journal_close(&folder->journal);
    folder->aside = NULL;
}
