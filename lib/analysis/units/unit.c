/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units of a channel, block by block: known shapes first, new ones founded on what is alike in the rest. */
#include "analysis/units/units.h"

#include <math.h>
#include <string.h>

static const emg_setting unit_rows[] = {
    { "unit.least_correlation", "", 0.5, 0.99, 0.9, 0.9, NULL, offsetof(emg_unit_config, least_correlation),
      "least correlation of a discharge with its unit's shape, beside what the noise takes of it" },
};

emgp_settings emgp_unit_table(void)
{
    return EMGP_SETTINGS(unit_rows, unit);
}

enum { FOUNDERS, STRICT, APART, MEMORY, EXPECTED, LOOSE, STEADY, ECG_LOW, ECG_HIGH, ECG_SPREAD, ECG_SHARE, ECG_BEATS };

static const emgp_rule numbers[] = {
    [FOUNDERS] = EMGP_NUMBER("units.founders", "clear discharges that fit each other and no unit", EMGP_AT_LEAST,
                             EMGP_LIMIT(3), EMGP_OURS, "they are a unit"),
    [STRICT] = EMGP_NUMBER("units.strict", "scatter of founders / that of a unit's discharges", EMGP_AT_MOST,
                           EMGP_LIMIT(0.25), EMGP_OURS, "founders are more alike than a unit's discharges must be"),
    [APART] = EMGP_NUMBER(
        "units.apart", "distance of two units' discharges on the line between their shapes / sum of SDs", EMGP_AT_LEAST,
        EMGP_LIMIT(2), "two halves of one Gaussian lie 1.3 apart", "they are two: else the new one is none"),
    [MEMORY] = EMGP_NUMBER("units.memory", "discharges", EMGP_AT_MOST, EMGP_LIMIT(50), EMGP_OURS,
                           "so many weigh in a unit's shape, which so follows slow change"),
    [EXPECTED] = EMGP_NUMBER("units.expected", "distance of an interval from the unit's median interval / median",
                             EMGP_AT_MOST, EMGP_LIMIT(0.25), EMGP_OURS,
                             "a discharge so long before or after one of a steady unit is when it is expected"),
    [LOOSE] = EMGP_NUMBER("units.loose", "energy that the shape leaves / what a unit's discharge may leave",
                          EMGP_AT_MOST, EMGP_LIMIT(2.5), EMGP_OURS, "there it may fit no better than that"),
    [STEADY] = EMGP_NUMBER("units.steady_s", "median interval of 10 and more, half of them within a quarter of it",
                           EMGP_BELOW, EMGP_LIMIT(0.4), EMGP_OURS, "the unit is steady"),
    [ECG_LOW] = EMGP_NUMBER("units.ecg_low_s", "median interval of a unit", EMGP_AT_LEAST, EMGP_LIMIT(0.4), EMGP_OURS,
                            "it may be the heart's"),
    [ECG_HIGH] = EMGP_NUMBER("units.ecg_high_s", "median interval of a unit", EMGP_AT_MOST, EMGP_LIMIT(1.43), EMGP_OURS,
                             "it may be the heart's"),
    [ECG_SPREAD] = EMGP_NUMBER("units.ecg_spread", "interval / median, less 1", EMGP_BELOW, EMGP_LIMIT(0.15), EMGP_OURS,
                               "it is as even as a heart's"),
    [ECG_SHARE] = EMGP_NUMBER("units.ecg_share", "share of such intervals", EMGP_AT_LEAST, EMGP_LIMIT(0.7), EMGP_OURS,
                              "the unit fires as a heart does"),
    [ECG_BEATS] = EMGP_NUMBER("units.ecg_beats", "discharges", EMGP_AT_LEAST, EMGP_LIMIT(8), EMGP_OURS,
                              "and often enough to say so"),
};

emgp_rules emgp_unit_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { ENOUGH = 10 }; /* intervals of a steady unit */

enum { BLOCK = 256, MOST_WAIT = 16 };

typedef struct entry {
    emgp_unit_wave wave;
    double peak_s;
    bool shaped, after_gap;
    emgp_unit_of of;
    int shift;
    float misfit;
    bool strict;    /* it is as near its unit's shape as a founder must be */
    uint8_t paired; /* the one that leaves least, when all pairs of it and another unit were tried; 0: they were not */
} entry;

typedef struct unit {
    emgp_unit_shape shape;
    bool active, ecg; /* ecg: known once settled */
    double last_s;    /* of its latest discharge; NaN: no interval may begin there */
    double seen_s;    /* the same, gap or not */
    emgp_histogram intervals;
} unit;

struct emgp_units {
    float scatter, strict; /* of a unit's discharges, of founders: shares of their energy */
    emgp_spill *out;
    unsigned n, n_active;
    unit unit[EMGP_MOST_UNITS];
    entry block[BLOCK];
    size_t n_block;
    bool gap;            /* before the next entry */
    unsigned wait, pass; /* blocks to let pass before new units are sought again, where none were found */
    uint8_t founder[EMGP_MOST_FOUNDERS]; /* entries of the block */
    emgp_founders founders;
};

emg_status emgp_units_new(emgp_units **out, const emg_unit_config *config, emg_error *err)
{
    emgp_units *units = emgp_alloc(1, sizeof *units);
    if (!units)
        return emgp_fail_memory(err);
    units->scatter = (float)(1 - config->least_correlation * config->least_correlation);
    units->strict = (float)numbers[STRICT].limit * units->scatter;
    *out = units;
    return EMG_OK;
}

void emgp_units_free(emgp_units *units)
{
    emgp_free(units);
}

void emgp_units_start(emgp_units *units, emgp_spill *out)
{
    units->out = out;
    units->n = units->n_active = units->wait = units->pass = 0;
    units->n_block = 0;
    units->gap = false;
}

void emgp_units_gap(emgp_units *units)
{
    units->gap = true;
}

/* ---- known units */

/* The unit from `first` on whose shape the discharge fits better than the one it has. */
static void match(const emgp_units *units, entry *e, unsigned first)
{
    for (unsigned u = first; e->shaped && u < units->n; u++) {
        if (!units->unit[u].active)
            continue;
        const emgp_unit_fit fit = emgp_unit_fit_of(&e->wave, &units->unit[u].shape);
        const float misfit = emgp_unit_misfit(&e->wave, &fit, units->scatter);
        if (misfit >= e->misfit)
            continue;
        e->misfit = misfit;
        e->of = (emgp_unit_of){ (uint8_t)(u + 1), 0 };
        e->shift = fit.shift;
        e->strict = emgp_unit_misfit(&e->wave, &fit, units->strict) < 1;
    }
}

/* How the discharge fits each unit; the one that leaves least, the number of units if none may be its own. */
static unsigned fit_all(const emgp_units *units, const entry *e, emgp_unit_fit *fit)
{
    unsigned nearest = units->n;
    float least = INFINITY;
    for (unsigned u = 0; u < units->n; u++) {
        fit[u] = units->unit[u].active ? emgp_unit_fit_of(&e->wave, &units->unit[u].shape)
                                       : (emgp_unit_fit){ .left = INFINITY };
        nearest = fit[u].left < least ? u : nearest;
        least = fit[u].left < least ? fit[u].left : least;
    }
    return nearest;
}

/* Where one shape leaves more than a founder's scatter, two of them may explain it: then it is both units'. Pairs with units
 * before `first` that were tried are not better by now. */
static void match_pair(const emgp_units *units, entry *e, unsigned first)
{
    const unsigned tried = e->paired;
    emgp_unit_fit alone[EMGP_MOST_UNITS];
    e->paired = 0;
    if (!e->shaped || e->strict || units->n_active < 2 || !emgp_unit_wave_clear(&e->wave))
        return;
    const unsigned nearest = fit_all(units, e, alone);
    for (unsigned u = nearest < first && tried == nearest + 1 ? first : 0; nearest < units->n && u < units->n; u++) {
        if (u == nearest || !units->unit[u].active)
            continue;
        const emgp_unit_fit both[2] = { alone[nearest], alone[u] };
        const emgp_unit_fit fit = emgp_unit_pair_of(&e->wave, &units->unit[nearest].shape, &units->unit[u].shape, both);
        const float misfit = emgp_unit_misfit(&e->wave, &fit, units->strict);
        if (misfit >= 1 || misfit >= e->misfit)
            continue;
        e->misfit = misfit;
        e->of = (emgp_unit_of){ (uint8_t)(nearest + 1), (uint8_t)(u + 1) };
        e->strict = true;
    }
    e->paired = nearest < units->n ? (uint8_t)(nearest + 1) : 0;
}

/* Forgets what was matched. */
static void unmatch(entry *e)
{
    e->of = (emgp_unit_of){ 0, 0 };
    e->misfit = 1;
    e->strict = false;
    e->paired = 0;
}

/* ---- new units */

static bool may_found(const entry *e)
{
    return e->shaped && !e->strict && emgp_unit_wave_clear(&e->wave);
}

/* Clear discharges of the block that are no unit's beyond doubt, evenly chosen where they are many. */
static void gather_founders(emgp_units *units)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < units->n_block; i++)
        n += may_found(&units->block[i]);
    const size_t step = n / EMGP_MOST_FOUNDERS + 1;
    emgp_founders *f = &units->founders;
    f->n = 0;
    f->scatter = units->strict;
    for (size_t i = 0; i < units->n_block && f->n < EMGP_MOST_FOUNDERS; i++)
        if (may_found(&units->block[i]) && at++ % step == 0) {
            units->founder[f->n] = (uint8_t)i;
            f->wave[f->n++] = &units->block[i].wave;
        }
}

/* Room for one more unit: the active one that was seen least lately gives way. */
static unit *new_unit(emgp_units *units)
{
    unsigned oldest = EMGP_MOST_UNITS;
    for (unsigned u = 0; u < units->n; u++)
        if (units->unit[u].active && (oldest == EMGP_MOST_UNITS || units->unit[u].seen_s < units->unit[oldest].seen_s))
            oldest = u;
    if (units->n_active == EMGP_ACTIVE_UNITS) {
        units->unit[oldest].active = false;
        units->n_active--;
    }
    unit *u = &units->unit[units->n++];
    memset(u, 0, sizeof *u);
    u->active = true;
    u->last_s = u->seen_s = NAN;
    units->n_active++;
    return u;
}

/* Founds a unit on the founders like `centre`; false: they are too few. */
static bool found_unit(emgp_units *units, size_t centre)
{
    bool member[EMGP_MOST_FOUNDERS];
    emgp_unit_shape shape;
    emgp_founders *f = &units->founders;
    if ((double)emgp_founders_shape(f, centre, member, &shape) < numbers[FOUNDERS].limit)
        return false;
    unit *u = new_unit(units);
    u->shape = shape;
    u->seen_s = units->block[units->n_block - 1].peak_s;
    for (size_t i = 0; i < f->n; i++)
        f->left[i] = f->left[i] && !member[i];
    return true;
}

/* How far the block's discharges of two units lie apart, in SDs; 0: one of them has none. For each the energies that both
 * shapes leave differ by its place on the line between them. */
static double distance(const emgp_units *units, unsigned a, unsigned b)
{
    double n[2] = { 0, 0 }, sum[2] = { 0, 0 }, squares[2] = { 0, 0 };
    for (size_t i = 0; i < units->n_block; i++) {
        const entry *e = &units->block[i];
        if (e->of.unit != a + 1 && e->of.unit != b + 1)
            continue;
        const emgp_unit_fit to_a = emgp_unit_fit_of(&e->wave, &units->unit[a].shape);
        const emgp_unit_fit to_b = emgp_unit_fit_of(&e->wave, &units->unit[b].shape);
        const size_t which = e->of.unit == b + 1;
        const double place = (double)(to_a.left - to_b.left);
        if (!isfinite(place))
            continue;
        n[which]++;
        sum[which] += place;
        squares[which] += place * place;
    }
    if (!(n[0] > 0) || !(n[1] > 0))
        return 0;
    const double mean[2] = { sum[0] / n[0], sum[1] / n[1] };
    const double sd =
        sqrt(fmax(0, squares[0] / n[0] - mean[0] * mean[0])) + sqrt(fmax(0, squares[1] / n[1] - mean[1] * mean[1]));
    return sd > 0 ? (mean[1] - mean[0]) / sd : INFINITY;
}

/* Whether a discharge like the one shape could be the other unit's. */
static bool are_near(const emgp_units *units, unsigned a, unsigned b)
{
    emgp_unit_wave wave = { .energy = units->unit[a].shape.energy[EMGP_UNIT_REACH] };
    memcpy(wave.x, units->unit[a].shape.mean + EMGP_UNIT_REACH, sizeof wave.x);
    const emgp_unit_fit fit = emgp_unit_fit_of(&wave, &units->unit[b].shape);
    return emgp_unit_misfit(&wave, &fit, units->scatter) < 1;
}

/* Takes the last unit back if its discharges are but the rim of another's. */
static void try_last(emgp_units *units)
{
    const unsigned last = units->n - 1;
    bool apart = true;
    for (unsigned u = 0; apart && u < last; u++)
        apart = !units->unit[u].active || !are_near(units, last, u) || distance(units, u, last) >= numbers[APART].limit;
    if (apart)
        return;
    units->n--;
    units->n_active--;
    for (size_t i = 0; i < units->n_block; i++)
        if (units->block[i].of.unit == last + 1 || units->block[i].of.other == last + 1) {
            unmatch(&units->block[i]);
            match(units, &units->block[i], 0);
            match_pair(units, &units->block[i], 0);
        }
}

/* Where nothing repeats, as in the interference of many units, it is looked for ever less often. */
static void found_units(emgp_units *units)
{
    emgp_founders *f = &units->founders;
    const unsigned first = units->n;
    if (units->pass > 0) {
        units->pass--;
        return;
    }
    gather_founders(units);
    if ((double)f->n < numbers[FOUNDERS].limit)
        return;
    emgp_founders_compare(f);
    while (units->n < EMGP_MOST_UNITS && units->n - first < EMGP_ACTIVE_UNITS) {
        size_t n;
        const size_t centre = emgp_founders_most_alike(f, &n);
        if ((double)n < numbers[FOUNDERS].limit)
            break;
        if (!found_unit(units, centre))
            continue;
        for (size_t i = 0; i < units->n_block; i++) {
            match(units, &units->block[i], units->n - 1);
            match_pair(units, &units->block[i], units->n - 1);
        }
        try_last(units);
        for (size_t i = 0; i < f->n; i++)
            f->left[i] = f->left[i] && may_found(&units->block[units->founder[i]]);
    }
    const unsigned longer = 2 * units->wait + 1;
    units->wait = units->n > first ? 0 : longer < MOST_WAIT ? longer : MOST_WAIT;
    units->pass = units->wait;
}

/* ---- blocks */

/* A unit's shape goes on from its discharges in the block, its intervals with them. */
static void learn(emgp_units *units, unsigned number)
{
    unit *u = &units->unit[number - 1];
    const float memory = (float)numbers[MEMORY].limit;
    for (size_t i = 0; i < units->n_block; i++) {
        const entry *e = &units->block[i];
        if (e->after_gap)
            u->last_s = NAN;
        if (e->of.unit != number && e->of.other != number)
            continue;
        if (e->peak_s > u->last_s)
            emgp_histogram_add(&u->intervals, e->peak_s - u->last_s);
        u->last_s = u->seen_s = e->peak_s;
        if (e->of.other == 0)
            emgp_unit_shape_add(&u->shape, &e->wave, e->shift, memory);
    }
    emgp_unit_shape_settle(&u->shape);
}

/* The interval of a unit that fires steadily; 0: it does not. */
static double steady_s(const emgp_histogram *h)
{
    const double median = emgp_histogram_quantile(h, 0.5), near = numbers[EXPECTED].limit * median;
    const bool steady = (double)h->n >= ENOUGH && median < numbers[STEADY].limit &&
                        emgp_histogram_quantile(h, 0.25) > median - near &&
                        emgp_histogram_quantile(h, 0.75) < median + near;
    return steady ? median : 0;
}

/* The steady unit whose time it is, and whose shape a discharge fits best, though badly; 0: there is none. */
static uint8_t expected_unit(const emgp_units *units, const entry *e, const double *steady, const double *last_s)
{
    float least = (float)numbers[LOOSE].limit;
    uint8_t expected = 0;
    for (unsigned u = 0; e->shaped && u < units->n; u++) {
        const double interval = fabs(e->peak_s - last_s[u]);
        if (!(steady[u] > 0) || !(fabs(interval - steady[u]) <= numbers[EXPECTED].limit * steady[u]))
            continue;
        const emgp_unit_fit fit = emgp_unit_fit_of(&e->wave, &units->unit[u].shape);
        const float misfit = emgp_unit_misfit(&e->wave, &fit, units->scatter);
        if (misfit > least)
            continue;
        least = misfit;
        expected = (uint8_t)(u + 1);
    }
    return expected;
}

/* What fits a steady unit's shape badly, as under another's potential, is its all the same when it comes at its time after the
 * unit's discharge before, or, backwards, before the one after. */
static void expect(emgp_units *units, bool backwards)
{
    double steady[EMGP_MOST_UNITS] = { 0 }, last_s[EMGP_MOST_UNITS] = { 0 };
    for (unsigned u = 0; u < units->n; u++) {
        steady[u] = steady_s(&units->unit[u].intervals);
        last_s[u] = NAN;
    }
    for (size_t i = 0; i < units->n_block; i++) {
        entry *e = &units->block[backwards ? units->n_block - 1 - i : i];
        if (e->of.unit == 0)
            e->of.unit = expected_unit(units, e, steady, last_s);
        if (e->of.unit > 0)
            last_s[e->of.unit - 1] = e->peak_s;
        if (e->of.other > 0)
            last_s[e->of.other - 1] = e->peak_s;
    }
}

static emg_status close_block(emgp_units *units, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < units->n_block; i++) {
        match(units, &units->block[i], 0);
        match_pair(units, &units->block[i], 0);
    }
    if (units->n_block > 0)
        found_units(units);
    for (unsigned u = 1; u <= units->n; u++)
        learn(units, u);
    expect(units, false);
    expect(units, true);
    for (size_t i = 0; status == EMG_OK && i < units->n_block; i++)
        status = emgp_spill_push(units->out, 0, &units->block[i].of, err);
    units->n_block = 0;
    return status;
}

emg_status emgp_units_push(emgp_units *units, const emgp_discharge *discharge, bool shaped, emg_error *err)
{
    entry *e = &units->block[units->n_block++];
    e->peak_s = discharge->peak_s;
    e->shaped = shaped;
    e->after_gap = units->gap;
    unmatch(e);
    units->gap = false;
    if (shaped)
        emgp_unit_wave_of(discharge, &e->wave);
    return units->n_block == BLOCK ? close_block(units, err) : EMG_OK;
}

static bool beats_like_a_heart(const emgp_histogram *h)
{
    const double median = emgp_histogram_quantile(h, 0.5), half = numbers[ECG_SHARE].limit / 2;
    const double spread = numbers[ECG_SPREAD].limit;
    if ((double)h->n + 1 < numbers[ECG_BEATS].limit ||
        !(median >= numbers[ECG_LOW].limit && median <= numbers[ECG_HIGH].limit))
        return false;
    return emgp_histogram_quantile(h, 0.5 - half) > median * (1 - spread) &&
           emgp_histogram_quantile(h, 0.5 + half) < median * (1 + spread);
}

emg_status emgp_units_settle(emgp_units *units, emg_error *err)
{
    const emg_status status = close_block(units, err);
    for (unsigned u = 0; u < units->n; u++)
        units->unit[u].ecg = beats_like_a_heart(&units->unit[u].intervals);
    return status;
}

bool emgp_units_is_ecg(const emgp_units *units, unsigned unit_number)
{
    return unit_number > 0 && unit_number <= units->n && units->unit[unit_number - 1].ecg;
}
