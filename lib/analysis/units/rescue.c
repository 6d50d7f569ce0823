/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What units change in what is told: weak discharges of those that fire regularly are, satellites of a potential are not. */
#include "analysis/units/units.h"

#include <math.h>

enum { SHAPED, SHARE, OTHERS };

static const emgp_rule numbers[] = {
    [SHAPED] = EMGP_NUMBER("rescue.shaped", "discharges of a burst", EMGP_AT_MOST, EMGP_LIMIT(6), EMGP_OURS,
                           "more are interference: their shapes are no unit's"),
    [SHARE] = EMGP_NUMBER("rescue.share", "trains_share of a regular train", EMGP_AT_LEAST, EMGP_LIMIT(0.6), EMGP_OURS,
                          "the unit's weak discharges in it are told,"),
    [OTHERS] = EMGP_NUMBER("rescue.others", "others_hz of a regular train", EMGP_AT_MOST,
                           EMGP_SETTING(rhythm.fasciculation_rate_hz), EMGP_OURS, "or so few of others are there"),
};

emgp_rules emgp_rescue_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { BUDGET = 1 << 17 };

typedef struct rescue {
    const emgp_rescue_setup *setup;
    emgp_units *units;
    emgp_satellites *satellites;
    emgp_spill *unit_of, *trains; /* of one stream each */
    size_t n_trains;
    emg_error *err;
} rescue;

/* ---- units of all that was found */

static emg_status learn_burst(rescue *r, emgp_spill_cursor *discharges, const emgp_burst *burst)
{
    const bool few = (double)burst->n_discharges <= numbers[SHAPED].limit;
    emg_status status = EMG_OK;
    for (uint32_t i = 0; status == EMG_OK && i < burst->n_discharges; i++) {
        emgp_discharge d;
        bool there;
        status = emgp_spill_copy(discharges, &d, sizeof d, &there, r->err);
        if (status || !there)
            return status;
        status = emgp_units_push(r->units, &d, few, r->err);
    }
    return status;
}

static emg_status learn(rescue *r)
{
    emgp_spill_cursor discharges, bursts;
    emg_status status = EMG_OK;
    emgp_units_start(r->units, r->unit_of);
    emgp_spill_start(&discharges, r->setup->discharges, r->setup->stream);
    emgp_spill_start(&bursts, r->setup->bursts, r->setup->stream);
    while (status == EMG_OK) {
        emgp_burst burst;
        bool there;
        status = emgp_spill_copy(&bursts, &burst, sizeof burst, &there, r->err);
        if (status || !there)
            break;
        if (burst.flags & EMGP_SEGMENT_END)
            emgp_units_gap(r->units);
        status = learn_burst(r, &discharges, &burst);
    }
    emgp_spill_stop(&discharges);
    emgp_spill_stop(&bursts);
    return status ? status : emgp_units_settle(r->units, r->err);
}

static emg_status take_train(void *context, const emgp_unit_train *train, emg_error *err)
{
    rescue *r = context;
    const double most = emgp_rule_limit(&numbers[OTHERS], r->setup->config);
    if (train->evidence.trains_share < numbers[SHARE].limit && train->evidence.others_hz > most)
        return EMG_OK;
    r->n_trains++;
    return emgp_spill_push(r->trains, 0, train, err);
}

/* ---- what is told */

/* All that was found, and of it what is told already; the trains that go on. */
typedef struct readers {
    emgp_spill_cursor discharges, bursts, units, told_discharges, told_bursts, trains;
    emgp_discharge told;
    emgp_burst told_burst;
    emgp_unit_train coming;
    bool more_told, more_bursts, more_trains;
    double from_s[EMGP_MOST_UNITS], to_s[EMGP_MOST_UNITS]; /* the latest train of each unit */
} readers;

static emg_status start(readers *w, const rescue *r)
{
    const emgp_rescue_setup *s = r->setup;
    emgp_spill_start(&w->discharges, s->discharges, s->stream);
    emgp_spill_start(&w->bursts, s->bursts, s->stream);
    emgp_spill_start(&w->units, r->unit_of, 0);
    emgp_spill_start(&w->told_discharges, s->told_discharges, s->stream);
    emgp_spill_start(&w->told_bursts, s->told_bursts, s->stream);
    emgp_spill_start(&w->trains, r->trains, 0);
    for (size_t u = 0; u < EMGP_MOST_UNITS; u++)
        w->to_s[u] = w->from_s[u] = -INFINITY;
    emg_status status = emgp_spill_copy(&w->told_discharges, &w->told, sizeof w->told, &w->more_told, r->err);
    if (status == EMG_OK)
        status = emgp_spill_copy(&w->told_bursts, &w->told_burst, sizeof w->told_burst, &w->more_bursts, r->err);
    return status ? status : emgp_spill_copy(&w->trains, &w->coming, sizeof w->coming, &w->more_trains, r->err);
}

static void stop(readers *w)
{
    emgp_spill_stop(&w->discharges);
    emgp_spill_stop(&w->bursts);
    emgp_spill_stop(&w->units);
    emgp_spill_stop(&w->told_discharges);
    emgp_spill_stop(&w->told_bursts);
    emgp_spill_stop(&w->trains);
}

/* Whether the unit's train goes on at a moment; they come in order. */
static emg_status is_in_train(readers *w, uint8_t unit, double now_s, bool *is, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && w->more_trains && w->coming.onset_s <= now_s) {
        w->from_s[w->coming.unit - 1] = w->coming.onset_s;
        w->to_s[w->coming.unit - 1] = w->coming.end_s;
        status = emgp_spill_copy(&w->trains, &w->coming, sizeof w->coming, &w->more_trains, err);
    }
    *is = unit > 0 && now_s >= w->from_s[unit - 1] && now_s <= w->to_s[unit - 1];
    return status;
}

/* Whether a discharge, the next of all that was found, is told; marks those of regular trains. */
static emg_status is_told(readers *w, emgp_discharge *d, emgp_unit_of of, bool *told, emg_error *err)
{
    bool first = false, second = false;
    const bool already = w->more_told && !(w->told.peak_s < d->peak_s) && !(w->told.peak_s > d->peak_s);
    emg_status status = is_in_train(w, of.unit, d->peak_s, &first, err);
    if (status == EMG_OK)
        status = is_in_train(w, of.other, d->peak_s, &second, err);
    if (status == EMG_OK && already)
        status = emgp_spill_copy(&w->told_discharges, &w->told, sizeof w->told, &w->more_told, err);
    d->flags &= ~(uint32_t)EMGP_WEAK;
    d->flags |= first || second ? EMGP_FIRING : 0;
    *told = already || first || second;
    return status;
}

/* What of a burst is left without the satellites in it. */
typedef struct rest {
    double onset_s, end_s;
    bool less; /* a satellite was in it */
} rest;

static void reduce(emgp_burst *burst, const rest *left)
{
    if (!left->less || burst->n_discharges == 0)
        return;
    burst->onset_s = fmax(burst->onset_s, left->onset_s);
    burst->end_s = fmin(burst->end_s, left->end_s);
    burst->core_s = fminf(burst->core_s, (float)emgp_unit_core_s(burst->end_s - burst->onset_s));
}

static emg_status tell_burst(const rescue *r, readers *w, emgp_burst *burst)
{
    const emgp_rescue_setup *s = r->setup;
    const uint32_t n = burst->n_discharges;
    emg_status status = EMG_OK;
    rest left = { INFINITY, -INFINITY, false };
    burst->n_discharges = 0;
    for (uint32_t i = 0; status == EMG_OK && i < n; i++) {
        emgp_discharge d;
        emgp_unit_of of;
        bool there, known, told = false, satellite = false;
        status = emgp_spill_copy(&w->discharges, &d, sizeof d, &there, r->err);
        if (status == EMG_OK)
            status = emgp_spill_copy(&w->units, &of, sizeof of, &known, r->err);
        if (status || !there || !known)
            break;
        status = is_told(w, &d, of, &told, r->err);
        if (status == EMG_OK && !r->setup->stimulated)
            status = emgp_satellites_next(r->satellites, &satellite, r->err);
        left.less = left.less || (told && satellite);
        told = told && !satellite;
        left.onset_s = told ? fmin(left.onset_s, d.peak_s - (double)d.before_s) : left.onset_s;
        left.end_s = told ? fmax(left.end_s, d.peak_s + (double)d.after_s) : left.end_s;
        burst->n_discharges += told;
        if (status == EMG_OK && told)
            status = emgp_spill_push(s->out_discharges, s->stream, &d, r->err);
    }
    const bool there = w->more_bursts && !(w->told_burst.onset_s < burst->onset_s) &&
                       !(w->told_burst.onset_s > burst->onset_s) &&
                       (w->told_burst.flags & EMGP_SEGMENT_END) == (burst->flags & EMGP_SEGMENT_END);
    if (status == EMG_OK && there)
        status = emgp_spill_copy(&w->told_bursts, &w->told_burst, sizeof w->told_burst, &w->more_bursts, r->err);
    reduce(burst, &left);
    burst->flags &= ~(uint32_t)EMGP_WEAK;
    return status || !(there || burst->n_discharges > 0) ? status
                                                         : emgp_spill_push(s->out_bursts, s->stream, burst, r->err);
}

static emg_status tell(const rescue *r)
{
    readers w;
    emg_status status = start(&w, r);
    emgp_satellites_start(r->satellites, r->setup->discharges, r->setup->stream, r->unit_of);
    while (status == EMG_OK) {
        emgp_burst burst;
        bool there;
        status = emgp_spill_copy(&w.bursts, &burst, sizeof burst, &there, r->err);
        if (status || !there)
            break;
        status = tell_burst(r, &w, &burst);
    }
    emgp_satellites_stop(r->satellites);
    stop(&w);
    return status;
}

emg_status emgp_rescue(const emgp_rescue_setup *setup, emg_error *err)
{
    rescue r = { .setup = setup, .err = err };
    emg_status status = emgp_units_new(&r.units, &setup->config->unit, err);
    if (status == EMG_OK)
        status = emgp_spill_new(&r.unit_of, 1, sizeof(emgp_unit_of), BUDGET, setup->directory, err);
    if (status == EMG_OK)
        status = emgp_spill_new(&r.trains, 1, sizeof(emgp_unit_train), BUDGET, setup->directory, err);
    if (status == EMG_OK)
        status = learn(&r);
    if (status == EMG_OK)
        status = emgp_satellites_new(&r.satellites, err);
    if (status == EMG_OK && !setup->stimulated)
        status = emgp_satellites_learn(r.satellites, setup->discharges, setup->stream, r.unit_of, err);
    const emgp_unit_trains_setup all = { .discharges = setup->discharges,
                                         .bursts = setup->bursts,
                                         .unit_of = r.unit_of,
                                         .stream = setup->stream,
                                         .config = setup->config,
                                         .directory = setup->directory };
    if (status == EMG_OK)
        status = emgp_unit_trains_find(&all, take_train, &r, err);
    if (status == EMG_OK)
        status = tell(&r);
    emgp_units_free(r.units);
    emgp_satellites_free(r.satellites);
    emgp_spill_free(r.unit_of);
    emgp_spill_free(r.trains);
    return status;
}
