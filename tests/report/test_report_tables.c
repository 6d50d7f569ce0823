/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables byte for byte: header lines that never vary, hostile cells, missing values. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <emg/report_tables.h>

#include "base/base.h"
#include "report/report.h"
#include "support/collect.h"
#include "support/fake_result.h"

#define EVENTS_HEADER                                                                                                  \
    "onset\tduration\ttrial_type\tchannel\ttarget_muscle\tn_channels\tamplitude_uv\tamplitude_rel\tsnr_db\t"           \
    "frequency_hz\tcount\tinterval_cv\tinterval_rcv\tunit\tconfidence\treasons\tpeak\n"

#define MUSCLES_HEADER                                                                                                 \
    "recording\ttarget_muscle\tchannels\tsampling_frequency\tanalysed_s\texcluded_s\trest_s\tnoise_uv\t"               \
    "noise_rel\tthreshold_uv\tthreshold_rel\tquality\tpattern\tpattern_confidence\tfasciculation_count\t"              \
    "fasciculation_per_min\tfasciculation_per_min_low\tfasciculation_per_min_high\tfasciculation_amplitude_uv\t"       \
    "fasciculation_amplitude_rel\tfasciculation_interval_median_s\tfasciculation_interval_cv\t"                        \
    "fasciculation_isolated_share\tfasciculation_doublet_share\tfasciculation_units\tfasciculation_first_s\t"          \
    "fasciculation_last_s\tsmall_potential_count\tsmall_potential_per_min\tevoked_count\tmyoclonus_count\t"            \
    "myoclonus_per_min\tclonus_episodes\tclonus_beats\tclonus_total_s\tclonus_longest_s\tclonus_hz\t"                  \
    "tremor_episodes\ttremor_total_s\ttremor_longest_s\ttremor_hz\trhythmic_episodes\trhythmic_total_s\t"              \
    "rhythmic_hz\tmyokymia_total_s\tneuromyotonia_total_s\tspasm_episodes\tspasm_total_s\tspasm_longest_s\t"           \
    "tonic_episodes\ttonic_total_s\ttonic_longest_s\tmotor_unit_total_s\tmotor_unit_hz\tindeterminate_total_s\t"       \
    "artifact_total_s\trms_uv\trms_rel\tmav_uv\tmav_rel\tmean_frequency_hz\tmedian_frequency_hz\t"                     \
    "peak_frequency_hz\tspectral_entropy\n"

static emg_result two_muscles(void)
{
    emg_result result = { .n_muscles = 2, .n_channels = 3, .muscle_of = { 0, 1, 0 } };
    result.muscle[0] = fake_summary("Soleus", "Soleus", true);
    result.muscle[1] = fake_summary("TA", "TA", false);
    result.channel[0] = fake_summary("EMG Sol 1", "Soleus", true);
    result.channel[1] = fake_summary("EMG TA", "TA", false);
    result.channel[2] = fake_summary("EMG Sol;2", "Soleus", true);
    return result;
}

static void assert_events(emg_result *result, const char *expected)
{
    collected got = { 0 };
    assert_int_equal(emg_report_events(result, collect, &got, NULL), EMG_OK);
    assert_string_equal(got.text, expected);
    collected_free(&got);
}

static void header_lines_never_vary(void **state)
{
    (void)state;
    emg_result empty = { 0 };
    assert_events(&empty, EVENTS_HEADER);
    assert_events(NULL, EVENTS_HEADER);
    emg_report_input input = { .recording = "a.edf" };
    collected got = { 0 }, of_channels = { 0 }, of_discharges = { 0 };
    assert_int_equal(emg_report_muscles(NULL, &input, collect, &got, NULL), EMG_OK);
    assert_string_equal(got.text, MUSCLES_HEADER);
    assert_int_equal(emg_report_channels(&empty, &input, collect, &of_channels, NULL), EMG_OK);
    assert_string_equal(of_channels.text, MUSCLES_HEADER);
    assert_int_equal(emg_report_discharges(NULL, collect, &of_discharges, NULL), EMG_OK);
    assert_string_equal(of_discharges.text, EVENTS_HEADER);
    collected_free(&got);
    collected_free(&of_channels);
    collected_free(&of_discharges);
}

static void event_rows(void **state)
{
    (void)state;
    emg_result result = two_muscles();
    emg_event events[] = { fake_event(1.25, EMG_FASCICULATION, 0, 0), fake_event(86399.9999995, EMG_CLONUS, 1, 1) };
    events[0].amplitude = 123.4567;
    events[0].snr_db = 20;
    events[0].unit = 2;
    events[0].n_channels = 1;
    events[0].count = 1;
    events[0].confidence = 0.875;
    events[0].reasons = UINT64_C(1) << EMG_D_SPIKE | UINT64_C(1) << EMG_Z_ISO;
    events[1].amplitude = 0.25;
    events[1].frequency_hz = 5.4000049;
    events[1].interval_cv = 1e-7;
    result.events = events;
    result.n_events = 2;
    assert_events(
        &result, EVENTS_HEADER
        "1.250000\t0.012000\tfasciculation\tEMG Sol 1\tSoleus\t1\t123.457\tn/a\t20\tn/a\t1\tn/a\tn/a\t2\t0.875\t"
        "D_SPIKE;Z_ISO\t1.250000\n"
        "86400.000000\t0.012000\tclonus\tEMG TA\tTA\tn/a\tn/a\t0.25\tn/a\t5.4\tn/a\t1e-07\tn/a\tn/a\tn/a\tn/a\t"
        "86400.000000\n");
    assert_int_equal(result.at, 2);
    collected again = { 0 };
    assert_int_equal(emg_report_events(&result, collect, &again, NULL), EMG_OK); /* from the start again */
    assert_non_null(strstr(again.text, "clonus"));
    collected_free(&again);
    collected got = { 0 };
    assert_int_equal(emg_report_discharges(&result, collect, &got, NULL), EMG_OK);
    assert_non_null(strstr(got.text, "\n1.250000\t0.012000\tn/a\tEMG Sol 1\t"));
    collected_free(&got);
}

static void all_reasons_fit_a_row(void **state)
{
    (void)state;
    emg_result result = two_muscles();
    emg_event event = fake_event(-1e11, EMG_NEUROMYOTONIA, 0, 0);
    event.duration_s = -1e11;
    event.amplitude = event.snr_db = event.frequency_hz = event.interval_cv = event.interval_rcv = event.confidence =
        -1.23456e-300;
    event.count = UINT64_MAX;
    event.unit = event.n_channels = UINT32_MAX;
    event.reasons = UINT64_MAX;
    result.events = &event;
    result.n_events = 1;
    collected got = { 0 };
    assert_int_equal(emg_report_events(&result, collect, &got, NULL), EMG_OK);
    char *peak = strrchr(got.text, '\t');
    assert_string_equal(peak, "\t-100000000000.000000\n");
    *peak = '\0';
    const char *codes = strrchr(got.text, '\t') + 1;
    size_t n = 1;
    for (const char *c = codes; *c; c++)
        n += *c == ';';
    assert_int_equal(n, EMG_N_REASONS);
    assert_string_equal(strrchr(codes, ';'), ";X_FEW");
    collected_free(&got);
}

static void hostile_cells(void **state)
{
    (void)state;
    static const struct {
        const char *text, *cell, *in_list;
    } cases[] = {
        { "EMG TA", "EMG TA", "EMG TA" },
        { "", "n/a", "n/a" },
        { NULL, "n/a", "n/a" },
        { "=1+1", "'=1+1", "'=1+1" },
        { "+x", "'+x", "'+x" },
        { "-x", "'-x", "'-x" },
        { "@x", "'@x", "'@x" },
        { "a\tb\nc\rd", "a\\x09b\\x0ac\\x0dd", "a\\x09b\\x0ac\\x0dd" },
        { "\033[31mred", "\\x1b[31mred", "\\x1b[31mred" },
        { "\x7f", "\\x7f", "\\x7f" },
        { "\xC2\x9B"
          "31m",
          "\\x9b31m", "\\x9b31m" },
        { "m\xE9"
          "dian",
          "m\xC3\xA9"
          "dian",
          "m\xC3\xA9"
          "dian" },
        { "\xC3\xA9", "\xC3\xA9", "\xC3\xA9" },
        { ";a;;b;", ";a;;b;", "\\x3ba\\x3b\\x3bb\\x3b" },
        { "=;", "'=;", "'=\\x3b" },
        { "<b>&\"'", "<b>&\"'", "<b>&\"'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char row[128];
        collected got = { 0 };
        emgp_sink sink;
        emgp_sink_init(&sink, collect, &got, NULL);
        emgp_row_text(&sink, cases[i].text);
        emgp_row_cell(&sink);
        emgp_sink_cell(&sink, cases[i].text, true);
        emgp_row_end(&sink);
        assert_int_equal(emgp_sink_flush(&sink), EMG_OK);
        snprintf(row, sizeof row, "%s\t%s\n", cases[i].cell, cases[i].in_list);
        assert_string_equal(got.text, row);
        collected_free(&got);
        got = (collected){ 0 };
        assert_int_equal(emg_report_cell(cases[i].text, collect, &got, NULL), EMG_OK);
        assert_string_equal(got.text, cases[i].cell);
        collected_free(&got);
    }
}

static void long_hostile_text_is_kept_whole(void **state)
{
    (void)state;
    static char text[20001];
    for (size_t i = 0; i < 20000; i++)
        text[i] = i % 2 ? ';' : '\x01';
    collected got = { 0 };
    emgp_sink sink;
    emgp_sink_init(&sink, collect, &got, NULL);
    emgp_sink_cell(&sink, text, true);
    assert_int_equal(emgp_sink_flush(&sink), EMG_OK);
    assert_int_equal(got.n, 80000);
    collected_free(&got);
}

static void every_row_has_every_column(void **state)
{
    (void)state;
    emg_result result = two_muscles();
    emg_report_input input = { .recording = "a\tb.edf" };
    collected got = { 0 };
    assert_int_equal(emg_report_muscles(&result, &input, collect, &got, NULL), EMG_OK);
    size_t columns = 0, rows = 0;
    for (const char *c = got.text; *c; c++) {
        columns += *c == '\t' || *c == '\n';
        rows += *c == '\n';
    }
    assert_int_equal(rows, 3);
    assert_int_equal(columns, 3 * 64);
    assert_non_null(strstr(got.text, "\na\\x09b.edf\tSoleus\tEMG Sol 1;EMG Sol\\x3b2\t2048\t120.000000\t0.000000\t"));
    collected_free(&got);
}

/* Calibrated amplitudes stand in the _uv columns, the others in _rel; nothing ever stands in both. */
static void units_are_told_apart(void **state)
{
    (void)state;
    emg_result result = two_muscles();
    for (size_t i = 0; i < 2; i++) {
        emg_summary *s = &result.muscle[i];
        s->signal.noise = 2.5, s->signal.threshold = 12.5, s->counts.fasciculation_amplitude = 99, s->signal.rms = 3,
        s->signal.mav = 1.5;
    }
    emg_report_input input = { .recording = "a.edf" };
    collected got = { 0 };
    assert_int_equal(emg_report_muscles(&result, &input, collect, &got, NULL), EMG_OK);
    const char *calibrated = strstr(got.text, "\tSoleus\t"), *relative = strstr(got.text, "\tTA\t");
    assert_non_null(strstr(calibrated, "\t2.5\tn/a\t12.5\tn/a\t"));
    assert_non_null(strstr(relative, "\tn/a\t2.5\tn/a\t12.5\t"));
    assert_non_null(strstr(relative, "\tn/a\t3\tn/a\t1.5\t"));
    assert_null(strstr(relative, "\t2.5\tn/a\tn/a\t"));
    collected_free(&got);
}

static void failures_pass_through(void **state)
{
    (void)state;
    emg_result result = two_muscles();
    emg_event events[] = { fake_event(1, EMG_FASCICULATION, 0, 0) };
    result.events = events;
    result.n_events = 1;
    result.repeat = 2000;
    result.fail_at = 7;
    emg_error err = EMG_ERROR_NONE;
    collected got = { 0 };
    assert_int_equal(emg_report_events(&result, collect, &got, &err), EMG_EIO);
    assert_string_equal(err.text, "the made-up result fails here");
    collected_free(&got);
    result.fail_at = 0;
    got.fail_after = 50000;
    emg_error_clear(&err);
    assert_int_equal(emg_report_events(&result, collect, &got, &err), EMG_EIO);
    assert_string_equal(err.text, "the test's disk is full");
    collected_free(&got);
    events[0].channel = 99;
    assert_int_equal(emg_report_events(&result, collect, &got, NULL), EMG_EARG);
    collected_free(&got);
}

static void memory_faults(void **state)
{
    (void)state;
    emg_result result = two_muscles();
    emg_report_input input = { .recording = "a.edf" };
    bool done[2] = { false, false };
    for (long n = 1; !done[0] || !done[1]; n++) {
        collected got = { 0 };
        emgp_fault_arm(n, false);
        emg_status events = emg_report_events(&result, collect, &got, NULL);
        done[0] = emgp_fault_count() < n;
        emgp_fault_arm(n, false);
        emg_status muscles = emg_report_muscles(&result, &input, collect, &got, NULL);
        done[1] = emgp_fault_count() < n;
        emgp_fault_arm(0, false);
        assert_int_equal(events, done[0] ? EMG_OK : EMG_ENOMEM);
        assert_int_equal(muscles, done[1] ? EMG_OK : EMG_ENOMEM);
        collected_free(&got);
        assert_true(n < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_lines_never_vary),
        cmocka_unit_test(event_rows),
        cmocka_unit_test(all_reasons_fit_a_row),
        cmocka_unit_test(hostile_cells),
        cmocka_unit_test(long_hostile_text_is_kept_whole),
        cmocka_unit_test(every_row_has_every_column),
        cmocka_unit_test(units_are_told_apart),
        cmocka_unit_test(failures_pass_through),
        cmocka_unit_test(memory_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
