/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard output and standard error of the tools: a reader that goes away is no failure, hostile names stay text. */
#ifndef EMG_CLI_OUTPUT_H
#define EMG_CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/status.h>

/* What every tool's exit code means. */
enum cli_exit {
    CLI_DONE = 0,
    CLI_SOME_FAILED = 1,
    CLI_USAGE = 2,
    CLI_NONE_DONE = 3,
    CLI_NOT_WRITTEN = 4,
    CLI_INTERRUPTED = 130
};

/* Standard output. Start it zeroed. */
typedef struct cli_output {
    int error; /* errno of the first failed write; nothing is written after it */
    size_t n;
    char buffer[8192];
} cli_output;

/* Call first: opens the standard descriptors that the caller closed on /dev/null, so that no file of ours takes
 * their place, and makes a closed pipe and a file that grows too large errors of write() instead of signals. */
void cli_output_prepare(void);

void cli_output_bytes(cli_output *out, const char *bytes, size_t n);
void cli_output_text(cli_output *out, const char *text);

/* An emg_write function; context is the cli_output. */
emg_status cli_output_write(void *context, const char *bytes, size_t n, emg_error *err);

/* Hands on what is buffered. CLI_DONE when all was taken or the reader went away, else CLI_NOT_WRITTEN after a
 * sentence on standard error. */
int cli_output_end(cli_output *out, const char *tool);

/* Whether the reader went away (head, a closed pager). */
bool cli_output_closed(const cli_output *out);

/* "TOOL: FILE: SENTENCE" on standard error; file may be NULL. Control bytes of a file name print as \xNN. */
void cli_complain(const char *tool, const char *file, const char *sentence);

#endif
