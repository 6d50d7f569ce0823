/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of rules one by one: what fits, and that each of their rows turns it. */
#include "support/test.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "analysis/decide/made_evidence.h"

/* Whether all rules of a set are met. */
static bool fits(emgp_rule_set set, const emgp_evidence *e)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    return emgp_judge(emgp_set_at(set)->rules, e, &config).fits;
}

/* A value of the evidence that is another. */
typedef struct change {
    size_t at;
    double to;
    bool is; /* false: there are no more */
} change;

#define TO(field, value)                                                                                               \
    {                                                                                                                  \
        offsetof(emgp_evidence, field), (value), true                                                                  \
    }

enum { MOST_CHANGES = 20 };

/* Whether the rules fit with what is given beside the evidence of all cases, and what turns that, each by itself. */
typedef struct rule_case {
    bool fits;
    change given[MOST_CHANGES], turns[MOST_CHANGES];
} rule_case;

static emgp_evidence changed(emgp_evidence e, const change *to)
{
    memcpy((char *)&e + to->at, &to->to, sizeof to->to);
    return e;
}

static emgp_evidence with(emgp_evidence e, const change *given)
{
    for (; given->is; given++)
        e = changed(e, given);
    return e;
}

static void check(emgp_rule_set set, emgp_evidence base, const rule_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const emgp_evidence e = with(base, cases[i].given);
        if (fits(set, &e) != cases[i].fits)
            fail_msg("case %zu of set %d is not as it was told", i, (int)set);
        for (const change *c = cases[i].turns; c->is; c++) {
            const emgp_evidence other = changed(e, c);
            if (fits(set, &other) == cases[i].fits)
                fail_msg("case %zu of set %d: change %zu turns nothing", i, (int)set, (size_t)(c - cases[i].turns));
        }
    }
}

#define CHECK(set, base, cases) check(set, base, cases, sizeof(cases) / sizeof *(cases))

/* A long clear train at 9 Hz. */
static emgp_evidence clear_train(void)
{
    static const change given[] = { TO(rate_hz, 9),    TO(cycles, 30), TO(depth_db, 12),  TO(width_s, 0.015),
                                    TO(contrast, 1.3), TO(n_sure, 5),  TO(sure_share, 1), { 0 } };
    return with(bursts(), given);
}

/* What refuses a train, and what each of the conditions of that is for; most of it does not count where the trains of its
 * rate are a rhythm together. */
static void trains(void **state)
{
    (void)state;
    static const rule_case cases[] = {
        { true, { { 0 } }, { TO(stimulus_share, 0.6), TO(artifact_share, 0.6), TO(claimed, 1), TO(cycles, 3) } },
        { false, { TO(depth_db, 5) }, { TO(depth_db, 6), TO(kindred, 1) } },
        { true, { TO(depth_db, 5), TO(kindred, 1) }, { TO(depth_db, 3) } },
        { false, { TO(width_s, 0.007) }, { TO(width_s, 0.009), TO(kindred, 1) } },
        { true, { TO(width_s, 0.007), TO(kindred, 1) }, { TO(width_s, 0.004) } },
        { true, /* too short and faint to be one by itself */
          { TO(cycles, 4), TO(n_sure, 0), TO(acf_height, 0.2), TO(contrast, 0.5), TO(kindred, 1) },
          { TO(kindred, 0), TO(acf_height, 0.05), TO(contrast, 0.3) } },
        { false, /* a muscle that is used */
          { TO(cycles, 9), TO(other_s, 4) },
          { TO(cycles, 30), TO(other_s, 0), TO(kindred, 1) } },
        { false, /* fast, short and few */
          { TO(cycles, 12), TO(n_sure, 2) },
          { TO(rate_hz, 6), TO(cycles, 30), TO(n_sure, 5), TO(kindred, 1) } },
        { false, /* hardly ever clear, nor is this one */
          { TO(sure_share, 0.3), TO(contrast, 0.8) },
          { TO(rate_hz, 6), TO(sure_share, 0.5), TO(contrast, 1), TO(kindred, 1) } },
        { false, /* or it is short */
          { TO(sure_share, 0.3), TO(cycles, 12) },
          { TO(rate_hz, 6), TO(sure_share, 0.5), TO(cycles, 30), TO(kindred, 1) } },
        { false, /* faster than clonus among contractions */
          { TO(rate_hz, 10), TO(other_s, 4) },
          { TO(rate_hz, 8), TO(other_s, 0), TO(clear, 1), TO(kindred, 1) } },
        { false, /* one shape; a tap may begin such, a stimulator not */
          { TO(shape_share, 0.7) },
          { TO(shape_share, 0.6), TO(cycles, 7), TO(at_stimulus, 1), TO(kindred, 1) } },
        { false, { TO(shape_share, 0.7), TO(at_stimulus, 1), TO(stimulus_share, 0.6) }, { TO(stimulus_share, 0.4) } },
        { false, /* of few bursts, each as short as a unit's */
          { TO(shape_share, 0.7), TO(cycles, 7), TO(width_s, 0.012) },
          { TO(shape_share, 0.6), TO(width_s, 0.014), TO(at_stimulus, 1), TO(kindred, 1) } },
        { false, /* a few units beside each other, each of its size */
          { TO(unit_like, 0.94), TO(cycle_discharges, 2), TO(size_scatter, 0.5) },
          { TO(unit_like, 0.85), TO(rate_hz, 6), TO(cycle_discharges, 1.1), TO(size_scatter, 0.3), TO(kindred, 1) } },
        { false, { TO(unit_like, 0.98) }, { TO(unit_like, 0.96), TO(rate_hz, 6), TO(kindred, 1) } },
        { false, /* no silence between */
          { TO(unit_like, 0.88), TO(contrast, 0.8) },
          { TO(unit_like, 0.86), TO(rate_hz, 6), TO(contrast, 1), TO(kindred, 1) } },
        { false, /* one shape and size, as all trains of its rate */
          { TO(kindred, 1), TO(shape_share, 0.7), TO(size_scatter, 0.1), TO(like_shape, 0.95) },
          { TO(shape_share, 0.6), TO(size_scatter, 0.2), TO(like_shape, 0.8) } },
        { false, /* for so long, whatever the others are */
          { TO(kindred, 1), TO(shape_share, 0.95), TO(size_scatter, 0.1), TO(unit_like, 0.98), TO(cycles, 80) },
          { TO(shape_share, 0.85), TO(size_scatter, 0.2), TO(unit_like, 0.97), TO(cycles, 50) } },
        { false, /* picked out of very many that together have no period */
          { TO(like_rate, 60), TO(sure_share, 0.2), TO(like_echo, 0.3) },
          { TO(rate_hz, 6), TO(like_rate, 9), TO(sure_share, 0.35), TO(like_echo, 0.5), TO(cycles, 80) } },
        { false, { TO(chance_per_hour, 0.004) }, { TO(chance_per_hour, 0.002), TO(kindred, 1) } },
    };
    CHECK(EMGP_SET_TRAIN, clear_train(), cases);
}

/* Trains that are faint by themselves are a rhythm together under each of these conditions; so are slow ones whose second
 * peak lies beyond the lags. */
static void trains_that_come_again(void **state)
{
    (void)state;
    static const change given[] = { TO(rate_hz, 10),      TO(like_rate, 6),         TO(like_cycles, 60),
                                    TO(like_height, 0.4), TO(like_contrast, 0.9),   TO(like_echo, 0.7),
                                    TO(scatter, 0.03),    TO(like_sizes, 0.3),      TO(like_shape, 0.7),
                                    TO(like_unit, 0.95),  TO(like_discharges, 1.3), { 0 } };
    static const rule_case cases[] = {
        { true,
          { { 0 } },
          { TO(like_rate, 2), TO(like_cycles, 20), TO(like_height, 0.2), TO(like_contrast, 0.5), TO(like_echo, 0.5),
            TO(like_echo, NAN), TO(scatter, 0.1), TO(like_discharges, 0.1), TO(other_s, 3) } },
        { false, { TO(like_sizes, 0.1) }, { TO(like_shape, 0.6) } },
        { false, { TO(like_unit, 0.985) }, { TO(rate_hz, 6), TO(like_shape, 0.6) } },
        { true,
          { TO(rate_hz, 4), TO(like_echo, NAN), TO(sure_share, 0.5) },
          { TO(rate_hz, 5.5), TO(like_height, 0.3), TO(sure_share, 0.3) } },
    };
    CHECK(EMGP_SET_KINDRED, with(bursts(), given), cases);
}

/* A train that the envelope shows is one unit's where bursts repeat shape and size, however long they are. What a tap
 * begins has another word first. */
static void a_lone_unit(void **state)
{
    (void)state;
    static const change given[] = { TO(rate_hz, 8),         TO(n, 8),
                                    TO(cycles, 8),          TO(depth_db, 14),
                                    TO(width_s, 0.01),      TO(acf_height, 0.9),
                                    TO(contrast, 1.6),      TO(intervals.rcv, 0.08),
                                    TO(intervals.cv, 0.08), TO(shape_share, 1),
                                    TO(like_shape, 1),      TO(size_scatter, 0.08),
                                    TO(like_sizes, 0.08),   TO(cycle_discharges, 1),
                                    TO(like_discharges, 1), { 0 } };
    emgp_evidence e = with(bursts(), given);
    static const rule_case cases[] = {
        { true,
          { { 0 } },
          { TO(size_scatter, 0.2), TO(shape_share, 0.7), TO(cycle_discharges, 2), TO(cycle_discharges, 0.5),
            TO(width_s, 0.02), TO(acf_height, 0.4), TO(contrast, 0.7), TO(intervals.cv, 0.005), TO(intervals.rcv, 0.25),
            TO(stimulus_share, 1), TO(artifact_share, 0.6), TO(claimed, 1), TO(cycles, 5), TO(rate_hz, 2),
            TO(rate_hz, 19), TO(kindred, 1), TO(chance_per_hour, 0.004), TO(at_task, 1) } },
    };
    CHECK(EMGP_SET_LONE, e, cases);
    assert_int_equal(word(&e), EMG_MOTOR_UNIT);
    emgp_evidence reflex = e;
    reflex.rate_hz = 5;
    reflex.like_shape = 0.8;
    reflex.at_stimulus = reflex.reflex_site = true;
    assert_int_equal(word(&reflex), EMG_CLONUS);
    e.width_s = 0.02;
    assert_int_not_equal(word(&e), EMG_MOTOR_UNIT);
}

/* Discharges of a unit are a contraction's where units too small to be found raise the level between them for long. */
static void trains_of_units(void **state)
{
    (void)state;
    static const change given[] = { TO(firing, 1),        TO(trains_share, 0.8), TO(others_hz, 9),
                                    TO(beyond_chance, 9), TO(duration_s, 10),    { 0 } };
    static const rule_case cases[] = {
        { true,
          { { 0 } },
          { TO(firing, 0), TO(trains_share, 0.5), TO(claimed, 1), TO(stimulus_share, 0.6), TO(at_task, 1) } },
        { true, { TO(trains_share, 0.5), TO(others_hz, 4) }, { TO(others_hz, 6) } },
        { false,
          { TO(beneath_share, 0.2), TO(beneath_db, 3) },
          { TO(beneath_share, 0.05), TO(beneath_db, 1), TO(duration_s, 4) } },
    };
    CHECK(EMGP_SET_UNIT_TRAIN, with(bursts(), given), cases);
}

/* Among bursts that repeat shapes one is their kin by its own shape, or by the units of its discharges. */
static void kin_by_shape_or_units(void **state)
{
    (void)state;
    static const change given[] = { TO(own_like, 0.95), TO(kin_like, 0.98), { 0 } };
    static const rule_case cases[] = {
        { true, { { 0 } }, { TO(own_like, 0.9), TO(kin_like, 0.9), TO(used, 1), TO(core_s, 0.03) } },
        { true, { TO(own_like, 0.9), TO(all_known, 1) }, { TO(all_known, 0) } },
    };
    CHECK(EMGP_SET_FAMILY, with(spike(), given), cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trains),          cmocka_unit_test(trains_that_come_again), cmocka_unit_test(a_lone_unit),
        cmocka_unit_test(trains_of_units), cmocka_unit_test(kin_by_shape_or_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
