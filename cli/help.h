/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --help, --version, --print-config and the manual page, all written from the tables. */
#ifndef EMG_CLI_HELP_H
#define EMG_CLI_HELP_H

#include "options.h"

/* Shows what was asked for on standard output; returns the exit code. */
int cli_help_show(const cli_tool *tool, cli_help what);

/* Prints settings as a valid configuration file; returns the exit code. */
int cli_config_show(const char *tool, const emg_config *config);

#endif
