/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of discharges that look alike and follow at even intervals, with pauses between the groups. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <string.h>

enum { SILENCE, NEAR, PAUSE, GROUP };

static const emgp_rule numbers[] = {
    [SILENCE] = EMGP_NUMBER("groups.silence_s", "silence between discharges", EMGP_ABOVE, EMGP_LIMIT(3), EMGP_OURS,
                            "what came before is looked at by itself"),
    [NEAR] = EMGP_NUMBER("groups.near_s", "interval between discharges", EMGP_BELOW, EMGP_LIMIT(0.11), EMGP_OURS,
                         "they may be of one group; the median of such intervals is the usual one (inner_s)"),
    [PAUSE] = EMGP_NUMBER("groups.pause", "interval / usual interval", EMGP_ABOVE, EMGP_LIMIT(2.2), EMGP_OURS,
                          "a group has ended"),
    [GROUP] = EMGP_NUMBER("groups.discharges", "discharges of a group", EMGP_AT_LEAST, EMGP_LIMIT(3), EMGP_OURS,
                          "it counts as one (grouped_share, n_groups)"),
};

emgp_rules emgp_groups_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { MOST = 2048, DECIBELS = 20, BESIDE = 4 };

/* The discharges between two silences; of more than fit the rest is looked at by itself. */
typedef struct stretch {
    emgp_discharge discharge[MOST];
    size_t n;
    double work[MOST];
    uint32_t train; /* stretches before */
} stretch;

static double interval(const stretch *s, size_t i)
{
    return s->discharge[i + 1].peak_s - s->discharge[i].peak_s;
}

/* The usual interval within groups; NaN: none is short enough. */
static double usual_interval(stretch *s)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < s->n; i++)
        if (interval(s, i) < numbers[NEAR].limit)
            s->work[n++] = interval(s, i);
    return n > 0 ? emgp_median(s->work, n) : NAN;
}

typedef struct groups {
    double n, members, in_pairs, first_s, last_s; /* groups of three and more; discharges in them, and in pairs too */
} groups;

static void close_group(const stretch *s, size_t from, size_t end, groups *g, double *sizes)
{
    const size_t n = end - from;
    g->in_pairs += n >= 2 ? (double)n : 0;
    if ((double)n < numbers[GROUP].limit)
        return;
    if (!(g->n > 0))
        g->first_s = s->discharge[from].peak_s;
    g->last_s = s->discharge[from].peak_s;
    sizes[(size_t)g->n] = (double)n;
    g->n++;
    g->members += (double)n;
}

static groups count_groups(stretch *s, double usual_s)
{
    groups g = { 0 };
    size_t from = 0;
    for (size_t i = 1; i <= s->n; i++) {
        if (i < s->n && interval(s, i - 1) <= numbers[PAUSE].limit * usual_s)
            continue;
        close_group(s, from, i, &g, s->work);
        from = i;
    }
    return g;
}

/* Median over discharges of how each is to the most alike of those before and after it: noise decides which phase of a long
 * potential is its largest, but for some of them the same. */
static double most_alike(stretch *s)
{
    emgp_outline latest[BESIDE];
    memset(s->work, 0, s->n * sizeof *s->work);
    for (size_t i = 0; i < s->n; i++) {
        emgp_outline outline;
        emgp_outline_shape(&outline, &s->discharge[i]);
        for (size_t k = i < BESIDE ? 0 : i - BESIDE; k < i; k++) {
            const double alike = emgp_outlines_alike(&latest[k % BESIDE], &outline, fmin(s->work[i], s->work[k]));
            s->work[i] = fmax(s->work[i], alike);
            s->work[k] = fmax(s->work[k], alike);
        }
        latest[i % BESIDE] = outline;
    }
    return emgp_median(s->work, s->n);
}

/* Median over neighbours in groups of their likeness, and how even the intervals between them are. */
static void measure_neighbours(stretch *s, double usual_s, emgp_evidence *e)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < s->n; i++)
        if (interval(s, i) <= numbers[PAUSE].limit * usual_s)
            s->work[n++] = emgp_likeness(&s->discharge[i], &s->discharge[i + 1]);
    e->like_next = emgp_median(s->work, n);
    n = 0;
    for (size_t i = 0; i + 1 < s->n; i++)
        if (interval(s, i) <= numbers[PAUSE].limit * usual_s)
            s->work[n++] = interval(s, i);
    e->inner_s = emgp_median(s->work, n);
    e->inner_rcv = emgp_rcv(s->work, n, e->inner_s);
    e->like_best = most_alike(s);
}

static double median_amplitude(stretch *s)
{
    for (size_t i = 0; i < s->n; i++)
        s->work[i] = (double)s->discharge[i].peak_to_peak;
    return emgp_median(s->work, s->n);
}

static double median_snr_db(stretch *s)
{
    for (size_t i = 0; i < s->n; i++)
        s->work[i] = DECIBELS * log10((double)s->discharge[i].peak / (double)s->discharge[i].sigma);
    return emgp_median(s->work, s->n);
}

static emgp_stretch_found describe(stretch *s, const groups *g, double usual_s)
{
    const emgp_discharge *first = &s->discharge[0], *last = &s->discharge[s->n - 1];
    emgp_stretch_found f = { .onset_s = first->peak_s - (double)first->before_s,
                             .end_s = last->peak_s + (double)last->after_s,
                             .train = s->train };
    for (size_t i = 0; i < s->n; i++)
        if ((double)s->discharge[i].peak > f.peak) {
            f.peak = (double)s->discharge[i].peak;
            f.peak_s = s->discharge[i].peak_s;
        }
    emgp_evidence *e = &f.evidence;
    e->n = e->n_groups = g->n;
    e->grouped_share = g->members / (double)s->n;
    e->paired_share = g->in_pairs / (double)s->n;
    e->rate_hz = g->n > 1 ? (g->n - 1) / (g->last_s - g->first_s) : NAN;
    e->in_group = emgp_median(s->work, (size_t)g->n);
    e->duration_s = f.end_s - f.onset_s;
    measure_neighbours(s, usual_s, e);
    f.amplitude = median_amplitude(s);
    e->snr_db = median_snr_db(s);
    return f;
}

/* Of each group that counts: from its first discharge to its last. */
static emg_status keep_times(const stretch *s, double usual_s, const emgp_times *times, emg_error *err)
{
    emg_status status = EMG_OK;
    size_t from = 0;
    for (size_t i = 1; status == EMG_OK && i <= s->n; i++) {
        if (i < s->n && interval(s, i - 1) <= numbers[PAUSE].limit * usual_s)
            continue;
        const emgp_discharge *first = &s->discharge[from], *last = &s->discharge[i - 1];
        const emgp_burst_time time = { .at_s = first->peak_s,
                                       .onset_s = first->peak_s - (double)first->before_s,
                                       .end_s = last->peak_s + (double)last->after_s,
                                       .train = s->train };
        if ((double)(i - from) >= numbers[GROUP].limit)
            status = emgp_times_push(times, &time, err);
        from = i;
    }
    return status;
}

static emg_status close_stretch(stretch *s, const emgp_stretch_sink *sink, emg_error *err)
{
    const double usual_s = s->n > 1 ? usual_interval(s) : NAN;
    emg_status status = EMG_OK;
    if (isfinite(usual_s)) {
        const groups g = count_groups(s, usual_s);
        if (g.n > 0) {
            const emgp_stretch_found found = describe(s, &g, usual_s);
            status = keep_times(s, usual_s, &sink->times, err);
            if (status == EMG_OK)
                status = sink->take(sink->context, &found, err);
        }
    }
    s->n = 0;
    s->train++;
    return status;
}

emg_status emgp_groups_find(const emgp_spill *discharges, size_t stream, const emgp_stretch_sink *sink, emg_error *err)
{
    stretch *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    emgp_spill_cursor cursor;
    emgp_discharge d;
    bool there;
    emg_status status = EMG_OK;
    emgp_spill_start(&cursor, discharges, stream);
    while (status == EMG_OK && (status = emgp_spill_copy(&cursor, &d, sizeof d, &there, err)) == EMG_OK && there) {
        if (s->n > 0 && d.peak_s - s->discharge[s->n - 1].peak_s > numbers[SILENCE].limit)
            status = close_stretch(s, sink, err);
        s->discharge[s->n++] = d;
        if (s->n == MOST && status == EMG_OK)
            status = close_stretch(s, sink, err);
    }
    emgp_spill_stop(&cursor);
    if (status == EMG_OK)
        status = close_stretch(s, sink, err);
    emgp_free(s);
    return status;
}
