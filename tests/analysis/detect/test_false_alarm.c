/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise alone seems to hold as many discharges as the setting says, at every sampling rate. */
#include "support/test.h"

#include <math.h>

#include "analysis/detect/detect.h"
#include "support/drive.h"

static size_t discharges(const drive_signal *signal, const emg_config *config)
{
    drive_plan plan = { .block = 4096, .group = 1, .config = config };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(signal, &plan, &result, NULL), EMG_OK);
    size_t n = 0;
    bool found = true;
    for (emg_event e; emg_result_next_discharge(result, &e, &found, NULL) == EMG_OK && found;)
        n++;
    emg_result_free(result);
    return n;
}

/* Ten minutes at five a minute: 50, give or take twice their root, and what the model is wrong by. */
static void as_many_as_asked_for(void **state)
{
    (void)state;
    const double rates[] = { 200, 256, 500, 1000, 2048, 5000 };
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        drive_signal s = drive_noise(1, rates[r], 600, 5, 31 + r);
        emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
        config.detect.false_per_min = 5;
        const size_t n = discharges(&s, &config);
        config.detect.false_per_min = emg_config_defaults(EMG_PRESET_SURFACE).detect.false_per_min;
        const size_t usual = discharges(&s, &config);
        print_message("%g Hz: %zu in 10 min, with the default %zu\n", rates[r], n, usual);
        assert_in_range(n, 28, 85);
        assert_in_range(usual, 0, 2);
        drive_free(&s);
    }
}

/* The narrower the band, the more the noise's own level goes up and down: no contraction for that. */
static void noise_of_a_narrow_band_contracts_nowhere(void **state)
{
    (void)state;
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    for (uint64_t seed = 3; seed <= 5; seed++) {
        drive_signal s = drive_noise(1, 200, 1800, 5, seed);
        drive_plan plan = { .block = 4096, .group = 1, .config = &config };
        emg_result *result = NULL;
        assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
        bool found = true;
        for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;)
            assert_int_not_equal(e.trial_type, EMG_TONIC);
        emg_result_free(result);
        drive_free(&s);
    }
}

static void the_size_of_a_rate(void **state)
{
    (void)state;
    for (double high = 50; high < 1000; high *= 2) {
        const double size = emgp_false_alarm_size(0.05, high);
        assert_true(fabs(emgp_false_alarms(size, high) - 0.05) < 1e-6);
        assert_true(size > 4.9 && size < 6);
    }
    assert_true(fabs(emgp_false_alarm_size(1e6, 450) - EMGP_LEAST_SIZE) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_asked_for),
        cmocka_unit_test(noise_of_a_narrow_band_contracts_nowhere),
        cmocka_unit_test(the_size_of_a_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
