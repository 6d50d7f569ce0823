/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sidecars by name: "sub-01_task-jump_channels.tsv" also describes "sub-01_task-jump_run-2_emg.edf". */
#include "reading/channels/channels.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

/* Folder of the data type, session, subject, data set. */
enum { MOST_LEVELS = 4 };

static const char dataset_mark[] = "dataset_description.json";

emg_status emgp_beside_open(emgp_beside *out, const char *path, emg_error *err)
{
    *out = (emgp_beside){ 0 };
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    size_t n_folder = slash ? (size_t)(slash - path) : 1, n_stem = dot ? (size_t)(dot - name) : strlen(name);
    if (slash == path)
        n_folder = 1; /* the root folder itself */
    if (n_stem > 4 && memcmp(name + n_stem - 4, "_emg", 4) == 0)
        n_stem -= 4;
    out->folder = emgp_alloc(n_folder + 3 * MOST_LEVELS + 1, 1);
    out->stem = emgp_copy_text(name, n_stem);
    if (!out->folder || !out->stem) {
        emgp_beside_close(out);
        return emgp_fail_memory(err);
    }
    memcpy(out->folder, slash ? path : ".", n_folder);
    out->start = n_folder;
    out->is_bids = strncmp(out->stem, "sub-", 4) == 0;
    return EMG_OK;
}

void emgp_beside_close(emgp_beside *beside)
{
    emgp_free(beside->folder);
    emgp_free(beside->stem);
    *beside = (emgp_beside){ 0 };
}

void emgp_beside_rewind(emgp_beside *beside)
{
    beside->folder[beside->start] = '\0';
    beside->level = 0;
}

/* Whether part[0..n) is one of the parts that '_' separates in stem. */
static bool has_part(const char *stem, const char *part, size_t n)
{
    for (const char *at = stem; at;) {
        size_t length = strcspn(at, "_");
        if (length == n && memcmp(at, part, n) == 0)
            return true;
        at = at[length] ? at + length + 1 : NULL;
    }
    return false;
}

/* How many name parts a file shares with the recording when it is a sidecar of it; -1 when it is none. */
static long rank(const emgp_beside *beside, const char *name, const char *suffix)
{
    size_t n = strlen(name), n_suffix = strlen(suffix);
    if (n < n_suffix || strcmp(name + n - n_suffix, suffix) != 0)
        return -1;
    size_t n_parts = n - n_suffix;
    long parts = 0;
    if (n_parts > 0 && name[n_parts - 1] != '_')
        return -1;
    for (size_t at = 0; at < n_parts; parts++) {
        size_t length = strcspn(name + at, "_");
        if (!has_part(beside->stem, name + at, length))
            return -1;
        at += length + 1;
    }
    return parts;
}

static char *join(const char *folder, const char *name)
{
    size_t n_folder = strlen(folder), n_name = strlen(name);
    char *path = emgp_alloc(n_folder + 1 + n_name + 1, 1);
    if (!path)
        return NULL;
    memcpy(path, folder, n_folder);
    path[n_folder] = '/';
    memcpy(path + n_folder + 1, name, n_name + 1);
    return path;
}

emg_status emgp_beside_refuse(const char *what, const char *reason, emg_status status, emg_error *err)
{
    return emgp_fail(
        err, status,
        "%s beside the recording cannot be read: %.200s; make it readable, or leave it out with --no-sidecar", what,
        reason);
}

/* A name that is no BIDS name has sidecars of exactly that name; the folder, which may be large, is not listed. */
static emg_status look_up(const emgp_beside *beside, const char *suffix, char **best, emg_error *err)
{
    size_t n_stem = strlen(beside->stem);
    char *name = emgp_alloc(n_stem + strlen(suffix) + 2, 1);
    if (!name)
        return emgp_fail_memory(err);
    memcpy(name, beside->stem, n_stem);
    name[n_stem] = '_';
    memcpy(name + n_stem + 1, suffix, strlen(suffix) + 1);
    *best = join(beside->folder, name);
    emgp_free(name);
    if (!*best)
        return emgp_fail_memory(err);
    bool exists = false;
    emg_error reason = EMG_ERROR_NONE;
    emg_status status = emgp_source_exists(*best, &exists, &reason);
    if (status == EMG_OK && exists)
        return EMG_OK;
    emgp_free(*best);
    *best = NULL;
    return status ? emgp_beside_refuse(suffix, reason.text, status, err) : EMG_OK;
}

static const struct dirent *next_entry(DIR *folder, int *failed)
{
    errno = 0;
    const struct dirent *entry = readdir(folder);
    if (!entry)
        *failed = errno;
    return entry;
}

static emg_status refuse_folder(int number, emg_error *err)
{
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    return emgp_beside_refuse("a folder", reason, EMG_EIO, err);
}

/* The most specific sidecar of a folder; among equals the first by name, whatever the folder's own order. */
static emg_status search(const emgp_beside *beside, const char *suffix, char **best, bool *is_top, emg_error *err)
{
    DIR *folder = opendir(beside->folder);
    int failed = folder || errno == ENOENT || errno == ENOTDIR ? 0 : errno;
    emg_status status = EMG_OK;
    long best_rank = -1;
    char *name = NULL;
    for (const struct dirent *entry; folder && status == EMG_OK && (entry = next_entry(folder, &failed)) != NULL;) {
        long here = rank(beside, entry->d_name, suffix);
        *is_top = *is_top || strcmp(entry->d_name, dataset_mark) == 0;
        if (here < 0 || here < best_rank || (here == best_rank && strcmp(entry->d_name, name) > 0))
            continue;
        emgp_free(name);
        name = emgp_copy_text(entry->d_name, strlen(entry->d_name));
        best_rank = here;
        status = name ? EMG_OK : emgp_fail_memory(err);
    }
    if (folder)
        closedir(folder);
    if (status == EMG_OK && failed)
        status = refuse_folder(failed, err);
    if (status == EMG_OK && name && !(*best = join(beside->folder, name)))
        status = emgp_fail_memory(err);
    emgp_free(name);
    return status;
}

emg_status emgp_beside_next(emgp_beside *beside, const char *suffix, char **path, emg_error *err)
{
    *path = NULL;
    while (beside->level < MOST_LEVELS && !*path) {
        bool is_top = !beside->is_bids;
        emg_status status =
            beside->is_bids ? search(beside, suffix, path, &is_top, err) : look_up(beside, suffix, path, err);
        if (status != EMG_OK)
            return status;
        beside->level = is_top ? MOST_LEVELS : beside->level + 1;
        strcat(beside->folder, "/..");
    }
    return EMG_OK;
}
