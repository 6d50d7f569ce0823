/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slepian's tapers and multitaper spectra: SciPy's figures, what the tapers are by definition, edge cases. */
#include "support/test.h"

#include <stdbool.h>

#include <emg/multitaper.h>
#include <emg/window.h>

#include "oracle_spectrum.h"
#include "dsp/signal.h"
#include "spectra.h"

static void tapers_are_scipys(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof oracle_tapers / sizeof *oracle_tapers; c++) {
        const oracle_taper *o = &oracle_tapers[c];
        double *v = signal_new(o->k * o->n), *ratios = signal_new(o->k);
        assert_int_equal(emg_window_dpss(o->n, o->half_bandwidth, o->k, o->ends, v, ratios, NULL), EMG_OK);
        const size_t which[3] = { 0, o->k > 1, o->k - 1 };
        for (size_t i = 0; i < 3; i++) {
            for (size_t j = 0; j < ORACLE_N_AT; j++)
                assert_near(v[which[i] * o->n + spectra_at(j, o->n)], o->values[i * ORACLE_N_AT + j], 1e-9);
            assert_near(ratios[which[i]], o->ratios[i], 1e-9);
        }
        free(v);
        free(ratios);
    }
}

/* By definition: orthogonal, of length 1, each less concentrated than the one before, symmetric or antisymmetric. */
static void tapers_are_what_they_should_be(void **state)
{
    (void)state;
    static const size_t lengths[] = { 2, 3, 8, 33, 500, 4097 };
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        const size_t n = lengths[l], k = n < 8 ? n : 8;
        double *v = signal_new(k * n), ratios[8];
        assert_int_equal(emg_window_dpss(n, n < 10 ? 0.9 : 4, k, EMG_WINDOW_SYMMETRIC, v, ratios, NULL), EMG_OK);
        for (size_t a = 0; a < k; a++) {
            assert_true(ratios[a] >= 0 && ratios[a] <= 1);
            assert_true(a == 0 || ratios[a] < ratios[a - 1] + 1e-12);
            for (size_t b = 0; b <= a; b++) {
                double sum = 0;
                for (size_t i = 0; i < n; i++)
                    sum += v[a * n + i] * v[b * n + i];
                assert_near(sum, a == b, 1e-9);
            }
            for (size_t i = 0; i < n; i++)
                assert_near(v[a * n + i], (a % 2 ? -1 : 1) * v[a * n + n - 1 - i], 0);
        }
        free(v);
    }
}

static void small_tapers(void **state)
{
    (void)state;
    double v[4] = { 7 }, ratio[2];
    assert_int_equal(emg_window_dpss(1, 0.4, 1, EMG_WINDOW_PERIODIC, v, ratio, NULL), EMG_OK);
    assert_near(v[0], 1, 0);
    assert_near(ratio[0], 0.8, 1e-15); /* one value spreads evenly over all frequencies */
    assert_int_equal(emg_window_dpss(2, 0.6, 2, EMG_WINDOW_SYMMETRIC, v, ratio, NULL), EMG_OK);
    assert_near(v[0], sqrt(0.5), 1e-15);
    assert_near(v[2], sqrt(0.5), 1e-15);
    assert_near(v[3], -sqrt(0.5), 1e-15);
    assert_near(ratio[0], 0.6 + sin(2 * TEST_PI * 0.3) / TEST_PI, 1e-15);
}

static void tapers_refuse(void **state)
{
    (void)state;
    double v[4] = { 7 };
    static const struct {
        size_t n;
        double half_bandwidth;
        size_t k;
    } wrong[] = {
        { 0, 0.1, 1 }, { 4, 0, 1 }, { 4, 2, 1 }, { 4, NAN, 1 }, { 4, 1, 0 }, { 4, 1, 5 }, { 1u << 21, 4, 1 }
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(
            emg_window_dpss(wrong[i].n, wrong[i].half_bandwidth, wrong[i].k, EMG_WINDOW_SYMMETRIC, v, NULL, NULL),
            EMG_ERANGE);
    assert_int_equal(emg_window_dpss(4, 1, 1, EMG_WINDOW_SYMMETRIC, NULL, NULL, NULL), EMG_EARG);
    assert_near(v[0], 7, 0);
}

static emg_multitaper_plan plan_of(const oracle_multitaper *o)
{
    return (
        emg_multitaper_plan){ ORACLE_RATE, o->n, o->half_bandwidth, o->k, o->n_fft, EMG_DETREND_CONSTANT, o->weights };
}

static void spectra_are_right(void **state)
{
    (void)state;
    double *x = spectra_x(ORACLE_N), *psd = signal_new(ORACLE_N), *again = signal_new(ORACLE_N);
    for (size_t c = 0; c < sizeof oracle_multitapers / sizeof *oracle_multitapers; c++) {
        const oracle_multitaper *o = &oracle_multitapers[c];
        const emg_multitaper_plan plan = plan_of(o);
        emg_multitaper *m;
        assert_int_equal(emg_multitaper_new(&m, &plan, NULL), EMG_OK);
        assert_int_equal(emg_multitaper_psd(m, x, psd, NULL), EMG_OK);
        spectra_compare("multitaper", c, psd, o->n_fft / 2 + 1, 1, o->psd, ORACLE_N_AT, 1e-8);
        assert_int_equal(emg_multitaper_psd(m, x + 100, again, NULL), EMG_OK); /* nothing is left of another window */
        assert_int_equal(emg_multitaper_psd(m, x, again, NULL), EMG_OK);
        assert_memory_equal(psd, again, (o->n_fft / 2 + 1) * sizeof *psd);
        emg_multitaper_free(m);
    }
    free(x);
    free(psd);
    free(again);
}

/* White noise of variance 1 at 1000 Hz has a density of 2/1000; the sum over bins is the mean square. */
static void noise_has_its_level(void **state)
{
    (void)state;
    enum { SAMPLES = 4096 };
    double *x = signal_new(SAMPLES), *psd = signal_new(SAMPLES), mean = 0;
    uint64_t seed = 8;
    for (size_t i = 0; i < SAMPLES; i++)
        x[i] = signal_noise(&seed);
    emg_multitaper_plan plan = emg_multitaper_defaults(1000, SAMPLES);
    for (int weights = 0; weights < 2; weights++) {
        plan.weights = (emg_taper_weights)weights;
        emg_multitaper *m;
        assert_int_equal(emg_multitaper_new(&m, &plan, NULL), EMG_OK);
        assert_int_equal(emg_multitaper_psd(m, x, psd, NULL), EMG_OK);
        mean = 0;
        for (size_t i = 1; i < SAMPLES / 2; i++)
            mean += psd[i] / (SAMPLES / 2 - 1);
        assert_near(mean, 0.002, 0.002 * 0.05);
        emg_multitaper_free(m);
    }
    free(x);
    free(psd);
}

/* Far from a strong line, what leaks through the last tapers counts for little with adaptive weights. */
static void adaptive_weights_keep_leakage_out(void **state)
{
    (void)state;
    enum { SAMPLES = 512 };
    double x[SAMPLES], psd[2][SAMPLES / 2 + 1], sum[2] = { 0 };
    uint64_t seed = 8;
    for (size_t i = 0; i < SAMPLES; i++)
        x[i] = 1e-5 * signal_noise(&seed) + sin(2 * TEST_PI * 50.4 * (double)i / SAMPLES);
    emg_multitaper_plan plan = emg_multitaper_defaults(SAMPLES, SAMPLES);
    plan.n_tapers = 8;
    for (int weights = 0; weights < 2; weights++) {
        plan.weights = (emg_taper_weights)weights;
        emg_multitaper *m;
        assert_int_equal(emg_multitaper_new(&m, &plan, NULL), EMG_OK);
        assert_int_equal(emg_multitaper_psd(m, x, psd[weights], NULL), EMG_OK);
        for (size_t i = 150; i < 250; i++)
            sum[weights] += psd[weights][i];
        emg_multitaper_free(m);
    }
    assert_true(sum[0] > 100 * sum[1]);
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    double x[100], psd[51];
    static const double constants[] = { 0, 0.1, -1e9, 1e-310 };
    emg_multitaper_plan plan = emg_multitaper_defaults(1000, 100);
    for (int weights = 0; weights < 2; weights++) {
        plan.weights = (emg_taper_weights)weights;
        emg_multitaper *m;
        assert_int_equal(emg_multitaper_new(&m, &plan, NULL), EMG_OK);
        for (size_t k = 0; k < 4; k++) {
            for (size_t i = 0; i < 100; i++)
                x[i] = constants[k];
            assert_int_equal(emg_multitaper_psd(m, x, psd, NULL), EMG_OK);
            for (size_t i = 0; i < 51; i++)
                assert_true(psd[i] == 0);
        }
        x[3] = INFINITY;
        assert_int_equal(emg_multitaper_psd(m, x, psd, NULL), EMG_EARG);
        emg_multitaper_free(m);
    }
}

static void short_windows_and_refusals(void **state)
{
    (void)state;
    const double x[16] = { 1, -2, 3, 1, -1, 4, 0, 2, 1, 1, -3 };
    double psd[9];
    for (size_t n = 1; n <= 16; n++) {
        emg_multitaper_plan plan = emg_multitaper_defaults(100, n);
        for (int weights = 0; weights < 2; weights++) {
            plan.weights = (emg_taper_weights)weights;
            emg_multitaper *m;
            assert_int_equal(emg_multitaper_new(&m, &plan, NULL), EMG_OK);
            assert_int_equal(emg_multitaper_psd(m, x, psd, NULL), EMG_OK);
            for (size_t i = 0; i <= n / 2; i++)
                assert_true(isfinite(psd[i]) && psd[i] >= 0);
            emg_multitaper_free(m);
        }
    }
    emg_multitaper_plan wrong[8];
    for (size_t i = 0; i < 8; i++)
        wrong[i] = emg_multitaper_defaults(100, 16);
    wrong[0].rate_hz = -1;
    wrong[1].n = 0;
    wrong[2].half_bandwidth = 8;
    wrong[3].n_tapers = 0;
    wrong[4].n_tapers = 17;
    wrong[5].n_fft = 15;
    wrong[6].detrend = (emg_detrend)4;
    wrong[7].weights = (emg_taper_weights)2;
    emg_multitaper *m;
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(emg_multitaper_new(&m, &wrong[i], NULL), EMG_ERANGE);
        assert_null(m);
    }
    assert_int_equal(emg_multitaper_new(&m, NULL, NULL), EMG_EARG);
    assert_int_equal(emg_multitaper_psd(NULL, x, psd, NULL), EMG_EARG);
    emg_multitaper_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tapers_are_scipys),
        cmocka_unit_test(tapers_are_what_they_should_be),
        cmocka_unit_test(small_tapers),
        cmocka_unit_test(tapers_refuse),
        cmocka_unit_test(spectra_are_right),
        cmocka_unit_test(noise_has_its_level),
        cmocka_unit_test(adaptive_weights_keep_leakage_out),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(short_windows_and_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
