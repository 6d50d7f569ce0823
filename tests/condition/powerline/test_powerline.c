/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public removal of mains in double: what it leaves alone to the bit, ends and gaps, any rate, and its refusals. */
#include "hum.h"

static const double RATE = 2048;

static double hum_at(double f_hz, double t_s)
{
    double p = 2 * TEST_PI * f_hz * t_s;
    return sin(p + 0.3) + 0.3 * sin(3 * p + 1) + 0.2 * sin(5 * p + 2);
}

/* Noise, offsets, drift, discharges, bursts, steps, silence, zeros of both signs, the least and very large numbers. */
static double *without_hum(double rate_hz, size_t n, size_t n_channels)
{
    double *x = signal_new(n * n_channels), walk = 0;
    uint64_t seed = 77;
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / rate_hz;
        walk += 0.3 * signal_gaussian(&seed);
        const double kinds[] = {
            signal_gaussian(&seed),
            -31234.5 + 3 * signal_gaussian(&seed) + 40 * hum_discharge(fmod(t, 0.777) - 0.3),
            walk + signal_gaussian(&seed) + 300 * sin(2 * TEST_PI * 0.4 * t),
            signal_gaussian(&seed) * (fmod(t, 1 / 5.3) < 0.06 ? 60 : 3),
            fmod(t, 3) < 1.1 ? 900 : 0.1 * signal_gaussian(&seed),
            -0.0,
            5e-324 * (double)(i % 3),
            1e200 * signal_gaussian(&seed),
            4096,
        };
        for (size_t c = 0; c < n_channels; c++)
            x[i * n_channels + c] = kinds[c];
    }
    return x;
}

static void nothing_changes_without_hum(void **state)
{
    (void)state;
    enum { CHANNELS = 9 };
    static const double rates[] = { 1000, 2048, 5000, 10000 };
    const emg_powerline_plan plan = emg_powerline_defaults();
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        const size_t n = (size_t)(30.3 * rates[r]);
        double *x = without_hum(rates[r], n, CHANNELS);
        emg_powerline_found found[CHANNELS];
        double *y = hum_streamed(&plan, rates[r], x, n, CHANNELS, 5000, found);
        for (size_t c = 0; c < CHANNELS; c++) {
            if (!(found[c].share == 0))
                fail_msg("%g Hz, channel %zu: hum in %g of the windows", rates[r], c, found[c].share);
            assert_true(isnan(found[c].frequency_hz) && isnan(found[c].nominal_hz) && isnan(found[c].drift_hz));
            assert_true(found[c].amplitude == 0);
        }
        assert_memory_equal(x, y, n * CHANNELS * sizeof *x);
        free(y);
        free(x);
    }
}

/* A signal stronger than the hum by more than keep_db keeps it, to the bit; a larger keep_db takes it. */
static void weak_hum_is_kept(void **state)
{
    (void)state;
    const size_t n = (size_t)(20 * RATE);
    double *x = signal_new(n);
    uint64_t seed = 3;
    for (size_t i = 0; i < n; i++)
        x[i] = 100 + 10 * signal_gaussian(&seed) + 3 * sin(2 * TEST_PI * 50 * (double)i / RATE); /* 13.5 dB below */
    emg_powerline_plan plan = emg_powerline_defaults();
    emg_powerline_found found;
    double *y = hum_streamed(&plan, RATE, x, n, 1, 999, &found);
    assert_memory_equal(x, y, n * sizeof *x);
    free(y);
    plan.keep_db = 18;
    y = hum_streamed(&plan, RATE, x, n, 1, 999, &found);
    assert_true(found.share > 0.9);
    assert_near(found.amplitude, 3, 0.5);
    free(y);
    free(x);
}

/* What lies above the top neither hides hum nor keeps it: 12 dB below noise up to 5 kHz are 2 dB below that up to 450 Hz. */
static void noise_above_the_top_does_not_count(void **state)
{
    (void)state;
    const double rate = 10000;
    const size_t n = (size_t)(20 * rate);
    double *clean = signal_new(n), *x = signal_new(n);
    uint64_t seed = 4;
    for (size_t i = 0; i < n; i++) {
        clean[i] = 100 + 10 * signal_gaussian(&seed);
        x[i] = clean[i] + 3.5 * sin(2 * TEST_PI * 50.1 * (double)i / rate);
    }
    emg_powerline_plan plan = emg_powerline_defaults();
    emg_powerline_found found;
    double *y = hum_streamed(&plan, rate, x, n, 1, 999, &found);
    assert_memory_equal(x, y, n * sizeof *x);
    free(y);
    plan.top_hz = 450;
    y = hum_streamed(&plan, rate, x, n, 1, 999, &found);
    assert_true(found.share == 1);
    assert_near(found.amplitude, 3.5, 0.2);
    assert_near(hum_rms_between(clean, y, 0, n), 0, 0.4);
    free(y);
    free(x);
    free(clean);
}

/* Any rate, from where half of it hardly holds the line; an offset of a million times the hum. */
static void any_rate(void **state)
{
    (void)state;
    static const double rates[] = { 110, 128, 199.7, 250, 500, 1111.1, 4000, 20000, 48000, 100000 };
    const emg_powerline_plan plan = emg_powerline_defaults();
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        const size_t n = (size_t)(9.3 * rates[r]);
        double *clean = signal_new(n), *x = signal_new(n);
        uint64_t seed = r;
        for (size_t i = 0; i < n; i++) {
            clean[i] = 2e7 + signal_gaussian(&seed);
            x[i] = clean[i] + 20 * sin(2 * TEST_PI * 50.05 * (double)i / rates[r]);
        }
        emg_powerline_found found;
        double *y = hum_streamed(&plan, rates[r], x, n, 1, 5000, &found);
        const double left = hum_rms_between(clean, y, 0, n);
        if (!(left < 0.35))
            fail_msg("%g Hz: %.3f sigma left", rates[r], left);
        assert_near(found.frequency_hz, 50.05, 0.02);
        assert_near(found.amplitude, 20, 0.7);
        free(y);
        free(x);
        free(clean);
    }
}

/* Thirty harmonics of a line half a hertz off, up to 1.5 kHz, as a needle's amplifier sees them. */
static void many_harmonics(void **state)
{
    (void)state;
    const double rate = 10000;
    const size_t n = (size_t)(20 * rate);
    double *clean = signal_new(n), *x = signal_new(n);
    uint64_t seed = 5;
    for (size_t i = 0; i < n; i++) {
        clean[i] = signal_gaussian(&seed);
        x[i] = clean[i];
        for (int k = 1; k <= 30; k++)
            x[i] += 4 * cos(k * 2 * TEST_PI * 50.5 * (double)i / rate + k * k);
    }
    emg_powerline_plan plan = emg_powerline_defaults();
    plan.harmonics = EMG_POWERLINE_MOST_HARMONICS;
    emg_powerline_found found;
    double *y = hum_streamed(&plan, rate, x, n, 1, 5000, &found);
    const double left = hum_rms_between(clean, y, 0, n), least = sqrt(62 / (rate * 2)); /* 62 figures in 2 s */
    if (!(left < 2 * least))
        fail_msg("%.3f sigma left", left);
    free(y);
    plan.top_hz = 520; /* nine harmonics and a hertz a piece */
    y = hum_streamed(&plan, rate, x, n, 1, 5000, &found);
    assert_near(found.amplitude, 4 * sqrt(10), 0.5);
    free(y);
    free(x);
    free(clean);
}

/* Pieces of 0.6 to 4 s between gaps, each with hum of eight times the noise: no end of any of them shows activity, each
 * is as it would be alone, and a piece too short to fit passes to the bit. */
static void gaps_and_ends(void **state)
{
    (void)state;
    const emg_powerline_plan plan = emg_powerline_defaults();
    const size_t room = (size_t)(5 * RATE);
    hum_taken taken = { signal_new(room), 1, 0, room, EMG_OK };
    emg_powerline_stream *m;
    assert_int_equal(emg_powerline_stream_new(&m, &plan, RATE, 1, hum_take, &taken, NULL), EMG_OK);
    uint64_t seed = 21;
    for (double length = 0.2; length < 4; length += 0.173) {
        const size_t n = (size_t)(length * RATE);
        double *clean = signal_new(n), *x = signal_new(n), most = 0;
        for (size_t i = 0; i < n; i++) {
            clean[i] = 700 * length + signal_gaussian(&seed);
            x[i] = clean[i] + 11 * hum_at(59.7, 10 * length + (double)i / RATE);
        }
        taken.n_frames = 0;
        assert_int_equal(emg_powerline_stream_push(m, x, n, NULL), EMG_OK);
        assert_int_equal(emg_powerline_stream_finish(m, NULL), EMG_OK);
        assert_int_equal(taken.n_frames, n);
        for (size_t i = 0; i < n; i++)
            most = fmax(most, fabs(taken.x[i] - clean[i]));
        if (length < 0.5)
            assert_memory_equal(taken.x, x, n * sizeof *x);
        else if (!(most < 1.5))
            fail_msg("%.2f s: %.2f sigma left somewhere", length, most);
        double *alone = hum_streamed(&plan, RATE, x, n, 1, 100, NULL);
        assert_memory_equal(alone, taken.x, n * sizeof *x);
        free(alone);
        free(x);
        free(clean);
    }
    emg_powerline_stream_free(m);
    free(taken.x);
}

/* The same behind the band-pass that follows in conditioning: none of it rings where hum begins and ends. */
static void gaps_and_ends_behind_a_filter(void **state)
{
    (void)state;
    const double sigma = sqrt(RATE / 2 / (hum_band_high(RATE) - 20));
    uint64_t seed = 22;
    for (double length = 0.6; length < 4; length += 0.173) {
        const size_t n = (size_t)(length * RATE);
        double *clean = signal_new(n), *x = signal_new(n), most = 0;
        for (size_t i = 0; i < n; i++) {
            clean[i] = 700 * length + sigma * signal_gaussian(&seed);
            x[i] = clean[i] + 11 * hum_at(50.2, 10 * length + (double)i / RATE);
        }
        float *banded = hum_conditioned(RATE, EMG_POWERLINE_OFF, clean, n);
        float *y = hum_conditioned(RATE, EMG_POWERLINE_AUTO, x, n);
        for (size_t i = 0; i < n; i++)
            most = fmax(most, fabs((double)y[i] - (double)banded[i]));
        if (!(most < 1.5))
            fail_msg("%.2f s: %.2f sigma left somewhere", length, most);
        free(y);
        free(banded);
        free(x);
        free(clean);
    }
}

static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    const size_t n = (size_t)(7.2 * RATE);
    const emg_powerline_plan plan = emg_powerline_defaults();
    double *x = signal_new(n);
    uint64_t seed = 33;
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / RATE;
        x[i] = -900 + signal_gaussian(&seed) + 8 * hum_at(50.3, t) + 30 * hum_discharge(fmod(t, 0.7) - 0.2);
    }
    double *alone = hum_streamed(&plan, RATE, x, n, 1, n, NULL);
    assert_false(hum_same_bits(alone, x, n));
    for (size_t m = 2; m <= 64; m = m * 2 + 1) {
        double *group = signal_new(n * m);
        for (size_t i = 0; i < n; i++) {
            for (size_t c = 0; c < m; c++) {
                double other = c % 2 ? 200 * hum_at(60.2, (double)i / RATE) : 30 * signal_noise(&seed);
                group[i * m + c] = c + 1 == m ? x[i] : other;
            }
        }
        double *y = hum_streamed(&plan, RATE, group, n, m, 37 * m, NULL);
        for (size_t i = 0; i < n; i++)
            assert_memory_equal(&y[i * m + m - 1], &alone[i], sizeof *y);
        free(y);
        free(group);
    }
    free(alone);
    free(x);
}

static void modes_choose_the_line(void **state)
{
    (void)state;
    const size_t n = (size_t)(10 * RATE);
    double *x = signal_new(n);
    uint64_t seed = 32;
    for (size_t i = 0; i < n; i++)
        x[i] = 3 * signal_gaussian(&seed) + 30 * hum_at(60, (double)i / RATE);
    static const struct {
        double stated_hz;
        emg_powerline mode;
        bool removed;
    } cases[] = {
        { 0, EMG_POWERLINE_AUTO, true }, { 60, EMG_POWERLINE_AUTO, true }, { 50, EMG_POWERLINE_AUTO, false },
        { 60, EMG_POWERLINE_50, false }, { 0, EMG_POWERLINE_60, true },    { 60, EMG_POWERLINE_OFF, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_powerline_plan plan = emg_powerline_defaults();
        plan.mode = cases[i].mode;
        plan.stated_hz = cases[i].stated_hz;
        emg_powerline_found found;
        double *y = hum_streamed(&plan, RATE, x, n, 1, 700, &found);
        if (cases[i].removed != (found.share == 1) || cases[i].removed == hum_same_bits(x, y, n))
            fail_msg("case %zu: share %g", i, found.share);
        assert_true(!cases[i].removed || found.nominal_hz == 60);
        free(y);
    }
    free(x);
}

/* Where no line can be, samples pass as they are pushed. */
static void off_passes_at_once(void **state)
{
    (void)state;
    static const struct {
        emg_powerline mode;
        double rate_hz, top_hz;
    } cases[] = { { EMG_POWERLINE_OFF, 2000, 500 },
                  { EMG_POWERLINE_AUTO, 100, 500 },
                  { EMG_POWERLINE_AUTO, 2000, 40 } };
    const double x[6] = { 1, -2, 3, -0.0, 5, 6 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hum_taken taken = { signal_new(6), 2, 0, 3, EMG_OK };
        const emg_powerline_plan plan = { cases[i].mode, 16, 9, 0, cases[i].top_hz };
        emg_powerline_stream *m;
        emg_powerline_found found;
        assert_int_equal(emg_powerline_stream_new(&m, &plan, cases[i].rate_hz, 2, hum_take, &taken, NULL), EMG_OK);
        assert_int_equal(emg_powerline_stream_latency(m), 0);
        assert_int_equal(emg_powerline_stream_push(m, x, 3, NULL), EMG_OK);
        assert_memory_equal(taken.x, x, sizeof x);
        assert_int_equal(emg_powerline_stream_finish(m, NULL), EMG_OK);
        assert_int_equal(emg_powerline_stream_found(m, 1, &found, NULL), EMG_OK);
        assert_true(isnan(found.share) && found.amplitude == 0);
        emg_powerline_stream_free(m);
        free(taken.x);
    }
}

static void refusals(void **state)
{
    (void)state;
    const emg_powerline_plan good = emg_powerline_defaults();
    const struct {
        emg_powerline_plan plan;
        double rate_hz;
        size_t n_channels;
        const char *text;
        emg_status status;
    } cases[] = {
        { { EMG_POWERLINE_AUTO, 0, 9, 0, 500 }, RATE, 1, "0 mains harmonics is not within 1 to 32", EMG_ERANGE },
        { { EMG_POWERLINE_OFF, 33, 9, 0, 500 }, RATE, 1, "33 mains harmonics is not within 1 to 32", EMG_ERANGE },
        { { EMG_POWERLINE_AUTO, 9, -1, 0, 500 }, RATE, 1, "a line kept above -1 dB is not within 0 to 60", EMG_ERANGE },
        { { EMG_POWERLINE_AUTO, 9, 9, -50, 500 },
          RATE,
          1,
          "the line frequency stated, -50 Hz, is not 0 or above",
          EMG_ERANGE },
        { { EMG_POWERLINE_AUTO, 9, 9, 0, 0 }, RATE, 1, "the highest mains harmonic, 0 Hz, is not above 0", EMG_ERANGE },
        { { (emg_powerline)7, 9, 9, 0, 500 }, RATE, 1, "7 is no way to look for a mains line", EMG_EARG },
        { good, 0, 1, "sampling rate 0 Hz is not above 0 and up to 200000", EMG_ERANGE },
        { good, 3e5, 1, "sampling rate 300000 Hz is not above 0 and up to 200000", EMG_ERANGE },
        { good, RATE, 0, "0 channels in a group is not within 1 to 64", EMG_ERANGE },
        { good, RATE, 65, "65 channels in a group is not within 1 to 64", EMG_ERANGE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_error err = EMG_ERROR_NONE;
        emg_powerline_stream *m = (emg_powerline_stream *)&err;
        assert_int_equal(
            emg_powerline_stream_new(&m, &cases[i].plan, cases[i].rate_hz, cases[i].n_channels, hum_take, &err, &err),
            cases[i].status);
        assert_string_equal(err.text, cases[i].text);
        assert_null(m);
    }
    emg_powerline_stream *m;
    assert_int_equal(emg_powerline_stream_new(&m, &good, RATE, 1, NULL, NULL, NULL), EMG_EARG);
}

static void failures(void **state)
{
    (void)state;
    const emg_powerline_plan plan = emg_powerline_defaults();
    const size_t n = (size_t)(4 * RATE);
    double *x = signal_new(n);
    hum_taken taken = { signal_new(n), 2, 0, n / 2, EMG_EIO };
    emg_error err = EMG_ERROR_NONE;
    emg_powerline_found found;
    emg_powerline_stream *m;
    assert_int_equal(emg_powerline_stream_new(&m, &plan, RATE, 2, hum_take, &taken, NULL), EMG_OK);
    x[5] = INFINITY;
    assert_int_equal(emg_powerline_stream_push(m, x, 3, &err), EMG_EARG);
    assert_string_equal(err.text, "a sample of channel 2 of the group is not finite");
    x[5] = 0;
    assert_int_equal(emg_powerline_stream_found(m, 2, &found, NULL), EMG_EARG);
    assert_int_equal(emg_powerline_stream_push(m, x, n / 2, NULL), EMG_OK);
    assert_int_equal(emg_powerline_stream_finish(m, NULL), EMG_EIO);
    emg_powerline_stream_free(m);
    emg_powerline_stream_free(NULL);
    free(taken.x);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_without_hum),
        cmocka_unit_test(weak_hum_is_kept),
        cmocka_unit_test(noise_above_the_top_does_not_count),
        cmocka_unit_test(any_rate),
        cmocka_unit_test(many_harmonics),
        cmocka_unit_test(gaps_and_ends),
        cmocka_unit_test(gaps_and_ends_behind_a_filter),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(modes_choose_the_line),
        cmocka_unit_test(off_passes_at_once),
        cmocka_unit_test(refusals),
        cmocka_unit_test(failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
