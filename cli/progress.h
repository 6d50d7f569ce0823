/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person at a terminal sees of a long run, and how he stops it. */
#ifndef EMG_CLI_PROGRESS_H
#define EMG_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* From now on Ctrl-C asks for an orderly stop; a second one ends the process at once. */
void cli_interrupt_catch(void);
bool cli_interrupted(void);

/* Shows "[=====>    ] 3 of 12" on standard error when it is a terminal and `wanted`, else nothing. */
void cli_progress_show(bool wanted, size_t n_done, size_t n);
/* Takes the bar away, so that text can follow. */
void cli_progress_clear(bool wanted);

#endif
