/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Write, synchronise, rename: no reader ever sees half a file, and a failure leaves the old one. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names tried for the temporary file before giving up; a crashed run of the same process number may have left one. */
enum { ATTEMPTS = 16, SHOWN = 120 };

struct emgp_newfile {
    char *path, *temporary; /* where it will be, where it is */
    size_t folder;          /* bytes of `path` that name the folder, the last slash included */
    int fd;
    bool committed;
};

static emg_status fail(const emgp_newfile *file, const char *what, int error, emg_error *err)
{
    char shown[SHOWN];
    emgp_text_printable_string(shown, sizeof shown, file->path);
    return emgp_fail(err, EMG_EIO, "%s: %s: %s", shown, what, strerror(error));
}

static emg_status make_temporary(emgp_newfile *file, size_t room, emg_error *err)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        snprintf(file->temporary, room, "%.*s.%s.%ld-%d.tmp", (int)file->folder, file->path, file->path + file->folder,
                 (long)getpid(), attempt);
        file->fd = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file->fd >= 0)
            return EMG_OK;
        if (errno != EEXIST && errno != EINTR)
            break;
    }
    int error = errno;
    file->temporary[0] = '\0'; /* a file of the last name tried may belong to another process */
    return fail(file, "cannot be created", error, err);
}

static emg_status open_beside(emgp_newfile *file, const char *path, emg_error *err)
{
    size_t n = strlen(path), room = n + 48;
    file->path = emgp_copy_text(path, n);
    file->temporary = emgp_alloc(room, 1);
    if (!file->path || !file->temporary)
        return emgp_fail_memory(err);
    const char *slash = strrchr(path, '/');
    file->folder = slash ? (size_t)(slash - path) + 1 : 0;
    struct stat facts;
    if (lstat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
        return fail(file, "cannot be replaced", S_ISDIR(facts.st_mode) ? EISDIR : EINVAL, err);
    return make_temporary(file, room, err);
}

emg_status emgp_newfile_open(emgp_newfile **out, const char *path, emg_error *err)
{
    *out = NULL;
    emgp_newfile *file = emgp_alloc(1, sizeof *file);
    if (!file)
        return emgp_fail_memory(err);
    file->fd = -1;
    emg_status status = open_beside(file, path, err);
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

/* The new name itself is on the disk only when the folder is. Folders of some systems cannot be synchronised; the file
 * is whole either way. */
static void synchronise_folder(const emgp_newfile *file)
{
    file->temporary[file->folder] = '\0';
    int fd = open(file->folder ? file->temporary : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    (void)close(fd);
}

emg_status emgp_newfile_commit(emgp_newfile *file, emg_error *err)
{
    int failed;
    while ((failed = fsync(file->fd)) != 0 && errno == EINTR)
        continue;
    if (failed && errno != EINVAL)
        return fail(file, "cannot be written", errno, err);
    int fd = file->fd;
    file->fd = -1;
    if (close(fd) != 0 && errno != EINTR)
        return fail(file, "cannot be written", errno, err);
    if (rename(file->temporary, file->path) != 0)
        return fail(file, "cannot be put in place", errno, err);
    file->committed = true;
    synchronise_folder(file);
    return EMG_OK;
}

void emgp_newfile_free(emgp_newfile *file)
{
    if (!file)
        return;
    if (file->fd >= 0)
        (void)close(file->fd);
    if (file->temporary && *file->temporary && !file->committed)
        (void)unlink(file->temporary);
    emgp_free(file->path);
    emgp_free(file->temporary);
    emgp_free(file);
}

emg_status emgp_newfile_sink(void *context, const char *bytes, size_t n, emg_error *err)
{
    return emgp_newfile_write(context, bytes, n, err);
}
