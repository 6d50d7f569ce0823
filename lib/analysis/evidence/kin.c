/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a burst and those around it repeat one shape, as a unit's discharges do, or are each their own, as jerks are. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <string.h>

enum { SHORT, WINDOW, REACH, GROUP_SILENCE, GROUP_CORE };
enum { HALF = 16, RING = 2 * HALF + 1 };

static const emgp_rule numbers[] = {
    [SHORT] = EMGP_NUMBER("kin.short_s", "duration of a burst", EMGP_BELOW, EMGP_LIMIT(0.15), EMGP_OURS,
                          "it may be a discharge or a jerk, and is compared with others"),
    [WINDOW] = EMGP_NUMBER("kin.window_s", "time to another such burst", EMGP_AT_MOST, EMGP_LIMIT(60), EMGP_OURS,
                           "that one counts as its kin's surroundings (kin_like, kin_core_s)"),
    [REACH] = EMGP_NUMBER("kin.reach", "such bursts on either side", EMGP_AT_MOST, EMGP_LIMIT(HALF), EMGP_OURS,
                          "no more are looked at"),
    [GROUP_SILENCE] =
        EMGP_NUMBER("kin.group_silence_s", "silence between the discharges of a burst", EMGP_AT_LEAST,
                    EMGP_LIMIT(0.003), EMGP_OURS, "it is a group of potentials (a doublet): the longest stands for it"),
    [GROUP_CORE] = EMGP_NUMBER("kin.group_core", "core / duration of a discharge", EMGP_ALWAYS,
                               EMGP_LIMIT(0.008 / 0.021), EMGP_OURS, "a potential of 21 ms has a core of 8 ms"),
};

emgp_rules emgp_kin_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

void emgp_potentials_add(emgp_potentials *g, double peak_s, float before_s, float after_s)
{
    const double onset_s = peak_s - (double)before_s, duration_s = (double)before_s + (double)after_s;
    g->joined = g->joined || (g->n > 0 && onset_s - g->end_s < numbers[GROUP_SILENCE].limit);
    g->longest_s = fmax(g->longest_s, duration_s);
    g->end_s = onset_s + duration_s;
    g->n++;
}

double emgp_potentials_core_s(const emgp_potentials *g)
{
    return g->n < 2 || g->joined ? NAN : g->longest_s * numbers[GROUP_CORE].limit;
}

bool emgp_kin_compared(const emgp_burst *burst)
{
    return !(burst->flags & EMGP_SEGMENT_END) && burst->n_discharges > 0 && isfinite(burst->core_s) &&
           burst->end_s - burst->onset_s < numbers[SHORT].limit;
}

/* Likeness to the two most alike of those around. */
typedef struct two_best {
    double first, second;
} two_best;

typedef struct member {
    double onset_s, core_s;
    emgp_outline outline, whole_outline; /* of its largest discharge */
    two_best shape, whole;
} member;

typedef struct walk {
    emgp_spill_cursor bursts, discharges;
} walk;

/* The next burst and its largest discharge; *there is false at the end. */
static emg_status next_burst(walk *w, emgp_burst *burst, emgp_discharge *largest, bool *there, emg_error *err)
{
    emg_status status = emgp_spill_copy(&w->bursts, burst, sizeof *burst, there, err);
    if (!*there)
        return status;
    *largest = (emgp_discharge){ .peak = 0 };
    if (burst->flags & EMGP_SEGMENT_END)
        return EMG_OK;
    emgp_potentials group = { 0 };
    for (uint32_t i = 0; i < burst->n_discharges; i++) {
        emgp_discharge d;
        bool read;
        status = emgp_spill_copy(&w->discharges, &d, sizeof d, &read, err);
        if (!read)
            return status;
        emgp_potentials_add(&group, d.peak_s, d.before_s, d.after_s);
        if (d.peak > largest->peak)
            *largest = d;
    }
    const double core_s = emgp_potentials_core_s(&group);
    if (isfinite(core_s) && isfinite(burst->core_s))
        burst->core_s = (float)core_s;
    return EMG_OK;
}

/* What the short bursts around one of them are like. */
static emgp_kin describe(const member *m, size_t n, size_t at)
{
    emgp_kin kin = { .own = (float)m[at].whole.second };
    kin.shape = (float)fmax(m[at].shape.second, m[at].whole.second);
    double core[RING], like[RING];
    size_t count = 0;
    const size_t from = at > HALF ? at - HALF : 0, end = at + HALF + 1 < n ? at + HALF + 1 : n;
    for (size_t i = from; i < end; i++) {
        if (fabs(m[i].onset_s - m[at].onset_s) > numbers[WINDOW].limit)
            continue;
        like[count] = m[i].whole.second;
        core[count++] = m[i].core_s;
    }
    kin.n = (float)count;
    kin.like = (float)emgp_median(like, count);
    kin.core_s = (float)emgp_median(core, count);
    return kin;
}

static void note(two_best *best, double likeness)
{
    best->second = fmax(best->second, fmin(best->first, likeness));
    best->first = fmax(best->first, likeness);
}

/* Compares the last of those held with those before it. */
static void compare_last(member *m, size_t n)
{
    member *last = &m[n - 1];
    for (size_t i = n > HALF ? n - 1 - HALF : 0; i + 1 < n; i++) {
        if (last->onset_s - m[i].onset_s > numbers[WINDOW].limit)
            continue;
        /* what is below the second best of both changes neither */
        const double shape =
            emgp_outlines_alike(&m[i].outline, &last->outline, fmin(m[i].shape.second, last->shape.second));
        const double whole =
            emgp_outlines_alike(&m[i].whole_outline, &last->whole_outline, fmin(m[i].whole.second, last->whole.second));
        note(&m[i].shape, shape);
        note(&last->shape, shape);
        note(&m[i].whole, whole);
        note(&last->whole, whole);
    }
}

/* The bursts that are compared, as far as fit; the first of them that is not described yet. */
typedef struct held {
    member m[4 * RING];
    size_t n, next;
} held;

/* One more burst of those that are compared. */
static void add(held *h, const emgp_burst *burst, const emgp_discharge *largest)
{
    member *m = &h->m[h->n++];
    m->onset_s = burst->onset_s;
    m->core_s = (double)burst->core_s;
    m->shape = m->whole = (two_best){ 0, 0 };
    emgp_outline_shape(&m->outline, largest);
    emgp_outline_whole(&m->whole_outline, largest);
    compare_last(h->m, h->n);
}

static void start(walk *w, const emgp_spill *bursts, const emgp_spill *discharges, size_t stream)
{
    emgp_spill_start(&w->bursts, bursts, stream);
    emgp_spill_start(&w->discharges, discharges, stream);
}

static void stop(walk *w)
{
    emgp_spill_stop(&w->bursts);
    emgp_spill_stop(&w->discharges);
}

static emg_status give(held *h, size_t end, emgp_spill *out, emg_error *err)
{
    emg_status status = EMG_OK;
    for (; status == EMG_OK && h->next < end; h->next++) {
        const emgp_kin kin = describe(h->m, h->n, h->next);
        status = emgp_spill_push(out, 0, &kin, err);
    }
    if (h->next > 2 * RING) {
        const size_t gone = h->next - HALF;
        memmove(h->m, h->m + gone, (h->n - gone) * sizeof *h->m);
        h->n -= gone;
        h->next -= gone;
    }
    return status;
}

emg_status emgp_kin_find(const emgp_spill *bursts, const emgp_spill *discharges, size_t stream, emgp_spill *out,
                         emg_error *err)
{
    walk w;
    held *h = emgp_alloc(1, sizeof *h);
    if (!h)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    start(&w, bursts, discharges, stream);
    for (bool there = true; status == EMG_OK && there;) {
        emgp_burst burst;
        emgp_discharge largest;
        status = next_burst(&w, &burst, &largest, &there, err);
        if (status || !there || !emgp_kin_compared(&burst))
            continue;
        add(h, &burst, &largest);
        if (h->n > h->next + HALF)
            status = give(h, h->n - HALF, out, err);
    }
    if (status == EMG_OK)
        status = give(h, h->n, out, err);
    stop(&w);
    emgp_free(h);
    return status;
}
