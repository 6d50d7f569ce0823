/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells and rows of tab-separated tables: text that no terminal and no spreadsheet takes for anything else. */
#include "base/base.h"

#include <string.h>

/* How many bytes of text a cell takes as they are. */
static size_t plain(const char *text, bool in_list)
{
    size_t n = 0;
    while (text[n] >= 0x20 && text[n] < 0x7F && !(in_list && text[n] == ';'))
        n++;
    return n;
}

void emgp_sink_cell(emgp_sink *sink, const char *text, bool in_list)
{
    text = text && *text ? text : "n/a";
    if (*text == '=' || *text == '+' || *text == '-' || *text == '@')
        emgp_sink_bytes(sink, "'", 1);
    size_t n = plain(text, in_list), used;
    emgp_sink_bytes(sink, text, n);
    const char *rest = text + n, *end = rest + strlen(rest);
    bool utf8 = rest == end || emgp_text_is_utf8(rest, (size_t)(end - rest)), changed;
    for (; rest < end; rest += used) {
        char piece[8] = "\\x3b";
        used = 1;
        n = 4;
        if (!in_list || *rest != ';')
            n = emgp_text_step(piece, rest, (size_t)(end - rest), utf8, &used, &changed);
        emgp_sink_bytes(sink, piece, n);
    }
}

void emgp_row_cell(emgp_sink *sink)
{
    if (sink->in_row)
        emgp_sink_bytes(sink, "\t", 1);
    sink->in_row = true;
}

void emgp_row_text(emgp_sink *sink, const char *text)
{
    emgp_row_cell(sink);
    emgp_sink_cell(sink, text, false);
}

void emgp_row_number(emgp_sink *sink, double value)
{
    emgp_row_cell(sink);
    emgp_sink_number(sink, value);
}

void emgp_row_time(emgp_sink *sink, double value)
{
    emgp_row_cell(sink);
    emgp_sink_time(sink, value);
}

void emgp_row_count(emgp_sink *sink, uint64_t value)
{
    emgp_row_cell(sink);
    emgp_sink_count(sink, value);
}

void emgp_row_end(emgp_sink *sink)
{
    emgp_sink_bytes(sink, "\n", 1);
    sink->in_row = false;
}
