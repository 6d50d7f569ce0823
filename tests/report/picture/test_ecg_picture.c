/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a removed heart: whole, finite, a dot a beat, refused when there is nothing to draw. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include <emg/ecg_picture.h>

#include "support/collect.h"
#include "support/sweep.h"

static double wave[100], qrs[5000];

static emg_report_qrs some_qrs(size_t n)
{
    for (size_t i = 0; i < 100; i++)
        wave[i] = 40 * exp(-0.01 * ((double)i - 40) * ((double)i - 40));
    for (size_t i = 0; i < n; i++)
        qrs[i] = 0.5 + 0.8 * (double)i + 0.03 * sin((double)i);
    return (emg_report_qrs){ .channel = "EMG <L> Trap & co",
                             .calibrated = true,
                             .rate_per_min = 75,
                             .interval_cv = 0.04,
                             .amplitude = 40,
                             .wave = wave,
                             .n_wave = 100,
                             .wave_peak = 40,
                             .step_s = 0.002,
                             .qrs_s = qrs,
                             .n_qrs = n };
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    while ((text = strstr(text, word))) {
        n++;
        text += strlen(word);
    }
    return n;
}

static void a_dot_for_each_interval(void **state)
{
    (void)state;
    emg_report_qrs channels[] = { some_qrs(50), some_qrs(50) };
    channels[1].channel = "b";
    channels[1].qrs_s = NULL;
    collected got = { 0 };
    assert_int_equal(emg_report_ecg(channels, 2, 60, true, collect, &got, NULL), EMG_OK);
    assert_int_equal(count(got.text, "<circle"), 49);
    assert_int_equal(count(got.text, "<polyline"), 2);
    assert_int_equal(count(got.text, "<svg"), 1);
    assert_int_equal(count(got.text, "</svg>"), 1);
    assert_int_equal(count(got.text, "<style>"), 1);
    assert_int_equal(count(got.text, "EMG &lt;L&gt; Trap &amp; co"), 1);
    assert_int_equal(count(got.text, "50 beats removed, 75 per minute, intervals vary by 4 %, 40 µV peak to peak"), 2);
    assert_null(strstr(got.text, "nan"));
    assert_null(strstr(got.text, "inf"));
    collected_free(&got);
}

/* A missed beat is no slow one, and a day's beats are no more dots than the picture has room for. */
static void missed_qrs_and_many(void **state)
{
    (void)state;
    emg_report_qrs channel = some_qrs(50);
    for (size_t i = 25; i < 50; i++)
        qrs[i] += 0.8;
    collected got = { 0 };
    assert_int_equal(emg_report_ecg(&channel, 1, 60, false, collect, &got, NULL), EMG_OK);
    assert_int_equal(count(got.text, "<circle"), 48);
    assert_int_equal(count(got.text, "<style>"), 0);
    collected_free(&got);
    channel = some_qrs(5000);
    got = (collected){ 0 };
    assert_int_equal(emg_report_ecg(&channel, 1, 4001, false, collect, &got, NULL), EMG_OK);
    assert_in_range(count(got.text, "<circle"), 590, 600);
    assert_int_equal(count(got.text, "time (min)"), 1);
    collected_free(&got);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    collected got = { 0 };
    emg_report_qrs good = some_qrs(3), bad = good;
    assert_int_equal(emg_report_ecg(NULL, 1, 60, true, collect, &got, NULL), EMG_EARG);
    assert_int_equal(emg_report_ecg(&good, 0, 60, true, collect, &got, NULL), EMG_EARG);
    assert_int_equal(emg_report_ecg(&good, 1, 0, true, collect, &got, NULL), EMG_EARG);
    bad.wave = NULL;
    assert_int_equal(emg_report_ecg(&bad, 1, 60, true, collect, &got, NULL), EMG_EARG);
    bad = good;
    bad.wave_peak = 100;
    assert_int_equal(emg_report_ecg(&bad, 1, 60, true, collect, &got, NULL), EMG_EARG);
    qrs[1] = qrs[0];
    assert_int_equal(emg_report_ecg(&good, 1, 60, true, collect, &got, NULL), EMG_EARG);
    assert_null(got.text);
}

static emg_status draw(emg_error *err)
{
    emg_report_qrs channel = some_qrs(50);
    collected got = { 0 };
    emg_status status = emg_report_ecg(&channel, 1, 60, true, collect, &got, err);
    collected_free(&got);
    return status;
}

static void memory_faults(void **state)
{
    (void)state;
    sweep_allocations(draw, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dot_for_each_interval),
        cmocka_unit_test(missed_qrs_and_many),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(memory_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
