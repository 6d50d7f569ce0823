/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work shared by threads: each item once, the first failure wins, and results that do not show how many they were. */
#include "analysis/analysis.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "support/drive.h"

enum { ITEMS = 200, MEMBERS = 5 };

typedef struct seen {
    size_t n[ITEMS]; /* how often an item was done */
    size_t fails[2]; /* items that fail; ITEMS: none */
    emgp_team *team;
} seen;

static emg_status note(void *context, size_t item, size_t worker, emg_error *err)
{
    seen *s = context;
    volatile double sum = 0;
    for (size_t i = 0; i < 100 * (item % 7); i++) /* some take longer */
        sum += (double)i;
    s->n[item]++;
    if (worker >= emgp_team_size(s->team) || sum < 0)
        return emgp_fail(err, EMG_ERANGE, "no such worker");
    for (size_t k = 0; k < 2; k++)
        if (item == s->fails[k])
            return emgp_fail(err, k ? EMG_EIO : EMG_ESHORT, "item %zu", item);
    return EMG_OK;
}

static void each_item_is_done_once(void **state)
{
    (void)state;
    for (size_t n = 1; n <= MEMBERS; n++) {
        seen s = { .fails = { ITEMS, ITEMS } };
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emgp_team_new(&s.team, n, &err), EMG_OK);
        assert_int_equal(emgp_team_size(s.team), n);
        for (size_t round = 0; round < 50; round++)
            assert_int_equal(emgp_team_do(s.team, ITEMS - round, note, &s, &err), EMG_OK);
        for (size_t i = 0; i < ITEMS; i++)
            assert_int_equal(s.n[i], i <= ITEMS - 50 ? 50 : ITEMS - i);
        assert_int_equal(emgp_team_do(s.team, 0, note, &s, &err), EMG_OK);
        emgp_team_free(s.team);
    }
    seen alone = { .fails = { ITEMS, ITEMS } };
    assert_int_equal(emgp_team_do(NULL, 3, note, &alone, NULL), EMG_OK);
    assert_true(alone.n[0] == 1 && alone.n[2] == 1 && alone.n[3] == 0);
    emgp_team_free(NULL);
}

static void the_first_item_that_fails_is_told(void **state)
{
    (void)state;
    for (size_t n = 1; n <= MEMBERS; n++) {
        emgp_team *team = NULL;
        assert_int_equal(emgp_team_new(&team, n, NULL), EMG_OK);
        for (size_t round = 0; round < 100; round++) {
            seen s = { .fails = { 61, 60 }, .team = team };
            emg_error err = EMG_ERROR_NONE;
            assert_int_equal(emgp_team_do(team, ITEMS, note, &s, &err), EMG_EIO);
            assert_string_equal(err.text, "item 60");
            for (size_t i = 0; i < ITEMS; i++)
                assert_true(s.n[i] == 1 || (i > 60 && s.n[i] == 0));
        }
        seen s = { .fails = { 0, ITEMS }, .team = team };
        assert_int_equal(emgp_team_do(team, 2, note, &s, NULL), EMG_ESHORT);
        emgp_team_free(team);
    }
}

static void parts_are_as_many_as_keep_all_busy(void **state)
{
    (void)state;
    /* channels, workers, parts */
    static const size_t cases[][3] = { { 1, 1, 1 },  { 64, 1, 1 }, { 1, 8, 1 },  { 16, 2, 2 },
                                       { 16, 3, 3 }, { 3, 8, 3 },  { 64, 2, 4 }, { 33, 2, 4 },
                                       { 32, 2, 2 }, { 40, 3, 3 }, { 64, 3, 6 }, { 64, 64, 64 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const emgp_parts parts = emgp_parts_of(cases[i][0], cases[i][1]);
        assert_int_equal(parts.n, cases[i][2]);
        assert_int_equal(emgp_parts_start(&parts, 0), 0);
        assert_int_equal(emgp_parts_start(&parts, parts.n), cases[i][0]);
        for (size_t k = 0; k < parts.n; k++) {
            const size_t width = emgp_parts_start(&parts, k + 1) - emgp_parts_start(&parts, k);
            assert_true(width >= 1 && (cases[i][1] == 1 || width <= 16));
        }
    }
}

/* Potentials and a contraction on 7 channels, two of one muscle. */
static drive_signal busy_signal(void)
{
    drive_signal s = drive_noise(7, 1000, 14, 3, 7);
    for (size_t c = 0; c < 7; c++) {
        for (int k = 0; k < 9; k++)
            drive_add_potential(&s, c, 0.4 + 1.37 * k + 0.11 * (double)c, 60 + (double)c);
        for (int k = 0; k < 60; k++)
            drive_add_potential(&s, c, 9 + 0.021 * k + 0.003 * (k % 3), 40);
    }
    s.gap_at = 6500;
    s.gap_s = 2;
    return s;
}

static const char *const muscles[] = { "a", "b", "a", "c", "d", "e", "f" };

static char *events_of(const drive_signal *signal, const drive_plan *plan)
{
    emg_result *result = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(drive_analyse(signal, plan, &result, &err), EMG_OK);
    char *text = drive_events(result);
    emg_result_free(result);
    return text;
}

static void results_do_not_show_how_many_worked(void **state)
{
    (void)state;
    drive_signal s = busy_signal();
    static const emg_mark marks[] = {
        { .onset_s = 1.8, .kind = EMG_MARK_STIMULUS, .channel = 2 },
        { .onset_s = 3.2, .kind = EMG_MARK_STIMULUS },
        { .onset_s = 0, .duration_s = 6, .kind = EMG_MARK_TASK, .channel = 5 },
        { .onset_s = 4.5, .kind = EMG_MARK_UNKNOWN },
    };
    drive_plan plan = { .block = 700, .group = 7, .muscles = muscles, .marks = marks, .n_marks = 4 };
    char *alone = events_of(&s, &plan);
    assert_true(strlen(alone) > 1000);
    for (size_t n = 1; n <= 9; n += 2) {
        plan.n_workers = n;
        plan.group = n == 5 ? 4 : 7; /* also in blocks of some channels */
        char *together = events_of(&s, &plan);
        assert_string_equal(alone, together);
        free(together);
    }
    free(alone);
    drive_free(&s);
}

/* Where conditioning leaves the band open, channels of one recording may have been filtered to different bands. */
static void other_bands_of_the_company_count_alike(void **state)
{
    (void)state;
    static const double filtered_hz[] = { 300, 3000 };
    drive_signal s = drive_noise(2, 16000, 12, 3, 8);
    for (size_t k = 0; k < 40; k++) /* from where noise hides them on */
        drive_add_potential(&s, k % 2, 0.4 + 0.28 * (double)k + 0.05 * (double)(k * k % 7 % 4), 5 + 0.4 * (double)k);
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    config.condition.low_hz = config.condition.high_hz = config.fasciculation.least_amplitude_uv = 0;
    drive_plan plan = { .block = 7000, .group = 2, .config = &config, .filtered_hz = filtered_hz };
    char *alone = events_of(&s, &plan);
    assert_true(strlen(alone) > 1000);
    plan.n_workers = 2;
    char *together = events_of(&s, &plan);
    assert_string_equal(alone, together);
    free(alone);
    free(together);
    drive_free(&s);
}

static void workers_are_said_before_the_first_block(void **state)
{
    (void)state;
    const emg_source source = { .name = "a", .muscle = "a", .rate_hz = 1000 };
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_analysis *a = NULL;
    assert_int_equal(emg_analysis_new(&a, &source, 1, NULL, 0, &config, NULL, NULL), EMG_OK);
    assert_int_equal(emg_analysis_workers(a, 0, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_workers(NULL, 1, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_workers(a, 3, NULL), EMG_OK);
    assert_int_equal(emg_analysis_workers(a, 2, NULL), EMG_OK);
    const double x[10] = { 0 };
    const size_t channel[] = { 0 };
    const emg_block block = {
        .n_channels = 1, .n_frames = 10, .x = x, .channel = channel, .rate_hz = 1000, .new_segment = true
    };
    assert_int_equal(emg_analysis_push(a, &block, NULL), EMG_OK);
    assert_int_equal(emg_analysis_workers(a, 2, NULL), EMG_EARG);
    emg_analysis_free(a); /* with threads that wait */
}

/* Whichever thread an allocation fails in: a clean refusal, and nothing hangs. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    drive_signal s = drive_noise(3, 500, 9, 2, 5);
    drive_add_potential(&s, 0, 3.3, 60);
    drive_add_potential(&s, 2, 6.1, 60);
    drive_plan plan = { .block = 900, .group = 3, .n_workers = 2 };
    emg_status status = EMG_ENOMEM;
    long k = 1;
    for (; status == EMG_ENOMEM; k += 1 + k / 40) {
        emg_result *result = NULL;
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(k, k % 2 == 0);
        status = drive_analyse(&s, &plan, &result, &err);
        emgp_fault_arm(0, false);
        assert_true(status == EMG_OK || (status == EMG_ENOMEM && !result && strcmp(err.text, "out of memory") == 0));
        emg_result_free(result);
    }
    assert_int_equal(status, EMG_OK);
    assert_true(k > 100);
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_is_done_once),
        cmocka_unit_test(the_first_item_that_fails_is_told),
        cmocka_unit_test(parts_are_as_many_as_keep_all_busy),
        cmocka_unit_test(results_do_not_show_how_many_worked),
        cmocka_unit_test(other_bands_of_the_company_count_alike),
        cmocka_unit_test(workers_are_said_before_the_first_block),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
