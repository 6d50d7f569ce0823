/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What filters promise at their limits: the error of blocks, symmetry, sign, the lowest corner, odd inputs. */
#include "support/test.h"

#include <float.h>

#include "filters.h"

/* Forward and backward over the whole of x in extended precision, x less its first value continued for `pad` frames. */
static void whole_reference(const emg_filter *f, const double *x, size_t n, size_t pad, double *y)
{
    const emg_filter_section *s;
    size_t n_sections = emg_filter_sections(f, &s), length = n + 2 * pad;
    long double *w = calloc(length, sizeof *w);
    assert_non_null(w);
    for (size_t t = 0; t < length; t++)
        w[t] = (long double)x[t < pad ? 0 : t - pad < n ? t - pad : n - 1] - (long double)x[0];
    for (int direction = 0; direction < 2; direction++) {
        for (size_t i = 0; i < n_sections; i++) {
            long double s1 = 0, s2 = 0;
            for (size_t t = 0; t < length; t++) {
                long double *v = direction ? &w[length - 1 - t] : &w[t], out = s[i].b0 * *v + s1;
                s1 = s[i].b1 * *v - s[i].a1 * out + s2;
                s2 = s[i].b2 * *v - s[i].a2 * out;
                *v = out;
            }
        }
    }
    emg_filter_response dc;
    emg_filter_response_at(f, 0, EMG_FILTER_ZERO_PHASE, &dc);
    for (size_t t = 0; t < n; t++)
        y[t] = (double)w[pad + t] + x[0] * dc.gain;
    free(w);
}

/* Impulses of either sign lie everywhere, also where blocks meet. The bound is the documented one, S the absolute sum
 * of the impulse response; what rounding adds is far below 1e-9 of full scale. */
static void error_of_blocks_is_as_stated(void **state)
{
    (void)state;
    static const emg_filter_plan plans[] = {
        { .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450, .rate_hz = 2048 },
        { .kind = EMG_FILTER_PASS, .order = 12, .low_hz = 100, .high_hz = 400, .rate_hz = 2048 },
        { .kind = EMG_FILTER_PASS, .order = 1, .low_hz = 5, .high_hz = 900, .rate_hz = 2048 },
        { .kind = EMG_FILTER_HIGH, .order = 4, .low_hz = 1, .rate_hz = 2048 },
        { .kind = EMG_FILTER_STOP, .order = 6, .low_hz = 45, .high_hz = 55, .rate_hz = 2048 },
        { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 30, .rate_hz = 2048 },
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        emg_filter *f = designed(&plans[i]);
        emg_filter_stream *s;
        assert_int_equal(emg_filter_stream_new(&s, f, EMG_FILTER_ZERO_PHASE, 1, take, NULL, NULL), EMG_OK);
        size_t latency = emg_filter_stream_latency(s), n = 2 * latency + 1000;
        emg_filter_stream_free(s);
        double *x = signal_new(n), *y = signal_new(n), *expected = signal_new(n), sum = 0, peak = 0;
        x[0] = 1;
        emg_filter_plan zero = plans[i];
        zero.padding = EMG_FILTER_PAD_ZERO;
        emg_filter *impulse = designed(&zero);
        applied(impulse, EMG_FILTER_FORWARD, x, n, y);
        emg_filter_free(impulse);
        for (size_t t = 0; t < n; t++) {
            sum += fabs(y[t]);
            x[t] = t % 37 > 0 ? 0 : t % 2 ? 1000 : -1000;
        }
        whole_reference(f, x, n, latency, expected);
        applied(f, EMG_FILTER_ZERO_PHASE, x, n, y);
        for (size_t t = 0; t < n; t++)
            peak = fmax(peak, fabs(y[t] - expected[t]));
        double bound = 1e-12 * sum * sum * 2000 + 1e-9;
        if (!(peak <= bound))
            fail_msg("filter %zu: error %g, allowed %g", i, peak, bound);
        free(x);
        free(y);
        free(expected);
        emg_filter_free(f);
    }
}

/* An impulse in the middle of a segment comes out as a wave that is the same forward and backward in time. */
static void zero_phase_is_symmetric(void **state)
{
    (void)state;
    enum { MIDDLE = 10000, LENGTH = 2 * MIDDLE + 1 };
    double *x = signal_new(LENGTH), *y = signal_new(LENGTH);
    x[MIDDLE] = 1;
    for (size_t i = 0; i < N_WAYS; i++) {
        emg_filter *f = designed(&ways[i]);
        applied(f, EMG_FILTER_ZERO_PHASE, x, LENGTH, y);
        assert_true(y[MIDDLE] > 0);
        for (size_t k = 1; k <= MIDDLE; k++) {
            assert_near(y[MIDDLE - k], y[MIDDLE + k], 1e-12);
            assert_true(fabs(y[MIDDLE + k]) < y[MIDDLE]);
        }
        emg_filter_free(f);
    }
    free(x);
    free(y);
}

/* A step up is answered upwards at once, whatever the order; without phase, down before and up after it. */
static void high_pass_keeps_sign(void **state)
{
    (void)state;
    double x[2000] = { 0 }, y[2000];
    for (size_t t = 1000; t < 2000; t++)
        x[t] = 1;
    for (int order = 1; order <= 12; order++) {
        const emg_filter_plan plan = { .kind = EMG_FILTER_HIGH, .order = order, .low_hz = 20, .rate_hz = 2048 };
        emg_filter *f = designed(&plan);
        applied(f, EMG_FILTER_FORWARD, x, 2000, y);
        assert_true(y[999] == 0 && y[1000] > 0.5 && y[1000] < 1);
        applied(f, EMG_FILTER_ZERO_PHASE, x, 2000, y);
        assert_true(y[999] < -0.3 && y[1000] > 0.3);
        emg_filter_free(f);
    }
}

/* 0.1 Hz, order 8, 20 kHz: noise on an offset comes through as noise, forward and without phase, within 1e-9 of full
 * scale of the same sections in extended precision. */
static void lowest_corner_is_stable(void **state)
{
    (void)state;
    enum { LENGTH = 200000 };
    const double scale = 20000;
    const emg_filter_plan plan = { .kind = EMG_FILTER_HIGH, .order = 8, .low_hz = 0.1, .rate_hz = 20000 };
    emg_filter *f = designed(&plan);
    double *x = signal_new(LENGTH), *y = signal_new(LENGTH), *expected = signal_new(LENGTH);
    uint64_t seed = 3;
    for (size_t t = 0; t < LENGTH; t++)
        x[t] = 10000 + 100 * signal_noise(&seed);
    applied(f, EMG_FILTER_FORWARD, x, LENGTH, y);
    const emg_filter_section *s;
    long double state_of[4][2] = { { 0 } };
    assert_int_equal(emg_filter_sections(f, &s), 4);
    double worst = 0;
    for (size_t t = 0; t < LENGTH; t++) {
        long double v = (long double)x[t] - (long double)x[0];
        for (size_t i = 0; i < 4; i++) {
            long double out = s[i].b0 * v + state_of[i][0];
            state_of[i][0] = s[i].b1 * v - s[i].a1 * out + state_of[i][1];
            state_of[i][1] = s[i].b2 * v - s[i].a2 * out;
            v = out;
        }
        worst = fmax(worst, fabs(y[t] - (double)v));
    }
    assert_true(worst <= 1e-9 * scale);
    applied(f, EMG_FILTER_ZERO_PHASE, x, LENGTH, y);
    whole_reference(f, x, LENGTH, 4000000, expected);
    worst = 0;
    for (size_t t = 0; t < LENGTH; t++)
        worst = fmax(worst, fabs(y[t] - expected[t]));
    assert_true(worst <= 1e-9 * scale);
    free(x);
    free(y);
    free(expected);
    emg_filter_free(f);
}

static void check_odd_inputs(const emg_filter *f, emg_filter_direction direction, const double *x)
{
    (void)x;
    static const size_t lengths[] = { 0, 1, 2, 7, 3000 };
    static const double values[] = { 0, 8388607, -1e-3, 5e-324, 1e-310, 1e30, 1e308, -DBL_MAX };
    bool from_zero = emg_filter_plan_of(f)->padding == EMG_FILTER_PAD_ZERO;
    double in[3000], out[3000];
    emg_filter_response dc;
    emg_filter_response_at(f, 0, direction, &dc);
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        double counted = fabs(values[v]) < 1e-30 ? 0 : fmax(fmin(values[v], 1e30), -1e30);
        for (size_t i = 0; i < 3000; i++)
            in[i] = values[v];
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            applied(f, direction, in, lengths[l], out);
            for (size_t i = 0; i < lengths[l]; i++) {
                assert_true(isfinite(out[i]));
                if (!from_zero)
                    assert_near(fabs(out[i]), fabs(counted) * dc.gain, 1e-12 * fabs(counted));
            }
        }
    }
    for (size_t i = 0; i < 3000; i++)
        in[i] = i % 7 ? 1e299 : -1e299;
    applied(f, direction, in, 3000, out);
    for (size_t i = 0; i < 3000; i++)
        assert_true(isfinite(out[i]));
}

static void odd_inputs_give_finite_results(void **state)
{
    (void)state;
    for_each_way(check_odd_inputs, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_of_blocks_is_as_stated),   cmocka_unit_test(zero_phase_is_symmetric),
        cmocka_unit_test(high_pass_keeps_sign),           cmocka_unit_test(lowest_corner_is_stable),
        cmocka_unit_test(odd_inputs_give_finite_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
