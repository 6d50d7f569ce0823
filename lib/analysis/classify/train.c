/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing trains burst by burst, and by the envelope. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

enum { RECENT = 8, MOST = EMGP_MOST_MEMBERS };

enum {
    RECENT_INTERVALS,
    SHORTEST,
    LONGEST,
    EARLY,
    LATE,
    MISSED_AFTER,
    MISSED_LOW,
    MISSED_HIGH,
    HEIGHT,
    LAG,
    LEAD_IN,
    NEW_CYCLE,
    PAUSE_LAGS,
    DOUBT
};

static const emgp_rule numbers[] = {
    [RECENT_INTERVALS] = EMGP_NUMBER("growing.recent", "intervals", EMGP_AT_MOST, EMGP_LIMIT(RECENT), EMGP_OURS,
                                     "the running median is that of so many last intervals, or lags"),
    [SHORTEST] = EMGP_NUMBER("growing.shortest_s", "interval", EMGP_BELOW, EMGP_LIMIT(0.04), EMGP_OURS,
                             "a burst so soon is early: one such burst between two members is stepped over"),
    [LONGEST] =
        EMGP_NUMBER("growing.longest_s", "interval", EMGP_ABOVE, EMGP_LIMIT(3.4), EMGP_OURS, "the train has ended"),
    [EARLY] = EMGP_NUMBER("growing.early", "interval / running median", EMGP_BELOW, EMGP_LIMIT(0.6), EMGP_OURS,
                          "a burst so soon is early"),
    [LATE] = EMGP_NUMBER("growing.late", "interval / running median", EMGP_AT_MOST, EMGP_LIMIT(1.67), EMGP_OURS,
                         "a burst that is not early is the next one"),
    [MISSED_AFTER] = EMGP_NUMBER("growing.missed_after", "intervals before", EMGP_AT_LEAST, EMGP_LIMIT(2), EMGP_OURS,
                                 "a missed burst can be recognised"),
    [MISSED_LOW] = EMGP_NUMBER("growing.missed_low", "interval / running median", EMGP_AT_LEAST, EMGP_LIMIT(1.75),
                               EMGP_OURS, "one burst was missed"),
    [MISSED_HIGH] = EMGP_NUMBER("growing.missed_high", "interval / running median", EMGP_AT_MOST, EMGP_LIMIT(2.25),
                                EMGP_OURS, "and no more than one"),
    [HEIGHT] = EMGP_NUMBER("growing.height", "acf_height of a burst", EMGP_AT_LEAST, EMGP_LIMIT(0.3), EMGP_OURS,
                           "the envelope around a burst speaks for the train"),
    [LAG] = EMGP_NUMBER("growing.lag", "distance from the train's lag / lag", EMGP_AT_MOST, EMGP_LIMIT(0.2), EMGP_OURS,
                        "when its period is the train's"),
    [LEAD_IN] = EMGP_NUMBER("growing.lead_in", "bursts", EMGP_AT_MOST, EMGP_LIMIT(2), EMGP_OURS,
                            "so many a period apart before the first that speaks for the train belong to it: silence "
                            "in their window may hide its period"),
    [NEW_CYCLE] = EMGP_NUMBER("growing.new_cycle", "time since the cycle's first burst / lag", EMGP_AT_LEAST,
                              EMGP_LIMIT(0.6), EMGP_OURS, "a burst begins the next cycle; others are its fragments"),
    [PAUSE_LAGS] = EMGP_NUMBER("growing.pause_lags", "silence / lag", EMGP_ABOVE, EMGP_LIMIT(2.5), EMGP_OURS,
                               "a train found by the envelope has ended"),
    [DOUBT] = EMGP_NUMBER("growing.doubt_s", "time without a burst that speaks for it", EMGP_ABOVE, EMGP_LIMIT(3),
                          EMGP_OURS, "a train found by the envelope has ended"),
};

emgp_rules emgp_train_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

/* The number of a row. */
static double number(int row)
{
    return numbers[row].limit;
}

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

/* Whether a burst `gap` after the last one goes on with the rhythm, and how. */
typedef enum step { STEP_ON, STEP_MISSED, STEP_EARLY, STEP_OUT } step;

static step step_of(double gap, const double *interval, size_t n_intervals)
{
    double median = n_intervals ? recent_median(interval, n_intervals) : gap;
    if (gap < number(SHORTEST) || gap < number(EARLY) * median)
        return STEP_EARLY;
    if (gap > number(LONGEST))
        return STEP_OUT;
    if (gap <= number(LATE) * median)
        return STEP_ON;
    bool missed = (double)n_intervals >= number(MISSED_AFTER) && gap >= number(MISSED_LOW) * median &&
                  gap <= number(MISSED_HIGH) * median;
    return missed ? STEP_MISSED : STEP_OUT;
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
    bool stepped = false; /* over an early burst since the last member */
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

bool emgp_train_speaks_for(const emgp_burst *burst, double lag)
{
    return (double)burst->acf_height >= number(HEIGHT) && fabs((double)burst->acf_lag_s - lag) <= number(LAG) * lag;
}

/* Drops the members after the last that speaks for the rhythm. */
static void drop_doubtful(emgp_train *train, size_t n_sure)
{
    train->n_members = n_sure;
    while (train->n_picks > 0 && train->pick[train->n_picks - 1] > train->member[n_sure - 1])
        train->n_picks--;
}

/* The first bursts of a rhythm have silence in their window, which may hide its period: a few a period apart before
 * `start` belong to it. */
static size_t lead_in(const emgp_episode_burst *bursts, size_t start, double lag)
{
    size_t first = start;
    while (first > 0 && (double)(start - first) < number(LEAD_IN) && !bursts[first - 1].taken) {
        double gap = bursts[first].burst.onset_s - bursts[first - 1].burst.onset_s;
        if (gap < number(EARLY) * lag || gap > number(LATE) * lag)
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
    if (!emgp_train_speaks_for(&bursts[start].burst, lag))
        return;
    size_t first = lead_in(bursts, start, lag);
    double cycle = bursts[first].burst.onset_s, end = bursts[first].burst.end_s;
    emgp_train_alone(train, first);
    for (size_t i = first + 1; i < n && train->n_members < MOST; i++) {
        const emgp_burst *burst = &bursts[i].burst;
        if (bursts[i].taken)
            continue;
        bool agrees = emgp_train_speaks_for(burst, lag);
        bool ended = burst->onset_s - end > number(PAUSE_LAGS) * lag;
        if (ended || (!agrees && burst->onset_s - sure > number(DOUBT)))
            break;
        bool picked = burst->onset_s - cycle >= number(NEW_CYCLE) * lag;
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
