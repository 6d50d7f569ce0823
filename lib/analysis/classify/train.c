/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing runs beat by beat, and measuring them. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

enum { RECENT = 8, MOST = EMGP_MOST_MEMBERS };
static const double shortest_interval_s = 0.04, longest_interval_s = 3.4;
static const double early = 0.6, late = 1.67, miss_low = 1.75, miss_high = 2.25;
static const double background_s = 5; /* on either side of a run */
static const double least_silence_s = 0.003, core_share = 0.008 / 0.021;

/* By the envelope: a beat speaks for the rhythm when the first peak is at least so high, at the run's lag within this share. */
static const double least_height = 0.3, lag_tolerance = 0.2, most_silence_lags = 2.5, most_doubt_s = 3, new_cycle = 0.6;
static const double embedding_gap_s = 0.5, embedding_least_s = 0.2, crowd_gap_s = 1;
static const size_t least_crowd = 3;

static double recent_median(const double *interval, size_t n)
{
    double last[RECENT];
    size_t k = n < RECENT ? n : RECENT;
    memcpy(last, interval + n - k, k * sizeof *last);
    return emgp_median(last, k);
}

static size_t next_free(const emgp_episode_burst *bursts, size_t n, size_t from, double longest_s)
{
    while (from < n && (bursts[from].taken || bursts[from].burst.end_s - bursts[from].burst.onset_s >= longest_s))
        from++;
    return from;
}

/* Whether a beat `gap` after the last one goes on with the rhythm, and how. */
typedef enum step { STEP_ON, STEP_MISSED, STEP_EARLY, STEP_OUT } step;

static step step_of(double gap, const double *interval, size_t n_intervals)
{
    double median = n_intervals ? recent_median(interval, n_intervals) : gap;
    if (gap < shortest_interval_s || gap < early * median)
        return STEP_EARLY;
    if (gap > longest_interval_s)
        return STEP_OUT;
    if (gap <= late * median)
        return STEP_ON;
    return n_intervals >= 2 && gap >= miss_low * median && gap <= miss_high * median ? STEP_MISSED : STEP_OUT;
}

static void add(emgp_train *train, size_t burst, bool picked)
{
    train->member[train->n_members++] = (uint16_t)burst;
    if (picked)
        train->pick[train->n_picks++] = (uint16_t)burst;
}

void emgp_train_alone(emgp_train *train, size_t burst)
{
    train->n_members = train->n_picks = 0;
    add(train, burst, true);
}

void emgp_train_by_bursts(emgp_train *train, const emgp_episode_burst *bursts, size_t n, size_t start, double longest_s)
{
    double interval[MOST], last = bursts[start].burst.onset_s;
    size_t n_intervals = 0;
    bool stepped = false; /* over an early beat since the last member */
    emgp_train_alone(train, start);
    for (size_t i = next_free(bursts, n, start + 1, longest_s); i < n && train->n_members < MOST;
         i = next_free(bursts, n, i + 1, longest_s)) {
        double gap = bursts[i].burst.onset_s - last;
        step next = step_of(gap, interval, n_intervals);
        if (next == STEP_OUT || (next == STEP_EARLY && stepped))
            return;
        stepped = next == STEP_EARLY;
        if (stepped)
            continue;
        if (next == STEP_ON)
            interval[n_intervals++] = gap;
        add(train, i, true);
        last = bursts[i].burst.onset_s;
    }
}

static bool speaks_for(const emgp_burst *burst, double lag)
{
    return (double)burst->acf_height >= least_height && fabs((double)burst->acf_lag_s - lag) <= lag_tolerance * lag;
}

/* Drops the members after the last that speaks for the rhythm. */
static void drop_doubtful(emgp_train *train, size_t n_sure)
{
    train->n_members = n_sure;
    while (train->n_picks > 0 && train->pick[train->n_picks - 1] > train->member[n_sure - 1])
        train->n_picks--;
}

/* The first beats of a rhythm have silence in their window, which may hide its period: up to two beats a period apart
 * before `start` belong to it. */
static size_t lead_in(const emgp_episode_burst *bursts, size_t start, double lag)
{
    size_t first = start;
    while (first > 0 && start - first < 2 && !bursts[first - 1].taken) {
        double gap = bursts[first].burst.onset_s - bursts[first - 1].burst.onset_s;
        if (gap < early * lag || gap > late * lag)
            break;
        first--;
    }
    return first;
}

void emgp_train_by_envelope(emgp_train *train, const emgp_episode_burst *bursts, size_t n, size_t start)
{
    double lags[MOST], lag = (double)bursts[start].burst.acf_lag_s, sure = bursts[start].burst.end_s;
    size_t n_lags = 0, n_sure = 1;
    train->n_members = train->n_picks = 0;
    if (!speaks_for(&bursts[start].burst, lag))
        return;
    size_t first = lead_in(bursts, start, lag);
    double cycle = bursts[first].burst.onset_s, end = bursts[first].burst.end_s;
    emgp_train_alone(train, first);
    for (size_t i = first + 1; i < n && train->n_members < MOST; i++) {
        const emgp_burst *burst = &bursts[i].burst;
        if (bursts[i].taken)
            continue;
        bool agrees = speaks_for(burst, lag);
        if (burst->onset_s - end > most_silence_lags * lag || (!agrees && burst->onset_s - sure > most_doubt_s))
            break;
        bool picked = burst->onset_s - cycle >= new_cycle * lag;
        add(train, i, picked);
        cycle = picked ? burst->onset_s : cycle;
        end = fmax(end, burst->end_s);
        if (!agrees)
            continue;
        lags[n_lags++] = (double)burst->acf_lag_s;
        lag = recent_median(lags, n_lags);
        n_sure = train->n_members;
        sure = end;
    }
    drop_doubtful(train, n_sure);
}

typedef double burst_value(const emgp_episode_burst *burst);

static double acf_of(const emgp_episode_burst *burst)
{
    return isfinite(burst->burst.acf_height) ? (double)burst->burst.acf_height : 0;
}

/* Two or more discharges with silence between them (a doublet): the longest of them speaks. A potential of 21 ms has a core of
 * 8 ms. NaN: the beat is no such group. */
static double core_of_group(const emgp_episode_burst *burst)
{
    double longest = 0, end = -INFINITY;
    if (burst->n_points < 2 || burst->n_points != burst->burst.n_discharges)
        return NAN;
    for (unsigned i = 0; i < burst->n_points; i++) {
        const emgp_point *p = &burst->point[i];
        double onset = p->peak_s - (double)p->before_s, duration = (double)p->before_s + (double)p->after_s;
        if (onset - end < least_silence_s)
            return NAN;
        end = onset + duration;
        longest = duration > longest ? duration : longest;
    }
    return longest * core_share;
}

static double core_of(const emgp_episode_burst *burst)
{
    double group = core_of_group(burst);
    if (isfinite(group))
        return group;
    return isfinite(burst->burst.core_s) ? (double)burst->burst.core_s : burst->burst.end_s - burst->burst.onset_s;
}

static double duration_of(const emgp_episode_burst *burst)
{
    return burst->burst.end_s - burst->burst.onset_s;
}

static double amplitude_of(const emgp_episode_burst *burst)
{
    return (double)burst->burst.peak_to_peak;
}

static double snr_of(const emgp_episode_burst *burst)
{
    return burst->burst.sigma > 0 ? 20 * log10((double)burst->burst.peak / (double)burst->burst.sigma) : NAN;
}

static double muscles_of(const emgp_episode_burst *burst)
{
    return burst->synchrony.n_muscles;
}

static double median_over(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, burst_value *value)
{
    double x[MOST];
    n = n < MOST ? n : MOST;
    for (size_t i = 0; i < n; i++)
        x[i] = value(&bursts[member[i]]);
    return emgp_median(x, n);
}

/* How much the beats' durations vary: 1.4826 median |d - M| / M. */
static double duration_rcv(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, double median)
{
    double x[MOST];
    n = n < MOST ? n : MOST;
    for (size_t i = 0; i < n; i++)
        x[i] = fabs(duration_of(&bursts[member[i]]) - median);
    return 1.4826 * emgp_median(x, n) / median;
}

double emgp_train_amplitude(const emgp_episode_burst *bursts, const emgp_train *train)
{
    return median_over(bursts, train->member, train->n_members, amplitude_of);
}

/* Share of beats whose largest discharge is of the commonest unit; `single`: it must be their only one. */
static double unit_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, bool single)
{
    unsigned count[256] = { 0 }, most = 0;
    for (size_t i = 0; i < n; i++) {
        const emgp_episode_burst *burst = &bursts[member[i]];
        const emgp_point *point = emgp_episode_burst_main(burst);
        if (point && point->unit && (!single || burst->n_points == 1) && ++count[point->unit] > most)
            most = count[point->unit];
    }
    return (double)most / (double)n;
}

/* Whether the run is cut out of other activity: sustained activity right before or after it, or several bursts near. */
static bool is_embedded(const emgp_episode_burst *bursts, size_t n, size_t first, size_t last)
{
    size_t crowd = 0;
    for (size_t i = 0; i < n; i++) {
        const emgp_burst *b = &bursts[i].burst;
        double before = i < first ? bursts[first].burst.onset_s - b->end_s : INFINITY;
        double after = i > last ? b->onset_s - bursts[last].burst.end_s : INFINITY;
        double gap = before < after ? before : after;
        crowd += gap < crowd_gap_s;
        if (gap < embedding_gap_s && b->end_s - b->onset_s >= embedding_least_s)
            return true;
    }
    return crowd >= least_crowd;
}

/* Share of beats that begin just when another muscle has ended its burst: agonist and antagonist in turn. Muscles that
 * beat together have pauses together. */
static double alternating_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, double period_s)
{
    size_t in_turn = 0;
    for (size_t i = 0; i < n; i++) {
        double phase = (double)bursts[member[i]].synchrony.other_ended_s / period_s;
        in_turn += phase >= -0.1 && phase <= 0.35;
    }
    return (double)in_turn / (double)n;
}

/* How much faster the middle is than the slower end; NaN unless beyond twice its standard error. */
static double glide_of(const double *interval, size_t n, double rcv)
{
    if (n < 7)
        return NAN;
    double middle[MOST], first = 0, last = 0;
    size_t quarter = n / 4, m = n - 2 * quarter;
    memcpy(middle, interval + quarter, m * sizeof *middle);
    double rate = 1 / emgp_median(middle, m);
    for (size_t i = 0; i < 3; i++) {
        first += interval[i] / 3;
        last += interval[n - 1 - i] / 3;
    }
    double glide = rate - 1 / (first > last ? first : last);
    double error = rate * (rcv > 0.02 ? rcv : 0.02) / sqrt(3);
    return glide > 2 * error ? glide : NAN;
}

/* Beats per second around the run that do not belong to it. */
static double background_rate(const emgp_episode_burst *bursts, size_t n, const uint16_t *member, size_t n_members)
{
    double from = bursts[member[0]].burst.onset_s - background_s;
    double to = bursts[member[n_members - 1]].burst.onset_s + background_s;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += bursts[i].burst.onset_s >= from && bursts[i].burst.onset_s <= to;
    return count > n_members ? (double)(count - n_members) / (2 * background_s) : 0;
}

/* Share of beats whose autocorrelation peaks at the run's period. */
static double lag_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, double period_s)
{
    size_t agree = 0;
    for (size_t i = 0; i < n; i++)
        agree += speaks_for(&bursts[member[i]].burst, period_s);
    return (double)agree / (double)n;
}

static void measure_intervals(emgp_evidence *e, const emgp_episode_burst *bursts, const uint16_t *pick, size_t n)
{
    double interval[MOST] = { 0 };
    size_t n_intervals = 0;
    for (size_t i = 0; i + 1 < n; i++)
        interval[n_intervals++] = bursts[pick[i + 1]].burst.onset_s - bursts[pick[i]].burst.onset_s;
    e->intervals = emgp_intervals_of(interval, n_intervals);
    if (n_intervals == 0)
        return;
    e->rate_hz = 1 / e->intervals.median_s;
    e->glide_hz = glide_of(interval, n_intervals, e->intervals.rcv);
    e->alternating_share = alternating_share(bursts, pick, n, e->intervals.median_s);
}

/* Bursts between the first and the last member that are not members, per member. */
static double extra_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n)
{
    size_t extra = 0, next = 0;
    for (size_t i = member[0]; i <= member[n - 1]; i++) {
        bool is_member = next < n && member[next] == i;
        next += is_member;
        extra += !is_member && !bursts[i].taken;
    }
    return (double)extra / (double)n;
}

emgp_evidence emgp_train_evidence(const emgp_episode_burst *bursts, size_t n, const emgp_train *train)
{
    const uint16_t *member = train->member;
    size_t n_members = train->n_members;
    emgp_evidence e = { .n = train->n_picks, .glide_hz = NAN };
    e.duration_s = bursts[member[n_members - 1]].burst.end_s - bursts[member[0]].burst.onset_s;
    measure_intervals(&e, bursts, train->pick, train->n_picks);
    e.acf_height = median_over(bursts, member, n_members, acf_of);
    e.lag_share = e.rate_hz > 0 ? lag_share(bursts, member, n_members, 1 / e.rate_hz) : 0;
    e.core_s = median_over(bursts, member, n_members, core_of);
    e.burst_s = median_over(bursts, member, n_members, duration_of);
    e.burst_rcv = duration_rcv(bursts, train->pick, train->n_picks,
                               median_over(bursts, train->pick, train->n_picks, duration_of));
    e.snr_db = median_over(bursts, member, n_members, snr_of);
    e.n_muscles = (size_t)median_over(bursts, member, n_members, muscles_of);
    if (n_members > 1)
        e.background_hz = background_rate(bursts, n, member, n_members);
    e.single_share = unit_share(bursts, member, n_members, true);
    e.extra_share = extra_share(bursts, member, n_members);
    e.shape_share = unit_share(bursts, train->pick, train->n_picks, false);
    e.embedded = n_members > 1 && is_embedded(bursts, n, member[0], member[n_members - 1]);
    uint64_t n_discharges = 0;
    for (size_t i = 0; i < n_members; i++) {
        n_discharges += bursts[member[i]].burst.n_discharges;
        e.no_rest = e.no_rest || (bursts[member[i]].burst.flags & EMGP_NO_REST);
        e.cut = e.cut || (bursts[member[i]].burst.flags & EMGP_CUT_BY_GAP);
        e.clipped = e.clipped || (bursts[member[i]].burst.flags & EMGP_CLIPPED);
    }
    e.discharge_hz = e.duration_s > 0 ? (double)n_discharges / e.duration_s : 0;
    return e;
}
