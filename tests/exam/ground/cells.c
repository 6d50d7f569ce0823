/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of every part, and how many records each has. */
#include "ground/grid.h"

#include <stdio.h>
#include <string.h>

static const double snrs[] = { 6, 9, 12, 15, 20, 26 }, rates[] = { 2, 10, 40, 80, 150 };
static const double varied_snrs[] = { 9, 12, 15, 20 }, sampling[] = { 1000, 5000, 10000 };
static const double rhythm_snrs[] = { 3, 6, 10, 15, 20 };
static const size_t beat_counts[] = { 4, 6, 10, 30 };
static const char *const extras[EXAM_N_EXTRAS] = { "plain",  "mains", "drift", "ecg",   "pops",
                                                   "wander", "all",   "floor", "pairs", "weakfloor" };
static const char *const quiet_names[EXAM_N_QUIET] = { "noise",         "noise_mains", "noise_ecg", "voluntary",
                                                       "regular_units", "dead",        "stimuli",   "small" };
static const char *const rows_names[EXAM_N_ROWS] = { "mixed", "holds", "gaps", "evoked", "taps", "marked" };

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *exam_split_name(exam_split split)
{
    static const char *const names[EXAM_N_SPLITS] = { "training", "development", "locked", "shifted" };
    return names[split];
}

const char *exam_part_name(exam_part part)
{
    static const char *const names[EXAM_N_PARTS] = { "detection", "rhythm", "quiet", "rows" };
    return names[part];
}

const char *exam_told_name(exam_told told)
{
    static const char *const names[] = { "told", "hinted", "untold" };
    return names[told];
}

const char *exam_context_name(exam_context context)
{
    static const char *const names[EXAM_N_CONTEXTS] = { "alone", "site", "mark", "second" };
    return names[context];
}

/* The cells that promises are made of have most: 40 a minute, plain and under hum, and where nothing is to be found. */
size_t exam_records(const exam_cell *cell)
{
    if (cell->part == EXAM_QUIET || (strstr(cell->name, "_rate040_") && cell->part == EXAM_DETECTION))
        return 50;
    return cell->part == EXAM_ROWS && cell->rows == EXAM_ROWS_MIXED ? 12 : 20;
}

/* SNR x rate in full, plain and with hum; then each other factor alone at 40 a minute. */
static bool detection_cell(size_t index, exam_cell *c)
{
    const size_t full = COUNT(snrs) * COUNT(rates);
    c->rate_hz = 2048;
    if (index < 2 * full) {
        c->snr_db = snrs[index % full / COUNT(rates)];
        c->per_min = rates[index % COUNT(rates)];
        c->extra = index < full ? EXAM_PLAIN : EXAM_POWERLINE;
        snprintf(c->name, sizeof c->name, "snr%02.0f_rate%03.0f_%s", c->snr_db, c->per_min, extras[c->extra]);
        return true;
    }
    index -= 2 * full;
    const size_t n_extras = EXAM_N_EXTRAS - EXAM_POWERLINE_DRIFT, n_factors = n_extras + COUNT(sampling) + 2;
    const size_t factor = index / COUNT(varied_snrs);
    if (factor >= n_factors)
        return false;
    c->snr_db = varied_snrs[index % COUNT(varied_snrs)];
    c->per_min = 40;
    if (factor < n_extras) {
        c->extra = (exam_extra)(EXAM_POWERLINE_DRIFT + factor);
        c->impossible = c->extra == EXAM_FLOOR;
        snprintf(c->name, sizeof c->name, "snr%02.0f_%s", c->snr_db, extras[c->extra]);
    } else if (factor < n_extras + COUNT(sampling)) {
        c->rate_hz = sampling[factor - n_extras];
        snprintf(c->name, sizeof c->name, "snr%02.0f_fs%.0f", c->snr_db, c->rate_hz);
    } else {
        c->format = factor + 1 == n_factors ? EXAM_WAV : EXAM_BDF;
        snprintf(c->name, sizeof c->name, "snr%02.0f_%s", c->snr_db, c->format == EXAM_WAV ? "wav" : "bdf");
    }
    return true;
}

static bool has_beats(emg_class class)
{
    return class == EMG_CLONUS || class == EMG_TREMOR || class == EMG_MYOKYMIA || class == EMG_MOTOR_UNIT;
}

static void name_rhythm(exam_cell *c)
{
    const char *deep = c->impossible ? "deep_" : "";
    if (c->beats > 0)
        snprintf(c->name, sizeof c->name, "%s_snr%02.0f_n%02zu", emg_class_name(c->class), c->snr_db, c->beats);
    else
        snprintf(c->name, sizeof c->name, "%s%s_snr%02.0f", deep, emg_class_name(c->class), c->snr_db);
}

/* Class x SNR, and x beats where a class has beats; the last row is neuromyotonia deep under the skin. */
static bool rhythm_cell(size_t index, exam_cell *c)
{
    static const emg_class classes[] = { EMG_FASCICULATION, EMG_MYOCLONUS,     EMG_CLONUS,       EMG_TREMOR,
                                         EMG_MYOKYMIA,      EMG_NEUROMYOTONIA, EMG_SPASM,        EMG_TONIC,
                                         EMG_MOTOR_UNIT,    EMG_ARTIFACT,      EMG_NEUROMYOTONIA };
    for (size_t k = 0; k < COUNT(classes); k++) {
        size_t n_beats = has_beats(classes[k]) ? COUNT(beat_counts) : 1, here = n_beats * COUNT(rhythm_snrs);
        if (index >= here) {
            index -= here;
            continue;
        }
        c->class = classes[k];
        c->snr_db = rhythm_snrs[index % COUNT(rhythm_snrs)];
        c->beats = has_beats(c->class) ? beat_counts[index / COUNT(rhythm_snrs)] : 0;
        c->impossible = k + 1 == COUNT(classes);
        name_rhythm(c);
        return true;
    }
    return false;
}

static bool quiet_cell(size_t index, exam_cell *c)
{
    if (index >= EXAM_N_QUIET)
        return false;
    c->quiet = (exam_quiet)index;
    snprintf(c->name, sizeof c->name, "%s", quiet_names[index]);
    return true;
}

static bool rows_cell(size_t index, exam_cell *c)
{
    if (index >= EXAM_N_ROWS)
        return false;
    c->rows = (exam_rows)index;
    snprintf(c->name, sizeof c->name, "%s", rows_names[index]);
    return true;
}

bool exam_cell_at(exam_part part, size_t index, exam_cell *out)
{
    static bool (*const make[EXAM_N_PARTS])(size_t, exam_cell *) = { detection_cell, rhythm_cell, quiet_cell,
                                                                     rows_cell };
    exam_cell c = { .part = part, .class = EMG_UNCLASSIFIED };
    bool there = make[part](index, &c);
    if (there)
        *out = c;
    return there;
}

bool exam_cell_find(const char *name, exam_cell *out)
{
    for (int part = 0; part < EXAM_N_PARTS; part++)
        for (size_t i = 0; exam_cell_at((exam_part)part, i, out); i++)
            if (strcmp(out->name, name) == 0)
                return true;
    return false;
}
