/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two recordings compared: what is kept of them, and their time at rest cut into minutes. */
#ifndef EMGP_ANALYSIS_COMPARE_COMPARE_H
#define EMGP_ANALYSIS_COMPARE_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include <emg/comparison.h>

#include "base/base.h"

/* ---- minutes.c: Time at rest as one clock, cut into minutes. ---- */

/* What is counted of a muscle. */
typedef struct emgp_counting {
    const emg_visit *visit;
    size_t muscle;
    double least; /* smallest amplitude that counts */
} emgp_counting;

/* Counts, minutes and amplitudes of one side; side->summary is set. *minutes and amplitudes are freed by the caller,
 * whatever is returned. EMG_ENOMEM. */
emg_status emgp_minutes_count(const emgp_counting *counting, emg_compared_side *side, uint64_t **minutes,
                              emg_error *err);

/* ---- means.c: Means of two lists of numbers, with Student's and Welch's t. ---- */

/* Mean of n numbers with its 95 % interval by Student's t; without bounds below 2, or where they are all the same. */
emg_interval emgp_mean(const double *x, size_t n);

/* Means of both lists and b - a, as they stand: emg_means.geometric is false. */
emg_means emgp_means_compare(const double *a, size_t n_a, const double *b, size_t n_b);

/* ---- episodes.c: What the episodes of a muscle have, compared between both recordings. ---- */

enum { EMGP_LEAST_EPISODES = 5 }; /* in each recording, for an interval */

/* Muscle muscle[s] of visit[s]; EMG_N_EPISODE_FIGURES to `out`. EMG_ENOMEM. */
emg_status emgp_episodes_compare(const emg_visit *const visit[2], const size_t muscle[2], emg_means *out,
                                 emg_error *err);

#endif
