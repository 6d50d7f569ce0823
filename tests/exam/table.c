/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cell files into rows, and figures over rows. */
#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tuned.h"

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
    size_t n = cut(line, text), first = cell->part == EXAM_RHYTHM ? 5 : 2;
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
        snprintf(row->truth, sizeof row->truth, "%s", text[3]);
        snprintf(row->found, sizeof row->found, "%s", text[4]);
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
    if (exam_results_done(&own, path))
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
        of.identity = exam_identity(job, of.split);
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

static size_t class_number(const char *word)
{
    for (size_t c = 0; c < EMG_UNCLASSIFIED; c++)
        if (strcmp(word, emg_class_name((emg_class)c)) == 0)
            return c;
    return EMG_UNCLASSIFIED;
}

/* Sums for ICC(2,1) of two raters (Shrout and Fleiss 1979). */
typedef struct pairs {
    double n, sum, sum_squares, difference, difference_squares;
} pairs;

static void add_pair(pairs *p, double truth, double found)
{
    if (!isfinite(truth) || !isfinite(found))
        return;
    double sum = truth + found, difference = found - truth;
    p->n++;
    p->sum += sum;
    p->sum_squares += sum * sum;
    p->difference += difference;
    p->difference_squares += difference * difference;
}

static double icc(const pairs *p)
{
    if (p->n < 3)
        return NAN;
    double between = (p->sum_squares - p->sum * p->sum / p->n) / (p->n - 1) / 2;
    double rest = (p->difference_squares - p->difference * p->difference / p->n) / (p->n - 1) / 2;
    double raters = p->difference * p->difference / p->n / 2;
    return (between - rest) / (between + rest + 2 * (raters - rest) / p->n);
}

/* Ten bins of confidence: what was claimed and what was right. */
typedef struct claims {
    double n[10], confidence[10], right[10];
} claims;

static double expected_error(const claims *c)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < 10; i++) {
        sum += fabs(c->right[i] - c->confidence[i]);
        n += c->n[i];
    }
    return n > 0 ? sum / n : NAN;
}

typedef struct adding {
    exam_rhythm_figures *out;
    claims claims;
    pairs hz, seconds;
    double right, claimed, claimed_right, hz_error;
} adding;

static void add_verdict(adding *a, const exam_row *row)
{
    size_t truth = class_number(row->truth), found = class_number(row->found);
    double confidence = row->value[EXAM_CONFIDENCE];
    bool right = truth == found, claimed = found != EMG_INDETERMINATE && found != EMG_UNCLASSIFIED;
    a->out->n[truth][found]++;
    a->out->n_records++;
    a->right += right;
    a->claimed += claimed;
    a->claimed_right += claimed && right;
    if (claimed && isfinite(confidence)) {
        size_t bin = (size_t)fmin(fmax(confidence * 10, 0), 9);
        a->claims.n[bin]++;
        a->claims.confidence[bin] += confidence;
        a->claims.right[bin] += right;
    }
    if (right && truth == EMG_CLONUS) {
        add_pair(&a->hz, row->value[EXAM_TRUE_HZ], row->value[EXAM_FOUND_HZ]);
        add_pair(&a->seconds, row->value[EXAM_TRUE_S], row->value[EXAM_FOUND_S]);
        if (isfinite(row->value[EXAM_FOUND_HZ]))
            a->hz_error += fabs(row->value[EXAM_FOUND_HZ] - row->value[EXAM_TRUE_HZ]);
    }
}

exam_rhythm_figures exam_table_rhythm(const exam_table *t, exam_split split, const char *detector, double least_snr,
                                      size_t least_beats)
{
    exam_rhythm_figures f;
    memset(&f, 0, sizeof f);
    adding a = { .out = &f };
    const exam_row *row;
    for (size_t at = 0; (row = exam_table_next(t, &at, split, EXAM_RHYTHM));)
        if (strcmp(row->detector, detector) == 0 && row->cell->snr_db >= least_snr &&
            (row->cell->beats == 0 || row->cell->beats >= least_beats))
            add_verdict(&a, row);
    size_t n[EMG_N_CLASSES][EMG_N_CLASSES];
    for (size_t r = 0; r < EMG_N_CLASSES; r++)
        for (size_t c = 0; c < EMG_N_CLASSES; c++)
            n[r][c] = f.n[r][c];
    double records = (double)f.n_records;
    f.macro_f1 = exam_macro_f1(n);
    f.accuracy = a.right / records;
    f.coverage = a.claimed / records;
    f.selective_accuracy = a.claimed_right / a.claimed;
    f.calibration_error = expected_error(&a.claims);
    f.clonus_hz_error = a.hz_error / a.hz.n;
    f.clonus_hz_icc = icc(&a.hz);
    f.clonus_s_icc = icc(&a.seconds);
    return f;
}
