/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Write, synchronise, rename: no reader ever sees half a file, and a failure leaves the old one. */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names tried for the temporary file before giving up. */
enum { ATTEMPTS = 16, SHOWN = 120 };
static const char ending[] = ".tmp";

struct emgp_newfile {
    char *path, *temporary; /* where it will be, where it is */
    size_t folder;          /* bytes of `path` that name the folder, the last slash included */
    int fd;
    bool kept; /* the temporary file is no longer this one's to remove */
};

static emg_status fail(const emgp_newfile *file, const char *what, int error, emg_error *err)
{
    char shown[SHOWN];
    emgp_text_printable_string(shown, sizeof shown, file->path);
    return emgp_fail(err, EMG_EIO, "%s: %s: %s", shown, what, strerror(error));
}

/* Whoever writes a temporary file holds it locked, so that one which can be locked has no writer any more. */
static bool hold(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* The folder that a file lies in; false: its name is too long. */
static bool folder_of(const char *path, char folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int n = slash ? snprintf(folder, PATH_MAX, "%.*s", (int)(slash - path) + 1, path) : snprintf(folder, PATH_MAX, ".");
    return n > 0 && n < PATH_MAX;
}

/* Whether `name` is a temporary file of the file called `own`. */
static bool is_temporary_of(const char *name, const char *own)
{
    size_t n = strlen(name), m = strlen(own), k = sizeof ending - 1;
    return n > m + k + 2 && name[0] == '.' && strncmp(name + 1, own, m) == 0 && name[m + 1] == '.' &&
           strcmp(name + n - k, ending) == 0;
}

static void sweep_one(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    struct stat facts;
    if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && hold(fd))
        (void)unlinkat(folder, name, 0);
    (void)close(fd);
}

/* Removes what runs that were killed left of this file. What cannot be removed stays. */
static void sweep(const emgp_newfile *file)
{
    char folder[PATH_MAX];
    DIR *dir = folder_of(file->path, folder) ? opendir(folder) : NULL;
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        if (is_temporary_of(entry->d_name, file->path + file->folder))
            sweep_one(dirfd(dir), entry->d_name);
    if (dir)
        (void)closedir(dir);
}

/* Opens the file's temporary name and holds it. False: not to be had, as errno says; EEXIST: another name may be. */
static bool open_temporary(emgp_newfile *file)
{
    struct stat facts;
    file->fd = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file->fd < 0)
        return false;
    (void)hold(file->fd); /* where locks do not work, nothing is ever swept */
    if (fstat(file->fd, &facts) != 0 || facts.st_nlink > 0)
        return true;
    (void)close(file->fd); /* swept by another process before it was held */
    file->fd = -1;
    errno = EEXIST;
    return false;
}

static emg_status make_temporary(emgp_newfile *file, size_t room, emg_error *err)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        snprintf(file->temporary, room, "%.*s.%s.%ld-%d%s", (int)file->folder, file->path, file->path + file->folder,
                 (long)getpid(), attempt, ending);
        if (open_temporary(file))
            return EMG_OK;
        if (errno != EEXIST && errno != EINTR)
            break;
    }
    int error = errno;
    file->temporary[0] = '\0'; /* a file of the last name tried may belong to another process */
    return fail(file, "cannot be created", error, err);
}

static emg_status prepare(emgp_newfile *file, const char *path, const char *temporary, size_t room, emg_error *err)
{
    file->fd = -1;
    file->path = emgp_copy_text(path, strlen(path));
    file->temporary = emgp_alloc(room, 1);
    if (!file->path || !file->temporary)
        return emgp_fail_memory(err);
    snprintf(file->temporary, room, "%s", temporary);
    const char *slash = strrchr(path, '/');
    file->folder = slash ? (size_t)(slash - path) + 1 : 0;
    struct stat facts;
    if (lstat(path, &facts) == 0 && !S_ISREG(facts.st_mode)) {
        file->temporary[0] = '\0';
        return fail(file, "cannot be replaced", S_ISDIR(facts.st_mode) ? EISDIR : EINVAL, err);
    }
    return EMG_OK;
}

emg_status emgp_newfile_open(emgp_newfile **out, const char *path, emg_error *err)
{
    *out = NULL;
    emgp_newfile *file = emgp_alloc(1, sizeof *file);
    if (!file)
        return emgp_fail_memory(err);
    size_t room = strlen(path) + 48;
    emg_status status = prepare(file, path, "", room, err);
    if (status == EMG_OK)
        sweep(file);
    if (status == EMG_OK)
        status = make_temporary(file, room, err);
    if (status == EMG_OK)
        *out = file;
    else
        emgp_newfile_free(file);
    return status;
}

emg_status emgp_newfile_open_apart(emgp_newfile **out, const char *path, const char *temporary, emg_error *err)
{
    *out = NULL;
    emgp_newfile *file = emgp_alloc(1, sizeof *file);
    if (!file)
        return emgp_fail_memory(err);
    emg_status status = prepare(file, path, temporary, strlen(temporary) + 1, err);
    if (status == EMG_OK && !open_temporary(file)) {
        file->temporary[0] = '\0';
        status = fail(file, "cannot be created", errno, err);
    }
    if (status == EMG_OK)
        *out = file;
    else
        emgp_newfile_free(file);
    return status;
}

emg_status emgp_newfile_write(emgp_newfile *file, const void *bytes, size_t n, emg_error *err)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t done = write(file->fd, at, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fail(file, "cannot be written", done < 0 ? errno : EIO, err);
        at += done;
        n -= (size_t)done;
    }
    return EMG_OK;
}

emg_status emgp_newfile_patch(emgp_newfile *file, uint64_t offset, const void *bytes, size_t n, emg_error *err)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t done = pwrite(file->fd, at, n, (off_t)offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fail(file, "cannot be written", done < 0 ? errno : EIO, err);
        at += done;
        offset += (size_t)done;
        n -= (size_t)done;
    }
    return EMG_OK;
}

void emgp_newfile_synchronise_folder(const char *path)
{
    char folder[PATH_MAX];
    int fd = folder_of(path, folder) ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

static emg_status synchronise(emgp_newfile *file, emg_error *err)
{
    int failed;
    while ((failed = fsync(file->fd)) != 0 && errno == EINTR)
        continue;
    return failed && errno != EINVAL ? fail(file, "cannot be written", errno, err) : EMG_OK;
}

static emg_status close_file(emgp_newfile *file, emg_error *err)
{
    int fd = file->fd;
    file->fd = -1;
    return close(fd) != 0 && errno != EINTR ? fail(file, "cannot be written", errno, err) : EMG_OK;
}

emg_status emgp_newfile_settle(emgp_newfile *file, emg_error *err)
{
    emg_status status = synchronise(file, err);
    if (status == EMG_OK)
        status = close_file(file, err);
    file->kept = status == EMG_OK;
    return status;
}

emg_status emgp_newfile_commit(emgp_newfile *file, emg_error *err)
{
    emg_status status = synchronise(file, err);
    if (status)
        return status;
    if (rename(file->temporary, file->path) != 0) /* held until it has its name */
        return fail(file, "cannot be put in place", errno, err);
    file->kept = true;
    status = close_file(file, err);
    emgp_newfile_synchronise_folder(file->path);
    return status;
}

void emgp_newfile_free(emgp_newfile *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        (void)close(file->fd);
    if (file->temporary && *file->temporary && !file->kept)
        (void)unlink(file->temporary);
    emgp_free(file->path);
    emgp_free(file->temporary);
    emgp_free(file);
}

emg_status emgp_newfile_sink(void *context, const char *bytes, size_t n, emg_error *err)
{
    return emgp_newfile_write(context, bytes, n, err);
}
