/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders: those above an output, and the hidden one in it where a batch keeps its journal and files on their way. */
#include "run/batch/batch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *emgp_hidden(const char *folder, const char *name)
{
    size_t room = strlen(folder) + strlen(name) + sizeof "/.myogram/";
    char *path = emgp_alloc(room, 1);
    if (path)
        snprintf(path, room, "%s/.myogram%s%s", folder, *name ? "/" : "", name);
    return path;
}

static emg_status make_folder(const char *path, emg_error *err)
{
    struct stat info;
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)))
        return EMG_OK;
    return emgp_fail(err, EMG_EIO, "%s: cannot make the output folder: %s", path,
                     errno == EEXIST ? "there is a file of that name" : strerror(errno));
}

emg_status emgp_make_folders(const char *path, emg_error *err)
{
    char *partial = emgp_copy_text(path, strlen(path));
    if (!partial)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    for (char *slash = partial + 1; status == EMG_OK && *slash && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        status = make_folder(partial, err);
        *slash = '/';
    }
    emgp_free(partial);
    return status ? status : make_folder(path, err);
}

static void empty(DIR *dir)
{
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
}

emg_status emgp_empty_folder(const char *path, emg_error *err)
{
    emg_status status = make_folder(path, err);
    DIR *dir = status == EMG_OK ? opendir(path) : NULL;
    if (dir) {
        empty(dir);
        (void)closedir(dir);
    } else if (status == EMG_OK) {
        status = emgp_fail(err, EMG_EIO, "%s: cannot be listed: %s", path, strerror(errno));
    }
    return status;
}
