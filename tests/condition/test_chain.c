/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one chain: the same samples for every taker to the bit, what it may not touch, its order, cuts, company and gaps. */
#include "support/test.h"

#include <stdbool.h>

#include "condition/condition.h"
#include "dsp/signal.h"

static const double RATE = 2048;
enum { SECONDS = 40, N = 2048 * SECONDS };

static emg_condition_config surface(void)
{
    return emg_config_defaults(EMG_PRESET_SURFACE).condition;
}

static emg_condition_config idle(void)
{
    emg_condition_config config = surface();
    config.low_hz = config.high_hz = 0;
    config.powerline = EMG_POWERLINE_OFF;
    config.ecg = EMG_ECG_OFF;
    return config;
}

/* Noise of 5 with an offset; hum of 40, and beats of 200 at 72 a minute as uneven as breathing makes them. */
static double *recorded(uint64_t seed, bool hum, bool ecg)
{
    double *x = signal_new(N), beat = 0.4;
    for (size_t i = 0; i < N; i++) {
        double t = (double)i / RATE, p = 2 * TEST_PI * 50.07 * t;
        x[i] = 1000 + 5 * signal_gaussian(&seed) + (hum ? 40 * sin(p) + 12 * sin(3 * p) : 0);
        if (t > beat + 0.4)
            beat += 60.0 / 72 * (1 + 0.04 * sin(2 * TEST_PI * 0.23 * t));
        double u = (t - beat) / 0.012;
        x[i] += ecg && fabs(u) < 12 ? 200 * (1 - u * u) * exp(-0.5 * u * u) : 0;
    }
    return x;
}

/* What comes out as doubles. */
typedef struct taken {
    double *x;
    size_t n_channels, n_frames;
} taken;

static emg_status take(void *context, const double *x, size_t n_frames, emg_error *err)
{
    taken *t = context;
    (void)err;
    memcpy(t->x + t->n_frames * t->n_channels, x, n_frames * t->n_channels * sizeof *x);
    t->n_frames += n_frames;
    return EMG_OK;
}

static void push(emgp_condition *c, const double *x, size_t n, size_t n_channels, size_t cut, const size_t *out)
{
    const emgp_qrs_times none = { NULL, 0 };
    const size_t before = *out;
    emgp_condition_start(c, &none, 0);
    for (size_t at = 0; at < n; at += cut) {
        size_t k = cut < n - at ? cut : n - at;
        assert_int_equal(emgp_condition_push(c, x + at * n_channels, k, NULL), EMG_OK);
        assert_true(at + k - (*out - before) <= emgp_condition_latency(c));
    }
    assert_int_equal(emgp_condition_finish(c, NULL), EMG_OK);
    assert_int_equal(*out - before, n);
}

static double *doubles_of(const emg_condition_config *config, const double *x, size_t n, size_t n_channels, size_t cut)
{
    taken t = { signal_new(n * n_channels), n_channels, 0 };
    const emgp_condition_taker taker = { .doubles = take, .context = &t };
    emgp_condition *c;
    assert_int_equal(emgp_condition_new(&c, config, RATE, n_channels, 0, &taker, NULL), EMG_OK);
    push(c, x, n, n_channels, cut, &t.n_frames);
    emgp_condition_free(c);
    return t.x;
}

/* A taker of floats gets those of a taker of doubles, rounded: what a report sees is what a filter writes. */
static void floats_are_the_doubles_rounded(void **state)
{
    (void)state;
    static const int modes[][2] = { { EMG_POWERLINE_AUTO, EMG_ECG_AUTO },
                                    { EMG_POWERLINE_50, EMG_ECG_GATE },
                                    { EMG_POWERLINE_OFF, EMG_ECG_OFF } };
    double *x = recorded(1, true, true);
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        emg_condition_config config = surface();
        config.powerline = modes[m][0];
        config.ecg = modes[m][1];
        gathered g = { .n_channels = 1 };
        const emgp_condition_taker taker = { .floats = gather, .context = &g };
        emgp_condition *c;
        assert_int_equal(emgp_condition_new(&c, &config, RATE, 1, 0, &taker, NULL), EMG_OK);
        push(c, x, N, 1, 777, &g.n_frames);
        assert_true((emgp_condition_powerline(c, 0).share > 0.9) == (m < 2));
        assert_true((emgp_condition_ecg(c, 0).n_qrs > 40) == (m < 2));
        emgp_condition_free(c);
        double *y = doubles_of(&config, x, N, 1, 5000);
        for (size_t i = 0; i < N; i++) {
            const float narrow = (float)y[i];
            assert_memory_equal(&narrow, &g.x[i], sizeof narrow);
        }
        free(y);
        free(g.x);
    }
    free(x);
}

/* Nothing to do, or hum and beats that are not there: bit by bit as it came. */
static void what_is_not_there_is_not_taken(void **state)
{
    (void)state;
    double *x = recorded(2, false, false);
    x[0] = -0.0;
    x[1] = 5e-324;
    emg_condition_config config = idle();
    assert_true(emgp_condition_idle(&config, RATE));
    for (int looks = 0; looks < 2; looks++) {
        double *y = doubles_of(&config, x, N, 1, 3000);
        assert_memory_equal(x, y, N * sizeof *x);
        free(y);
        config.powerline = EMG_POWERLINE_AUTO;
        config.ecg = EMG_ECG_AUTO;
        assert_false(emgp_condition_idle(&config, RATE));
    }
    free(x);
}

/* The stages one after the other by hand, the band between line and ECG. */
static void the_order_is_power_line_band_ecg(void **state)
{
    (void)state;
    double *x = recorded(3, true, true);
    emg_condition_config line = idle(), band = idle(), ecg = surface(), all = surface();
    line.powerline = EMG_POWERLINE_AUTO;
    band.low_hz = 20;
    band.high_hz = 450;
    all.ecg = EMG_ECG_OFF;
    double *hum_off = doubles_of(&line, x, N, 1, 4096), *y = doubles_of(&band, hum_off, N, 1, 4096);
    double *both = doubles_of(&all, x, N, 1, 4096);
    /* the line alone looks up to half the rate, and beside the band to its upper corner: nearly the same waves */
    for (size_t i = 0; i < N; i++)
        assert_near(both[i], y[i], 0.5);
    double *wrong = doubles_of(&band, x, N, 1, 4096), *wrong_off = doubles_of(&line, wrong, N, 1, 4096);
    double at_ends = 0, right = 0;
    for (size_t i = 0; i < 200; i++) {
        at_ends = fmax(at_ends, fabs(wrong_off[i] - y[i]));
        right = fmax(right, fabs(both[i] - y[i]));
    }
    assert_true(at_ends > 10 * right); /* a band that begins within hum rings */
    double *whole = doubles_of(&ecg, x, N, 1, 4096);
    size_t changed = 0;
    for (size_t i = 0; i < N; i++)
        changed += fabs(whole[i] - both[i]) > 0;
    assert_true(changed > N / 20 && changed < N / 2); /* beats go last: between them nothing changes */
    free(whole);
    free(wrong_off);
    free(wrong);
    free(both);
    free(y);
    free(hum_off);
    free(x);
}

static void bytes_do_not_depend_on_cut_company_or_segments_before(void **state)
{
    (void)state;
    enum { CHANNELS = 5, OWN = 3 };
    const emg_condition_config config = surface();
    double *x = recorded(4, true, true), *alone = doubles_of(&config, x, N, 1, N);
    double *group = signal_new(N * CHANNELS);
    for (size_t c = 0; c < CHANNELS; c++) {
        double *other = recorded(10 + c, c % 2 == 0, c == 1);
        for (size_t i = 0; i < N; i++)
            group[i * CHANNELS + c] = c == OWN ? x[i] : other[i];
        free(other);
    }
    double *together = doubles_of(&config, group, N, CHANNELS, 311);
    for (size_t i = 0; i < N; i++)
        assert_memory_equal(&together[i * CHANNELS + OWN], &alone[i], sizeof *alone);
    taken t = { signal_new(2 * N), 1, 0 };
    const emgp_condition_taker taker = { .doubles = take, .context = &t };
    emgp_condition *c;
    assert_int_equal(emgp_condition_new(&c, &config, RATE, 1, 0, &taker, NULL), EMG_OK);
    double *before = recorded(5, false, true);
    push(c, before, N, 1, 9999, &t.n_frames);
    push(c, x, N, 1, 1000, &t.n_frames);
    assert_memory_equal(t.x + N, alone, N * sizeof *alone);
    emgp_condition_free(c);
    free(before);
    free(t.x);
    free(together);
    free(group);
    free(alone);
    free(x);
}

/* Corners that are asked for and what a rate leaves of them. */
static void corners_and_rates(void **state)
{
    (void)state;
    static const struct {
        double low, high, rate_hz;
        bool fits, filters;
        emg_filter_kind kind;
        double low_hz, high_hz;
    } cases[] = {
        { 20, 450, 2048, true, true, EMG_FILTER_PASS, 20, 450 },
        { 20, 450, 500, true, true, EMG_FILTER_PASS, 20, 225 },
        { 20, 450, 46, false, false, EMG_FILTER_PASS, 0, 0 },
        { 20, 0, 2048, true, true, EMG_FILTER_HIGH, 20, 1024 },
        { 20, 0, 40, false, false, EMG_FILTER_HIGH, 0, 0 },
        { 0, 450, 2048, true, true, EMG_FILTER_LOW, 0, 450 },
        { 0, 450, 500, true, false, EMG_FILTER_LOW, 0, 250 }, /* beyond the rate: left out */
        { 0, 0, 2048, true, false, EMG_FILTER_LOW, 0, 1024 },
        { 49.5, 50.5, 2048, true, true, EMG_FILTER_PASS, 49.5, 50.5 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_condition_config config = surface();
        emg_filter_plan plan;
        double low, high;
        config.low_hz = cases[i].low;
        config.high_hz = cases[i].high;
        assert_int_equal(emgp_condition_band(&config, cases[i].rate_hz, &low, &high), cases[i].fits);
        assert_int_equal(emgp_condition_filter(&config, cases[i].rate_hz, &plan), cases[i].filters);
        if (cases[i].fits)
            assert_true(low == cases[i].low_hz && high == cases[i].high_hz);
        if (cases[i].filters)
            assert_true(plan.kind == cases[i].kind && plan.low_hz == low && plan.high_hz == high);
    }
    emg_condition_config config = surface();
    const emgp_condition_taker taker = { .doubles = take };
    emgp_condition *c;
    assert_int_equal(emgp_condition_new(&c, &config, 46, 1, 0, &taker, NULL), EMG_ERANGE);
    assert_null(c);
    config.low_hz = 70; /* nothing of a QRS is left */
    assert_false(emgp_condition_seeks_ecg(&config));
    config.low_hz = 0;
    assert_true(emgp_condition_seeks_ecg(&config));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_are_the_doubles_rounded),
        cmocka_unit_test(what_is_not_there_is_not_taken),
        cmocka_unit_test(the_order_is_power_line_band_ecg),
        cmocka_unit_test(bytes_do_not_depend_on_cut_company_or_segments_before),
        cmocka_unit_test(corners_and_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
