/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of emg-spectrum: header lines and rows, with the columns that were asked for. */
#ifndef EMG_CLI_SPECTRUM_TABLE_H
#define EMG_CLI_SPECTRUM_TABLE_H

#include <stdbool.h>

#include <emg/emg.h>

#include "output.h"

/* What is printed where, and with which columns. */
typedef struct spectrum_table {
    cli_output *out;
    const emg_feature_plan *plan;
    bool *any; /* becomes true with the first row */
} spectrum_table;

/* Header lines. */
void spectrum_raw_header(const spectrum_table *table);
void spectrum_window_header(const spectrum_table *table);
void spectrum_density_header(const spectrum_table *table);
void spectrum_slope_header(const spectrum_table *table);

/* Takers of rows; context is the spectrum_table. They ask for no more once the output is gone or a stop is wanted. */
bool spectrum_raw_row(void *context, const emg_raw_row *row);
bool spectrum_window_row(void *context, const emg_feature_window *row);
bool spectrum_raw_density_row(void *context, const emg_raw_row *row);
bool spectrum_density_row(void *context, const emg_density_row *row);
bool spectrum_window_density_row(void *context, const emg_feature_window *row);
bool spectrum_slope_row(void *context, const emg_slope_row *row);

#endif
