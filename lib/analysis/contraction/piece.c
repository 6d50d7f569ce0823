/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece between two splits: its levels counted as they pass, its ends walked to from its highest moment. */
#include "analysis/contraction/contraction.h"

#include <math.h>

/* METHOD "Contractions" unless marked ours. */
static const double presence_jitters = 5, presence_share = 0.45;    /* ends lie so far below what shows it (ours) */
static const double noise_deviations = 5, floor_deviations = 1.645; /* of the noise of the band, */
static const double usually_below_db = 0.8;                         /* and what that is in a band of 430 Hz (ours) */
static const double top_db = 12, usual_share = 0.8; /* usual level: quantile of the levels so near the highest */
static const double short_s = 2, crest_db = 2;      /* of so few of them it is no further below the highest (ours) */
static const double end_over_floor_db = 6, end_below_db = 15, end_share = 0.5;
static const double end_jitters = 2, end_jitter_most_db = 1.6; /* ends are sought in an envelope that jitters less, */
static const double wide_jitters = 5, wide_share = 0.1;        /* and are none while one stays up that is calm (ours) */
static const double hole_s = 0.07, least_s = 0.06;
static const double hole_share = 0.02, hole_most_s = 1, least_lower_db = 1; /* of what was walked (ours) */

enum { SHORT = 0, MIDDLE = 1, WIDE = 2, WIDEST_END = 3, STEADY = 4, LOCAL = EMGP_SCALES - 1 };
static const double bins_per_db = 4, lowest_bin_db = -512;

/* The first step of which the levels of all scales are held. */
static uint64_t held_from(const emgp_scales *scales)
{
    const uint64_t oldest = emgp_scales_oldest(scales);
    return oldest > 0 ? oldest + EMGP_SCALE_PAST / 2 : 0; /* half of the widest window */
}

void emgp_piece_start(emgp_piece *p, const emgp_scales *scales, const emgp_floor *floor, uint64_t from)
{
    if (p->bin_high >= p->bin_low)
        memset(p->bin + p->bin_low, 0, (p->bin_high - p->bin_low + 1) * sizeof *p->bin);
    p->bin_low = EMGP_PIECE_BINS - 1;
    p->bin_high = 0;
    p->scales = scales;
    p->floor = floor;
    const uint64_t held = held_from(scales);
    p->from = from;
    p->kept = p->top_at = p->within = from > held ? from : held;
    p->top_db = -INFINITY;
    p->low_before = p->low_after = INFINITY;
    p->begun = p->ended = false;
    p->since = UINT64_MAX;
    for (size_t s = 0; s < EMGP_SCALES; s++) {
        const size_t stride = scales->stride[s];
        p->top[s] = -INFINITY;
        p->next[s] = (p->kept + (p->kept > 0 ? scales->half[s] : 0) + stride - 1) / stride;
    }
}

/* --- measuring --- */

static void count(emgp_piece *p, float level)
{
    const double place = ((double)level - lowest_bin_db) * bins_per_db;
    const size_t bin = (size_t)fmin(fmax(place, 0), EMGP_PIECE_BINS - 1);
    p->bin[bin]++;
    p->bin_low = bin < p->bin_low ? bin : p->bin_low;
    p->bin_high = bin > p->bin_high ? bin : p->bin_high;
}

/* The highest level of each scale whose window lies wholly within the piece up to `to`. */
static void raise_tops(emgp_piece *p, uint64_t to, bool ended)
{
    const emgp_scales *sc = p->scales;
    for (size_t s = 0; s < EMGP_SCALES; s++) {
        const uint64_t reach = ended ? 0 : sc->half[s];
        for (; p->next[s] < sc->n[s] && p->next[s] * sc->stride[s] + reach < to; p->next[s]++)
            p->top[s] = fmaxf(p->top[s], emgp_scales_at(sc, s, p->next[s]));
    }
}

static uint64_t first_at(uint64_t step, size_t stride)
{
    return (step + stride - 1) / stride;
}

static float lowest(const emgp_piece *p, uint64_t from, uint64_t to)
{
    float low = INFINITY;
    for (uint64_t k = from; k < to; k++)
        low = fminf(low, emgp_scales_at(p->scales, SHORT, k));
    return low;
}

/* Takes the steps from `kept` to `to` into account. `ended`: the segment ends there. */
static void measure(emgp_piece *p, uint64_t to, bool ended)
{
    const emgp_scales *sc = p->scales;
    raise_tops(p, to, ended);
    for (uint64_t i = first_at(p->kept, sc->stride[MIDDLE]); i < sc->n[MIDDLE] && i * sc->stride[MIDDLE] < to; i++)
        count(p, emgp_scales_at(sc, MIDDLE, i));
    bool moved = false;
    for (uint64_t i = first_at(p->kept, sc->stride[WIDE]); i < sc->n[WIDE] && i * sc->stride[WIDE] < to; i++)
        if (emgp_scales_at(sc, WIDE, i) > p->top_db) {
            p->top_db = emgp_scales_at(sc, WIDE, i);
            p->top_at = i * sc->stride[WIDE];
            moved = true;
        }
    if (moved) {
        p->low_before = fminf(fminf(p->low_before, p->low_after), lowest(p, p->kept, p->top_at + 1));
        p->low_after = lowest(p, p->top_at, to);
    } else {
        p->low_after = fminf(p->low_after, lowest(p, p->kept, to));
    }
    p->kept = to;
}

/* --- presence and ends --- */

/* How far over the floor a level must be that is no noise: the floor is a low quantile of levels of 0.2 s, and the narrower
 * the band the further below the noise. */
static double least_presence(const emgp_floor *floor, size_t scale)
{
    const double root = sqrt(emgp_scale_rows[0].width_s / emgp_scale_rows[scale].width_s);
    const double below =
        floor_deviations * floor->noise_db * sqrt(emgp_scale_rows[0].width_s / emgp_scale_rows[WIDE].width_s);
    return fmax(emgp_scale_rows[scale].presence_db + fmax(below - usually_below_db, 0),
                fmax(presence_jitters * floor->jitter_db * root, noise_deviations * floor->noise_db * root + below));
}

/* Which scales show the piece: presence_db is what the widest of them wants its level to be over the floor, 0 when none
 * does. */
static void find_presence(emgp_piece *p)
{
    p->presence_db = 0;
    p->narrowest = EMGP_SCALES;
    for (size_t s = 0; s < EMGP_SCALES; s++) {
        const double wanted = least_presence(p->floor, s);
        if ((double)p->top[s] < p->floor->level_db + wanted)
            continue;
        p->presence_db = wanted;
        p->widest = s;
        p->narrowest = p->narrowest < s ? p->narrowest : s;
    }
}

/* Quantile of the levels of 0.1 s within 12 dB of the highest; of a short piece most of these are its flanks. */
static double usual_level(const emgp_piece *p)
{
    const double step_s = p->scales->step_s * (double)p->scales->stride[MIDDLE];
    const size_t span = (size_t)(top_db * bins_per_db), first = p->bin_high > span ? p->bin_high - span : 0;
    uint64_t n = 0, above = 0;
    for (size_t b = first; b <= p->bin_high; b++)
        n += p->bin[b];
    size_t b = p->bin_high;
    for (above = p->bin[b]; b > first && (double)above < (1 - usual_share) * (double)n; above += p->bin[b])
        b--;
    const double usual = lowest_bin_db + ((double)b + 0.5) / bins_per_db;
    return (double)n * step_s < short_s || p->widest <= WIDE ? fmax(usual, (double)p->top[MIDDLE] - crest_db) : usual;
}

/* The level at which the piece begins or ends, on a side whose lowest level is `low` and whose usual one is `usual`. */
static double end_level(const emgp_piece *p, double low, double usual)
{
    const double floor = p->floor->level_db;
    low = fmax(floor, low);
    const double over = fmax(fmin(end_over_floor_db, end_share * (usual - floor)), presence_share * p->presence_db);
    return fmax(fmax(floor + over, usual - end_below_db), low + end_share * (usual - low));
}

/* The narrowest scale, from `s` to `most`, of which so many jitters are within half the height of the piece. */
static size_t calm_scale(const emgp_piece *p, double jitters, size_t s, size_t most)
{
    const double jitter = fmin(p->floor->jitter_db, end_jitter_most_db), height = p->level_db - p->floor->level_db;
    while (s < most && jitters * jitter * sqrt(emgp_scale_rows[0].width_s / emgp_scale_rows[s].width_s) > 0.5 * height)
        s++;
    return s;
}

/* A way outwards from the piece's highest moment, over the levels of one scale. */
typedef struct way {
    const emgp_piece *piece;
    const emgp_scales *scales;
    int direction;
    double low, level;  /* lowest beyond; what belongs is at least so high */
    size_t scale, wide; /* what is looked at; what must be down too for an end */
    size_t hole;        /* levels */
    double hole_most;
} way;

static way way_of(const emgp_piece *p, int direction, double low)
{
    const emgp_scales *sc = p->scales;
    const double span_s = (double)(p->kept - p->from) * sc->step_s;
    size_t widest = WIDE;
    while (widest + 1 < EMGP_SCALES && emgp_scale_rows[widest + 1].width_s <= wide_share * span_s)
        widest++;
    way w = { .piece = p, .scales = sc, .direction = direction, .low = low };
    w.level = end_level(p, low, p->level_db);
    w.scale = calm_scale(p, end_jitters, 0, WIDEST_END);
    w.wide = calm_scale(p, wide_jitters, WIDE, widest);
    const double level_s = sc->step_s * (double)sc->stride[w.scale];
    w.hole =
        (size_t)(fmax(hole_s, fmax(emgp_scale_rows[w.scale].width_s, emgp_scale_rows[p->narrowest].width_s)) / level_s);
    w.hole_most = hole_most_s / level_s;
    return w;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* Whether level i, after `last` on the way, is beyond an end: the hole is too long, and the wide envelope is down. The
 * longer it has lasted, the longer a hole may be. */
static bool is_beyond(const way *w, uint64_t last, uint64_t i)
{
    const uint64_t stride = w->scales->stride[w->scale];
    const double walked = (double)distance(last, w->piece->top_at / stride);
    if ((double)distance(i, last) <= fmax((double)w->hole, fmin(hole_share * walked, w->hole_most)))
        return false;
    const uint64_t k = i * stride / w->scales->stride[w->wide];
    return k >= w->scales->n[w->wide] || (double)emgp_scales_at(w->scales, w->wide, k) < w->level;
}

/* Where a hold has long been weaker than at its highest, what belongs is measured by its level there. False: it is not. */
static bool lower_level(way *w, uint64_t last, uint64_t start)
{
    const emgp_scales *sc = w->scales;
    const uint64_t width = 2 * sc->half[LOCAL], step = last * sc->stride[w->scale];
    if (distance(step, start) < 2 * width)
        return false;
    const uint64_t before = (w->direction < 0 ? step + width : step - width) / sc->stride[LOCAL];
    const double level = end_level(w->piece, w->low, (double)emgp_scales_at(sc, LOCAL, before));
    const bool lower = level < w->level - least_lower_db;
    w->level = lower ? level : w->level;
    return lower;
}

/* Walks from a step back to `stop`, or on to the last step before it, to the last one that still belongs. *broken: the walk
 * ended before it came there. */
static uint64_t walk(way *w, uint64_t start, uint64_t stop, bool *broken)
{
    const uint64_t stride = w->scales->stride[w->scale], n = w->scales->n[w->scale];
    const uint64_t end = w->direction < 0 ? first_at(stop, stride) : (stop - 1) / stride;
    uint64_t i = start / stride, last = i;
    *broken = false;
    while ((w->direction < 0 ? i > end : i < end) && !*broken) {
        i += (uint64_t)(int64_t)w->direction;
        if (i < n && (double)emgp_scales_at(w->scales, w->scale, i) >= w->level)
            last = i;
        else
            *broken = is_beyond(w, last, i);
        if (*broken && lower_level(w, last, start)) {
            *broken = false;
            i = last;
        }
    }
    const uint64_t step = last * stride; /* a coarse scale's may lie on the wrong side */
    return (w->direction < 0) == (step > start) ? start : step;
}

static void find_onset(emgp_piece *p)
{
    const uint64_t held = held_from(p->scales), from = p->from > held ? p->from : held;
    bool broken;
    p->level_db = usual_level(p);
    const double low = p->from > 0 ? (double)p->low_before : -INFINITY; /* a segment's start is no valley */
    way back = way_of(p, -1, low);
    p->onset = walk(&back, p->top_at, from, &broken);
    if (!broken && from == held && p->since < held) { /* it began before what is held */
        p->onset = p->since;
        p->within = p->top_at;
        p->begun = true;
        return;
    }
    p->onset = emgp_edge(p->scales, p->floor, p->onset, from, -1);
    p->within = p->top_at;
    p->begun = true;
}

static void find_end(emgp_piece *p, uint64_t to, bool valley)
{
    way on = way_of(p, 1, valley ? (double)lowest(p, p->within, to) : -INFINITY);
    p->within = walk(&on, p->within, to, &p->ended);
    p->end = emgp_edge(p->scales, p->floor, p->within, to - 1, 1) + 1;
}

/* Onset and end as far as they can be known. What comes after the end and is higher is the piece instead, or goes on with it. valley: the piece
 * ends in one at `to`. */
static void find_ends(emgp_piece *p, uint64_t to, bool valley)
{
    find_presence(p);
    if (!(p->presence_db > 0))
        return;
    if (!p->begun)
        find_onset(p);
    if (!p->ended)
        find_end(p, to, valley);
    if (!p->ended || p->top_at <= p->end)
        return;
    const uint64_t onset = p->onset, end = p->end;
    p->from = end;
    p->ended = false;
    find_onset(p);
    if ((double)(p->onset - end) * p->scales->step_s <= hole_most_s)
        p->onset = onset;
    find_end(p, to, valley);
}

/* Since when the level, of what will be forgotten, has been up though nothing shows the piece yet: a weak beginning. */
static void note_weak(emgp_piece *p, uint64_t from, uint64_t to)
{
    const emgp_scales *sc = p->scales;
    const size_t stride = sc->stride[STEADY];
    const double weak = p->floor->level_db + presence_share * emgp_scale_rows[LOCAL].presence_db;
    for (uint64_t i = first_at(from, stride); i * stride < to && i < sc->n[STEADY]; i++)
        if ((double)emgp_scales_at(sc, STEADY, i) < weak)
            p->since = UINT64_MAX;
        else if (p->since == UINT64_MAX)
            p->since = i * stride;
}

void emgp_piece_pass(emgp_piece *p, uint64_t to)
{
    const uint64_t from = p->kept;
    if (to <= from)
        return;
    measure(p, to, false);
    find_ends(p, to, false);
    if (!p->begun)
        note_weak(p, from, to);
}

bool emgp_piece_close(emgp_piece *p, uint64_t to)
{
    const bool at_end = to >= p->scales->steps;
    measure(p, to, at_end);
    find_ends(p, to, !at_end);
    return p->presence_db > 0 && (double)(p->end - p->onset) * p->scales->step_s >= least_s;
}
