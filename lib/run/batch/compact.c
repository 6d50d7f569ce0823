/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Journals written anew: what counts is copied, what newer records replace is left behind. */
#include "run/batch/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

emg_status emgp_journal_take_over(emgp_journal *to, const emgp_journal *from, const emgp_entry *entry, emg_error *err)
{
    emgp_collected rows = { .n = 0 };
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, emgp_collect, &rows, err);
    emg_status status = emgp_journal_rows(from, entry, sink, err);
    if (status == EMG_OK)
        status = emgp_sink_flush(sink);
    if (status == EMG_OK)
        status = emgp_journal_add(to, entry, rows.bytes, err);
    emgp_free(rows.bytes);
    emgp_free(sink);
    return status;
}

/* Copies what counts to another journal. */
static emg_status copy_entries(emgp_journal *to, const emgp_journal *from, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < from->n_settings; i++)
        status = emgp_journal_add_settings(to, from->settings[i].digest, from->settings[i].text, err);
    for (size_t i = 0; status == EMG_OK && i < from->entries.n; i++)
        status = emgp_journal_take_over(to, from, &from->entries.list[i], err);
    return status;
}

static emg_status fail(const char *path, emg_error *err)
{
    return emgp_fail(err, EMG_EIO, "%s: the journal cannot be written anew: %s", path, strerror(errno));
}

emg_status emgp_journal_compact(emgp_journal *journal, const char *aside, emg_error *err)
{
    if (journal->n_older == 0)
        return EMG_OK;
    size_t room = strlen(aside) + sizeof "/journal";
    emgp_journal fresh = { .path = emgp_alloc(room, 1) };
    if (!fresh.path)
        return emgp_fail_memory(err);
    snprintf(fresh.path, room, "%s/journal", aside);
    fresh.fd = open(fresh.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    emg_status status = fresh.fd >= 0 ? copy_entries(&fresh, journal, err) : fail(fresh.path, err);
    fresh.latest = journal->latest;
    if (status == EMG_OK && journal->ended)
        status = emgp_journal_add_end(&fresh, err);
    if (status == EMG_OK && fsync(fresh.fd) != 0 && errno != EINVAL)
        status = fail(fresh.path, err);
    if (status == EMG_OK && rename(fresh.path, journal->path) != 0)
        status = fail(journal->path, err);
    emgp_journal_close(&fresh);
    return status;
}
