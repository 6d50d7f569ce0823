/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mains removal: hum goes, everything else stays, to the bit where there is none. */
#include "support/test.h"

#include <stdbool.h>

#include "condition/powerline/powerline.h"
#include "dsp/signal.h"

enum { RATE = 2048 };

static const emgp_powerline_setting automatic = { EMG_POWERLINE_AUTO, 16, 9, 0, NULL, 0 };

/* Makes of the lines gathered what is left of x without them. */
static void take_off(gathered *g, const float *x)
{
    for (size_t i = 0; i < g->n_frames * g->n_channels; i++)
        g->x[i] = x[i] - g->x[i];
}

/* Without what emgp_powerline finds, pushed `cut` frames at a time. */
static gathered cleaned_at(double rate_hz, const emgp_powerline_setting *setting, const float *x, size_t n,
                           size_t n_channels, size_t cut, emg_powerline_found *lines)
{
    gathered g = { .n_channels = n_channels };
    emgp_powerline *m;
    assert_int_equal(emgp_powerline_new(&m, setting, rate_hz, 450, n_channels, gather, &g, NULL), EMG_OK);
    for (size_t at = 0; at < n; at += cut)
        assert_int_equal(emgp_powerline_push(m, x + at * n_channels, cut < n - at ? cut : n - at, NULL), EMG_OK);
    assert_int_equal(emgp_powerline_finish(m, NULL), EMG_OK);
    assert_int_equal(g.n_frames, n);
    for (size_t channel = 0; lines && channel < n_channels; channel++)
        lines[channel] = emgp_powerline_found(m, channel);
    emgp_powerline_free(m);
    take_off(&g, x);
    return g;
}

static gathered cleaned(const emgp_powerline_setting *setting, const float *x, size_t n, size_t n_channels, size_t cut,
                        emg_powerline_found *lines)
{
    return cleaned_at(RATE, setting, x, n, n_channels, cut, lines);
}

static float *new_signal(size_t n)
{
    float *x = calloc(n, sizeof *x);
    if (!x)
        abort();
    return x;
}

static void add_noise(float *x, size_t n, double sigma, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        x[i] += (float)(sigma * signal_noise(&seed));
}

/* Fundamental and third and fifth harmonic of 0.3 and 0.2, by strength over time. */
static double hum(double f_hz, double t_s)
{
    double p = 2 * TEST_PI * f_hz * t_s;
    return sin(p + 0.3) + 0.3 * sin(3 * p + 1) + 0.2 * sin(5 * p + 2);
}

/* A triphasic discharge of about 8 ms and this peak, at time 0. */
static double discharge(double peak, double t_s)
{
    double u = t_s / 0.002;
    return peak * (1 - u * u) * exp(-u * u / 2);
}

static double rms(const float *a, const float *b, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += ((double)a[i] - (b ? (double)b[i] : 0)) * ((double)a[i] - (b ? (double)b[i] : 0));
    return sqrt(sum / (double)(to - from));
}

typedef struct steady {
    double f_hz, amplitude, noise;
    double most_left; /* RMS of what is left of the hum or taken from the signal, against the hum's RMS */
} steady;

static void steady_hum_goes(void **state)
{
    (void)state;
    static const steady cases[] = {
        { 50, 50, 5, 0.02 },   { 60, 50, 5, 0.02 },    { 49.7, 200, 5, 0.01 }, { 50.85, 200, 5, 0.01 },
        { 59.2, 30, 5, 0.03 }, { 60.93, 30, 5, 0.03 }, { 50, 3, 5, 0.2 },      { 50, 200, 0, 0.002 },
    };
    const size_t n = 20 * RATE + 700;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const steady *k = &cases[c];
        float *clean = new_signal(n), *x = new_signal(n);
        add_noise(clean, n, k->noise, 70 + c);
        for (size_t i = 0; i < n; i++)
            x[i] = clean[i] + (float)(k->amplitude * hum(k->f_hz, (double)i / RATE));
        emg_powerline_found line;
        gathered g = cleaned(&automatic, x, n, 1, 4096, &line);
        double left = rms(g.x, clean, 0, n) / rms(x, clean, 0, n);
        if (!(left < k->most_left))
            fail_msg("case %zu: %.4f of the hum is left", c, left);
        assert_near(line.frequency_hz, k->f_hz, k->amplitude > 10 * k->noise ? 0.005 : 0.05);
        assert_near(line.amplitude / k->amplitude, sqrt(1 + 0.09 + 0.04), 0.05);
        assert_near(line.share, 1, 1e-12);
        free(g.x);
        free(x);
        free(clean);
    }
}

/* Rates at which a tenth of a second is no whole number of samples, or holds few harmonics, or many samples. */
static void any_rate(void **state)
{
    (void)state;
    static const double rates[] = { 120, 199.7, 250, 512, 1000, 1111.1, 4000, 20000, 48000 };
    for (size_t c = 0; c < sizeof rates / sizeof *rates; c++) {
        const size_t n = (size_t)(9.3 * rates[c]);
        float *clean = new_signal(n), *x = new_signal(n);
        add_noise(clean, n, 1, c);
        for (size_t i = 0; i < n; i++)
            x[i] = clean[i] + (float)(20 * sin(2 * TEST_PI * 49.95 * (double)i / rates[c]));
        emg_powerline_found line;
        gathered g = cleaned_at(rates[c], &automatic, x, n, 1, 5000, &line);
        double left = rms(g.x, clean, 0, n) / rms(x, clean, 0, n);
        if (!(left < 0.03))
            fail_msg("%g Hz: %.4f of the hum is left", rates[c], left);
        assert_near(line.frequency_hz, 49.95, 0.01);
        free(g.x);
        free(x);
        free(clean);
    }
}

/* Magnitudes whose squares overflow are no line, and pass as they are. */
static void absurd_samples_pass(void **state)
{
    (void)state;
    const size_t n = 4 * RATE;
    float *x = new_signal(n);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(1e30 * hum(50, (double)i / RATE));
    gathered g = cleaned(&automatic, x, n, 1, 5000, NULL);
    assert_memory_equal(g.x, x, n * sizeof *x);
    free(g.x);
    free(x);
}

/* Discharges of 20 times the noise, 1.5 a second: the hum goes as well, the discharges stay as they were. */
static void discharges_do_not_bend_the_fit(void **state)
{
    (void)state;
    const size_t n = 20 * RATE;
    float *clean = new_signal(n), *x = new_signal(n);
    add_noise(clean, n, 5, 8);
    uint64_t seed = 9;
    for (double at = 0.3; at < 19.5; at -= log(1 - signal_uniform(&seed)) / 1.5) {
        for (size_t i = 0; i < n; i++) {
            double t = (double)i / RATE - at;
            if (fabs(t) < 0.02)
                clean[i] += (float)discharge(100, t);
        }
    }
    for (size_t i = 0; i < n; i++)
        x[i] = clean[i] + (float)(20 * hum(50.2, (double)i / RATE));
    emg_powerline_found line;
    gathered g = cleaned(&automatic, x, n, 1, 999, &line);
    assert_true(rms(g.x, clean, 0, n) < 0.45);
    assert_near(line.frequency_hz, 50.2, 0.0005);
    free(g.x);
    free(x);
    free(clean);
}

/* Noise, discharges, regular bursts and silence without hum come out bit by bit as they went in. */
static void nothing_is_taken_where_no_hum_is(void **state)
{
    (void)state;
    const size_t n = 60 * RATE, channels = 4;
    float *x = new_signal(n * channels);
    uint64_t seed = 10;
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / RATE, qrs = fmod(t, 1 / 5.3);
        x[i * channels] = (float)(5 * signal_noise(&seed));
        x[i * channels + 1] = (float)(signal_noise(&seed) + discharge(200, fmod(t, 0.777) - 0.3));
        x[i * channels + 2] = (float)(signal_noise(&seed) * (qrs < 0.06 ? 60 : 3));
        x[i * channels + 3] = -0.0f;
    }
    emg_powerline_found lines[4];
    gathered g = cleaned(&automatic, x, n, channels, 5000, lines);
    assert_memory_equal(g.x, x, n * channels * sizeof *x);
    for (size_t channel = 0; channel < channels; channel++) {
        assert_true(lines[channel].share == 0);
        assert_true(isnan(lines[channel].frequency_hz));
    }
    free(g.x);
    free(x);
}

/* Pulses as regular as a clock have lines at 50 or 60 Hz too: they are no hum, and stay as they are. */
static void pulses_in_step_with_the_line_stay(void **state)
{
    (void)state;
    const size_t n = 20 * RATE;
    static const double rates[] = { 4, 5, 10, 12, 50.0 / 3, 20, 24.8, 25, 30, 100.0 / 3 };
    for (size_t c = 0; c < sizeof rates / sizeof *rates; c++) {
        float *x = new_signal(n);
        add_noise(x, n, 5, c);
        for (size_t i = 0; i < n; i++)
            x[i] += (float)discharge(100, fmod((double)i / RATE, 1 / rates[c]) - 0.03);
        gathered g = cleaned(&automatic, x, n, 1, 5000, NULL);
        if (memcmp(g.x, x, n * sizeof *x) != 0)
            fail_msg("pulses of %g Hz were changed", rates[c]);
        free(g.x);
        free(x);
    }
}

/* Switched on, swelling and fading: nowhere more is left than was there, and little where the hum is. */
static void changing_hum_leaves_no_more_than_was_there(void **state)
{
    (void)state;
    const size_t n = 24 * RATE, step = RATE / 4;
    for (int kind = 0; kind < 4; kind++) {
        float *clean = new_signal(n), *x = new_signal(n), *only = new_signal(n);
        add_noise(clean, n, 3, 21);
        for (size_t i = 0; i < n; i++) {
            double t = (double)i / RATE, strength = 0;
            if (kind == 0)
                strength = t >= 8.37 && t < 15.81;
            else if (kind == 1)
                strength = fmin(fmax((t - 6) / 6, 0), 1);
            else if (kind == 2)
                strength = 1 + 0.6 * sin(2 * TEST_PI * 0.25 * t);
            else
                strength = exp(-fabs(t - 11.7) / 1.5);
            only[i] = (float)(40 * strength * hum(50.1, t));
            x[i] = clean[i] + only[i];
        }
        gathered g = cleaned(&automatic, x, n, 1, 12345, NULL);
        for (size_t at = 0; at + step <= n; at += step) {
            double left = rms(g.x, clean, at, at + step), was = rms(only, NULL, at, at + step);
            if (!(left < 1.05 * was + 1.5))
                fail_msg("kind %d at %.2f s: hum of %.2f, %.2f left", kind, (double)at / RATE, was, left);
        }
        double left = rms(g.x, clean, 0, n) / rms(only, NULL, 0, n);
        if (!(left < (kind == 0 ? 0.25 : 0.15)))
            fail_msg("kind %d: %.3f of the hum is left", kind, left);
        free(g.x);
        free(only);
        free(x);
        free(clean);
    }
}

/* Below the noise by more than keep_db the line stays, to the bit; a larger keep_db takes it. */
static void weak_hum_is_kept(void **state)
{
    (void)state;
    const size_t n = 20 * RATE;
    float *x = new_signal(n);
    add_noise(x, n, 10, 31);
    for (size_t i = 0; i < n; i++)
        x[i] += (float)(3 * sin(2 * TEST_PI * 50 * (double)i / RATE)); /* 13.5 dB below */
    emg_powerline_found line;
    gathered g = cleaned(&automatic, x, n, 1, 5000, &line);
    assert_memory_equal(g.x, x, n * sizeof *x);
    free(g.x);
    emgp_powerline_setting eager = automatic;
    eager.keep_db = 18;
    g = cleaned(&eager, x, n, 1, 5000, &line);
    assert_true(line.share > 0.9);
    assert_near(line.amplitude, 3, 0.5);
    free(g.x);
    free(x);
}

static void modes_choose_the_line(void **state)
{
    (void)state;
    const size_t n = 10 * RATE;
    float *x = new_signal(n);
    add_noise(x, n, 3, 32);
    for (size_t i = 0; i < n; i++)
        x[i] += (float)(30 * hum(60, (double)i / RATE));
    static const struct {
        emg_powerline mode;
        double hint_hz;
        bool removed;
    } cases[] = {
        { EMG_POWERLINE_AUTO, 0, true }, { EMG_POWERLINE_AUTO, 60, true }, { EMG_POWERLINE_AUTO, 50, false },
        { EMG_POWERLINE_50, 60, false }, { EMG_POWERLINE_60, 0, true },    { EMG_POWERLINE_AUTO, 16, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emgp_powerline_setting setting = automatic;
        setting.mode = cases[i].mode;
        setting.hint_hz = cases[i].hint_hz;
        emg_powerline_found line;
        gathered g = cleaned(&setting, x, n, 1, 700, &line);
        if (cases[i].removed != (line.share == 1) || cases[i].removed == (memcmp(g.x, x, n * sizeof *x) == 0))
            fail_msg("case %zu: share %g", i, line.share);
        free(g.x);
    }
    free(x);
}

/* From half a second on a segment is fitted once; below it passes unchanged. */
static void short_segments(void **state)
{
    (void)state;
    for (size_t n = 1; n < 3 * RATE; n += 173) {
        float *clean = new_signal(n), *x = new_signal(n);
        add_noise(clean, n, 2, n);
        for (size_t i = 0; i < n; i++)
            x[i] = clean[i] + (float)(40 * hum(49.9, (double)i / RATE));
        emg_powerline_found line;
        gathered g = cleaned(&automatic, x, n, 1, 100, &line);
        if (n < RATE / 2) {
            assert_memory_equal(g.x, x, n * sizeof *x);
            assert_true(isnan(line.share));
        } else if (n > RATE / 2 + RATE / 10) {
            double left = rms(g.x, clean, 0, n);
            if (!(left < 1.5))
                fail_msg("%zu frames: %.2f left", n, left);
        }
        free(g.x);
        free(x);
        free(clean);
    }
}

static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    const size_t n = 7 * RATE + 333;
    float *x = new_signal(n);
    add_noise(x, n, 3, 33);
    for (size_t i = 0; i < n; i++)
        x[i] += (float)(15 * hum(50.3, (double)i / RATE) + discharge(90, fmod((double)i / RATE, 0.7) - 0.2));
    gathered alone = cleaned(&automatic, x, n, 1, n, NULL);
    assert_true(memcmp(alone.x, x, n * sizeof *x) != 0);
    for (size_t m = 2; m <= 64; m = m * 2 + 1) {
        float *group = new_signal(n * m);
        uint64_t seed = m;
        for (size_t i = 0; i < n; i++) {
            for (size_t channel = 0; channel < m; channel++) {
                double other = channel % 2 ? 200 * hum(60.2, (double)i / RATE) : 30 * signal_noise(&seed);
                group[i * m + channel] = channel + 1 == m ? x[i] : (float)other;
            }
        }
        gathered g = cleaned(&automatic, group, n, m, 211 * m, NULL);
        for (size_t i = 0; i < n; i++)
            assert_memory_equal(&g.x[i * m + m - 1], &alone.x[i], sizeof(float));
        free(g.x);
        free(group);
    }
    free(alone.x);
    free(x);
}

/* A segment knows nothing of the one before. */
static void segments_are_strangers(void **state)
{
    (void)state;
    const size_t n = 5 * RATE + 300;
    float *x = new_signal(n), *other = new_signal(n);
    add_noise(x, n, 3, 51);
    add_noise(other, n, 0.5, 52);
    for (size_t i = 0; i < n; i++) {
        x[i] += (float)(15 * hum(50.1, (double)i / RATE));
        other[i] += (float)(150 * hum(49.6, (double)i / RATE));
    }
    gathered alone = cleaned(&automatic, x, n, 1, n, NULL), g = { .n_channels = 1 };
    emgp_powerline *m;
    assert_int_equal(emgp_powerline_new(&m, &automatic, RATE, 450, 1, gather, &g, NULL), EMG_OK);
    assert_int_equal(emgp_powerline_push(m, other, n, NULL), EMG_OK);
    assert_int_equal(emgp_powerline_finish(m, NULL), EMG_OK);
    g.n_frames = 0;
    assert_int_equal(emgp_powerline_push(m, x, n, NULL), EMG_OK);
    assert_int_equal(emgp_powerline_finish(m, NULL), EMG_OK);
    assert_int_equal(g.n_frames, n);
    take_off(&g, x);
    assert_memory_equal(g.x, alone.x, n * sizeof *x);
    emgp_powerline_free(m);
    free(g.x);
    free(alone.x);
    free(other);
    free(x);
}

static void refusals_and_failures(void **state)
{
    (void)state;
    emgp_powerline *m;
    emg_error err = EMG_ERROR_NONE;
    emgp_powerline_setting setting = automatic;
    setting.harmonics = 33;
    assert_int_equal(emgp_powerline_new(&m, &setting, RATE, 450, 1, gather, NULL, &err), EMG_ERANGE);
    assert_string_equal(err.text, "33 mains harmonics is not within 1 to 32");
    assert_int_equal(emgp_powerline_new(&m, &automatic, 0, 450, 1, gather, NULL, NULL), EMG_ERANGE);
    assert_int_equal(emgp_powerline_new(&m, &automatic, RATE, 450, 0, gather, NULL, NULL), EMG_ERANGE);
    assert_null(m);
    gathered g = { .n_channels = 1, .answer = EMG_EIO };
    assert_int_equal(emgp_powerline_new(&m, &automatic, RATE, 450, 1, gather, &g, NULL), EMG_OK);
    float *x = new_signal(3 * RATE);
    assert_int_equal(emgp_powerline_push(m, x, 3 * RATE, NULL), EMG_EIO);
    emgp_powerline_free(m);
    free(g.x);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_hum_goes),
        cmocka_unit_test(any_rate),
        cmocka_unit_test(absurd_samples_pass),
        cmocka_unit_test(discharges_do_not_bend_the_fit),
        cmocka_unit_test(nothing_is_taken_where_no_hum_is),
        cmocka_unit_test(pulses_in_step_with_the_line_stay),
        cmocka_unit_test(changing_hum_leaves_no_more_than_was_there),
        cmocka_unit_test(weak_hum_is_kept),
        cmocka_unit_test(modes_choose_the_line),
        cmocka_unit_test(short_segments),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(segments_are_strangers),
        cmocka_unit_test(refusals_and_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
