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

#endif
