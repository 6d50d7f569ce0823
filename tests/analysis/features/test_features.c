/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features against what NumPy and SciPy make of their definitions; inputs on the edge; the table and choices from it. */
#include "support/test.h"

#include <float.h>
#include <stdbool.h>
#include <stdio.h>

#include <emg/feature_table.h>
#include <emg/features.h>
#include <emg/spectrum.h>
#include <emg/welch.h>

#include "base/base.h"
#include "dsp/signal.h"
#include "oracle_features.h"

/* As sample() of oracle_features.py. */
static double *sample(uint64_t seed, size_t n, double rate_hz)
{
    double *x = signal_new(n);
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / rate_hz, swing = sin(2 * TEST_PI * 3 * t);
        x[i] = 40 * signal_noise(&seed) * (1 + swing * swing) + 60 * sin(2 * TEST_PI * 7 * t) +
               25 * sin(2 * TEST_PI * 83 * t);
    }
    return x;
}

static emg_features features_of(const double *x, size_t n, const oracle_case *c)
{
    emg_features f = emg_features_none();
    double *density = signal_new(c->window / 2 + 1);
    const emg_feature_levels levels = { c->threshold, c->turn_threshold, c->rest_power };
    const emg_feature_bands bands = { c->low_hz, c->high_hz, 8, 500 };
    assert_int_equal(emg_features_time(x, n, c->rate_hz, &levels, &f, NULL), EMG_OK);
    assert_int_equal(emg_features_sample_entropy(x, n, 2, 0.2, &f.sampen, NULL), EMG_OK);
    if (n >= c->window) {
        const emg_welch_plan plan = emg_welch_defaults(c->rate_hz, c->window);
        assert_int_equal(emg_psd(&plan, x, n, density, NULL, NULL), EMG_OK);
        bool overflow = false;
        for (size_t i = 0; i <= c->window / 2; i++)
            overflow = overflow || !isfinite(density[i]);
        emg_status status =
            emg_features_spectral(density, c->window / 2 + 1, c->rate_hz / (double)c->window, &bands, &f, NULL);
        assert_int_equal(status, overflow ? EMG_EARG : EMG_OK);
    }
    free(density);
    return f;
}

static void features_agree_with_the_oracle(void **state)
{
    (void)state;
    size_t n_finite = 0;
    for (size_t k = 0; k < sizeof oracle_cases / sizeof *oracle_cases; k++) {
        const oracle_case *c = &oracle_cases[k];
        double *x = sample(c->seed, c->n, c->rate_hz);
        const emg_features found = features_of(x, c->n, c);
        const emg_feature *row;
        for (size_t i = 0; (row = emg_feature_row(i)); i++) {
            double a = emg_feature_value(row, &found), b = emg_feature_value(row, &c->expected);
            if (!(fabs(a - b) <= 1e-8 * fabs(b)) && !(isnan(a) && isnan(b)))
                fail_msg("case %zu, %s: %.15g, oracle %.15g", k, row->name, a, b);
            n_finite += isfinite(b) ? 1 : 0;
        }
        free(x);
    }
    assert_true(n_finite >= 115); /* few features are not applicable in a case */
}

static void slopes_agree_with_the_oracle(void **state)
{
    (void)state;
    double t[40], y[40];
    uint64_t seed = 21;
    for (size_t i = 0; i < 40; i++) {
        t[i] = (double)i * 1.5 + 0.25;
        y[i] = 110 - 0.4 * t[i] + 3 * signal_noise(&seed);
    }
    y[7] = 300;
    y[30] = 10;
    emg_slope line, robust;
    assert_int_equal(emg_features_slope(t, y, 40, &line, &robust, NULL), EMG_OK);
    const double found[6] = { line.per_s,   line.initial,   line.percent_per_min,
                              robust.per_s, robust.initial, robust.percent_per_min };
    for (size_t i = 0; i < 6; i++)
        assert_near(found[i], oracle_lines[i], 1e-8 * fabs(oracle_lines[i]));
    assert_near(robust.per_s, -0.4, 0.05); /* the two windows that lie outside bend nothing */
    assert_int_equal(line.n, 40);

    double same[40] = { 0 };
    assert_int_equal(emg_features_slope(same, y, 40, &line, &robust, NULL), EMG_OK);
    assert_true(isnan(line.per_s) && isnan(robust.per_s));
    assert_int_equal(emg_features_slope(t, y, 2, &line, &robust, NULL), EMG_OK);
    assert_true(isnan(line.per_s) && isnan(robust.initial));
    y[3] = NAN;
    assert_int_equal(emg_features_slope(t, y, 40, &line, &robust, NULL), EMG_EARG);
}

/* All finite or NaN, never infinite; the table's names on the way. */
static void all_are_known_or_not_applicable(const emg_features *f)
{
    const emg_feature *row;
    for (size_t i = 0; (row = emg_feature_row(i)); i++) {
        if (isinf(emg_feature_value(row, f)))
            fail_msg("%s is infinite", row->name);
    }
}

static void odd_signals_give_numbers_or_none(void **state)
{
    (void)state;
    static double x[512];
    for (size_t kind = 0; kind < 7; kind++) {
        for (size_t i = 0; i < 512; i++) {
            double sign = i % 2 ? -1 : 1;
            const double kinds[] = { 0, 42, 5e-324 * sign, 1e-310, 1e300 * sign, DBL_MAX * sign, DBL_MIN * sign };
            x[i] = kinds[kind];
        }
        for (size_t n = 0; n <= 512; n = n < 4 ? n + 1 : n * 2) {
            const emg_features f = features_of(x, n, &oracle_cases[0]);
            all_are_known_or_not_applicable(&f);
            assert_true(n == 0 ? isnan(f.iemg) : kind == 5 ? true : isfinite(f.iemg));
            assert_true(n < 2 || kind > 1 || (f.wl <= 0 && f.zc <= 0));
        }
    }
    x[0] = 42;
    const emg_features one = features_of(x, 1, &oracle_cases[0]);
    assert_near(one.rms, 42, 1e-12);
    assert_true(isnan(one.var) && isnan(one.tkeo) && isnan(one.kurtosis) && isnan(one.mnf));
    x[1] = -42;
    const emg_features two = features_of(x, 2, &oracle_cases[0]);
    assert_near(two.zc, 1, 0);
    assert_near(two.var, 2 * 42 * 42, 1e-9);
}

static void what_is_not_finite_is_refused(void **state)
{
    (void)state;
    double x[600] = { 1, 2, 3 }, density[3] = { 1, 2, 1 }, out = 7;
    const emg_feature_levels levels = { 1, 1, 1 };
    const emg_feature_bands bands = { 20, 450, 8, 500 }, turned = { 450, 20, 8, 500 };
    emg_features f = emg_features_none();
    const double bad[] = { NAN, INFINITY, -INFINITY };
    for (size_t i = 0; i < 3; i++) {
        emg_error err = EMG_ERROR_NONE;
        x[300] = bad[i];
        assert_int_equal(emg_features_time(x, 600, 1000, &levels, &f, &err), EMG_EARG);
        assert_non_null(strstr(err.text, "sample 300"));
        assert_int_equal(emg_features_sample_entropy(x, 600, 2, 0.2, &out, NULL), EMG_EARG);
        density[1] = bad[i];
        assert_int_equal(emg_features_spectral(density, 3, 100, &bands, &f, NULL), EMG_EARG);
        assert_int_equal(emg_features_band_power(density, 3, 100, 0, 50, &out, NULL), EMG_EARG);
    }
    assert_true(isnan(f.rms) && isnan(f.mnf));
    density[1] = 2;
    assert_int_equal(emg_features_spectral(density, 3, 0, &bands, &f, NULL), EMG_ERANGE);
    assert_int_equal(emg_features_spectral(density, 3, 100, &turned, &f, NULL), EMG_ERANGE);
    assert_int_equal(emg_features_time(x, 3, 0, &levels, &f, NULL), EMG_ERANGE);
    assert_int_equal(emg_features_time(NULL, 3, 1000, &levels, &f, NULL), EMG_EARG);
    assert_int_equal(emg_features_sample_entropy(x, 3, 0, 0.2, &out, NULL), EMG_ERANGE);
    assert_near(out, 7, 0);
}

/* Counts by hand: swings of 50, 120, 30 and so on. */
static void turns_are_swings_of_the_threshold(void **state)
{
    (void)state;
    const double x[] = { 0, 50, 0, 120, 90, 130, 10, 60, 20, 200, 80 };
    const emg_feature_levels levels = { 55, 100, NAN };
    emg_features f = emg_features_none();
    assert_int_equal(emg_features_time(x, 11, 11, &levels, &f, NULL), EMG_OK);
    /* origin 0; 130 after 130, 10 after 120, 200 after 190 (the signal goes back by 120) */
    assert_near(f.turns_per_s, 3, 0);
    assert_near(f.turn_amplitude, (130 + 120 + 190) / 3.0, 1e-12);
    assert_near(f.wamp, 4, 0);
    assert_near(f.ssc, 6, 0); /* at 0, 120, 130, 10, 20, 200 */
    assert_true(isnan(f.snr_db));
}

static void bands_add_up_and_fatigue_has_its_own(void **state)
{
    (void)state;
    double density[501], whole, low, high;
    for (size_t i = 0; i < 501; i++)
        density[i] = 1 + (double)(i % 7);
    assert_int_equal(emg_features_band_power(density, 501, 1, 20, 450, &whole, NULL), EMG_OK);
    assert_int_equal(emg_features_band_power(density, 501, 1, 20, 101.3, &low, NULL), EMG_OK);
    assert_int_equal(emg_features_band_power(density, 501, 1, 101.3, 450, &high, NULL), EMG_OK);
    assert_near(low + high, whole, 1e-9);
    const emg_feature_bands wide = { 1, 500, 8, 500 }, narrow = { 8, 500, 0, 1000 };
    emg_features a = emg_features_none(), b = emg_features_none();
    assert_int_equal(emg_features_spectral(density, 501, 1, &wide, &a, NULL), EMG_OK);
    assert_int_equal(emg_features_spectral(density, 501, 1, &narrow, &b, NULL), EMG_OK);
    assert_near(a.finsm5, b.finsm5, 1e-12 * b.finsm5);
    assert_true(a.mnf < b.mnf);
}

static void choices_are_names_and_groups(void **state)
{
    (void)state;
    emg_feature_choice choice = { 0, false };
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_feature_choice_read(&choice, "mnf,mdf", NULL), EMG_OK);
    assert_int_equal(__builtin_popcountll(choice.rows), 2);
    assert_int_equal(emg_feature_choice_read(&choice, "all,multitaper", NULL), EMG_OK);
    assert_true(choice.multitaper);
    size_t n = 0;
    for (const emg_feature *row; (row = emg_feature_row(n)); n++) {
        assert_true(choice.rows >> n & 1);
        assert_true(*row->sentence && *row->formula && *row->source && *row->column);
        assert_true((row->relative != NULL) == (strstr(row->unit, "uV") != NULL));
        for (size_t other = 0; other < n; other++)
            assert_string_not_equal(row->column, emg_feature_row(other)->column);
    }
    assert_int_equal(emg_feature_choice_read(&choice, "multitaper", NULL), EMG_OK);
    assert_true(choice.rows == emg_feature_choice_defaults().rows && choice.multitaper);
    assert_int_equal(emg_feature_choice_read(&choice, "time,frobs", &err), EMG_EARG);
    assert_non_null(strstr(err.text, "'frobs'"));
    assert_int_equal(emg_feature_choice_read(&choice, "", NULL), EMG_EARG);
    assert_int_equal(emg_feature_choice_read(&choice, "mnf,", NULL), EMG_EARG);
    assert_true(choice.multitaper); /* untouched */
}

static void memory_that_runs_out_is_refused(void **state)
{
    (void)state;
    double t[3] = { 0, 1, 2 }, y[3] = { 3, 4, 6 };
    emg_slope line = { .n = 9 }, robust = { .n = 9 };
    emgp_fault_arm(1, false);
    assert_int_equal(emg_features_slope(t, y, 3, &line, &robust, NULL), EMG_ENOMEM);
    emgp_fault_arm(0, false);
    assert_true(line.n == 9 && robust.n == 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_agree_with_the_oracle),    cmocka_unit_test(slopes_agree_with_the_oracle),
        cmocka_unit_test(odd_signals_give_numbers_or_none),  cmocka_unit_test(what_is_not_finite_is_refused),
        cmocka_unit_test(turns_are_swings_of_the_threshold), cmocka_unit_test(bands_add_up_and_fatigue_has_its_own),
        cmocka_unit_test(choices_are_names_and_groups),      cmocka_unit_test(memory_that_runs_out_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
