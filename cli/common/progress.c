/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A progress bar for terminals and the flag that Ctrl-C and its like set. */
#include "common/common.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
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
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action;
        if (sigaction(signals[i], NULL, &action) != 0 || action.sa_handler == SIG_IGN)
            continue; /* nohup, and a shell's background: who started the tool wants it to go on */
        memset(&action, 0, sizeof action);
        action.sa_handler = note_interrupt;
        action.sa_flags = (int)SA_RESETHAND;
        sigemptyset(&action.sa_mask);
        sigaction(signals[i], &action, NULL);
    }
}

bool cli_interrupted(void)
{
    return interrupted != 0;
}

/* "h:mm:ss", or "m:ss" below an hour. */
static void print_span(char out[32], double seconds)
{
    long s = (long)(seconds + 0.5);
    if (s >= 3600)
        snprintf(out, 32, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, 32, "%ld:%02ld", s / 60, s % 60);
}

void cli_progress_show(bool wanted, cli_progress *progress)
{
    struct timespec now;
    if (!wanted || progress->n == 0 || !isatty(STDERR_FILENO) || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return;
    double time_s = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
    char bar[BAR_WIDTH + 1], left[32] = "";
    if (progress->n_done == 0)
        progress->start_s = time_s;
    else
        print_span(left,
                   (time_s - progress->start_s) * (double)(progress->n - progress->n_done) / (double)progress->n_done);
    size_t filled = progress->n_done >= progress->n ? BAR_WIDTH : progress->n_done * BAR_WIDTH / progress->n;
    memset(bar, ' ', BAR_WIDTH);
    memset(bar, '=', filled);
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r\033[K[%s] %zu of %zu", bar, progress->n_done, progress->n);
    if (progress->n_failed > 0)
        fprintf(stderr, ", %zu failed", progress->n_failed);
    if (*left)
        fprintf(stderr, ", %s left", left);
    fflush(stderr);
}

void cli_progress_clear(bool wanted)
{
    if (wanted && isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}
