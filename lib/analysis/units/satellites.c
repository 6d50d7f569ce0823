/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Late components of a unit's potential, found as discharges of their own: smaller ones at one lag of many of its discharges. */
#include "analysis/units/units.h"

#include <math.h>
#include <string.h>

enum { AROUND, SMALLER, WIDTH, SHARE, CONTRAST, LEAST, CORE };

static const emgp_rule numbers[] = {
    [AROUND] = EMGP_NUMBER("satellites.around_s", "time between a discharge and a smaller one", EMGP_AT_MOST,
                           EMGP_LIMIT(0.045), EMGP_OURS, "the smaller may be a part of the other's potential"),
    [SMALLER] = EMGP_NUMBER("satellites.smaller", "peak to peak of the smaller / the larger", EMGP_BELOW,
                            EMGP_LIMIT(0.7), EMGP_OURS, "when it is so much smaller: doublets are of one size"),
    [WIDTH] = EMGP_NUMBER("satellites.width_s", "distance from a lag", EMGP_AT_MOST, EMGP_LIMIT(0.002), EMGP_OURS,
                          "smaller discharges are counted together there"),
    [SHARE] = EMGP_NUMBER("satellites.share", "smaller discharges at a lag / discharges of a unit", EMGP_AT_LEAST,
                          EMGP_LIMIT(0.35), EMGP_OURS, "they are its satellites, and count with it"),
    [CONTRAST] = EMGP_NUMBER("satellites.contrast", "smaller discharges at a lag / mean over all lags", EMGP_AT_LEAST,
                             EMGP_LIMIT(3), EMGP_OURS, "if there are more of them than anywhere about"),
    [LEAST] = EMGP_NUMBER("satellites.least", "smaller discharges at a lag", EMGP_AT_LEAST, EMGP_LIMIT(5), EMGP_OURS,
                          "and so many"),
    [CORE] =
        EMGP_NUMBER("satellites.core", "core of what is left of a burst / its duration", EMGP_ALWAYS, EMGP_LIMIT(0.38),
                    EMGP_OURS, "one potential has so much of its length from 25 % to 75 % of its energy (8 ms of 21)"),
};

emgp_rules emgp_satellite_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

double emgp_unit_core_s(double duration_s)
{
    return numbers[CORE].limit * duration_s;
}

enum { MOST_NEAR = 64, LAGS = 91, MIDDLE = LAGS / 2 };

typedef struct near {
    double peak_s, size;
    uint8_t unit;
} near;

struct emgp_satellites {
    uint32_t n[EMGP_MOST_UNITS], at[EMGP_MOST_UNITS][LAGS]; /* discharges of a unit, and smaller ones by their lag */
    bool is[EMGP_MOST_UNITS][LAGS];
    /* a walk over the discharges: those near the one at hand, which is number `now` */
    emgp_spill_cursor discharges, units;
    bool more;
    near near[MOST_NEAR];
    size_t n_near, now;
    bool begun;
};

emg_status emgp_satellites_new(emgp_satellites **out, emg_error *err)
{
    *out = emgp_alloc(1, sizeof **out);
    return *out ? EMG_OK : emgp_fail_memory(err);
}

void emgp_satellites_free(emgp_satellites *s)
{
    emgp_free(s);
}

/* ---- walk */

void emgp_satellites_start(emgp_satellites *s, const emgp_spill *discharges, size_t stream, const emgp_spill *unit_of)
{
    emgp_spill_start(&s->discharges, discharges, stream);
    emgp_spill_start(&s->units, unit_of, 0);
    s->more = true;
    s->n_near = s->now = 0;
    s->begun = false;
}

void emgp_satellites_stop(emgp_satellites *s)
{
    emgp_spill_stop(&s->discharges);
    emgp_spill_stop(&s->units);
}

static void forget(emgp_satellites *s, size_t n)
{
    memmove(s->near, s->near + n, (s->n_near - n) * sizeof *s->near);
    s->n_near -= n;
    s->now -= n;
}

static emg_status read_one(emgp_satellites *s, emg_error *err)
{
    emgp_discharge d;
    emgp_unit_of of;
    emg_status status = emgp_spill_copy(&s->discharges, &d, sizeof d, &s->more, err);
    if (s->more)
        status = emgp_spill_copy(&s->units, &of, sizeof of, &s->more, err);
    if (s->more)
        s->near[s->n_near++] = (near){ .peak_s = d.peak_s, .size = (double)d.peak_to_peak, .unit = of.unit };
    return status;
}

/* Goes to the next discharge; *there: there is one. */
static emg_status go_on(emgp_satellites *s, bool *there, emg_error *err)
{
    emg_status status = EMG_OK;
    s->now += s->begun;
    s->begun = true;
    while (status == EMG_OK && s->more &&
           (s->n_near <= s->now || s->near[s->n_near - 1].peak_s <= s->near[s->now].peak_s + numbers[AROUND].limit)) {
        if (s->n_near == MOST_NEAR)
            forget(s, s->now > 0 ? s->now : 1);
        status = read_one(s, err);
    }
    *there = status == EMG_OK && s->now < s->n_near;
    size_t old = 0;
    while (*there && old < s->now && s->near[old].peak_s < s->near[s->now].peak_s - numbers[AROUND].limit)
        old++;
    forget(s, old);
    return status;
}

/* The lag of a discharge behind a larger one, as a number; none where it is no candidate. */
static bool lag_of(const near *larger, const near *smaller, size_t *lag)
{
    const double by_s = smaller->peak_s - larger->peak_s;
    if (larger->unit == 0 || fabs(by_s) > numbers[AROUND].limit ||
        !(smaller->size < numbers[SMALLER].limit * larger->size))
        return false;
    *lag = (size_t)lround(MIDDLE * (1 + by_s / numbers[AROUND].limit));
    return *lag < LAGS;
}

/* ---- lags */

static void settle(emgp_satellites *s)
{
    const size_t width = (size_t)lround(MIDDLE * numbers[WIDTH].limit / numbers[AROUND].limit);
    for (size_t u = 0; u < EMGP_MOST_UNITS; u++) {
        double all = 0;
        for (size_t l = 0; l < LAGS; l++)
            all += s->at[u][l];
        const double usual = all * (double)(2 * width + 1) / LAGS;
        for (size_t l = 0; l < LAGS; l++) {
            double n = 0;
            for (size_t k = l > width ? l - width : 0; k <= l + width && k < LAGS; k++)
                n += s->at[u][k];
            s->is[u][l] = n >= numbers[LEAST].limit && n >= numbers[SHARE].limit * s->n[u] &&
                          n >= numbers[CONTRAST].limit * usual;
        }
    }
}

emg_status emgp_satellites_learn(emgp_satellites *s, const emgp_spill *discharges, size_t stream,
                                 const emgp_spill *unit_of, emg_error *err)
{
    bool there = true;
    emgp_satellites_start(s, discharges, stream, unit_of);
    emg_status status = go_on(s, &there, err);
    for (; status == EMG_OK && there; status = go_on(s, &there, err)) {
        const near *now = &s->near[s->now];
        if (now->unit == 0)
            continue;
        s->n[now->unit - 1]++;
        for (size_t i = 0; i < s->n_near; i++) {
            size_t lag;
            if (lag_of(now, &s->near[i], &lag))
                s->at[now->unit - 1][lag]++;
        }
    }
    emgp_satellites_stop(s);
    settle(s);
    return status;
}

emg_status emgp_satellites_next(emgp_satellites *s, bool *is, emg_error *err)
{
    bool there;
    emg_status status = go_on(s, &there, err);
    *is = false;
    for (size_t i = 0; status == EMG_OK && there && i < s->n_near; i++) {
        size_t lag;
        *is = *is || (lag_of(&s->near[i], &s->near[s->now], &lag) && s->is[s->near[i].unit - 1][lag]);
    }
    return status;
}
