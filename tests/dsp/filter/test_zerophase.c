/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block-wise zero-phase filtering: SciPy over the whole segment, any cut, any company, silence and failure. */
#include "support/test.h"

#include "dsp/filter/filter.h"
#include "oracle.h"
#include "dsp/signal.h"

enum { N = 9000 };

/* The signal of oracle.py's zerophase(). */
static double *oracle_signal(void)
{
    double *x = signal_new(N);
    uint64_t seed = 7;
    for (size_t i = 0; i < N; i++)
        x[i] = 3 * signal_noise(&seed) + 1000 + 0.01 * (double)i + (i >= 5000 ? 50 : 0);
    return x;
}

static size_t design(emgp_section *sections, emgp_band kind, int order, double low_hz, double high_hz)
{
    size_t n;
    assert_int_equal(emgp_butterworth(sections, &n, kind, order, low_hz, high_hz, 2048, NULL), EMG_OK);
    return n;
}

/* Filters n frames, pushed `cut` at a time, as one segment after another `times` times; the last one's output. */
static gathered filtered(const emgp_section *sections, size_t n_sections, const double *x, size_t n, size_t n_channels,
                         size_t cut, bool single, int times)
{
    gathered g = { .n_channels = n_channels };
    emgp_zerophase *z;
    assert_int_equal(emgp_zerophase_new(&z, sections, n_sections, 2048, n_channels, single, gather, &g, NULL), EMG_OK);
    for (int i = 0; i < times; i++) {
        g.n_frames = 0;
        for (size_t at = 0; at < n; at += cut)
            assert_int_equal(emgp_zerophase_push(z, x + at * n_channels, cut < n - at ? cut : n - at, NULL), EMG_OK);
        assert_int_equal(emgp_zerophase_finish(z, NULL), EMG_OK);
        assert_int_equal(g.n_frames, n);
    }
    emgp_zerophase_free(z);
    return g;
}

static void compare(const gathered *g, const oracle_sample *oracle, size_t n, double tolerance)
{
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs((double)g->x[oracle[i].at] - oracle[i].value));
    if (!(worst <= tolerance))
        fail_msg("differs from SciPy by %g, allowed %g", worst, tolerance);
}

/* The peak of the band-pass output is about 35, of the low-pass 1140: what float output can hold, and the stated 1e-6.
 */
static void agrees_with_scipy_over_the_whole_segment(void **state)
{
    (void)state;
    double *x = oracle_signal();
    emgp_section s[EMGP_MOST_ORDER];
    size_t n_pass = sizeof oracle_zerophase_pass / sizeof *oracle_zerophase_pass;
    size_t n_low = sizeof oracle_zerophase_low / sizeof *oracle_zerophase_low;
    size_t n = design(s, EMGP_BAND_PASS, 4, 20, 450);
    gathered g = filtered(s, n, x, N, 1, 777, false, 1);
    compare(&g, oracle_zerophase_pass, n_pass, 35e-6);
    free(g.x);
    g = filtered(s, n, x, N, 1, 777, true, 1);
    compare(&g, oracle_zerophase_pass, n_pass, 5e-4);
    free(g.x);
    n = design(s, EMGP_BAND_LOW, 2, 0, 10);
    g = filtered(s, n, x, N, 1, 777, false, 1);
    compare(&g, oracle_zerophase_low, n_low, 200e-6); /* float holds 1100 to 6e-5 */
    free(g.x);
    free(x);
}

/* The impulse lies where a block ends, in either direction: what a block does not know of the next is below 1e-6. */
static void error_of_blocks_is_as_stated(void **state)
{
    (void)state;
    emgp_section s[EMGP_MOST_ORDER];
    static const struct {
        int order;
        double low, high;
    } bands[] = { { 4, 20, 450 }, { 2, 20, 450 }, { 12, 100, 400 }, { 8, 20, 900 }, { 1, 5, 900 } };
    for (size_t b = 0; b < sizeof bands / sizeof *bands; b++) {
        size_t n = design(s, EMGP_BAND_PASS, bands[b].order, bands[b].low, bands[b].high);
        size_t latency, length;
        emgp_zerophase *z;
        assert_int_equal(emgp_zerophase_new(&z, s, n, 2048, 1, false, gather, NULL, NULL), EMG_OK);
        latency = emgp_zerophase_latency(z);
        emgp_zerophase_free(z);
        length = 3 * latency;
        double *x = signal_new(length), *reference = signal_new(length);
        for (size_t t = 0; t < length; t += 37)
            x[t] = t % 2 ? 1000 : -1000;
        /* The whole segment: forward and backward with zeros around it long enough. */
        size_t pad = latency;
        double *w = signal_new(length + 2 * pad);
        memcpy(w + pad, x, length * sizeof *x);
        for (size_t t = 0; t < pad; t++) {
            w[t] = x[0];
            w[pad + length + t] = x[length - 1];
        }
        double first = x[0], peak = 0, worst = 0;
        for (size_t t = 0; t < length + 2 * pad; t++)
            w[t] -= first;
        for (int direction = 0; direction < 2; direction++) {
            for (size_t i = 0; i < n; i++) {
                double s1 = 0, s2 = 0;
                for (size_t t = 0; t < length + 2 * pad; t++) {
                    double *v = direction ? &w[length + 2 * pad - 1 - t] : &w[t], y = s[i].b0 * *v + s1;
                    s1 = s[i].b1 * *v - s[i].a1 * y + s2;
                    s2 = s[i].b2 * *v - s[i].a2 * y;
                    *v = y;
                }
            }
        }
        gathered g = filtered(s, n, x, length, 1, 4096, false, 1);
        for (size_t t = 0; t < length; t++) {
            peak = fmax(peak, fabs(w[pad + t]));
            worst = fmax(worst, fabs((double)g.x[t] - w[pad + t]));
        }
        if (!(worst <= 1e-6 * peak))
            fail_msg("band %zu: error %g of the peak", b, worst / peak);
        free(g.x);
        free(w);
        free(x);
        free(reference);
    }
}

/* Cut anywhere, in any company, a second time: the same bytes. */
static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    double *x = oracle_signal();
    emgp_section s[EMGP_MOST_ORDER];
    size_t n = design(s, EMGP_BAND_PASS, 4, 20, 450);
    static const size_t channels[] = { 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 64 };
    for (int single = 0; single < 2; single++) {
        gathered alone = filtered(s, n, x, N, 1, N, single, 1);
        gathered again = filtered(s, n, x, N, 1, 1, single, 2);
        assert_memory_equal(alone.x, again.x, N * sizeof(float));
        free(again.x);
        for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
            size_t m = channels[i], mine = m - 1;
            double *group = signal_new(N * m);
            uint64_t seed = i;
            for (size_t t = 0; t < N * m; t++)
                group[t] = t % m == mine ? x[t / m] : 1e6 * signal_noise(&seed);
            gathered g = filtered(s, n, group, N, m, 333 + i, single, 1);
            for (size_t t = 0; t < N; t++)
                assert_memory_equal(&g.x[t * m + mine], &alone.x[t], sizeof(float));
            free(g.x);
            free(group);
        }
        free(alone.x);
    }
    free(x);
}

/* A click and then silence: what decays out of sight does so at the same frame however the silence is cut. */
static void decay_does_not_depend_on_the_cut(void **state)
{
    (void)state;
    emgp_section s[EMGP_MOST_ORDER];
    size_t n = design(s, EMGP_BAND_PASS, 4, 20, 450);
    double *x = signal_new(3 * N);
    x[10] = 1;
    gathered whole = filtered(s, n, x, 3 * N, 1, 3 * N, true, 1);
    static const size_t cuts[] = { 1, 100, 255, 256, 257, 1000 };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        gathered g = filtered(s, n, x, 3 * N, 1, cuts[i], true, 1);
        assert_memory_equal(g.x, whole.x, 3 * N * sizeof(float));
        free(g.x);
    }
    assert_true(whole.x[3 * N - 1] == 0);
    free(whole.x);
    free(x);
}

static void short_and_constant_segments(void **state)
{
    (void)state;
    emgp_section s[EMGP_MOST_ORDER];
    size_t n = design(s, EMGP_BAND_PASS, 4, 20, 450);
    double constant[500];
    for (size_t i = 0; i < 500; i++)
        constant[i] = 8388607;
    for (size_t length = 0; length <= 500; length += length < 4 ? 1 : 62) {
        gathered g = filtered(s, n, constant, length, 1, 100, true, 1);
        for (size_t t = 0; t < length; t++)
            assert_true(g.x[t] == 0);
        free(g.x);
    }
    n = design(s, EMGP_BAND_LOW, 3, 0, 10);
    gathered g = filtered(s, n, constant, 500, 1, 100, true, 1);
    for (size_t t = 0; t < 500; t++)
        assert_near(g.x[t], 8388607, 1);
    free(g.x);
}

static void absurd_samples_stay_finite(void **state)
{
    (void)state;
    emgp_section s[EMGP_MOST_ORDER];
    size_t n = design(s, EMGP_BAND_PASS, 4, 20, 450);
    double x[3000];
    for (size_t i = 0; i < 3000; i++)
        x[i] = i % 7 ? 1e299 : -1e299;
    for (int single = 0; single < 2; single++) {
        gathered g = filtered(s, n, x, 3000, 1, 3000, single, 1);
        for (size_t i = 0; i < 3000; i++)
            assert_true(isfinite(g.x[i]));
        free(g.x);
    }
}

static void failures_are_passed_on(void **state)
{
    (void)state;
    emgp_section s[EMGP_MOST_ORDER];
    size_t n = design(s, EMGP_BAND_PASS, 4, 20, 450);
    emg_error err = EMG_ERROR_NONE;
    emgp_zerophase *z = (emgp_zerophase *)&err;
    assert_int_equal(emgp_zerophase_new(&z, s, n, 2048, 65, true, gather, NULL, &err), EMG_ERANGE);
    assert_string_equal(err.text, "65 channels in a group is not within 1 to 64");
    assert_null(z);
    gathered g = { .n_channels = 1, .answer = EMG_ECANCELLED };
    assert_int_equal(emgp_zerophase_new(&z, s, n, 2048, 1, true, gather, &g, NULL), EMG_OK);
    double *x = signal_new(20000);
    assert_int_equal(emgp_zerophase_push(z, x, 20000, NULL), EMG_ECANCELLED);
    assert_int_equal(emgp_zerophase_finish(z, NULL), EMG_ECANCELLED);
    emgp_zerophase_free(z);
    free(g.x);
    free(x);
    s[0].a1 = -2, s[0].a2 = 1; /* a double pole on the circle */
    emg_error_clear(&err);
    assert_int_equal(emgp_zerophase_new(&z, s, 1, 2048, 1, true, gather, &g, &err), EMG_ERANGE);
    assert_string_equal(err.text, "a filter corner is too low for the sampling rate 2048 Hz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_scipy_over_the_whole_segment),
        cmocka_unit_test(error_of_blocks_is_as_stated),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(decay_does_not_depend_on_the_cut),
        cmocka_unit_test(short_and_constant_segments),
        cmocka_unit_test(absurd_samples_stay_finite),
        cmocka_unit_test(failures_are_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
