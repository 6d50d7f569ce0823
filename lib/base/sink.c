/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffered text output whose first failure sticks, so that writers need not check every call. */
#include "base/base.h"

#include <string.h>

void emgp_sink_init(emgp_sink *sink, emgp_sink_write *write, void *context, emg_error *err)
{
    sink->write = write;
    sink->context = context;
    sink->err = err;
    sink->status = EMG_OK;
    sink->in_row = false;
    sink->n = 0;
}

emg_status emgp_sink_flush(emgp_sink *sink)
{
    if (sink->status == EMG_OK && sink->n > 0)
        sink->status = sink->write(sink->context, sink->buffer, sink->n, sink->err);
    sink->n = 0;
    return sink->status;
}

void emgp_sink_bytes(emgp_sink *sink, const char *bytes, size_t n)
{
    while (n > 0) {
        size_t room = sizeof sink->buffer - sink->n, piece = n < room ? n : room;
        memcpy(sink->buffer + sink->n, bytes, piece);
        sink->n += piece;
        bytes += piece;
        n -= piece;
        if (sink->n == sizeof sink->buffer)
            emgp_sink_flush(sink);
    }
}

void emgp_sink_text(emgp_sink *sink, const char *text)
{
    emgp_sink_bytes(sink, text, strlen(text));
}

/* Where a number, or less, may be written. */
static char *number_room(emgp_sink *sink)
{
    if (sizeof sink->buffer - sink->n <= EMGP_NUMBER_ROOM)
        emgp_sink_flush(sink);
    return sink->buffer + sink->n;
}

void emgp_sink_number(emgp_sink *sink, double value)
{
    char *out = number_room(sink);
    sink->n += emgp_number_print(out, value);
}

void emgp_sink_time(emgp_sink *sink, double value)
{
    char *out = number_room(sink);
    sink->n += emgp_time_print(out, value);
}

void emgp_sink_count(emgp_sink *sink, uint64_t value)
{
    char *out = number_room(sink);
    sink->n += emgp_count_print(out, value);
}

/* --- cells and rows --- */

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
    if (sink->in_row) {
        *number_room(sink) = '\t';
        sink->n++;
    }
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
