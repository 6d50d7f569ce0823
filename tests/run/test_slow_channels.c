/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A channel too slow for the analysis is left out and said; the others are analysed as if it were not there. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include <emg/feature_rows.h>
#include <emg/result.h>
#include <emg/run.h>

#include "reading/bytes.h"
#include "support/folder.h"

enum { FAST_HZ = 1000, SECONDS = 4, PATH = 256 };

static char path[PATH];

static void write_recording(unsigned rate_hz)
{
    const edf_signal signals[] = { { "EMG TA", "uV", "-1000", "1000", "-32768", "32767", FAST_HZ },
                                   { "EMG Leg", "uV", "-1000", "1000", "-32768", "32767", (int)rate_hz } };
    const edf_plan plan = { 2, "", "1", signals, 2, SECONDS, NULL, NULL };
    bytes b = edf_build(&plan);
    snprintf(path, sizeof path, "%s/slow.edf", folder);
    file_put(path, b.at, b.n);
    bytes_free(&b);
}

static void count_notice(void *context, const char *name, const char *sentence)
{
    assert_string_equal(name, path);
    *(size_t *)context += strstr(sentence, "left out, as too slow for the analysis band: channel 'EMG Leg'") != NULL;
}

static bool count_row(void *context, const emg_feature_window *row)
{
    (void)row;
    ++*(size_t *)context;
    return true;
}

static void slow_channels_are_left_out(void **state)
{
    (void)state;
    static const unsigned rates[] = { 1, 20, 44, 46, 47, 64, 79, 80, 100, 150 };
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        bool slow = rates[i] < 80; /* a block of noise, 25 ms, holds two samples */
        write_recording(rates[i]);
        size_t n_said = 0, n_rows = 0;
        emg_run_config config = emg_run_defaults();
        config.reading.notice = count_notice;
        config.reading.notice_context = &n_said;
        emg_run run;
        assert_int_equal(emg_run_file(path, &config, &run, NULL), EMG_OK);
        assert_non_null(run.result);
        assert_int_equal(emg_result_n_channels(run.result), slow ? 1 : 2);
        assert_int_equal(n_said, slow);
        assert_int_equal(emg_analysis_fits(&config.analysis, rates[i]), !slow);
        bool noted = false;
        for (size_t k = 0; k < run.n_notes; k++)
            noted = noted || strcmp(run.notes[k].code, "W_RATE_TOO_LOW") == 0;
        assert_int_equal(noted, slow);
        emg_run_free(&run);
        emg_feature_plan plan = emg_feature_plan_defaults();
        assert_int_equal(emg_run_features(path, &config, &plan, count_row, &n_rows, NULL, NULL), EMG_OK);
        assert_true(n_rows > 0);
    }
    assert_false(emg_analysis_fits(NULL, FAST_HZ));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(slow_channels_are_left_out) };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
