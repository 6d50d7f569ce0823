/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables in Markdown, and the line of history of a whole run. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <emg/software.h>

#include "methods/myogram.h"
#include "tell/table.h"

static const double snrs[] = { 6, 9, 12, 15, 20, 26 };
static const char *const factors[] = { "drift", "ecg",    "pops",   "wander",  "all", "pairs", "weakfloor",
                                       "floor", "fs1000", "fs5000", "fs10000", "bdf", "wav" };
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
    fprintf(file,
            "\nF1 at %.0f dB and 40 a minute, each factor alone (floor: impossible, see EXAM.md):\n\n| detector |",
            snr_db);
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
        put_value(file, row->value[EXAM_N_FOUND] / (double)exam_records(row->cell) * (1 - row->value[EXAM_PRECISION]),
                  2);
        fputc('\n', file);
    }
}

/* Discharges over a floor that does not hide them. */
static void put_weak_floor(const exam_table *t, exam_split split, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_DETECTION, names);
    fputs(
        "\nOver the floor x 0.35 at 20 dB, 40 a minute:\n\n| detector | precision | recall | F1 |\n|---|---|---|---|\n",
        file);
    for (size_t i = 0; i < n; i++) {
        const exam_row *row = exam_table_find(t, split, "snr20_weakfloor", names[i]);
        if (!row)
            continue;
        fprintf(file, "| %s |", names[i]);
        put_value(file, row->value[EXAM_PRECISION], 3);
        put_value(file, row->value[EXAM_RECALL], 3);
        put_value(file, row->value[EXAM_F1], 3);
        fputc('\n', file);
    }
}

static void put_rhythm(const exam_table *t, exam_split split, FILE *file)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_RHYTHM, names);
    fputs(
        "\nOne class a record; SNR of 10 dB or more, 6 beats or more. Records: told + hinted + untold (EXAM.md). Macro-F1, "
        "accuracy, coverage and right of the claimed: of the told; indeterminate and nothing count as wrong. Alone, with "
        "context: right of the told clonus, tremor, spasm and tonic, where the signal itself or marks, names and other "
        "muscles tell. Hinted: the class or the honest word. Untold: `rhythmic` or `tonic`; claimed: clonus, tremor or spasm "
        "all the same. ECE: of all. Hz, s: clonus and tremor found as clonus, tremor or rhythmic.\n\n"
        "| rule | records | macro-F1 | accuracy | coverage | right of the claimed | alone | with context | hinted: right | "
        "untold: right | claimed | ECE | error, Hz | ICC of Hz | ICC of s |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
        "---|---|\n",
        file);
    for (size_t i = 0; i < n; i++) {
        exam_rhythm_figures f = exam_table_rhythm(t, split, names[i], 10, 6);
        fprintf(file, "| %s | %zu + %zu + %zu |", names[i], f.n_told, f.n_hinted, f.n_untold);
        const double values[] = { f.macro_f1,       f.accuracy,          f.coverage,     f.selective_accuracy,
                                  f.alone,          f.with_context,      f.hinted_right, f.untold_right,
                                  f.untold_claimed, f.calibration_error, f.hz_error,     f.hz_icc,
                                  f.s_icc };
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
    fputs(
        "\nWhat myogram calls each class (rows: true) where something tells it, 10 dB or more, 6 beats or more:\n\n| true |",
        file);
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

/* What the impossible records are called. */
static void put_deep(const exam_table *t, exam_split split, FILE *file)
{
    size_t n[16] = { 0 };
    const exam_row *row;
    for (size_t at = 0; (row = exam_table_next(t, &at, split, EXAM_RHYTHM));)
        for (size_t c = 0; row->cell->impossible && strcmp(row->detector, "myogram") == 0 && c < EMG_N_CLASSES; c++)
            n[c] += strcmp(row->found, label(c)) == 0;
    fputs("\nNeuromyotonia deep under the skin (3 to 20 dB, impossible, in no figure) is called:", file);
    for (size_t c = 0; c < EMG_N_CLASSES; c++)
        if (n[c] > 0)
            fprintf(file, " %s %zu;", label(c), n[c]);
    fputs("\n", file);
}

static void put_rows(const exam_table *t, exam_split split, FILE *file)
{
    static const char *const columns[] = { "found", "precision", "recall",   "F1",       "onset, ms",
                                           "SD",    "end SD",    "ICC of s", "ICC of Hz" };
    static const size_t values[] = { EXAM_ROWS_PRECISION,    EXAM_ROWS_RECALL,       EXAM_ROWS_F1,
                                     EXAM_ROWS_BIAS_MS,      EXAM_ROWS_SD_MS,        EXAM_ROWS_END_SD_MS,
                                     EXAM_ROWS_DURATION_ICC, EXAM_ROWS_FREQUENCY_ICC };
    fputs(
        "\nRows of whole records against true rows (emg-score: singles within 20 ms, episodes with an overlap of half):\n\n"
        "| records | detector | class | true |",
        file);
    for (size_t k = 0; k < COUNT(columns); k++)
        fprintf(file, " %s |", columns[k]);
    fputc('\n', file);
    put_rule(file, COUNT(columns) + 3);
    const exam_row *row;
    for (size_t at = 0; (row = exam_table_next(t, &at, split, EXAM_ROWS));) {
        fprintf(file, "| %s | %s | %s |", row->cell->name, row->detector, row->word);
        put_value(file, row->value[EXAM_N_TRUTH], 0);
        put_value(file, row->value[EXAM_N_FOUND], 0);
        for (size_t k = 0; k < COUNT(values); k++)
            put_value(file, row->value[values[k]],
                      values[k] >= EXAM_ROWS_BIAS_MS && values[k] <= EXAM_ROWS_END_SD_MS ? 1 : 3);
        fputc('\n', file);
    }
}

static void put_quiet(const exam_table *t, exam_split split, FILE *file)
{
    static const char *const cells[] = { "noise",         "noise_mains", "noise_ecg", "voluntary",
                                         "regular_units", "dead",        "stimuli",   "small" };
    const char *names[24];
    size_t n = exam_table_detectors(t, EXAM_QUIET, names);
    fputs(
        "\nFalse single events a minute where there are none (for myogram: false rhythms an hour, contractions a minute). small: "
        "discharges of 20 to 40 uV that are called fasciculations or jerks with the default settings.\n\n| detector | noise | "
        "with mains | with ECG | voluntary | regular units | dead time | stimuli | small |\n|---|---|---|---|---|---|---|---|---|\n",
        file);
    for (size_t i = 0; i < n; i++) {
        fprintf(file, "| %s |", names[i]);
        for (size_t k = 0; k < COUNT(cells); k++) {
            const exam_row *row = exam_table_find(t, split, cells[k], names[i]);
            if (row && strcmp(names[i], "myogram") == 0)
                fprintf(file, " %.2f (%.1f, %.2f) |", row->value[EXAM_FALSE_SINGLE], row->value[EXAM_FALSE_RHYTHM],
                        row->value[EXAM_SUSTAINED]);
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
        bool any = has(t, split, EXAM_DETECTION) || has(t, split, EXAM_RHYTHM) || has(t, split, EXAM_QUIET) ||
                   has(t, split, EXAM_ROWS);
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
            put_weak_floor(t, split, file);
            put_errors(t, split, file);
        }
        if (has(t, split, EXAM_RHYTHM)) {
            fputs("\n### Rhythm\n", file);
            put_rhythm(t, split, file);
            put_confusion(t, split, file);
            put_deep(t, split, file);
        }
        if (has(t, split, EXAM_ROWS)) {
            fputs("\n### Rows\n", file);
            put_rows(t, split, file);
        }
        if (has(t, split, EXAM_QUIET)) {
            fputs("\n### Nothing to be found\n", file);
            put_quiet(t, split, file);
        }
    }
    return !ferror(file);
}
