/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of numbers as recordings: CSV, TSV and texts, one row a frame, one column a channel. */
#ifndef EMGP_READING_DELIMITED_DELIMITED_H
#define EMGP_READING_DELIMITED_DELIMITED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reading/source/source.h"

/* ---- lines.c: A file line by line, within a buffer. ---- */

enum { EMGP_LINE_ROOM = 256 * 1024 };

typedef struct emgp_lines {
    emgp_io *io;
    uint64_t offset; /* in the file, of the next byte to be read */
    char *buffer;
    size_t n, at;    /* bytes in the buffer; where the next line begins */
    uint64_t number; /* of the line given last, from 1 */
    uint64_t start;  /* byte of the file where it begins */
    bool ended;      /* the line given last had an end */
    char end;        /* what ends a line: a line feed, or a carriage return where the first line has nothing else */
} emgp_lines;

/* From the file's first line. EMG_ENOMEM. Close it in any case. */
emg_status emgp_lines_open(emgp_lines *lines, emgp_io *io, emg_error *err);
void emgp_lines_rewind(emgp_lines *lines);
void emgp_lines_close(emgp_lines *lines);

/* The next line without its end, NULL after the last; a NUL ends it. EMG_EFORMAT: longer than EMGP_LINE_ROOM; EMG_EIO. */
emg_status emgp_lines_next(emgp_lines *lines, char **line, size_t *n, emg_error *err);

/* ---- rows.c: A line cut into cells, and cells that are numbers. ---- */

enum { EMGP_MOST_COLUMNS = 1024 };

typedef struct emgp_cells {
    const char *text[EMGP_MOST_COLUMNS]; /* trimmed, without quotation marks */
    size_t length[EMGP_MOST_COLUMNS];
    size_t n;
    bool more;     /* the line has more cells than that */
    bool open_end; /* the line ends with a separator: a cell may be missing behind it */
} emgp_cells;

/* Cuts a line at the separator; ' ' stands for any number of spaces and tabs. A separator at the line's end ends it. */
void emgp_cells_cut(emgp_cells *cells, const char *line, size_t n, char separator);

/* Whether a line is a comment ('#', '%') or blank. */
bool emgp_line_is_comment(const char *line, size_t n);

/* A number, with a decimal comma when `comma`; a missing one ("", "nan", "NA", "inf") is NaN. False: neither. */
bool emgp_cell_number(const char *text, size_t n, bool comma, double *out);

/* ---- layout.c: What the first lines of a table say: separator, columns, where the rows begin. ---- */

typedef struct emgp_column {
    size_t cell; /* of a row, from 0 */
    char label[80], unit[40];
} emgp_column;

typedef struct emgp_layout {
    char separator;
    bool comma;          /* the decimal mark */
    size_t n_cells;      /* of a row */
    uint64_t first_line; /* of the first row, from 1 */
    emgp_column *column; /* the channels, in the order asked for */
    size_t n_columns;
    bool timed; /* a column holds the time */
    size_t time_cell;
    double time_unit_s;
} emgp_layout;

/* EMG_EFORMAT: no rows of numbers; EMG_EARG: columns or a rate that do not fit; EMG_ENOMEM, EMG_EIO. */
emg_status emgp_layout_find(emgp_layout *out, emg_recording *rec, emgp_lines *lines, emg_error *err);
void emgp_layout_free(emgp_layout *layout);

/* The numbers of a row: n_columns, and its time in seconds (NaN without one). EMG_EFORMAT with line, column and value. */
emg_status emgp_layout_row(const emgp_layout *layout, const emgp_cells *cells, uint64_t line, double *out,
                           double *time_s, emg_error *err);

/* ---- delimited.c: The reader: all rows are checked when it is opened, then read again as frames. ---- */

#endif
