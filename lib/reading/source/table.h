/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small tab-separated tables and texts read whole from a file. */
#ifndef EMGP_TABLE_H
#define EMGP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

enum { EMGP_TABLE_COLUMNS = 64, EMGP_TABLE_BYTES = 4 * 1024 * 1024 }; /* bytes: more than any table of channels needs */

/* A whole file; owns its bytes, which a NUL ends. */
typedef struct emgp_table {
    char *bytes;
    size_t n, at;                   /* at: where the next line begins */
    char *cell[EMGP_TABLE_COLUMNS]; /* of the line read last, trimmed of spaces */
    size_t n_cells;
} emgp_table;

/* Reads a file of at most `most` bytes. EMG_EIO, EMG_ERANGE: larger than that; EMG_ENOMEM. Free with emgp_table_free. */
emg_status emgp_table_read(emgp_table *out, const char *path, uint64_t most, emg_error *err);
void emgp_table_free(emgp_table *table);

/* The next line that is not blank, cut at tabs; false at the end. Lines may end in LF or CR LF; a byte-order mark is
 * skipped. */
bool emgp_table_next(emgp_table *table);

/* The column of the last line that holds `name`; EMGP_TABLE_COLUMNS when none does. */
size_t emgp_table_column(const emgp_table *table, const char *name);

/* The cell of a column; "" when it is missing, blank or "n/a". */
const char *emgp_table_cell(const emgp_table *table, size_t column);

#endif
