/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cell files into rows. */
#include "tell/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CELLS = 1024 };

void exam_table_free(exam_table *table)
{
    free(table->row);
    free(table->cells);
    *table = (exam_table){ 0 };
}

static bool list_cells(exam_table *t)
{
    t->cells = calloc(MOST_CELLS, sizeof *t->cells);
    for (int part = 0; t->cells && part < EXAM_N_PARTS; part++)
        for (size_t i = 0; t->n_cells < MOST_CELLS && exam_cell_at((exam_part)part, i, &t->cells[t->n_cells]); i++)
            t->n_cells++;
    return t->cells != NULL;
}

static double number(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return end > text ? value : NAN;
}

/* Cuts a line at its tabs; returns the number of cells. */
static size_t cut(char *line, char *cell[32])
{
    size_t n = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *at = line; at && n < 32; n++) {
        cell[n] = at;
        at = strchr(at, '\t');
        if (at)
            *at++ = '\0';
    }
    return n;
}

static bool add_row(exam_table *t, exam_split split, const exam_cell *cell, char *line)
{
    char *text[32];
    static const size_t first_number[EXAM_N_PARTS] = { 2, 8, 2, 3 };
    size_t n = cut(line, text), first = first_number[cell->part];
    if (t->n == t->room) {
        size_t room = t->room ? 2 * t->room : 4096;
        exam_row *grown = realloc(t->row, room * sizeof *grown);
        if (!grown)
            return false;
        t->row = grown;
        t->room = room;
    }
    exam_row *row = &t->row[t->n++];
    *row = (exam_row){ .split = split, .part = cell->part, .cell = cell };
    if (n < first)
        return false;
    snprintf(row->detector, sizeof row->detector, "%s", text[1]);
    if (cell->part == EXAM_RHYTHM) {
        snprintf(row->truth, sizeof row->truth, "%s", text[6]);
        snprintf(row->found, sizeof row->found, "%s", text[7]);
        while (row->told < EXAM_UNTOLD && strcmp(text[4], exam_told_name(row->told)) != 0)
            row->told++;
        while (row->context < EXAM_SECOND && strcmp(text[5], exam_context_name(row->context)) != 0)
            row->context++;
    } else if (cell->part == EXAM_ROWS) {
        snprintf(row->word, sizeof row->word, "%s", text[2]);
    }
    for (size_t i = 0; i < 16; i++)
        row->value[i] = first + i < n ? number(text[first + i]) : NAN;
    return true;
}

static bool read_cell(exam_table *t, const exam_job *job, const exam_cell *cell)
{
    const exam_split split = job->split;
    char path[EXAM_PATH], line[1024];
    snprintf(path, sizeof path, "%s/%s/%s/%s.tsv", job->folder, exam_split_name(split), exam_part_name(cell->part),
             cell->name);
    FILE *file = fopen(path, "r");
    bool good = true;
    if (!file)
        return true; /* not run */
    const exam_job own = exam_job_of(job, cell);
    if (exam_results_done(&own, cell->part, path))
        t->n_sound[split]++;
    else
        t->n_other[split]++;
    for (size_t i = 0; good && fgets(line, sizeof line, file); i++)
        if (i >= 2)
            good = add_row(t, split, cell, line);
    fclose(file);
    if (!good)
        fprintf(stderr, "exam: %s is no table of results\n", path);
    return good;
}

bool exam_table_read(exam_table *out, const exam_job *job)
{
    *out = (exam_table){ 0 };
    if (!list_cells(out))
        return false;
    for (int split = 0; split < EXAM_N_SPLITS; split++) {
        exam_job of = *job;
        of.split = (exam_split)split;
        exam_job_identify(&of);
        for (size_t i = 0; i < out->n_cells; i++)
            if (!read_cell(out, &of, &out->cells[i]))
                return false;
        if (out->n_other[split] > 0)
            fprintf(stderr, "exam: %s: %zu cells are of another program, settings, tuning or number of records\n",
                    exam_split_name(of.split), out->n_other[split]);
    }
    if (out->n == 0)
        fprintf(stderr, "exam: no results in %s\n", job->folder);
    return out->n > 0;
}

const exam_row *exam_table_next(const exam_table *t, size_t *at, exam_split split, exam_part part)
{
    for (; *at < t->n; ++*at)
        if (t->row[*at].split == split && t->row[*at].part == part)
            return &t->row[(*at)++];
    return NULL;
}

const exam_row *exam_table_find(const exam_table *t, exam_split split, const char *cell, const char *detector)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->row[i].split == split && strcmp(t->row[i].cell->name, cell) == 0 &&
            strcmp(t->row[i].detector, detector) == 0)
            return &t->row[i];
    return NULL;
}

const exam_row *exam_table_find_word(const exam_table *t, exam_split split, const char *cell, const char *detector,
                                     const char *word)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->row[i].split == split && strcmp(t->row[i].word, word) == 0 && strcmp(t->row[i].cell->name, cell) == 0 &&
            strcmp(t->row[i].detector, detector) == 0)
            return &t->row[i];
    return NULL;
}

size_t exam_table_detectors(const exam_table *t, exam_part part, const char *names[24])
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        bool known = t->row[i].part != part;
        for (size_t k = 0; k < n && !known; k++)
            known = strcmp(names[k], t->row[i].detector) == 0;
        if (!known && n < 24)
            names[n++] = t->row[i].detector;
    }
    return n;
}
