/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dead stretches: told whatever the cuts, bridged without a step, and noise of few levels is none. */
#include "support/test.h"

#include <stdbool.h>

#include "condition/condition.h"
#include "dsp/signal.h"

static const double RATE = 1000, LIMIT = 3000;
enum { N = 20000, MOST_TOLD = 64, GROW = 100, NEAR = 9 }; /* NEAR: three bins, in frames */

typedef struct told {
    uint64_t from, end;
    size_t channel;
} told;

/* What comes out, and what was told; pieces that follow one another are one. */
typedef struct taken {
    double *x;
    size_t n_channels, n_frames, n;
    told told[MOST_TOLD];
    bool late; /* a stretch was told after its frames */
} taken;

static emg_status take(void *context, const double *x, size_t n_frames, emg_error *err)
{
    taken *t = context;
    (void)err;
    memcpy(t->x + t->n_frames * t->n_channels, x, n_frames * t->n_channels * sizeof *x);
    t->n_frames += n_frames;
    return EMG_OK;
}

static emg_status take_told(void *context, size_t channel, uint64_t from, uint64_t end, emg_error *err)
{
    taken *t = context;
    (void)err;
    t->late |= from < t->n_frames;
    for (size_t i = 0; i < t->n; i++)
        if (t->told[i].channel == channel && t->told[i].end == from) {
            t->told[i].end = end;
            return EMG_OK;
        }
    assert_true(t->n < MOST_TOLD);
    t->told[t->n++] = (told){ from, end, channel };
    return EMG_OK;
}

static taken run(const double *x, size_t n, size_t n_channels, double rate_hz, size_t cut)
{
    taken t = { .x = signal_new(n * n_channels), .n_channels = n_channels };
    const emgp_dead_setup setup = { .rate_hz = rate_hz,
                                    .n_channels = n_channels,
                                    .bridge = true,
                                    .told = take_told,
                                    .context = &t,
                                    .take = take,
                                    .taker = &t };
    emgp_dead *d;
    assert_int_equal(emgp_dead_new(&d, &setup, NULL), EMG_OK);
    for (size_t i = 0; i < n_channels; i++)
        emgp_dead_limits(d, i, -LIMIT, LIMIT);
    for (size_t at = 0; at < n; at += cut) {
        const size_t k = cut < n - at ? cut : n - at;
        assert_int_equal(emgp_dead_push(d, x + at * n_channels, k, NULL), EMG_OK);
        assert_true(at + k - t.n_frames <= emgp_dead_latency(d));
    }
    assert_int_equal(emgp_dead_finish(d, NULL), EMG_OK);
    assert_int_equal(t.n_frames, n);
    assert_false(t.late);
    emgp_dead_free(d);
    return t;
}

/* Noise of sigma 3 over an offset. */
static double *noise(uint64_t seed)
{
    double *x = signal_new(N);
    for (size_t i = 0; i < N; i++)
        x[i] = 40 + 3 * signal_gaussian(&seed);
    return x;
}

static void hold(double *x, size_t from, size_t end, double value)
{
    for (size_t i = from; i < end; i++)
        x[i] = value;
}

static void assert_told(const taken *t, size_t i, size_t from, size_t end)
{
    if (i >= t->n)
        fail_msg("stretch %zu, from %zu to %zu, was not told", i, from, end);
    const uint64_t first = from > GROW ? from - GROW : 0, last = end + GROW;
    if (t->told[i].from > first + NEAR || t->told[i].from + NEAR < first || t->told[i].end > last + NEAR ||
        t->told[i].end + NEAR < last)
        fail_msg("%d to %d was told, not %d to %d", (int)t->told[i].from, (int)t->told[i].end, (int)first, (int)last);
}

/* The bridge leaves no value that the signal has not, and no step; samples elsewhere keep every bit. */
static void assert_bridged(const taken *t, const double *x, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (fabs(t->x[i] - 40) > 15)
            fail_msg("%g at frame %zu of the bridge", t->x[i], i);
    for (size_t i = from + 1; i < end; i++)
        if (fabs(t->x[i] - t->x[i - 1]) > 1.5)
            fail_msg("a step of %g at frame %zu of the bridge", t->x[i] - t->x[i - 1], i);
    const size_t left = from > NEAR ? from - NEAR : 0, right = end + NEAR;
    if (left > 1000)
        assert_memory_equal(t->x + left - 1000, x + left - 1000, 1000 * sizeof *x);
    if (right + 1000 < N)
        assert_memory_equal(t->x + right, x + right, 1000 * sizeof *x);
}

static void each_kind_is_told_and_bridged(void **state)
{
    (void)state;
    static const struct {
        size_t from, end;
        double value;
    } kinds[] = {
        { 5000, 5022, 3000 }, { 5000, 5022, -2999 }, { 5000, 5300, -3000 }, { 5000, 15000, 3000 }, /* at the rail */
        { 5000, 5025, 0 },    { 5000, 9000, 0 },                                                   /* unplugged */
        { 5000, 5070, 41.5 }, { 5000, 12000, 41.5 },                                               /* stuck */
        { 0, 4000, 3000 },    { 0, 300, 0 }, /* from the beginning */
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        double *x = noise(11 + i);
        hold(x, kinds[i].from, kinds[i].end, kinds[i].value);
        taken t = run(x, N, 1, RATE, 333);
        assert_int_equal(t.n, 1);
        assert_told(&t, 0, kinds[i].from, kinds[i].end);
        if (kinds[i].from > 0)
            assert_bridged(&t, x, kinds[i].from, kinds[i].end);
        free(t.x);
        free(x);
    }
}

/* To the end of the segment, all of it, nothing but one sample before it, one limit after the other. */
static void ends_of_segments(void **state)
{
    (void)state;
    double *x = noise(31);
    hold(x, 17000, N, 3000);
    taken t = run(x, N, 1, RATE, 1000);
    assert_int_equal(t.n, 1);
    assert_true(t.told[0].end >= N && t.told[0].from <= 17000 - GROW + NEAR);
    assert_bridged(&t, x, 17000, N);
    free(t.x);
    hold(x, 0, N, 7);
    t = run(x, N, 1, RATE, 1000);
    assert_true(t.n == 1 && t.told[0].from == 0 && t.told[0].end >= N);
    assert_memory_equal(t.x, x, N * sizeof *x);
    free(t.x);
    x[0] = 8;
    t = run(x, N, 1, RATE, 1000);
    assert_true(t.n == 1 && t.told[0].from == 0 && t.told[0].end >= N);
    free(t.x);
    hold(x, 0, N / 2, -3000);
    t = run(x, N, 1, RATE, 1000);
    assert_true(t.n == 1 && t.told[0].from == 0 && t.told[0].end >= N);
    free(t.x);
    t = run(x, 7, 1, RATE, 7); /* shorter than what is held back */
    assert_int_equal(t.n, 0);
    free(t.x);
    free(x);
}

static void what_is_short_is_not(void **state)
{
    (void)state;
    double *x = noise(51);
    hold(x, 3000, 3010, 3000);
    hold(x, 5000, 5010, 0);
    hold(x, 7000, 7050, 41.5);
    taken t = run(x, N, 1, RATE, 333);
    assert_int_equal(t.n, 0);
    assert_memory_equal(t.x, x, N * sizeof *x);
    free(t.x);
    free(x);
}

/* Noise of a third to three levels, with real zeros, at rest after activity: quiet, not dead. */
static void few_levels_are_not_dead(void **state)
{
    (void)state;
    static const double levels[] = { 0.3, 0.5, 1, 3 }, rates[] = { 250, 1000, 4000 };
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 3; k++) {
            uint64_t seed = 71 + i;
            double *x = signal_new(N);
            for (size_t f = 0; f < N; f++)
                x[f] = round((f / 5000 % 2 ? levels[i] : 40) * signal_gaussian(&seed));
            taken t = run(x, N, 1, rates[k], 333);
            if (t.n > 0)
                fail_msg("noise of %g levels at %g Hz is dead at frame %d", levels[i], rates[k], (int)t.told[0].from);
            assert_memory_equal(t.x, x, N * sizeof *x);
            free(t.x);
            free(x);
        }
    }
}

/* Many short ones on three channels, some of which follow closely: alone, together and however cut the same. */
static void cuts_and_company_do_not_matter(void **state)
{
    (void)state;
    uint64_t seed = 91;
    double *x = signal_new((size_t)3 * N), *alone = signal_new(N);
    for (size_t i = 0; i < (size_t)3 * N; i++)
        x[i] = 20 + 3 * signal_gaussian(&seed);
    for (size_t channel = 0; channel < 3; channel++)
        for (size_t at = 0; at < N;) {
            const size_t length = (size_t)(5 + 600 * signal_uniform(&seed) * signal_uniform(&seed));
            const double value = signal_uniform(&seed) < 0.3 ? 0 : signal_uniform(&seed) < 0.5 ? 3000 : 21;
            for (size_t i = at; i < at + length && i < N; i++)
                x[i * 3 + channel] = value;
            at += length + (size_t)(1500 * signal_uniform(&seed) * signal_uniform(&seed));
        }
    taken whole = run(x, N, 3, RATE, N);
    assert_true(whole.n > 15);
    static const size_t cuts[] = { 1, 7, 256, 1000 };
    for (size_t i = 0; i < 4; i++) {
        taken t = run(x, N, 3, RATE, cuts[i]);
        assert_memory_equal(t.x, whole.x, (size_t)3 * N * sizeof *x);
        assert_int_equal(t.n, whole.n);
        for (size_t k = 0; k < t.n; k++)
            assert_true(t.told[k].from == whole.told[k].from && t.told[k].end == whole.told[k].end);
        free(t.x);
    }
    for (size_t channel = 0; channel < 3; channel++) {
        for (size_t i = 0; i < N; i++)
            alone[i] = x[i * 3 + channel];
        taken t = run(alone, N, 1, RATE, 512);
        for (size_t i = 0; i < N; i++)
            assert_near(t.x[i], whole.x[i * 3 + channel], 0);
        free(t.x);
    }
    free(whole.x);
    free(alone);
    free(x);
}

/* Through the whole chain nothing of the rail is left beyond the tenth of a second that is told. */
static void filters_ring_within_what_is_told(void **state)
{
    (void)state;
    emg_condition_config config = emg_config_defaults(EMG_PRESET_SURFACE).condition;
    double *x = noise(111), *clean = noise(111);
    hold(x, 5000, 9000, 3000);
    double worst = 0;
    taken t[2];
    for (int i = 0; i < 2; i++) {
        const emgp_qrs_times none = { NULL, 0 };
        t[i] = (taken){ .x = signal_new(N), .n_channels = 1 };
        const emgp_condition_taker taker = { .doubles = take, .dead = take_told, .context = &t[i] };
        emgp_condition *c;
        assert_int_equal(emgp_condition_new(&c, &config, RATE, 1, 0, &taker, NULL), EMG_OK);
        emgp_condition_limits(c, 0, -LIMIT, LIMIT);
        emgp_condition_start(c, &none, 0);
        assert_int_equal(emgp_condition_push(c, i ? x : clean, N, NULL), EMG_OK);
        assert_int_equal(emgp_condition_finish(c, NULL), EMG_OK);
        emgp_condition_free(c);
    }
    assert_true(t[0].n == 0 && t[1].n == 1 && !t[1].late);
    for (size_t i = 0; i < N; i++)
        if (i < t[1].told[0].from || i >= t[1].told[0].end)
            worst = fmax(worst, fabs(t[1].x[i] - t[0].x[i]));
    if (!(worst < 0.3)) /* a tenth of the noise */
        fail_msg("%g of the rail are left", worst);
    for (int i = 0; i < 2; i++)
        free(t[i].x);
    free(clean);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_told_and_bridged),  cmocka_unit_test(ends_of_segments),
        cmocka_unit_test(what_is_short_is_not),           cmocka_unit_test(few_levels_are_not_dead),
        cmocka_unit_test(cuts_and_company_do_not_matter), cmocka_unit_test(filters_ring_within_what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
