/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters at work: SciPy over the whole signal, any cut, any company, every ending, odd inputs, refusals. */
#include "support/test.h"

#include <float.h>
#include <stdbool.h>

#include <emg/filter.h>

#include "oracle_filter.h"
#include "signal.h"

enum { N = ORACLE_N_SAMPLES };

static const double FULL_SCALE = 2000; /* of the oracle's signal */

/* The signal of oracle_filter.py. */
static double *oracle_signal(void)
{
    double *x = signal_new(N);
    uint64_t seed = 5;
    for (size_t i = 0; i < N; i++)
        x[i] = 30 * signal_noise(&seed) + 1000 + 0.02 * (double)i + (i >= 2500 ? 400 : 0) - (i == 4000 ? 900 : 0);
    return x;
}

static emg_filter *designed(const emg_filter_plan *plan)
{
    emg_filter *f;
    emg_error err = EMG_ERROR_NONE;
    if (emg_filter_design(&f, plan, &err))
        fail_msg("%s", err.text);
    return f;
}

typedef struct taken {
    double *x;
    size_t n_channels, n, room;
    emg_status answer;
} taken;

static emg_status take(void *context, const double *x, size_t n_frames, emg_error *err)
{
    taken *t = context;
    size_t n = n_frames * t->n_channels;
    (void)err;
    assert_true(n_frames > 0);
    if (t->n + n > t->room) {
        t->room = 2 * (t->n + n);
        t->x = realloc(t->x, t->room * sizeof *t->x);
        assert_non_null(t->x);
    }
    memcpy(t->x + t->n, x, n * sizeof *x);
    t->n += n;
    return t->answer;
}

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

static void applied(const emg_filter *f, emg_filter_direction direction, const double *x, size_t n, double *y)
{
    emg_error err = EMG_ERROR_NONE;
    if (emg_filter_apply(f, direction, x, n, y, &err))
        fail_msg("%s", err.text);
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

/* One filter of each way to work. */
static const emg_filter_plan ways[] = {
    { .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450, .rate_hz = 2048 },
    { .kind = EMG_FILTER_LOW, .order = 5, .high_hz = 30, .rate_hz = 2048 },
    { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 30, .rate_hz = 2048 },
    { .family = EMG_FILTER_FIR,
      .kind = EMG_FILTER_PASS,
      .low_hz = 20,
      .high_hz = 450,
      .transition_hz = 15,
      .attenuation_db = 60,
      .rate_hz = 2048 },
    { .family = EMG_FILTER_FIR,
      .kind = EMG_FILTER_LOW,
      .high_hz = 100,
      .transition_hz = 50,
      .attenuation_db = 60,
      .rate_hz = 2048 },
};
enum { N_WAYS = sizeof ways / sizeof *ways, N_DIRECTIONS = 2, N_PADDINGS = 4 };

/* Calls `check` for each filter, direction and padding. */
static void for_each_way(void (*check)(const emg_filter *f, emg_filter_direction direction, const double *x),
                         const double *x)
{
    for (size_t i = 0; i < N_WAYS; i++) {
        for (int padding = 0; padding < N_PADDINGS; padding++) {
            emg_filter_plan plan = ways[i];
            plan.padding = (emg_filter_padding)padding;
            emg_filter *f = designed(&plan);
            for (int direction = 0; direction < N_DIRECTIONS; direction++)
                check(f, (emg_filter_direction)direction, x);
            emg_filter_free(f);
        }
    }
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
        cmocka_unit_test(runs_agree_with_scipy),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(gaps_end_every_state),
        cmocka_unit_test(mirrors_are_as_documented),
        cmocka_unit_test(error_of_blocks_is_as_stated),
        cmocka_unit_test(zero_phase_is_symmetric),
        cmocka_unit_test(high_pass_keeps_sign),
        cmocka_unit_test(lowest_corner_is_stable),
        cmocka_unit_test(odd_inputs_give_finite_results),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(streams_chain),
        cmocka_unit_test(refuses_what_it_cannot_hold),
        cmocka_unit_test(failures_are_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
