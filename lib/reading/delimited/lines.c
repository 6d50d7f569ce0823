/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file line by line, within a buffer: how long a line may be does not depend on the file. */
#include <string.h>

#include "base/base.h"
#include "reading/delimited/delimited.h"

emg_status emgp_lines_open(emgp_lines *lines, emgp_io *io, emg_error *err)
{
    *lines = (emgp_lines){ .io = io, .buffer = emgp_alloc(EMGP_LINE_ROOM + 1, 1), .end = '\n' };
    return lines->buffer ? EMG_OK : emgp_fail_memory(err);
}

void emgp_lines_rewind(emgp_lines *lines)
{
    lines->offset = lines->number = 0;
    lines->n = lines->at = 0;
}

void emgp_lines_close(emgp_lines *lines)
{
    emgp_free(lines->buffer);
    *lines = (emgp_lines){ .n = 0 };
}

/* What ends the first line: old Macintosh programs write carriage returns alone. */
static char find_end(const char *text, size_t n)
{
    const char *end = memchr(text, '\r', n);
    bool alone = end && !memchr(text, '\n', (size_t)(end - text)) && end + 1 < text + n && end[1] != '\n';
    return alone ? '\r' : '\n';
}

/* Moves what is left to the front and fills the rest of the buffer. */
static emg_status fill(emgp_lines *lines, emg_error *err)
{
    uint64_t left = emgp_io_size(lines->io) - lines->offset;
    memmove(lines->buffer, lines->buffer + lines->at, lines->n - lines->at);
    lines->n -= lines->at;
    lines->at = 0;
    size_t room = EMGP_LINE_ROOM - lines->n, take = left < room ? (size_t)left : room;
    emg_status status = emgp_io_read(lines->io, lines->offset, lines->buffer + lines->n, take, err);
    if (status != EMG_OK)
        return status;
    if (lines->offset == 0)
        lines->end = find_end(lines->buffer, take);
    lines->offset += take;
    lines->n += take;
    return EMG_OK;
}

emg_status emgp_lines_next(emgp_lines *lines, char **line, size_t *n, emg_error *err)
{
    *line = NULL;
    *n = 0;
    char *from = lines->buffer + lines->at, *end = memchr(from, lines->end, lines->n - lines->at);
    if (!end) {
        emg_status status = fill(lines, err);
        if (status != EMG_OK)
            return status;
        from = lines->buffer;
        end = memchr(from, lines->end, lines->n);
    }
    if (!end && lines->n == EMGP_LINE_ROOM)
        return emgp_fail(err, EMG_EFORMAT, "line %llu is longer than %d bytes: no table",
                         (unsigned long long)lines->number + 1, EMGP_LINE_ROOM);
    if (!end && lines->n == 0)
        return EMG_OK;
    lines->ended = end != NULL;
    lines->start = lines->offset - lines->n + (uint64_t)(from - lines->buffer);
    if (!end)
        end = from + lines->n;
    lines->at = (size_t)(end - lines->buffer) + lines->ended;
    lines->number++;
    *end = '\0';
    if (end > from && end[-1] == '\r')
        *--end = '\0';
    if (lines->number == 1 && end - from >= 3 && memcmp(from, "\xEF\xBB\xBF", 3) == 0)
        from += 3;
    *line = from;
    *n = (size_t)(end - from);
    return EMG_OK;
}
