/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells and scenarios. Whoever changes a number here changes the ground, and the fingerprint says so. */
#include "grid.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- cells --------------------------------------------------------------------------------------------------- */

static const double snrs[] = { 6, 9, 12, 15, 20, 26 }, rates[] = { 2, 10, 40, 80, 150 };
static const double varied_snrs[] = { 9, 12, 15, 20 }, sampling[] = { 1000, 5000, 10000 };
static const double rhythm_snrs[] = { 3, 6, 10, 15, 20 };
static const size_t beat_counts[] = { 4, 6, 10, 30 };
static const char *const extras[EXAM_N_EXTRAS] = { "plain",  "mains", "drift", "ecg",  "pops",
                                                   "wander", "all",   "floor", "pairs" };
static const char *const quiet_names[] = { "noise", "noise_mains", "noise_ecg", "voluntary", "regular_units" };

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *exam_split_name(exam_split split)
{
    static const char *const names[EXAM_N_SPLITS] = { "training", "development", "locked", "shifted" };
    return names[split];
}

const char *exam_part_name(exam_part part)
{
    static const char *const names[EXAM_N_PARTS] = { "detection", "rhythm", "quiet" };
    return names[part];
}

size_t exam_records(exam_part part)
{
    return part == EXAM_RHYTHM ? 20 : EXAM_RECORDS;
}

/* SNR x rate in full, plain and with mains; then each other factor alone at 40 a minute. */
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

/* Class x SNR, and x beats where a class has beats. */
static bool rhythm_cell(size_t index, exam_cell *c)
{
    static const emg_class classes[] = { EMG_FASCICULATION, EMG_MYOCLONUS, EMG_CLONUS, EMG_TREMOR,     EMG_MYOKYMIA,
                                         EMG_NEUROMYOTONIA, EMG_SPASM,     EMG_TONIC,  EMG_MOTOR_UNIT, EMG_ARTIFACT };
    c->rate_hz = 2048;
    for (size_t k = 0; k < COUNT(classes); k++) {
        size_t n_beats = has_beats(classes[k]) ? COUNT(beat_counts) : 1, here = n_beats * COUNT(rhythm_snrs);
        if (index >= here) {
            index -= here;
            continue;
        }
        c->class = classes[k];
        c->snr_db = rhythm_snrs[index % COUNT(rhythm_snrs)];
        c->beats = has_beats(c->class) ? beat_counts[index / COUNT(rhythm_snrs)] : 0;
        if (c->class == EMG_NEUROMYOTONIA)
            c->rate_hz = 4096; /* intervals of 3 to 7 ms */
        if (c->beats > 0)
            snprintf(c->name, sizeof c->name, "%s_snr%02.0f_n%02zu", emg_class_name(c->class), c->snr_db, c->beats);
        else
            snprintf(c->name, sizeof c->name, "%s_snr%02.0f", emg_class_name(c->class), c->snr_db);
        return true;
    }
    return false;
}

static bool quiet_cell(size_t index, exam_cell *c)
{
    if (index >= COUNT(quiet_names))
        return false;
    c->rate_hz = 2048;
    c->quiet = index;
    snprintf(c->name, sizeof c->name, "%s", quiet_names[index]);
    return true;
}

bool exam_cell_at(exam_part part, size_t index, exam_cell *out)
{
    exam_cell c = { .part = part, .class = EMG_UNCLASSIFIED };
    bool there = part == EXAM_DETECTION ? detection_cell(index, &c)
                 : part == EXAM_RHYTHM  ? rhythm_cell(index, &c)
                                        : quiet_cell(index, &c);
    if (there)
        *out = c;
    return there;
}

/* --- scenarios ----------------------------------------------------------------------------------------------- */

/* A text that grows, and the chance that its numbers are drawn from. */
typedef struct script {
    char *text;
    size_t n;
    uint64_t state;
    exam_split split;
} script;

static void put(script *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(script *s, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(s->text + s->n, EXAM_SCENARIO_ROOM - s->n, format, list);
    va_end(list);
    if (n > 0)
        s->n = s->n + (size_t)n < EXAM_SCENARIO_ROOM ? s->n + (size_t)n : EXAM_SCENARIO_ROOM - 1;
}

static uint64_t bits(script *s)
{
    uint64_t z = s->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double between(script *s, double low, double high)
{
    return low + (high - low) * ((double)(bits(s) >> 11) * 0x1p-53);
}

static size_t below(script *s, size_t n)
{
    return (size_t)((bits(s) >> 32) * n >> 32);
}

/* One call draws one number: in what order a call's arguments are made is the compiler's choice. */

/* "key = value", evenly from the range that the split has: training and development, locked and shifted. */
static void draw(script *s, const char *key, double low, double high, double locked_low, double locked_high)
{
    bool training = s->split <= EXAM_DEVELOPMENT;
    put(s, "%s = %.3f\n", key, between(s, training ? low : locked_low, training ? high : locked_high));
}

static void put_channel(script *s, const exam_cell *c, bool pool)
{
    put(s, "[recording]\nrate_hz = %.0f\nduration_s = %d\n[channel EMG L Muscle]\n", c->rate_hz, EXAM_SECONDS);
    draw(s, "noise_uv", 2, 6, 1.5, 8);
    draw(s, "drift_db", 0.5, 2, 0, 4);
    if (s->split == EXAM_SHIFTED) {
        put(s, "noise_fall = brown\nmuap = fibre\n");
        draw(s, "pink_share", 0, 0, 0.3, 0.7);
        draw(s, "spacing_mm", 0, 0, 10, 30);
        draw(s, "offset_mm", 0, 0, 20, 45);
        draw(s, "depth_mm", 0, 0, 8, 16);
    } else {
        draw(s, "pink_share", 0.3, 0.5, 0.2, 0.7);
    }
    if (pool) {
        put(s, "units = %zu\n", 25 + below(s, s->split == EXAM_LOCKED ? 40 : 20));
    }
}

static double sigma_uv(const script *s)
{
    const char *line = strstr(s->text, "noise_uv = ");
    double value = 4;
    if (line)
        sscanf(line, "noise_uv = %lf", &value);
    return value;
}

static void put_twitches(script *s, double snr_db, double per_min)
{
    put(s, "[fasciculation]\nsnr_db = %.1f\nper_min = %.1f\nunits = %zu\n", snr_db, per_min,
        1 + below(s, s->split <= EXAM_DEVELOPMENT ? 4 : 8));
    draw(s, "jitter", 0.05, 0.10, 0.05, 0.15);
    draw(s, "doublet_share", 0.03, 0.06, 0.03, 0.08);
    if (s->split == EXAM_SHIFTED)
        put(s, "timing = %s\n", below(s, 2) ? "gamma" : "clusters");
}

/* Hum whose fundamental is 4 to 12 times the noise. */
static void put_powerline(script *s, bool drifts)
{
    double hum_uv = sigma_uv(s) * between(s, 4, 12);
    int hum_hz = below(s, 2) ? 60 : 50;
    put(s, "[mains]\nhum_hz = %d\nhum_uv = %.2f\nswing_hz = %.2f\n", hum_hz, hum_uv, drifts ? 0.5 : 0.05);
    if (drifts)
        put(s, "period_s = %.1f\n", between(s, 30, 90));
}

static void put_ecg(script *s)
{
    double size_uv = sigma_uv(s) * between(s, 20, 50), per_min = between(s, 55, 95);
    put(s, "[heart]\nper_min = %.1f\nsize_uv = %.1f\n", per_min, size_uv);
}

static void put_pops(script *s)
{
    double size_uv = sigma_uv(s) * between(s, 50, 200), per_min = between(s, 2, 8);
    put(s, "[pops]\nper_min = %.1f\nsize_uv = %.1f\n", per_min, size_uv);
}

static void put_wander(script *s)
{
    double period_s = between(s, 1, 6), size_uv = sigma_uv(s) * between(s, 20, 100);
    put(s, "[wander]\nsize_uv = %.1f\nperiod_s = %.2f\n", size_uv, period_s);
}

static void put_floor(script *s, double low, double high, size_t least_units, size_t more_units, const char *rest)
{
    size_t units = least_units + below(s, more_units);
    double level = between(s, low, high);
    put(s, "[floor]\nlevel_sigma = %.2f\nunits = %zu\n%s", level, units, rest);
}

static void write_detection(script *s, const exam_cell *c)
{
    bool all = c->extra == EXAM_EVERYTHING;
    put_channel(s, c, false);
    put_twitches(s, c->snr_db, c->per_min); /* first, so that a record has the same ones whatever lies over them */
    if (c->extra == EXAM_PAIRS)
        put(s, "pair_share = 0.5\npair_ms = 4.5\n");
    if (c->extra == EXAM_FLOOR)
        put_floor(s, 2, 4, 3, 4, "");
    if (c->extra == EXAM_ECG || all)
        put_ecg(s);
    if (c->extra == EXAM_POPS || all)
        put_pops(s);
    if (c->extra == EXAM_WANDER || all)
        put_wander(s);
    if (c->extra == EXAM_POWERLINE || c->extra == EXAM_POWERLINE_DRIFT || all)
        put_powerline(s, c->extra != EXAM_POWERLINE);
}

/* Classes of single units are given a peak-SNR 10 dB above the burst-SNR of the others: about what the peak of a
 * potential lies above the RMS of a burst of them. */
static const double PEAK_OVER_BURST_DB = 10;

static const char *burst_shape(script *s)
{
    return s->split == EXAM_SHIFTED ? below(s, 2) ? "cosine" : "early" : below(s, 2) ? "flat" : "triangle";
}

static void write_clonus(script *s, const exam_cell *c)
{
    put(s, "[clonus]\nleast_beats = %zu\nmost_beats = %zu\nburst_snr_db = %.1f\n", c->beats, c->beats, c->snr_db);
    put(s, "rest_least_s = 4\nrest_most_s = 9\n");
    draw(s, "beat_cv", 0.04, 0.08, 0.04, 0.12);
    draw(s, "glide", 0.15, 0.3, 0.1, 0.35);
}

/* A tremor of n beats at a time; runs of 4 and 6 beats are short of what a clinician calls a tremor, and are told so. */
static void write_tremor(script *s, const exam_cell *c)
{
    double f_hz = s->split <= EXAM_DEVELOPMENT ? between(s, 4, 11) : between(s, 3.5, 15);
    double run_s = fmax(1, (double)c->beats / f_hz);
    put(s, "[tremor]\nrhythm_hz = %.2f\nrun_least_s = %.2f\nrun_most_s = %.2f\nburst_snr_db = %.1f\nburst_shape = %s\n",
        f_hz, run_s, run_s + 0.01, c->snr_db, burst_shape(s));
    put(s, "rest_least_s = 4\nrest_most_s = 9\n");
    draw(s, "duty", 0.3, 0.45, 0.3, 0.5);
}

static void write_unit_classes(script *s, const exam_cell *c)
{
    double snr_db = c->snr_db + PEAK_OVER_BURST_DB, f_hz, cv;
    switch (c->class) {
    case EMG_MYOKYMIA:
        cv = between(s, 0.15, 0.35);
        put(s, "[myokymia]\nsnr_db = %.1f\ngroup_s = %.2f\ngroup_cv = %.2f\n", snr_db, between(s, 0.4, 1.5), cv);
        put(s, "to_s = %.1f\n", 4 + fmax(1, (double)c->beats * 0.9));
        break;
    case EMG_NEUROMYOTONIA:
        put(s, "[neuromyotonia]\nsnr_db = %.1f\n", snr_db);
        break;
    case EMG_MOTOR_UNIT:
        f_hz = s->split <= EXAM_DEVELOPMENT ? between(s, 5, 11) : between(s, 4, 14);
        put(s, "[motor_unit]\nsnr_db = %.1f\nrhythm_hz = %.2f\ncv = %.3f\nto_s = %.2f\n", snr_db, f_hz,
            between(s, 0.02, 0.08), 5 + fmax(1, (double)c->beats / f_hz));
        break;
    default:
        put_twitches(s, snr_db, s->split <= EXAM_DEVELOPMENT ? between(s, 15, 60) : between(s, 10, 90));
        break;
    }
}

static void write_artefact(script *s, const exam_cell *c)
{
    double size_uv = sigma_uv(s) * pow(10, (c->snr_db + PEAK_OVER_BURST_DB + 10) / 20), stuck;
    switch (below(s, 4)) {
    case 0:
        put(s, "[pops]\nper_min = %.1f\nsize_uv = %.1f\n", between(s, 4, 12), size_uv);
        break;
    case 1:
        put(s, "[motion]\nper_min = %.1f\nsize_uv = %.1f\n", between(s, 4, 12), 2 * size_uv);
        break;
    case 2:
        put(s, "[heart]\nper_min = %.1f\nsize_uv = %.1f\ntold = yes\n", between(s, 55, 95), size_uv);
        break;
    default:
        stuck = between(s, 2, 6);
        put(s, "[dropout]\nper_min = %.1f\n[saturation]\nper_min = %.1f\n", between(s, 2, 6), stuck);
        break;
    }
}

static void write_myoclonus(script *s, const exam_cell *c)
{
    const char *shape = burst_shape(s);
    double burst_ms = s->split <= EXAM_DEVELOPMENT ? between(s, 31, 57) : between(s, 27, 70),
           per_min = between(s, 8, 40);
    put(s, "[myoclonus]\nburst_snr_db = %.1f\nper_min = %.1f\nburst_ms = %.1f\nburst_shape = %s\n", c->snr_db, per_min,
        burst_ms, shape);
}

static void write_rhythm(script *s, const exam_cell *c)
{
    put_channel(s, c, true);
    switch (c->class) {
    case EMG_CLONUS:
        write_clonus(s, c);
        break;
    case EMG_TREMOR:
        write_tremor(s, c);
        break;
    case EMG_MYOCLONUS:
        write_myoclonus(s, c);
        break;
    case EMG_SPASM:
        put(s, "[spasm]\nburst_snr_db = %.1f\nlength_s = %.1f\nfrom_s = 4\n", c->snr_db, between(s, 12, 26));
        break;
    case EMG_TONIC:
        put(s, "[tonic]\nburst_snr_db = %.1f\nleast_s = 1.2\nmost_s = 4\n", c->snr_db);
        if (s->split == EXAM_SHIFTED)
            put(s, "intervals = gamma\nramp = cosine\n");
        break;
    case EMG_ARTIFACT:
        write_artefact(s, c);
        break;
    default:
        write_unit_classes(s, c);
        break;
    }
}

static void write_quiet(script *s, const exam_cell *c)
{
    put_channel(s, c, true);
    if (c->quiet == 1)
        put_powerline(s, true);
    else if (c->quiet == 2)
        put_ecg(s);
    else if (c->quiet == 3)
        put(s, "[tonic]\nburst_snr_db = %.1f\nleast_s = 1.5\nmost_s = 6\nrest_least_s = 3\nrest_most_s = 8\n",
            between(s, 6, 20));
    else if (c->quiet == 4)
        put_floor(s, 1.5, 5, 1, 6, "told = yes\n");
}

/* Distinct for every record of every cell; splits lie a billion apart. */
static uint64_t seed_of(exam_split split, const exam_cell *cell, size_t record)
{
    static const uint64_t first[EXAM_N_SPLITS] = { 1000000000, 2000000000, 9000000000, 11000000000 };
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = cell->name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return first[split] + hash % 9999991 * 100 + record;
}

void exam_scenario(exam_split split, const exam_cell *cell, size_t record, char out[EXAM_SCENARIO_ROOM], uint64_t *seed)
{
    script s = { .text = out, .split = split };
    out[0] = '\0';
    s.state = *seed = seed_of(split, cell, record);
    switch (cell->part) {
    case EXAM_DETECTION:
        write_detection(&s, cell);
        break;
    case EXAM_RHYTHM:
        write_rhythm(&s, cell);
        break;
    default:
        write_quiet(&s, cell);
        break;
    }
}

uint64_t exam_fingerprint(exam_split split)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int part = 0; part < EXAM_N_PARTS; part++) {
        exam_cell cell;
        for (size_t i = 0; exam_cell_at((exam_part)part, i, &cell); i++) {
            for (size_t record = 0; record < EXAM_RECORDS; record++) {
                char text[EXAM_SCENARIO_ROOM];
                uint64_t seed;
                exam_scenario(split, &cell, record, text, &seed);
                for (const char *c = text; *c; c++)
                    hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
                hash = (hash ^ seed) * UINT64_C(1099511628211);
            }
        }
    }
    return hash;
}
