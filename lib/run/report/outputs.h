/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of one recording's report. */
#ifndef EMGP_OUTPUTS_H
#define EMGP_OUTPUTS_H

#include <emg/run.h>

#include "base/newfile.h"
#include "base/sink.h"

typedef struct emgp_outputs {
    const char *folder, *stem; /* the stem may hold folders, which are made */
    const emg_run *run;
    const emg_run_config *config;
} emgp_outputs;

/* Writes the files that the configuration asks for, adds the recording's rows to the cohort table and gives the text
 * summary (freed with emgp_free). EMG_EIO: a file cannot be written; it is then absent. */
emg_status emgp_outputs_write(const emgp_outputs *outputs, emgp_newfile *cohort, char **summary, emg_error *err);

/* The header line of the cohort table. */
emg_status emgp_outputs_cohort_header(emgp_newfile *file, emg_error *err);

/* A text as a cell of a table; false: out of memory. */
bool emgp_outputs_cell(emgp_sink *sink, const char *text);

#endif
