/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape that one motor unit (or one heart beat) leaves on an electrode, ready to be added to samples. */
#ifndef EMGP_SIMULATE_UNIT_H
#define EMGP_SIMULATE_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simulate/plan/random.h"

/* Steps per sample at which a shape can be placed, the most parts a shape is made of, and how many variants a shape
 * with jittering fibres has. */
enum { EMGP_PHASES = 16, EMGP_SHAPE_PARTS = 6, EMGP_VARIANTS = 8 };

/* Part of a shape: scale * sum over n of c[n] H_n(u) exp(-u^2), u = (t - delay_s) / lambda_s, each H_n divided by its
 * largest value (Hermite-Rodriguez functions; n = 0 a bump, 1 biphasic, 2 triphasic, 3 four phases). */
typedef struct emgp_shape_part {
    double delay_s, lambda_s, c[4];
} emgp_shape_part;

/* Either parts, or samples at step_s from from_s on, n_variants rows of n_samples each, which the shape owns. */
typedef struct emgp_shape {
    emgp_shape_part part[EMGP_SHAPE_PARTS];
    size_t n;
    double *samples;
    size_t n_samples, n_variants;
    double from_s, step_s;
} emgp_shape;
void emgp_shape_free(emgp_shape *shape);

/* Whether the extreme opposite to the peak is so much smaller that noise cannot decide which is the fiducial. */
bool emgp_shape_is_one_sided(const emgp_shape *shape);

/* A shape in samples. Time 0 of the table is its fiducial: the largest deflection. */
typedef struct emgp_unit {
    float *table;             /* EMGP_PHASES rows of `length` samples for each variant; owned; peak 1 */
    size_t length, lead;      /* row p, sample i is the shape at (i - lead - p / EMGP_PHASES) samples */
    size_t n_variants;        /* 1 or more; variant v has its rows from v * EMGP_PHASES on */
    double amplitude_uv;      /* the peak's size */
    double drawn_peak;        /* the peak as the shape was given: of fibres, how strongly they reach the electrode */
    double peak_to_peak;      /* in peaks: between 1 and 2 */
    double before_s, after_s; /* from the shape's first rise above 5 % of its peak to the fiducial, and on to its end */
} emgp_unit;

/* Draws the shape of a motor unit seen by a surface electrode (lambda 1.5 to 3.5 ms, 8 to 20 ms long) or a needle
 * (a spike of lambda 0.4 to 0.9 ms on a slow wave; now and then polyphasic). */
emgp_shape emgp_shape_surface(emgp_random *r);
emgp_shape emgp_shape_needle(emgp_random *r);
/* A heart beat on a chest lead (P, QRS, T), and what a muscle's electrode near the chest keeps of it (QRS). */
emgp_shape emgp_shape_heart(bool chest);

/* Renders a shape at a rate; its amplitude is 1 microvolt until it is set. False when memory is out. */
bool emgp_unit_make(emgp_unit *unit, const emgp_shape *shape, double rate_hz);
void emgp_unit_free(emgp_unit *unit);

/* x[frame * stride] += gain * unit (its table's row `row`), for frames 0 .. n_frames - 1 of a stretch that begins at frame `from`. */
void emgp_unit_add(const emgp_unit *unit, int64_t start, unsigned row, double gain, int64_t from, double *x,
                   size_t n_frames, size_t stride);

#endif
