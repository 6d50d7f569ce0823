/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line cut into cells without copying, and cells that are numbers in whatever spelling. */
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "reading/delimited/delimited.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool emgp_line_is_comment(const char *line, size_t n)
{
    size_t at = 0;
    while (at < n && is_space(line[at]))
        at++;
    return at == n || line[at] == '#' || line[at] == '%';
}

static void put(emgp_cells *cells, const char *from, const char *end)
{
    while (from < end && is_space(*from))
        from++;
    while (end > from && is_space(end[-1]))
        end--;
    if (end - from >= 2 && *from == '"' && end[-1] == '"') {
        from++;
        end--;
    }
    cells->more = cells->n == EMGP_MOST_COLUMNS;
    if (cells->more)
        return;
    cells->text[cells->n] = from;
    cells->length[cells->n++] = (size_t)(end - from);
}

/* Where the cell that begins here ends: a separator within quotation marks is part of it. */
static const char *cell_end(const char *from, const char *end, char separator)
{
    bool quoted = false;
    for (; from < end; from++) {
        if (*from == '"')
            quoted = !quoted;
        else if (!quoted && (*from == separator || (separator == ' ' && *from == '\t')))
            break;
    }
    return from;
}

void emgp_cells_cut(emgp_cells *cells, const char *line, size_t n, char separator)
{
    const char *end = line + n;
    cells->n = 0;
    cells->more = false;
    cells->open_end = separator != ' ' && n > 0 && line[n - 1] == separator;
    for (const char *at = line; at < end && !cells->more; at++) {
        while (separator == ' ' && at < end && is_space(*at))
            at++;
        const char *stop = cell_end(at, end, separator);
        if (separator != ' ' || stop > at)
            put(cells, at, stop);
        at = stop;
    }
}

bool emgp_cell_number(const char *text, size_t n, bool comma, double *out)
{
    static const char *const missing[] = { "nan", "na", "n/a", "null", "inf", "+inf", "-inf" };
    char copy[2 * EMGP_NUMBER_ROOM];
    *out = NAN;
    if (n == 0)
        return true;
    if (n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    char *mark = comma ? memchr(copy, ',', n) : NULL;
    if (mark && memchr(copy, '.', n))
        return false;
    if (mark)
        *mark = '.';
    if (emgp_number_parse(copy, n, out))
        return true;
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        if (emgp_text_same(copy, missing[i]))
            return true;
    return false;
}
