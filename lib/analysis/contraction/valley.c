/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A zigzag over one scale's levels: its valleys split where the signal is back near rest, or they are deep anyway. */
#include "analysis/contraction/contraction.h"

#include <math.h>

/* METHOD "Contractions". */
static const double context_s = 1.5, context_widths = 3; /* the sides of a valley: so far from where it ends */
static const double near_jitters = 6;                    /* a valley is at least so many SDs deep */
static const double area_db_s = 0.45, area_from_db = 6;  /* what lies more than that below the sides, */
static const double area_from_share = 0.5;               /* or than that share of the depth (ours) */
static const double gap_s = 0.05;                        /* and so long below half its depth */

void emgp_valleys_start(emgp_valleys *v, const emgp_scales *scales, const emgp_floor *floor, size_t scale)
{
    const emgp_scale_row *row = &emgp_scale_rows[scale];
    const double jitter = floor->jitter_db * sqrt(emgp_scale_rows[0].width_s / row->width_s);
    const double step_s = scales->step_s * (double)scales->stride[scale];
    *v = (emgp_valleys){ .scales = scales, .floor = floor, .scale = scale, .rest_share = (float)row->rest_share };
    v->near_db = (float)fmax(row->near_db, near_jitters * jitter);
    v->far_db = fmaxf((float)row->far_db, v->near_db);
    v->context = (size_t)(fmax(context_s, context_widths * row->width_s) / step_s);
}

static float at(const emgp_valleys *v, uint64_t i)
{
    return emgp_scales_at(v->scales, v->scale, i);
}

static uint64_t oldest(const emgp_valleys *v)
{
    const uint64_t n = v->scales->n[v->scale], room = v->scales->room[v->scale];
    return n > room ? n - room : 0;
}

/* --- one side of a valley --- */

/* The highest level of the scale, and of one of 0.2 s or wider, between two levels: the lower of both. */
static float highest(const emgp_valleys *v, uint64_t from, uint64_t to)
{
    float own = -INFINITY, wide = -INFINITY;
    for (uint64_t i = from; i <= to; i++)
        own = fmaxf(own, at(v, i));
    if (v->scale >= 2)
        return own;
    const size_t shift = 2 - v->scale;
    for (uint64_t i = from >> shift; i <= to >> shift && i < v->scales->n[2]; i++)
        wide = fmaxf(wide, emgp_scales_at(v->scales, 2, i));
    return fminf(own, wide);
}

/* Where the side before a valley begins: `context` before the valley does, but not beyond a deeper one. *known: the
 * levels up to there are held. */
static uint64_t side_before(const emgp_valleys *v, uint64_t valley, float level, bool *known)
{
    const uint64_t first = oldest(v);
    uint64_t i = valley, edge;
    while (i > first && at(v, i) < level + v->near_db)
        i--;
    *known = i > first || first == 0;
    edge = i;
    while (i > first && edge - i < v->context && at(v, i - 1) >= level)
        i--;
    *known = *known && (i > first || first == 0 || edge - i == v->context);
    return i;
}

static uint64_t side_after(const emgp_valleys *v, const emgp_valley *valley)
{
    uint64_t i = valley->right;
    while (i + 1 < v->seen && i - valley->right < v->context && at(v, i + 1) >= valley->level)
        i++;
    return i;
}

/* --- the decision --- */

/* Whether enough lies below the sides' level, and long enough below half the depth, in steps [from, to]. */
static bool is_wide(const emgp_valleys *v, uint64_t from, uint64_t to, float side, float level)
{
    const double area_most = area_db_s / v->scales->step_s;
    const size_t gap_most = (size_t)ceil(gap_s / v->scales->step_s - 1e-9);
    const float below = side - fminf((float)area_from_db, (float)area_from_share * (side - level)),
                half = (side + level) / 2;
    double area = 0;
    size_t run = 0, longest = 0;
    for (uint64_t k = from; k <= to && (area < area_most || longest < gap_most); k++) {
        const float l = emgp_scales_at(v->scales, 0, k);
        area += l < below ? (double)(below - l) : 0;
        run = l < half ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return area >= area_most && longest >= gap_most;
}

static bool splits(const emgp_valleys *v, const emgp_valley *valley, float before_db)
{
    bool known;
    const uint64_t held = oldest(v), low = valley->at > held ? valley->at : held;
    uint64_t from = side_before(v, low, valley->level, &known);
    const uint64_t to = side_after(v, valley);
    const float before = known || isnan(before_db) ? highest(v, from, low) : before_db;
    const float side = fminf(before, highest(v, low, to)), depth = side - valley->level;
    const float over = valley->level - (float)v->floor->level_db, whole = side - (float)v->floor->level_db;
    if (depth < v->near_db || !(depth >= v->far_db || over <= v->rest_share * whole))
        return false;
    const uint64_t stride = v->scales->stride[v->scale], first = emgp_scales_oldest(v->scales);
    const uint64_t start = from * stride;
    return is_wide(v, start > first ? start : first, to * stride, side, valley->level);
}

/* --- the zigzag --- */

static void decide_first(emgp_valleys *v, emgp_take_split *take, void *context)
{
    if (splits(v, &v->pending[0], v->pending_before[0]))
        take(context, v->scale, v->pending[0].at * v->scales->stride[v->scale]);
    v->n_pending--;
    memmove(v->pending, v->pending + 1, v->n_pending * sizeof *v->pending);
    memmove(v->pending_before, v->pending_before + 1, v->n_pending * sizeof *v->pending_before);
}

static void turn_up(emgp_valleys *v, uint64_t i, float level)
{
    if (v->state == EMGP_ZIGZAG_DOWN) {
        v->pending[v->n_pending] = (emgp_valley){ v->low_at, i, v->low };
        v->pending_before[v->n_pending++] = v->before_known ? v->before_db : NAN;
    }
    v->state = EMGP_ZIGZAG_UP;
    v->high = level;
    v->high_at = i;
}

static void turn_down(emgp_valleys *v, uint64_t i, float level)
{
    v->state = EMGP_ZIGZAG_DOWN;
    v->low = level;
    v->low_at = i;
    v->before_known = false;
    v->before_next = i + v->scales->room[v->scale] / 2;
}

/* Looks at what was before a long valley while that is still held. */
static void look_before(emgp_valleys *v, uint64_t i)
{
    bool known;
    const uint64_t held = oldest(v), low = v->low_at > held ? v->low_at : held;
    const uint64_t from = side_before(v, low, v->low, &known);
    v->before_next = i + v->scales->room[v->scale] / 2;
    if (!known)
        return;
    v->before_db = highest(v, from, low);
    v->before_known = true;
}

static void follow(emgp_valleys *v, uint64_t i, float level)
{
    if (v->state != EMGP_ZIGZAG_DOWN && level > v->high) {
        v->high = level;
        v->high_at = i;
    }
    if (v->state != EMGP_ZIGZAG_UP && level < v->low) {
        v->low = level;
        v->low_at = i;
    }
    if (v->state != EMGP_ZIGZAG_UP && level - v->low >= v->near_db)
        turn_up(v, i, level);
    else if (v->state != EMGP_ZIGZAG_DOWN && v->high - level >= v->near_db)
        turn_down(v, i, level);
    if (v->state == EMGP_ZIGZAG_DOWN && i >= v->before_next)
        look_before(v, i);
}

void emgp_valleys_look(emgp_valleys *v, bool ended, emgp_take_split *take, void *context)
{
    for (const uint64_t n = v->scales->n[v->scale]; v->seen < n; v->seen++) {
        const float level = at(v, v->seen);
        if (v->seen == 0)
            v->high = v->low = level;
        follow(v, v->seen, level);
        if (v->n_pending == EMGP_VALLEYS_PENDING)
            decide_first(v, take, context);
    }
    /* a window wider than the valley's looks ahead of it by more than the context */
    const size_t lag = 4 * v->context / 3;
    while (v->n_pending > 0 && (ended || v->seen > v->pending[0].right + lag))
        decide_first(v, take, context);
}

uint64_t emgp_valleys_settled(const emgp_valleys *v)
{
    const uint64_t first = v->n_pending > 0 ? v->pending[0].at : v->state == EMGP_ZIGZAG_DOWN ? v->low_at : v->seen;
    return first * v->scales->stride[v->scale];
}
