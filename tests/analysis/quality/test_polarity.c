/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw EMG wherever its baseline lies, and what recorders make of it. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "analysis/quality/quality.h"

enum { RATE = 1000, N = 20 * RATE };

/* Noise of about unit deviation: a sum of even numbers. */
static double noise(void)
{
    static uint32_t state = 1;
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        state = state * 1664525u + 1013904223u;
        sum += (double)(state >> 8) / (1 << 24);
    }
    return sum - 6;
}

/* Quiet, and a contraction of 3 s in the middle. */
static void record(double *x)
{
    for (size_t i = 0; i < N; i++)
        x[i] = noise() * (i / RATE >= 8 && i / RATE < 11 ? 100 : 2);
}

static emg_signal_kind kind_of(const double *x, size_t n, size_t block)
{
    emgp_polarity *polarity;
    assert_int_equal(emgp_polarity_new(&polarity, 1, RATE, NULL), EMG_OK);
    for (size_t i = 0; i < n; i += block)
        emgp_polarity_push(polarity, x + i, n - i < block ? n - i : block);
    const emg_signal_kind kind = emgp_polarity_judge(polarity, 0);
    emgp_polarity_free(polarity);
    return kind;
}

static void both_sides_are_raw_wherever_the_baseline_is(void **state)
{
    (void)state;
    static const double offsets[] = { 0, -5, 400, 1650, 32768, -1000 };
    static double x[N], y[N];
    record(x);
    for (size_t k = 0; k < sizeof offsets / sizeof *offsets; k++) {
        for (size_t i = 0; i < N; i++)
            y[i] = x[i] + offsets[k];
        assert_int_equal(kind_of(y, N, 256), EMG_SIGNAL_RAW);
    }
    for (size_t i = 0; i < N; i++) /* cut off at both ends of a converter from 0 */
        y[i] = fmin(fmax(x[i] + 200, 0), 400);
    assert_int_equal(kind_of(y, N, 256), EMG_SIGNAL_RAW);
}

static void one_side_from_zero_is_rectified(void **state)
{
    (void)state;
    static double x[N];
    record(x);
    for (size_t i = 0; i < N; i++)
        x[i] = fabs(x[i]);
    assert_int_equal(kind_of(x, N, 256), EMG_SIGNAL_RECTIFIED);
    assert_int_equal(kind_of(x, 400, 256), EMG_SIGNAL_RAW); /* too few to say */
    for (size_t i = 0; i < N; i += 500)
        x[i] -= 1; /* a recorder's noise behind the rectifier, two a second */
    assert_int_equal(kind_of(x, N, 256), EMG_SIGNAL_RECTIFIED);
    x[1001] = -30;
    assert_int_equal(kind_of(x, N, 256), EMG_SIGNAL_RAW); /* nothing behind a rectifier is so far below zero */
    x[1001] = 30;
    for (size_t i = 0; i < N; i++)
        x[i] += 300; /* it no longer begins at zero: nobody can say */
    assert_int_equal(kind_of(x, N, 256), EMG_SIGNAL_RAW);
}

static void a_smooth_one_is_an_envelope(void **state)
{
    (void)state;
    static double x[N];
    double smooth = 2;
    record(x);
    for (size_t i = 0; i < N; i++)
        x[i] = smooth += 0.02 * (fabs(x[i]) - smooth);
    assert_int_equal(kind_of(x, N, 256), EMG_SIGNAL_ENVELOPE);
}

static void a_pop_to_one_side_rectifies_nothing(void **state)
{
    (void)state;
    static double x[N];
    record(x);
    for (size_t i = 0; i < N; i++)
        x[i] = i / RATE == 15 ? 3000 : x[i] / 10;
    assert_int_equal(kind_of(x, N, 256), EMG_SIGNAL_RAW);
    memset(x, 0, sizeof x);
    assert_int_equal(kind_of(x, N, 256), EMG_SIGNAL_RAW);
}

static void blocks_of_any_size_are_judged_alike(void **state)
{
    (void)state;
    static const size_t blocks[] = { 1, 7, 1000, N };
    static double x[N];
    /* a signal near the limit, which a single value of the sample may turn */
    for (double tilt = 0.3; tilt < 0.9; tilt += 0.02) {
        record(x);
        for (size_t i = 0; i < N; i++)
            x[i] = x[i] < 0 ? fmax(tilt * x[i] + 40, 0) : x[i] + 40;
        const emg_signal_kind kind = kind_of(x, N, 256);
        for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++)
            assert_int_equal(kind_of(x, N, blocks[k]), kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_are_raw_wherever_the_baseline_is),
        cmocka_unit_test(one_side_from_zero_is_rectified),
        cmocka_unit_test(a_smooth_one_is_an_envelope),
        cmocka_unit_test(a_pop_to_one_side_rectifies_nothing),
        cmocka_unit_test(blocks_of_any_size_are_judged_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
