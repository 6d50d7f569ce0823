/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile text to table cells: printable, and never a formula. */
#include "report/report.h"

#include <string.h>

#include "base/base.h"

/* Longest output of one input byte: "\xNN". */
enum { GROWTH = 4, EXTRA = 8 };

/* Replaces each ';' by \x3b; the text must have room for it. */
static void escape_semicolons(char *text)
{
    size_t n = strlen(text), n_found = 0;
    for (size_t i = 0; i < n; i++)
        n_found += text[i] == ';';
    char *to = text + n + n_found * (GROWTH - 1);
    for (size_t i = n + 1; i-- > 0;) {
        if (text[i] == ';') {
            to -= GROWTH - 1;
            memcpy(to, "\\x3b", GROWTH);
        } else {
            *to = text[i];
        }
        to--;
    }
}

char *emgp_cell_text(const char *text, bool in_list)
{
    if (!text || !*text)
        text = "n/a";
    size_t n = strlen(text), room;
    if (!emgp_multiply(n + EXTRA, GROWTH, &room))
        return NULL;
    char *cell = emgp_alloc(room, 1);
    if (!cell)
        return NULL;
    size_t lead = strchr("=+-@", text[0]) ? 1 : 0;
    cell[0] = '\'';
    emgp_text_printable(cell + lead, room - lead, text, n);
    if (in_list)
        escape_semicolons(cell);
    return cell;
}
