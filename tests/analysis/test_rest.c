/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seconds at rest, what is counted in them, and discharges too small for a word. */
#include "support/test.h"

#include <math.h>

#include "support/drive.h"

enum { RATE = 2000, SECONDS = 60, N_ONSETS = 6 };
static const double onsets[N_ONSETS] = { 5.2, 8.9, 14.3, 31.1, 33.4, 52.7 };

static drive_signal twitches(double sigma, double peak)
{
    drive_signal s = drive_noise(1, RATE, SECONDS, sigma, 33);
    for (size_t i = 0; i < N_ONSETS; i++)
        drive_add_potential(&s, 0, onsets[i], peak);
    return s;
}

static void add_contraction(drive_signal *s, double from_s, double to_s)
{
    for (int k = 0; from_s + 0.011 * k < to_s; k++)
        drive_add_potential(s, 0, from_s + 0.011 * k + 0.002 * (k * 7 % 5), k % 2 ? 90 : -80);
}

typedef struct outcome {
    emg_summary summary;
    size_t n_rows, n_fasciculations;
} outcome;

static outcome outcome_of(const drive_signal *s, const emg_config *config)
{
    const drive_plan plan = { .block = 1000, .group = 1, .config = config };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(s, &plan, &result, NULL), EMG_OK);
    outcome o = { .summary = *emg_result_muscle(result, 0) };
    bool found = true;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; o.n_rows++)
        o.n_fasciculations += e.trial_type == EMG_FASCICULATION;
    emg_result_free(result);
    return o;
}

static void contractions_are_no_rest(void **state)
{
    (void)state;
    drive_signal s = twitches(3, 150);
    add_contraction(&s, 20, 30);
    add_contraction(&s, 40, 45);
    outcome o = outcome_of(&s, NULL);
    assert_true(fabs(o.summary.signal.rest_s - (SECONDS - 15)) < 0.5);
    assert_int_equal(o.summary.counts.fasciculation_count, N_ONSETS);
    assert_true(fabs(o.summary.counts.fasciculation_per_min - N_ONSETS / (o.summary.signal.rest_s / 60)) < 1e-9);
    drive_free(&s);
}

/* 100 uV peak to peak is enough for the word, 40 uV is not; a setting decides. */
static void small_potentials_make_no_row(void **state)
{
    (void)state;
    drive_signal small = twitches(1, 25), large = twitches(1, 70);
    outcome o = outcome_of(&small, NULL);
    assert_int_equal(o.n_rows, 0);
    assert_int_equal(o.summary.counts.fasciculation_count, 0);
    assert_int_equal(o.summary.counts.small_potential_count, N_ONSETS);
    assert_true(fabs(o.summary.counts.small_potential_per_min - N_ONSETS / (o.summary.signal.rest_s / 60)) < 1e-9);
    o = outcome_of(&large, NULL);
    assert_int_equal(o.n_fasciculations, N_ONSETS);
    assert_int_equal(o.summary.counts.small_potential_count, 0);
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    config.fasciculation.least_amplitude_uv = 0;
    assert_int_equal(outcome_of(&small, &config).n_fasciculations, N_ONSETS);
    drive_free(&small);
    drive_free(&large);
}

/* Where a fasciculation of the least size would drown there is no rest: what was found is counted, and makes no rate. */
static void noise_hides_rest(void **state)
{
    (void)state;
    drive_signal s = twitches(20, 300);
    outcome o = outcome_of(&s, NULL);
    assert_true(!(o.summary.signal.rest_s > 0) && o.summary.signal.analysed_s > 59);
    assert_true(o.n_fasciculations > 0);
    assert_int_equal(o.summary.counts.fasciculation_count, o.n_fasciculations);
    assert_true(o.summary.counts.small_potential_count == EMG_NO_COUNT);
    assert_true(isnan(o.summary.counts.fasciculation_per_min) && isnan(o.summary.counts.small_potential_per_min));
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    config.fasciculation.least_amplitude_uv = 200;
    o = outcome_of(&s, &config);
    assert_true(o.summary.signal.rest_s > 59);
    assert_int_equal(o.summary.counts.fasciculation_count, N_ONSETS);
    drive_free(&s);
}

/* Neither what is left out nor windows with a flag are rest, and no moment is taken away twice. */
static void flagged_time_is_no_rest(void **state)
{
    (void)state;
    drive_signal s = twitches(3, 150);
    for (size_t i = 10 * RATE; i < 12 * RATE; i++)
        s.x[i] = 3276.7;
    outcome o = outcome_of(&s, NULL);
    assert_true(o.summary.signal.rest_s < SECONDS - 2.1 && o.summary.signal.rest_s > SECONDS - 5);
    assert_true(o.summary.signal.rest_s <= o.summary.signal.analysed_s);
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contractions_are_no_rest),
        cmocka_unit_test(small_potentials_make_no_row),
        cmocka_unit_test(noise_hides_rest),
        cmocka_unit_test(flagged_time_is_no_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
