/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discharges by table: how many of known potentials are found, how large, how many that are not there. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "support/drive.h"

/* The discharges of channel 0. */
static size_t discharges(const drive_signal *signal, const emg_config *config, emg_event *out, size_t room)
{
    drive_plan plan = { .block = 4096, .group = 1, .config = config };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(signal, &plan, &result, NULL), EMG_OK);
    size_t n = 0;
    bool found = true;
    for (emg_event e; emg_result_next_discharge(result, &e, &found, NULL) == EMG_OK && found;)
        if (n < room)
            out[n++] = e;
    emg_result_free(result);
    return n;
}

typedef struct promise {
    double peak_sigmas;     /* largest deflection over the noise's sigma, before the band-pass */
    double least_found;     /* share of the potentials found within 3 ms */
    size_t most_false;      /* in two minutes */
    double amplitude_error; /* of the median peak to peak */
} promise;

/* White noise of sigma 1 has sigma 0.65 in 20-450 Hz at 2 kHz: 10 sigmas stand at 23.7 dB. */
static const promise promises[] = { { 30, 1.00, 1, 0.05 }, { 10, 1.00, 1, 0.10 }, { 6, 0.95, 1, 0.15 } };

static void known_potentials(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof promises / sizeof *promises; p++) {
        drive_signal s = drive_noise(1, 2000, 120, 1, 17 + p);
        enum { N = 150 };
        for (int k = 0; k < N; k++)
            drive_add_potential(&s, 0, 0.5 + 0.79 * k + 0.05 * (k % 5), promises[p].peak_sigmas);
        emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
        emg_event found[400];
        size_t n = discharges(&s, &config, found, 400), matched = 0, k = 0;
        double amplitude = 0;
        for (int t = 0; t < N; t++) {
            double time = 0.5 + 0.79 * t + 0.05 * (t % 5);
            while (k < n && found[k].peak_s < time - 0.003)
                k++;
            if (k < n && fabs(found[k].peak_s - time) <= 0.003) {
                matched++;
                amplitude += found[k].amplitude;
            }
        }
        /* From the central 1 to the smallest phase, -2 exp(-3/2). */
        double truth = promises[p].peak_sigmas * (1 + 2 * exp(-1.5)), mean = amplitude / (double)matched;
        print_message("%g sigma: %zu of %d, %zu false, amplitude %.3g of %.3g\n", promises[p].peak_sigmas, matched, N,
                      n - matched, mean, truth);
        assert_true((double)matched >= promises[p].least_found * N);
        assert_true(n - matched <= promises[p].most_false);
        assert_true(fabs(mean / truth - 1) <= promises[p].amplitude_error);
        drive_free(&s);
    }
}

static void noise_alone(void **state)
{
    (void)state;
    const double rates[] = { 500, 1000, 2000, 4000 };
    for (size_t r = 0; r < 4; r++) {
        drive_signal s = drive_noise(1, rates[r], 300, 5, 91 + r);
        emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
        emg_event found[100];
        size_t n = discharges(&s, &config, found, 100);
        print_message("%g Hz: %zu in 5 min of noise\n", rates[r], n);
        assert_true(n <= 1);
        drive_free(&s);
    }
}

/* A hold of a minute and a half and fifty times the noise does not blind what comes after it. */
static void seen_after_a_long_hold(void **state)
{
    (void)state;
    enum { N = 20 };
    drive_signal s = drive_noise(1, 2000, 180, 1, 23);
    for (size_t i = 5 * 2000; i < 92 * 2000; i++)
        s.x[i] *= 50;
    for (int k = 0; k < N; k++)
        drive_add_potential(&s, 0, 105 + 2.13 * k, 12);
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_event found[400];
    size_t n = discharges(&s, &config, found, 400), hits = 0;
    for (int k = 0; k < N; k++)
        for (size_t i = 0; i < n; i++)
            hits += fabs(found[i].peak_s - 105 - 2.13 * k) <= 0.003;
    assert_in_range(hits, N - 1, N);
    drive_free(&s);
}

static void doublets_are_two_and_phases_one(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 10, 1, 5);
    drive_add_potential(&s, 0, 2, 40);
    drive_add_potential(&s, 0, 2.032, 40); /* an F-wave doublet */
    drive_add_potential(&s, 0, 6, 40);     /* three phases within 8 ms */
    drive_add_potential(&s, 0, 6.004, -30);
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_event found[20];
    assert_int_equal(discharges(&s, &config, found, 20), 3);
    assert_true(fabs(found[0].peak_s - 2) < 0.001 && fabs(found[1].peak_s - 2.032) < 0.001);
    assert_true(found[2].onset_s > 5.985 && found[2].onset_s < 6 && found[2].duration_s < 0.025);
    drive_free(&s);
}

static void settings_are_heard(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 10, 1, 6);
    drive_add_potential(&s, 0, 3, 12);
    drive_add_potential(&s, 0, 6, 100);
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_event found[20];
    assert_int_equal(discharges(&s, &config, found, 20), 2);
    config.detect.least_amplitude_uv = 60;
    assert_int_equal(discharges(&s, &config, found, 20), 1);
    assert_true(fabs(found[0].peak_s - 6) < 0.001);
    drive_free(&s);
}

/* A needle's band: a threshold finds its potentials. */
static void needle_settings_are_heard(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 10000, 10, 1, 6);
    drive_add_potential(&s, 0, 3, 12);
    drive_add_potential(&s, 0, 6, 100);
    emg_event found[20];
    const emg_config needle = emg_config_defaults(EMG_PRESET_NEEDLE);
    emg_config config = needle;
    assert_int_equal(discharges(&s, &config, found, 20), 2);
    config.detect.threshold_sigma = config.detect.alone_sigma = 20;
    assert_int_equal(discharges(&s, &config, found, 20), 1);
    config = needle;
    config.detect.alone_sigma = 30;
    config.detect.energy_ratio = 100;
    assert_int_equal(discharges(&s, &config, found, 20), 1);
    drive_free(&s);
}

/* Two spikes of a needle, each narrow enough for its band. */
static void add_spike(drive_signal *s, double time_s, double peak)
{
    const double width = 0.0003 * s->rate_hz, centre = time_s * s->rate_hz;
    for (long i = (long)(centre - 6 * width); i <= (long)(centre + 6 * width); i++) {
        const double z = ((double)i - centre) / width;
        s->x[i] += peak * (1 - z * z) * exp(-z * z / 2);
    }
}

/* Near potentials of a needle are two where the signal parts them, and one where it does not. */
static void near_needle_potentials(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 20000, 10, 1, 5);
    add_spike(&s, 2, 100);
    add_spike(&s, 2.0035, 80);
    add_spike(&s, 6, 100);
    add_spike(&s, 6.0012, -80);
    const emg_config config = emg_config_defaults(EMG_PRESET_NEEDLE);
    emg_event found[20];
    assert_int_equal(discharges(&s, &config, found, 20), 3);
    assert_true(fabs(found[0].peak_s - 2) < 0.0003 && fabs(found[1].peak_s - 2.0035) < 0.0003);
    assert_true(found[0].onset_s + found[0].duration_s <= found[1].onset_s + 1e-4);
    drive_free(&s);
}

/* Where small units never fall silent, a needle's discharges are those that stand out of them. */
static void needle_never_silent(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 20000, 20, 1, 7);
    for (int i = 0; i < 4900; i++)
        add_spike(&s, 0.1 + 0.004 * i, 9);
    for (int i = 0; i < 150; i++)
        add_spike(&s, 2.0005 + 0.1 * i, 200);
    const emg_config config = emg_config_defaults(EMG_PRESET_NEEDLE);
    emg_event found[200];
    assert_int_equal(discharges(&s, &config, found, 200), 150);
    for (size_t i = 0; i < 150; i++)
        assert_true(found[i].duration_s < 0.01);
    drive_free(&s);
}

static void edges_are_told(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 10, 1, 8);
    drive_add_potential(&s, 0, 0.004, 60);
    drive_add_potential(&s, 0, 5, 60);
    drive_add_potential(&s, 0, 9.996, 60);
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_event found[20];
    size_t n = discharges(&s, &config, found, 20);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(found[i].reasons >> EMG_B_EDGE & 1, i != 1);
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_potentials),       cmocka_unit_test(noise_alone),
        cmocka_unit_test(seen_after_a_long_hold), cmocka_unit_test(doublets_are_two_and_phases_one),
        cmocka_unit_test(settings_are_heard),     cmocka_unit_test(needle_settings_are_heard),
        cmocka_unit_test(near_needle_potentials), cmocka_unit_test(needle_never_silent),
        cmocka_unit_test(edges_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
