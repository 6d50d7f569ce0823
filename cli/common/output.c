/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes to standard output with every error seen, and sentences to standard error. */
#include "common/common.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void cli_output_prepare(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) < 0)
            return;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static void flush(cli_output *out)
{
    for (size_t done = 0; done < out->n && !out->error;) {
        ssize_t n = write(STDOUT_FILENO, out->buffer + done, out->n - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            out->error = errno;
    }
    out->n = 0;
}

void cli_output_bytes(cli_output *out, const char *bytes, size_t n)
{
    while (n > 0 && !out->error) {
        size_t room = sizeof out->buffer - out->n, piece = n < room ? n : room;
        memcpy(out->buffer + out->n, bytes, piece);
        out->n += piece;
        bytes += piece;
        n -= piece;
        if (out->n == sizeof out->buffer)
            flush(out);
    }
}

void cli_output_text(cli_output *out, const char *text)
{
    cli_output_bytes(out, text, strlen(text));
}

emg_status cli_output_write(void *context, const char *bytes, size_t n, emg_error *err)
{
    cli_output *out = context;
    cli_output_bytes(out, bytes, n);
    if (!out->error)
        return EMG_OK;
    if (err && err->status == EMG_OK) {
        err->status = EMG_EIO;
        snprintf(err->text, sizeof err->text, "standard output: %s", strerror(out->error));
    }
    return EMG_EIO;
}

bool cli_output_closed(const cli_output *out)
{
    return out->error == EPIPE;
}

int cli_output_end(cli_output *out, const char *tool)
{
    flush(out);
    if (!out->error || cli_output_closed(out))
        return CLI_DONE;
    cli_complain(tool, "standard output", strerror(out->error));
    return CLI_NOT_WRITTEN;
}

/* Whether the character is a control (those of ISO 6429 too, C2 80 to C2 9F in UTF-8); *two: it has two bytes. */
static bool is_control(const unsigned char *c, bool *two)
{
    *two = c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0;
    return c[0] < 0x20 || c[0] == 0x7F || *two;
}

void cli_output_cell(cli_output *out, const char *text)
{
    bool two;
    char code[8];
    if (strchr("=+-@", *text) && *text)
        cli_output_text(out, "'");
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (is_control(c, &two)) {
            snprintf(code, sizeof code, "\\x%02x", two ? *++c : c[0]);
            cli_output_text(out, code);
        } else {
            cli_output_bytes(out, (const char *)c, 1);
        }
    }
}

/* Control bytes as \xNN, so that no name commands a terminal. */
static void put_plain(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool two;
        if (is_control(c, &two))
            fprintf(stderr, "\\x%02x", two ? *++c : c[0]);
        else
            fputc(c[0], stderr);
    }
}

static const char *kept_stdin;

void cli_complain_as_stdin(const char *path)
{
    kept_stdin = path;
}

const char *cli_name_of(const char *path)
{
    return kept_stdin && strcmp(path, kept_stdin) == 0 ? "-" : path;
}

void cli_complain(const char *tool, const char *file, const char *sentence)
{
    fprintf(stderr, "%s: ", tool);
    if (file) {
        put_plain(cli_name_of(file));
        fputs(": ", stderr);
    }
    put_plain(sentence);
    fputc('\n', stderr);
}

void cli_complain_of(const char *tool, const char *file, const emg_error *err)
{
    cli_complain(tool, file, err->text + err->n_name);
}
