/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates compared: bounds against statsmodels, what has no bounds, and how often clustered counts of one rate differ. */
#include "support/test.h"

#include <math.h>

#include <emg/rates.h>

#include "analysis/compare/draws.h"

static void assert_near(double is, double wanted)
{
    if (isinf(wanted))
        assert_true(isinf(is));
    else if (!(fabs(is - wanted) <= 1e-8 * fmax(1, fabs(wanted))))
        fail_msg("%.12g instead of %.12g", is, wanted);
}

static void assert_interval(emg_interval is, double value, double low, double high)
{
    assert_near(is.value, value);
    assert_near(is.low, low);
    assert_near(is.high, high);
}

#define MINUTES(seconds, ...)                                                                                          \
    (emg_minutes)                                                                                                      \
    {                                                                                                                  \
        (const uint64_t[]){ __VA_ARGS__ }, sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), seconds             \
    }

static emg_rates rates_of(emg_minutes a, emg_minutes b)
{
    emg_rates r;
    assert_int_equal(emg_rates_compare(&a, &b, &r, NULL), EMG_OK);
    return r;
}

/* statsmodels 0.15.0: GLM(Poisson, offset = log of the minutes).fit(scale='X2') gives dispersion and degrees of freedom;
 * bounds by scipy 1.17.1 brentq where the profile deviance reaches t(0.975)^2 times the dispersion. */
static void bounds_are_those_of_a_quasi_poisson_model(void **state)
{
    (void)state;
    emg_rates r = rates_of(MINUTES(480, 3, 9, 1, 14, 2, 7, 0, 12), MINUTES(372, 11, 4, 22, 9, 1, 18));
    assert_near(r.widened_by, 5.205555555555556);
    assert_int_equal(r.freedom, 12);
    assert_interval(r.a, 6, 2.6569000458765935, 11.390748942656055);
    assert_interval(r.b, 10.483870967741936, 5.2741641307914495, 18.33962136516593);
    assert_interval(r.difference, 4.483870967741936, -3.0128762928849033, 13.02138416596817);
    assert_interval(r.ratio, 1.7473118279569892, 0.6818763431992805, 4.687677112559881);
    assert_false(r.differ);
    assert_near(r.dispersion[0], 28.0 / 6); /* squares about 6: 196 over 7 */
}

static void even_counts_are_no_better_than_chance(void **state)
{
    (void)state;
    emg_rates r = rates_of(MINUTES(360, 4, 5, 4, 6, 5, 4), MINUTES(240, 5, 4, 6, 5));
    assert_near(r.widened_by, 1);
    assert_interval(r.difference, 0.33333333333333304, -2.8475509999166366, 3.840103693152952);
    assert_interval(r.ratio, 1.0714285714285714, 0.5350320853672311, 2.091342287034366);
}

static void nothing_on_one_side_has_one_bound(void **state)
{
    (void)state;
    emg_rates r = rates_of(MINUTES(240, 0, 0, 0, 0), MINUTES(240, 3, 1, 0, 2));
    assert_int_equal(r.freedom, 3); /* no events tell nothing of how they scatter */
    assert_interval(r.a, 0, 0, 1.4066617341686005);
    assert_interval(r.difference, 1.5, -0.3776353898641496, 4.581505583051637);
    assert_interval(r.ratio, INFINITY, 0.6433803770666702, INFINITY);
    r = rates_of(MINUTES(190, 5, 2, 9), MINUTES(300, 0, 0, 0, 0, 0));
    assert_near(r.widened_by, 2.3125);
    assert_interval(r.a, 5.052631578947369, 0.5431115758010618, 18.320637388634104);
    assert_interval(r.ratio, 0, 0, 1.7801767219504954);
    assert_true(isnan(r.dispersion[1]));
    assert_false(r.differ);
}

/* 100 against 10 a minute without any scatter. */
static void what_differs_is_said_to(void **state)
{
    (void)state;
    assert_true(rates_of(MINUTES(180, 100, 100, 100), MINUTES(180, 10, 10, 10)).differ);
    assert_true(rates_of(MINUTES(180, 10, 10, 10), MINUTES(180, 100, 100, 100)).differ);
    assert_false(rates_of(MINUTES(180, 10, 10, 10), MINUTES(180, 10, 10, 10)).differ);
}

static void swapped_sides_give_the_reciprocal(void **state)
{
    (void)state;
    const emg_minutes a = MINUTES(300, 3, 9, 1, 14, 2), b = MINUTES(250, 11, 4, 22, 9);
    const emg_rates one = rates_of(a, b), other = rates_of(b, a);
    assert_interval(other.ratio, 1 / one.ratio.value, 1 / one.ratio.high, 1 / one.ratio.low);
    assert_interval(other.difference, -one.difference.value, -one.difference.high, -one.difference.low);
}

static void single_minutes_have_no_bounds(void **state)
{
    (void)state;
    emg_rates r = rates_of(MINUTES(60, 10), MINUTES(30, 10));
    assert_int_equal(r.freedom, 0);
    assert_near(r.b.value, 20);
    assert_near(r.ratio.value, 2);
    assert_true(isnan(r.ratio.low) && isnan(r.a.high) && isnan(r.difference.low) && isnan(r.widened_by));
    assert_false(r.differ);
    r = rates_of(MINUTES(240, 0, 0, 0, 0), MINUTES(120, 0, 0));
    assert_int_equal(r.freedom, 0);
    assert_near(r.difference.value, 0);
    assert_true(isnan(r.ratio.value));
}

static void what_is_no_count_is_refused(void **state)
{
    (void)state;
    const emg_minutes good = MINUTES(60, 1), none = { good.count, 0, 60 }, timeless = { good.count, 1, 0 },
                      endless = { good.count, 1, INFINITY }, lost = { NULL, 1, 60 };
    const emg_minutes *bad[] = { &none, &timeless, &endless, &lost, NULL };
    emg_rates r;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emg_rates_compare(&good, bad[i], &r, &err), EMG_EARG);
        assert_string_equal(err.text, "two rates need counts, a time above 0 each and a place for the result");
        assert_int_equal(emg_rates_compare(bad[i], &good, &r, NULL), EMG_EARG);
    }
    assert_int_equal(emg_rates_compare(&good, &good, NULL, NULL), EMG_EARG);
}

/* ---- how often clustered counts differ ---- */

enum { MOST_MINUTES = 60, PAIRS = 4000 };

/* Clusters of 1 + Poisson(3) events: variance over mean (3 + 16) / 4 = 4.75. */
static void draw(uint64_t *state, double per_min, uint64_t *count, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned clusters = poisson(state, per_min / 4);
        count[i] = clusters;
        for (unsigned k = 0; k < clusters; k++)
            count[i] += poisson(state, 3);
    }
}

/* Share of pairs that differ. */
static double share_that_differs(double a_per_min, double b_per_min, size_t n_a, size_t n_b)
{
    uint64_t state = 20261130, a[MOST_MINUTES], b[MOST_MINUTES];
    unsigned n = 0;
    for (int i = 0; i < PAIRS; i++) {
        draw(&state, a_per_min, a, n_a);
        draw(&state, b_per_min, b, n_b);
        n += rates_of((emg_minutes){ a, n_a, 60.0 * (double)n_a }, (emg_minutes){ b, n_b, 60.0 * (double)n_b }).differ;
    }
    return (double)n / PAIRS;
}

/* 95 % of binomial shares of 4000 at 0.05 lie within 0.0432 and 0.0568; a plain Poisson test would give 0.37. */
static void equal_rates_differ_in_one_of_twenty(void **state)
{
    (void)state;
    static const struct {
        double per_min;
        size_t n_a, n_b;
    } cases[] = { { 20, 10, 10 }, { 20, 30, 30 }, { 40, 5, 20 }, { 8, 60, 60 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double share = share_that_differs(cases[i].per_min, cases[i].per_min, cases[i].n_a, cases[i].n_b);
        print_message("%g a minute, %zu and %zu minutes: %.4f differ\n", cases[i].per_min, cases[i].n_a, cases[i].n_b,
                      share);
        assert_true(share > 0.0382 && share < 0.0618); /* and a step more: four tries */
    }
    assert_true(share_that_differs(20, 40, 10, 10) > 0.85);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_those_of_a_quasi_poisson_model),
        cmocka_unit_test(even_counts_are_no_better_than_chance),
        cmocka_unit_test(nothing_on_one_side_has_one_bound),
        cmocka_unit_test(what_differs_is_said_to),
        cmocka_unit_test(swapped_sides_give_the_reciprocal),
        cmocka_unit_test(single_minutes_have_no_bounds),
        cmocka_unit_test(what_is_no_count_is_refused),
        cmocka_unit_test(equal_rates_differ_in_one_of_twenty),
    };
    return cmocka_run_group_tests_name("two rates compared", tests, NULL, NULL);
}
