/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The common shape of the tools that print the events of one recording as a table. */
#ifndef EMG_CLI_EVENTS_H
#define EMG_CLI_EVENTS_H

#include "options.h"

typedef emg_status cli_event_table(emg_result *result, emg_write *write, void *context, emg_error *err);

/* Reads the arguments, analyses the one input and prints the table; returns the exit code. */
int cli_print_events(const cli_tool *tool, cli_event_table *table, int argc, char **argv);

#endif
