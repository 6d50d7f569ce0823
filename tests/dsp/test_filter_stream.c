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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_agree_with_scipy),
    };
    (void)streamed;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
