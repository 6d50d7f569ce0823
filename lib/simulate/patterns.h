/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What muscles do in a scene: discharges, rhythms, contractions and a heart beat, each with its truth. */
#ifndef EMGP_SIMULATE_PATTERNS_H
#define EMGP_SIMULATE_PATTERNS_H

#include <stddef.h>

#include "simulate/scene.h"

/* A stretch of the recording. */
typedef struct emgp_span {
    double from_s, to_s;
} emgp_span;

/* --- patterns of single units (simulate_spikes.c) --- */

/* Fasciculations: a Poisson process of all units together with 10 ms dead time, whose rate swings by a tenth; a share of the
 * discharges has a second one after 30 to 40 ms. */
typedef struct emgp_fasciculation {
    size_t n_units;
    double per_min;               /* discharges, second ones included */
    double snr_db, snr_spread_db; /* peak-SNR of the units: evenly over snr_db +- spread */
    double peak_to_peak_uv;       /* > 0: the units' median size instead of an SNR (log-normal, SD 0.4) */
    double doublet_share;
    double jitter; /* SD of the gain from firing to firing */
    emgp_span span;
} emgp_fasciculation;
void emgp_add_fasciculation(emgp_scene *scene, size_t channel, const emgp_fasciculation *plan);

/* One unit that fires by itself like a clock. */
typedef struct emgp_regular {
    double rate_hz, cv, snr_db;
    emgp_span span;
} emgp_regular;
void emgp_add_regular(emgp_scene *scene, size_t channel, const emgp_regular *plan);

/* One unit that fires in groups of 3 to 8, 28 to 33 ms apart, the groups repeating semi-rhythmically. */
typedef struct emgp_myokymia {
    double group_s, group_cv, snr_db;
    emgp_span span;
} emgp_myokymia;
void emgp_add_myokymia(emgp_scene *scene, size_t channel, const emgp_myokymia *plan);

/* A heart beating through the whole recording on several channels at once; part of no truth. */
void emgp_add_heart(emgp_scene *scene, const size_t *channels, const double *peak_to_peak_uv, size_t n, double per_min);

/* The discharges of a scene without end that fall into second number `window` of a channel; truth may be NULL. */
enum { EMGP_WINDOW_ROOM = 128 };
size_t emgp_window_discharges(const emgp_scene *scene, size_t channel, int64_t window, emgp_firing *firings,
                              emg_truth *truths);
/* Prepares a channel for them. */
void emgp_add_endless(emgp_scene *scene, size_t channel, size_t n_units, double snr_db);

/* --- many units at once (simulate_bursts.c) --- */

/* A pool of units as a muscle has them: sizes exponentially distributed, smallest first, seen from random depths. */
typedef struct emgp_pool {
    size_t channel, first, n;
} emgp_pool;
emgp_pool emgp_add_pool(emgp_scene *scene, size_t channel, size_t n, double median_uv);

/* Clonus: every unit once a beat, faster in the middle of an episode than at its ends, decaying. Beat times are
 * shared by all pools, which follow each other by their delays. Stretch annotations cover the episodes. */
typedef struct emgp_clonus {
    size_t least_beats, most_beats;
    double rest_least_s, rest_most_s;
    const emgp_pool *pools;
    const double *delay_s;  /* of each pool behind the first */
    const double *presence; /* 0 to 1: the chance that a pool takes part in an episode */
    size_t n_pools;
    emgp_span span;
} emgp_clonus;
void emgp_add_clonus(emgp_scene *scene, const emgp_clonus *plan);

/* Tremor: raised bursts in long runs; pool k lags by phase[k] periods (0.5: alternating). */
typedef struct emgp_tremor {
    double rate_hz;
    double duty; /* share of the period in which units fire */
    const emgp_pool *pools;
    const double *phase;
    size_t n_pools;
    emgp_span span;
} emgp_tremor;
void emgp_add_tremor(emgp_scene *scene, const emgp_tremor *plan);

/* Myoclonus: jerks of many units at Poisson times, in all pools within 15 ms. */
typedef struct emgp_myoclonus {
    double per_min;
    double burst_s, burst_sd_s; /* length of a jerk */
    const emgp_pool *pools;
    size_t n_pools;
    emgp_span span;
} emgp_myoclonus;
void emgp_add_myoclonus(emgp_scene *scene, const emgp_myoclonus *plan);

/* --- trains (simulate_trains.c) --- */

/* Voluntary contractions: units recruited by size while a ramped drive holds, 8 to 30 firings a second. */
typedef struct emgp_voluntary {
    double least_s, most_s; /* length of a contraction */
    double rest_least_s, rest_most_s;
    double drive_least, drive_most; /* share of the full drive */
    const emgp_pool *pools;         /* contract together; pool k > 0 with the share coactivation of the drive */
    size_t n_pools;
    double coactivation;
    const char *annotation; /* NULL: none */
    emgp_span span;
} emgp_voluntary;
void emgp_add_voluntary(emgp_scene *scene, const emgp_voluntary *plan);

/* A cramp: abrupt, 14.5 firings a second with a coefficient of variation of 0.45 and 4 % doublets. */
void emgp_add_cramp(emgp_scene *scene, emgp_pool pool, emgp_span span);

#endif
