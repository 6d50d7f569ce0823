/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each potential once: at low rates, with a tail, and two where there are two. */
#include "support/test.h"

#include <math.h>

#include "analysis/detect/detect.h"
#include "support/drive.h"

static size_t discharges(const drive_signal *signal, emg_event *out, size_t room)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    drive_plan plan = { .block = 4096, .group = 1, .config = &config };
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

/* Potentials of 8 ms, between samples of any rate: once each, but for one in twenty at the lowest. Both their ends are large. */
static void once_at_every_rate(void **state)
{
    (void)state;
    const double rates[] = { 250, 256, 400, 500, 1000, 2000, 4000, 10000 };
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        enum { N = 20 };
        drive_signal s = drive_noise(1, rates[r], 60, 0.5, 3 + r);
        for (int k = 0; k < N; k++)
            for (int part = -2; part <= 2; part++) /* a wide one: five side by side */
                drive_add_potential(&s, 0, 1.3 + 2.77123 * k + 0.0011 * part, 10);
        emg_event found[100];
        const size_t n = discharges(&s, found, 100), slack = rates[r] < 500 ? 1 : 0;
        size_t hits = 0;
        for (int k = 0; k < N; k++)
            for (size_t i = 0; i < n; i++)
                hits += fabs(found[i].peak_s - 1.3 - 2.77123 * k) < 0.006;
        print_message("%g Hz: %zu told, %zu of %d right\n", rates[r], n, hits, N);
        assert_in_range(n, N - slack, N + slack);
        assert_in_range(hits, N - slack, N);
        drive_free(&s);
    }
}

static void tails_and_doublets(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 60, 1, 9);
    for (int k = 0; k < 10; k++) {
        drive_add_potential(&s, 0, 1 + k, 60);
        drive_add_potential(&s, 0, 1 + k + 0.012, k % 2 ? 12 : -12); /* its own tail */
    }
    for (int k = 0; k < 10; k++) {
        drive_add_potential(&s, 0, 20 + k, 30);
        drive_add_potential(&s, 0, 20 + k + 0.03 + 0.008 * k, 20); /* a doublet */
    }
    emg_event found[100];
    assert_int_equal(discharges(&s, found, 100), 30);
    for (size_t k = 0; k < 10; k++)
        assert_true(fabs(found[k].peak_s - 1 - (double)k) < 0.001);
    drive_free(&s);
}

/* Two waves 18 ms apart with 9 ms of silence between: one potential where the signal ends at 90 Hz, two where it does not. */
static void waves_of_a_narrow_band(void **state)
{
    (void)state;
    enum { RATE = 2000, N = 400, AT = 180, APART = 36 };
    float x[N] = { 0 }, power[N] = { 0 };
    for (int i = -9; i <= 9; i++)
        x[AT + i] = x[AT + APART + i] = 6;
    power[AT] = 49;
    power[AT + APART] = 36;
    const emgp_page page = { .n_frames = N, .rate_hz = RATE, .sigma = 1, .starts_segment = true, .ends_segment = true };
    emgp_bank_output bank = { .x = x, .power = power, .n = N, .rate_hz = RATE, .unit = 1, .step = 1 };
    emgp_candidates *candidates = NULL;
    assert_int_equal(emgp_candidates_new(&candidates, N, NULL), EMG_OK);
    for (bank.high_hz = 90; bank.high_hz <= 450; bank.high_hz *= 5) {
        size_t at, n = 0;
        float size;
        emgp_candidates_find(candidates, &bank, &page);
        while (emgp_candidates_next(candidates, &at, &size))
            n++;
        assert_int_equal(n, bank.high_hz < 100 ? 1 : 2);
    }
    emgp_candidates_free(candidates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_at_every_rate),
        cmocka_unit_test(tails_and_doublets),
        cmocka_unit_test(waves_of_a_narrow_band),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
