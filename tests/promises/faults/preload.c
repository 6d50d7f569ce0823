/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded before the C library's: one call for a file or folder below a path fails, the one that EMG_FAULT_AT counts. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_OPEN = 1024 };

static long n_calls;
static bool below[MOST_OPEN];         /* by descriptor */
static const DIR *folders[MOST_OPEN]; /* opened below the path */

static bool is_below(const char *path)
{
    const char *under = getenv("EMG_FAULT_UNDER");
    return under && strncmp(path, under, strlen(under)) == 0;
}

/* Whether this call is the one to fail; that it came is left as a file. */
static bool fails(void)
{
    const char *at = getenv("EMG_FAULT_AT"), *mark = getenv("EMG_FAULT_MARK");
    if (!at || ++n_calls != strtol(at, NULL, 10))
        return false;
    int fd = mark ? creat(mark, 0666) : -1;
    if (fd >= 0)
        close(fd);
    errno = EIO;
    return true;
}

#define REAL(name) (*(void **)&real = dlsym(RTLD_NEXT, name))

int open64(const char *path, int flags, ...)
{
    int (*real)(const char *, int, ...);
    va_list list;
    va_start(list, flags);
    int mode = flags & O_CREAT ? va_arg(list, int) : 0;
    va_end(list);
    if (is_below(path) && fails())
        return -1;
    REAL("open64");
    int fd = real(path, flags, mode);
    if (fd >= 0 && fd < MOST_OPEN)
        below[fd] = is_below(path);
    return fd;
}

int __open64_2(const char *path, int flags);
int __open64_2(const char *path, int flags)
{
    return open64(path, flags);
}

ssize_t pread64(int fd, void *out, size_t n, off_t offset)
{
    ssize_t (*real)(int, void *, size_t, off_t);
    if (fd >= 0 && fd < MOST_OPEN && below[fd] && fails())
        return -1;
    REAL("pread64");
    return real(fd, out, n, offset);
}

ssize_t __pread64_chk(int fd, void *out, size_t n, off_t offset, size_t room);
ssize_t __pread64_chk(int fd, void *out, size_t n, off_t offset, size_t room)
{
    return n > room ? -1 : pread64(fd, out, n, offset);
}

int fstat64(int fd, struct stat64 *out)
{
    int (*real)(int, struct stat64 *);
    if (fd >= 0 && fd < MOST_OPEN && below[fd] && fails())
        return -1;
    REAL("fstat64");
    return real(fd, out);
}

int stat64(const char *path, struct stat64 *out)
{
    int (*real)(const char *, struct stat64 *);
    if (is_below(path) && fails())
        return -1;
    REAL("stat64");
    return real(path, out);
}

int lstat64(const char *path, struct stat64 *out)
{
    int (*real)(const char *, struct stat64 *);
    if (is_below(path) && fails())
        return -1;
    REAL("lstat64");
    return real(path, out);
}

DIR *opendir(const char *path)
{
    DIR *(*real)(const char *);
    if (is_below(path) && fails())
        return NULL;
    REAL("opendir");
    DIR *folder = real(path);
    for (size_t i = 0; folder && is_below(path) && i < MOST_OPEN; i++) {
        if (!folders[i]) {
            folders[i] = folder;
            break;
        }
    }
    return folder;
}

struct dirent64 *readdir64(DIR *folder)
{
    struct dirent64 *(*real)(DIR *);
    for (size_t i = 0; i < MOST_OPEN; i++)
        if (folders[i] == folder && fails())
            return NULL;
    REAL("readdir64");
    return real(folder);
}

int closedir(DIR *folder)
{
    int (*real)(DIR *);
    for (size_t i = 0; i < MOST_OPEN; i++)
        if (folders[i] == folder)
            folders[i] = NULL;
    REAL("closedir");
    return real(folder);
}
