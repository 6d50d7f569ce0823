/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows, Welch's choices, cross spectra, coherence: SciPy's figures, any cut, gaps, edge cases. */
#include "support/test.h"

#include <stdbool.h>

#include <emg/welch.h>
#include <emg/window.h>

#include "oracle_spectrum.h"
#include "dsp/signal.h"
#include "spectra.h"

enum { MOST_BINS = 4096 };

static void windows_are_scipys(void **state)
{
    (void)state;
    for (int kind = 0; kind < 7; kind++) {
        for (size_t n = 16; n >= 15; n--) {
            for (int ends = 0; ends < 2; ends++) {
                double w[16];
                assert_int_equal(emg_window_values((emg_window_kind)kind, 8.6, (emg_window_ends)ends, n, w, NULL),
                                 EMG_OK);
                for (size_t i = 0; i < n; i++)
                    assert_near(w[i], oracle_windows[kind][16 - n][ends][i], 1e-14);
            }
        }
    }
}

static void windows_refuse(void **state)
{
    (void)state;
    double w[4] = { 7 };
    assert_int_equal(emg_window_values(EMG_WINDOW_HANN, 0, EMG_WINDOW_PERIODIC, 0, w, NULL), EMG_ERANGE);
    assert_int_equal(emg_window_values((emg_window_kind)7, 0, EMG_WINDOW_PERIODIC, 4, w, NULL), EMG_ERANGE);
    assert_int_equal(emg_window_values(EMG_WINDOW_KAISER, -1, EMG_WINDOW_PERIODIC, 4, w, NULL), EMG_ERANGE);
    assert_int_equal(emg_window_values(EMG_WINDOW_KAISER, NAN, EMG_WINDOW_PERIODIC, 4, w, NULL), EMG_ERANGE);
    assert_int_equal(emg_window_values(EMG_WINDOW_HANN, 0, EMG_WINDOW_PERIODIC, 4, NULL, NULL), EMG_EARG);
    assert_near(w[0], 7, 0);
    assert_int_equal(emg_window_values(EMG_WINDOW_HANN, 0, EMG_WINDOW_SYMMETRIC, 1, w, NULL), EMG_OK);
    assert_near(w[0], 1, 0);
    assert_int_equal(emg_window_values(EMG_WINDOW_KAISER, 700, EMG_WINDOW_SYMMETRIC, 3, w, NULL), EMG_OK);
    assert_near(w[1], 1, 0);
    assert_true(w[0] >= 0 && w[0] < 1e-300 && w[0] - w[2] == 0);
}

static void agrees_with_scipy(void **state)
{
    (void)state;
    double *x = spectra_x(ORACLE_N), *y = spectra_y(x, ORACLE_N);
    double *value = signal_new(2 * MOST_BINS), *phase = signal_new(MOST_BINS);
    for (size_t p = 0; p < sizeof oracle_plans / sizeof *oracle_plans; p++) {
        const oracle_plan *o = &oracle_plans[p];
        const size_t n = emg_welch_bins(&o->plan);
        assert_int_equal(emg_psd(&o->plan, x, ORACLE_N, value, NULL, NULL), EMG_OK);
        spectra_compare("psd", p, value, n, 1, o->psd, ORACLE_N_AT, 1e-8);
        assert_int_equal(emg_csd(&o->plan, x, y, ORACLE_N, value, NULL, NULL), EMG_OK);
        spectra_compare("csd", p, value, n, 2, o->csd, ORACLE_N_AT, 1e-8);
        if (o->plan.average == EMG_AVERAGE_MEDIAN) {
            assert_int_equal(emg_coherence(&o->plan, x, y, ORACLE_N, value, phase, NULL, NULL), EMG_ERANGE);
            continue;
        }
        double *csd = value, *coherence = signal_new(n);
        assert_int_equal(emg_coherence(&o->plan, x, y, ORACLE_N, coherence, phase, NULL, NULL), EMG_OK);
        for (size_t i = 0; i < ORACLE_N_AT; i++) {
            if (o->coherence[i] >= 0)
                assert_near(coherence[spectra_at(i, n)], o->coherence[i], 1e-8 * o->coherence[i]);
        }
        for (size_t i = 0; i < n; i++) {
            if (coherence[i] > 1e-6)
                assert_near(phase[i], atan2(csd[2 * i + 1], csd[2 * i]), 1e-12);
        }
        free(coherence);
    }
    free(x);
    free(y);
    free(value);
    free(phase);
}

/* y is x four samples late: the phase turns by -2 pi f d, and the coherence is far above chance. */
static void phase_tells_the_delay(void **state)
{
    (void)state;
    double *x = spectra_x(ORACLE_N), *y = spectra_y(x, ORACLE_N), coherence[129], phase[129];
    const emg_welch_plan plan = emg_welch_defaults(ORACLE_RATE, 256);
    emg_welch_count count;
    assert_int_equal(emg_coherence(&plan, x, y, ORACLE_N, coherence, phase, &count, NULL), EMG_OK);
    assert_int_equal(count.n_segments, (ORACLE_N - 256) / 128 + 1);
    const double level = emg_coherence_level(count.n_independent, 0.05);
    for (size_t i = 2; i < 128; i++) {
        double expected = remainder(-2 * TEST_PI * 4 * (double)i / 256, 2 * TEST_PI);
        assert_true(coherence[i] > level);
        assert_true(fabs(remainder(phase[i] - expected, 2 * TEST_PI)) < 0.6);
    }
    free(x);
    free(y);
}

/* In independent noises, 5 % of the bins of many spectra lie above the level: with half overlapping segments too. */
static void chance_level_holds(void **state)
{
    (void)state;
    static const size_t overlaps[] = { 0, 64, 96 };
    enum { SAMPLES = 1600, TIMES = 150 };
    double *x = signal_new(SAMPLES), *y = signal_new(SAMPLES), coherence[65];
    for (size_t o = 0; o < 3; o++) {
        emg_welch_plan plan = emg_welch_defaults(1000, 128);
        plan.overlap = overlaps[o];
        uint64_t seed = 5;
        size_t above = 0;
        for (size_t time = 0; time < TIMES; time++) {
            for (size_t i = 0; i < SAMPLES; i++) {
                x[i] = signal_noise(&seed);
                y[i] = signal_noise(&seed);
            }
            emg_welch_count count;
            assert_int_equal(emg_coherence(&plan, x, y, SAMPLES, coherence, NULL, &count, NULL), EMG_OK);
            for (size_t i = 3; i < 61; i++)
                above += coherence[i] > emg_coherence_level(count.n_independent, 0.05);
        }
        const double share = (double)above / (TIMES * 58);
        if (share < 0.035 || share > 0.065)
            fail_msg("overlap %zu: %.4f of the bins above the 5 %% level", overlaps[o], share);
    }
    free(x);
    free(y);
}

static void count_of_disjoint_segments(void **state)
{
    (void)state;
    double *x = spectra_x(ORACLE_N), psd[129];
    emg_welch_plan plan = emg_welch_defaults(ORACLE_RATE, 256);
    emg_welch_count count;
    plan.overlap = 0;
    assert_int_equal(emg_psd(&plan, x, 2560, psd, &count, NULL), EMG_OK);
    assert_int_equal(count.n_segments, 10);
    assert_near(count.n_independent, 10, 1e-9);
    plan.overlap = 128; /* Hann, half overlapping: r = 1/6 (Welch 1967: 1/18 more scatter in a long average) */
    assert_int_equal(emg_psd(&plan, x, 2560, psd, &count, NULL), EMG_OK);
    assert_int_equal(count.n_segments, 19);
    assert_near(count.n_independent, 19 / (1 + 2 * (1 - 1.0 / 19) / 36), 1e-6);
    plan.average = EMG_AVERAGE_MEDIAN;
    emg_welch_count again;
    assert_int_equal(emg_psd(&plan, x, 2560, psd, &again, NULL), EMG_OK);
    assert_near(again.n_independent, count.n_independent, 0);
    assert_near(emg_coherence_level(11, 0.05), 1 - pow(0.05, 0.1), 1e-15);
    assert_near(emg_coherence_level(1, 0.05), 1, 0);
    assert_true(isnan(emg_coherence_level(5, -1)) && isnan(emg_coherence_level(NAN, 0.05)));
    free(x);
}

/* All results of two channels of a group of n_channels, one after the other in `out` (9 x 129). */
static void streamed(const double *x, const double *y, size_t n, size_t n_channels, size_t cut, double *out)
{
    const emg_welch_plan plan = emg_welch_defaults(ORACLE_RATE, 256);
    const size_t a = n_channels - 1, b = (n_channels - 1) / 2;
    const emg_welch_pair pairs[2] = { { a, b }, { b, a } };
    emg_welch *w;
    double *group = signal_new(n * n_channels);
    uint64_t seed = 99;
    for (size_t i = 0; i < n * n_channels; i++) {
        size_t c = i % n_channels, t = i / n_channels;
        group[i] = c == a ? x[t] : c == b ? y[t] : 1e6 * signal_noise(&seed);
    }
    assert_int_equal(emg_welch_new(&w, &plan, n_channels, pairs, 2, NULL), EMG_OK);
    for (size_t at = 0; at < n; at += cut)
        assert_int_equal(emg_welch_push(w, group + at * n_channels, cut < n - at ? cut : n - at, NULL), EMG_OK);
    assert_int_equal(emg_welch_psd(w, a, out, NULL), EMG_OK);
    assert_int_equal(emg_welch_csd(w, 0, out + 129, NULL), EMG_OK);
    assert_int_equal(emg_welch_csd(w, 1, out + 3 * 129, NULL), EMG_OK);
    assert_int_equal(emg_welch_coherence(w, 0, out + 5 * 129, out + 6 * 129, NULL), EMG_OK);
    assert_int_equal(emg_welch_coherence(w, 1, out + 7 * 129, out + 8 * 129, NULL), EMG_OK);
    emg_welch_free(w);
    free(group);
}

static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    double *x = spectra_x(ORACLE_N), *y = spectra_y(x, ORACLE_N), first[9 * 129], other[9 * 129], whole[3 * 129];
    streamed(x, y, ORACLE_N, 2, ORACLE_N, first);
    for (size_t cut = 1; cut < 3000; cut = cut * 3 + 1) {
        streamed(x, y, ORACLE_N, cut % 2 ? 2 : 7, cut, other);
        assert_memory_equal(first, other, sizeof first);
    }
    streamed(x, y, ORACLE_N, 64, 100, other);
    assert_memory_equal(first, other, sizeof first);
    const emg_welch_plan plan = emg_welch_defaults(ORACLE_RATE, 256);
    assert_int_equal(emg_psd(&plan, x, ORACLE_N, whole, NULL, NULL), EMG_OK);
    assert_int_equal(emg_csd(&plan, x, y, ORACLE_N, whole + 129, NULL, NULL), EMG_OK);
    assert_memory_equal(first, whole, sizeof whole);
    for (size_t i = 0; i < 129; i++) { /* the other way round: the conjugate */
        assert_near(first[3 * 129 + 2 * i], first[129 + 2 * i], 1e-15);
        assert_near(first[3 * 129 + 2 * i + 1], -first[129 + 2 * i + 1], 1e-15);
        assert_near(first[7 * 129 + i], first[5 * 129 + i], 1e-15);
    }
    free(x);
    free(y);
}

/* A channel paired with itself is wholly coherent; two stretches give their segments' mean, none across. */
static void no_segment_spans_a_gap(void **state)
{
    (void)state;
    double *x = spectra_x(ORACLE_N), part[2][129], both[129], phase[129];
    const emg_welch_plan plan = emg_welch_defaults(ORACLE_RATE, 256);
    const emg_welch_pair pair = { 0, 0 };
    const size_t at = 1000; /* 6 segments and a rest; then 2001 samples: 14 and a rest */
    emg_welch *w;
    emg_welch_count first, second, all;
    assert_int_equal(emg_psd(&plan, x, at, part[0], &first, NULL), EMG_OK);
    assert_int_equal(emg_psd(&plan, x + at, ORACLE_N - at, part[1], &second, NULL), EMG_OK);
    assert_int_equal(emg_welch_new(&w, &plan, 1, &pair, 1, NULL), EMG_OK);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(emg_welch_psd(w, 0, both, NULL), EMG_ESHORT);
        assert_int_equal(emg_welch_push(w, x, at, NULL), EMG_OK);
        emg_welch_finish(w);
        assert_int_equal(emg_welch_push(w, x, 200, NULL), EMG_OK); /* too short for a segment */
        emg_welch_finish(w);
        assert_int_equal(emg_welch_push(w, x + at, ORACLE_N - at, NULL), EMG_OK);
        all = emg_welch_counted(w);
        assert_int_equal(all.n_segments, 6 + 14);
        double scatter = 36 / first.n_independent + 196 / second.n_independent;
        assert_near(all.n_independent, 400 / scatter, 1e-9);
        assert_int_equal(emg_welch_psd(w, 0, both, NULL), EMG_OK);
        for (size_t i = 0; i < 129; i++)
            assert_near(both[i], (6 * part[0][i] + 14 * part[1][i]) / 20, 1e-12 * (part[0][i] + part[1][i]));
        assert_int_equal(emg_welch_coherence(w, 0, both, phase, NULL), EMG_OK);
        for (size_t i = 0; i < 129; i++) {
            assert_near(both[i], 1, 1e-14);
            assert_near(phase[i], 0, 0);
        }
        emg_welch_reset(w);
    }
    emg_welch_free(w);
    free(x);
}

/* Signals that hold nothing: power 0 and coherence that does not exist, exactly; nor does it past all numbers. */
static void nothing_is_nothing(void **state)
{
    (void)state;
    double *noise = spectra_x(1000), *x = signal_new(1000), psd[51], coherence[51], phase[51];
    static const double constants[] = { 0, 0.1, -1e9, 1e-310, 1e300, 4.9e-324 };
    emg_welch_plan plan = emg_welch_defaults(1000, 100);
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        for (int detrend = EMG_DETREND_CONSTANT; detrend <= EMG_DETREND_LINEAR; detrend++) {
            plan.detrend = (emg_detrend)detrend;
            for (size_t i = 0; i < 1000; i++)
                x[i] = constants[k];
            assert_int_equal(emg_psd(&plan, x, 1000, psd, NULL, NULL), EMG_OK);
            assert_int_equal(emg_coherence(&plan, noise, x, 1000, coherence, phase, NULL, NULL), EMG_OK);
            for (size_t i = 0; i < 51; i++)
                assert_true(psd[i] == 0 && isnan(coherence[i]) && isnan(phase[i]));
        }
    }
    for (size_t i = 0; i < 1000; i++)
        x[i] = 1e200 * noise[i]; /* powers beyond any number */
    assert_int_equal(emg_coherence(&plan, noise, x, 1000, coherence, phase, NULL, NULL), EMG_OK);
    assert_int_equal(emg_psd(&plan, x, 1000, psd, NULL, NULL), EMG_OK);
    for (size_t i = 0; i < 51; i++)
        assert_true(isinf(psd[i]) && isnan(coherence[i]) && isnan(phase[i]));
    free(noise);
    free(x);
}

/* Numbers so small that their squares vanish count as zero; a little larger they are as large ones, scaled. */
static void weak_signals(void **state)
{
    (void)state;
    double *x = spectra_x(1000), *weak = signal_new(1000), psd[51], small[51], coherence[51];
    const emg_welch_plan plan = emg_welch_defaults(1000, 100);
    assert_int_equal(emg_psd(&plan, x, 1000, psd, NULL, NULL), EMG_OK);
    static const double scales[2] = { 0x1p-1060, 0x1p-520 }; /* denormal, and with squares that are */
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < 1000; i++)
            weak[i] = x[i] * scales[s];
        assert_int_equal(emg_psd(&plan, weak, 1000, small, NULL, NULL), EMG_OK);
        for (size_t i = 0; i < 51; i++)
            assert_true(small[i] == 0);
    }
    for (size_t i = 0; i < 1000; i++)
        weak[i] = x[i] * 0x1p-480;
    assert_int_equal(emg_psd(&plan, weak, 1000, small, NULL, NULL), EMG_OK);
    assert_int_equal(emg_coherence(&plan, x, weak, 1000, coherence, NULL, NULL, NULL), EMG_OK);
    for (size_t i = 0; i < 51; i++) {
        assert_near(small[i] * 0x1p480 * 0x1p480, psd[i], 1e-12 * psd[i]);
        assert_near(coherence[i], 1, 1e-12);
    }
    free(x);
    free(weak);
}

/* An offset a million times the signal costs digits of the offset, not more. */
static void offsets_and_the_nyquist_line(void **state)
{
    (void)state;
    double *x = signal_new(1000), psd[51], shifted[51];
    emg_welch_plan plan = emg_welch_defaults(1000, 100);
    uint64_t seed = 3;
    for (size_t i = 0; i < 1000; i++)
        x[i] = 0x1p-20 * floor(0x1p20 * signal_noise(&seed)) + (i % 2 ? -5 : 5);
    assert_int_equal(emg_psd(&plan, x, 1000, psd, NULL, NULL), EMG_OK);
    for (size_t i = 0; i < 1000; i++)
        x[i] += 1e9;
    assert_int_equal(emg_psd(&plan, x, 1000, shifted, NULL, NULL), EMG_OK);
    for (size_t i = 0; i < 51; i++)
        assert_near(shifted[i], psd[i], 1e-12 * psd[i]);
    plan.scaling = EMG_SCALING_SPECTRUM; /* a line at half the rate has no second side: A^2 */
    assert_int_equal(emg_psd(&plan, x, 1000, psd, NULL, NULL), EMG_OK);
    assert_near(psd[50], 25, 2);
    for (size_t i = 0; i < 1000; i++)
        x[i] = 3 * sin(2 * TEST_PI * 200 * (double)i / 1000);
    assert_int_equal(emg_psd(&plan, x, 1000, psd, NULL, NULL), EMG_OK);
    assert_near(psd[20], 4.5, 1e-10);
    free(x);
}

static void short_signals(void **state)
{
    (void)state;
    const double x[3] = { 2, 3, 5 };
    double psd[3] = { 7, 7, 7 };
    emg_error err = EMG_ERROR_NONE;
    emg_welch_plan plan = emg_welch_defaults(10, 4);
    for (size_t n = 0; n < 4; n++) {
        assert_int_equal(emg_psd(&plan, x, n > 3 ? 3 : n, psd, NULL, NULL), EMG_ESHORT);
        assert_int_equal(emg_csd(&plan, x, x, n > 3 ? 3 : n, psd, NULL, NULL), EMG_ESHORT);
    }
    assert_int_equal(emg_coherence(&plan, x, x, 3, psd, psd, NULL, &err), EMG_ESHORT);
    assert_string_equal(err.text, "fewer samples than one segment of 4");
    plan.average = EMG_AVERAGE_MEDIAN;
    assert_int_equal(emg_psd(&plan, x, 3, psd, NULL, NULL), EMG_ESHORT);
    assert_near(psd[0], 7, 0);
    plan = emg_welch_defaults(10, 1);
    plan.detrend = EMG_DETREND_NONE;
    assert_int_equal(emg_psd(&plan, x, 1, psd, NULL, NULL), EMG_OK);
    assert_near(psd[0], 0.4, 1e-15); /* one bin, as wide as the rate: 4 / 10 */
}

static void refuses(void **state)
{
    (void)state;
    const double good[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, bad[8] = { 1, 2, NAN }, worse[8] = { 1, INFINITY };
    double out[16] = { 7 };
    const emg_welch_plan plan = emg_welch_defaults(10, 4);
    emg_welch_plan wrong[9];
    for (size_t i = 0; i < 9; i++)
        wrong[i] = plan;
    wrong[0].rate_hz = 0;
    wrong[1].rate_hz = NAN;
    wrong[2].segment = 0;
    wrong[3].overlap = 4;
    wrong[4].n_fft = 3;
    wrong[5].window = (emg_window_kind)9;
    wrong[6].detrend = (emg_detrend)3;
    wrong[7].scaling = (emg_scaling)2;
    wrong[8].average = (emg_average)2;
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(emg_psd(&wrong[i], good, 8, out, NULL, NULL), EMG_ERANGE);
    assert_int_equal(emg_psd(NULL, good, 8, out, NULL, NULL), EMG_EARG);
    assert_int_equal(emg_psd(&plan, NULL, 8, out, NULL, NULL), EMG_EARG);
    assert_int_equal(emg_psd(&plan, good, 8, NULL, NULL, NULL), EMG_EARG);
    assert_int_equal(emg_psd(&plan, bad, 8, out, NULL, NULL), EMG_EARG);
    assert_int_equal(emg_csd(&plan, good, worse, 8, out, NULL, NULL), EMG_EARG);
    assert_int_equal(emg_coherence(&plan, worse, good, 8, out, NULL, NULL, NULL), EMG_EARG);
    assert_near(out[0], 7, 0);

    emg_welch *w;
    const emg_welch_pair pair = { 0, 2 };
    assert_int_equal(emg_welch_new(&w, &plan, 2, &pair, 1, NULL), EMG_EARG);
    assert_null(w);
    assert_int_equal(emg_welch_new(&w, &plan, 2, NULL, 1, NULL), EMG_EARG);
    assert_int_equal(emg_welch_new(&w, &plan, 2, &pair, 64 * 64, NULL), EMG_ERANGE);
    assert_int_equal(emg_welch_new(&w, &plan, 0, NULL, 0, NULL), EMG_ERANGE);
    assert_int_equal(emg_welch_new(&w, &plan, 65, NULL, 0, NULL), EMG_ERANGE);
    assert_int_equal(emg_welch_new(NULL, &plan, 1, NULL, 0, NULL), EMG_EARG);
    assert_int_equal(emg_welch_new(&w, &plan, 1, NULL, 0, NULL), EMG_OK);
    assert_int_equal(emg_welch_push(w, bad, 8, NULL), EMG_EARG);
    assert_int_equal(emg_welch_counted(w).n_segments, 0);
    assert_int_equal(emg_welch_push(w, good, 3, NULL), EMG_OK);
    assert_int_equal(emg_welch_psd(w, 0, out, NULL), EMG_ESHORT);
    assert_int_equal(emg_welch_push(w, good, 1, NULL), EMG_OK);
    assert_int_equal(emg_welch_psd(w, 1, out, NULL), EMG_EARG);
    assert_int_equal(emg_welch_csd(w, 0, out, NULL), EMG_EARG);
    assert_int_equal(emg_welch_coherence(w, 0, out, out, NULL), EMG_EARG);
    assert_int_equal(emg_welch_psd(w, 0, out, NULL), EMG_OK);
    emg_welch_free(w);
    assert_int_equal(emg_welch_push(NULL, good, 1, NULL), EMG_EARG);
    assert_int_equal(emg_welch_psd(NULL, 0, out, NULL), EMG_EARG);
    emg_welch_finish(NULL);
    emg_welch_reset(NULL);
    emg_welch_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_are_scipys),
        cmocka_unit_test(windows_refuse),
        cmocka_unit_test(agrees_with_scipy),
        cmocka_unit_test(phase_tells_the_delay),
        cmocka_unit_test(chance_level_holds),
        cmocka_unit_test(count_of_disjoint_segments),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(no_segment_spans_a_gap),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(weak_signals),
        cmocka_unit_test(offsets_and_the_nyquist_line),
        cmocka_unit_test(short_signals),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
