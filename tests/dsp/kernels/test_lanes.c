/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels: every instruction set gives the same bits, and what plain arithmetic gives. */
#include "support/test.h"

#include <math.h>
#include <stdbool.h>

#include "dsp/filter/filter.h"
#include "dsp/kernels/kernels.h"
#include "dsp/signal.h"

enum { ROWS = 205, LANES = 64, HARMONICS = 9, WAVES = 7, BLOCKS = 10, GRID = 5, PAIR = 5 * EMGP_PAIR_BLOCK, HALF = 11 };
enum { LAGGED = 50, LAG_CASES = 9 };

typedef struct result {
    float filtered[ROWS * LANES], backward[ROWS * LANES];
    double filtered_double[ROWS * LANES];
    int16_t selected[LANES], counted[LANES];
    float sum[LANES], correlated[2 * WAVES * LANES], ratio[GRID * LANES];
    float left[2 * HARMONICS * LANES], power[LANES], magnitude[LANES], line[ROWS * LANES];
    float lagged[LAG_CASES][LAGGED];
    double lagged_double[LAG_CASES][LAGGED];
    float pair[PAIR], probe[2 * PAIR / EMGP_PAIR_BLOCK];
} result;

static _Alignas(64) float samples[ROWS * LANES];
static _Alignas(64) double samples_double[ROWS * LANES];
static _Alignas(64) int16_t keys[ROWS * LANES];

static void fill_samples(void)
{
    uint64_t seed = 3;
    for (size_t i = 0; i < ROWS * LANES; i++) {
        samples_double[i] = signal_noise(&seed) * 10;
        samples[i] = (float)samples_double[i];
        keys[i] = (int16_t)(signal_uniform(&seed) * 32768);
    }
}

static void run_sections(const emgp_lanes *set, result *r)
{
    static _Alignas(64) float state[2 * EMGP_MOST_ORDER * LANES], out[ROWS * LANES];
    static _Alignas(64) double state_double[2 * EMGP_MOST_ORDER * LANES], out_double[ROWS * LANES];
    emgp_section sections[EMGP_MOST_ORDER];
    size_t n;
    assert_int_equal(emgp_butterworth(sections, &n, EMGP_BAND_PASS, 7, 20, 450, 2048, NULL), EMG_OK);
    memset(state, 0, sizeof state);
    memset(state_double, 0, sizeof state_double);
    set->sections_float(sections, n, state, samples, out, ROWS, LANES, LANES, 1, true);
    memcpy(r->filtered, out, sizeof out);
    set->sections_float(sections, n, state, out, out, ROWS, LANES, LANES, -1, false);
    memcpy(r->backward, out, sizeof out);
    set->sections_double(sections, n, state_double, samples_double, out_double, ROWS, LANES, LANES, 1, true);
    memcpy(r->filtered_double, out_double, sizeof out_double);
}

static void run_waves(const emgp_lanes *set, result *r)
{
    static _Alignas(64) float limit[LANES], wave[ROWS * WAVES * 2], rotation[GRID * BLOCKS * 2];
    static _Alignas(64) float turn[2 * LANES], start[2 * LANES], amplitude[2 * HARMONICS * LANES], gain[2 * LANES];
    static _Alignas(64) float out[2 * HARMONICS * LANES], row[LANES], row2[LANES], line[ROWS * LANES];
    static _Alignas(64) float ratio[GRID * LANES], weight[ROWS];
    uint64_t seed = 5;
    for (size_t i = 0; i < LANES; i++) {
        double step = 0.1 + 0.001 * (double)i, phase = (double)i;
        limit[i] = 12;
        turn[i] = (float)cos(step);
        turn[LANES + i] = (float)sin(step);
        start[i] = (float)cos(phase);
        start[LANES + i] = (float)sin(phase);
        gain[i] = 0.5f;
        gain[LANES + i] = 0.001f;
    }
    for (size_t i = 0; i < 2 * HARMONICS * LANES; i++)
        amplitude[i] = (float)signal_noise(&seed);
    for (size_t i = 0; i < ROWS * WAVES * 2; i++)
        wave[i] = (float)signal_noise(&seed);
    for (size_t i = 0; i < GRID * BLOCKS * 2; i++)
        rotation[i] = (float)signal_noise(&seed);
    for (size_t i = 0; i < ROWS; i++)
        weight[i] = (float)signal_uniform(&seed);
    for (size_t i = 0; i < GRID * LANES; i++)
        ratio[i] = 1;
    memset(line, 0, sizeof line);
    const emgp_wave w = { HARMONICS, LANES, turn, start, amplitude, gain };
    set->sum_absolute(samples, ROWS, LANES, LANES, row);
    memcpy(r->sum, row, sizeof row);
    set->correlate(samples, ROWS, LANES, LANES, limit, wave, WAVES, out);
    memcpy(r->correlated, out, sizeof r->correlated);
    set->unsteadiness(samples, BLOCKS, 3 * LANES, LANES, LANES, rotation, GRID, ratio);
    memcpy(r->ratio, ratio, sizeof ratio);
    set->refit(samples, ROWS, LANES, &w, limit, out, row, row2);
    memcpy(r->left, out, sizeof r->left);
    memcpy(r->power, row, sizeof row);
    memcpy(r->magnitude, row2, sizeof row2);
    set->add_wave(line, ROWS, LANES, &w, weight);
    memcpy(r->line, line, sizeof line);
}

static void run_keys(const emgp_lanes *set, result *r)
{
    static _Alignas(64) int16_t argument[LANES], out[LANES];
    for (size_t i = 0; i < LANES; i++)
        argument[i] = (int16_t)(i * 3);
    set->select(keys, ROWS, LANES, LANES, argument, out);
    memcpy(r->selected, out, sizeof out);
    for (size_t i = 0; i < LANES; i++)
        argument[i] = (int16_t)(i * 512);
    set->count(keys, ROWS, LANES, LANES, argument, out);
    memcpy(r->counted, out, sizeof out);
}

/* Two pairs of filters, one upon the other, along a signal that begins off every boundary of vectors. */
static void run_pairs(const emgp_lanes *set, result *r)
{
    static _Alignas(64) float power[PAIR], probe[2 * PAIR / EMGP_PAIR_BLOCK];
    memset(power, 0, sizeof power);
    set->pair_power(samples + HALF + 2, PAIR, samples + 600, samples + 700, HALF, 0.5f, 2, power, probe);
    set->pair_power(samples + HALF + 2, PAIR, samples + 800, samples + 900, HALF / 2, 1, 0.25f, power, probe);
    memcpy(r->pair, power, sizeof power);
    memcpy(r->probe, probe, sizeof probe);
}

/* Lags that fill blocks, that do not, that are fewer than one or than a vector, and of runs that end before their last lag
 * does, or begins. */
static const struct {
    size_t n, n_y, n_lags;
} lagged[LAG_CASES] = { { 70, 70 + LAGGED, 32 }, { 70, 70, LAGGED }, { 70, 90, 5 },
                        { 30, 30, LAGGED },      { 70, 90, 3 },      { 32, 48, 17 },
                        { 64, 96, 33 },          { 32, 40, 17 },     { 33, 33 + LAGGED, 25 } };

static void run_lags(const emgp_lanes *set, result *r)
{
    for (size_t i = 0; i < LAG_CASES; i++) {
        set->lags_float(samples + 3, lagged[i].n, samples + 1001, lagged[i].n_y, lagged[i].n_lags, r->lagged[i]);
        set->lags_double(samples_double + 3, lagged[i].n, samples_double + 1001, lagged[i].n_y, lagged[i].n_lags,
                         r->lagged_double[i]);
    }
}

static void run_all(const emgp_lanes *set, result *r)
{
    memset(r, 0, sizeof *r);
    run_sections(set, r);
    run_waves(set, r);
    run_keys(set, r);
    run_pairs(set, r);
    run_lags(set, r);
}

static void sets_agree_to_the_bit(void **state)
{
    (void)state;
    static result first, other;
    fill_samples();
    run_all(emgp_lanes_at(0), &first);
    const emgp_lanes *set;
    for (size_t i = 1; (set = emgp_lanes_at(i)) != NULL; i++) {
        run_all(set, &other);
        if (memcmp(&first, &other, sizeof first) != 0)
            fail_msg("%s differs from %s", set->name, emgp_lanes_at(0)->name);
    }
}

/* Transposed direct form II, one lane, as the textbook writes it. */
static void sections_are_the_textbooks(void **state)
{
    (void)state;
    static result r;
    fill_samples();
    run_all(emgp_lanes_at(0), &r);
    emgp_section sections[EMGP_MOST_ORDER];
    size_t n;
    assert_int_equal(emgp_butterworth(sections, &n, EMGP_BAND_PASS, 7, 20, 450, 2048, NULL), EMG_OK);
    for (size_t lane = 0; lane < LANES; lane += 13) {
        double s[EMGP_MOST_ORDER][2] = { { 0 } };
        for (size_t t = 0; t < ROWS; t++) {
            double x = samples_double[t * LANES + lane];
            for (size_t i = 0; i < n; i++) {
                double y = sections[i].b0 * x + s[i][0];
                s[i][0] = sections[i].b1 * x - sections[i].a1 * y + s[i][1];
                s[i][1] = sections[i].b2 * x - sections[i].a2 * y;
                x = y;
            }
            assert_near(r.filtered_double[t * LANES + lane], x, 1e-11);
            assert_near(r.filtered[t * LANES + lane], x, 1e-3);
        }
    }
}

static int by_value(const void *a, const void *b)
{
    return *(const int16_t *)a - *(const int16_t *)b;
}

static void select_and_count_are_exact(void **state)
{
    (void)state;
    static result r;
    fill_samples();
    run_all(emgp_lanes_at(0), &r);
    for (size_t lane = 0; lane < LANES; lane++) {
        int16_t column[ROWS], below = 0;
        for (size_t t = 0; t < ROWS; t++) {
            column[t] = keys[t * LANES + lane];
            below = (int16_t)(below + (column[t] < (int16_t)(lane * 512)));
        }
        qsort(column, ROWS, sizeof *column, by_value);
        assert_int_equal(r.selected[lane], column[lane * 3]);
        assert_int_equal(r.counted[lane], below);
    }
}

static double pair_at(size_t i, size_t odd, size_t even, size_t half, double gains[2], double outputs[2])
{
    const float *x = samples + HALF + 2 + i;
    outputs[0] = 0;
    outputs[1] = (double)samples[even] * (double)x[0];
    for (size_t k = 1; k <= half; k++) {
        const double left = (double)*(x - k), right = (double)x[k];
        outputs[0] += (double)samples[odd + k] * (right - left);
        outputs[1] += (double)samples[even + k] * (right + left);
    }
    return gains[0] * outputs[0] * outputs[0] + gains[1] * outputs[1] * outputs[1];
}

static void pairs_are_plain_sums(void **state)
{
    (void)state;
    static result r;
    fill_samples();
    run_all(emgp_lanes_at(0), &r);
    for (size_t i = 0; i < PAIR; i++) {
        double output[2];
        const double first = pair_at(i, 600, 700, HALF, (double[]){ 0.5, 2 }, output);
        const double second = pair_at(i, 800, 900, HALF / 2, (double[]){ 1, 0.25 }, output);
        const double more = fmax(first, second);
        assert_near(r.pair[i], more, 1e-5 * more + 0.05);
        if (i % EMGP_PAIR_BLOCK == 0)
            for (size_t k = 0; k < 2; k++)
                assert_near(r.probe[2 * (i / EMGP_PAIR_BLOCK) + k], output[k], 1e-2);
    }
}

static void lags_are_plain_sums(void **state)
{
    (void)state;
    static result r;
    fill_samples();
    run_all(emgp_lanes_at(0), &r);
    for (size_t i = 0; i < LAG_CASES; i++)
        for (size_t k = 0; k < LAGGED; k++) {
            double sum = 0;
            for (size_t t = 0; k < lagged[i].n_lags && t < lagged[i].n && t + k < lagged[i].n_y; t++)
                sum += samples_double[3 + t] * samples_double[1001 + t + k];
            assert_near(r.lagged_double[i][k], sum, 1e-9);
            assert_near(r.lagged[i][k], sum, 0.1);
        }
}

/* States too small to matter become zero at a flush, so that silence costs no more than sound; others stay. */
static void tiny_states_are_flushed(void **state)
{
    (void)state;
    static _Alignas(64) float x[LANES], states[2 * LANES];
    static const struct {
        float before;
        bool flushed;
    } cases[4] = { { 1e-31f, true }, { -1e-31f, true }, { 1e-25f, false }, { -1e-25f, false } };
    const emgp_section pass = { 0.5, 0, 0, -1, 0 };
    const emgp_lanes *set = emgp_lanes_at(0);
    for (int flush = 0; flush < 2; flush++) {
        memset(x, 0, sizeof x);
        for (size_t i = 0; i < 2 * LANES; i++)
            states[i] = i < LANES ? cases[i % 4].before : 0;
        set->sections_float(&pass, 1, states, x, x, 1, 4, LANES, 1, flush != 0);
        for (size_t i = 0; i < 4; i++)
            assert_true(states[i] == (flush && cases[i].flushed ? 0 : cases[i].before));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_agree_to_the_bit),      cmocka_unit_test(sections_are_the_textbooks),
        cmocka_unit_test(select_and_count_are_exact), cmocka_unit_test(pairs_are_plain_sums),
        cmocka_unit_test(lags_are_plain_sums),        cmocka_unit_test(tiny_states_are_flushed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
