/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A progress bar for terminals and the flag that Ctrl-C and its like set. */
#include "common/common.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 40 };
static const double least_between_s = 0.1; /* from bar to bar */
static const double least_elapsed_s = 1;   /* before a pace is known */

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

/* Seconds by a clock that nobody sets. */
static double seconds_now(void)
{
    struct timespec now = { 0, 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void cli_progress_start(cli_progress *progress)
{
    progress->start_s = seconds_now();
}

static void print_bar(double share)
{
    char bar[BAR_WIDTH + 1];
    const size_t filled = share >= 1 ? BAR_WIDTH : (size_t)(share * BAR_WIDTH);
    memset(bar, ' ', BAR_WIDTH);
    memset(bar, '=', filled);
    bar[BAR_WIDTH] = '\0';
    fprintf(stderr, "\r\033[K[%s] ", bar);
}

/* What was worked on says how long the rest takes. */
static void print_pace(const cli_progress *p, double elapsed_s)
{
    char left[32];
    const double worked = (double)(p->n_done - p->n_before) + p->under_way,
                 rest = (double)(p->n - p->n_done) - p->under_way;
    if (elapsed_s < least_elapsed_s)
        return;
    if (p->recorded_s > 0)
        fprintf(stderr, ", %.3g times real time", p->recorded_s / elapsed_s);
    if (worked <= 0 || rest <= 0)
        return;
    print_span(left, elapsed_s * rest / worked);
    fprintf(stderr, ", %s left", left);
}

void cli_progress_show(bool wanted, cli_progress *p)
{
    if (!wanted || p->n == 0 || !isatty(STDERR_FILENO))
        return;
    const double time_s = seconds_now(), share = ((double)p->n_done + p->under_way) / (double)p->n;
    if (p->n_done == p->n_shown && time_s - p->shown_s < least_between_s)
        return;
    p->shown_s = time_s;
    p->n_shown = p->n_done;
    print_bar(share);
    if (p->n == 1)
        fprintf(stderr, "%d %%", (int)(100 * share));
    else
        fprintf(stderr, "%zu of %zu", p->n_done, p->n);
    if (p->n_failed > 0)
        fprintf(stderr, ", %zu failed", p->n_failed);
    print_pace(p, time_s - p->start_s);
    fflush(stderr);
}

void cli_progress_clear(bool wanted)
{
    if (wanted && isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
}
