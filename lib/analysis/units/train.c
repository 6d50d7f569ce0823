/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trains of one unit: its discharges without a long pause, how even they are, and what else there is among them. */
#include "analysis/units/units.h"

#include <math.h>
#include <string.h>

enum { PAUSE, NEAR, CHANCE };

static const emgp_rule numbers[] = {
    [PAUSE] = EMGP_NUMBER("unit_trains.pause_s", "time since the unit's discharge before", EMGP_ABOVE, EMGP_LIMIT(1.2),
                          EMGP_OURS, "its train has ended"),
    [NEAR] = EMGP_NUMBER("unit_trains.near", "distance of an interval from the train's period / period", EMGP_BELOW,
                         EMGP_LIMIT(0.35), EMGP_OURS, "the interval is an even one (even_share)"),
    [CHANCE] = EMGP_NUMBER("unit_trains.chance", "even_share of a Poisson train", EMGP_ALWAYS, EMGP_LIMIT(0.263),
                           "exponential distribution, the largest of exp(-0.65 x) - exp(-1.35 x)",
                           "beyond_chance is how many of its standard errors the share lies above it"),
};

emgp_rules emgp_unit_train_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { HELD = 256, ROUNDS = 4, BUDGET = 1 << 17, DECIBELS = 20 };

/* Sums over the even intervals of a train, and the medians of its pieces weighted by their intervals. */
typedef struct train {
    emgp_unit_train told;
    size_t n; /* discharges */
    double last_s, n_own, n_intervals, n_even, sum, squares, medians, rcvs, amplitudes, snr_db;
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

static emg_status next(walk *w, step *what, emgp_discharge *d, emgp_unit_of *of, emg_error *err)
{
    bool there;
    emg_status status = EMG_OK;
    *what = STEP_END;
    while (w->n_left == 0) {
        emgp_burst burst;
        status = emgp_spill_copy(&w->bursts, &burst, sizeof burst, &there, err);
        if (!there)
            return status;
        if (burst.flags & EMGP_SEGMENT_END) {
            *what = STEP_GAP;
            return EMG_OK;
        }
        w->n_left = burst.n_discharges;
    }
    w->n_left--;
    status = emgp_spill_copy(&w->discharges, d, sizeof *d, &there, err);
    if (there)
        status = emgp_spill_copy(&w->units, of, sizeof *of, &there, err);
    if (there)
        *what = STEP_DISCHARGE;
    return status;
}

/* ---- regular trains */

static bool is_even(double interval, double period)
{
    return fabs(interval - period) < numbers[NEAR].limit * period;
}

/* The mean of the intervals near `from`, then of those near that; *n: how many. */
static double settle_period(const double *interval, size_t n_intervals, double from, size_t *n)
{
    double period = from;
    for (int round = 0; round < ROUNDS; round++) {
        double sum = 0;
        *n = 0;
        for (size_t i = 0; i < n_intervals; i++)
            if (is_even(interval[i], period)) {
                sum += interval[i];
                ++*n;
            }
        period = *n > 0 ? sum / (double)*n : period;
    }
    return period;
}

/* The interval at which most follow. Where others cover many of a unit's discharges the median is of none of its intervals:
 * the median of the shorter half then is. */
static double period_of(const double *interval, size_t n)
{
    double work[HELD];
    size_t n_middle, n_short, half = 0;
    memcpy(work, interval, n * sizeof *work);
    const double median = emgp_median(work, n);
    for (size_t i = 0; i < n; i++)
        if (interval[i] <= median)
            work[half++] = interval[i];
    const double middle = settle_period(interval, n, median, &n_middle);
    const double shorter = settle_period(interval, n, emgp_median(work, half), &n_short);
    return n_short > n_middle ? shorter : middle;
}

/* Adds the intervals that are held; first, last: of its train, whose ends then are even ones. */
static void fold(train *t, bool first, bool last)
{
    double work[HELD];
    size_t from = 0, to = t->n_held, n_even = 0;
    if (to == 0)
        return;
    const double period = period_of(t->interval, to);
    while (first && from < to && !is_even(t->interval[from], period))
        t->told.onset_s += t->interval[from++];
    while (last && to > from && !is_even(t->interval[to - 1], period))
        t->told.end_s -= t->interval[--to];
    t->n -= from + (t->n_held - to);
    for (size_t i = from; i < to; i++)
        if (is_even(t->interval[i], period)) {
            work[n_even++] = t->interval[i];
            t->sum += t->interval[i];
            t->squares += t->interval[i] * t->interval[i];
        }
    const double n = (double)(to - from);
    t->n_even += (double)n_even;
    t->medians += n * period;
    t->rcvs += n_even > 0 ? n * emgp_rcv(work, n_even, period) : 0;
    t->n_intervals += n;
    t->n_held = 0;
}

static void measure(train *t)
{
    emgp_evidence *e = &t->told.evidence;
    const double median = t->medians / t->n_intervals, mean = t->sum / t->n_even, p = numbers[CHANCE].limit;
    *e = (emgp_evidence){ .n = (double)t->n, .of_unit = 1, .glide_hz = NAN, .n_muscles = 1 };
    e->duration_s = t->told.end_s - t->told.onset_s;
    e->rate_hz = 1 / mean;
    e->intervals.n = (size_t)t->n_intervals;
    e->intervals.median_s = median;
    e->intervals.mean_s = mean;
    e->intervals.cv = sqrt(fmax(0, t->squares / t->n_even - mean * mean)) / mean;
    e->intervals.rcv = t->rcvs / t->n_intervals;
    e->even_share = t->n_even / t->n_intervals;
    e->beyond_chance = (e->even_share - p) / sqrt(p * (1 - p) / t->n_intervals);
    e->filled = t->n_intervals * median / e->duration_s;
    e->snr_db = t->snr_db / t->n_own;
    t->told.amplitude = t->amplitudes / t->n_own;
}

static emg_status close_train(finder *f, unsigned unit)
{
    train *t = &f->train[unit];
    emg_status status = EMG_OK;
    if (t->n == 0)
        return status;
    fold(t, !(t->n_intervals > 0), true);
    if (t->n_even > 0 && t->n_own > 0) {
        t->told.unit = unit + 1;
        measure(t);
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

/* own: its size is the unit's; else another unit's potential lies over it. */
static emg_status add(finder *f, unsigned unit, const emgp_discharge *d, bool own)
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
    if (!own)
        return status;
    t->n_own++;
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
        emgp_unit_of of;
        status = next(&w, &what, &d, &of, f->err);
        if (status == EMG_OK && what == STEP_DISCHARGE && of.unit > 0)
            status = add(f, of.unit - 1U, &d, true);
        if (status == EMG_OK && what == STEP_DISCHARGE && of.other > 0)
            status = add(f, of.other - 1U, &d, false);
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
            a->row[u].evidence.others_hz = (a->n[u] - a->n_regular[u]) / a->row[u].evidence.duration_s;
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

/* One more discharge within the trains that go on. */
static void count(active *a, bool regular)
{
    for (unsigned u = 0; u < EMGP_MOST_UNITS; u++) {
        a->n[u] += a->on[u];
        a->n_regular[u] += a->on[u] && regular;
    }
}

static emg_status look_around(finder *f, active *a)
{
    walk w;
    step what = STEP_GAP;
    emg_status status = read_next(a, f->err);
    start(&w, f->setup);
    while (status == EMG_OK) {
        emgp_discharge d;
        emgp_unit_of of;
        status = next(&w, &what, &d, &of, f->err);
        if (status || what == STEP_END)
            break;
        if (what == STEP_GAP)
            continue;
        status = move_to(f, a, d.peak_s);
        count(a, of.unit > 0 && a->on[of.unit - 1]);
        if (of.other > 0)
            count(a, a->on[of.other - 1]);
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
