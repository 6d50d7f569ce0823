/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Medians of aligned QRS complexes, fits that other activity does not change, and a clipped running mean. */
#include "condition/ecg/ecg.h"

#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "base/base.h"

enum { ROUNDS = 6, LEARNING_ROUNDS = 2, CORE_TAPERS = 3, MEDIAN_STRIDE = 4, REFRESH_EACH = 4 };
static const double SETTLED = 0.01, SETTLED_FRAMES = 0.05;
static const double BISQUARE =
    4.685; /* of the rest's deviation: 95 % efficient for Gaussian noise (Holland, Welsch 1977) */
static const double GAIN_SPREAD = 0.1, MOST_GAIN = 1.25; /* a breath changes the wave's size by about a tenth */
static const double NOISE_MARGIN = 1.2;
static const double MEMORY = 64, CLIP = 3, MEDIAN_WORTH = 0.637;

bool emgp_ecg_scratch_make(emgp_ecg_scratch *s, size_t n)
{
    s->n = n;
    s->rows = emgp_alloc(EMGP_ECG_ROWS * n, sizeof *s->rows);
    s->shifted = emgp_alloc(n, sizeof *s->shifted);
    s->slope = emgp_alloc(n, sizeof *s->slope);
    s->rest = emgp_alloc(n, sizeof *s->rest);
    s->sorted = emgp_alloc(n, sizeof *s->sorted);
    return s->rows && s->shifted && s->slope && s->rest && s->sorted;
}

void emgp_ecg_scratch_free(emgp_ecg_scratch *s)
{
    emgp_free(s->rows);
    emgp_free(s->shifted);
    emgp_free(s->slope);
    emgp_free(s->rest);
    emgp_free(s->sorted);
}

static double beside_ends(const double *x, long n, long i, const double *weight)
{
    double sum = 0;
    for (long k = 0; k < 4; k++)
        sum += i + k >= 0 && i + k < n ? weight[k] * x[i + k] : 0;
    return sum;
}

/* Keys 1981: the cubic through four neighbours, a = -1/2. */
void emgp_ecg_shift(const double *x, size_t n, double shift, size_t from, size_t count, double *out)
{
    double whole = floor(-shift), f = -shift - whole;
    const double w[] = { f * (-0.5 + f * (1 - 0.5 * f)), 1 + f * f * (-2.5 + 1.5 * f), f * (0.5 + f * (2 - 1.5 * f)),
                         f * f * (-0.5 + 0.5 * f) };
    long first = (long)from + (long)whole - 1, end = (long)count, most = (long)n - 3 - first;
    long inside = first < 0 ? -first : 0, until = most < end ? most : end;
    long t = 0;
    for (; t < inside && t < end; t++)
        out[t] = beside_ends(x, (long)n, t + first, w);
    for (const double *at = x + first; t < until; t++)
        out[t] = w[0] * at[t] + w[1] * at[t + 1] + w[2] * at[t + 2] + w[3] * at[t + 3];
    for (; t < end; t++)
        out[t] = beside_ends(x, (long)n, t + first, w);
}

static double raised(size_t i, size_t n)
{
    return 0.5 - 0.5 * cos(PI * ((double)i + 0.5) / (double)n);
}

/* Takes off the line through the ends' means and lets the ends fall to zero, so that no step is left in the samples. */
static void finish(emgp_ecg_wave *w)
{
    double left = 0, right = 0, last = (double)(w->n - 1);
    for (size_t i = 0; i < w->taper; i++) {
        left += w->mean[i] / (double)w->taper;
        right += w->mean[w->n - 1 - i] / (double)w->taper;
    }
    for (size_t i = 0; i < w->n; i++)
        w->mean[i] -= left + (right - left) * (double)i / last;
    for (size_t i = 0; i < w->taper; i++) {
        w->mean[i] *= raised(i, w->taper);
        w->mean[w->n - 1 - i] *= raised(i, w->taper);
    }
}

/* The mean of x over a place and the width - 1 places before it (seen from the last place on when backward). */
static void running_mean(const double *x, size_t n, size_t width, bool backward, double *out)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        sum += x[backward ? n - 1 - k : k];
        if (k >= width)
            sum -= x[backward ? n - 1 - k + width : k - width];
        out[backward ? n - 1 - k : k] = sum / (double)width;
    }
}

/* Smooths the mean, and puts back of what smoothing took the share that exceeds the noise of so many QRS complexes:
 * Wiener's weight, by the power within half a taper. */
static void refresh(emgp_ecg_wave *w, double sigma, emgp_ecg_scratch *s)
{
    double noise = NOISE_MARGIN * sigma * sigma / w->learned, power = 0;
    size_t half = w->taper / 2, from = 0, end = 0;
    running_mean(w->mean, w->n, w->smooth + 1, false, s->rest);
    running_mean(s->rest, w->n, w->smooth + 1, true, w->x); /* together a triangle */
    for (size_t i = 0; i < w->n; i++)
        s->rest[i] = w->mean[i] - w->x[i];
    for (size_t i = 0; i < w->n; i++) {
        for (; end < w->n && end <= i + half; end++)
            power += s->rest[end] * s->rest[end];
        for (; from + half < i; from++)
            power -= s->rest[from] * s->rest[from];
        double expected = noise * (double)(end - from);
        w->x[i] += power > expected ? (1 - expected / power) * s->rest[i] : 0;
    }
    w->highest = w->lowest = 0;
    for (size_t i = 0; i < w->n; i++) {
        w->highest = fmax(w->highest, w->x[i]);
        w->lowest = fmin(w->lowest, w->x[i]);
    }
}

static void take_median(emgp_ecg_wave *w, size_t n_rows, double sigma, emgp_ecg_scratch *s)
{
    double column[EMGP_ECG_ROWS];
    for (size_t i = 0; i < w->n; i++) {
        for (size_t r = 0; r < n_rows; r++)
            column[r] = s->rows[r * s->n + i];
        gsl_sort(column, 1, n_rows);
        w->mean[i] = gsl_stats_median_from_sorted_data(column, 1, n_rows);
    }
    w->learned = MEDIAN_WORTH * (double)n_rows;
    w->kept = 0;
    finish(w);
    refresh(w, sigma, s);
}

void emgp_ecg_learn(emgp_ecg_wave *w, size_t n_rows, double sigma, emgp_ecg_scratch *s, emgp_ecg_fit *fits)
{
    double most = (double)w->taper / 2;
    for (size_t r = 0; r < n_rows; r++)
        fits[r] = (emgp_ecg_fit){ 1, 0, 0 };
    take_median(w, n_rows, sigma, s);
    for (int round = 0; round < LEARNING_ROUNDS; round++) {
        for (size_t r = 0; r < n_rows; r++) {
            double *row = s->rows + r * s->n;
            emgp_ecg_fit fit = emgp_ecg_fit_to(w, row, 1, most, sigma, s);
            emgp_ecg_shift(row, w->n, -fit.shift, 0, w->n, s->shifted);
            for (size_t i = 0; i < w->n; i++)
                row[i] = s->shifted[i] / fit.gain;
            fits[r].gain *= fit.gain;
            fits[r].shift += fit.shift;
            fits[r].explained = fit.explained;
        }
        take_median(w, n_rows, sigma, s);
    }
}

/* Part of the wave near its peak, by which it is fitted. */
typedef struct core {
    size_t first, n;
} core;

static core core_of(const emgp_ecg_wave *w)
{
    size_t reach = CORE_TAPERS * w->taper, end = w->peak + reach < w->n ? w->peak + reach : w->n;
    core c = { .first = w->peak > reach ? w->peak - reach : 0 };
    c.n = end - c.first;
    return c;
}

/* What the fit leaves of x in the core, with the wave as it lies there. */
static void take_off(const emgp_ecg_wave *w, core c, const double *x, const emgp_ecg_fit *fit, emgp_ecg_scratch *s)
{
    emgp_ecg_shift(w->x, w->n, fit->shift, c.first, c.n, s->shifted);
    for (size_t i = 0; i < c.n; i++)
        s->rest[i] = x[c.first + i] - fit->gain * s->shifted[i];
}

static double deviation(const emgp_ecg_scratch *s, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i += MEDIAN_STRIDE)
        s->sorted[k++] = fabs(s->rest[i]);
    return gsl_stats_median(s->sorted, 1, k) / 0.6745;
}

/* One round: the rest's weights, and the step of gain and shift that they ask for. */
static void improve(core c, double usual, double sigma, const emgp_ecg_scratch *s, emgp_ecg_fit *fit)
{
    double scale = fmax(sigma, deviation(s, c.n)), cut = BISQUARE * scale;
    double tt = 0, ts = 0, ss = 0, tr = 0, sr = 0;
    for (size_t i = 1; i + 1 < c.n; i++) {
        double u = s->rest[i] / cut, v = fmax(1 - u * u, 0), weight = v * v;
        double t = s->shifted[i], slope = -0.5 * fit->gain * (s->shifted[i + 1] - s->shifted[i - 1]);
        tt += weight * t * t;
        ts += weight * t * slope;
        ss += weight * slope * slope;
        tr += weight * t * s->rest[i];
        sr += weight * slope * s->rest[i];
    }
    double hold = scale * scale / (GAIN_SPREAD * usual * GAIN_SPREAD * usual);
    tt += hold;
    tr += hold * (usual - fit->gain);
    ss += scale * scale; /* a shift of one sample is not unusual */
    double determinant = tt * ss - ts * ts;
    if (!(determinant > 0))
        return;
    fit->gain += (tr * ss - sr * ts) / determinant;
    fit->shift += (sr * tt - tr * ts) / determinant;
}

static double bounded(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double explained(core c, const double *x, double sigma, const emgp_ecg_scratch *s)
{
    double before = 0, after = 0, noise = (double)c.n * sigma * sigma;
    for (size_t i = 0; i < c.n; i++) {
        before += x[c.first + i] * x[c.first + i];
        after += s->rest[i] * s->rest[i];
    }
    return before > noise ? 1 - fmax(after - noise, 0) / (before - noise) : 0;
}

emgp_ecg_fit emgp_ecg_fit_to(const emgp_ecg_wave *w, const double *x, double usual, double most_shift, double sigma,
                             emgp_ecg_scratch *s)
{
    emgp_ecg_fit fit = { usual, 0, 0 }, before;
    core c = core_of(w);
    take_off(w, c, x, &fit, s);
    for (int round = 0; round < ROUNDS; round++) {
        before = fit;
        improve(c, usual, sigma, s, &fit);
        fit.gain = bounded(fit.gain, usual / MOST_GAIN, usual * MOST_GAIN);
        fit.shift = bounded(fit.shift, -most_shift, most_shift);
        take_off(w, c, x, &fit, s);
        if (fabs(fit.gain - before.gain) < SETTLED * usual && fabs(fit.shift - before.shift) < SETTLED_FRAMES)
            break;
    }
    fit.explained = explained(c, x, sigma, s);
    return fit;
}

void emgp_ecg_keep(emgp_ecg_wave *w, const double *x, const emgp_ecg_fit *fit, double sigma, emgp_ecg_scratch *s)
{
    w->learned = fmin(w->learned + 1, MEMORY);
    double most = CLIP * sigma / fit->gain;
    emgp_ecg_shift(x, w->n, -fit->shift, 0, w->n, s->shifted);
    for (size_t i = 0; i < w->n; i++) {
        size_t end = i < w->n - 1 - i ? i : w->n - 1 - i; /* samples to the nearer end */
        double part = end < w->taper ? raised(end, w->taper) : 1;
        w->mean[i] += bounded(part * s->shifted[i] / fit->gain - w->mean[i], -most, most) / w->learned;
    }
    if (++w->kept % REFRESH_EACH == 0)
        refresh(w, sigma, s);
}

void emgp_ecg_scale(emgp_ecg_wave *w, double factor)
{
    for (size_t i = 0; i < w->n; i++) {
        w->mean[i] *= factor;
        w->x[i] *= factor;
    }
    w->highest *= factor;
    w->lowest *= factor;
}
