/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a score: counts and errors of a class, or of several, with intervals by resampling recordings. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/score/score.h"

static const double INTERVAL = 0.95;

/* Which rows of counts go into a figure: one or more classes, pooled. */
typedef struct choice {
    bool row[EMGP_SCORE_ROWS];
} choice;

static emgp_score_counts pooled(const emgp_score_counts counts[EMGP_SCORE_ROWS], const choice *which)
{
    emgp_score_counts sum = { 0, 0, 0 };
    for (size_t r = 0; r < EMGP_SCORE_ROWS; r++) {
        if (!which->row[r])
            continue;
        sum.n_truth += counts[r].n_truth;
        sum.n_found += counts[r].n_found;
        sum.n_matched += counts[r].n_matched;
    }
    return sum;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

/* Precision, recall, F1. */
typedef struct shares {
    double of[3];
} shares;

static shares shares_of(emgp_score_counts c)
{
    return (shares){ { share(c.n_matched, c.n_found), share(c.n_matched, c.n_truth),
                       share(2 * c.n_matched, c.n_truth + c.n_found) } };
}

/* The mean over classes; what a class lacks (nothing found: no precision) counts 0. */
static shares macro_of(const emgp_score_counts counts[EMGP_SCORE_ROWS], const choice *which)
{
    shares sum = { { 0, 0, 0 } };
    double n = 0;
    for (size_t r = 0; r < EMGP_SCORE_ROWS; r++) {
        if (!which->row[r])
            continue;
        shares one = shares_of(counts[r]);
        for (size_t k = 0; k < 3; k++)
            sum.of[k] += isnan(one.of[k]) ? 0 : one.of[k];
        n++;
    }
    for (size_t k = 0; k < 3; k++)
        sum.of[k] = n > 0 ? sum.of[k] / n : NAN;
    return sum;
}

static void add_counts(emgp_score_counts *to, const emgp_score_counts *from)
{
    for (size_t r = 0; r < EMGP_SCORE_ROWS; r++) {
        to[r].n_truth += from[r].n_truth;
        to[r].n_found += from[r].n_found;
        to[r].n_matched += from[r].n_matched;
    }
}

/* splitmix64 (Steele and others 2014): which recordings a resample draws. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static shares figure(const emgp_score_counts *counts, const choice *which, bool macro)
{
    return macro ? macro_of(counts, which) : shares_of(pooled(counts, which));
}

static int ascending(const void *one, const void *other)
{
    const double *a = one, *b = other;
    return (*a > *b) - (*a < *b);
}

/* The bounds that leave out the same share of the values at either end; NaN values are left out before. */
static void bounds_of(double *values, size_t n, emg_estimate *e)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            values[kept++] = values[i];
    if (kept < 2)
        return;
    qsort(values, kept, sizeof *values, ascending);
    double tail = (1 - INTERVAL) / 2 * (double)(kept - 1);
    size_t low = (size_t)floor(tail), high = (size_t)ceil((double)(kept - 1) - tail);
    e->low = values[low];
    e->high = values[high];
}

/* Percentile bootstrap (Efron 1979): recordings drawn with replacement, events of a recording stay together. Every row
 * draws the same recordings. */
static void resample(const emg_score *s, const choice *which, bool macro, emg_estimate estimates[3])
{
    const size_t n = s->config.n_resamples;
    if (s->n_recordings < 2 || n == 0)
        return;
    double *values = s->scratch;
    uint64_t state = s->config.seed;
    for (size_t i = 0; i < n; i++) {
        emgp_score_counts sum[EMGP_SCORE_ROWS] = { { 0, 0, 0 } };
        for (size_t k = 0; k < s->n_recordings; k++)
            add_counts(sum, s->counts[((next_random(&state) >> 32) * s->n_recordings) >> 32]);
        shares drawn = figure(sum, which, macro);
        for (size_t k = 0; k < 3; k++)
            values[k * n + i] = drawn.of[k];
    }
    for (size_t k = 0; k < 3; k++)
        bounds_of(values + k * n, n, &estimates[k]);
}

/* Sums of one quantity. */
typedef struct sums {
    double n, sum, squares;
} sums;

static void take(sums *s, double x)
{
    if (isnan(x))
        return;
    s->n++;
    s->sum += x;
    s->squares += x * x;
}

static double mean_of(const sums *s)
{
    return s->n > 0 ? s->sum / s->n : NAN;
}

static double sd_of(const sums *s)
{
    if (s->n < 2)
        return NAN;
    return sqrt(fmax(0, (s->squares - s->sum * s->sum / s->n) / (s->n - 1)));
}

/* ICC(2,1): two raters, random, absolute agreement, single measures (Shrout and Fleiss 1979), from mean squares between
 * subjects, raters and of the rest. */
typedef struct agreement {
    sums one, other, both, difference;
} agreement;

static void agree(agreement *a, const double x[2])
{
    if (isnan(x[0]) || isnan(x[1]))
        return;
    take(&a->one, x[0]);
    take(&a->other, x[1]);
    take(&a->both, x[0] + x[1]);
    take(&a->difference, x[1] - x[0]);
}

static double icc_of(const agreement *a)
{
    const double n = a->both.n;
    if (n < 2)
        return NAN;
    double sd_sum = sd_of(&a->both), sd_difference = sd_of(&a->difference), shift = mean_of(&a->difference);
    double subjects = sd_sum * sd_sum / 2, rest = sd_difference * sd_difference / 2, raters = n * shift * shift / 2;
    double whole = subjects + rest + 2 * (raters - rest) / n;
    return whole > 0 ? (subjects - rest) / whole : NAN;
}

/* What the pairs of a row sum up to. */
typedef struct errors {
    sums onset, end, overlap, count, count_size, frequency;
    agreement duration, rate;
    double within;
} errors;

static void take_pair(errors *e, const emgp_score_pair *p, double within_hz)
{
    take(&e->onset, p->onset_error_s);
    agree(&e->rate, p->frequency_hz);
    double off = fabs(p->frequency_hz[1] - p->frequency_hz[0]);
    take(&e->frequency, off);
    e->within += off <= within_hz;
    if (!p->episode)
        return;
    take(&e->end, p->end_error_s);
    take(&e->overlap, p->overlap);
    take(&e->count, p->count[1] - p->count[0]);
    take(&e->count_size, fabs(p->count[1] - p->count[0]));
    agree(&e->duration, p->duration_s);
}

static double median_size(const emg_score *s, const choice *which)
{
    double *sizes = s->scratch, median = NAN;
    size_t n = 0;
    for (size_t i = 0; i < s->n_pairs; i++)
        if (which->row[s->pairs[i].row])
            sizes[n++] = fabs(s->pairs[i].onset_error_s);
    if (n > 0) {
        qsort(sizes, n, sizeof *sizes, ascending);
        median = 0.5 * (sizes[(n - 1) / 2] + sizes[n / 2]);
    }
    return median;
}

static void put_errors(const emg_score *s, const choice *which, emg_score_row *row)
{
    errors e;
    memset(&e, 0, sizeof e);
    for (size_t i = 0; i < s->n_pairs; i++)
        if (which->row[s->pairs[i].row])
            take_pair(&e, &s->pairs[i], s->config.frequency_within_hz);
    row->onset_bias_s = mean_of(&e.onset);
    row->onset_sd_s = sd_of(&e.onset);
    row->onset_median_s = median_size(s, which);
    row->end_bias_s = mean_of(&e.end);
    row->end_sd_s = sd_of(&e.end);
    row->overlap = mean_of(&e.overlap);
    row->duration_icc = icc_of(&e.duration);
    row->count_error = mean_of(&e.count_size);
    row->count_bias = mean_of(&e.count);
    row->frequency_error_hz = mean_of(&e.frequency);
    row->frequency_within = e.frequency.n > 0 ? e.within / e.frequency.n : NAN;
    row->frequency_icc = icc_of(&e.rate);
}

static emg_score_row row_of(const emg_score *s, const choice *which, bool macro)
{
    emgp_score_counts total[EMGP_SCORE_ROWS] = { { 0, 0, 0 } };
    const emg_score empty = { .n_recordings = 0 };
    s = s ? s : &empty;
    for (size_t i = 0; i < s->n_recordings; i++)
        add_counts(total, s->counts[i]);
    emgp_score_counts counts = pooled(total, which);
    shares point = figure(total, which, macro);
    emg_estimate e[3];
    for (size_t k = 0; k < 3; k++)
        e[k] = (emg_estimate){ point.of[k], NAN, NAN };
    resample(s, which, macro, e);
    emg_score_row row = { .n_truth = counts.n_truth, .n_found = counts.n_found, .n_matched = counts.n_matched };
    row.precision = e[0];
    row.recall = e[1];
    row.f1 = e[2];
    choice none = { { false } };
    put_errors(s, macro ? &none : which, &row);
    double hours = emg_score_observed_s(s) / 3600;
    row.false_per_hour = hours > 0 && !macro ? (double)(counts.n_found - counts.n_matched) / hours : NAN;
    return row;
}

emg_score_row emg_score_of_class(const emg_score *s, emg_class trial_type)
{
    choice which = { { false } };
    if ((unsigned)trial_type < EMG_N_CLASSES)
        which.row[trial_type] = true;
    return row_of(s, &which, false);
}

/* Whether the truth of any recording holds a class. */
static bool is_true_class(const emg_score *s, size_t row)
{
    for (size_t i = 0; s && i < s->n_recordings; i++)
        if (s->counts[i][row].n_truth > 0)
            return true;
    return false;
}

emg_score_row emg_score_of(const emg_score *s, emg_score_kind kind)
{
    choice which = { { false } };
    for (size_t r = 0; r < EMGP_SCORE_ROWS; r++)
        which.row[r] =
            (r == EMGP_SCORE_BLIND) == (kind == EMG_SCORE_ANY) && (kind != EMG_SCORE_MACRO || is_true_class(s, r));
    return row_of(s, &which, kind == EMG_SCORE_MACRO);
}
