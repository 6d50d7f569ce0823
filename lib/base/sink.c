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

void emgp_sink_number(emgp_sink *sink, double value)
{
    char text[EMGP_NUMBER_ROOM];
    emgp_sink_bytes(sink, text, emgp_number_print(text, value));
}

void emgp_sink_time(emgp_sink *sink, double value)
{
    char text[EMGP_NUMBER_ROOM];
    emgp_sink_bytes(sink, text, emgp_time_print(text, value));
}

void emgp_sink_count(emgp_sink *sink, uint64_t value)
{
    char text[EMGP_NUMBER_ROOM];
    emgp_sink_bytes(sink, text, emgp_count_print(text, value));
}
