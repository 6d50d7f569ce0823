/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Known shapes in coloured Gaussian noise of known, changing strength: whiten, correlate, take the most likely discharge, take
 * it off, and again (matching pursuit with the log likelihood ratio of Kay 1998, matched filter of a size that varies). */
#include "methods/bound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "methods/numbers.h"

enum { ORDER = 24, MOST_UNITS = 16, MOST_TAKEN = 20000, BLOCK = 64 };
static const double HALF_S = 0.025, LEAST_RATE_HZ = 2000, APART_S = 0.0005;
static const double SIZE_SD = 0.15; /* of a discharge about its unit's size: no ground jitters more */
static const double LEAST_RATIO =
    2;                           /* below it no threshold scores best: a discharge is rarer than one in ten places */
static const double NOISE_S = 4; /* noise is that of so much on either side */
static const double QUIET_S = 0.040; /* kept clear of true discharges where noise is learned */

/* What is known of a unit: its whitened shape, and the energy of that. */
typedef struct known_shape {
    double *shape; /* 2 half + 1 samples */
    double energy;
} known_shape;

typedef struct pursuit {
    size_t n, half, n_units, n_blocks;
    known_shape unit[MOST_UNITS];
    double *left;                            /* whitened, less what was taken */
    double *power;                           /* of the whitened noise at each sample */
    double *match[MOST_UNITS];               /* left, correlated with each shape */
    double *shared[MOST_UNITS * MOST_UNITS]; /* each shape with each */
    double *best;                            /* log likelihood ratio of the best unit at each sample */
    double *block_best;                      /* largest of BLOCK samples */
} pursuit;

/* Marks the samples that lie near a true discharge. */
static unsigned char *near_truth(const exam_record *r)
{
    const size_t guard = exam_frames(QUIET_S, r->rate_hz);
    unsigned char *near = calloc(r->n + 1, 1);
    for (size_t k = 0; near && k < r->truth.n; k++) {
        size_t at = (size_t)fmax(0, r->truth.event[k].peak_s * r->rate_hz), from = at > guard ? at - guard : 0;
        if (from < r->n)
            memset(near + from, 1, (at + guard < r->n ? at + guard : r->n) - from);
    }
    return near;
}

/* Whitening filter of the noise by Levinson and Durbin, from stretches in which nothing is true. A little white noise keeps
 * it sound outside the band. */
static void whitener(const exam_record *r, const unsigned char *near, double a[ORDER + 1])
{
    double c[ORDER + 1] = { 0 };
    for (size_t i = ORDER; i < r->n; i++)
        for (size_t lag = 0; !near[i] && lag <= ORDER; lag++)
            c[lag] += r->x[i] * r->x[i - lag];
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

/* Power of the whitened noise about each sample, from quiet samples alone; of all of them where few are quiet. */
static bool learn_noise(const exam_record *r, const unsigned char *near, const double *white, double *power)
{
    const size_t reach = exam_frames(NOISE_S, r->rate_hz);
    double *sum = malloc((r->n + 1) * sizeof *sum), *count = malloc((r->n + 1) * sizeof *count);
    for (size_t i = 0; sum && count && i < r->n; i++) {
        bool quiet = !near[i] && i >= ORDER;
        sum[i + 1] = (i > 0 ? sum[i] : 0) + (quiet ? white[i] * white[i] : 0);
        count[i + 1] = (i > 0 ? count[i] : 0) + quiet;
    }
    for (size_t i = 0; sum && count && i < r->n; i++) {
        size_t from = i > reach ? i - reach : 0, to = i + reach < r->n ? i + reach : r->n;
        double all = sum[to] - (from ? sum[from] : 0), quiet = count[to] - (from ? count[from] : 0);
        power[i] = quiet > (double)reach / 8 ? all / quiet : sum[r->n] / fmax(count[r->n], 1);
    }
    bool done = sum && count;
    free(sum);
    free(count);
    return done;
}

/* Whether no other discharge lies within a shape of it. */
static bool is_alone(const exam_record *r, size_t k, double within_s)
{
    const emg_event *e = r->truth.event;
    for (size_t i = 0; i < r->truth.n; i++)
        if (i != k && fabs(e[i].peak_s - e[k].peak_s) < within_s)
            return false;
    return true;
}

/* Mean of the whitened loud record around a unit's discharges, those alone when there are any, in the record's own size. */
static bool learn_shape(const double *white_loud, const exam_record *loud, uint32_t unit, double gain, size_t half,
                        known_shape *out)
{
    size_t length = 2 * half + 1, n = 0;
    out->energy = 0;
    out->shape = calloc(length, sizeof *out->shape);
    for (int lonely = 1; out->shape && n == 0 && lonely >= 0; lonely--) {
        for (size_t k = 0; k < loud->truth.n; k++) {
            const emg_event *e = &loud->truth.event[k];
            size_t at = (size_t)llround(e->peak_s * loud->rate_hz);
            if (e->unit != unit || at < half || at + half >= loud->n || (lonely && !is_alone(loud, k, 2 * HALF_S)))
                continue;
            for (size_t i = 0; i < length; i++)
                out->shape[i] += white_loud[at - half + i];
            n++;
        }
    }
    for (size_t i = 0; out->shape && n > 0 && i < length; i++) {
        out->shape[i] /= (double)n * gain;
        out->energy += out->shape[i] * out->shape[i];
    }
    return out->shape != NULL;
}

/* The most likely size of a unit's discharge at a place (its own is 1), and how much likelier than none it is. */
static double ratio_at(const pursuit *p, size_t unit, size_t at, double *size)
{
    double energy = p->unit[unit].energy / p->power[at], match = p->match[unit][at] / p->power[at];
    double prior = 1 / (SIZE_SD * SIZE_SD);
    *size = fmax((match + prior) / (energy + prior), 0);
    return *size * match - 0.5 * *size * *size * energy - 0.5 * (*size - 1) * (*size - 1) * prior;
}

/* The correlation of what is left with each shape, everywhere. */
static void match_all(pursuit *p)
{
    for (size_t u = 0; u < p->n_units; u++) {
        memset(p->match[u], 0, p->n * sizeof *p->match[u]);
        for (size_t k = 0; k <= 2 * p->half; k++) /* sums side by side, which vectors do */
            for (size_t i = p->half; i + p->half < p->n; i++)
                p->match[u][i] += p->left[i - p->half + k] * p->unit[u].shape[k];
    }
}

/* Of every pair of shapes, the correlation at each lag from -2 half to 2 half. */
static bool correlate_shapes(pursuit *p)
{
    const long half = (long)p->half;
    for (size_t pair = 0; pair < p->n_units * p->n_units; pair++) {
        const double *a = p->unit[pair / p->n_units].shape, *b = p->unit[pair % p->n_units].shape;
        double *out = p->shared[pair] = calloc(4 * p->half + 1, sizeof *out);
        for (long lag = -2 * half; out && lag <= 2 * half; lag++)
            for (long k = 0; k <= 2 * half; k++)
                out[lag + 2 * half] += k + lag >= 0 && k + lag <= 2 * half ? a[k + lag] * b[k] : 0;
        if (!out)
            return false;
    }
    return true;
}

/* Brings the ratios of samples first .. last, and what is known of their blocks, up to date. */
static void refresh(pursuit *p, size_t first, size_t last)
{
    size_t from = first > p->half ? first : p->half, to = last + p->half < p->n ? last : p->n - p->half - 1;
    for (size_t i = from; i <= to; i++) {
        p->best[i] = -INFINITY;
        for (size_t u = 0; u < p->n_units; u++) {
            double size;
            p->best[i] = p->unit[u].energy > 0 ? fmax(p->best[i], ratio_at(p, u, i, &size)) : p->best[i];
        }
    }
    for (size_t b = from / BLOCK; b <= to / BLOCK; b++) {
        p->block_best[b] = -INFINITY;
        for (size_t i = b * BLOCK; i < (b + 1) * BLOCK && i < p->n; i++)
            p->block_best[b] = fmax(p->block_best[b], p->best[i]);
    }
}

static size_t find_best(const pursuit *p)
{
    size_t block = 0;
    for (size_t b = 1; b < p->n_blocks; b++)
        block = p->block_best[b] > p->block_best[block] ? b : block;
    size_t best = block * BLOCK;
    for (size_t i = best; i < (block + 1) * BLOCK && i < p->n; i++)
        best = p->best[i] > p->best[best] ? i : best;
    return best;
}

/* Takes the best unit's discharge at a place off what is left. */
static void take_off(pursuit *p, size_t at)
{
    size_t unit = 0;
    double most = -INFINITY, size = 0, own = 0;
    for (size_t u = 0; u < p->n_units; u++) {
        double ratio = p->unit[u].energy > 0 ? ratio_at(p, u, at, &own) : -INFINITY;
        if (ratio > most) {
            most = ratio;
            unit = u;
            size = own;
        }
    }
    size_t from = at > 2 * p->half ? at - 2 * p->half : 0, to = at + 2 * p->half < p->n ? at + 2 * p->half : p->n - 1;
    for (size_t u = 0; u < p->n_units; u++) {
        const double *shared = p->shared[unit * p->n_units + u];
        for (size_t i = from; i <= to; i++)
            p->match[u][i] -= size * shared[2 * p->half + at - i];
    }
    refresh(p, from, to);
}

static bool take_all(pursuit *p, double rate_hz, exam_events *out)
{
    const size_t apart = exam_frames(APART_S, rate_hz);
    unsigned char *taken = calloc(p->n + 1, 1);
    bool done = taken != NULL;
    for (size_t n = 0; done && n < MOST_TAKEN; n++) {
        size_t at = find_best(p);
        double ratio = p->best[at];
        if (!(ratio > LEAST_RATIO))
            break;
        bool again = false; /* the rest of one that was taken here already is no second one */
        for (size_t i = at > apart ? at - apart : 0; i <= at + apart && i < p->n; i++)
            again = again || taken[i];
        taken[at] = 1;
        take_off(p, at);
        if (again)
            continue;
        done = exam_events_add_spike(out, rate_hz, at, at, at);
        if (done)
            out->event[out->n - 1].confidence = ratio;
    }
    free(taken);
    return done;
}

static int by_time(const void *one, const void *other)
{
    const emg_event *a = one, *b = other;
    return (a->peak_s > b->peak_s) - (a->peak_s < b->peak_s);
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

static void pursuit_free(pursuit *p)
{
    for (size_t u = 0; u < MOST_UNITS; u++) {
        free(p->unit[u].shape);
        free(p->match[u]);
    }
    for (size_t pair = 0; pair < MOST_UNITS * MOST_UNITS; pair++)
        free(p->shared[pair]);
    free(p->left);
    free(p->power);
    free(p->best);
    free(p->block_best);
}

/* Shapes, noise and the whitened record. */
static bool pursuit_start(pursuit *p, const exam_record *record, const exam_record *loud, double gain)
{
    double a[ORDER + 1], *white_loud = malloc((loud->n + 1) * sizeof *white_loud);
    unsigned char *near = near_truth(record);
    p->n = record->n;
    p->half = exam_frames(HALF_S, record->rate_hz);
    p->n_blocks = p->n / BLOCK + 1;
    p->left = malloc((p->n + 1) * sizeof *p->left);
    p->power = malloc((p->n + 1) * sizeof *p->power);
    p->best = malloc((p->n + 1) * sizeof *p->best);
    p->block_best = malloc(p->n_blocks * sizeof *p->block_best);
    bool done = white_loud && near && p->left && p->power && p->best && p->block_best && loud->n == p->n;
    if (done) {
        whitener(record, near, a);
        run_whitener(a, record->x, p->n, p->left);
        run_whitener(a, loud->x, p->n, white_loud);
        done = learn_noise(record, near, p->left, p->power);
    }
    for (size_t i = 0; done && i < loud->truth.n; i++)
        p->n_units = loud->truth.event[i].unit > p->n_units ? loud->truth.event[i].unit : p->n_units;
    p->n_units = p->n_units < MOST_UNITS ? p->n_units : MOST_UNITS;
    for (size_t u = 0; done && u < p->n_units; u++) {
        p->match[u] = malloc((p->n + 1) * sizeof *p->match[u]);
        done = learn_shape(white_loud, loud, (uint32_t)u + 1, gain, p->half, &p->unit[u]) && p->match[u];
    }
    free(white_loud);
    free(near);
    return done;
}

static bool find(const exam_record *record, const exam_record *loud, double gain, exam_events *out)
{
    pursuit p = { .n = 0 };
    bool done = pursuit_start(&p, record, loud, gain) && correlate_shapes(&p);
    for (size_t i = 0; done && i < p.n; i++)
        p.best[i] = -INFINITY;
    for (size_t b = 0; done && b < p.n_blocks; b++)
        p.block_best[b] = -INFINITY;
    if (done) {
        match_all(&p);
        refresh(&p, 0, p.n - 1);
        done = take_all(&p, record->rate_hz, out);
    }
    if (done && out->n > 1)
        qsort(out->event, out->n, sizeof *out->event, by_time);
    pursuit_free(&p);
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
