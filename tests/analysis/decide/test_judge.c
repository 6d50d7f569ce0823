/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine over rules: limits, margins, and what each effect does to a verdict. */
#include "support/test.h"

#include <math.h>

#include "analysis/decide/decide.h"

#define RATE EMGP_EVIDENCE(rate_hz)
#define FLAG EMGP_EVIDENCE(cut), EMGP_IS, EMGP_LIMIT(0)
#define END "ours", "a sentence"

static bool is(double value, double expected)
{
    return fabs(value - expected) <= 1e-15;
}

static void a_limit_is_a_number_or_made_of_a_setting(void **state)
{
    (void)state;
    emg_config config = { .rhythm.rcv = 0.4 };
    const emgp_rule number = { "a.a", EMGP_NEEDS, RATE, EMGP_ABOVE, EMGP_LIMIT(3), 0, 0, EMGP_NO_REASON, END };
    const emgp_rule setting = {
        "a.b", EMGP_NEEDS, RATE, EMGP_ABOVE, EMGP_SETTING(rhythm.rcv), 0, 0, EMGP_NO_REASON, END
    };
    const emgp_rule times = { "a.c", EMGP_NEEDS, RATE,           EMGP_ABOVE, EMGP_TIMES(0.5, rhythm.rcv),
                              0,     0,          EMGP_NO_REASON, END };
    const emgp_rule plus = {
        "a.d", EMGP_NEEDS, RATE, EMGP_ABOVE, EMGP_PLUS(rhythm.rcv, -0.1), 0, 0, EMGP_NO_REASON, END
    };
    assert_true(is(emgp_rule_limit(&number, &config), 3));
    assert_true(is(emgp_rule_limit(&setting, &config), 0.4));
    assert_true(is(emgp_rule_limit(&times, &config), 0.2));
    assert_true(is(emgp_rule_limit(&plus, &config), 0.3));
}

/* On the limit, beside it, and not known. */
static void tests_and_margins(void **state)
{
    (void)state;
    static const struct {
        emgp_test test;
        double value;
        bool holds;
        double margin; /* limit 10, spread 4 */
    } cases[] = {
        { EMGP_AT_LEAST, 10, true, 0 },    { EMGP_AT_LEAST, 8, false, -0.5 }, { EMGP_ABOVE, 10, false, 0 },
        { EMGP_ABOVE, 14, true, 1 },       { EMGP_AT_MOST, 10, true, 0 },     { EMGP_AT_MOST, 6, true, 1 },
        { EMGP_BELOW, 10, false, 0 },      { EMGP_BELOW, 12, false, -0.5 },   { EMGP_ABOVE, 1e9, true, 2 },
        { EMGP_ABOVE, -1e9, false, -2 },   { EMGP_BELOW, 1e9, false, -2 },    { EMGP_AT_LEAST, NAN, false, -2 },
        { EMGP_AT_MOST, NAN, false, -2 },  { EMGP_ABOVE, NAN, false, -2 },    { EMGP_BELOW, NAN, false, -2 },
        { EMGP_ABOVE, INFINITY, true, 2 },
    };
    const emg_config config = { 0 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const emgp_rule rule = { "a.a", EMGP_NEEDS, RATE, cases[i].test, EMGP_LIMIT(10), 4, 1, EMGP_NO_REASON, END };
        const emgp_evidence evidence = { .rate_hz = cases[i].value };
        emgp_rule_reading r = emgp_rule_read(&rule, &evidence, &config);
        assert_int_equal(r.holds, cases[i].holds);
        assert_true(is(r.margin, cases[i].margin) && is(r.limit, 10));
        assert_true(isnan(cases[i].value) ? isnan(r.value) : r.value >= cases[i].value);
    }
    const emgp_rule set = { "a.a", EMGP_NEEDS, FLAG, 0, 1, EMGP_NO_REASON, END };
    const emgp_rule always = { "a.a", EMGP_ADDS, "", 0, EMGP_ALWAYS, EMGP_LIMIT(0), 0, 1, EMGP_NO_REASON, END };
    const emgp_evidence yes = { .cut = true }, no = { .cut = false };
    assert_true(emgp_rule_read(&set, &yes, &config).holds && !emgp_rule_read(&set, &no, &config).holds);
    assert_true(emgp_rule_read(&always, &no, &config).holds && is(emgp_rule_read(&always, &no, &config).margin, 1));
}

/* One rule of each effect, at a rate of 5 above or below its limit, by itself. */
static void what_an_effect_does(void **state)
{
    (void)state;
    static const struct {
        emgp_effect effect;
        double limit;
        bool fits, counts;
    } cases[] = {
        { EMGP_NEEDS, 4, true, true },    { EMGP_NEEDS, 6, false, false }, { EMGP_REFUSES, 4, false, false },
        { EMGP_REFUSES, 6, true, false }, { EMGP_ONE_OF, 4, true, true },  { EMGP_ONE_OF, 6, false, false },
        { EMGP_ADDS, 4, true, true },     { EMGP_ADDS, 6, true, false },   { EMGP_WEIGHS, 4, true, true },
        { EMGP_WEIGHS, 6, true, true },
    };
    const emg_config config = { 0 };
    const emgp_evidence evidence = { .rate_hz = 5 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const emgp_rule rule = { "a.a", cases[i].effect, RATE, EMGP_AT_LEAST, EMGP_LIMIT(cases[i].limit), 2,
                                 3,     EMG_R_N,         END };
        emgp_verdict v = emgp_judge((emgp_rules){ &rule, 1 }, &evidence, &config);
        assert_int_equal(v.fits, cases[i].fits);
        assert_true(is(v.score, cases[i].counts ? 3 * (5 - cases[i].limit) / 2 : 0));
        assert_int_equal(v.reasons, cases[i].counts ? UINT64_C(1) << EMG_R_N : 0);
    }
    emgp_verdict none = emgp_judge((emgp_rules){ NULL, 0 }, &evidence, &config);
    assert_true(none.fits && is(none.score, 0) && none.reasons == 0);
}

/* Two alternatives, the second of two rules, and a prior: which of rate and flag make the set fit. */
static void rules_go_on_with_and(void **state)
{
    (void)state;
    static const emgp_rule rows[] = {
        { "a.prior", EMGP_ADDS, "", 0, EMGP_ALWAYS, EMGP_LIMIT(0), 0, -1, EMGP_NO_REASON, END },
        { "a.high", EMGP_ONE_OF, RATE, EMGP_ABOVE, EMGP_LIMIT(8), 0, 4, EMG_F_HI, END },
        { "a.middle", EMGP_ONE_OF, RATE, EMGP_ABOVE, EMGP_LIMIT(4), 0, 2, EMG_F_MID, END },
        { "a.middle_flag", EMGP_AND, FLAG, 0, 1, EMG_B_EDGE, END },
    };
    static const struct {
        double rate_hz;
        bool cut, fits;
        double score;
        uint64_t reasons;
    } cases[] = {
        { 3, true, false, -1, 0 },
        { 5, false, false, -1, 0 },
        { 5, true, true, 2, UINT64_C(1) << EMG_F_MID | UINT64_C(1) << EMG_B_EDGE },
        { 9, false, true, 3, UINT64_C(1) << EMG_F_HI },
        { 9, true, true, 6, UINT64_C(1) << EMG_F_HI | UINT64_C(1) << EMG_F_MID | UINT64_C(1) << EMG_B_EDGE },
    };
    const emg_config config = { 0 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const emgp_evidence evidence = { .rate_hz = cases[i].rate_hz, .cut = cases[i].cut };
        emgp_verdict v = emgp_judge((emgp_rules)EMGP_RULES(rows), &evidence, &config);
        assert_int_equal(v.fits, cases[i].fits);
        assert_true(is(v.score, cases[i].score));
        assert_int_equal(v.reasons, cases[i].reasons);
    }
}

static void confidence_is_never_certain(void **state)
{
    (void)state;
    assert_true(is(emgp_confidence_of(0), 0.5) && is(emgp_confidence_of(log(3)), 0.75));
    assert_true(is(emgp_confidence_of(40), 0.99) && emgp_confidence_of(-40) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_a_number_or_made_of_a_setting),
        cmocka_unit_test(tests_and_margins),
        cmocka_unit_test(what_an_effect_does),
        cmocka_unit_test(rules_go_on_with_and),
        cmocka_unit_test(confidence_is_never_certain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
