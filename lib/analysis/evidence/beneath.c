/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies beneath a channel's discharges: its level between them, as a unit that fires alone leaves it at the floor. */
#include "analysis/evidence/evidence.h"

#include <math.h>

enum { MARGIN, FEWEST };

static const emgp_rule numbers[] = {
    [MARGIN] = EMGP_NUMBER("beneath.margin_s", "time from a level to a discharge", EMGP_BELOW, EMGP_LIMIT(0.005),
                           EMGP_OURS, "the level is the discharge's"),
    [FEWEST] = EMGP_NUMBER("beneath.fewest", "levels of a stretch between discharges", EMGP_AT_LEAST, EMGP_LIMIT(100),
                           EMGP_OURS, "what lies beneath them is known (beneath_db, beneath_share)"),
};

emgp_rules emgp_beneath_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { BUDGET = 1 << 17 };

/* Sums over a record of levels. */
typedef struct sums {
    double at_s;             /* its middle */
    float power, between_db; /* of all its levels; of those between discharges, in decibels */
    uint16_t n, n_between;
} sums;

typedef struct walk {
    emgp_spill_cursor levels, discharges;
    emgp_discharge next;
    bool there;
    double until_s; /* the discharges that were read reach so far */
} walk;

static emg_status next_discharge(walk *w, emg_error *err)
{
    return emgp_spill_copy(&w->discharges, &w->next, sizeof w->next, &w->there, err);
}

/* Whether a level that lies in [from_s, to_s] is between discharges. */
static emg_status is_between(walk *w, double from_s, double to_s, bool *is, emg_error *err)
{
    const double margin_s = numbers[MARGIN].limit;
    emg_status status = EMG_OK;
    while (status == EMG_OK && w->there && w->next.peak_s - (double)w->next.before_s < to_s + margin_s) {
        w->until_s = fmax(w->until_s, w->next.peak_s + (double)w->next.after_s);
        status = next_discharge(w, err);
    }
    *is = w->until_s + margin_s < from_s;
    return status;
}

static emg_status add_record(walk *w, const emgp_level_record *record, double step_s, emgp_spill *out, emg_error *err)
{
    sums s = { .at_s = record->start_s + record->n * step_s / 2, .n = record->n };
    for (size_t i = 0; i < record->n; i++) {
        const double level = (double)emgp_level_amplitude(record->level[i]),
                     at_s = record->start_s + (double)i * step_s;
        bool between;
        emg_status status = is_between(w, at_s, at_s + step_s, &between, err);
        if (status)
            return status;
        s.power += (float)(level * level);
        s.between_db += between ? emgp_decibels(level) : 0;
        s.n_between = (uint16_t)(s.n_between + between);
    }
    return emgp_spill_push(out, 0, &s, err);
}

emg_status emgp_beneath_new(emgp_beneath *b, const emgp_spill *levels, const emgp_spill *discharges, size_t stream,
                            double step_s, const char *directory, emg_error *err)
{
    const void *record = NULL;
    walk w = { .until_s = -INFINITY };
    emg_status status = emgp_spill_new(&b->sums, 1, sizeof(sums), BUDGET, directory, err);
    if (status)
        return status;
    emgp_spill_start(&w.levels, levels, stream);
    emgp_spill_start(&w.discharges, discharges, stream);
    status = next_discharge(&w, err);
    while (status == EMG_OK && (status = emgp_spill_next(&w.levels, &record, err)) == EMG_OK && record)
        status = add_record(&w, record, step_s, b->sums, err);
    emgp_spill_stop(&w.levels);
    emgp_spill_stop(&w.discharges);
    emgp_spill_start(&b->cursor, b->sums, 0);
    return status;
}

void emgp_beneath_free(emgp_beneath *b)
{
    if (!b->sums)
        return;
    emgp_spill_stop(&b->cursor);
    emgp_spill_free(b->sums);
    b->sums = NULL;
}

emg_status emgp_beneath_measure(emgp_beneath *b, double from_s, double to_s, double floor_db, emgp_evidence *evidence,
                                emg_error *err)
{
    double power = 0, between_db = 0, n = 0, n_between = 0;
    sums s;
    bool there;
    emg_status status = emgp_spill_seek(&b->cursor, from_s, err);
    while (status == EMG_OK && (status = emgp_spill_copy(&b->cursor, &s, sizeof s, &there, err)) == EMG_OK && there) {
        if (s.at_s > to_s)
            break;
        power += (double)s.power;
        n += s.n;
        between_db += (double)s.between_db;
        n_between += s.n_between;
    }
    evidence->beneath_db = evidence->beneath_share = 0;
    if (status || n_between < numbers[FEWEST].limit || !isfinite(floor_db))
        return status;
    const double floor = pow(10, floor_db / 10), over = pow(10, between_db / n_between / 10) - floor;
    evidence->beneath_db = between_db / n_between - floor_db;
    evidence->beneath_share = power / n > floor ? over / (power / n - floor) : 0;
    return EMG_OK;
}
