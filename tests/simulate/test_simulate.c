/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulator's promises: same seed same bits, whatever the cut, the machine or the compiler; clean refusals. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/simulate.h>

#include "simulate/plan/plan.h"
#include "base/base.h"

enum { MOST_CHANNELS = 16 };

static emg_simulation *start(const char *preset, uint64_t seed, double duration_s)
{
    emg_simulation *s = NULL;
    emg_error err = EMG_ERROR_NONE;
    if (emg_simulation_new(&s, preset, seed, duration_s, 0, &err) != EMG_OK)
        fail_msg("%s: %s", preset, err.text);
    return s;
}

static double *play(emg_simulation *s, size_t n_frames, size_t cut)
{
    size_t n_channels = emg_simulation_n_channels(s);
    double *x = calloc(n_frames * n_channels, sizeof *x);
    assert_non_null(x);
    for (size_t at = 0; at < n_frames;) {
        size_t n = cut < n_frames - at ? cut : n_frames - at;
        assert_int_equal(emg_simulation_next(s, x + at * n_channels, n, NULL), EMG_OK);
        at += n;
        cut = cut % 2 ? cut * 3 + 1 : cut / 2 + 1; /* an irregular walk of sizes */
    }
    return x;
}

/* FNV-1a over the bits of the samples, little end first. */
static uint64_t checksum(const double *x, size_t n)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        for (int k = 0; k < 8; k++)
            hash = (hash ^ (bits >> (8 * k) & 0xFF)) * UINT64_C(1099511628211);
    }
    return hash;
}

/* Seconds 0 to 3 of every preset with seed 1, as recordings of 30 s.
 * A change of any bit of the generator changes this table: then say so in the change log. */
static const struct {
    const char *preset;
    double duration_s;
    uint64_t sum;
} golden[] = {
    { "quiet", 30, UINT64_C(0x7CAC7EB1283F47F2) },         { "fasciculation", 30, UINT64_C(0x15490328C7C73909) },
    { "ankle-clonus", 30, UINT64_C(0xA79454717BC3C744) },  { "tremor", 30, UINT64_C(0xF90BB1F4C4E5F08C) },
    { "voluntary", 30, UINT64_C(0x9596158A86DCED3D) },     { "mixed", 30, UINT64_C(0x4EF5772B853F4969) },
    { "needle", 30, UINT64_C(0x7963306B2BE3AF8A) },        { "regular-unit", 30, UINT64_C(0x569E97A5E421EF65) },
    { "myoclonus", 30, UINT64_C(0xFD245A998AACFB0D) },     { "myokymia", 30, UINT64_C(0xD7CBD17D7F0921B2) },
    { "cramp", 30, UINT64_C(0x3CB604FA5350173B) },         { "long", 30, UINT64_C(0x5DF458BDAFA21E34) },
    { "neuromyotonia", 30, UINT64_C(0x38F25FCC092B8A55) }, { "artefacts", 30, UINT64_C(0x7033C881D5F39A35) },
    { "overlaps", 30, UINT64_C(0xCDD71188E95C9E05) },      { "fibre-surface", 30, UINT64_C(0xB47A914E86D34D7C) },
    { "fibre-needle", 30, UINT64_C(0x4DFB6C2D5A083169) },
};

static void same_seed_gives_the_same_bits(void **state)
{
    (void)state;
    size_t n_presets = 0, n_golden = sizeof golden / sizeof *golden, n_wrong = 0;
    while (emg_simulation_preset(n_presets, NULL))
        n_presets++;
    assert_int_equal(n_presets, n_golden);
    for (size_t i = 0; i < n_golden; i++) {
        emg_simulation *s = start(golden[i].preset, 1, golden[i].duration_s);
        size_t n = (size_t)(3 * emg_simulation_rate_hz(s));
        double *x = play(s, n, n);
        uint64_t sum = checksum(x, n * emg_simulation_n_channels(s));
        if (sum != golden[i].sum) {
            print_error("    { \"%s\", %g, UINT64_C(0x%016llX) },\n", golden[i].preset, golden[i].duration_s,
                        (unsigned long long)sum);
            n_wrong++;
        }
        free(x);
        emg_simulation_free(s);
    }
    assert_int_equal(n_wrong, 0);
}

static void another_seed_gives_other_bits(void **state)
{
    (void)state;
    emg_simulation *a = start("fasciculation", 1, 0), *b = start("fasciculation", 2, 0);
    double *x = play(a, 2048, 2048), *y = play(b, 2048, 2048);
    size_t n_equal = 0;
    for (size_t i = 0; i < 4096; i++)
        n_equal += !(x[i] < y[i]) && !(x[i] > y[i]);
    assert_true(n_equal < 5);
    free(x);
    free(y);
    emg_simulation_free(a);
    emg_simulation_free(b);
}

static void samples_do_not_depend_on_the_cut(void **state)
{
    (void)state;
    static const size_t cuts[] = { 1, 256, 2047 };
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        emg_simulation *s = start(golden[i].preset, 3, golden[i].duration_s);
        size_t n = (size_t)(4.3 * emg_simulation_rate_hz(s)), n_channels = emg_simulation_n_channels(s);
        double *whole = play(s, n, n);
        emg_simulation_free(s);
        for (size_t k = 0; k < sizeof cuts / sizeof *cuts; k++) {
            s = start(golden[i].preset, 3, golden[i].duration_s);
            emg_truth truth;
            bool found; /* asking for truth in between must not matter either */
            assert_int_equal(emg_simulation_next_event(s, &truth, &found, NULL), EMG_OK);
            double *cut = play(s, n, cuts[k]);
            assert_memory_equal(whole, cut, n * n_channels * sizeof *whole);
            free(cut);
            emg_simulation_free(s);
        }
        free(whole);
    }
}

static void truth_comes_in_order_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        emg_simulation *s = start(golden[i].preset, 5, 60);
        emg_truth truth, before = { 0 };
        bool found = true;
        size_t n = 0;
        for (;; n++, before = truth) {
            assert_int_equal(emg_simulation_next_event(s, &truth, &found, NULL), EMG_OK);
            if (!found)
                break;
            if (emg_simulation_n_events(s) > 0)
                assert_memory_equal(&truth, emg_simulation_event(s, n), sizeof truth);
            assert_true(n == 0 || truth.onset_s >= before.onset_s);
            assert_true(truth.onset_s >= 0 && truth.duration_s > 0);
            assert_true(truth.onset_s + truth.duration_s <= 60);
            assert_true(truth.peak_s >= truth.onset_s && truth.peak_s <= truth.onset_s + truth.duration_s);
            assert_true(truth.channel < emg_simulation_n_channels(s) && truth.count >= 1);
            assert_true(truth.amplitude_uv > 0 || truth.trial_type == EMG_ARTIFACT);
            assert_true(emg_simulation_channel(s, truth.channel)->is_muscle);
        }
        assert_true(emg_simulation_n_events(s) == n || strcmp(golden[i].preset, "long") == 0);
        assert_true(n > 0 || strcmp(golden[i].preset, "quiet") == 0);
        emg_simulation_free(s);
    }
}

static void refusals_name_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *preset;
        double duration_s, rate_hz;
        emg_status status;
        const char *part;
    } cases[] = {
        { "tremour", 0, 0, EMG_EARG, "no such preset" },
        { NULL, 0, 0, EMG_EARG, "no such preset" },
        { "quiet:", 0, 0, EMG_EARG, "not key=value" },
        { "quiet:noise_uv=3,,", 0, 0, EMG_EARG, "not key=value" },
        { "quiet:noise_uv", 0, 0, EMG_EARG, "takes no setting 'noise_uv'" },
        { "quiet:snr_db=3", 0, 0, EMG_EARG, "it takes: noise_uv hum_uv hum_hz" },
        { "quiet:noise_uv=x", 0, 0, EMG_EARG, "'x' is not a number" },
        { "quiet:noise_uv=-1", 0, 0, EMG_ERANGE, "-1 is outside 0.2 to 50 uV" },
        { "quietly", 0, 0, EMG_EARG, "no such preset as 'quietly'" },
        { "quiet", 3601, 0, EMG_ERANGE, "duration 3601 s is not a whole number from 1 to 3600" },
        { "quiet", 1.5, 0, EMG_ERANGE, "duration 1.5" },
        { "quiet", -1, 0, EMG_ERANGE, "duration -1" },
        { "quiet", NAN, 0, EMG_ERANGE, "duration n/a" },
        { "quiet", INFINITY, 0, EMG_ERANGE, "duration n/a" },
        { "quiet", 10, 999, EMG_ERANGE, "sampling rate 999 Hz" },
        { "needle", 10, 2048, EMG_ERANGE, "sampling rate 2048 Hz" },
        { "long", 604801, 0, EMG_ERANGE, "604800" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_error err = EMG_ERROR_NONE;
        emg_simulation *s = (emg_simulation *)&err;
        assert_int_equal(emg_simulation_new(&s, cases[i].preset, 1, cases[i].duration_s, cases[i].rate_hz, &err),
                         cases[i].status);
        assert_null(s);
        assert_non_null(strstr(err.text, cases[i].part));
    }
    emg_simulation_free(NULL);
}

static void nothing_beyond_the_end(void **state)
{
    (void)state;
    emg_simulation *s = start("quiet", 1, 1);
    double *x = play(s, 2048, 100), one[4];
    assert_int_equal(emg_simulation_next(s, one, 1, NULL), EMG_EARG);
    assert_null(emg_simulation_channel(s, 4));
    assert_null(emg_simulation_event(s, 0));
    assert_null(emg_simulation_annotation(s, 0));
    free(x);
    emg_simulation_free(s);
}

static void every_rate_and_duration_works(void **state)
{
    (void)state;
    static const double rates[] = { 1000, 1001, 8000 };
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++)
        for (size_t k = 0; k < 3; k++) {
            emg_simulation *s = NULL;
            bool needle = strstr(golden[i].preset, "needle") || strcmp(golden[i].preset, "neuromyotonia") == 0;
            double rate = needle ? 10 * rates[k] / (k == 2 ? 4 : 1) : rates[k];
            assert_int_equal(emg_simulation_new(&s, golden[i].preset, 9, golden[i].duration_s, rate, NULL), EMG_OK);
            size_t n = (size_t)(rate * golden[i].duration_s), n_channels = emg_simulation_n_channels(s);
            double *x = play(s, n, 4096), most = 0;
            for (size_t j = 0; j < n * n_channels; j++)
                most = fmax(most, isfinite(x[j]) ? fabs(x[j]) : INFINITY);
            assert_true(most > 5 && most < emg_simulation_channel(s, 0)->physical_max_uv); /* nothing clips */
            free(x);
            emg_simulation_free(s);
        }
}

/* A slow recorder's low-pass comes before its samples: where a shape lies between two of them takes nothing of it away. */
static void slow_samples_hold_all_of_a_shape(void **state)
{
    (void)state;
    static const double rates[] = { 200, 250, 500, 999 };
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++)
        for (uint64_t seed = 1; seed <= 5; seed++) {
            emgp_random r;
            emgp_random_start(&r, seed, 0, 0);
            const emgp_shape shape = emgp_shape_surface(&r);
            emgp_unit unit;
            double least = INFINITY, most = 0;
            assert_true(emgp_unit_make(&unit, &shape, rates[k]));
            for (size_t row = 0; row < EMGP_PHASES; row++) {
                double sum = 0;
                for (size_t i = 0; i < unit.length; i++)
                    sum += (double)unit.table[row * unit.length + i] * (double)unit.table[row * unit.length + i];
                least = fmin(least, sum);
                most = fmax(most, sum);
            }
            emgp_unit_free(&unit);
            assert_true(most < 1.04 * least);
        }
}

static void own_functions_agree_with_the_library(void **state)
{
    (void)state;
    emgp_random r;
    emgp_random_start(&r, 42, 0, 0);
    for (int i = 0; i < 200000; i++) {
        double x = emgp_random_between(&r, -690, 690), y = emgp_random_between(&r, 1e-9, 4),
               t = 40 * emgp_random_normal(&r);
        double s, c, whole;
        assert_true(fabs(emgp_fixed_exp(x) / exp(x) - 1) < 1e-15);
        assert_true(fabs(emgp_fixed_log(y) - log(y)) <= 1e-15 * fmax(1, fabs(log(y))));
        emgp_fixed_sincos(t, &s, &c);
        double angle = 2 * acos(-1) * modf(t, &whole);
        assert_true(fabs(s - sin(angle)) < 2e-15 && fabs(c - cos(angle)) < 2e-15);
    }
}

/* First outputs of xoshiro256** by its authors' definition, computed by hand from the state 1, 2, 3, 4. */
static void the_generator_is_xoshiro(void **state)
{
    (void)state;
    static const uint64_t expected[] = { 11520, 0, 1509978240, 1215971899390074240 };
    emgp_random r = { .s = { 1, 2, 3, 4 } };
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(emgp_random_bits(&r), expected[i]);
}

static void distributions_have_their_moments(void **state)
{
    (void)state;
    enum { N = 400000 };
    emgp_random r;
    emgp_random_start(&r, 7, 1, 2);
    double sum[4] = { 0 }, square[4] = { 0 }, fourth = 0;
    for (int i = 0; i < N; i++) {
        double x[4] = { emgp_random_uniform(&r), emgp_random_normal(&r), emgp_random_exponential(&r, 2),
                        emgp_random_gamma(&r, 5, 3) };
        for (int k = 0; k < 4; k++) {
            sum[k] += x[k];
            square[k] += x[k] * x[k];
        }
        fourth += x[1] * x[1] * x[1] * x[1];
    }
    static const double means[] = { 0.5, 0, 2, 3 }, variances[] = { 1.0 / 12, 1, 4, 9.0 / 5 };
    for (int k = 0; k < 4; k++) {
        double mean = sum[k] / N, variance = square[k] / N - mean * mean;
        assert_true(fabs(mean - means[k]) < 5 * sqrt(variances[k] / N));
        assert_true(fabs(variance / variances[k] - 1) < 0.02);
    }
    assert_true(fabs(fourth / N - 3) < 0.08);
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    static const char *const presets[] = { "mixed", "long", "myoclonus" };
    for (size_t i = 0; i < 3; i++) {
        emg_simulation *s = NULL;
        emgp_fault_arm(0, false);
        assert_int_equal(emg_simulation_new(&s, presets[i], 1, 20, 0, NULL), EMG_OK);
        emg_simulation_free(s);
        long n = emgp_fault_count(), step = n / 40 + 1;
        for (long at = 1; at <= n; at += step)
            for (int persistent = 0; persistent < 2; persistent++) {
                emg_error err = EMG_ERROR_NONE;
                emgp_fault_arm(at, persistent);
                assert_int_equal(emg_simulation_new(&s, presets[i], 1, 20, 0, &err), EMG_ENOMEM);
                emgp_fault_arm(0, false);
                assert_null(s);
                assert_int_equal(err.status, EMG_ENOMEM);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_gives_the_same_bits),        cmocka_unit_test(another_seed_gives_other_bits),
        cmocka_unit_test(samples_do_not_depend_on_the_cut),     cmocka_unit_test(truth_comes_in_order_both_ways),
        cmocka_unit_test(refusals_name_what_is_wrong),          cmocka_unit_test(nothing_beyond_the_end),
        cmocka_unit_test(every_rate_and_duration_works),        cmocka_unit_test(slow_samples_hold_all_of_a_shape),
        cmocka_unit_test(own_functions_agree_with_the_library), cmocka_unit_test(the_generator_is_xoshiro),
        cmocka_unit_test(distributions_have_their_moments),     cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
