/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Envelopes against NumPy and SciPy, at their ends, and whatever the cuts, groups and history. */
#include "support/test.h"

#include <float.h>
#include <stdbool.h>
#include <stdio.h>

#include <emg/envelope.h>
#include <emg/filter_stream.h>

#include "oracle_envelope.h"
#include "dsp/signal.h"
#include "support/sweep.h"

enum { EXACT_KINDS = 3, ALL_KINDS = 6 }; /* the exact ones come first */
static const emg_envelope_plan plans[ALL_KINDS] = {
    { .kind = EMG_ENVELOPE_RMS, .window = 51 },
    { .kind = EMG_ENVELOPE_AVERAGE, .window = 50 },
    { .kind = EMG_ENVELOPE_TEAGER_KAISER },
    { .kind = EMG_ENVELOPE_HILBERT, .lowest_hz = 20 },
    { .kind = EMG_ENVELOPE_LOW_PASS, .order = 4, .corner_hz = 10, .direction = EMG_FILTER_ZERO_PHASE },
    { .kind = EMG_ENVELOPE_LOW_PASS, .order = 2, .corner_hz = 50, .direction = EMG_FILTER_FORWARD },
};

/* The signal of oracle_envelope.py. */
static double *oracle_signal(void)
{
    double *x = signal_new(ORACLE_N);
    for (size_t i = 0; i < ORACLE_N; i++) {
        double n = (double)i, rough = (double)((i * i * 7919 + i * 104729) % 1009) / 100.0;
        x[i] = rough + 40 * n / ORACLE_N * sin(2 * TEST_PI * 80 * n / ORACLE_RATE) + 100;
    }
    return x;
}

static double *envelope_of(const emg_envelope_plan *plan, const double *x, size_t n)
{
    double *y = signal_new(n);
    emg_error err = EMG_ERROR_NONE;
    if (emg_envelope_apply(plan, ORACLE_RATE, x, n, y, &err))
        fail_msg("%s", err.text);
    return y;
}

static void equals(const emg_envelope_plan *plan, const oracle_sample *oracle, size_t n, double tolerance)
{
    double *x = oracle_signal(), *y = envelope_of(plan, x, ORACLE_N);
    for (size_t i = 0; i < n; i++)
        assert_near(y[oracle[i].at], oracle[i].value, tolerance);
    free(x);
    free(y);
}

#define EQUALS(kind_of, n_window, oracle, tolerance)                                                                   \
    equals(&(emg_envelope_plan){ .kind = kind_of, .window = n_window }, oracle, sizeof oracle / sizeof *oracle,        \
           tolerance)

static void windows_hold_what_numpy_finds(void **state)
{
    (void)state;
    EQUALS(EMG_ENVELOPE_RMS, 1, oracle_rms_1, 1e-12);
    EQUALS(EMG_ENVELOPE_RMS, 50, oracle_rms_50, 1e-12);
    EQUALS(EMG_ENVELOPE_RMS, 51, oracle_rms_51, 1e-12);
    EQUALS(EMG_ENVELOPE_RMS, 4001, oracle_rms_4001, 1e-11);
    EQUALS(EMG_ENVELOPE_RMS, 7000, oracle_rms_7000, 1e-11);
    EQUALS(EMG_ENVELOPE_AVERAGE, 1, oracle_average_1, 1e-12);
    EQUALS(EMG_ENVELOPE_AVERAGE, 50, oracle_average_50, 1e-12);
    EQUALS(EMG_ENVELOPE_AVERAGE, 51, oracle_average_51, 1e-12);
    EQUALS(EMG_ENVELOPE_AVERAGE, 4001, oracle_average_4001, 1e-11);
    EQUALS(EMG_ENVELOPE_AVERAGE, 7000, oracle_average_7000, 1e-11);
}

static void teager_energy_is_what_numpy_finds(void **state)
{
    (void)state;
    EQUALS(EMG_ENVELOPE_TEAGER_KAISER, 0, oracle_teager, 1e-10);
}

enum { N_WAVES = 4 * ORACLE_N };

/* The waves of oracle_envelope.py; *sum: of their amplitudes. */
static double *oracle_waves(double *sum)
{
    static const double waves[][2] = { { 21, 1.5 }, { 80, 4 }, { 301, 2.5 }, { 977, 0.5 } };
    double *x = signal_new(N_WAVES);
    *sum = 0;
    for (size_t w = 0; w < 4; w++) {
        *sum += waves[w][1];
        for (size_t i = 0; i < N_WAVES; i++)
            x[i] += waves[w][1] * sin(2 * TEST_PI * waves[w][0] * (double)i / ORACLE_RATE + waves[w][1]);
    }
    return x;
}

static void hilbert_amplitude_is_what_scipy_finds(void **state)
{
    (void)state;
    double sum, *x = oracle_waves(&sum);
    double *y = envelope_of(&plans[3], x, N_WAVES);
    for (size_t i = 0; i < sizeof oracle_hilbert / sizeof *oracle_hilbert; i++)
        assert_near(y[oracle_hilbert[i].at], oracle_hilbert[i].value, 1e-6 * sum);
    free(x);
    free(y);
}

/* Away from the ends SciPy's values; over all the segment, to the byte, what the filter makes of the magnitudes. */
static void low_pass_is_what_scipy_finds(void **state)
{
    (void)state;
    const struct {
        double corner_hz;
        int order;
        emg_filter_direction direction;
        const oracle_sample *oracle;
        size_t n;
    } cases[] = {
        { 10, 4, EMG_FILTER_ZERO_PHASE, oracle_low_pass_10, sizeof oracle_low_pass_10 / sizeof(oracle_sample) },
        { 50, 2, EMG_FILTER_ZERO_PHASE, oracle_low_pass_50, sizeof oracle_low_pass_50 / sizeof(oracle_sample) },
        { 10, 4, EMG_FILTER_FORWARD, oracle_forward_10, sizeof oracle_forward_10 / sizeof(oracle_sample) },
        { 50, 2, EMG_FILTER_FORWARD, oracle_forward_50, sizeof oracle_forward_50 / sizeof(oracle_sample) },
    };
    double sum, *x = oracle_waves(&sum), *magnitude = signal_new(N_WAVES), *expected = signal_new(N_WAVES);
    for (size_t i = 0; i < N_WAVES; i++)
        magnitude[i] = fabs(x[i]);
    for (size_t c = 0; c < 4; c++) {
        const emg_envelope_plan plan = { .kind = EMG_ENVELOPE_LOW_PASS,
                                         .order = cases[c].order,
                                         .corner_hz = cases[c].corner_hz,
                                         .direction = cases[c].direction };
        const emg_filter_plan low = { .family = EMG_FILTER_BUTTERWORTH,
                                      .kind = EMG_FILTER_LOW,
                                      .order = plan.order,
                                      .high_hz = plan.corner_hz,
                                      .rate_hz = ORACLE_RATE,
                                      .padding = EMG_FILTER_PAD_EVEN };
        double *y = envelope_of(&plan, x, N_WAVES);
        for (size_t i = 0; i < cases[c].n; i++)
            assert_near(y[cases[c].oracle[i].at], cases[c].oracle[i].value, 1e-10 * sum);
        emg_filter *filter;
        assert_int_equal(emg_filter_design(&filter, &low, NULL), EMG_OK);
        assert_int_equal(emg_filter_apply(filter, plan.direction, magnitude, N_WAVES, expected, NULL), EMG_OK);
        assert_memory_equal(y, expected, N_WAVES * sizeof *y);
        emg_filter_free(filter);
        free(y);
    }
    free(x);
    free(magnitude);
    free(expected);
}

/* After values of 1e12, whose squares leave no digit for a 1 in a running difference, the window is exact again. */
static void loud_times_leave_no_trace(void **state)
{
    (void)state;
    enum { N = 4000, LOUD = 1000 };
    for (size_t k = 0; k < EXACT_KINDS; k++) {
        double *x = signal_new(N);
        for (size_t i = 0; i < N; i++)
            x[i] = i < LOUD ? 1e12 : (i % 2 ? 1 : -1);
        double *y = envelope_of(&plans[k], x, N);
        const double expected = plans[k].kind == EMG_ENVELOPE_TEAGER_KAISER ? 0 : 1;
        for (size_t i = LOUD + 60; i < N; i++)
            assert_near(y[i], expected, 1e-14);
        free(x);
        free(y);
    }
}

typedef struct gathered_double {
    double *x;
    size_t n_channels, n;
    emg_status answer;
} gathered_double;

static emg_status gather_double(void *context, const double *x, size_t n_frames, emg_error *err)
{
    gathered_double *g = context;
    (void)err;
    memcpy(g->x + g->n, x, n_frames * g->n_channels * sizeof *x);
    g->n += n_frames * g->n_channels;
    return g->answer;
}

/* Lanes of different loudness, in blocks of `block` frames and groups of `group` channels, with a gap before frame `gap_at`. */
static double *in_pieces(const emg_envelope_plan *plan, const double *x, size_t n_frames, size_t n_channels,
                         size_t group, size_t block, size_t gap_at)
{
    double *whole = signal_new(n_frames * n_channels), *part = signal_new(n_frames * group),
           *out = signal_new(n_frames * group);
    for (size_t first = 0; first < n_channels; first += group) {
        gathered_double g = { out, group, 0, EMG_OK };
        emg_envelope *e;
        assert_int_equal(emg_envelope_new(&e, plan, ORACLE_RATE, group, gather_double, &g, NULL), EMG_OK);
        for (size_t i = 0; i < n_frames; i++)
            memcpy(part + i * group, x + i * n_channels + first, group * sizeof *x);
        for (size_t at = 0, n; at < n_frames; at += n) {
            n = n_frames - at < block ? n_frames - at : block;
            if (at == gap_at)
                assert_int_equal(emg_envelope_finish(e, NULL), EMG_OK);
            if (at < gap_at && at + n > gap_at)
                n = gap_at - at;
            assert_int_equal(emg_envelope_push(e, part + at * group, n, NULL), EMG_OK);
        }
        assert_int_equal(emg_envelope_finish(e, NULL), EMG_OK);
        assert_int_equal(g.n, n_frames * group);
        emg_envelope_free(e);
        for (size_t i = 0; i < n_frames; i++)
            memcpy(whole + i * n_channels + first, out + i * group, group * sizeof *x);
    }
    free(part);
    free(out);
    return whole;
}

static void cuts_groups_and_gaps(void **state)
{
    (void)state;
    enum { N = 9600, LANES = 6, GAP = 5301 };
    uint64_t seed = 3;
    double *x = signal_new(N * LANES), *alone = signal_new(N);
    for (size_t i = 0; i < N * LANES; i++)
        x[i] = signal_noise(&seed) * (double)(1 + i % LANES * 100);
    const size_t cuts[][2] = { { 6, 1 }, { 1, 7 }, { 3, 50 }, { 2, 513 }, { 6, 2000 } };
    for (size_t k = 0; k < ALL_KINDS; k++) {
        double *whole = in_pieces(&plans[k], x, N, LANES, 6, N, GAP);
        for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
            double *other = in_pieces(&plans[k], x, N, LANES, cuts[c][0], cuts[c][1], GAP);
            assert_memory_equal(whole, other, N * LANES * sizeof *whole);
            free(other);
        }
        for (size_t i = 0; i < N; i++)
            alone[i] = x[i * LANES + 4];
        double *before = envelope_of(&plans[k], alone, GAP), *after = envelope_of(&plans[k], alone + GAP, N - GAP);
        for (size_t i = 0; i < N; i++) {
            const double *expected = i < GAP ? &before[i] : &after[i - GAP];
            assert_memory_equal(&whole[i * LANES + 4], expected, sizeof(double));
        }
        free(before);
        free(after);
        free(whole);
    }
    free(x);
    free(alone);
}

static void odd_inputs_give_finite_values(void **state)
{
    (void)state;
    enum { N = 300 };
    const double values[] = { 0, 1, -7.5, DBL_MIN / 4, DBL_TRUE_MIN, 1e150, -1e150 };
    for (size_t k = 0; k < ALL_KINDS; k++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            for (size_t n = 0; n <= N; n = n < 4 ? n + 1 : n * 4) {
                double *x = signal_new(n);
                for (size_t i = 0; i < n; i++)
                    x[i] = values[v];
                double *y = envelope_of(&plans[k], x, n);
                /* squares of what is smaller than 1e-154 are zero */
                const emg_envelope_kind kind = plans[k].kind;
                bool zero =
                    kind == EMG_ENVELOPE_TEAGER_KAISER || (kind != EMG_ENVELOPE_AVERAGE && fabs(values[v]) < 1e-160);
                double expected = zero ? 0 : fabs(values[v]);
                if (kind == EMG_ENVELOPE_LOW_PASS) /* filters take samples within +-1e30 */
                    expected = fmin(expected, 1e30);
                for (size_t i = 0; i < n; i++)
                    assert_near(y[i], expected, (k < EXACT_KINDS ? 1e-14 : 1e-12) * expected);
                free(x);
                free(y);
            }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    const double bad[] = { NAN, INFINITY, -INFINITY, 1.1e150 };
    for (size_t k = 0; k < ALL_KINDS; k++)
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
            double x[5] = { 1, 2, bad[b], 3, 4 }, y[5];
            emg_error err = EMG_ERROR_NONE;
            assert_int_equal(emg_envelope_apply(&plans[k], 1000, x, 5, y, &err), EMG_EARG);
            assert_non_null(strstr(err.text, "not finite"));
        }
}

static void wrong_plans_are_refused(void **state)
{
    (void)state;
    gathered_double g = { NULL, 1, 0, EMG_OK };
    const emg_envelope_plan out_of_range[] = {
        { .kind = EMG_ENVELOPE_RMS, .window = 0 },
        { .kind = EMG_ENVELOPE_AVERAGE, .window = ((size_t)1 << 24) + 1 },
        { .kind = EMG_ENVELOPE_HILBERT, .lowest_hz = 0 },
        { .kind = EMG_ENVELOPE_HILBERT, .lowest_hz = NAN },
        { .kind = EMG_ENVELOPE_HILBERT, .lowest_hz = 250 },
        { .kind = EMG_ENVELOPE_HILBERT, .lowest_hz = 1e-3 },
        { .kind = EMG_ENVELOPE_LOW_PASS, .order = 0, .corner_hz = 10 },
        { .kind = EMG_ENVELOPE_LOW_PASS, .order = 13, .corner_hz = 10 },
        { .kind = EMG_ENVELOPE_LOW_PASS, .order = 2, .corner_hz = 500 },
        { .kind = EMG_ENVELOPE_LOW_PASS, .order = 2, .corner_hz = NAN },
    };
    emg_envelope_plan strange = { .kind = EMG_ENVELOPE_RMS, .window = 5 };
    emg_envelope *e;
    for (size_t i = 0; i < sizeof out_of_range / sizeof *out_of_range; i++)
        assert_int_equal(emg_envelope_new(&e, &out_of_range[i], 1000, 1, gather_double, &g, NULL), EMG_ERANGE);
    assert_int_equal(emg_envelope_new(&e, &strange, NAN, 1, gather_double, &g, NULL), EMG_ERANGE);
    assert_int_equal(emg_envelope_new(&e, &strange, 0, 1, gather_double, &g, NULL), EMG_ERANGE);
    assert_int_equal(emg_envelope_new(&e, &strange, 1000, 0, gather_double, &g, NULL), EMG_ERANGE);
    assert_int_equal(emg_envelope_new(&e, &strange, 1000, 65, gather_double, &g, NULL), EMG_ERANGE);
    assert_int_equal(emg_envelope_new(&e, &strange, 1000, 1, NULL, &g, NULL), EMG_EARG);
    assert_int_equal(emg_envelope_new(&e, NULL, 1000, 1, gather_double, &g, NULL), EMG_EARG);
    strange.kind = (emg_envelope_kind)99;
    assert_int_equal(emg_envelope_new(&e, &strange, 1000, 1, gather_double, &g, NULL), EMG_EARG);
    assert_null(e);
    emg_envelope_free(NULL);
}

static void a_takers_refusal_is_handed_on(void **state)
{
    (void)state;
    enum { N = 20000 };
    double *out = signal_new(N), *x = signal_new(N);
    for (size_t k = 0; k < ALL_KINDS; k++) {
        gathered_double g = { out, 1, 0, EMG_ECANCELLED };
        emg_envelope *e;
        assert_int_equal(emg_envelope_new(&e, &plans[k], 1000, 1, gather_double, &g, NULL), EMG_OK);
        assert_int_equal(emg_envelope_push(e, x, N, NULL), EMG_ECANCELLED);
        assert_true(emg_envelope_latency(e) < (k < EXACT_KINDS ? 100 : N / 2));
        emg_envelope_free(e);
    }
    free(out);
    free(x);
}

static const emg_envelope_plan *swept;

static emg_status apply_swept(emg_error *err)
{
    double x[100] = { 0 }, y[100];
    return emg_envelope_apply(swept, 1000, x, 100, y, err);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t k = 0; k < ALL_KINDS; k++) {
        swept = &plans[k];
        sweep_allocations(apply_swept, 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hilbert_amplitude_is_what_scipy_finds),
        cmocka_unit_test(low_pass_is_what_scipy_finds),
        cmocka_unit_test(windows_hold_what_numpy_finds),
        cmocka_unit_test(teager_energy_is_what_numpy_finds),
        cmocka_unit_test(loud_times_leave_no_trace),
        cmocka_unit_test(cuts_groups_and_gaps),
        cmocka_unit_test(odd_inputs_give_finite_values),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(wrong_plans_are_refused),
        cmocka_unit_test(a_takers_refusal_is_handed_on),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
