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

emg_status emgp_collect(void *context, const char *bytes, size_t n, emg_error *err)
{
    emgp_collected *all = context;
    void *room = all->bytes;
    if (!emgp_reserve(&room, &all->room, all->n, all->n + n + 1, 1))
        return emgp_fail_memory(err);
    all->bytes = room;
    memcpy(all->bytes + all->n, bytes, n);
    all->n += n;
    all->bytes[all->n] = '\0';
    return EMG_OK;
}
