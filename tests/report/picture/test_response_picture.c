/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a response: whole, with its corners, without a number that is none; refusals and failures. */
#include "support/test.h"

#include <stdbool.h>
#include <string.h>

#include <emg/filter.h>
#include <emg/response_picture.h>

#include "base/base.h"
#include "support/collect.h"

static emg_filter *designed(const emg_filter_plan *plan)
{
    emg_filter *f;
    assert_int_equal(emg_filter_design(&f, plan, NULL), EMG_OK);
    return f;
}

static const emg_filter_plan plans[] = {
    { .family = EMG_FILTER_BUTTERWORTH,
      .kind = EMG_FILTER_PASS,
      .order = 4,
      .low_hz = 20,
      .high_hz = 450,
      .rate_hz = 2048 },
    { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 30, .rate_hz = 2048 },
    { .family = EMG_FILTER_FIR,
      .kind = EMG_FILTER_HIGH,
      .low_hz = 20,
      .transition_hz = 15,
      .attenuation_db = 60,
      .rate_hz = 2048 },
    { .family = EMG_FILTER_BUTTERWORTH, .kind = EMG_FILTER_HIGH, .order = 8, .low_hz = 0.1, .rate_hz = 20000 },
};
enum { N_PLANS = sizeof plans / sizeof *plans };

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

static void picture_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PLANS; i++) {
        const emg_filter *f = designed(&plans[i]);
        for (int direction = 0; direction < 2; direction++) {
            collected all = { 0 };
            assert_int_equal(emg_report_response(&f, 1, (emg_filter_direction)direction, collect, &all, NULL), EMG_OK);
            assert_true(strncmp(all.text, "<svg xmlns=", 11) == 0);
            assert_string_equal(all.text + all.n - 7, "</svg>\n");
            assert_non_null(strstr(all.text, "gain (dB)"));
            assert_non_null(strstr(all.text, "phase ("));
            assert_non_null(strstr(all.text, "group delay ("));
            assert_int_equal(count(all.text, "nan") + count(all.text, "inf") + count(all.text, "n/a"), 0);
            assert_true(count(all.text, "<text") == count(all.text, "</text>"));
            collected_free(&all);
        }
        emg_filter_free((emg_filter *)f);
    }
}

static void chain_is_named_and_marked(void **state)
{
    (void)state;
    const emg_filter *chain[8] = { designed(&plans[0]), designed(&plans[1]) };
    collected all = { 0 };
    assert_int_equal(emg_report_response(chain, 2, EMG_FILTER_FORWARD, collect, &all, NULL), EMG_OK);
    assert_non_null(strstr(all.text, "Butterworth band-pass of order 4, 20 to 450 Hz"));
    assert_non_null(strstr(all.text, "Notch at 50 Hz, quality 30"));
    assert_non_null(strstr(all.text, "forward, at 2048 samples per second"));
    assert_int_equal(count(all.text, ">20 Hz<") + count(all.text, ">50 Hz<") + count(all.text, ">450 Hz<"), 3);
    assert_int_equal(count(all.text, "dashed\"/>"), 9); /* three corners in three plots */
    collected_free(&all);
    for (size_t i = 2; i < 8; i++)
        chain[i] = chain[1];
    assert_int_equal(emg_report_response(chain, 8, EMG_FILTER_FORWARD, collect, &all, NULL), EMG_OK);
    assert_non_null(strstr(all.text, "and 3 more filters"));
    collected_free(&all);
    emg_filter_free((emg_filter *)chain[0]);
    emg_filter_free((emg_filter *)chain[1]);
}

static void refusals_and_failures(void **state)
{
    (void)state;
    const emg_filter *chain[2] = { designed(&plans[0]), designed(&plans[3]) };
    collected all = { 0 };
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_report_response(chain, 0, EMG_FILTER_FORWARD, collect, &all, NULL), EMG_EARG);
    assert_int_equal(emg_report_response(chain, 2, EMG_FILTER_FORWARD, collect, &all, &err), EMG_EARG);
    assert_string_equal(err.text, "filters for 2048 Hz and 20000 Hz do not follow each other");
    assert_int_equal(all.n, 0);
    all.fail_after = 100;
    assert_int_not_equal(emg_report_response(chain, 1, EMG_FILTER_FORWARD, collect, &all, NULL), EMG_OK);
    collected_free(&all);
    emgp_fault_arm(1, false);
    assert_int_equal(emg_report_response(chain, 1, EMG_FILTER_FORWARD, collect, &all, NULL), EMG_ENOMEM);
    emgp_fault_arm(0, false);
    emg_filter_free((emg_filter *)chain[0]);
    emg_filter_free((emg_filter *)chain[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(picture_is_whole),
        cmocka_unit_test(chain_is_named_and_marked),
        cmocka_unit_test(refusals_and_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
