/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bursts of a span, one a period, as the eye marks them: where their energy is centred. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH, WIDEST, APART, USUAL_SHARE, FEWEST, LOW, REACH, SPLIT, ONE, THREE, GONE };

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
    [SPLIT] = EMGP_NUMBER("cycles.split", "time between a burst's neighbours off a period / period", EMGP_BELOW,
                          EMGP_LIMIT(0.3), EMGP_OURS, "it is a piece of theirs and goes"),
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

size_t emgp_cycles_whole(emgp_cycle *cycle, size_t n, double period_s)
{
    size_t kept = n < 2 ? n : 1;
    for (size_t i = 1; i + 1 < n; i++) {
        const double both_s = cycle[i + 1].at_s - cycle[kept - 1].at_s;
        if (fabs(both_s / period_s - 1) >= numbers[SPLIT].limit)
            cycle[kept++] = cycle[i];
    }
    if (n > 1)
        cycle[kept++] = cycle[n - 1];
    return kept;
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
