/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes as sums of Hermite-Rodriguez functions or as fine samples, rendered once at sixteen positions between samples. */
#include "simulate/plan/plan.h"

#include <math.h>

#include "base/base.h"

/* Share of the peak at which a shape begins and ends for a reader, and at which its table is cut. */
static const double VISIBLE = 0.05, NEGLIGIBLE = 2e-4;
/* The extreme opposite to the peak must stay below this share of it, or noise would decide which is the fiducial. */
static const double OPPOSITE = 0.85;
/* Below this rate shapes go through the recorder's low-pass before they are sampled; it reaches so many sixteenths of a
 * sample either way. */
static const double slow_hz = 1000;
enum { LOW_PASS = 16 * EMGP_PHASES };
static const double corner = 0.45; /* of the rate, as the noise's */

static double hermite(const double c[4], double u)
{
    double u2 = u * u;
    if (u2 > 40) /* exp(-40) = 4e-18 */
        return 0;
    double h1 = 2 * u / 0.857763884960707, h2 = (4 * u2 - 2) / -2.0, h3 = u * (8 * u2 - 12) / 3.903571;
    return (c[0] + c[1] * h1 + c[2] * h2 + c[3] * h3) * emgp_fixed_exp(-u2);
}

/* The cubic through four samples (Catmull and Rom 1974); 0 outside. */
static double sample_at(const emgp_shape *shape, size_t variant, double t)
{
    double place = (t - shape->from_s) / shape->step_s, whole = floor(place), u = place - whole;
    if (!(whole >= 1) || whole + 2 >= (double)shape->n_samples)
        return 0;
    const double *y = shape->samples + variant * shape->n_samples + (size_t)whole;
    double a = y[-1], b = y[0], c = y[1], d = y[2];
    return b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
}

static double shape_at(const emgp_shape *shape, size_t variant, double t)
{
    if (shape->samples)
        return sample_at(shape, variant, t);
    double sum = 0;
    for (size_t i = 0; i < shape->n; i++)
        sum += hermite(shape->part[i].c, (t - shape->part[i].delay_s) / shape->part[i].lambda_s);
    return sum;
}

/* What a scan over the whole shape finds; times in the shape's own clock. */
typedef struct extent {
    double peak_s, peak, highest, lowest;
    double first_s, last_s; /* where |shape| passes `level` of the peak */
} extent;

/* Beyond 6.3 lambda a part is below 1e-17; a step of lambda / 64 places the peak to lambda / 10000 with a parabola. */
static void scan_limits(const emgp_shape *shape, double *from, double *to, double *step)
{
    if (shape->samples) {
        *from = shape->from_s;
        *step = shape->step_s / 4;
        *to = shape->from_s + (double)(shape->n_samples - 1) * shape->step_s;
        return;
    }
    *from = *to = shape->part[0].delay_s;
    *step = shape->part[0].lambda_s;
    for (size_t i = 0; i < shape->n; i++) {
        const emgp_shape_part *p = &shape->part[i];
        *from = fmin(*from, p->delay_s - 6.3 * p->lambda_s);
        *to = fmax(*to, p->delay_s + 6.3 * p->lambda_s);
        *step = fmin(*step, p->lambda_s);
    }
    *step /= 64;
}

static double refined_peak(const emgp_shape *shape, double t, double step)
{
    double a = fabs(shape_at(shape, 0, t - step)), b = fabs(shape_at(shape, 0, t)),
           c = fabs(shape_at(shape, 0, t + step));
    double bend = a - 2 * b + c;
    return bend < 0 ? t + 0.5 * step * (a - c) / bend : t;
}

static extent scan(const emgp_shape *shape, double level)
{
    double from, to, step;
    scan_limits(shape, &from, &to, &step);
    extent e = { .peak_s = from };
    size_t n = (size_t)((to - from) / step) + 1;
    for (size_t i = 0; i < n; i++) {
        double t = from + (double)i * step, y = shape_at(shape, 0, t);
        e.highest = fmax(e.highest, y);
        e.lowest = fmin(e.lowest, y);
        if (fabs(y) > e.peak) {
            e.peak = fabs(y);
            e.peak_s = t;
        }
    }
    e.peak_s = refined_peak(shape, e.peak_s, step);
    e.peak = fabs(shape_at(shape, 0, e.peak_s));
    e.first_s = to;
    e.last_s = from;
    for (size_t i = 0; i < n; i++) {
        double t = from + (double)i * step;
        if (fabs(shape_at(shape, 0, t)) >= level * e.peak) {
            e.first_s = fmin(e.first_s, t);
            e.last_s = t;
        }
    }
    return e;
}

bool emgp_shape_is_one_sided(const emgp_shape *shape)
{
    extent e = scan(shape, VISIBLE);
    return fmin(e.highest, -e.lowest) <= OPPOSITE * e.peak;
}

/* Mostly triphasic, some biphasic, each with a touch of the other orders. */
static void draw_phases(emgp_random *r, double scale, double c[4])
{
    bool triphasic = emgp_random_uniform(r) < 0.65;
    c[0] = 0;
    c[1] = scale * (triphasic ? emgp_random_between(r, -0.45, 0.45) : 1);
    c[2] = scale * (triphasic ? 1 : emgp_random_between(r, 0.25, 0.6));
    c[3] = scale * emgp_random_between(r, -0.25, 0.25);
}

static emgp_shape draw_surface(emgp_random *r)
{
    emgp_shape shape = { .n = 1 };
    double lambda = emgp_random_between(r, 0.0015, 0.0035), sign = emgp_random_uniform(r) < 0.5 ? -1 : 1;
    shape.part[0].lambda_s = lambda;
    draw_phases(r, sign, shape.part[0].c);
    if (emgp_random_uniform(r) < 0.35) { /* fibres whose end-plates lie a few millimetres off */
        emgp_shape_part *late = &shape.part[shape.n++];
        late->delay_s = lambda * emgp_random_between(r, 1.2, 2.2);
        late->lambda_s = lambda * emgp_random_between(r, 0.8, 1.2);
        draw_phases(r, sign * emgp_random_between(r, 0.2, 0.4), late->c);
    }
    return shape;
}

static emgp_shape draw_needle(emgp_random *r)
{
    emgp_shape shape = { .n = 2 };
    double sign = emgp_random_uniform(r) < 0.3 ? -1 : 1;
    shape.part[0].lambda_s = emgp_random_between(r, 0.0004, 0.0009);
    draw_phases(r, sign, shape.part[0].c);
    /* Distant fibres of the unit: the slow rise before and fall after the spike. */
    shape.part[1].delay_s = emgp_random_between(r, -0.0006, 0.0010);
    shape.part[1].lambda_s = emgp_random_between(r, 0.0018, 0.0030);
    shape.part[1].c[1] = sign * emgp_random_between(r, 0.10, 0.22);
    shape.part[1].c[2] = sign * emgp_random_between(r, 0.05, 0.15);
    if (emgp_random_uniform(r) < 0.35) {
        size_t more = 1 + emgp_random_below(r, 2);
        for (size_t i = 0; i < more; i++) {
            emgp_shape_part *p = &shape.part[shape.n++];
            p->delay_s = emgp_random_between(r, 0.0015, 0.0045) * (i ? -0.6 : 1);
            p->lambda_s = emgp_random_between(r, 0.0004, 0.0007);
            draw_phases(r, sign * emgp_random_between(r, 0.25, 0.5), p->c);
        }
    }
    return shape;
}

static emgp_shape drawn(emgp_random *r, emgp_shape draw(emgp_random *))
{
    emgp_shape shape = draw(r);
    for (int tries = 0; tries < 40 && !emgp_shape_is_one_sided(&shape); tries++)
        shape = draw(r);
    return shape;
}

emgp_shape emgp_shape_surface(emgp_random *r)
{
    return drawn(r, draw_surface);
}

emgp_shape emgp_shape_needle(emgp_random *r)
{
    return drawn(r, draw_needle);
}

emgp_shape emgp_shape_ecg(bool chest)
{
    static const emgp_shape lead = { .n = 5,
                                     .part = { { 0, 0.014, { 1 } },            /* R */
                                               { -0.030, 0.010, { -0.12 } },   /* Q */
                                               { 0.032, 0.013, { -0.24 } },    /* S */
                                               { -0.165, 0.034, { 0.12 } },    /* P */
                                               { 0.270, 0.062, { 0.27 } } } }; /* T */
    /* Volume conduction and the 10 Hz high-pass leave the QRS, with zero mean. */
    static const emgp_shape near = { .n = 2, .part = { { 0, 0.020, { 0, 0.25, 1 } }, { 0.020, 0.016, { 0, 0.2 } } } };
    return chest ? lead : near;
}

static void fill_table(emgp_unit *unit, const emgp_shape *shape, const extent *e, double rate_hz)
{
    for (size_t r = 0; r < unit->n_variants * EMGP_PHASES; r++) {
        float *row = unit->table + r * unit->length;
        for (size_t i = 0; i < unit->length; i++) {
            double samples = (double)i - (double)unit->lead - (double)(r % EMGP_PHASES) / EMGP_PHASES;
            row[i] = (float)(shape_at(shape, r / EMGP_PHASES, e->peak_s + samples / rate_hz) / e->peak);
        }
    }
}

/* A sinc under a Hann window that ends at the recorder's upper corner: every sixteenth of a sample from the middle on. */
static void draw_low_pass(double tap[LOW_PASS])
{
    double sum = 0;
    for (size_t k = 0; k < LOW_PASS; k++) {
        const double turns = corner * (double)k / EMGP_PHASES;
        double sine, cosine, unused;
        emgp_fixed_sincos(turns, &sine, &unused);
        emgp_fixed_sincos(0.5 * (double)k / LOW_PASS, &unused, &cosine);
        tap[k] = (k > 0 ? sine / (2 * PI * turns) : 1) * (0.5 + 0.5 * cosine);
        sum += (k > 0 ? 2 : 1) * tap[k];
    }
    for (size_t k = 0; k < LOW_PASS; k++)
        tap[k] /= sum;
}

/* The same as a slow recorder samples it: what it cannot hold is gone before, or where a shape lies between two samples
 * would decide how much of it there is. */
static bool fill_slow_table(emgp_unit *unit, const emgp_shape *shape, const extent *e, double rate_hz)
{
    const size_t n = (unit->length + 1) * EMGP_PHASES, room = n + 2 * LOW_PASS;
    double *fine = emgp_alloc(room, sizeof *fine), tap[LOW_PASS];
    if (!fine)
        return false;
    draw_low_pass(tap);
    for (size_t v = 0; v < unit->n_variants; v++) {
        for (size_t i = 0; i < room; i++) {
            const double steps = (double)i - LOW_PASS - (double)((unit->lead + 1) * EMGP_PHASES);
            fine[i] = shape_at(shape, v, e->peak_s + steps / (EMGP_PHASES * rate_hz)) / e->peak;
        }
        for (size_t r = 0; r < EMGP_PHASES; r++)
            for (size_t i = 0; i < unit->length; i++) {
                const double *at = fine + LOW_PASS + (i + 1) * EMGP_PHASES - r;
                double sum = tap[0] * at[0];
                for (size_t k = 1; k < LOW_PASS; k++)
                    sum += tap[k] * (at[k] + at[-(ptrdiff_t)k]);
                unit->table[(v * EMGP_PHASES + r) * unit->length + i] = (float)sum;
            }
    }
    emgp_free(fine);
    return true;
}

bool emgp_unit_make(emgp_unit *unit, const emgp_shape *shape, double rate_hz)
{
    extent visible = scan(shape, VISIBLE), whole = scan(shape, NEGLIGIBLE);
    *unit = (emgp_unit){ .amplitude_uv = 1, .n_variants = shape->samples ? shape->n_variants : 1 };
    unit->lead = (size_t)ceil((whole.peak_s - whole.first_s) * rate_hz);
    unit->length = unit->lead + (size_t)ceil((whole.last_s - whole.peak_s) * rate_hz) + 2;
    if (rate_hz < slow_hz) { /* the low-pass spreads it */
        unit->lead += LOW_PASS / EMGP_PHASES;
        unit->length += 2 * LOW_PASS / EMGP_PHASES;
    }
    unit->peak_to_peak = (visible.highest - visible.lowest) / visible.peak;
    unit->drawn_peak = visible.peak;
    unit->before_s = visible.peak_s - visible.first_s;
    unit->after_s = visible.last_s - visible.peak_s;
    unit->table = emgp_alloc(unit->n_variants * EMGP_PHASES * unit->length, sizeof *unit->table);
    if (unit->table && rate_hz < slow_hz)
        return fill_slow_table(unit, shape, &whole, rate_hz);
    if (unit->table)
        fill_table(unit, shape, &whole, rate_hz);
    return unit->table != NULL;
}

void emgp_shape_free(emgp_shape *shape)
{
    emgp_free(shape->samples);
    shape->samples = NULL;
}

void emgp_unit_free(emgp_unit *unit)
{
    emgp_free(unit->table);
    unit->table = NULL;
}

void emgp_unit_add(const emgp_unit *unit, int64_t start, unsigned row, double gain, int64_t from, double *x,
                   size_t n_frames, size_t stride)
{
    const float *shape = unit->table + row * unit->length;
    int64_t first = start > from ? start : from, end = start + (int64_t)unit->length;
    int64_t stop = from + (int64_t)n_frames < end ? from + (int64_t)n_frames : end;
    double scale = gain * unit->amplitude_uv;
    for (int64_t i = first; i < stop; i++)
        x[(size_t)(i - from) * stride] += scale * (double)shape[i - start];
}
