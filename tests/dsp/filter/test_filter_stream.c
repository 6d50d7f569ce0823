/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters at work: SciPy over the whole signal, any cut, any company, gaps, mirrors, chains, refusals. */
#include "support/test.h"

#include "filters.h"

static const double FULL_SCALE = 2000; /* of the oracle's signal */

/* Filters n frames, pushed `cut` at a time, as one segment after another `times` times; the last one's output. */
static taken streamed(const emg_filter *f, emg_filter_direction direction, const double *x, size_t n, size_t n_channels,
                      size_t cut, int times)
{
    taken t = { .n_channels = n_channels };
    emg_filter_stream *s;
    emg_error err = EMG_ERROR_NONE;
    if (emg_filter_stream_new(&s, f, direction, n_channels, take, &t, &err))
        fail_msg("%s", err.text);
    for (int i = 0; i < times; i++) {
        t.n = 0;
        for (size_t at = 0; at < n; at += cut) {
            size_t piece = cut < n - at ? cut : n - at;
            assert_int_equal(emg_filter_stream_push(s, x + at * n_channels, piece, NULL), EMG_OK);
            assert_true(at + piece - t.n / n_channels <= emg_filter_stream_latency(s));
        }
        assert_int_equal(emg_filter_stream_finish(s, NULL), EMG_OK);
        assert_int_equal(t.n, n * n_channels);
    }
    emg_filter_stream_free(s);
    return t;
}

static void runs_agree_with_scipy(void **state)
{
    (void)state;
    double *x = oracle_signal(), *y = signal_new(N);
    for (size_t i = 0; i < sizeof oracle_runs / sizeof *oracle_runs; i++) {
        const oracle_run *o = &oracle_runs[i];
        emg_filter *f = designed(&o->plan);
        applied(f, o->direction, x, N, y);
        for (size_t j = 0; j < ORACLE_N_PLACES; j++) {
            double error = fabs(y[oracle_places[j]] - o->y[j]) / FULL_SCALE;
            if (!(error <= 1e-9))
                fail_msg("run %zu (padding %d, direction %d), sample %zu: %.15g, SciPy %.15g", i, (int)o->plan.padding,
                         (int)o->direction, oracle_places[j], y[oracle_places[j]], o->y[j]);
        }
        emg_filter_free(f);
    }
    free(x);
    free(y);
}

static void check_cuts(const emg_filter *f, emg_filter_direction direction, const double *x)
{
    static const size_t cuts[] = { 1, 255, 256, 257, 1000, N };
    double *whole = signal_new(N);
    applied(f, direction, x, N, whole);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        taken t = streamed(f, direction, x, N, 1, cuts[i], 2);
        assert_memory_equal(t.x, whole, N * sizeof *whole);
        free(t.x);
    }
    static const size_t groups[] = { 2, 3, 8, 17 };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        size_t m = groups[i], mine = m / 2;
        double *group = signal_new(N * m);
        uint64_t seed = i;
        for (size_t t = 0; t < N * m; t++)
            group[t] = t % m == mine ? x[t / m] : 1e6 * signal_uniform(&seed);
        taken t = streamed(f, direction, group, N, m, 1234, 1);
        for (size_t k = 0; k < N; k++)
            assert_memory_equal(&t.x[k * m + mine], &whole[k], sizeof *whole);
        free(t.x);
        free(group);
    }
    free(whole);
}

static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    double *x = oracle_signal();
    for_each_way(check_cuts, x);
    free(x);
}

/* What went before a gap, however loud and long, changes no bit of what comes after it. */
static void check_gap(const emg_filter *f, emg_filter_direction direction, const double *x)
{
    double *alone = signal_new(N), *loud = signal_new(N);
    uint64_t seed = 11;
    for (size_t t = 0; t < N; t++)
        loud[t] = 1e9 * signal_noise(&seed);
    static const size_t lengths[] = { 1, 300, 4321, N };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        taken t = { .n_channels = 1 };
        emg_filter_stream *s;
        assert_int_equal(emg_filter_stream_new(&s, f, direction, 1, take, &t, NULL), EMG_OK);
        assert_int_equal(emg_filter_stream_push(s, loud, N, NULL), EMG_OK);
        assert_int_equal(emg_filter_stream_finish(s, NULL), EMG_OK);
        assert_int_equal(emg_filter_stream_finish(s, NULL), EMG_OK); /* an empty segment */
        t.n = 0;
        assert_int_equal(emg_filter_stream_push(s, x, lengths[i], NULL), EMG_OK);
        assert_int_equal(emg_filter_stream_finish(s, NULL), EMG_OK);
        applied(f, direction, x, lengths[i], alone);
        assert_int_equal(t.n, lengths[i]);
        assert_memory_equal(t.x, alone, lengths[i] * sizeof *alone);
        emg_filter_stream_free(s);
        free(t.x);
    }
    free(alone);
    free(loud);
}

static void gaps_end_every_state(void **state)
{
    (void)state;
    double *x = oracle_signal();
    for_each_way(check_gap, x);
    free(x);
}

/* A mirrored padding is what constant padding makes of the signal with its mirrors written out. */
static void check_mirrors(const emg_filter *f, emg_filter_direction direction, const double *x)
{
    emg_filter_plan plan = *emg_filter_plan_of(f);
    bool odd = plan.padding == EMG_FILTER_PAD_ODD;
    if (!odd && plan.padding != EMG_FILTER_PAD_EVEN)
        return;
    static const size_t lengths[] = { 1, 2, 3, 10, 100, 1000, 3000 };
    plan.padding = EMG_FILTER_PAD_CONSTANT;
    emg_filter *constant = designed(&plan);
    size_t reach = emg_filter_transient(f, direction);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t n = lengths[i], m = reach < n - 1 ? reach : n - 1;
        double *y = signal_new(n), *long_x = signal_new(n + 2 * m), *long_y = signal_new(n + 2 * m);
        for (size_t k = 1; k <= m; k++) {
            long_x[m - k] = odd ? 2 * x[0] - x[k] : x[k];
            long_x[m + n - 1 + k] = odd ? 2 * x[n - 1] - x[n - 1 - k] : x[n - 1 - k];
        }
        memcpy(long_x + m, x, n * sizeof *x);
        applied(constant, direction, long_x, n + 2 * m, long_y);
        applied(f, direction, x, n, y);
        for (size_t t = 0; t < n; t++) /* transforms of other blocks round otherwise */
            assert_near(y[t], long_y[m + t], 1e-10);
        free(y);
        free(long_x);
        free(long_y);
    }
    emg_filter_free(constant);
}

static void mirrors_are_as_documented(void **state)
{
    (void)state;
    double *x = oracle_signal();
    for_each_way(check_mirrors, x);
    free(x);
}

/* A push with a sample that is no number is refused whole, and leaves no trace. */
static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const double bad[] = { NAN, INFINITY, -INFINITY };
    double *x = oracle_signal(), *expected = signal_new(N), block[400];
    emg_filter *f = designed(&ways[0]);
    applied(f, EMG_FILTER_ZERO_PHASE, x, N, expected);
    taken t = { .n_channels = 1 };
    emg_filter_stream *s;
    assert_int_equal(emg_filter_stream_new(&s, f, EMG_FILTER_ZERO_PHASE, 1, take, &t, NULL), EMG_OK);
    for (size_t at = 0; at < N; at += 100) {
        for (size_t b = 0; b < 3; b++) {
            emg_error err = EMG_ERROR_NONE;
            memcpy(block, x + at, 100 * sizeof *x);
            block[(at + b) % 100] = bad[b];
            assert_int_equal(emg_filter_stream_push(s, block, 100, &err), EMG_EARG);
            assert_string_equal(err.text, "a sample that is not a finite number cannot be filtered");
        }
        assert_int_equal(emg_filter_stream_push(s, x + at, 100, NULL), EMG_OK);
    }
    assert_int_equal(emg_filter_stream_finish(s, NULL), EMG_OK);
    assert_memory_equal(t.x, expected, N * sizeof *x);
    emg_filter_stream_free(s);
    free(t.x);
    emg_filter_free(f);
    free(x);
    free(expected);
}

/* A stream's output into the next one's input, and in place. */
static emg_status into_next(void *next, const double *x, size_t n_frames, emg_error *err)
{
    return emg_filter_stream_push(next, x, n_frames, err);
}

static void streams_chain(void **state)
{
    (void)state;
    double *x = oracle_signal();
    emg_filter *f[2] = { designed(&ways[0]), designed(&ways[3]) };
    taken t = { .n_channels = 1 };
    emg_filter_stream *s[2];
    assert_int_equal(emg_filter_stream_new(&s[1], f[1], EMG_FILTER_ZERO_PHASE, 1, take, &t, NULL), EMG_OK);
    assert_int_equal(emg_filter_stream_new(&s[0], f[0], EMG_FILTER_FORWARD, 1, into_next, s[1], NULL), EMG_OK);
    for (size_t at = 0; at < N; at += 750)
        assert_int_equal(emg_filter_stream_push(s[0], x + at, 750, NULL), EMG_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(emg_filter_stream_finish(s[i], NULL), EMG_OK);
    applied(f[0], EMG_FILTER_FORWARD, x, N, x);
    applied(f[1], EMG_FILTER_ZERO_PHASE, x, N, x);
    assert_int_equal(t.n, N);
    assert_memory_equal(t.x, x, N * sizeof *x);
    for (int i = 0; i < 2; i++) {
        emg_filter_stream_free(s[i]);
        emg_filter_free(f[i]);
    }
    free(t.x);
    free(x);
}

typedef struct refusal {
    emg_filter_plan plan;
    size_t n_channels;
    int direction;
    emg_status status;
    const char *sentence;
} refusal;

static void refuses_what_it_cannot_hold(void **state)
{
    (void)state;
    static const refusal cases[] = {
        { { .order = 4, .high_hz = 50, .rate_hz = 1000 },
          0,
          0,
          EMG_ERANGE,
          "0 channels in a group is not within 1 to 64" },
        { { .order = 4, .high_hz = 50, .rate_hz = 1000 },
          65,
          0,
          EMG_ERANGE,
          "65 channels in a group is not within 1 to 64" },
        { { .order = 4, .high_hz = 50, .rate_hz = 1000 }, 1, 7, EMG_EARG, "no such direction of filtering" },
        { { .order = 8, .high_hz = 0.02, .rate_hz = 20000 },
          1,
          1,
          EMG_ERANGE,
          "without phase this filter would look ahead more than 8388608 frames at 20000 Hz; take a higher corner, a "
          "lower order, or forward" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_filter *f = designed(&cases[i].plan);
        emg_error err = EMG_ERROR_NONE;
        emg_filter_stream *s = (emg_filter_stream *)&err;
        assert_int_equal(emg_filter_stream_new(&s, f, (emg_filter_direction)cases[i].direction, cases[i].n_channels,
                                               take, NULL, &err),
                         cases[i].status);
        assert_string_equal(err.text, cases[i].sentence);
        assert_null(s);
        emg_filter_free(f);
    }
    const emg_filter_plan low = { .kind = EMG_FILTER_HIGH, .order = 8, .low_hz = 0.1, .rate_hz = 20000 };
    emg_filter *f = designed(&low);
    emg_filter_stream *s;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_filter_stream_new(&s, f, EMG_FILTER_ZERO_PHASE, 64, take, NULL, &err), EMG_ERANGE);
    assert_non_null(strstr(err.text, "for 64 channels more than 134217728 samples in all"));
    assert_int_equal(emg_filter_stream_new(&s, f, EMG_FILTER_FORWARD, 64, take, NULL, NULL), EMG_OK);
    assert_int_equal(emg_filter_stream_latency(s), 0);
    emg_filter_stream_free(s);
    emg_filter_stream_free(NULL);
    emg_filter_free(f);
}

static void failures_are_passed_on(void **state)
{
    (void)state;
    enum { LENGTH = 120000 };
    double *x = signal_new(LENGTH);
    for (size_t i = 0; i < N_WAYS; i++) {
        for (int direction = 0; direction < N_DIRECTIONS; direction++) {
            emg_filter *f = designed(&ways[i]);
            taken t = { .n_channels = 1, .answer = EMG_ECANCELLED };
            emg_filter_stream *s;
            assert_int_equal(emg_filter_stream_new(&s, f, (emg_filter_direction)direction, 1, take, &t, NULL), EMG_OK);
            assert_int_equal(emg_filter_stream_push(s, x, LENGTH, NULL), EMG_ECANCELLED);
            emg_filter_stream_free(s);
            assert_int_equal(emg_filter_stream_new(&s, f, (emg_filter_direction)direction, 1, take, &t, NULL), EMG_OK);
            emg_status pushed = emg_filter_stream_push(s, x, 3, NULL);
            assert_true(pushed == EMG_ECANCELLED || emg_filter_stream_finish(s, NULL) == EMG_ECANCELLED);
            emg_filter_stream_free(s);
            free(t.x);
            emg_filter_free(f);
        }
    }
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_agree_with_scipy),        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(gaps_end_every_state),         cmocka_unit_test(mirrors_are_as_documented),
        cmocka_unit_test(what_is_no_number_is_refused), cmocka_unit_test(streams_chain),
        cmocka_unit_test(refuses_what_it_cannot_hold),  cmocka_unit_test(failures_are_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
