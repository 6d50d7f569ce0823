/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the first lines of a table say: where rows of numbers begin, what separates them, which column is the time. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"
#include "reading/channels/channels.h"
#include "reading/delimited/delimited.h"

enum { MOST_HEADER_LINES = 1000, PROBED = 8 };

/* --- rows of numbers ----------------------------------------------------------------------------------------- */

/* The columns of one part of a list such as "2,4-6", which ends at n. False: no numbers. */
static bool read_range(const char *at, size_t n, int64_t *first, int64_t *last)
{
    size_t dash = strcspn(at, "-,");
    bool sound = emgp_integer_parse(at, dash, first);
    *last = *first;
    return sound && (dash >= n || emgp_integer_parse(at + dash + 1, n - dash - 1, last));
}

/* Whether such a list names a column, from 1. */
static bool is_listed(const char *list, size_t column)
{
    for (const char *at = list;; at++) {
        int64_t first = 0, last = 0, wanted = (int64_t)column;
        size_t n = strcspn(at, ",");
        if (read_range(at, n, &first, &last) && first <= wanted && wanted <= last)
            return true;
        at += n;
        if (!*at)
            return false;
    }
}

/* Whether all cells are numbers, or may be missing where one is there; with columns that are asked for, those. */
static bool all_numbers(const emgp_cells *cells, bool comma, const char *columns)
{
    size_t n_there = 0;
    for (size_t i = 0; i < cells->n; i++) {
        double x;
        if (columns && !is_listed(columns, i + 1))
            continue;
        if (!emgp_cell_number(cells->text[i], cells->length[i], comma, &x))
            return false;
        n_there += isnan(x) ? 0 : 1;
    }
    return n_there > 0 && !cells->more;
}

/* Finds a separator that makes the line numbers. */
static bool try_separators(emgp_layout *l, emgp_cells *cells, const char *line, size_t n, const char *columns)
{
    static const char separators[] = "\t;, ";
    for (const char *s = separators; *s; s++) {
        bool last = *s == ' ';
        if (!last && !memchr(line, *s, n))
            continue;
        l->separator = *s;
        l->comma = *s != ',' && memchr(line, ',', n);
        emgp_cells_cut(cells, line, n, *s);
        if (all_numbers(cells, l->comma, columns))
            return true;
    }
    return false;
}

/* --- columns ------------------------------------------------------------------------------------------------- */

/* Where a voltage stands behind a label without brackets: "TA, uV", "TA uV", "TA_mV"; n: nowhere. "V" alone may be a
 * number, and counts behind a comma only. */
static size_t find_plain_unit(const char *text, size_t n)
{
    double to_uv;
    size_t from = n;
    while (from > 0 && !strchr(" ,_", text[from - 1]))
        from--;
    size_t before = from;
    while (before > 0 && strchr(" ,_", text[before - 1]))
        before--;
    emgp_unit_read(text + from, n - from, &to_uv);
    bool comma = memchr(text + before, ',', from - before) != NULL;
    return before > 0 && to_uv > 0 && (n - from > 1 || comma) ? from : n;
}

/* "EMG TA (mV)" and "EMG TA [mV]": what stands in the brackets is the unit. */
static void split_label(const char *text, size_t n, char *label, size_t label_room, char *unit, size_t unit_room)
{
    size_t open = n;
    char closing = n > 0 ? text[n - 1] : '\0';
    *unit = '\0';
    if (closing == ')' || closing == ']')
        while (open > 0 && text[open - 1] != (closing == ')' ? '(' : '['))
            open--;
    if (open > 1 && open < n) {
        emgp_text_printable(unit, unit_room, text + open, n - 1 - open);
        n = open - 1;
    } else if ((open = find_plain_unit(text, n)) < n) {
        emgp_text_printable(unit, unit_room, text + open, n - open);
        n = open;
    }
    while (n > 0 && strchr(*unit ? " ,_" : " ", text[n - 1]))
        n--;
    emgp_text_printable(label, label_room, text, n);
}

/* Seconds of a unit of time; 0 when it is none. */
static double seconds_of(const char *unit)
{
    static const struct {
        const char *text;
        double seconds;
    } units[] = { { "s", 1 },     { "sec", 1 },     { "secs", 1 },     { "second", 1 },     { "seconds", 1 },
                  { "ms", 1e-3 }, { "msec", 1e-3 }, { "us", 1e-6 },    { "usec", 1e-6 },    { "\xC2\xB5s", 1e-6 },
                  { "min", 60 },  { "ns", 1e-9 },   { "minutes", 60 }, { "m\xC3\xADn", 60 } };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (emgp_text_same(unit, units[i].text))
            return units[i].seconds;
    return 0;
}

/* Whether a label is that of a column of time; its unit may be the label itself, or follow "time". */
static bool names_time(const char *label, const char *unit, double *seconds)
{
    static const char *const words[] = { "time",  "times", "t",         "zeit",       "temps", "tiempo",
                                         "tempo", "tijd",  "timestamp", "timestamps", "x" };
    emgp_words cut;
    emgp_words_cut(&cut, label);
    bool time = false;
    *seconds = *unit ? seconds_of(unit) : 1;
    for (size_t i = 0; cut.n > 0 && i < sizeof words / sizeof *words; i++)
        time = time || strcmp(cut.word[0], words[i]) == 0;
    if (time && cut.n > 1 && seconds_of(cut.word[cut.n - 1]) > 0)
        *seconds = seconds_of(cut.word[cut.n - 1]);
    if (!time && cut.n == 1 && seconds_of(label) > 0) {
        *seconds = seconds_of(label);
        return true;
    }
    return time && *seconds > 0;
}

/* Whether the first column of the first rows goes up evenly without being named anything. */
static bool is_even(const double *t, size_t n)
{
    if (n < 3)
        return false;
    double step = (t[n - 1] - t[0]) / (double)(n - 1);
    for (size_t i = 1; i < n; i++)
        if (!(fabs(t[i] - t[i - 1] - step) <= 0.01 * step))
            return false;
    return step > 0;
}

/* --- which columns are channels ------------------------------------------------------------------------------ */

static emg_status refuse_columns(const char *text, size_t n_cells, emg_error *err)
{
    char shown[80];
    emgp_text_printable_string(shown, sizeof shown, text);
    return emgp_fail(err, EMG_EARG, "columns '%s': give numbers from 1 to %zu joined by commas, such as 2,4-6", shown,
                     n_cells);
}

/* Marks the cells of a list such as "2,4-6". */
static emg_status choose(const char *list, size_t n_cells, bool *wanted, emg_error *err)
{
    for (const char *at = list;; at++) {
        int64_t first = 0, last = 0;
        size_t n = strcspn(at, ",");
        if (!read_range(at, n, &first, &last) || first < 1 || last < first || last > (int64_t)n_cells)
            return refuse_columns(list, n_cells, err);
        for (int64_t i = first; i <= last; i++)
            wanted[i - 1] = true;
        at += n;
        if (!*at)
            return EMG_OK;
    }
}

static emg_status make_columns(emgp_layout *l, const emg_reading *reading, const emgp_column *head, emg_error *err)
{
    bool *wanted = emgp_alloc(l->n_cells, sizeof *wanted);
    l->column = emgp_alloc(l->n_cells, sizeof *l->column);
    emg_status status = wanted && l->column ? EMG_OK : emgp_fail_memory(err);
    if (status == EMG_OK && reading->columns)
        status = choose(reading->columns, l->n_cells, wanted, err);
    for (size_t i = 0; status == EMG_OK && i < l->n_cells; i++) {
        bool channel = reading->columns ? wanted[i] : !(l->timed && i == l->time_cell);
        if (reading->columns && wanted[i] && l->timed && i == l->time_cell)
            l->timed = false; /* the user takes it for a signal */
        if (!channel)
            continue;
        l->column[l->n_columns] = head[i];
        l->column[l->n_columns++].cell = i;
    }
    emgp_free(wanted);
    if (status == EMG_OK && l->n_columns == 0)
        status = emgp_fail(err, EMG_EFORMAT, "the table has a column of time and no other: nothing is a signal");
    return status;
}

/* --- all together -------------------------------------------------------------------------------------------- */

/* What is kept of the lines before the rows. */
typedef struct probe {
    char *header; /* the line before the first row */
    size_t n_header;
    double first[PROBED]; /* the first cells of the first rows */
    size_t n_first;
} probe;

/* Whether some cells of a line are numbers and others are not: a row of a table with a column of text. */
static bool is_partly_numbers(emgp_cells *cells, const char *line, size_t n)
{
    for (const char *s = "\t;,"; *s; s++) {
        size_t n_numbers = 0;
        emgp_cells_cut(cells, line, n, *s);
        for (size_t i = 0; i < cells->n; i++) {
            double x;
            n_numbers += emgp_cell_number(cells->text[i], cells->length[i], *s != ',', &x) && !isnan(x);
        }
        if (n_numbers > 0 && n_numbers < cells->n)
            return true;
    }
    return false;
}

static emg_status refuse_text(bool partly, emg_error *err)
{
    return emgp_fail(
        err, EMG_EFORMAT, "not a recording but a text without rows of numbers in its first %d lines%s",
        MOST_HEADER_LINES,
        partly ? "; where columns hold text or clock times, choose the others with --columns, such as --columns 2, and "
                 "give --rate"
               : "");
}

/* Reads up to the first row: the last line before it that is no comment may name the columns. */
static emg_status find_rows(emgp_layout *l, emgp_cells *cells, emgp_lines *lines, const char *columns, probe *p,
                            emg_error *err)
{
    bool partly = false;
    for (uint64_t i = 0; i < MOST_HEADER_LINES; i++) {
        char *line;
        size_t n;
        emg_status status = emgp_lines_next(lines, &line, &n, err);
        if (status != EMG_OK)
            return status;
        if (!line)
            break;
        if (emgp_line_is_comment(line, n))
            continue;
        if (try_separators(l, cells, line, n, columns)) {
            l->n_cells = cells->n;
            l->first_line = lines->number;
            p->first[0] = NAN;
            (void)emgp_cell_number(cells->text[0], cells->length[0], l->comma, &p->first[0]);
            p->n_first = 1;
            return EMG_OK;
        }
        partly = partly || is_partly_numbers(cells, line, n);
        emgp_free(p->header);
        p->n_header = n;
        p->header = emgp_copy_text(line, n);
        if (!p->header)
            return emgp_fail_memory(err);
    }
    return refuse_text(partly, err);
}

/* A few more rows, for what their first cells are. A row that cannot be read is refused later, with its line. */
static emg_status probe_rows(const emgp_layout *l, emgp_cells *cells, emgp_lines *lines, probe *p, emg_error *err)
{
    while (p->n_first < PROBED) {
        char *line;
        size_t n;
        emg_status status = emgp_lines_next(lines, &line, &n, err);
        if (status != EMG_OK || !line)
            return status;
        if (emgp_line_is_comment(line, n))
            continue;
        emgp_cells_cut(cells, line, n, l->separator);
        if (cells->n != l->n_cells ||
            !emgp_cell_number(cells->text[0], cells->length[0], l->comma, &p->first[p->n_first]))
            return EMG_OK;
        p->n_first++;
    }
    return EMG_OK;
}

/* Labels and units out of the header, where it has as many cells as a row. */
static void read_header(const emgp_layout *l, emgp_cells *cells, const probe *p, emgp_column *head)
{
    if (!p->header)
        return;
    emgp_cells_cut(cells, p->header, p->n_header, l->separator);
    for (size_t i = 0; cells->n == l->n_cells && i < l->n_cells; i++)
        split_label(cells->text[i], cells->length[i], head[i].label, sizeof head[i].label, head[i].unit,
                    sizeof head[i].unit);
}

/* "time,EMG" over "0,001,12,5": each cell is cut in two by its decimal comma. */
static emg_status check_commas(const emgp_layout *l, emgp_cells *cells, const probe *p, emg_error *err)
{
    if (!p->header || l->separator != ',')
        return EMG_OK;
    emgp_cells_cut(cells, p->header, p->n_header, l->separator);
    if (cells->n < 2 || 2 * cells->n != l->n_cells)
        return EMG_OK;
    return emgp_fail(
        err, EMG_EFORMAT,
        "line %llu: %zu cells under a header of %zu: decimal commas and commas between the cells cannot be "
        "told apart; write the table with semicolons or decimal points",
        (unsigned long long)l->first_line, l->n_cells, cells->n);
}

static void find_time(emgp_layout *l, const emg_reading *reading, const probe *p, const emgp_column *head)
{
    l->time_unit_s = 1;
    for (size_t i = 0; i < l->n_cells && !l->timed; i++) {
        l->timed = names_time(head[i].label, head[i].unit, &l->time_unit_s);
        l->time_cell = i;
    }
    if (l->timed || head[0].label[0] || l->n_cells < 2 || reading->columns)
        return;
    l->timed = is_even(p->first, p->n_first);
    l->time_cell = 0;
    l->time_unit_s = 1;
}

emg_status emgp_layout_find(emgp_layout *out, emg_recording *rec, emgp_lines *lines, emg_error *err)
{
    *out = (emgp_layout){ .n_cells = 0 };
    probe p = { .header = NULL };
    emgp_column *head = NULL;
    emgp_cells *cells = emgp_alloc(1, sizeof *cells);
    emg_status status = cells ? find_rows(out, cells, lines, rec->reading.columns, &p, err) : emgp_fail_memory(err);
    if (status == EMG_EFORMAT && rec->reading.columns) { /* perhaps the list is wrong, which is said then */
        emgp_lines_rewind(lines);
        status = find_rows(out, cells, lines, NULL, &p, err);
    }
    if (status == EMG_OK)
        status = probe_rows(out, cells, lines, &p, err);
    if (status == EMG_OK)
        status = check_commas(out, cells, &p, err);
    if (status == EMG_OK && !(head = emgp_alloc(out->n_cells, sizeof *head)))
        status = emgp_fail_memory(err);
    if (status == EMG_OK) {
        read_header(out, cells, &p, head);
        find_time(out, &rec->reading, &p, head);
        status = make_columns(out, &rec->reading, head, err);
    }
    emgp_free(head);
    emgp_free(p.header);
    emgp_free(cells);
    return status;
}

void emgp_layout_free(emgp_layout *layout)
{
    emgp_free(layout->column);
    *layout = (emgp_layout){ .n_cells = 0 };
}

static emg_status refuse_cell(const emgp_layout *l, const emgp_cells *cells, uint64_t line, size_t cell, bool time,
                              emg_error *err)
{
    char shown[40];
    emgp_text_printable(shown, sizeof shown, cells->text[cell], cells->length[cell] < 30 ? cells->length[cell] : 30);
    return emgp_fail(err, EMG_EFORMAT, "line %llu, column %zu: '%s' is no number (the decimal mark is a %s); %s",
                     (unsigned long long)line, cell + 1, shown, l->comma ? "comma" : "point",
                     time ? "the time must be one, unless the rate is given with --rate"
                          : "correct it, leave it blank for a gap, or choose other columns");
}

/* The number of a cell; one behind the line's last separator is missing. */
static bool number_at(const emgp_layout *l, const emgp_cells *cells, size_t cell, double *out)
{
    bool there = cell < cells->n;
    return emgp_cell_number(there ? cells->text[cell] : "", there ? cells->length[cell] : 0, l->comma, out);
}

emg_status emgp_layout_row(const emgp_layout *layout, const emgp_cells *cells, uint64_t line, double *out,
                           double *time_s, emg_error *err)
{
    *time_s = NAN;
    if (cells->n != layout->n_cells && !(cells->n + 1 == layout->n_cells && cells->open_end))
        return emgp_fail(err, EMG_EFORMAT, "line %llu: %zu cell%s, not %zu as in the first row; correct the row",
                         (unsigned long long)line, cells->n, cells->n == 1 ? "" : "s", layout->n_cells);
    for (size_t i = 0; i < layout->n_columns; i++) {
        size_t cell = layout->column[i].cell;
        if (!number_at(layout, cells, cell, &out[i]))
            return refuse_cell(layout, cells, line, cell, false, err);
    }
    size_t cell = layout->time_cell;
    if (layout->timed && !number_at(layout, cells, cell, time_s))
        return refuse_cell(layout, cells, line, cell, true, err);
    *time_s *= layout->time_unit_s;
    return EMG_OK;
}
