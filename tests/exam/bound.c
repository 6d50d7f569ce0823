/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Known shapes in coloured Gaussian noise: whiten, correlate, and take the likelihood ratio (Kay 1998, matched filter). */
#include "bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"

enum { ORDER = 24, MOST_UNITS = 16 };
static const double HALF_S = 0.012, APART_S = 0.010, LEAST_RATE_HZ = 2000, SIDE_S = 0.015, SIDE_SHARE = 0.7;

/* Adds the autocorrelation of the stretches in which nothing is true. */
static void quiet_correlation(const exam_record *r, double c[ORDER + 1])
{
    const size_t guard = exam_frames(0.04, r->rate_hz);
    size_t from = 0;
    for (size_t k = 0; k <= r->truth.n; k++) {
        size_t event = k < r->truth.n ? (size_t)fmax(0, r->truth.event[k].peak_s * r->rate_hz) : r->n + guard;
        size_t to = event > guard ? event - guard : 0;
        for (size_t i = from + ORDER; i < to && i < r->n; i++)
            for (size_t lag = 0; lag <= ORDER; lag++)
                c[lag] += r->x[i] * r->x[i - lag];
        from = event + guard > from ? event + guard : from;
    }
}

/* Whitening filter of the noise by Levinson and Durbin; *power is what is left of it. A little white noise keeps it
 * sound outside the band. */
static void whitener(const exam_record *r, double a[ORDER + 1])
{
    double c[ORDER + 1] = { 0 };
    quiet_correlation(r, c);
    double error = c[0] > 0 ? c[0] * (1 + 1e-4) : 1;
    c[0] = error;
    memset(a, 0, (ORDER + 1) * sizeof *a);
    a[0] = 1;
    for (size_t m = 1; m <= ORDER; m++) {
        double sum = c[m], next[ORDER + 1];
        for (size_t k = 1; k < m; k++)
            sum += a[k] * c[m - k];
        double reflection = -sum / error;
        memcpy(next, a, sizeof next);
        for (size_t k = 1; k < m; k++)
            next[k] = a[k] + reflection * a[m - k];
        next[m] = reflection;
        memcpy(a, next, sizeof next);
        error *= 1 - reflection * reflection;
    }
}

static void run_whitener(const double a[ORDER + 1], const double *x, size_t n, double *y)
{
    for (size_t i = 0; i < n; i++) {
        y[i] = 0;
        for (size_t k = 0; k <= ORDER && k <= i; k++)
            y[i] += a[k] * x[i - k];
    }
}

/* Mean of the whitened loud record around a unit's discharges, in the record's own size; its energy. */
static double shape_of(const double *white_loud, const exam_record *loud, uint32_t unit, double gain, size_t half,
                       double *shape)
{
    size_t length = 2 * half + 1, n = 0;
    double energy = 0;
    memset(shape, 0, length * sizeof *shape);
    for (size_t k = 0; k < loud->truth.n; k++) {
        size_t at = (size_t)llround(loud->truth.event[k].peak_s * loud->rate_hz);
        if (loud->truth.event[k].unit != unit || at < half || at + half >= loud->n)
            continue;
        for (size_t i = 0; i < length; i++)
            shape[i] += white_loud[at - half + i];
        n++;
    }
    for (size_t i = 0; n > 0 && i < length; i++) {
        shape[i] /= (double)n * gain;
        energy += shape[i] * shape[i];
    }
    return energy;
}

/* best[i] = largest log likelihood ratio of any unit's discharge with its peak at i against none. Sums grow shape sample by
 * shape sample over all places, which vectors do side by side. */
static void correlate(const double *white, size_t n, const double *shape, size_t half, double energy, double power,
                      double *sum, double *best)
{
    memset(sum, 0, n * sizeof *sum);
    for (size_t k = 0; k <= 2 * half; k++)
        for (size_t i = half; i + half < n; i++)
            sum[i] += white[i - half + k] * shape[k];
    for (size_t i = half; i + half < n; i++)
        best[i] = fmax(best[i], (sum[i] - 0.5 * energy) / power);
}

/* Whether a much larger one is so near that its shape's own side waves explain this one. */
static bool is_side_wave(const double *best, size_t n, size_t at, double rate_hz)
{
    const size_t reach = exam_frames(SIDE_S, rate_hz);
    for (size_t k = at > reach ? at - reach : 0; k < n && k <= at + reach; k++)
        if (best[at] < SIDE_SHARE * best[k])
            return true;
    return false;
}

static bool pick(const double *best, const exam_record *r, exam_events *out)
{
    const size_t apart = exam_frames(APART_S, r->rate_hz);
    for (size_t i = 0; i < r->n; i++) {
        bool largest = best[i] > 0;
        for (size_t k = i > apart ? i - apart : 0; largest && k < r->n && k <= i + apart; k++)
            largest = best[k] < best[i] || (best[k] <= best[i] && k >= i);
        if (!largest || is_side_wave(best, r->n, i, r->rate_hz))
            continue;
        if (!exam_events_add_spike(out, r->rate_hz, i, i, i))
            return false;
        out->event[out->n - 1].confidence = best[i];
    }
    return true;
}

static double quiet_power(const exam_record *r, const double *white)
{
    double *work = malloc((r->n + 1) * sizeof *work), sigma = 1;
    if (work)
        sigma = exam_mad_sigma(white, r->n, work);
    free(work);
    return sigma * sigma;
}

/* Every stride-th sample of the band-passed signal: at high rates neighbours tell nothing new and spoil the whitening. */
static bool thin(const exam_record *r, size_t stride, exam_record *out)
{
    *out = *r;
    out->n = r->n / stride;
    out->rate_hz = r->rate_hz / (double)stride;
    out->x = malloc((out->n + 1) * sizeof *out->x);
    for (size_t i = 0; out->x && i < out->n; i++)
        out->x[i] = r->x[i * stride];
    return out->x != NULL;
}

static bool find(const exam_record *record, const exam_record *loud, double gain, exam_events *out)
{
    const size_t half = exam_frames(HALF_S, record->rate_hz), n = record->n;
    double a[ORDER + 1], *white = malloc(n * sizeof *white), *white_loud = malloc(n * sizeof *white_loud);
    double *best = malloc(n * sizeof *best), *sum = malloc(n * sizeof *sum);
    double *shape = malloc((2 * half + 1) * sizeof *shape);
    bool done = white && white_loud && best && sum && shape && loud->n == n;
    if (done) {
        whitener(record, a);
        run_whitener(a, record->x, n, white);
        run_whitener(a, loud->x, n, white_loud);
        double power = quiet_power(record, white);
        for (size_t i = 0; i < n; i++)
            best[i] = -INFINITY;
        for (uint32_t unit = 1; unit <= MOST_UNITS; unit++) {
            double energy = shape_of(white_loud, loud, unit, gain, half, shape);
            if (energy > 0)
                correlate(white, n, shape, half, energy, power, sum, best);
        }
        done = pick(best, record, out);
    }
    free(white);
    free(white_loud);
    free(best);
    free(sum);
    free(shape);
    return done;
}

emg_status exam_bound_candidates(const exam_record *record, const exam_record *loud, double gain, exam_events *out,
                                 emg_error *err)
{
    size_t stride = record->rate_hz >= 2 * LEAST_RATE_HZ ? (size_t)(record->rate_hz / LEAST_RATE_HZ) : 1;
    exam_record thinned = { 0 }, thinned_loud = { 0 };
    bool done =
        thin(record, stride, &thinned) && thin(loud, stride, &thinned_loud) && find(&thinned, &thinned_loud, gain, out);
    free(thinned.x);
    free(thinned_loud.x);
    return done ? EMG_OK : exam_no_memory(err);
}
