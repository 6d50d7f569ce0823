/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends where the floor is clean: there a few milliseconds of activity show, and the end is where the last of them is. */
#include "analysis/contraction/contraction.h"

#include <math.h>

/* As bursts are found (detect.burst_*): an RMS of 20 ms at twice the noise, to the last 5 ms that reach it. */
static const double edge_sigma = 2, edge_width_s = 0.02;
static const double fringe_s = 0.1;            /* silence between activity that belongs and the end (ours) */
static const double inside_s = 0.03;           /* the envelope rises so long before the activity begins (ours) */
static const double most_s = 0.15;             /* an end moves no further (ours) */
static const double clean_s = 0.15;            /* the floor is clean when its levels beyond the end, so long, */
static const double clean_db = 3;              /* stay so near to the floor, */
static const double clean_share = 0.6;         /* in so much of the time (ours) */
static const double sigma_over_floor_db = 1.3; /* noise over the 5 % quantile of its levels of 0.2 s (ours) */

typedef struct edge {
    const emgp_scales *scales;
    double limit;               /* amplitude */
    int direction;              /* -1: an onset */
    size_t half, fringe, clean; /* steps */
} edge;

static double amplitude_at(const edge *e, uint64_t step)
{
    return emgp_scales_mean(e->scales, step, step + 1);
}

/* Whether the RMS round a step stands out. */
static bool is_active(const edge *e, uint64_t step)
{
    double sum = 0;
    size_t n = 0;
    const uint64_t first = step > e->half ? step - e->half : 0;
    for (uint64_t k = first; k <= step + e->half && k < e->scales->steps; k++, n++)
        sum += amplitude_at(e, k) * amplitude_at(e, k);
    return sum > e->limit * e->limit * (double)n;
}

/* Steps from `from` outwards before `stop`: whether most of them lie near the floor. */
static bool is_clean(const edge *e, uint64_t from, uint64_t stop, double floor_db)
{
    size_t near = 0, n = 0;
    for (uint64_t k = from; k != stop && n < e->clean; k += (uint64_t)(int64_t)e->direction, n++)
        near += (double)emgp_scales_at(e->scales, 0, k) < floor_db + clean_db;
    return (double)near >= clean_share * (double)e->clean;
}

uint64_t emgp_edge(const emgp_scales *scales, const emgp_floor *floor, uint64_t step, uint64_t stop, int direction)
{
    const double per_s = 1 / scales->step_s;
    edge e = { .scales = scales,
               .limit = edge_sigma * pow(10, (floor->level_db + sigma_over_floor_db) / 20),
               .direction = direction,
               .half = (size_t)(edge_width_s / 2 * per_s),
               .fringe = (size_t)(fringe_s * per_s),
               .clean = (size_t)(clean_s * per_s) };
    if (direction < 0 ? step <= stop : step >= stop)
        return step;
    const uint64_t inside = (uint64_t)(inside_s * per_s);
    uint64_t k = direction > 0 ? step - (step < inside ? step : inside) : step + inside, last = step;
    k = k < scales->steps ? k : step;
    for (size_t quiet = 0; k != stop && quiet <= e.fringe; k += (uint64_t)(int64_t)direction) {
        const bool active = is_active(&e, k);
        quiet = active ? 0 : quiet + 1;
        last = active && amplitude_at(&e, k) >= e.limit ? k : last;
    }
    const double moved_s = (double)(last > step ? last - step : step - last) * scales->step_s;
    return moved_s <= most_s && is_clean(&e, last, stop, floor->level_db) ? last : step;
}
