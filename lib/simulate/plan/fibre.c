/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fibres as moving lines of dipoles in an unbounded anisotropic conductor, from end-plate to both ends. */
#include "simulate/plan/plan.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* Rosenfalck 1969: V(s) = 96 s^3 exp(-s) - 90 mV, s in mm behind the front; beyond 14 mm it is back at rest. */
static const double BEHIND_MM = 14;
/* Conductivity along the fibres over that across (Andreassen and Rosenfalck 1981): distances across count more. */
static const double ANISOTROPY = 5;

enum { ELECTRODE_POINTS = 5, SHAFT_POINTS = 6 };

/* What is the same for all fibres of a unit; lengths in mm, speeds in mm / ms. */
typedef struct unit_plan {
    bool needle;
    double grid_mm, step_ms;
    double velocity, depth_mm, offset_mm, spacing_mm, half_mm, scatter_mm, jitter_ms, velocity_spread;
    size_t n_fibres, n_variants, n_source, n_line, n_samples;
} unit_plan;

/* Room for one fibre. `line` is the electrode's sensitivity to a monopole at every grid point outwards from the
 * end-plate, `course` the potential when the front is at each of them. */
typedef struct workspace {
    double *source, *line, *course, *samples;
} workspace;

/* How far a unit is from the electrode. Units lie evenly over the muscle's cross-section: under a surface electrode from a
 * third of the mean distance (skin and fat) outwards; around a needle some are passed closely and most are far. */
static double draw_depth(emgp_random *r, double mean_mm, bool needle)
{
    if (needle)
        return mean_mm * emgp_fixed_exp(0.8 * emgp_random_within(r, 0, 1, -2, 2));
    return mean_mm * (0.35 + 0.975 * sqrt(emgp_random_uniform(r)));
}

static unit_plan plan_unit(emgp_random *r, const emgp_channel_plan *plan)
{
    bool needle = plan->electrode > 0.5;
    double depth = isnan(plan->depth_mm) ? (needle ? 2.5 : 6) : plan->depth_mm;
    unit_plan u = { .needle = needle,
                    .grid_mm = needle ? 0.1 : 0.5,
                    .step_ms = needle ? 0.02 : 0.1,
                    .velocity = plan->velocity_m_s * emgp_random_within(r, 1, 0.1, 0.75, 1.25),
                    .depth_mm = draw_depth(r, depth, needle),
                    .offset_mm = plan->offset_mm + 0.5 * plan->scatter_mm * emgp_random_normal(r),
                    .spacing_mm = plan->spacing_mm,
                    .half_mm = 0.5 * plan->length_mm,
                    .scatter_mm = plan->scatter_mm,
                    .jitter_ms = plan->shape_jitter_us / 1000,
                    .velocity_spread = 0.03,
                    .n_fibres = needle ? 24 : 20 };
    u.n_variants = u.jitter_ms > 0 ? EMGP_VARIANTS : 1;
    u.n_source = (size_t)(BEHIND_MM / u.grid_mm) + 1;
    u.n_line = (size_t)((u.half_mm + 4 * u.scatter_mm) / u.grid_mm) + 2;
    double longest_ms = (u.half_mm + 4 * u.scatter_mm + BEHIND_MM + 2) / (0.75 * u.velocity);
    u.n_samples = (size_t)(longest_ms / u.step_ms) + 8;
    return u;
}

/* The dipoles behind the front: V'(s) = 96 s^2 (3 - s) exp(-s), their mean taken out so that they sum to nothing. */
static void fill_source(double *source, size_t n, double grid_mm)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        double s = ((double)k + 0.5) * grid_mm;
        source[k] = s * s * (3 - s) * emgp_fixed_exp(-s);
        sum += source[k];
    }
    for (size_t k = 0; k < n; k++)
        source[k] -= sum / (double)n;
}

/* Sensitivity of the surface pair to a monopole `along` mm from the middle between the electrodes: each is 5 mm long. */
static double see_surface(double along, double across, double spacing)
{
    double sum = 0, square = ANISOTROPY * across * across;
    for (int i = 0; i < ELECTRODE_POINTS; i++) {
        double z = along - 2.5 + 1.25 * i, a = z - 0.5 * spacing, b = z + 0.5 * spacing;
        sum += 1 / sqrt(square + a * a) - 1 / sqrt(square + b * b);
    }
    return sum / ELECTRODE_POINTS;
}

/* The core of a concentric needle against its shaft, which lies across the fibres: 0.5 mm of core, 12 mm of shaft. */
static double see_needle(double along, double across)
{
    double core = 0, shaft = 0, square = along * along;
    for (int i = -1; i <= 1; i++) {
        double x = across + 0.2 * i;
        core += 1 / sqrt(square + ANISOTROPY * (x * x + 0.02));
    }
    for (int i = 0; i < SHAFT_POINTS; i++) {
        double x = across + 1 + 2 * i;
        shaft += 1 / sqrt(square + ANISOTROPY * x * x);
    }
    return core / 3 - shaft / SHAFT_POINTS;
}

/* One half of a fibre, from the end-plate to its end: adds to course[i] the potential when the front is at i.
 *
 *      end-plate |==========<<<<dipoles<<<<|front ------>| end
 *
 * A dipole between two grid points counts as the difference of the line there; beyond the end there is none, which
 * leaves the uncompensated charge of the end effect; likewise at the end-plate. */
static void add_half(const unit_plan *u, workspace *w, double plate_mm, double across_mm, double length_mm,
                     int direction)
{
    size_t n = (size_t)(length_mm / u->grid_mm);
    n = n < u->n_line - 1 ? n : u->n_line - 1;
    for (size_t j = 0; j <= n; j++) {
        double along = plate_mm + direction * (double)j * u->grid_mm - u->offset_mm;
        w->line[j] = u->needle ? see_needle(along, across_mm) : see_surface(along, across_mm, u->spacing_mm);
    }
    for (size_t j = 0; j < n; j++)
        w->line[j] = w->line[j + 1] - w->line[j];
    for (size_t j = 0; j < n; j++) {
        double strength = w->line[j], *course = w->course + j;
        for (size_t k = 0; k < u->n_source; k++)
            course[k] += strength * w->source[k];
    }
}

/* Adds a fibre's course to the samples of a variant, later by delay_ms. */
static void add_course(const unit_plan *u, const workspace *w, double velocity, double delay_ms, double *samples)
{
    size_t n = u->n_line + u->n_source;
    for (size_t i = 0; i < u->n_samples; i++) {
        double place = ((double)i * u->step_ms - 0.3 - delay_ms) * velocity / u->grid_mm, whole = floor(place);
        if (whole < 0 || whole + 1 >= (double)n)
            continue;
        const double *c = w->course + (size_t)whole;
        samples[i] += c[0] + (place - whole) * (c[1] - c[0]);
    }
}

/* A fibre's distance: units spread over some 2 mm (SD) around their place. */
static double distance(const unit_plan *u, emgp_random *r)
{
    if (u->needle) /* Rayleigh distances of that mean */
        return fmax(0.12, u->depth_mm * 0.79788456080286536 * sqrt(-2 * emgp_fixed_log(1 - emgp_random_uniform(r))));
    double down = u->depth_mm + 0.2 * u->depth_mm * emgp_random_within(r, 0, 1, -2, 2),
           aside = 2 * emgp_random_normal(r);
    return sqrt(down * down + aside * aside);
}

static void add_fibre(const unit_plan *u, emgp_random *r, workspace *w)
{
    double across = distance(u, r), plate = u->scatter_mm * emgp_random_within(r, 0, 1, -2.5, 2.5);
    double velocity = u->velocity * emgp_random_within(r, 1, u->velocity_spread, 0.8, 1.2);
    memset(w->course, 0, (u->n_line + u->n_source) * sizeof *w->course);
    for (int direction = -1; direction <= 1; direction += 2) {
        double end = u->half_mm + u->scatter_mm * emgp_random_within(r, 0, 1, -2, 2);
        add_half(u, w, plate, across, fmax(end - direction * plate, 5), direction);
    }
    for (size_t v = 0; v < u->n_variants; v++) {
        double delay = u->jitter_ms > 0 ? u->jitter_ms * emgp_random_within(r, 0, 1, -3, 3) : 0;
        add_course(u, w, velocity, delay, w->samples + v * u->n_samples);
    }
}

bool emgp_fibre_shape(emgp_shape *shape, emgp_random *r, const emgp_channel_plan *plan)
{
    unit_plan u = plan_unit(r, plan);
    workspace w = { .source = emgp_alloc(u.n_source, sizeof *w.source),
                    .line = emgp_alloc(u.n_line, sizeof *w.line),
                    .course = emgp_alloc(u.n_line + u.n_source, sizeof *w.course),
                    .samples = emgp_alloc(u.n_variants * u.n_samples, sizeof *w.samples) };
    bool fine = w.source && w.line && w.course && w.samples;
    if (fine) {
        fill_source(w.source, u.n_source, u.grid_mm);
        for (size_t i = 0; i < u.n_fibres; i++)
            add_fibre(&u, r, &w);
    } else {
        emgp_free(w.samples);
        w.samples = NULL;
    }
    *shape = (emgp_shape){
        .samples = w.samples, .n_samples = u.n_samples, .n_variants = u.n_variants, .step_s = u.step_ms / 1000
    };
    emgp_free(w.source);
    emgp_free(w.line);
    emgp_free(w.course);
    return fine;
}
