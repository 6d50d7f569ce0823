/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs put together: the mean ratio against SciPy, pairs without events, few pairs, and how often equal rates differ. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/comparisons.h>

#include "analysis/compare/draws.h"
#include "support/sweep.h"

enum { MOST = 4096 };

static const emg_segment whole[] = { { 0, 600 } };

static emg_summary muscle(const char *name, double rest_s)
{
    emg_summary s;
    memset(&s, 0, sizeof s);
    s.name = s.muscle = name;
    s.calibrated = true;
    s.signal.analysed_s = 600;
    s.signal.rest_s = rest_s;
    s.signal.threshold = 20;
    return s;
}

/* Adds a pair of recordings with so many fasciculations spread over 10 minutes. */
static emg_status add(emg_comparisons *c, const char *name, const size_t n[2], double rest_s, emg_error *err)
{
    static emg_event events[2][MOST];
    const emg_summary m = muscle(name, rest_s);
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < n[s]; i++)
            events[s][i] = (emg_event){ .trial_type = EMG_FASCICULATION,
                                        .onset_s = 600.0 * (double)i / (double)n[s],
                                        .amplitude = 100 };
    const emg_visit a = { "p", &m, 1, events[0], n[0], whole, 1, 50 },
                    b = { "p", &m, 1, events[1], n[1], whole, 1, 50 };
    return emg_comparisons_add(c, &a, &b, err);
}

static emg_comparisons *set_of(const size_t (*counts)[2], size_t n)
{
    emg_comparisons *c = NULL;
    assert_int_equal(emg_comparisons_new(&c, NULL), EMG_OK);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(add(c, "m", counts[i], 600, NULL), EMG_OK);
    return c;
}

static emg_pooled_rates pooled(const size_t (*counts)[2], size_t n)
{
    emg_comparisons *c = set_of(counts, n);
    emg_pooled_rates p;
    assert_true(emg_comparisons_pooled(c, 0, &p));
    assert_string_equal(p.muscle, "m");
    p.muscle = NULL;
    emg_comparisons_free(c);
    return p;
}

static void assert_interval(emg_interval is, double value, double low, double high)
{
    const double all[] = { is.value, is.low, is.high }, wanted[] = { value, low, high };
    for (size_t i = 0; i < 3; i++)
        if (isnan(wanted[i]) ? !isnan(all[i]) : !(fabs(all[i] - wanted[i]) <= 1e-9 * fmax(1, fabs(wanted[i]))))
            fail_msg("%.15g instead of %.15g", all[i], wanted[i]);
}

/* SciPy 1.17.1: exp of ttest_1samp(log([1.2, 0.8, 2.5, 1.6]), 0).confidence_interval(0.95). */
static void ratios_are_pooled_by_their_logarithms(void **state)
{
    (void)state;
    static const size_t counts[][2] = { { 10, 12 }, { 10, 8 }, { 10, 25 }, { 10, 16 } },
                        more[][2] = { { 10, 22 }, { 10, 18 }, { 10, 25 } };
    emg_pooled_rates p = pooled(counts, 4);
    assert_interval(p.ratio, 1.3998542046322333, 0.652279469492313, 3.0042211749386296);
    assert_true(p.tested && !p.differ);
    assert_string_equal(p.remark, "4 of 4 pairs, Student's t of the logarithms, as if pairs were independent");
    p = pooled(more, 3);
    assert_true(p.tested && p.differ && p.ratio.low > 1);
}

/* (3.5 / 0.5), (0.5 / 4.5) and 2; the pair without any in either tells nothing of a ratio. */
static void pairs_without_events_get_half_a_one(void **state)
{
    (void)state;
    static const size_t counts[][2] = { { 0, 3 }, { 4, 0 }, { 0, 0 }, { 10, 20 } };
    const emg_pooled_rates p = pooled(counts, 4);
    assert_int_equal(p.n_pairs, 3);
    assert_int_equal(p.n_left_out, 1);
    assert_int_equal(p.n_corrected, 2);
    assert_true(fabs(p.ratio.value - cbrt(7.0 / 9 * 2)) < 1e-12);
    assert_string_equal(p.remark,
                        "3 of 4 pairs, Student's t of the logarithms, as if pairs were independent; half an event "
                        "added in 2 without any in one");
}

static void few_or_equal_pairs_have_no_interval(void **state)
{
    (void)state;
    static const size_t counts[][2] = { { 10, 20 }, { 10, 40 }, { 10, 20 }, { 20, 40 } },
                        same[][2] = { { 10, 20 }, { 10, 20 }, { 10, 20 } }, none[][2] = { { 0, 0 }, { 0, 0 } };
    emg_pooled_rates p = pooled(counts, 2);
    assert_interval(p.ratio, sqrt(8), NAN, NAN);
    assert_true(!p.tested && !p.differ);
    assert_string_equal(p.remark, "2 of 2 pairs: an interval needs 3");
    p = pooled(same, 3);
    assert_interval(p.ratio, 2, NAN, NAN);
    assert_non_null(strstr(p.remark, "all alike"));
    p = pooled(none, 2);
    assert_interval(p.ratio, NAN, NAN, NAN);
    assert_string_equal(p.remark, "0 of 2 pairs: an interval needs 3");
    assert_true(pooled(counts, 4).tested);
}

/* Muscles come in the order in which they were met; one that never rests is left out. */
static void muscles_are_pooled_by_name(void **state)
{
    (void)state;
    static const size_t n[] = { 10, 20 };
    emg_comparisons *c = set_of(&n, 1);
    emg_pooled_rates p;
    assert_true(emg_comparisons_is_one(c));
    assert_int_equal(add(c, "other", n, 600, NULL), EMG_OK);
    assert_int_equal(add(c, "m", n, 0, NULL), EMG_OK);
    assert_false(emg_comparisons_is_one(c));
    assert_int_equal(emg_comparisons_n(c), 3);
    assert_true(emg_comparisons_pooled(c, 1, &p));
    assert_string_equal(p.muscle, "other");
    assert_int_equal(p.n_pairs, 1);
    assert_true(emg_comparisons_pooled(c, 0, &p));
    assert_int_equal(p.n_pairs, 1);
    assert_int_equal(p.n_left_out, 1);
    assert_false(emg_comparisons_pooled(c, 2, &p));
    assert_null(emg_comparisons_at(c, 3));
    emg_comparisons_free(c);
}

static void what_was_not_compared_is_kept(void **state)
{
    (void)state;
    static const size_t n[] = { 10, 20 };
    const char *why = NULL;
    emg_comparisons *c = set_of(&n, 1);
    assert_int_equal(emg_comparisons_add_unpaired(c, 1, "late", NULL), EMG_OK);
    assert_false(emg_comparisons_is_one(c));
    assert_string_equal(emg_comparisons_unpaired(c, 1, 0), "late");
    assert_null(emg_comparisons_unpaired(c, 0, 0));
    assert_null(emg_comparisons_unpaired(c, 2, 0));
    assert_int_equal(emg_comparisons_add_unpaired(c, 2, "late", NULL), EMG_EARG);
    assert_int_equal(emg_comparisons_add_failed(c, "p9", "broken", NULL), EMG_OK);
    assert_string_equal(emg_comparisons_failed(c, 0, &why), "p9");
    assert_string_equal(why, "broken");
    assert_null(emg_comparisons_failed(c, 1, NULL));
    assert_int_equal(emg_comparisons_add_failed(c, "p9", NULL, NULL), EMG_EARG);
    emg_comparisons_free(c);
}

static emg_status make_once(emg_error *err)
{
    static const size_t n[] = { 10, 20 };
    emg_comparisons *c = NULL;
    emg_status status = emg_comparisons_new(&c, err);
    for (size_t i = 0; i < 3 && status == EMG_OK; i++)
        status = add(c, i == 1 ? "other" : "m", n, 600, err);
    if (status == EMG_OK)
        status = emg_comparisons_add_failed(c, "p9", "broken", err);
    if (status == EMG_OK)
        status = emg_comparisons_add_unpaired(c, 0, "p8", err);
    emg_comparisons_free(c);
    return status;
}

static void memory_may_be_out(void **state)
{
    (void)state;
    sweep_allocations(make_once, 30);
}

/* ---- how often equal rates differ ---- */

/* Clusters of 1 + Poisson(3) fasciculations in 10 minutes, fewer or more in some people; each visit with a day's share of its own,
 * standard deviation 0.4 in logarithms. */
static size_t draw(uint64_t *state, double person, double clusters)
{
    size_t n = 0;
    for (unsigned left = poisson(state, clusters * exp(person + 0.4 * normal(state))); left > 0; left--)
        n += 1 + poisson(state, 3);
    return n < MOST ? n : MOST;
}

enum { SETS = 2000 };

static double share_that_differs(size_t n_pairs, double clusters, double factor)
{
    uint64_t state = 20261130;
    unsigned n = 0;
    for (int i = 0; i < SETS; i++) {
        size_t counts[16][2];
        for (size_t k = 0; k < n_pairs; k++) {
            const double person = 0.8 * normal(&state);
            counts[k][0] = draw(&state, person, clusters);
            counts[k][1] = draw(&state, person, clusters * factor);
        }
        n += pooled((const size_t(*)[2])counts, n_pairs).differ;
    }
    return (double)n / SETS;
}

/* Three standard errors of a share of 2000 at 0.05 are 0.015; where many recordings have hardly any event fewer differ. */
static void equal_rates_differ_in_one_of_twenty(void **state)
{
    (void)state;
    static const struct {
        size_t pairs;
        double clusters, least;
    } cases[] = { { 3, 5, 0.02 }, { 5, 5, 0.02 }, { 12, 5, 0.035 }, { 3, 50, 0.035 }, { 12, 50, 0.035 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double share = share_that_differs(cases[i].pairs, cases[i].clusters, 1);
        print_message("%zu pairs, %g clusters: %.4f differ\n", cases[i].pairs, cases[i].clusters, share);
        assert_true(share > cases[i].least && share < 0.065);
    }
    const double power = share_that_differs(12, 50, 2);
    print_message("12 pairs with twice the rate: %.4f differ\n", power);
    assert_true(power > 0.8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_are_pooled_by_their_logarithms), cmocka_unit_test(pairs_without_events_get_half_a_one),
        cmocka_unit_test(few_or_equal_pairs_have_no_interval),   cmocka_unit_test(muscles_are_pooled_by_name),
        cmocka_unit_test(what_was_not_compared_is_kept),         cmocka_unit_test(memory_may_be_out),
        cmocka_unit_test(equal_rates_differ_in_one_of_twenty),
    };
    return cmocka_run_group_tests_name("pairs of recordings compared", tests, NULL, NULL);
}
