/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bursts of a train tell together: the evidence of a set of bursts. */
#include "analysis/classify/classify.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = EMGP_MOST_MEMBERS, DECIBELS = 20 };

enum {
    KNOWN,
    FRAGMENT_GAP,
    TURN_LOW,
    TURN_HIGH,
    GLIDE_INTERVALS,
    GLIDE_ENDS,
    GLIDE_QUARTER,
    GLIDE_RCV,
    GLIDE_ERRORS,
    BACKGROUND,
    CROWD_TIME,
    EMBEDDING_GAP,
    EMBEDDING_LEAST,
    CROWD_GAP,
    CROWD,
    ALIKE,
    ENOUGH,
    OUT
};

static const emgp_rule numbers[] = {
    [FRAGMENT_GAP] =
        EMGP_NUMBER("measure.fragment_gap_s", "silence between a fragment and its cycle's largest burst", EMGP_AT_MOST,
                    EMGP_LIMIT(0.1), EMGP_OURS, "a fragment goes on with its cycle (cycle_s)"),
    [KNOWN] = EMGP_NUMBER("measure.known", "discharges of a burst", EMGP_AT_MOST, EMGP_LIMIT(3), EMGP_OURS,
                          "all of known units, they are ones that overlap by chance (all_known); more are a jerk's"),
    [TURN_LOW] = EMGP_NUMBER("measure.turn_low", "other_ended_s / period", EMGP_AT_LEAST, EMGP_LIMIT(-0.1), EMGP_OURS,
                             "a burst begins as that of another muscle ends (alternating_share)"),
    [TURN_HIGH] = EMGP_NUMBER("measure.turn_high", "other_ended_s / period", EMGP_AT_MOST, EMGP_LIMIT(0.35), EMGP_OURS,
                              "and not long after: muscles that contract together have pauses together"),
    [GLIDE_INTERVALS] = EMGP_NUMBER("measure.glide_intervals", "intervals", EMGP_AT_LEAST, EMGP_LIMIT(7), EMGP_OURS,
                                    "a change of rate can be measured (glide_hz)"),
    [GLIDE_ENDS] = EMGP_NUMBER("measure.glide_ends", "intervals", EMGP_ALWAYS, EMGP_LIMIT(3), EMGP_OURS,
                               "the rate of either end is that of the mean of so many intervals"),
    [GLIDE_QUARTER] = EMGP_NUMBER("measure.glide_middle", "intervals / those left out at either end", EMGP_ALWAYS,
                                  EMGP_LIMIT(4), EMGP_OURS, "the middle rate leaves out a quarter at either end"),
    [GLIDE_RCV] = EMGP_NUMBER("measure.glide_rcv", "interval_rcv", EMGP_AT_LEAST, EMGP_LIMIT(0.02), EMGP_OURS,
                              "no train counts as more regular than this when the error of its glide is estimated"),
    [GLIDE_ERRORS] = EMGP_NUMBER("measure.glide_errors", "glide / its standard error", EMGP_ABOVE, EMGP_LIMIT(2),
                                 EMGP_OURS, "the rate does change"),
    [CROWD_TIME] =
        EMGP_NUMBER("measure.crowd_s", "time before and after a train", EMGP_AT_MOST, EMGP_LIMIT(30), EMGP_OURS,
                    "bursts within it, its own included, tell what chance would make of them (crowd_hz)"),
    [BACKGROUND] = EMGP_NUMBER("measure.background_s", "time before and after a train", EMGP_AT_MOST, EMGP_LIMIT(5),
                               EMGP_OURS, "bursts within it that are not its own are its background (background_hz)"),
    [EMBEDDING_GAP] = EMGP_NUMBER("measure.embedding_gap_s", "silence to another burst", EMGP_BELOW, EMGP_LIMIT(0.5),
                                  EMGP_OURS, "the train is cut out of other activity (embedded)"),
    [EMBEDDING_LEAST] = EMGP_NUMBER("measure.embedding_least_s", "duration of that burst", EMGP_AT_LEAST,
                                    EMGP_LIMIT(0.2), EMGP_OURS, "when that is activity of some length"),
    [CROWD_GAP] = EMGP_NUMBER("measure.crowd_gap_s", "silence to another burst", EMGP_BELOW, EMGP_LIMIT(1), EMGP_OURS,
                              "that burst is near"),
    [CROWD] = EMGP_NUMBER("measure.crowd", "bursts that are near", EMGP_AT_LEAST, EMGP_LIMIT(3), EMGP_OURS,
                          "the train is cut out of other activity too"),
    [ALIKE] = EMGP_NUMBER("measure.alike", "likeness of a burst of a train to the second most alike around it",
                          EMGP_AT_LEAST, EMGP_LIMIT(0.95), EMGP_OURS, "it repeats a shape (shape_share)"),
    [ENOUGH] = EMGP_NUMBER("measure.enough", "discharges of a train that were compared with those before",
                           EMGP_AT_LEAST, EMGP_LIMIT(10), EMGP_OURS, "how alike they are is known (unit_like)"),
    [OUT] = EMGP_NUMBER("measure.out_db", "20 log10 of a deflection over the noise", EMGP_AT_LEAST, EMGP_LIMIT(18),
                        EMGP_OURS,
                        "in a muscle that never rests it stands out of the activity; others are none by themselves"),
};

emgp_rules emgp_measure_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

/* The number of a row. */
static double number(int row)
{
    return numbers[row].limit;
}

typedef double burst_value(const emgp_episode_burst *burst);

static double acf_of(const emgp_episode_burst *burst)
{
    return isfinite(burst->burst.acf_height) ? (double)burst->burst.acf_height : 0;
}

static double duration_of(const emgp_episode_burst *burst)
{
    return burst->burst.end_s - burst->burst.onset_s;
}

/* Two or more discharges with silence between them (a doublet): the longest stands for them. NaN: the burst is no such
 * group. */
static double core_of_group(const emgp_episode_burst *burst)
{
    emgp_potentials group = { 0 };
    if (burst->n_points != burst->burst.n_discharges)
        return NAN;
    for (unsigned i = 0; i < burst->n_points; i++)
        emgp_potentials_add(&group, burst->point[i].peak_s, burst->point[i].before_s, burst->point[i].after_s);
    return emgp_potentials_core_s(&group);
}

double emgp_episode_burst_core_s(const emgp_episode_burst *burst)
{
    double group = core_of_group(burst);
    if (isfinite(group))
        return group;
    return isfinite(burst->burst.core_s) ? (double)burst->burst.core_s : duration_of(burst);
}

bool emgp_episode_burst_known(const emgp_episode_burst *burst)
{
    bool known =
        burst->n_points > 0 && burst->n_points == burst->burst.n_discharges && (double)burst->n_points <= number(KNOWN);
    for (unsigned i = 0; i < burst->n_points; i++)
        known = known && burst->point[i].of.unit > 0;
    return known;
}

static double amplitude_of(const emgp_episode_burst *burst)
{
    return (double)burst->burst.peak_to_peak;
}

double emgp_snr_db(float peak, float sigma)
{
    return DECIBELS * log10((double)peak / (double)sigma);
}

bool emgp_stands_out(float peak, float sigma)
{
    return emgp_snr_db(peak, sigma) >= numbers[OUT].limit;
}

static double snr_of(const emgp_episode_burst *burst)
{
    return burst->burst.sigma > 0 ? emgp_snr_db(burst->burst.peak, burst->burst.sigma) : NAN;
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

/* How much the bursts' durations vary about their median. */
static double duration_rcv(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, double median)
{
    double x[MOST];
    n = n < MOST ? n : MOST;
    for (size_t i = 0; i < n; i++)
        x[i] = duration_of(&bursts[member[i]]);
    return emgp_rcv(x, n, median);
}

double emgp_train_amplitude(const emgp_episode_burst *bursts, const emgp_train *train)
{
    return median_over(bursts, train->member, train->n_members, amplitude_of);
}

/* Share of bursts whose largest discharge is of the commonest unit; `single`: it must be their only one. */
static double unit_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, bool single)
{
    unsigned count[UINT8_MAX + 1] = { 0 }, most = 0;
    for (size_t i = 0; i < n; i++) {
        const emgp_episode_burst *burst = &bursts[member[i]];
        const emgp_point *point = emgp_episode_burst_main(burst);
        if (point && point->of.unit && (!single || burst->n_points == 1) && ++count[point->of.unit] > most)
            most = count[point->of.unit];
    }
    return (double)most / (double)n;
}

/* Whether the train is cut out of other activity: sustained activity right before or after it, or several bursts near. */
static bool is_embedded(const emgp_episode_burst *bursts, size_t n, size_t first, size_t last)
{
    size_t crowd = 0;
    for (size_t i = 0; i < n; i++) {
        const emgp_burst *b = &bursts[i].burst;
        double before = i < first ? bursts[first].burst.onset_s - b->end_s : INFINITY;
        double after = i > last ? b->onset_s - bursts[last].burst.end_s : INFINITY;
        double gap = before < after ? before : after;
        crowd += gap < number(CROWD_GAP);
        if (gap < number(EMBEDDING_GAP) && b->end_s - b->onset_s >= number(EMBEDDING_LEAST))
            return true;
    }
    return (double)crowd >= number(CROWD);
}

bool emgp_train_in_turn(const emgp_synchrony *synchrony, double period_s)
{
    const double phase = (double)synchrony->other_ended_s / period_s;
    return phase >= number(TURN_LOW) && phase <= number(TURN_HIGH);
}

/* Share of bursts that begin just when another muscle has ended its own: agonist and antagonist in turn. */
static double alternating_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, double period_s)
{
    size_t in_turn = 0;
    for (size_t i = 0; i < n; i++) {
        in_turn += emgp_train_in_turn(&bursts[member[i]].synchrony, period_s);
    }
    return (double)in_turn / (double)n;
}

/* How much faster the middle is than the slower end; NaN unless well beyond its standard error. */
static double glide_of(const double *interval, size_t n, double rcv)
{
    if ((double)n < number(GLIDE_INTERVALS))
        return NAN;
    double middle[MOST], first = 0, last = 0, n_ends = number(GLIDE_ENDS);
    size_t quarter = n / (size_t)number(GLIDE_QUARTER), m = n - 2 * quarter;
    memcpy(middle, interval + quarter, m * sizeof *middle);
    double rate = 1 / emgp_median(middle, m);
    for (size_t i = 0; (double)i < n_ends; i++) {
        first += interval[i] / n_ends;
        last += interval[n - 1 - i] / n_ends;
    }
    double glide = rate - 1 / (first > last ? first : last);
    double error = rate * fmax(rcv, number(GLIDE_RCV)) / sqrt(n_ends);
    return glide > number(GLIDE_ERRORS) * error ? glide : NAN;
}

/* Bursts per second around the train that do not belong to it. */
static double background_rate(const emgp_episode_burst *bursts, size_t n, const uint16_t *member, size_t n_members)
{
    double from = bursts[member[0]].burst.onset_s - number(BACKGROUND);
    double to = bursts[member[n_members - 1]].burst.onset_s + number(BACKGROUND);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += bursts[i].burst.onset_s >= from && bursts[i].burst.onset_s <= to;
    return count > n_members ? (double)(count - n_members) / (2 * number(BACKGROUND)) : 0;
}

/* Bursts per second around the train and in it. */
static double crowd_rate(const emgp_episode_burst *bursts, size_t n, const uint16_t *member, size_t n_members)
{
    const double from_s = bursts[member[0]].burst.onset_s - number(CROWD_TIME);
    const double to_s = bursts[member[n_members - 1]].burst.onset_s + number(CROWD_TIME);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += bursts[i].burst.onset_s >= from_s && bursts[i].burst.onset_s <= to_s;
    return (double)count / (to_s - from_s);
}

/* Share of bursts whose autocorrelation peaks at the train's period. */
static double lag_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n, double period_s)
{
    size_t agree = 0;
    for (size_t i = 0; i < n; i++)
        agree += emgp_train_speaks_for(&bursts[member[i]].burst, period_s);
    return (double)agree / (double)n;
}

/* Share of bursts that begin with those of another facial muscle. */
static double facial_share(const emgp_episode_burst *bursts, const uint16_t *member, size_t n)
{
    size_t together = 0;
    for (size_t i = 0; i < n; i++)
        together += bursts[member[i]].synchrony.n_facial > 1;
    return (double)together / (double)n;
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

emgp_cycle_span emgp_train_cycle(const emgp_episode_burst *bursts, const emgp_train *train, size_t cycle)
{
    const size_t n = train->n_members, pick = train->pick[cycle];
    const size_t next = cycle + 1 < train->n_picks ? train->pick[cycle + 1] : UINT16_MAX;
    size_t first = 0, end, largest;
    while (first < n && train->member[first] < pick)
        first++;
    largest = first;
    for (end = first; end < n && train->member[end] < next; end++)
        if (bursts[train->member[end]].burst.peak > bursts[train->member[largest]].burst.peak)
            largest = end;
    const emgp_burst *b = &bursts[train->member[largest]].burst;
    emgp_cycle_span span = { b->onset_s, b->end_s, b };
    for (size_t i = largest; i-- > first;) {
        b = &bursts[train->member[i]].burst;
        span.onset_s = span.onset_s - b->end_s <= number(FRAGMENT_GAP) ? b->onset_s : span.onset_s;
    }
    for (size_t i = largest + 1; i < end; i++) {
        b = &bursts[train->member[i]].burst;
        span.end_s = b->onset_s - span.end_s <= number(FRAGMENT_GAP) ? fmax(span.end_s, b->end_s) : span.end_s;
    }
    return span;
}

static double median_cycle(const emgp_episode_burst *bursts, const emgp_train *train)
{
    double x[MOST];
    for (size_t i = 0; i < train->n_picks; i++) {
        const emgp_cycle_span span = emgp_train_cycle(bursts, train, i);
        x[i] = span.end_s - span.onset_s;
    }
    return emgp_median(x, train->n_picks);
}

emgp_evidence emgp_train_evidence(const emgp_episode_burst *bursts, size_t n, const emgp_train *train)
{
    const uint16_t *member = train->member;
    size_t n_members = train->n_members;
    emgp_evidence e = { .n = (double)train->n_picks, .glide_hz = NAN };
    e.duration_s = bursts[member[n_members - 1]].burst.end_s - bursts[member[0]].burst.onset_s;
    measure_intervals(&e, bursts, train->pick, train->n_picks);
    e.acf_height = median_over(bursts, member, n_members, acf_of);
    e.lag_share = e.rate_hz > 0 ? lag_share(bursts, member, n_members, 1 / e.rate_hz) : 0;
    e.core_s = median_over(bursts, member, n_members, emgp_episode_burst_core_s);
    e.burst_s = median_over(bursts, member, n_members, duration_of);
    e.cycle_s = median_cycle(bursts, train);
    e.burst_rcv = duration_rcv(bursts, train->pick, train->n_picks,
                               median_over(bursts, train->pick, train->n_picks, duration_of));
    e.snr_db = median_over(bursts, member, n_members, snr_of);
    e.antagonist_share = NAN;
    e.facial_share = facial_share(bursts, member, n_members);
    e.n_muscles = floor(median_over(bursts, member, n_members, muscles_of));
    if (n_members > 1) {
        e.background_hz = background_rate(bursts, n, member, n_members);
        e.crowd_hz = crowd_rate(bursts, n, member, n_members);
    }
    e.single_share = unit_share(bursts, member, n_members, true);
    e.extra_share = extra_share(bursts, member, n_members);
    e.shape_share = unit_share(bursts, train->pick, train->n_picks, false);
    e.embedded = n_members > 1 && is_embedded(bursts, n, member[0], member[n_members - 1]);
    uint64_t n_discharges = 0;
    uint32_t flags = 0;
    for (size_t i = 0; i < n_members; i++) {
        n_discharges += bursts[member[i]].burst.n_discharges;
        flags |= bursts[member[i]].burst.flags;
    }
    e.cut = (flags & EMGP_CUT_BY_GAP) != 0;
    e.clipped = (flags & EMGP_CLIPPED) != 0;
    e.discharge_hz = e.duration_s > 0 ? (double)n_discharges / e.duration_s : 0;
    return e;
}

void emgp_train_walk_start(emgp_train_walk *w, size_t stream, const emgp_spill *bursts, const emgp_spill *synchrony,
                           const emgp_spill *kin, const emgp_spill *discharges)
{
    emgp_spill_start(&w->bursts, bursts, stream);
    emgp_spill_start(&w->synchrony, synchrony, stream);
    emgp_spill_start(&w->kin, kin, 0);
    emgp_spill_start(&w->discharges, discharges, stream);
    w->there = false;
}

void emgp_train_walk_stop(emgp_train_walk *w)
{
    emgp_spill_stop(&w->bursts);
    emgp_spill_stop(&w->synchrony);
    emgp_spill_stop(&w->kin);
    emgp_spill_stop(&w->discharges);
}

static emg_status next_burst(emgp_train_walk *w, emg_error *err)
{
    bool there;
    emgp_kin kin;
    emg_status status = emgp_spill_copy(&w->bursts, &w->burst, sizeof w->burst, &w->there, err);
    if (!w->there)
        return status;
    status = emgp_spill_copy(&w->synchrony, &w->now, sizeof w->now, &there, err);
    w->like = NAN;
    if (status || !emgp_kin_compared(&w->burst))
        return status;
    status = emgp_spill_copy(&w->kin, &kin, sizeof kin, &there, err);
    if (there)
        w->like = (double)kin.shape;
    return status;
}

/* Reads the burst's discharges; compares each with those before it in the train. */
static emg_status read_discharges(emgp_train_walk *w, bool within, emg_error *err)
{
    for (uint32_t i = 0; i < w->burst.n_discharges; i++) {
        emgp_discharge d;
        emgp_outline outline;
        double most = 0;
        bool there;
        emg_status status = emgp_spill_copy(&w->discharges, &d, sizeof d, &there, err);
        if (!there)
            return status;
        if (!within || w->n_alike == EMGP_MOST_ALIKE)
            continue;
        emgp_outline_shape(&outline, &d);
        for (size_t k = 0; k < w->n_latest && k < EMGP_LATEST; k++)
            most = fmax(most, emgp_outlines_alike(&w->latest[k], &outline, most));
        if (w->n_latest > 0)
            w->alike[w->n_alike++] = most;
        w->latest[w->n_latest++ % EMGP_LATEST] = outline;
    }
    return EMG_OK;
}

emg_status emgp_train_walk_look(emgp_train_walk *w, const emg_config *config, const emgp_marks_told *marks,
                                emgp_stretch_found *found, emg_error *err)
{
    emgp_evidence *e = &found->evidence;
    double n = 0, n_like = 0, n_artifact = 0, in_turn = 0, muscles = 0, n_discharges = 0;
    double sizes = 0, squares = 0;
    emg_status status = w->there ? EMG_OK : next_burst(w, err);
    w->n_latest = w->n_alike = 0;
    for (; status == EMG_OK && w->there && w->burst.onset_s < found->end_s; status = next_burst(w, err)) {
        const bool end = w->burst.flags & EMGP_SEGMENT_END, within = !end && w->burst.end_s > found->onset_s;
        status = end ? EMG_OK : read_discharges(w, within, err);
        if (status)
            return status;
        if (!within)
            continue;
        e->at_stimulus =
            n > 0 ? e->at_stimulus
                  : emgp_marked_stimulus(marks, w->burst.onset_s, w->burst.peak_s, 0, config, NULL) != EMGP_AFTER_NONE;
        n++;
        n_like += w->like >= number(ALIKE);
        n_artifact += (w->burst.flags & (EMGP_POP | EMGP_MOTION)) || w->now.common;
        const double size = log(fmax((double)w->burst.peak, DBL_MIN));
        sizes += size;
        squares += size * size;
        n_discharges += w->burst.n_discharges;
        in_turn += emgp_train_in_turn(&w->now, 1 / e->rate_hz);
        muscles += w->now.n_muscles;
    }
    e->alternating_share = n > 0 ? in_turn / n : 0;
    e->artifact_share = n > 0 ? n_artifact / n : 0;
    e->n_muscles = n > 0 ? floor(muscles / n + 1.0 / 2) : 0;
    e->shape_share = n_like / e->cycles;
    e->cycle_discharges = n_discharges / e->cycles;
    e->size_scatter = n > 0 ? sqrt(fmax(squares / n - sizes / n * (sizes / n), 0)) : 0;
    e->unit_like = (double)w->n_alike >= number(ENOUGH) ? emgp_median(w->alike, w->n_alike) : NAN;
    return status;
}
