/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that is safe inside a cell of a tab-separated table. */
#ifndef EMGP_CELL_H
#define EMGP_CELL_H

#include <stdbool.h>

/* Printable UTF-8 of a text from a recording: control bytes as \xNN, "n/a" for NULL or "", and a leading ' before
 * what a spreadsheet would take for a formula (= + - @). A semicolon becomes \x3b when `in_list`, so that lists
 * joined by semicolons can be split. NULL when memory is out; freed by emgp_free(). */
char *emgp_cell_text(const char *text, bool in_list);

#endif
