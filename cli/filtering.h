/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What emg-filter says: sentences about what was removed, and the table of a filter's response. */
#ifndef EMG_CLI_FILTERING_H
#define EMG_CLI_FILTERING_H

#include "options.h"

/* What was written and what it lost, on standard error; `verbose` says it of every channel, and names deviations. */
void cli_filtering_tell(const char *tool, const char *path, const char *out_path, const emg_run_filter_config *config,
                        const emg_run_filtering *done, bool verbose);

/* The filters at a sampling rate: a table on standard output, a picture into svg_path unless it is NULL. Returns the
 * exit code. */
int cli_filtering_response(const char *tool, const emg_run_filter_config *config, double rate_hz, bool table,
                           const char *svg_path);

#endif
