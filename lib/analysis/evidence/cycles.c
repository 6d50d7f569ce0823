/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bursts of a span, one a period, as the eye marks them: where their energy is centred, how far each stands out. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH, WIDEST, APART, USUAL_SHARE, FEWEST, LOW, REACH, EVEN, MISSED, ANEW, ONE, THREE, GONE };

static const emgp_rule numbers[] = {
    [WIDTH] = EMGP_NUMBER("cycles.width", "SD of what smooths the power / period", EMGP_ALWAYS, EMGP_LIMIT(0.11),
                          EMGP_OURS, "bursts are its maxima"),
    [WIDEST] = EMGP_NUMBER("cycles.widest_s", "that SD", EMGP_AT_MOST, EMGP_LIMIT(0.03), EMGP_OURS, "and no more"),
    [APART] = EMGP_NUMBER("cycles.apart", "distance to a larger maximum / period", EMGP_AT_LEAST, EMGP_LIMIT(0.55),
                          EMGP_OURS, "a maximum is a burst of its own"),
    [USUAL_SHARE] = EMGP_NUMBER("cycles.usual", "maxima that are looked at for the usual height / periods in the span",
                                EMGP_ALWAYS, EMGP_LIMIT(0.7), EMGP_OURS, "the median of so many of the largest"),
    [FEWEST] = EMGP_NUMBER("cycles.fewest", "of these", EMGP_AT_LEAST, EMGP_LIMIT(3), EMGP_OURS, "at least"),
    [LOW] = EMGP_NUMBER("cycles.low", "height of a maximum / the usual", EMGP_ABOVE, EMGP_LIMIT(0.12), EMGP_OURS,
                        "it is a burst"),
    [REACH] = EMGP_NUMBER("cycles.reach", "distance from a burst / period", EMGP_AT_MOST, EMGP_LIMIT(0.38), EMGP_OURS,
                          "the power there is the burst's: its middle and SD are the burst's time and width"),
    [EVEN] = EMGP_NUMBER("cycles.even", "(log of an interval over whole periods)^2", EMGP_ALWAYS, EMGP_LIMIT(4),
                         "Ellis 2007 (beats of music)",
                         "so much is it worth, in bursts of usual energy, that intervals are even: those bursts stay "
                         "that are worth most together"),
    [MISSED] = EMGP_NUMBER("cycles.missed", "periods without a burst", EMGP_ALWAYS, EMGP_LIMIT(0.5), EMGP_OURS,
                           "each costs so much"),
    [ANEW] = EMGP_NUMBER("cycles.anew", "intervals of no whole number of periods", EMGP_ALWAYS, EMGP_LIMIT(3),
                         EMGP_OURS, "the rhythm begins anew for so much"),
    [ONE] = EMGP_NUMBER("cycles.one", "interval off one, or two periods / period", EMGP_BELOW, EMGP_LIMIT(0.45),
                        EMGP_OURS, "the run goes on"),
    [THREE] = EMGP_NUMBER("cycles.three", "interval off three periods / period", EMGP_BELOW, EMGP_LIMIT(0.3), EMGP_OURS,
                          "the run goes on too: two bursts may be missing"),
    [GONE] = EMGP_NUMBER("cycles.most_gone", "periods of an interval", EMGP_AT_MOST, EMGP_LIMIT(3), EMGP_OURS,
                         "and no more"),
};

emgp_rules emgp_cycles_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { DECIBELS = 20 };

typedef struct maximum {
    double height;
    size_t at;
} maximum;

static int by_height(const void *a, const void *b)
{
    const maximum *x = a, *y = b;
    if (x->height > y->height || x->height < y->height)
        return x->height > y->height ? -1 : 1;
    return x->at < y->at ? -1 : 1;
}

/* Maxima of the smoothed power, the largest first. */
static size_t find_maxima(const double *x, size_t n, maximum *out)
{
    size_t count = 0;
    for (size_t i = 1; i + 1 < n; i++)
        if (x[i] >= x[i - 1] && x[i] > x[i + 1])
            out[count++] = (maximum){ x[i], i };
    if (count > 1)
        qsort(out, count, sizeof *out, by_height);
    return count;
}

static double usual_height(const maximum *m, size_t n, double n_periods)
{
    double x[EMGP_SPAN];
    const double wanted = fmax(numbers[USUAL_SHARE].limit * n_periods, numbers[FEWEST].limit);
    const size_t k = n < (size_t)wanted ? n : (size_t)wanted;
    for (size_t i = 0; i < k; i++)
        x[i] = m[i].height;
    return k > 0 ? emgp_median(x, k) : 0;
}

/* Moves a burst to the middle of its power. */
static bool centre(const emgp_course *c, size_t at, double period_s, emgp_cycle *out)
{
    const size_t reach = (size_t)fmax(round(numbers[REACH].limit * period_s / c->step_s), 1);
    double middle = (double)at, sum = 0, square = 0;
    for (int round_ = 0; round_ < 2; round_++) {
        const size_t k = (size_t)(middle + 1.0 / 2), from = k > reach ? k - reach : 0;
        double first = 0;
        sum = square = 0;
        for (size_t i = from; i < c->n && i <= k + reach; i++) {
            const double power = fmax(c->power[i] - 1, 0);
            sum += power;
            first += power * (double)i;
            square += power * (double)i * (double)i;
        }
        if (!(sum > 0))
            return false;
        middle = first / sum;
    }
    *out = (emgp_cycle){ c->from_s + (middle + 1.0 / 2) * c->step_s,
                         sqrt(fmax(square / sum - middle * middle, 0)) * c->step_s, sum };
    return true;
}

size_t emgp_cycles_find(emgp_course *c, double period_s, emgp_cycle *out)
{
    static const size_t MOST = EMGP_MOST_CYCLES;
    maximum m[EMGP_SPAN / 2];
    bool blocked[EMGP_SPAN] = { false }, kept[EMGP_SPAN] = { false };
    double smooth[EMGP_SPAN];
    emgp_course_smooth(c, c->power, smooth, c->n, fmin(numbers[WIDTH].limit * period_s, numbers[WIDEST].limit));
    const size_t n = find_maxima(smooth, c->n, m);
    const size_t apart = (size_t)(numbers[APART].limit * period_s / c->step_s);
    const double usual = usual_height(m, n, (double)c->n * c->step_s / period_s);
    for (size_t i = 0; i < n; i++) {
        if (blocked[m[i].at] || m[i].height <= numbers[LOW].limit * usual || m[i].height <= 2)
            continue;
        kept[m[i].at] = true;
        for (size_t k = m[i].at > apart ? m[i].at - apart : 0; k < c->n && k <= m[i].at + apart; k++)
            blocked[k] = true;
    }
    size_t count = 0;
    for (size_t i = 0; i < c->n && count < MOST; i++)
        if (kept[i] && centre(c, i, period_s, &out[count]))
            count++;
    return count;
}

/* What it costs that two bursts of a rhythm are so many periods apart. */
static double cost_of(double periods)
{
    const double whole = fmin(fmax(round(periods), 1), numbers[GONE].limit), off = log(periods / whole);
    return fmin(numbers[EVEN].limit * off * off + numbers[MISSED].limit * (whole - 1), numbers[ANEW].limit);
}

static double usual_energy(const emgp_cycle *cycle, size_t n)
{
    double x[EMGP_MOST_CYCLES];
    for (size_t i = 0; i < n; i++)
        x[i] = cycle[i].energy;
    return emgp_median(x, n);
}

size_t emgp_cycles_whole(emgp_cycle *cycle, size_t n, double period_s)
{
    double worth[EMGP_MOST_CYCLES];
    uint16_t before[EMGP_MOST_CYCLES], chain[EMGP_MOST_CYCLES];
    const double usual = n > 0 ? usual_energy(cycle, n) : 0;
    size_t best = 0, best_before = 0, n_chain = 0;
    for (size_t i = 0; i < n; i++) {
        double most = i > 0 ? worth[best_before] - numbers[ANEW].limit : 0;
        before[i] = (uint16_t)(i > 0 && most > 0 ? best_before : i);
        most = fmax(most, 0);
        for (size_t k = i; k-- > 0 && cycle[i].at_s - cycle[k].at_s < (numbers[GONE].limit + 1) * period_s;) {
            const double with = worth[k] - cost_of((cycle[i].at_s - cycle[k].at_s) / period_s);
            if (with > most) {
                most = with;
                before[i] = (uint16_t)k;
            }
        }
        worth[i] = sqrt(fmin(cycle[i].energy / usual, 1)) + most;
        best = worth[i] > worth[best] ? i : best;
        best_before = best;
    }
    if (n == 0)
        return 0;
    for (size_t i = best;; i = before[i]) {
        chain[n_chain++] = (uint16_t)i;
        if (before[i] == i)
            break;
    }
    for (size_t i = 0; i < n_chain; i++)
        cycle[i] = cycle[chain[n_chain - 1 - i]];
    return n_chain;
}

/* Whether the rhythm goes on after so many periods. */
static bool goes_on(double periods)
{
    const double whole = round(periods), off = fabs(periods - whole);
    return whole >= 1 && whole <= numbers[GONE].limit && off < numbers[whole > 2 ? THREE : ONE].limit;
}

size_t emgp_cycles_run(const emgp_cycle *cycle, size_t n, size_t from, double period_s)
{
    size_t end = from + 1;
    while (end < n && goes_on((cycle[end].at_s - cycle[end - 1].at_s) / period_s))
        end++;
    return end;
}

double emgp_cycles_depth_db(const emgp_course *c, const emgp_cycle *cycle, size_t n)
{
    double depth_db[EMGP_MOST_CYCLES];
    size_t count = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        const size_t a = (size_t)fmax((cycle[i].at_s - c->from_s) / c->step_s, 0),
                     b = (size_t)fmin((cycle[i + 1].at_s - c->from_s) / c->step_s, (double)(c->n - 1));
        double low = INFINITY;
        for (size_t k = a; k <= b; k++)
            low = fmin(low, c->envelope[k]);
        depth_db[count++] = DECIBELS / 2 * log10(fmax(c->envelope[a], 1) / fmax(low, 1));
    }
    return emgp_median(depth_db, count);
}

double emgp_cycle_reach_s(double width_s)
{
    return sqrt(2 * log(2)) * width_s;
}

emg_status emgp_cycles_tell(const emgp_cycle *cycle, size_t n, uint32_t train, const emgp_times *to, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        const double at_s = cycle[i].at_s, reach_s = emgp_cycle_reach_s(cycle[i].width_s);
        const emgp_burst_time time = {
            .at_s = at_s, .onset_s = at_s - reach_s, .end_s = at_s + reach_s, .train = train
        };
        status = emgp_times_push(to, &time, err);
    }
    return status;
}
