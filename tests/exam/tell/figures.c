/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures over the rows of the rhythm part. */
#include <math.h>
#include <string.h>

#include "methods/tuned.h"
#include "tell/table.h"

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

/* Sums over the records of a detector. */
typedef struct adding {
    exam_rhythm_figures *out;
    claims claims;
    pairs hz, seconds;
    double right, claimed, claimed_right, hz_error;
    double n_alike[2], right_alike[2]; /* classes that look alike, [with a context] */
} adding;

static bool is_rhythm(size_t class)
{
    return class == EMG_CLONUS || class == EMG_TREMOR || class == EMG_RHYTHMIC;
}

static bool looks_alike(size_t class)
{
    return is_rhythm(class) || class == EMG_SPASM || class == EMG_TONIC;
}

/* The word that claims no more than is there. */
static size_t honest_word(size_t class)
{
    return is_rhythm(class) ? EMG_RHYTHMIC : class == EMG_SPASM ? EMG_TONIC : class;
}

static void add_told(adding *a, const exam_row *row, size_t truth, size_t found)
{
    bool right = truth == found, claimed = found != EMG_INDETERMINATE && found != EMG_UNCLASSIFIED;
    a->out->n[truth][found]++;
    a->out->n_told++;
    a->right += right;
    a->claimed += claimed;
    a->claimed_right += claimed && right;
    if (looks_alike(truth)) {
        a->n_alike[row->context != EXAM_ALONE]++;
        a->right_alike[row->context != EXAM_ALONE] += right;
    }
}

static void add_claim(claims *c, double confidence, bool right)
{
    size_t bin = (size_t)fmin(fmax(confidence * 10, 0), 9);
    c->n[bin]++;
    c->confidence[bin] += confidence;
    c->right[bin] += right;
}

/* Of a rhythm that was found as one, whatever its word. */
static void add_course(adding *a, const exam_row *row)
{
    add_pair(&a->hz, row->value[EXAM_TRUE_HZ], row->value[EXAM_FOUND_HZ]);
    add_pair(&a->seconds, row->value[EXAM_TRUE_S], row->value[EXAM_FOUND_S]);
    if (isfinite(row->value[EXAM_FOUND_HZ]))
        a->hz_error += fabs(row->value[EXAM_FOUND_HZ] - row->value[EXAM_TRUE_HZ]);
    a->out->n_rhythmic++;
}

static void add_verdict(adding *a, const exam_row *row)
{
    size_t truth = class_number(row->truth), found = class_number(row->found);
    bool right = truth == found || (row->told == EXAM_HINTED && found == honest_word(truth));
    exam_rhythm_figures *f = a->out;
    if (row->told == EXAM_TOLD) {
        add_told(a, row, truth, found);
    } else if (row->told == EXAM_HINTED) {
        f->n_hinted++;
        f->hinted_right += right;
    } else {
        f->n_untold++;
        f->untold_right += right;
        f->untold_claimed += found == EMG_CLONUS || found == EMG_TREMOR || found == EMG_SPASM;
    }
    if (found != EMG_INDETERMINATE && found != EMG_UNCLASSIFIED && isfinite(row->value[EXAM_CONFIDENCE]))
        add_claim(&a->claims, row->value[EXAM_CONFIDENCE], right);
    if (is_rhythm(truth) && is_rhythm(found))
        add_course(a, row);
}

static bool counts(const exam_row *row, const char *detector, double least_snr, size_t least_beats)
{
    const exam_cell *c = row->cell;
    return strcmp(row->detector, detector) == 0 && !c->impossible && c->snr_db >= least_snr &&
           (c->beats == 0 || c->beats >= least_beats);
}

exam_rhythm_figures exam_table_rhythm(const exam_table *t, exam_split split, const char *detector, double least_snr,
                                      size_t least_beats)
{
    exam_rhythm_figures f;
    memset(&f, 0, sizeof f);
    adding a = { .out = &f };
    const exam_row *row;
    for (size_t at = 0; (row = exam_table_next(t, &at, split, EXAM_RHYTHM));)
        if (counts(row, detector, least_snr, least_beats))
            add_verdict(&a, row);
    size_t n[EMG_N_CLASSES][EMG_N_CLASSES];
    for (size_t r = 0; r < EMG_N_CLASSES; r++)
        for (size_t c = 0; c < EMG_N_CLASSES; c++)
            n[r][c] = f.n[r][c];
    f.macro_f1 = exam_macro_f1(n);
    f.accuracy = a.right / (double)f.n_told;
    f.coverage = a.claimed / (double)f.n_told;
    f.selective_accuracy = a.claimed_right / a.claimed;
    f.alone = a.right_alike[0] / a.n_alike[0];
    f.with_context = a.right_alike[1] / a.n_alike[1];
    f.hinted_right /= (double)f.n_hinted;
    f.untold_right /= (double)f.n_untold;
    f.untold_claimed /= (double)f.n_untold;
    f.calibration_error = expected_error(&a.claims);
    f.hz_error = a.hz_error / a.hz.n;
    f.hz_icc = icc(&a.hz);
    f.s_icc = icc(&a.seconds);
    return f;
}
