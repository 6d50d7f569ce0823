/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of one recording: all written aside first, then all put in place, so that old and new ones never mix. */
#include "run/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

static const char *const endings[EMGP_FILES] = {
    [EMGP_FILE_EVENTS] = "_events.tsv",       [EMGP_FILE_EVENTS_JSON] = "_events.json",
    [EMGP_FILE_MUSCLES] = "_muscles.tsv",     [EMGP_FILE_CHANNELS] = "_channels.tsv",
    [EMGP_FILE_REPORT_JSON] = "_report.json", [EMGP_FILE_REPORT_HTML] = "_report.html",
};

/* FOLDER/STEMENDING; freed by emgp_free(); NULL without memory. */
static char *final_name(const emgp_together *t, const char *ending)
{
    size_t room = strlen(t->folder) + strlen(t->stem) + strlen(ending) + 2;
    char *path = emgp_alloc(room, 1);
    if (path)
        snprintf(path, room, "%s/%s%s", t->folder, t->stem, ending);
    return path;
}

static char *temporary_name(const emgp_together *t, const char *ending)
{
    size_t room = strlen(t->aside) + strlen(ending) + 32;
    char *path = emgp_alloc(room, 1);
    if (path)
        snprintf(path, room, "%s/%llu%s", t->aside, (unsigned long long)t->number, ending);
    return path;
}

emg_status emgp_together_open(const emgp_together *t, size_t file, emgp_newfile **out, emg_error *err)
{
    char *path = final_name(t, endings[file]), *temporary = temporary_name(t, endings[file]);
    emg_status status = path && temporary ? emgp_newfile_open_apart(out, path, temporary, err) : emgp_fail_memory(err);
    emgp_free(path);
    emgp_free(temporary);
    return status;
}

/* Makes the folders that the stem names below the output folder. */
static emg_status make_parents(char *path, size_t from, emg_error *err)
{
    for (char *slash = path + from; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!made)
            emgp_fail(err, EMG_EIO, "%s: cannot make the folder: %s", path, strerror(errno));
        *slash = '/';
        if (!made)
            return EMG_EIO;
    }
    return EMG_OK;
}

emg_status emgp_together_parents(const emgp_together *t, emg_error *err)
{
    char *path = final_name(t, "");
    emg_status status = path ? make_parents(path, strlen(t->folder) + 1, err) : emgp_fail_memory(err);
    emgp_free(path);
    return status;
}

/* Whether the new file waits aside. */
static bool waits(const emgp_together *t, size_t k, const char *temporary)
{
    return (t->files >> k & 1) != 0 && access(temporary, F_OK) == 0;
}

/* Removes the file in place that this set replaces or has no more; one that the set has put there already stays. */
static emg_status remove_old(const emgp_together *t, size_t k, const char *path, const char *temporary, emg_error *err)
{
    bool placed = (t->files >> k & 1) != 0 && !waits(t, k, temporary);
    if (placed || unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR)
        return EMG_OK;
    return emgp_fail(err, EMG_EIO, "%s: cannot be replaced: %s", path, strerror(errno));
}

static emg_status put_new(const emgp_together *t, size_t k, const char *path, const char *temporary, emg_error *err)
{
    if (!waits(t, k, temporary) || rename(temporary, path) == 0)
        return EMG_OK;
    return emgp_fail(err, EMG_EIO, "%s: cannot be put in place: %s", path, strerror(errno));
}

typedef emg_status each(const emgp_together *t, size_t k, const char *path, const char *temporary, emg_error *err);

static emg_status for_each(const emgp_together *t, each *act, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t k = 0; status == EMG_OK && k < EMGP_FILES; k++) {
        char *path = final_name(t, endings[k]), *temporary = temporary_name(t, endings[k]);
        status = path && temporary ? act(t, k, path, temporary, err) : emgp_fail_memory(err);
        emgp_free(path);
        emgp_free(temporary);
    }
    return status;
}

emg_status emgp_together_place(const emgp_together *t, emg_error *err)
{
    char *path = final_name(t, "");
    emg_status status = path ? for_each(t, remove_old, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = for_each(t, put_new, err);
    if (path)
        emgp_newfile_synchronise_folder(path);
    emgp_free(path);
    return status;
}

static emg_status drop(const emgp_together *t, size_t k, const char *path, const char *temporary, emg_error *err)
{
    (void)t;
    (void)k;
    (void)path;
    (void)err;
    (void)unlink(temporary);
    return EMG_OK;
}

void emgp_together_drop(const emgp_together *t)
{
    (void)for_each(t, drop, NULL);
}

static emg_status look(const emgp_together *t, size_t k, const char *path, const char *temporary, emg_error *err)
{
    (void)temporary;
    struct stat facts;
    bool there = (t->files >> k & 1) == 0 || (lstat(path, &facts) == 0 && S_ISREG(facts.st_mode));
    return there ? EMG_OK : emgp_fail(err, EMG_EIO, "%s: is not there", path);
}

bool emgp_together_whole(const emgp_together *t)
{
    return for_each(t, look, NULL) == EMG_OK;
}
