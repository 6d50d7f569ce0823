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

static size_t next_free(const emgp_beat *beats, size_t n, size_t from, double longest_s)
{
    while (from < n && (beats[from].taken || beats[from].burst.end_s - beats[from].burst.onset_s >= longest_s))
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

static void add(emgp_run *run, size_t beat, bool picked)
{
    run->member[run->n_members++] = (uint16_t)beat;
    if (picked)
        run->pick[run->n_picks++] = (uint16_t)beat;
}

void emgp_run_alone(emgp_run *run, size_t beat)
{
    run->n_members = run->n_picks = 0;
    add(run, beat, true);
}

void emgp_run_by_beats(emgp_run *run, const emgp_beat *beats, size_t n, size_t start, double longest_s)
{
    double interval[MOST], last = beats[start].burst.onset_s;
    size_t n_intervals = 0;
    bool stepped = false; /* over an early beat since the last member */
    emgp_run_alone(run, start);
    for (size_t i = next_free(beats, n, start + 1, longest_s); i < n && run->n_members < MOST;
         i = next_free(beats, n, i + 1, longest_s)) {
        double gap = beats[i].burst.onset_s - last;
        step next = step_of(gap, interval, n_intervals);
        if (next == STEP_OUT || (next == STEP_EARLY && stepped))
            return;
        stepped = next == STEP_EARLY;
        if (stepped)
            continue;
        if (next == STEP_ON)
            interval[n_intervals++] = gap;
        add(run, i, true);
        last = beats[i].burst.onset_s;
    }
}

static bool speaks_for(const emgp_burst *burst, double lag)
{
    return (double)burst->acf_height >= least_height && fabs((double)burst->acf_lag_s - lag) <= lag_tolerance * lag;
}

/* Drops the members after the last that speaks for the rhythm. */
static void drop_doubtful(emgp_run *run, size_t n_sure)
{
    run->n_members = n_sure;
    while (run->n_picks > 0 && run->pick[run->n_picks - 1] > run->member[n_sure - 1])
        run->n_picks--;
}

/* The first beats of a rhythm have silence in their window, which may hide its period: up to two beats a period apart
 * before `start` belong to it. */
static size_t lead_in(const emgp_beat *beats, size_t start, double lag)
{
    size_t first = start;
    while (first > 0 && start - first < 2 && !beats[first - 1].taken) {
        double gap = beats[first].burst.onset_s - beats[first - 1].burst.onset_s;
        if (gap < early * lag || gap > late * lag)
            break;
        first--;
    }
    return first;
}

void emgp_run_by_envelope(emgp_run *run, const emgp_beat *beats, size_t n, size_t start)
{
    double lags[MOST], lag = (double)beats[start].burst.acf_lag_s, sure = beats[start].burst.end_s;
    size_t n_lags = 0, n_sure = 1;
    run->n_members = run->n_picks = 0;
    if (!speaks_for(&beats[start].burst, lag))
        return;
    size_t first = lead_in(beats, start, lag);
    double cycle = beats[first].burst.onset_s, end = beats[first].burst.end_s;
    emgp_run_alone(run, first);
    for (size_t i = first + 1; i < n && run->n_members < MOST; i++) {
        const emgp_burst *burst = &beats[i].burst;
        if (beats[i].taken)
            continue;
        bool agrees = speaks_for(burst, lag);
        if (burst->onset_s - end > most_silence_lags * lag || (!agrees && burst->onset_s - sure > most_doubt_s))
            break;
        bool picked = burst->onset_s - cycle >= new_cycle * lag;
        add(run, i, picked);
        cycle = picked ? burst->onset_s : cycle;
        end = fmax(end, burst->end_s);
        if (!agrees)
            continue;
        lags[n_lags++] = (double)burst->acf_lag_s;
        lag = recent_median(lags, n_lags);
        n_sure = run->n_members;
        sure = end;
    }
    drop_doubtful(run, n_sure);
}

typedef double beat_value(const emgp_beat *beat);

static double acf_of(const emgp_beat *beat)
{
    return isfinite(beat->burst.acf_height) ? (double)beat->burst.acf_height : 0;
}

/* Two or more discharges with silence between them (a doublet): the longest of them speaks. A potential of 21 ms has a core of
 * 8 ms. NaN: the beat is no such group. */
static double core_of_group(const emgp_beat *beat)
{
    double longest = 0, end = -INFINITY;
    if (beat->n_points < 2 || beat->n_points != beat->burst.n_discharges)
        return NAN;
    for (unsigned i = 0; i < beat->n_points; i++) {
        const emgp_point *p = &beat->point[i];
        double onset = p->peak_s - (double)p->before_s, duration = (double)p->before_s + (double)p->after_s;
        if (onset - end < least_silence_s)
            return NAN;
        end = onset + duration;
        longest = duration > longest ? duration : longest;
    }
    return longest * core_share;
}

static double core_of(const emgp_beat *beat)
{
    double group = core_of_group(beat);
    if (isfinite(group))
        return group;
    return isfinite(beat->burst.core_s) ? (double)beat->burst.core_s : beat->burst.end_s - beat->burst.onset_s;
}

static double duration_of(const emgp_beat *beat)
{
    return beat->burst.end_s - beat->burst.onset_s;
}

static double amplitude_of(const emgp_beat *beat)
{
    return (double)beat->burst.peak_to_peak;
}

static double snr_of(const emgp_beat *beat)
{
    return beat->burst.sigma > 0 ? 20 * log10((double)beat->burst.peak / (double)beat->burst.sigma) : NAN;
}

static double muscles_of(const emgp_beat *beat)
{
    return beat->company.n_muscles;
}

static double median_over(const emgp_beat *beats, const uint16_t *member, size_t n, beat_value *value)
{
    double x[MOST];
    n = n < MOST ? n : MOST;
    for (size_t i = 0; i < n; i++)
        x[i] = value(&beats[member[i]]);
    return emgp_median(x, n);
}

/* How much the beats' durations vary: 1.4826 median |d - M| / M. */
static double duration_rcv(const emgp_beat *beats, const uint16_t *member, size_t n, double median)
{
    double x[MOST];
    n = n < MOST ? n : MOST;
    for (size_t i = 0; i < n; i++)
        x[i] = fabs(duration_of(&beats[member[i]]) - median);
    return 1.4826 * emgp_median(x, n) / median;
}

double emgp_run_amplitude(const emgp_beat *beats, const emgp_run *run)
{
    return median_over(beats, run->member, run->n_members, amplitude_of);
}

/* Share of beats whose largest discharge is of the commonest unit; `single`: it must be their only one. */
static double unit_share(const emgp_beat *beats, const uint16_t *member, size_t n, bool single)
{
    unsigned count[256] = { 0 }, most = 0;
    for (size_t i = 0; i < n; i++) {
        const emgp_beat *beat = &beats[member[i]];
        const emgp_point *point = emgp_beat_main(beat);
        if (point && point->unit && (!single || beat->n_points == 1) && ++count[point->unit] > most)
            most = count[point->unit];
    }
    return (double)most / (double)n;
}

/* Whether the run is cut out of other activity: sustained activity right before or after it, or several bursts near. */
static bool is_embedded(const emgp_beat *beats, size_t n, size_t first, size_t last)
{
    size_t crowd = 0;
    for (size_t i = 0; i < n; i++) {
        const emgp_burst *b = &beats[i].burst;
        double before = i < first ? beats[first].burst.onset_s - b->end_s : INFINITY;
        double after = i > last ? b->onset_s - beats[last].burst.end_s : INFINITY;
        double gap = before < after ? before : after;
        crowd += gap < crowd_gap_s;
        if (gap < embedding_gap_s && b->end_s - b->onset_s >= embedding_least_s)
            return true;
    }
    return crowd >= least_crowd;
}

/* Share of beats that begin just when another muscle has ended its burst: agonist and antagonist in turn. Muscles that
 * beat together have pauses together. */
static double alternating_share(const emgp_beat *beats, const uint16_t *member, size_t n, double period_s)
{
    size_t in_turn = 0;
    for (size_t i = 0; i < n; i++) {
        double phase = (double)beats[member[i]].company.other_ended_s / period_s;
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
static double background_rate(const emgp_beat *beats, size_t n, const uint16_t *member, size_t n_members)
{
    double from = beats[member[0]].burst.onset_s - background_s;
    double to = beats[member[n_members - 1]].burst.onset_s + background_s;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += beats[i].burst.onset_s >= from && beats[i].burst.onset_s <= to;
    return count > n_members ? (double)(count - n_members) / (2 * background_s) : 0;
}

/* Share of beats whose autocorrelation peaks at the run's period. */
static double lag_share(const emgp_beat *beats, const uint16_t *member, size_t n, double period_s)
{
    size_t agree = 0;
    for (size_t i = 0; i < n; i++)
        agree += speaks_for(&beats[member[i]].burst, period_s);
    return (double)agree / (double)n;
}

static void measure_intervals(emgp_evidence *e, const emgp_beat *beats, const uint16_t *pick, size_t n)
{
    double interval[MOST] = { 0 };
    size_t n_intervals = 0;
    for (size_t i = 0; i + 1 < n; i++)
        interval[n_intervals++] = beats[pick[i + 1]].burst.onset_s - beats[pick[i]].burst.onset_s;
    e->intervals = emgp_intervals_of(interval, n_intervals);
    if (n_intervals == 0)
        return;
    e->rate_hz = 1 / e->intervals.median_s;
    e->glide_hz = glide_of(interval, n_intervals, e->intervals.rcv);
    e->alternating_share = alternating_share(beats, pick, n, e->intervals.median_s);
}

/* Bursts between the first and the last member that are not members, per member. */
static double extra_share(const emgp_beat *beats, const uint16_t *member, size_t n)
{
    size_t extra = 0, next = 0;
    for (size_t i = member[0]; i <= member[n - 1]; i++) {
        bool is_member = next < n && member[next] == i;
        next += is_member;
        extra += !is_member && !beats[i].taken;
    }
    return (double)extra / (double)n;
}

emgp_evidence emgp_run_evidence(const emgp_beat *beats, size_t n, const emgp_run *run)
{
    const uint16_t *member = run->member;
    size_t n_members = run->n_members;
    emgp_evidence e = { .n = run->n_picks, .glide_hz = NAN };
    e.duration_s = beats[member[n_members - 1]].burst.end_s - beats[member[0]].burst.onset_s;
    measure_intervals(&e, beats, run->pick, run->n_picks);
    e.acf_height = median_over(beats, member, n_members, acf_of);
    e.lag_share = e.rate_hz > 0 ? lag_share(beats, member, n_members, 1 / e.rate_hz) : 0;
    e.core_s = median_over(beats, member, n_members, core_of);
    e.burst_s = median_over(beats, member, n_members, duration_of);
    e.burst_rcv =
        duration_rcv(beats, run->pick, run->n_picks, median_over(beats, run->pick, run->n_picks, duration_of));
    e.snr_db = median_over(beats, member, n_members, snr_of);
    e.n_muscles = (size_t)median_over(beats, member, n_members, muscles_of);
    if (n_members > 1)
        e.background_hz = background_rate(beats, n, member, n_members);
    e.single_share = unit_share(beats, member, n_members, true);
    e.extra_share = extra_share(beats, member, n_members);
    e.shape_share = unit_share(beats, run->pick, run->n_picks, false);
    e.embedded = n_members > 1 && is_embedded(beats, n, member[0], member[n_members - 1]);
    uint64_t n_discharges = 0;
    for (size_t i = 0; i < n_members; i++) {
        n_discharges += beats[member[i]].burst.n_discharges;
        e.no_rest = e.no_rest || (beats[member[i]].burst.flags & EMGP_NO_REST);
        e.cut = e.cut || (beats[member[i]].burst.flags & EMGP_CUT_BY_GAP);
        e.clipped = e.clipped || (beats[member[i]].burst.flags & EMGP_CLIPPED);
    }
    e.discharge_hz = e.duration_s > 0 ? (double)n_discharges / e.duration_s : 0;
    return e;
}
