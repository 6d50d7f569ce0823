/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps of a baseline that are pops, and movements of it that are none; where lines of the mains stand out. */
#include "support/test.h"

#include <math.h>

#include "analysis/quality/quality.h"

enum { N = 400, AT = 200 };
static const double ratio = 6;

/* A rough ground of +-1. */
static void ground(double *x)
{
    for (size_t i = 0; i < N; i++)
        x[i] = (double)(i * 7919 % 101) / 50 - 1;
}

static double pop_of(const double *x)
{
    return emgp_baseline_pop(x, N, 0, N, ratio);
}

static void steps_with_a_smooth_way_back_are_pops(void **state)
{
    (void)state;
    static const double tau_bins[] = { 8, 20, 80, 1e9 };
    double x[N];
    for (int sign = -1; sign <= 1; sign += 2)
        for (size_t t = 0; t < 4; t++)
            for (size_t rise = 0; rise < 2; rise++) {
                ground(x);
                for (size_t i = AT; i < N; i++)
                    x[i] += sign * 50 * (i == AT && rise ? 0.5 : exp(-(double)(i - AT) / tau_bins[t]));
                const double found = pop_of(x);
                assert_true(found > 20 && found < 60);
                assert_true(emgp_baseline_pop(x, N, 0, AT - 3, ratio) <= 0);
                assert_true(emgp_baseline_pop(x, N, AT - 60, AT + 3, ratio) > 0);
                assert_true(emgp_baseline_pop(x, N, AT + 3, N, ratio) <= 0);
            }
}

static void other_movements_are_none(void **state)
{
    (void)state;
    double x[N];
    ground(x);
    assert_true(pop_of(x) <= 0);
    for (size_t i = AT; i < AT + 6; i++) /* a potential with one phase of 15 ms */
        x[i] += 100;
    assert_true(pop_of(x) <= 0);
    ground(x);
    for (size_t i = AT; i < AT + 8; i++) /* one with two */
        x[i] += i < AT + 4 ? 100 : -100;
    assert_true(pop_of(x) <= 0);
    ground(x);
    for (size_t i = AT; i < AT + 40; i++) /* a burst that begins with a step: its tail is rough */
        x[i] += 50 + ((i - AT) % 24 < 12 ? 40 : -40);
    assert_true(pop_of(x) <= 0);
    ground(x);
    for (size_t i = 0; i < AT; i++) /* activity that ends with a step */
        x[i] += i % 4 < 2 ? 40 : -40;
    for (size_t i = AT; i < N; i++)
        x[i] += 60;
    assert_true(pop_of(x) <= 0);
    ground(x);
    for (size_t i = AT; i < N; i++) /* a rise of 50 ms: motion */
        x[i] += fmin(1, (double)(i - AT) / 20) * 100;
    assert_true(pop_of(x) <= 0);
    ground(x);
    for (size_t i = 0; i < N; i++) /* a slow wave */
        x[i] += 500 * sin(0.03 * (double)i);
    assert_true(pop_of(x) <= 0);
}

static void too_little_is_no_pop(void **state)
{
    (void)state;
    double x[N] = { 0 };
    for (size_t n = 0; n < 60; n++)
        assert_true(emgp_baseline_pop(x, n, 0, n, ratio) <= 0);
    for (size_t i = AT; i < N; i++)
        x[i] = 1; /* without any scatter */
    assert_true(fabs(pop_of(x) - 1) < 1e-12);
}

static emgp_powers powers_of(const double (*waves)[2], size_t n, double within)
{
    double x[N];
    emgp_lowband *l;
    assert_int_equal(emgp_lowband_new(&l, N, 400, NULL), EMG_OK);
    for (size_t i = 0; i < N; i++) {
        x[i] = 1e6;
        for (size_t w = 0; w < n; w++)
            x[i] += waves[w][1] * sin(6.283185307179586 * waves[w][0] * (double)i / 400);
    }
    emgp_powers p = emgp_lowband_powers(l, x, within);
    emgp_lowband_free(l);
    return p;
}

static void lines_stand_out_of_others(void **state)
{
    (void)state;
    const double hum[][2] = { { 50, 2 }, { 8, 2 }, { 110, 2 } };
    const double drifted[][2] = { { 59.6, 2 } };
    const double unit[][2] = { { 30, 2 }, { 40, 2 }, { 50, 2 }, { 60, 2 }, { 70, 2 } };
    const double near[][2] = { { 46, 2 } };
    emgp_powers p = powers_of(hum, 3, 5);
    assert_true(fabs(p.line - 2 / 0.95) < 0.03 && fabs(p.low - 2) < 0.01 && fabs(p.high - 6.9) < 0.05);
    assert_true(powers_of(drifted, 1, 0).line > 2);
    assert_true(powers_of(unit, 5, 0).line <= 0);
    assert_true(powers_of(near, 1, 0).line <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_with_a_smooth_way_back_are_pops),
        cmocka_unit_test(other_movements_are_none),
        cmocka_unit_test(too_little_is_no_pop),
        cmocka_unit_test(lines_stand_out_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
