/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A burst on its way to a class: what it is, who was active with it, which discharges it holds. */
#ifndef EMGP_BEAT_H
#define EMGP_BEAT_H

#include <stdbool.h>

#include "analysis/across.h"
#include "analysis/detect/records.h"

enum { EMGP_MOST_POINTS = 6 }; /* discharges kept of a short burst; longer ones are interference */

typedef struct emgp_point {
    double peak_s;
    float before_s, after_s, peak, peak_to_peak, sigma;
    uint16_t flags;
    uint8_t unit; /* 0: none */
    bool heart;   /* its unit beats like a heart */
} emgp_point;

typedef struct emgp_beat {
    emgp_burst burst;
    emgp_company company;
    emgp_point point[EMGP_MOST_POINTS];
    unsigned n_points;
    bool taken; /* an event has it already */
} emgp_beat;

/* The largest of a beat's points; NULL when it has none. */
static inline const emgp_point *emgp_beat_main(const emgp_beat *beat)
{
    const emgp_point *best = beat->n_points ? &beat->point[0] : 0;
    for (unsigned i = 1; i < beat->n_points; i++)
        if (beat->point[i].peak > best->peak)
            best = &beat->point[i];
    return best;
}

#endif
