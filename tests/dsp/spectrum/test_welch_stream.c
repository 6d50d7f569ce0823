/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Welch densities and what is read from them: SciPy's figures, any cut, gaps, precision. */
#include "support/test.h"

#include <emg/spectrum.h>

#include "dsp/spectrum/spectrum.h"
#include "dsp/filter/oracle.h"
#include "dsp/signal.h"

enum { N = 5000, RATE = 1000, WINDOW = 512, BINS = WINDOW / 2 + 1 };

/* The signal of oracle.py's spectra(). */
static double *oracle_signal(void)
{
    double *x = signal_new(N);
    uint64_t seed = 11;
    for (size_t i = 0; i < N; i++)
        x[i] = signal_noise(&seed) + 3 * sin(2 * TEST_PI * 80 * (double)i / RATE) + 100;
    return x;
}

static void compare(const double *density, const oracle_sample *oracle, size_t n, double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(density[oracle[i].at] / oracle[i].value - 1) <= tolerance))
            fail_msg("bin %zu: %.12g, SciPy %.12g", oracle[i].at, density[oracle[i].at], oracle[i].value);
    }
}

/* Segments of `window`, a new one every `hop` samples. */
static emg_welch_plan plan_of(size_t window, size_t hop)
{
    emg_welch_plan plan = emg_welch_defaults(RATE, window);
    plan.overlap = window - hop;
    return plan;
}

static emg_status density_of(const double *x, size_t n, size_t window, double *density)
{
    const emg_welch_plan plan = emg_welch_defaults(RATE, window);
    return emg_psd(&plan, x, n, density, NULL, NULL);
}

static void agrees_with_scipy(void **state)
{
    (void)state;
    double *x = oracle_signal(), density[BINS];
    assert_int_equal(density_of(x, N, WINDOW, density), EMG_OK);
    compare(density, oracle_welch, sizeof oracle_welch / sizeof *oracle_welch, 1e-9);
    assert_int_equal(density_of(x, N, 255, density), EMG_OK);
    compare(density, oracle_welch_odd, sizeof oracle_welch_odd / sizeof *oracle_welch_odd, 1e-9);
    emg_description d;
    assert_int_equal(emg_spectrum_describe(x, N, RATE, WINDOW, 20, 450, &d, NULL), EMG_OK);
    assert_int_equal(d.n_samples, N);
    assert_int_equal(d.n_windows, (N - WINDOW) / (WINDOW / 2) + 1);
    assert_near(d.rms, oracle_rms[0], 1e-10);
    assert_near(d.rms_mean_removed, oracle_rms[1], 1e-10);
    const double found[6] = { d.moments.power,
                              d.moments.mean_frequency_hz,
                              d.moments.median_frequency_hz,
                              d.moments.median_frequency_bin_hz,
                              d.moments.peak_frequency_hz,
                              d.moments.spectral_entropy };
    for (size_t i = 0; i < 6; i++) {
        if (!(fabs(found[i] / oracle_moments[i] - 1) <= 1e-9))
            fail_msg("moment %zu: %.12g, SciPy %.12g", i, found[i], oracle_moments[i]);
    }
    free(x);
}

/* Pushes n frames of one channel among n_channels, cut as told; the channel's density. */
static void streamed(const double *x, size_t n, size_t n_channels, size_t channel, size_t cut, bool single,
                     double *density)
{
    emg_welch *w;
    const emg_welch_plan plan = emg_welch_defaults(RATE, WINDOW);
    assert_int_equal(emgp_welch_new(&w, &plan, n_channels, NULL, 0, single, NULL), EMG_OK);
    double *group = signal_new(n * n_channels);
    uint64_t seed = 99;
    for (size_t i = 0; i < n * n_channels; i++)
        group[i] = i % n_channels == channel ? x[i / n_channels] : 50 * signal_noise(&seed);
    for (size_t at = 0; at < n; at += cut)
        emgp_welch_push_double(w, group + at * n_channels, cut < n - at ? cut : n - at);
    assert_int_equal(emg_welch_psd(w, channel, density, NULL), EMG_OK);
    double again[BINS];
    emg_welch_finish(w);
    assert_int_equal(emg_welch_psd(w, channel, again, NULL), EMG_OK);
    assert_memory_equal(again, density, sizeof again);
    emg_welch_free(w);
    free(group);
}

static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    double *x = oracle_signal(), first[BINS], other[BINS];
    for (int single = 0; single < 2; single++) {
        streamed(x, N, 1, 0, N, single, first);
        for (size_t cut = 1; cut < 3 * WINDOW; cut = cut * 3 + 1) {
            streamed(x, N, 5, 3, cut, single, other);
            assert_memory_equal(first, other, sizeof first);
        }
    }
    free(x);
}

static void float_is_close_to_double(void **state)
{
    (void)state;
    double *x = oracle_signal(), exact[BINS], single[BINS], peak = 0;
    for (size_t i = 0; i < N; i++)
        x[i] -= 100;
    streamed(x, N, 1, 0, N, false, exact);
    streamed(x, N, 1, 0, N, true, single);
    for (size_t i = 0; i < BINS; i++)
        peak = fmax(peak, exact[i]);
    for (size_t i = 0; i < BINS; i++)
        assert_near(single[i], exact[i], 1e-5 * peak);
    free(x);
}

/* Two parts with a gap: the mean of the parts' windows, none across; the same frames float or double. */
static void no_window_spans_a_gap(void **state)
{
    (void)state;
    double *x = oracle_signal(), part[2][BINS], both[BINS];
    const size_t at = 1900; /* 6 windows and a rest; then 3100 samples: 11 windows and a rest */
    float *f = calloc(N, sizeof *f);
    assert_non_null(f);
    for (size_t i = 0; i < N; i++)
        f[i] = (float)x[i];
    assert_int_equal(density_of(x, at, WINDOW, part[0]), EMG_OK);
    assert_int_equal(density_of(x + at, N - at, WINDOW, part[1]), EMG_OK);
    emg_spectrum *s;
    assert_int_equal(emg_spectrum_new(&s, RATE, WINDOW, 1, NULL), EMG_OK);
    for (int round = 0; round < 2; round++) {
        emg_spectrum_push(s, x, at);
        emg_spectrum_gap(s);
        emg_spectrum_push(s, x + at, N - at);
        emg_spectrum_gap(s);
        emg_description d;
        assert_int_equal(emg_spectrum_get(s, 0, 20, 450, &d, NULL), EMG_OK);
        assert_int_equal(d.n_windows, 6 + 11);
        assert_int_equal(d.n_samples, N);
        assert_int_equal(emg_spectrum_density(s, 0, both, NULL), EMG_OK);
        for (size_t i = 0; i < BINS; i++)
            assert_near(both[i], (6 * part[0][i] + 11 * part[1][i]) / 17, 1e-12);
        emg_spectrum_reset(s);
    }
    emg_spectrum_free(s);
    emg_welch *w;
    const emg_welch_plan plan = emg_welch_defaults(RATE, WINDOW);
    assert_int_equal(emgp_welch_new(&w, &plan, 1, NULL, 0, true, NULL), EMG_OK);
    emgp_welch_push_float(w, f, at);
    emg_welch_finish(w);
    emgp_welch_push_float(w, f + at, N - at);
    emg_welch_finish(w);
    assert_int_equal(emg_welch_counted(w).n_segments, 17);
    assert_int_equal(emg_welch_psd(w, 0, part[0], NULL), EMG_OK);
    assert_near(part[0][41], both[41], 1e-3);
    emg_welch_free(w);
    free(f);
    free(x);
}

/* Any hop: density of x with a window every `hop` samples, by a plain transform of each. */
static void any_hop_and_odd_counts_of_windows(void **state)
{
    (void)state;
    enum { SMALL = 16 };
    double *x = oracle_signal();
    for (size_t hop = 1; hop <= SMALL; hop += 3) {
        for (size_t n = SMALL; n < SMALL + 5 * hop; n += hop + 1) {
            double sum[SMALL / 2 + 1] = { 0 }, density[SMALL / 2 + 1];
            size_t count = 0;
            for (size_t at = 0; at + SMALL <= n; at += hop, count++) {
                double mean = 0;
                for (size_t i = 0; i < SMALL; i++)
                    mean += x[at + i] / SMALL;
                for (size_t k = 0; k <= SMALL / 2; k++) {
                    double re = 0, im = 0;
                    for (size_t i = 0; i < SMALL; i++) {
                        double w = 0.5 - 0.5 * cos(2 * TEST_PI * (double)i / SMALL), v = (x[at + i] - mean) * w;
                        re += v * cos(2 * TEST_PI * (double)(i * k) / SMALL);
                        im += v * sin(2 * TEST_PI * (double)(i * k) / SMALL);
                    }
                    sum[k] += (re * re + im * im) * (k == 0 || k == SMALL / 2 ? 1 : 2) / (RATE * 0.375 * SMALL);
                }
            }
            emg_welch *w;
            const emg_welch_plan plan = plan_of(SMALL, hop);
            assert_int_equal(emg_welch_new(&w, &plan, 1, NULL, 0, NULL), EMG_OK);
            emgp_welch_push_double(w, x, n);
            emg_welch_finish(w);
            assert_int_equal(emg_welch_counted(w).n_segments, count);
            assert_int_equal(emg_welch_psd(w, 0, density, NULL), EMG_OK);
            for (size_t k = 0; k <= SMALL / 2; k++)
                assert_near(density[k], sum[k] / (double)count, 1e-12);
            emg_welch_free(w);
        }
    }
    free(x);
}

static void moments_of_plain_densities(void **state)
{
    (void)state;
    double flat[101], line[101] = { 0 }, nothing[101] = { 0 };
    emg_moments m;
    emg_error err = EMG_ERROR_NONE;
    for (size_t i = 0; i < 101; i++)
        flat[i] = 2;
    line[30] = 5;
    assert_int_equal(emg_spectrum_moments(flat, 101, 1, 20, 80, &m, NULL), EMG_OK);
    assert_near(m.power, 122, 1e-12);
    assert_near(m.mean_frequency_hz, 50, 1e-12);
    assert_near(m.median_frequency_hz, 50, 1e-12);
    assert_near(m.median_frequency_bin_hz, 50, 1e-12);
    assert_near(m.spectral_entropy, 1, 1e-12);
    assert_int_equal(emg_spectrum_moments(line, 101, 0.5, 10, 40, &m, NULL), EMG_OK);
    assert_near(m.mean_frequency_hz, 15, 1e-12);
    assert_near(m.peak_frequency_hz, 15, 1e-12);
    assert_near(m.spectral_entropy, 0, 1e-12);
    assert_int_equal(emg_spectrum_moments(nothing, 101, 1, 20, 80, &m, NULL), EMG_OK);
    assert_true(m.power == 0 && isnan(m.mean_frequency_hz) && isnan(m.median_frequency_hz));
    m.power = 77;
    assert_int_equal(emg_spectrum_moments(flat, 101, 1, 200, 300, &m, &err), EMG_ERANGE);
    assert_string_equal(err.text, "no spectral bin lies within 200 to 300 Hz");
    assert_true(m.power == 77);
    assert_int_equal(emg_spectrum_moments(flat, 101, 0, 20, 80, &m, NULL), EMG_ERANGE);
}

static void short_input_and_refusals(void **state)
{
    (void)state;
    double x[4] = { 3, 4, 3, 4 };
    emg_description d;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_spectrum_describe(x, 4, RATE, WINDOW, 20, 450, &d, NULL), EMG_OK);
    assert_near(d.rms, sqrt(12.5), 1e-12);
    assert_near(d.rms_mean_removed, 0.5, 1e-12);
    assert_true(isnan(d.moments.mean_frequency_hz));
    assert_int_equal(emg_spectrum_describe(x, 0, RATE, WINDOW, 20, 450, &d, NULL), EMG_OK);
    assert_true(isnan(d.rms));
    assert_int_equal(emg_spectrum_describe(x, 4, RATE, 0, 20, 450, &d, &err), EMG_ERANGE);
    assert_string_equal(err.text, "a segment of 0 samples is not within 1 to 16777216");
    assert_int_equal(emg_spectrum_describe(x, 4, NAN, 2, 20, 450, &d, NULL), EMG_ERANGE);
    assert_int_equal(emg_spectrum_describe(NULL, 4, RATE, 2, 20, 450, &d, NULL), EMG_EARG);
    assert_int_equal(emg_spectrum_describe(x, 4, RATE, 2, 20, 450, NULL, NULL), EMG_EARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_scipy),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(float_is_close_to_double),
        cmocka_unit_test(no_window_spans_a_gap),
        cmocka_unit_test(any_hop_and_odd_counts_of_windows),
        cmocka_unit_test(moments_of_plain_densities),
        cmocka_unit_test(short_input_and_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
