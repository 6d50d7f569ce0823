/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures by name, the line of history of a whole run, and what is written where. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <emg/software.h>

#include "methods/myogram.h"
#include "tell/table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
static const double snrs[] = { 9, 12, 15, 20 }; /* of the line of history */

static void put(FILE *file, exam_split split, const char *detector, const char *name, double value)
{
    if (isfinite(value))
        fprintf(file, "%s.%s.%s\t%.4f\n", exam_split_name(split), detector, name, value);
}

/* F1 of every detection cell, precision and recall of those that promises name. */
static void put_detection(const exam_table *t, exam_split split, FILE *file)
{
    const exam_row *row;
    for (size_t at = 0; (row = exam_table_next(t, &at, split, EXAM_DETECTION));) {
        char name[128];
        snprintf(name, sizeof name, "f1.%s", row->cell->name);
        put(file, split, row->detector, name, row->value[EXAM_F1]);
        snprintf(name, sizeof name, "f1_low.%s", row->cell->name);
        put(file, split, row->detector, name, row->value[EXAM_F1_LOW]);
        snprintf(name, sizeof name, "precision.%s", row->cell->name);
        put(file, split, row->detector, name, row->value[EXAM_PRECISION]);
        snprintf(name, sizeof name, "recall.%s", row->cell->name);
        put(file, split, row->detector, name, row->value[EXAM_RECALL]);
    }
}

static void put_rhythm(const exam_table *t, exam_split split, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_RHYTHM, names);
    for (size_t i = 0; i < n; i++) {
        exam_rhythm_figures f = exam_table_rhythm(t, split, names[i], 10, 6);
        if (f.n_told == 0)
            continue;
        put(file, split, names[i], "rhythm.macro_f1", f.macro_f1);
        put(file, split, names[i], "rhythm.accuracy", f.accuracy);
        put(file, split, names[i], "rhythm.alone", f.alone);
        put(file, split, names[i], "rhythm.with_context", f.with_context);
        put(file, split, names[i], "rhythm.hinted_right", f.hinted_right);
        put(file, split, names[i], "rhythm.untold_right", f.untold_right);
        put(file, split, names[i], "rhythm.untold_claimed", f.untold_claimed);
        put(file, split, names[i], "rhythm.calibration_error", f.calibration_error);
        put(file, split, names[i], "rhythm.icc_hz", f.hz_icc);
        put(file, split, names[i], "rhythm.icc_s", f.s_icc);
    }
}

static void put_quiet(const exam_table *t, exam_split split, FILE *file)
{
    static const char *const names[] = { "single_per_min", "rhythm_per_hour", "sustained_per_min" };
    const exam_row *row;
    for (size_t at = 0; (row = exam_table_next(t, &at, split, EXAM_QUIET));)
        for (size_t k = 0; k < COUNT(names); k++) {
            char name[128];
            snprintf(name, sizeof name, "quiet.%s.%s", row->cell->name, names[k]);
            put(file, split, row->detector, name, row->value[EXAM_FALSE_SINGLE + k]);
        }
}

static void put_rows(const exam_table *t, exam_split split, FILE *file)
{
    const exam_row *row;
    for (size_t at = 0; (row = exam_table_next(t, &at, split, EXAM_ROWS));) {
        char name[128];
        snprintf(name, sizeof name, "rows.%s.%s.f1", row->cell->name, row->word);
        put(file, split, row->detector, name, row->value[EXAM_ROWS_F1]);
        snprintf(name, sizeof name, "rows.%s.%s.onset_sd_ms", row->cell->name, row->word);
        put(file, split, row->detector, name, row->value[EXAM_ROWS_SD_MS]);
        snprintf(name, sizeof name, "rows.%s.%s.calibration_error", row->cell->name, row->word);
        put(file, split, row->detector, name, row->value[EXAM_ROWS_CALIBRATION]);
    }
}

bool exam_tell_figures(const exam_table *t, FILE *file)
{
    for (int split = 0; split < EXAM_N_SPLITS; split++) {
        put_detection(t, (exam_split)split, file);
        put_rhythm(t, (exam_split)split, file);
        put_quiet(t, (exam_split)split, file);
        put_rows(t, (exam_split)split, file);
    }
    return !ferror(file);
}

bool exam_show_figures(const exam_job *job)
{
    exam_table t;
    bool good = exam_table_read(&t, job) && exam_tell_figures(&t, stdout);
    exam_table_free(&t);
    return good;
}

/* Whether every result is of this program and job, and every split that history tells of is whole. */
static bool may_be_published(const exam_table *t)
{
    for (int split = 0; split < EXAM_N_SPLITS; split++) {
        bool whole = t->n_sound[split] == t->n_cells || t->n_sound[split] == 0 || split < EXAM_LOCKED;
        if (t->n_other[split] == 0 && whole)
            continue;
        fprintf(stderr,
                "exam: %s: %zu of %zu cells are of this program and tuning: run it whole before history is told\n",
                exam_split_name((exam_split)split), t->n_sound[split], t->n_cells);
        return false;
    }
    return true;
}

static bool has(const exam_table *t, exam_split split, exam_part part)
{
    size_t at = 0;
    return exam_table_next(t, &at, split, part) != NULL;
}

/* split, ground, library, settings, records, then F1 at 9, 12, 15 and 20 dB, macro-F1, false a minute in noise, macro-F1 of mixed
 * rows. No date. */
static bool add_history(const exam_table *t, const char *path)
{
    const char *name, *version = "";
    FILE *file = may_be_published(t) ? fopen(path, "a") : NULL;
    if (!file)
        return false;
    (void)emg_report_software(0, &name, &version);
    for (int split = EXAM_LOCKED; split <= EXAM_SHIFTED; split++) {
        if (!has(t, (exam_split)split, EXAM_DETECTION) || !has(t, (exam_split)split, EXAM_RHYTHM))
            continue;
        exam_cell usual;
        (void)exam_cell_find("snr12_rate040_plain", &usual);
        fprintf(file, "%s\t%016llx\t%s\t%016llx\t%zu", exam_split_name((exam_split)split),
                (unsigned long long)exam_fingerprint((exam_split)split), version, exam_settings_fingerprint(),
                exam_records(&usual));
        for (size_t k = 0; k < COUNT(snrs); k++) {
            char cell[64];
            snprintf(cell, sizeof cell, "snr%02.0f_rate040_plain", snrs[k]);
            const exam_row *row = exam_table_find(t, (exam_split)split, cell, "myogram");
            fprintf(file, "\t%.4f", row ? row->value[EXAM_F1] : NAN);
        }
        const exam_row *mixed = exam_table_find_word(t, (exam_split)split, "mixed", "myogram", "macro");
        const exam_row *noise = exam_table_find(t, (exam_split)split, "noise", "myogram");
        fprintf(file, "\t%.4f\t%.4f\t%.4f\n", exam_table_rhythm(t, (exam_split)split, "myogram", 10, 6).macro_f1,
                noise ? noise->value[EXAM_FALSE_SINGLE] : NAN, mixed ? mixed->value[EXAM_ROWS_F1] : NAN);
    }
    return fclose(file) == 0;
}

static bool write_to(const exam_table *t, const char *path, bool (*tell)(const exam_table *t, FILE *file))
{
    FILE *file = fopen(path, "w");
    bool good = file && tell(t, file);
    if (file)
        good = fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "exam: %s: %s\n", path, strerror(errno));
    return good;
}

bool exam_tell(const exam_job *job, const char *table_path, const char *page_path, const char *history_path)
{
    exam_table t;
    bool good = exam_table_read(&t, job);
    if (good && !table_path && !page_path)
        good = exam_tell_markdown(&t, stdout);
    if (good && table_path)
        good = write_to(&t, table_path, exam_tell_markdown);
    if (good && page_path)
        good = write_to(&t, page_path, exam_tell_page);
    if (good && history_path)
        good = add_history(&t, history_path);
    exam_table_free(&t);
    return good;
}
