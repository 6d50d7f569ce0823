/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A progress bar for terminals and the flag that Ctrl-C sets. */
#include "common/common.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 40 };

static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void cli_interrupt_catch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_interrupt;
    action.sa_flags = (int)SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

bool cli_interrupted(void)
{
    return interrupted != 0;
}

void cli_progress_show(bool wanted, size_t n_done, size_t n)
{
    if (!wanted || n == 0 || !isatty(STDERR_FILENO))
        return;
    char bar[BAR_WIDTH + 1];
    size_t filled = n_done >= n ? BAR_WIDTH : n_done * BAR_WIDTH / n;
    memset(bar, ' ', BAR_WIDTH);
    memset(bar, '=', filled);
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r[%s] %zu of %zu", bar, n_done, n);
    fflush(stderr);
}

void cli_progress_clear(bool wanted)
{
    if (wanted && isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}
