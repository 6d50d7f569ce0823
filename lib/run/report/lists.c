/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of inputs: one a line, with what holds for that one alone. */
#include "run/report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

/* Cells of a line, separated by tabs; all but the first may be missing or "n/a". */
enum { PATH, MUSCLES, MARKS, RANGE, CELLS, SHOWN = 120 };
static const char first_cell[] = "path"; /* of a header line */

typedef struct list {
    emgp_samples *samples;
    const char *name; /* for sentences */
    size_t n_lines;
    emg_error *err;
} list;

static emg_status refuse(const list *l, const char *what)
{
    char shown[SHOWN];
    emgp_text_printable_string(shown, sizeof shown, l->name);
    return emgp_fail(l->err, EMG_EARG, "%s: line %zu: %s", shown, l->n_lines, what);
}

/* Seconds, mm:ss or hh:mm:ss. */
static bool read_time(const char *text, size_t n, double *out)
{
    double sum = 0, part;
    for (size_t from = 0, parts = 0;; parts++) {
        size_t end = from;
        while (end < n && text[end] != ':')
            end++;
        if (parts == 3 || !emgp_number_parse(text + from, end - from, &part) || part < 0)
            return false;
        sum = 60 * sum + part;
        if (end == n)
            break;
        from = end + 1;
    }
    *out = sum;
    return true;
}

/* FROM-TO, each of which may be missing. */
static bool read_range(const char *text, size_t n, emgp_sample *sample)
{
    const char *dash = memchr(text, '-', n);
    size_t k = dash ? (size_t)(dash - text) : n;
    if (!dash || n == 1)
        return false;
    sample->from_s = 0;
    sample->to_s = INFINITY;
    sample->has_range = (k == 0 || read_time(text, k, &sample->from_s)) &&
                        (k + 1 == n || read_time(dash + 1, n - k - 1, &sample->to_s)) && sample->from_s < sample->to_s;
    return sample->has_range;
}

static emg_status add(emgp_samples *samples, const char *path, size_t n, emg_error *err)
{
    void *all = samples->list;
    if (!emgp_reserve(&all, &samples->room, samples->n, samples->n + 1, sizeof *samples->list))
        return emgp_fail_memory(err);
    samples->list = all;
    emgp_sample *sample = &samples->list[samples->n++];
    *sample = (emgp_sample){ .path = emgp_copy_text(path, n) };
    return sample->path ? EMG_OK : emgp_fail_memory(err);
}

static bool is_given(const char *cell, size_t n)
{
    return n > 0 && !(n == 3 && memcmp(cell, "n/a", n) == 0);
}

static emg_status take_cells(list *l, const char *const cell[CELLS], const size_t n[CELLS])
{
    emg_status status = add(l->samples, cell[PATH], n[PATH], l->err);
    emgp_sample *sample = status ? NULL : &l->samples->list[l->samples->n - 1];
    bool muscles = is_given(cell[MUSCLES], n[MUSCLES]), marks = is_given(cell[MARKS], n[MARKS]);
    if (status == EMG_OK && ((muscles && !(sample->muscles = emgp_copy_text(cell[MUSCLES], n[MUSCLES]))) ||
                             (marks && !(sample->marks = emgp_copy_text(cell[MARKS], n[MARKS])))))
        status = emgp_fail_memory(l->err);
    if (status == EMG_OK && is_given(cell[RANGE], n[RANGE]) && !read_range(cell[RANGE], n[RANGE], sample))
        status = refuse(l, "the fourth cell is no time range FROM-TO (seconds or hh:mm:ss)");
    return status;
}

/* Empty lines, and those that begin with '#', say nothing. */
static emg_status take_line(list *l, const char *line, size_t n)
{
    const char *cell[CELLS] = { line, line, line, line };
    size_t length[CELLS] = { 0 }, k = 0;
    l->n_lines++;
    n -= n > 0 && line[n - 1] == '\r';
    if (n == 0 || line[0] == '#' || memchr(line, '\0', n))
        return n == 0 || line[0] == '#' ? EMG_OK : refuse(l, "holds a NUL byte: no list of paths");
    for (size_t from = 0, i = 0; i <= n; i++) {
        if (i < n && line[i] != '\t')
            continue;
        if (k == CELLS)
            return refuse(l, "more than four cells: path, table of muscles, marks, time range");
        cell[k] = line + from;
        length[k++] = i - from;
        from = i + 1;
    }
    bool header = l->n_lines == 1 && length[PATH] == sizeof first_cell - 1 &&
                  memcmp(cell[PATH], first_cell, sizeof first_cell - 1) == 0;
    if (header)
        return EMG_OK;
    return length[PATH] > 0 ? take_cells(l, cell, length) : refuse(l, "has no path");
}

static emg_status take_lines(list *l, const char *text, size_t n)
{
    emg_status status = EMG_OK;
    const size_t mark = n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* of a text's byte order */
    for (size_t from = mark; status == EMG_OK && from < n;) {
        const char *end = memchr(text + from, '\n', n - from);
        size_t length = end ? (size_t)(end - text) - from : n - from;
        status = take_line(l, text + from, length);
        from += length + 1;
    }
    return status;
}

static emg_status read_file(list *l, int fd)
{
    char piece[4096];
    emgp_collected text = { .n = 0 };
    emg_status status = EMG_OK;
    ssize_t got = 1;
    while (status == EMG_OK && got != 0) {
        got = read(fd, piece, sizeof piece);
        if (got > 0)
            status = emgp_collect(&text, piece, (size_t)got, l->err);
        else if (got < 0 && errno != EINTR)
            status = emgp_fail(l->err, EMG_EARG, "%.160s: the list cannot be read: %s", l->name, strerror(errno));
    }
    if (status == EMG_OK)
        status = take_lines(l, text.bytes, text.n);
    emgp_free(text.bytes);
    return status;
}

emg_status emgp_samples_read(emgp_samples *samples, const char *argument, emg_error *err)
{
    if (argument[0] != '@')
        return add(samples, argument, strlen(argument), err);
    bool standard = strcmp(argument, "@-") == 0;
    list l = { .samples = samples, .name = standard ? "standard input" : argument + 1, .err = err };
    int fd = standard ? STDIN_FILENO : open(argument + 1, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return emgp_fail(err, EMG_EARG, "%.160s: the list cannot be read: %s", l.name, strerror(errno));
    emg_status status = read_file(&l, fd);
    if (!standard)
        (void)close(fd);
    return status;
}

void emgp_samples_free(emgp_samples *samples)
{
    for (size_t i = 0; i < samples->n; i++) {
        emgp_free(samples->list[i].path);
        emgp_free(samples->list[i].muscles);
        emgp_free(samples->list[i].marks);
    }
    emgp_free(samples->list);
    *samples = (emgp_samples){ .n = 0 };
}
