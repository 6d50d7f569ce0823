/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON report, read back: valid whatever the labels, the tables' numbers, null for what is missing. */
#include "support/test.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <emg/report_json.h>
#include <emg/rules.h>

#include "base/base.h"
#include "support/collect.h"
#include "support/fake_result.h"

static emg_config config;

static emg_report_input input_of(const emg_channel *channels, size_t n)
{
    config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_report_input input = { .recording = "knee.edf",
                               .format = "EDF+C",
                               .content_hash = "00112233445566778899aabbccddeeff",
                               .file_bytes = 123456,
                               .duration_s = 86400.123456,
                               .span_s = 86500.5,
                               .config = &config,
                               .channels = channels,
                               .n_channels = n };
    return input;
}

static emg_result one_muscle(void)
{
    emg_result result = { .n_muscles = 1, .n_channels = 1 };
    result.muscle[0] = fake_summary("Soleus", "Soleus", true);
    result.channel[0] = fake_summary("EMG Sol", "Soleus", true);
    return result;
}

static json_t *report(emg_result *result, const emg_report_input *input)
{
    collected got = { 0 };
    assert_int_equal(emg_report_json(result, input, collect, &got, NULL), EMG_OK);
    json_error_t error;
    json_t *root = json_loads(got.text, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    collected_free(&got);
    return root;
}

static json_t *at(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (!value)
        fail_msg("no member %s", key);
    return value;
}

static void facts_and_settings(void **state)
{
    (void)state;
    emg_deviation deviation = { "W_NREC", "record count", 236, -1, "-1", "counted from the file size" };
    emg_deviation note = { "W_X", "label", -1, 3, "", "kept" };
    emg_segment segment = { 0, 86400.123456 };
    emg_report_input input = input_of(NULL, 0);
    input.deviations = &deviation;
    input.n_deviations = 1;
    input.notes = &note;
    input.n_notes = 1;
    input.segments = &segment;
    input.n_segments = 1;
    json_t *root = report(NULL, &input);
    assert_string_equal(json_string_value(at(root, "schema")), "myogram-report");
    assert_int_equal(json_integer_value(at(root, "schema_version")), 1);
    assert_string_equal(json_string_value(at(root, "disclaimer")), EMG_DISCLAIMER);
    assert_float_equal(json_real_value(at(at(root, "input"), "duration_s")), 86400.123456, 1e-9);
    assert_true(json_is_null(at(at(root, "input"), "power_line_hz")));
    json_t *first = json_array_get(at(root, "deviations"), 0);
    assert_int_equal(json_integer_value(at(first, "byte")), 236);
    assert_true(json_is_null(at(first, "signal")));
    json_t *second = json_array_get(at(root, "deviations"), 1);
    assert_true(json_is_null(at(second, "byte")) && json_string_length(at(second, "value")) == 0);
    assert_int_equal(json_integer_value(at(second, "signal")), 3);
    emg_setting row;
    size_t n = 0;
    for (; emg_config_setting(n, &row); n++) {
        char text[32];
        emg_config_print(&config, n, text);
        json_t *value = at(at(root, "settings"), row.key);
        if (row.words)
            assert_string_equal(json_string_value(value), text);
        else
            assert_float_equal(json_number_value(value), strtod(text, NULL), 0);
    }
    assert_true(n > 3);
    assert_int_equal(json_object_size(at(root, "settings")), n);
    assert_int_equal(json_object_size(at(root, "reasons")), EMG_N_REASONS);
    assert_int_equal(json_integer_value(at(at(root, "time_locked"), "kinds")), 0);
    json_decref(root);
}

static void numbers_are_those_of_the_table(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_summary *s = &result.muscle[0];
    s->signal.analysed_s = 86399.123456;
    s->counts.fasciculation_count = 81;
    s->counts.fasciculation_per_min = 40.51234567;
    s->signal.noise = 1.0 / 3;
    s->counts.clonus_hz = INFINITY;
    s->counts.interval_histogram[3] = 7;
    s->signal.psd[2] = 1.234567e-9;
    s->signal.windows = (emg_quality_sums){ .n_windows = 9, .seconds = 9.25, .usable_s = 8.25 };
    s->signal.windows.n_flagged[EMG_QUALITY_POP] = 1;
    s->signal.windows.flagged_s[EMG_QUALITY_POP] = 1;
    s->counts.pattern = EMG_FASCICULATION;
    emg_report_input input = input_of(NULL, 0);
    json_t *root = report(&result, &input), *muscle = json_array_get(at(root, "muscles"), 0);
    assert_float_equal(json_real_value(at(muscle, "analysed_s")), 86399.123456, 1e-9);
    assert_int_equal(json_integer_value(at(muscle, "fasciculation_count")), 81);
    assert_true(json_real_value(at(muscle, "fasciculation_per_min")) == 40.5123);
    assert_true(json_real_value(at(muscle, "noise_uv")) == 0.333333);
    assert_true(json_is_null(at(muscle, "noise_rel")));
    assert_true(json_is_null(at(muscle, "clonus_hz")));
    assert_string_equal(json_string_value(at(muscle, "pattern")), "fasciculation");
    assert_true(json_is_null(at(json_array_get(at(root, "channels"), 0), "pattern")));
    json_t *histogram = at(at(muscle, "fasciculation_interval_histogram"), "counts");
    assert_int_equal(json_array_size(histogram), EMG_HISTOGRAM_BINS);
    assert_int_equal(json_integer_value(json_array_get(histogram, 3)), 7);
    json_t *quality = at(muscle, "signal_quality");
    assert_int_equal(json_integer_value(at(quality, "windows")), 9);
    assert_true(json_real_value(at(quality, "usable_s")) == 8.25);
    assert_int_equal(json_integer_value(at(at(quality, "pop"), "windows")), 1);
    assert_int_equal(json_integer_value(at(at(quality, "flat"), "windows")), 0);
    json_t *density = at(at(muscle, "psd"), "density");
    assert_int_equal(json_array_size(density), EMG_PSD_BINS);
    assert_float_equal(json_real_value(json_array_get(density, 2)), 1.23457e-9, 1e-20);
    json_decref(root);
}

/* What was removed of a heart stands in its channel; null where there was none. */
static void the_removed_ecg_is_told(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_removed_ecg *ecg = &result.channel[0].signal.ecg;
    emg_report_input input = input_of(NULL, 0);
    json_t *root = report(&result, &input);
    assert_true(json_is_null(at(json_array_get(at(root, "channels"), 0), "heart")));
    assert_true(json_is_array(at(json_array_get(at(root, "channels"), 0), "units")));
    json_decref(root);
    *ecg = (emg_removed_ecg){ .n_qrs = 144,
                              .per_min = 72.1343211,
                              .interval_cv = NAN,
                              .amplitude = 73.73741,
                              .removed_s = 40.289062,
                              .n_led = 140 };
    ecg->wave[60] = -36.125;
    root = report(&result, &input);
    json_t *object = at(json_array_get(at(root, "channels"), 0), "heart");
    assert_int_equal(json_integer_value(at(object, "beats")), 144);
    assert_int_equal(json_integer_value(at(object, "beats_by_ecg_channel")), 140);
    assert_true(json_real_value(at(object, "per_min")) == 72.1343);
    assert_true(json_is_null(at(object, "interval_cv")));
    assert_true(json_real_value(at(object, "amplitude_uv")) == 73.7374);
    assert_true(json_real_value(at(object, "removed_s")) == 40.289062);
    json_t *wave = at(object, "wave");
    assert_true(json_real_value(at(wave, "first_s")) == -0.12 && json_real_value(at(wave, "step_s")) == 0.002);
    assert_string_equal(json_string_value(at(wave, "unit")), "uV");
    assert_int_equal(json_array_size(at(wave, "values")), EMG_ECG_POINTS);
    assert_true(json_real_value(json_array_get(at(wave, "values"), 60)) == -36.125);
    json_decref(root);
}

static void digits_are_not_padded(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].signal.noise = 0.1;
    emg_report_input input = input_of(NULL, 0);
    collected got = { 0 };
    assert_int_equal(emg_report_json(&result, &input, collect, &got, NULL), EMG_OK);
    assert_non_null(strstr(got.text, "\"noise_uv\": 0.1,"));
    assert_non_null(strstr(got.text, "\"duration_s\": 86400.123456,"));
    assert_null(strstr(got.text, "nan"));
    collected_free(&got);
}

static void labels_stay_exact(void **state)
{
    (void)state;
    static const char *const labels[] = { "=cmd|'/C calc'!A0", "a\"b\\c", "tab\there", "\xC3\xA9",
                                          "</script>",         "",        "\x01" };
    enum { N = sizeof labels / sizeof *labels };
    emg_channel channels[N];
    memset(channels, 0, sizeof channels);
    for (size_t i = 0; i < N; i++) {
        channels[i] = (emg_channel){ .number = i + 1, .selected = true, .usable = true };
        snprintf(channels[i].label, sizeof channels[i].label, "%s", labels[i]);
    }
    emg_report_input input = input_of(channels, N);
    json_t *root = report(NULL, &input);
    for (size_t i = 0; i < N; i++)
        assert_string_equal(json_string_value(at(json_array_get(at(root, "input_channels"), i), "label")), labels[i]);
    json_decref(root);
}

static void bytes_that_are_no_utf8(void **state)
{
    (void)state;
    emg_channel channel = { .label = "m\xE9"
                                     "dian\x80",
                            .name = "x" };
    emg_report_input input = input_of(&channel, 1);
    json_t *root = report(NULL, &input);
    assert_string_equal(json_string_value(at(json_array_get(at(root, "input_channels"), 0), "label")), "m\xC3\xA9"
                                                                                                       "dian\\x80");
    json_decref(root);
}

/* Row of emg_rule_at() by its name. */
static uint16_t rule_named(const char *name)
{
    const emg_config defaults = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_rule rule;
    for (uint16_t i = 0; emg_rule_at(i, &defaults, &rule); i++)
        if (strcmp(rule.name, name) == 0)
            return i;
    fail_msg("no rule %s", name);
    return 0;
}

static void evidence_is_pooled_with_its_limit_and_unit(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_event events[3];
    for (size_t i = 0; i < 3; i++) {
        events[i] = fake_event(1 + (double)i, EMG_CLONUS, 0, 0);
        events[i].n_evidence = i == 2 ? 2 : 1;
        events[i].evidence[0] = (emg_evidence){ i == 1 ? NAN : 1 + (float)i, 0.5F, rule_named("band.glide") };
        events[i].evidence[1] = (emg_evidence){ 1, NAN, rule_named("band.site") };
    }
    result.events = events;
    result.n_events = 3;
    emg_report_input input = input_of(NULL, 0);
    json_t *root = report(&result, &input);
    json_t *evidence = at(json_array_get(at(root, "muscles"), 0), "evidence");
    assert_int_equal(json_object_size(evidence), 1);
    json_t *rows = at(evidence, "clonus"), *glide = json_array_get(rows, 0), *site = json_array_get(rows, 1);
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(json_string_value(at(glide, "reason")), "C_GLIDE");
    assert_string_equal(json_string_value(at(glide, "evidence")), "glide_hz");
    assert_string_equal(json_string_value(at(glide, "unit")), "Hz");
    assert_string_equal(json_string_value(at(glide, "test")), ">=");
    assert_true(fabs(json_number_value(at(glide, "limit")) - 0.5) < 1e-9);
    assert_int_equal(json_integer_value(at(glide, "events")), 3);
    assert_true(fabs(json_number_value(at(glide, "mean")) - 2) < 1e-9);
    assert_true(fabs(json_number_value(at(glide, "least")) - 1) < 1e-9);
    assert_true(fabs(json_number_value(at(glide, "most")) - 3) < 1e-9);
    assert_true(json_is_null(at(site, "limit")) && json_is_null(at(site, "unit")));
    assert_int_equal(json_integer_value(at(site, "events")), 1);
    json_decref(root);
}

/* A long episode's first bursts are there, and how many more it has. */
static void episodes_have_the_times_of_their_bursts(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_event events[] = { fake_event(2, EMG_CLONUS, 0, 0), fake_event(20, EMG_TREMOR, 0, 0),
                           fake_event(9000, EMG_TONIC, 0, 0), fake_event(9010, EMG_MYOCLONUS, 0, 0) };
    const uint64_t counts[] = { 8, EMG_REPORT_BURSTS + 700, 1, 1 };
    for (size_t i = 0; i < 4; i++) {
        events[i].count = counts[i];
        events[i].duration_s = (double)counts[i] / 5;
        events[i].frequency_hz = i == 2 ? NAN : 5;
    }
    result.events = events;
    result.n_events = 4;
    emg_report_input input = input_of(NULL, 0);
    json_t *root = report(&result, &input), *episodes = at(root, "episodes");
    assert_int_equal(json_array_size(episodes), 2); /* one burst is its event */
    json_t *clonus = json_array_get(episodes, 0), *tremor = json_array_get(episodes, 1);
    assert_string_equal(json_string_value(at(clonus, "trial_type")), "clonus");
    assert_string_equal(json_string_value(at(clonus, "target_muscle")), "Soleus");
    assert_string_equal(json_string_value(at(clonus, "channel")), "EMG Sol");
    json_t *bursts = at(clonus, "bursts");
    assert_int_equal(json_array_size(at(bursts, "at")), 8);
    assert_int_equal(json_array_size(at(bursts, "onset")), 8);
    assert_int_equal(json_array_size(at(bursts, "end")), 8);
    assert_int_equal(json_integer_value(at(clonus, "bursts_left_out")), 0);
    assert_true(fabs(json_number_value(json_array_get(at(bursts, "at"), 7)) - 3.5) < 1e-9);
    assert_int_equal(json_array_size(at(at(tremor, "bursts"), "at")), EMG_REPORT_BURSTS);
    assert_int_equal(json_integer_value(at(tremor, "bursts_left_out")), 700);
    json_decref(root);
}

static void events_description(void **state)
{
    (void)state;
    collected got = { 0 };
    assert_int_equal(emg_report_events_json(collect, &got, NULL), EMG_OK);
    json_t *root = json_loads(got.text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_object_size(root), 17);
    assert_string_equal(json_string_value(at(at(root, "onset"), "Units")), "s");
    assert_string_equal(json_string_value(at(at(root, "amplitude_uv"), "Units")), "uV");
    json_t *levels = at(at(root, "trial_type"), "Levels");
    assert_int_equal(json_object_size(levels), 13);
    for (size_t i = 0; i < EMG_UNCLASSIFIED; i++)
        assert_true(json_string_length(at(levels, emg_class_name((emg_class)i))) > 10);
    json_decref(root);
    collected_free(&got);
}

/* Allocation inside jansson fails too: it is given a counting allocator for this test. */
static long until_failure;

static void *failing_malloc(size_t n)
{
    return --until_failure == 0 ? NULL : malloc(n);
}

static void memory_faults(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_channel channel = { .label = "\xE9", .name = "x" };
    emg_report_input input = input_of(&channel, 1);
    json_set_alloc_funcs(failing_malloc, free);
    bool done = false;
    for (long n = 1; !done; n = n < 300 ? n + 1 : n + 37) {
        until_failure = n;
        collected got = { 0 };
        emg_status status = emg_report_json(&result, &input, collect, &got, NULL);
        done = until_failure > 0;
        assert_int_equal(status, done ? EMG_OK : EMG_ENOMEM);
        collected_free(&got);
    }
    json_set_alloc_funcs(malloc, free);
    collected got = { 0 };
    emgp_fault_arm(1, false);
    emg_status status = emg_report_json(&result, &input, collect, &got, NULL);
    emgp_fault_arm(0, false);
    assert_int_equal(status, EMG_ENOMEM);
    collected_free(&got);
}

static void write_failure(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_report_input input = input_of(NULL, 0);
    emg_error err = EMG_ERROR_NONE;
    collected got = { .fail_after = 10 };
    assert_int_equal(emg_report_json(&result, &input, collect, &got, &err), EMG_EIO);
    assert_string_equal(err.text, "the test's disk is full");
    collected_free(&got);
}

/* A program that switched to a locale with a decimal comma gets the same bytes. */
static void locale_does_not_matter(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].signal.noise = 2.5;
    emg_report_input input = input_of(NULL, 0);
    collected plain = { 0 }, other = { 0 };
    assert_int_equal(emg_report_json(&result, &input, collect, &plain, NULL), EMG_OK);
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8")) {
        print_message("no locale with a decimal comma is installed\n");
        collected_free(&plain);
        skip();
    }
    assert_int_equal(emg_report_json(&result, &input, collect, &other, NULL), EMG_OK);
    setlocale(LC_ALL, "C");
    assert_string_equal(plain.text, other.text);
    collected_free(&plain);
    collected_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_and_settings),
        cmocka_unit_test(numbers_are_those_of_the_table),
        cmocka_unit_test(the_removed_ecg_is_told),
        cmocka_unit_test(digits_are_not_padded),
        cmocka_unit_test(labels_stay_exact),
        cmocka_unit_test(bytes_that_are_no_utf8),
        cmocka_unit_test(evidence_is_pooled_with_its_limit_and_unit),
        cmocka_unit_test(episodes_have_the_times_of_their_bursts),
        cmocka_unit_test(events_description),
        cmocka_unit_test(memory_faults),
        cmocka_unit_test(write_failure),
        cmocka_unit_test(locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
