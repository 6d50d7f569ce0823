/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Row by row, the options of a tool: its own, then the common ones of its groups. */
#ifndef EMG_CLI_OPTION_TABLE_H
#define EMG_CLI_OPTION_TABLE_H

#include "options.h"

/* NULL beyond the last. */
const cli_option *cli_option_row(const cli_tool *tool, size_t index);

#endif
