/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard input as a recording: kept in a temporary file, since a recording is read more than once. */
#include "common/common.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool refuse_room(cli_options *o, const char *folder)
{
    return cli_refuse(o, "standard input cannot be kept in %.80s: %s; set TMPDIR to a folder with room", folder,
                      strerror(errno));
}

static bool write_all(int file, const char *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t taken = write(file, bytes + done, n - done);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken <= 0)
            return false;
        done += (size_t)taken;
    }
    return true;
}

static bool copy_all(cli_options *o, int file, const char *folder)
{
    char buffer[64 * 1024];
    for (;;) {
        ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cli_refuse(o, "standard input cannot be read: %s", strerror(errno));
        if (n == 0)
            return true;
        if (!write_all(file, buffer, (size_t)n))
            return refuse_room(o, folder);
    }
}

/* The file has no name of its own, so that nothing of it stays however the tool ends: what has the name is a link to
 * what the tool holds open. Where there are no such links it keeps its name until the end. */
static void hide(const cli_options *o)
{
    char held[64];
    snprintf(held, sizeof held, "/proc/self/fd/%d", o->kept_file);
    if (access(held, R_OK) == 0 && unlink(o->kept_path) == 0 && symlink(held, o->kept_path) != 0)
        cli_complain(o->tool->name, NULL, "standard input has lost its name: set TMPDIR to a folder with room");
}

static bool keep(cli_options *o)
{
    const char *folder = getenv("TMPDIR"), *stem = o->stem ? o->stem : "stdin";
    if (!folder || !*folder)
        folder = "/tmp";
    int n = snprintf(o->kept_folder, sizeof o->kept_folder, "%s/.myogram-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof o->kept_folder || !mkdtemp(o->kept_folder)) {
        o->kept_folder[0] = '\0';
        return refuse_room(o, folder);
    }
    snprintf(o->kept_path, sizeof o->kept_path, "%s/%s", o->kept_folder, stem);
    o->kept_file = open(o->kept_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (o->kept_file < 0)
        return refuse_room(o, folder);
    cli_complain_as_stdin(o->kept_path);
    hide(o);
    return copy_all(o, o->kept_file, folder);
}

bool cli_stdin_take(cli_options *o)
{
    size_t n = 0;
    for (size_t i = 0; i < o->n_inputs; i++) {
        if (strcmp(o->inputs[i], "-") != 0)
            continue;
        if (n++ > 0)
            return cli_refuse(o, "'-' is standard input, which is one recording: name it once");
        if (!keep(o))
            return false;
        o->inputs[i] = o->kept_path;
    }
    return n > 0 || !o->stem || cli_refuse(o, "--stem names what comes on standard input: give '-' as the input");
}

void cli_stdin_drop(cli_options *o)
{
    if (!o->kept_folder[0])
        return;
    (void)unlink(o->kept_path);
    (void)rmdir(o->kept_folder);
    if (o->kept_file > 0)
        close(o->kept_file);
    o->kept_folder[0] = '\0';
    cli_complain_as_stdin(NULL);
}
