/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A muscle's time at rest as one clock without its episodes, contractions and gaps, cut into equal minutes. */
#include "analysis/compare/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_rest_s = 10;            /* as for the rates of a summary */
static const double most_minutes = 60 * 24 * 366; /* of a longer rest they are longer */

/* A stretch of rest, and how much rest lies before it. */
typedef struct stretch {
    double from_s, to_s, before_s;
} stretch;

typedef struct clock {
    stretch *rest;
    size_t n, room;
    double whole_s;
} clock;

static int by_begin(const void *one, const void *other)
{
    const stretch *a = one, *b = other;
    return (a->from_s > b->from_s) - (a->from_s < b->from_s);
}

/* Single discharges and jerks leave a muscle at rest, and so does what nobody could name. */
static bool is_activity(const emg_event *e)
{
    return e->trial_type >= EMG_CLONUS && e->trial_type < EMG_UNCLASSIFIED;
}

static bool is_counted(const emgp_counting *c, const emg_event *e)
{
    return e->muscle == c->muscle && e->trial_type == EMG_FASCICULATION && !(e->amplitude < c->least);
}

/* The muscle's episodes and contractions by their begin. */
static emg_status gather_activity(const emgp_counting *c, stretch **out, size_t *n, emg_error *err)
{
    size_t room = 0;
    for (size_t i = 0; i < c->visit->n_events; i++) {
        const emg_event *e = &c->visit->events[i];
        if (e->muscle != c->muscle || !is_activity(e))
            continue;
        if (!emgp_reserve((void **)out, &room, *n, *n + 1, sizeof **out))
            return emgp_fail_memory(err);
        (*out)[(*n)++] = (stretch){ e->onset_s, e->onset_s + e->duration_s, 0 };
    }
    if (*n > 1)
        qsort(*out, *n, sizeof **out, by_begin);
    return EMG_OK;
}

static bool add_rest(clock *k, double from_s, double to_s)
{
    if (!(to_s > from_s))
        return true;
    if (!emgp_reserve((void **)&k->rest, &k->room, k->n, k->n + 1, sizeof *k->rest))
        return false;
    k->rest[k->n++] = (stretch){ from_s, to_s, k->whole_s };
    k->whole_s += to_s - from_s;
    return true;
}

/* What was recorded without what was active. */
static emg_status build_clock(const emg_visit *visit, const stretch *active, size_t n, clock *k, emg_error *err)
{
    size_t next = 0;
    double end_s = -INFINITY; /* of what was active so far */
    for (size_t s = 0; s < visit->n_segments; s++) {
        const double to_s = visit->segments[s].start_s + visit->segments[s].duration_s;
        double from_s = fmax(visit->segments[s].start_s, end_s);
        for (; next < n && active[next].from_s < to_s; next++) {
            if (!add_rest(k, from_s, active[next].from_s))
                return emgp_fail_memory(err);
            end_s = fmax(end_s, active[next].to_s);
            from_s = fmax(from_s, end_s);
        }
        if (!add_rest(k, from_s, to_s))
            return emgp_fail_memory(err);
    }
    return EMG_OK;
}

/* How much rest lies before a moment; one within activity belongs to the rest before. */
static double rest_before(const clock *k, double at_s)
{
    size_t low = 0, high = k->n; /* the last stretch that begins by then is below high */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (k->rest[middle].from_s <= at_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    const stretch *s = &k->rest[low - 1];
    return s->before_s + fmin(at_s, s->to_s) - s->from_s;
}

static emg_status count_all(const emgp_counting *c, const clock *k, emg_compared_side *side, uint64_t *minutes,
                            emg_error *err)
{
    double *amplitudes = NULL;
    size_t room = 0, n = 0;
    for (size_t i = 0; i < c->visit->n_events; i++) {
        const emg_event *e = &c->visit->events[i];
        if (!is_counted(c, e))
            continue;
        if (!emgp_reserve((void **)&amplitudes, &room, n, n + 1, sizeof *amplitudes)) {
            emgp_free(amplitudes);
            return emgp_fail_memory(err);
        }
        amplitudes[n++] = isnan(e->amplitude) ? 0 : e->amplitude;
        const double at = k->whole_s > 0 ? rest_before(k, e->onset_s) / k->whole_s * (double)side->n_minutes : 0;
        minutes[at < (double)side->n_minutes ? (size_t)at : side->n_minutes - 1]++;
    }
    side->n_counted = n;
    side->median_amplitude = emgp_median(amplitudes, n);
    emgp_free(amplitudes);
    return EMG_OK;
}

emg_status emgp_minutes_count(const emgp_counting *c, emg_compared_side *side, uint64_t **minutes, emg_error *err)
{
    const double rest_s = side->summary->signal.rest_s;
    stretch *active = NULL;
    clock k = { NULL, 0, 0, 0 };
    size_t n = 0;
    side->n_counted = EMG_NO_COUNT;
    side->median_amplitude = NAN;
    if (!(rest_s >= least_rest_s) || isnan(c->least))
        return EMG_OK;
    side->n_minutes = rest_s >= 60 ? (size_t)fmin(rest_s / 60 + 0.5, most_minutes) : 1;
    *minutes = emgp_alloc(side->n_minutes, sizeof **minutes);
    if (!*minutes)
        return emgp_fail_memory(err);
    side->minutes = *minutes;
    emg_status status = gather_activity(c, &active, &n, err);
    if (status == EMG_OK)
        status = build_clock(c->visit, active, n, &k, err);
    if (status == EMG_OK)
        status = count_all(c, &k, side, *minutes, err);
    emgp_free(active);
    emgp_free(k.rest);
    return status;
}
