/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trains of one unit: its discharges without a long pause, how even they are, and what else there is among them. */
#include "analysis/units/units.h"

#include <math.h>
#include <string.h>

enum { PAUSE, NEAR, CHANCE };

static const emgp_rule numbers[] = {
    [PAUSE] = EMGP_NUMBER("unit_trains.pause_s", "time since the unit's discharge before", EMGP_ABOVE, EMGP_LIMIT(1.2),
                          EMGP_OURS, "its train has ended"),
    [NEAR] = EMGP_NUMBER("unit_trains.near", "distance of an interval from the median / median", EMGP_BELOW,
                         EMGP_LIMIT(0.35), EMGP_OURS, "the interval is an even one (even_share)"),
    [CHANCE] = EMGP_NUMBER("unit_trains.chance", "even_share of a Poisson train", EMGP_ALWAYS, EMGP_LIMIT(0.245),
                           "exponential distribution: 2^-0.65 - 2^-1.35",
                           "beyond_chance is how many of its standard errors the share lies above it"),
};

emgp_rules emgp_unit_train_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { HELD = 256, BUDGET = 1 << 17, DECIBELS = 20 };

/* Sums over the even intervals of a train, and the medians of its pieces weighted by their intervals. */
typedef struct train {
    emgp_unit_train told;
    size_t n; /* discharges */
    double last_s, n_intervals, n_even, sum, squares, medians, rcvs, amplitudes, snr_db;
    double interval[HELD];
    size_t n_held;
} train;

typedef struct finder {
    const emgp_unit_trains_setup *setup;
    train train[EMGP_MOST_UNITS];
    emgp_spill *rows[2]; /* a stream a unit: those that are regular; the same with what else is there */
    size_t n_regular;
    emg_error *err;
} finder;

/* ---- discharge by discharge */

typedef struct walk {
    emgp_spill_cursor bursts, discharges, units;
    uint32_t n_left; /* discharges of the burst at hand */
} walk;

static void start(walk *w, const emgp_unit_trains_setup *s)
{
    emgp_spill_start(&w->bursts, s->bursts, s->stream);
    emgp_spill_start(&w->discharges, s->discharges, s->stream);
    emgp_spill_start(&w->units, s->unit_of, 0);
    w->n_left = 0;
}

static void stop(walk *w)
{
    emgp_spill_stop(&w->bursts);
    emgp_spill_stop(&w->discharges);
    emgp_spill_stop(&w->units);
}

typedef enum step { STEP_DISCHARGE, STEP_GAP, STEP_END } step;

static emg_status next(walk *w, step *what, emgp_discharge *d, uint8_t *unit, emg_error *err)
{
    const void *record = NULL;
    emg_status status = EMG_OK;
    *what = STEP_END;
    while (w->n_left == 0) {
        emgp_burst burst;
        status = emgp_spill_next(&w->bursts, &record, err);
        if (status || !record)
            return status;
        memcpy(&burst, record, sizeof burst);
        if (burst.flags & EMGP_SEGMENT_END) {
            *what = STEP_GAP;
            return EMG_OK;
        }
        w->n_left = burst.n_discharges;
    }
    w->n_left--;
    status = emgp_spill_next(&w->discharges, &record, err);
    if (status || !record)
        return status;
    memcpy(d, record, sizeof *d);
    status = emgp_spill_next(&w->units, &record, err);
    if (status || !record)
        return status;
    memcpy(unit, record, sizeof *unit);
    *what = STEP_DISCHARGE;
    return EMG_OK;
}

/* ---- regular trains */

static bool is_even(double interval, double median)
{
    return fabs(interval - median) < numbers[NEAR].limit * median;
}

/* Adds the intervals that are held; first, last: of its train, whose ends then are even ones. */
static void fold(train *t, bool first, bool last)
{
    double work[HELD];
    size_t from = 0, to = t->n_held;
    if (to == 0)
        return;
    memcpy(work, t->interval, to * sizeof *work);
    const double median = emgp_median(work, to);
    while (first && from < to && !is_even(t->interval[from], median))
        t->told.onset_s += t->interval[from++];
    while (last && to > from && !is_even(t->interval[to - 1], median))
        t->told.end_s -= t->interval[--to];
    t->n -= from + (t->n_held - to);
    for (size_t i = from; i < to; i++)
        if (is_even(t->interval[i], median)) {
            t->n_even++;
            t->sum += t->interval[i];
            t->squares += t->interval[i] * t->interval[i];
        }
    const double n = (double)(to - from);
    memcpy(work, t->interval + from, (to - from) * sizeof *work);
    t->medians += n * median;
    t->rcvs += n > 0 ? n * emgp_rcv(work, to - from, median) : 0;
    t->n_intervals += n;
    t->n_held = 0;
}

static void measure(train *t, double n_members)
{
    emgp_evidence *e = &t->told.evidence;
    const double median = t->medians / t->n_intervals, mean = t->sum / t->n_even, p = numbers[CHANCE].limit;
    *e = (emgp_evidence){ .n = (double)t->n, .of_unit = 1, .glide_hz = NAN, .n_muscles = 1 };
    e->duration_s = t->told.end_s - t->told.onset_s;
    e->rate_hz = 1 / median;
    e->intervals.n = (size_t)t->n_intervals;
    e->intervals.median_s = median;
    e->intervals.mean_s = mean;
    e->intervals.cv = sqrt(fmax(0, t->squares / t->n_even - mean * mean)) / mean;
    e->intervals.rcv = t->rcvs / t->n_intervals;
    e->even_share = t->n_even / t->n_intervals;
    e->beyond_chance = (e->even_share - p) / sqrt(p * (1 - p) / t->n_intervals);
    e->filled = t->n_intervals * median / e->duration_s;
    e->snr_db = t->snr_db / n_members;
    t->told.amplitude = t->amplitudes / n_members;
}

static emg_status close_train(finder *f, unsigned unit)
{
    train *t = &f->train[unit];
    const double n_members = (double)t->n;
    emg_status status = EMG_OK;
    if (t->n > 0)
        fold(t, !(t->n_intervals > 0), true);
    if (t->n_intervals > 0 && t->n_even > 0) {
        t->told.unit = unit + 1;
        measure(t, n_members);
        if (emgp_rhythm_is_firing(&t->told.evidence, f->setup->config)) {
            f->n_regular++;
            status = emgp_spill_push(f->rows[0], unit, &t->told, f->err);
        }
    }
    t->n = 0;
    return status;
}

static void begin(train *t, double onset_s)
{
    memset(t, 0, offsetof(train, interval));
    t->n_held = 0;
    t->told.onset_s = onset_s;
}

static emg_status add(finder *f, unsigned unit, const emgp_discharge *d)
{
    train *t = &f->train[unit];
    emg_status status = EMG_OK;
    if (t->n > 0 && d->peak_s - t->last_s > numbers[PAUSE].limit)
        status = close_train(f, unit);
    if (t->n == 0)
        begin(t, d->peak_s - (double)d->before_s);
    else {
        if (t->n_held == HELD)
            fold(t, !(t->n_intervals > 0), false);
        t->interval[t->n_held++] = d->peak_s - t->last_s;
    }
    t->n++;
    t->last_s = d->peak_s;
    t->told.end_s = d->peak_s + (double)d->after_s;
    t->amplitudes += (double)d->peak_to_peak;
    t->snr_db += DECIBELS * log10((double)d->peak / (double)d->sigma);
    if ((double)d->peak > t->told.peak) {
        t->told.peak = (double)d->peak;
        t->told.peak_s = d->peak_s;
    }
    return status;
}

static emg_status find_regular(finder *f)
{
    walk w;
    step what = STEP_GAP;
    emg_status status = EMG_OK;
    start(&w, f->setup);
    while (status == EMG_OK) {
        emgp_discharge d;
        uint8_t unit;
        status = next(&w, &what, &d, &unit, f->err);
        if (status == EMG_OK && what == STEP_DISCHARGE && unit > 0)
            status = add(f, unit - 1U, &d);
        for (unsigned u = 0; status == EMG_OK && what != STEP_DISCHARGE && u < EMGP_MOST_UNITS; u++)
            status = close_train(f, u);
        if (what == STEP_END)
            break;
    }
    stop(&w);
    return status;
}

/* ---- what else is there */

/* Regular trains that go on at the moment, one a unit at most, and the next one. */
typedef struct active {
    emgp_merge *merge;
    emgp_unit_train coming, row[EMGP_MOST_UNITS];
    bool there, on[EMGP_MOST_UNITS];
    double n[EMGP_MOST_UNITS], n_regular[EMGP_MOST_UNITS]; /* discharges within, and those of regular trains */
} active;

static emg_status read_next(active *a, emg_error *err)
{
    const void *record = NULL;
    size_t unit;
    emg_status status = emgp_merge_next(a->merge, &unit, &record, err);
    a->there = status == EMG_OK && record;
    if (a->there)
        memcpy(&a->coming, record, sizeof a->coming);
    return status;
}

/* Gives the trains that end before a moment what is known of them, and lets those begin that do. */
static emg_status move_to(finder *f, active *a, double now_s)
{
    emg_status status = EMG_OK;
    for (unsigned u = 0; status == EMG_OK && u < EMGP_MOST_UNITS; u++)
        if (a->on[u] && a->row[u].end_s < now_s) {
            a->on[u] = false;
            a->row[u].evidence.trains_share = a->n_regular[u] / a->n[u];
            status = emgp_spill_push(f->rows[1], u, &a->row[u], f->err);
        }
    while (status == EMG_OK && a->there && a->coming.onset_s <= now_s) {
        const unsigned u = a->coming.unit - 1;
        a->row[u] = a->coming;
        a->on[u] = true;
        a->n[u] = a->n_regular[u] = 0;
        status = read_next(a, f->err);
    }
    return status;
}

static emg_status look_around(finder *f, active *a)
{
    walk w;
    step what = STEP_GAP;
    emg_status status = read_next(a, f->err);
    start(&w, f->setup);
    while (status == EMG_OK) {
        emgp_discharge d;
        uint8_t unit;
        status = next(&w, &what, &d, &unit, f->err);
        if (status || what == STEP_END)
            break;
        if (what == STEP_GAP)
            continue;
        status = move_to(f, a, d.peak_s);
        const bool regular = unit > 0 && a->on[unit - 1];
        for (unsigned u = 0; u < EMGP_MOST_UNITS; u++) {
            a->n[u] += a->on[u];
            a->n_regular[u] += a->on[u] && regular;
        }
    }
    stop(&w);
    return status ? status : move_to(f, a, INFINITY);
}

static emg_status give(const finder *f, emgp_unit_train_take *take, void *context)
{
    emgp_merge *merge = NULL;
    const void *record = NULL;
    size_t unit;
    emg_status status = emgp_merge_new(&merge, f->rows[1], 0, EMGP_MOST_UNITS, f->err);
    while (status == EMG_OK && (status = emgp_merge_next(merge, &unit, &record, f->err)) == EMG_OK && record) {
        emgp_unit_train found;
        memcpy(&found, record, sizeof found);
        status = take(context, &found, f->err);
    }
    emgp_merge_free(merge);
    return status;
}

static emg_status share(finder *f)
{
    active *a = emgp_alloc(1, sizeof *a);
    if (!a)
        return emgp_fail_memory(f->err);
    emg_status status = emgp_merge_new(&a->merge, f->rows[0], 0, EMGP_MOST_UNITS, f->err);
    if (status == EMG_OK)
        status = look_around(f, a);
    emgp_merge_free(a->merge);
    emgp_free(a);
    return status;
}

static emg_status find(finder *f, emgp_unit_train_take *take, void *context)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < 2; i++)
        status =
            emgp_spill_new(&f->rows[i], EMGP_MOST_UNITS, sizeof(emgp_unit_train), BUDGET, f->setup->directory, f->err);
    if (status == EMG_OK)
        status = find_regular(f);
    if (status || f->n_regular == 0)
        return status;
    status = share(f);
    return status ? status : give(f, take, context);
}

emg_status emgp_unit_trains_find(const emgp_unit_trains_setup *setup, emgp_unit_train_take *take, void *context,
                                 emg_error *err)
{
    finder *f = emgp_alloc(1, sizeof *f);
    if (!f)
        return emgp_fail_memory(err);
    f->setup = setup;
    f->err = err;
    const emg_status status = find(f, take, context);
    emgp_spill_free(f->rows[0]);
    emgp_spill_free(f->rows[1]);
    emgp_free(f);
    return status;
}
