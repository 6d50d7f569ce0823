/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables in Markdown, and the line of history of a whole run. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <emg/software.h>

#include "myogram.h"
#include "table.h"

static const double snrs[] = { 6, 9, 12, 15, 20, 26 };
static const char *const factors[] = { "drift", "ecg",    "pops",   "wander",  "all", "floor",
                                       "pairs", "fs1000", "fs5000", "fs10000", "bdf", "wav" };
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void put_value(FILE *file, double value, int decimals)
{
    if (isfinite(value))
        fprintf(file, " %.*f |", decimals, value);
    else
        fputs(" n/a |", file);
}

static void put_f1(FILE *file, const exam_row *row)
{
    if (!row)
        fputs(" |", file);
    else if (isfinite(row->value[EXAM_F1_LOW]))
        fprintf(file, " %.3f (%.3f-%.3f) |", row->value[EXAM_F1], row->value[EXAM_F1_LOW], row->value[EXAM_F1_HIGH]);
    else
        put_value(file, row->value[EXAM_F1], 3);
}

static bool has(const exam_table *t, exam_split split, exam_part part)
{
    size_t at = 0;
    return exam_table_next(t, &at, split, part) != NULL;
}

static void put_rule(FILE *file, size_t n)
{
    fputs("|---|", file);
    for (size_t i = 0; i < n; i++)
        fputs("---|", file);
    fputc('\n', file);
}

static void put_by_snr(const exam_table *t, exam_split split, const char *extra, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_DETECTION, names);
    fprintf(file, "\nF1 at 40 a minute, %s, by peak-SNR (95 %% interval over records):\n\n| detector |", extra);
    for (size_t k = 0; k < COUNT(snrs); k++)
        fprintf(file, " %.0f dB |", snrs[k]);
    fputc('\n', file);
    put_rule(file, COUNT(snrs));
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "| %s |", names[i]);
        for (size_t k = 0; k < COUNT(snrs); k++) {
            char cell[64];
            snprintf(cell, sizeof cell, "snr%02.0f_rate040_%s", snrs[k], extra);
            put_f1(file, exam_table_find(t, split, cell, names[i]));
        }
        fputc('\n', file);
    }
}

static void put_by_rate(const exam_table *t, exam_split split, FILE *file)
{
    static const double rates[] = { 2, 10, 40, 80, 150 };
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_DETECTION, names);
    fputs("\nF1 at 12 dB, plain, by discharges a minute:\n\n| detector |", file);
    for (size_t k = 0; k < COUNT(rates); k++)
        fprintf(file, " %.0f |", rates[k]);
    fputc('\n', file);
    put_rule(file, COUNT(rates));
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "| %s |", names[i]);
        for (size_t k = 0; k < COUNT(rates); k++) {
            char cell[64];
            snprintf(cell, sizeof cell, "snr12_rate%03.0f_plain", rates[k]);
            put_f1(file, exam_table_find(t, split, cell, names[i]));
        }
        fputc('\n', file);
    }
}

static void put_by_factor(const exam_table *t, exam_split split, double snr_db, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_DETECTION, names);
    fprintf(file, "\nF1 at %.0f dB and 40 a minute, each factor alone:\n\n| detector |", snr_db);
    for (size_t k = 0; k < COUNT(factors); k++)
        fprintf(file, " %s |", factors[k]);
    fputc('\n', file);
    put_rule(file, COUNT(factors));
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "| %s |", names[i]);
        for (size_t k = 0; k < COUNT(factors); k++) {
            char cell[64];
            snprintf(cell, sizeof cell, "snr%02.0f_%s", snr_db, factors[k]);
            const exam_row *row = exam_table_find(t, split, cell, names[i]);
            put_value(file, row ? row->value[EXAM_F1] : NAN, 3);
        }
        fputc('\n', file);
    }
}

static void put_errors(const exam_table *t, exam_split split, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_DETECTION, names);
    fputs(
        "\nAt 12 dB, 40 a minute, plain:\n\n| detector | precision | recall | bias, ms | SD, ms | rate error | false a "
        "minute |\n|---|---|---|---|---|---|---|\n",
        file);
    for (size_t i = 0; i < n; i++) {
        const exam_row *row = exam_table_find(t, split, "snr12_rate040_plain", names[i]);
        if (!row)
            continue;
        fprintf(file, "| %s |", names[i]);
        put_value(file, row->value[EXAM_PRECISION], 3);
        put_value(file, row->value[EXAM_RECALL], 3);
        put_value(file, row->value[EXAM_BIAS_MS], 2);
        put_value(file, row->value[EXAM_SD_MS], 2);
        put_value(file, row->value[EXAM_RATE_ERROR], 3);
        put_value(file, (row->value[EXAM_N_FOUND] - row->value[EXAM_N_MATCHED]) / EXAM_RECORDS, 2);
        fputc('\n', file);
    }
}

static void put_rhythm(const exam_table *t, exam_split split, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_RHYTHM, names);
    fputs(
        "\nOne class a record; SNR of 10 dB or more, 6 beats or more. Indeterminate and nothing count as wrong.\n\n"
        "| rule | records | macro-F1 | accuracy | coverage | right of the claimed | ECE | clonus: error, Hz | ICC of Hz | "
        "ICC of s |\n|---|---|---|---|---|---|---|---|---|---|\n",
        file);
    for (size_t i = 0; i < n; i++) {
        exam_rhythm_figures f = exam_table_rhythm(t, split, names[i], 10, 6);
        fprintf(file, "| %s | %zu |", names[i], f.n_records);
        const double values[] = { f.macro_f1,          f.accuracy,        f.coverage,      f.selective_accuracy,
                                  f.calibration_error, f.clonus_hz_error, f.clonus_hz_icc, f.clonus_s_icc };
        for (size_t k = 0; k < COUNT(values); k++)
            put_value(file, values[k], 3);
        fputc('\n', file);
    }
    fputs(
        "\nMacro-F1 by SNR (6 beats or more):\n\n| rule | 3 dB and up | 6 | 10 | 15 | 20 |\n|---|---|---|---|---|---|\n",
        file);
    for (size_t i = 0; i < n; i++) {
        static const double least[] = { 3, 6, 10, 15, 20 };
        fprintf(file, "| %s |", names[i]);
        for (size_t k = 0; k < COUNT(least); k++)
            put_value(file, exam_table_rhythm(t, split, names[i], least[k], 6).macro_f1, 3);
        fputc('\n', file);
    }
}

static const char *label(size_t c)
{
    return c == EMG_UNCLASSIFIED ? "none" : emg_class_name((emg_class)c);
}

static void put_confusion(const exam_table *t, exam_split split, FILE *file)
{
    exam_rhythm_figures f = exam_table_rhythm(t, split, "myogram", 10, 6);
    fputs("\nWhat myogram calls each class (rows: true), 10 dB or more, 6 beats or more:\n\n| true |", file);
    for (size_t c = 0; c < EMG_N_CLASSES; c++)
        fprintf(file, " %s |", label(c));
    fputc('\n', file);
    put_rule(file, EMG_N_CLASSES);
    for (size_t r = 0; r < EMG_N_CLASSES; r++) {
        size_t sum = 0;
        for (size_t c = 0; c < EMG_N_CLASSES; c++)
            sum += f.n[r][c];
        if (sum == 0)
            continue;
        fprintf(file, "| %s |", label(r));
        for (size_t c = 0; c < EMG_N_CLASSES; c++)
            fprintf(file, " %zu |", f.n[r][c]);
        fputc('\n', file);
    }
}

static void put_quiet(const exam_table *t, exam_split split, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_QUIET, names);
    fputs(
        "\nFalse single events a minute where there are none (and for myogram false rhythms an hour):\n\n| detector | noise "
        "| with mains | with ECG | voluntary | regular units |\n|---|---|---|---|---|---|\n",
        file);
    static const char *const cells[] = { "noise", "noise_mains", "noise_ecg", "voluntary", "regular_units" };
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "| %s |", names[i]);
        for (size_t k = 0; k < COUNT(cells); k++) {
            const exam_row *row = exam_table_find(t, split, cells[k], names[i]);
            if (row && strcmp(names[i], "myogram") == 0)
                fprintf(file, " %.2f (%.1f) |", row->value[EXAM_FALSE_SINGLE], row->value[EXAM_FALSE_RHYTHM]);
            else
                put_value(file, row ? row->value[EXAM_FALSE_SINGLE] : NAN, 2);
        }
        fputc('\n', file);
    }
}

bool exam_tell_markdown(const exam_table *t, FILE *file)
{
    fputs("<!-- Written by `exam tell --table`; never by hand. -->\n# Results of the examination\n\nSimulated "
          "recordings, all of them: nothing here is clinical performance.\n",
          file);
    for (int i = EXAM_N_SPLITS - 1; i >= 0; i--) {
        exam_split split = (exam_split)i;
        bool any = has(t, split, EXAM_DETECTION) || has(t, split, EXAM_RHYTHM) || has(t, split, EXAM_QUIET);
        if (any)
            fprintf(file, "\n## %s ground (fingerprint %016llx)\n", exam_split_name(split),
                    (unsigned long long)exam_fingerprint(split));
        if (has(t, split, EXAM_DETECTION)) {
            fputs("\n### Single discharges\n", file);
            put_by_snr(t, split, "plain", file);
            put_by_snr(t, split, "mains", file);
            put_by_rate(t, split, file);
            put_by_factor(t, split, 12, file);
            put_by_factor(t, split, 15, file);
            put_errors(t, split, file);
        }
        if (has(t, split, EXAM_RHYTHM)) {
            fputs("\n### Rhythm\n", file);
            put_rhythm(t, split, file);
            put_confusion(t, split, file);
        }
        if (has(t, split, EXAM_QUIET)) {
            fputs("\n### Nothing to be found\n", file);
            put_quiet(t, split, file);
        }
    }
    return !ferror(file);
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

/* split, ground, library, settings, then F1 at 9, 12, 15 and 20 dB, macro-F1, false a minute in noise. No date. */
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
        fprintf(file, "%s\t%016llx\t%s\t%016llx\t%zu", exam_split_name((exam_split)split),
                (unsigned long long)exam_fingerprint((exam_split)split), version, exam_settings_fingerprint(),
                (size_t)EXAM_RECORDS);
        for (size_t k = 1; k <= 4; k++) {
            char cell[64];
            snprintf(cell, sizeof cell, "snr%02.0f_rate040_plain", snrs[k]);
            const exam_row *row = exam_table_find(t, (exam_split)split, cell, "myogram");
            fprintf(file, "\t%.4f", row ? row->value[EXAM_F1] : NAN);
        }
        const exam_row *noise = exam_table_find(t, (exam_split)split, "noise", "myogram");
        fprintf(file, "\t%.4f\t%.4f\n", exam_table_rhythm(t, (exam_split)split, "myogram", 10, 6).macro_f1,
                noise ? noise->value[EXAM_FALSE_SINGLE] : NAN);
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
