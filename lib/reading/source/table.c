/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tab-separated lines, cut in place. */
#include "reading/source/source.h"

#include <string.h>

#include "base/base.h"

/* Reads a file, or no more than its first `most` bytes; larger files are refused unless those will do. */
static emg_status read_bytes(emgp_table *out, const char *path, uint64_t most, bool first_will_do, emg_error *err)
{
    emgp_source source;
    emgp_io *io;
    *out = (emgp_table){ 0 };
    emg_status status = emgp_source_file(&source, path, err);
    if (status == EMG_OK)
        status = emgp_io_new(&io, source, err);
    if (status != EMG_OK)
        return status;
    uint64_t size = emgp_io_size(io);
    if (size > most && first_will_do)
        size = most;
    if (size > most)
        status = emgp_fail(err, EMG_ERANGE, "larger than %llu bytes: no such table", (unsigned long long)most);
    else if (!(out->bytes = emgp_alloc((size_t)size + 1, 1)))
        status = emgp_fail_memory(err);
    else
        status = emgp_io_read(io, 0, out->bytes, (size_t)size, err);
    emgp_io_free(io);
    if (status != EMG_OK) {
        emgp_table_free(out);
        return status;
    }
    out->n = (size_t)size;
    out->separator = '\t';
    for (size_t i = 0; i < out->n; i++) /* a NUL would end a cell early and hide what follows */
        if (out->bytes[i] == '\0')
            out->bytes[i] = ' ';
    if (out->n >= 3 && memcmp(out->bytes, "\xEF\xBB\xBF", 3) == 0)
        out->at = 3;
    return EMG_OK;
}

emg_status emgp_table_read(emgp_table *out, const char *path, uint64_t most, emg_error *err)
{
    return read_bytes(out, path, most, false, err);
}

emg_status emgp_table_begin(emgp_table *out, const char *path, emg_error *err)
{
    enum { FIRST_BYTES = 4096 };
    return read_bytes(out, path, FIRST_BYTES, true, err);
}

void emgp_table_free(emgp_table *table)
{
    emgp_free(table->bytes);
    *table = (emgp_table){ 0 };
}

static char *trim(char *text)
{
    size_t from = 0, to = strlen(text);
    emgp_text_trim(text, &from, &to);
    text[to] = '\0';
    return text + from;
}

void emgp_table_separate(emgp_table *table)
{
    static const char separators[] = "\t;,";
    size_t length = strcspn(table->bytes + table->at, "\n");
    for (const char *s = separators; *s; s++) {
        if (!memchr(table->bytes + table->at, *s, length))
            continue;
        table->separator = *s;
        return;
    }
}

/* The cell that begins here loses its quotation marks, of which two stand for one; returns what follows its end. */
static char *unquote(char *cell, char **text)
{
    char *out = *text = cell + 1;
    for (char *c = cell + 1;; c++) {
        if (*c == '"' && c[1] == '"')
            c++;
        else if (*c == '"' || !*c) {
            char *rest = *c ? c + 1 : c;
            *out = '\0';
            return rest;
        }
        *out++ = *c;
    }
}

/* Cuts the cell that begins here: *text is what it holds; returns the next one, NULL after the last. */
static char *cut_cell(char *cell, char separator, char **text)
{
    char *from = cell;
    *text = cell;
    while (*from == ' ')
        from++;
    bool quoted = separator != '\t' && *from == '"';
    char *end = strchr(quoted ? unquote(from, text) : cell, separator);
    if (end)
        *end = '\0';
    *text = trim(*text);
    return end ? end + 1 : NULL;
}

bool emgp_table_next(emgp_table *table)
{
    while (table->at < table->n) {
        char *line = table->bytes + table->at;
        size_t length = strcspn(line, "\n");
        table->at += length + 1;
        table->line++;
        line[length] = '\0';
        if (length > 0 && line[length - 1] == '\r')
            line[length - 1] = '\0';
        table->n_cells = 0;
        bool blank = true;
        for (char *cell = line; cell && table->n_cells < EMGP_TABLE_COLUMNS;) {
            char *text;
            cell = cut_cell(cell, table->separator, &text);
            blank = blank && *text == '\0';
            table->cell[table->n_cells++] = text;
        }
        if (!blank)
            return true;
    }
    return false;
}

size_t emgp_table_column(const emgp_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_cells; i++)
        if (strcmp(table->cell[i], name) == 0)
            return i;
    return EMGP_TABLE_COLUMNS;
}

const char *emgp_table_cell(const emgp_table *table, size_t column)
{
    if (column >= table->n_cells || emgp_text_same(table->cell[column], "n/a"))
        return "";
    return table->cell[column];
}
