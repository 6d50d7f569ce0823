/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page a person reads: what was found, what was not and for how long it was looked for. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include <emg/report_summary.h>

#include "base/base.h"
#include "support/collect.h"
#include "support/fake_result.h"

static const emg_report_input input = {
    .recording = "knee.edf", .format = "EDF+C", .duration_s = 120, .n_segments = 1
};

static void assert_page(emg_result *result, const emg_report_input *facts, const char *expected)
{
    collected got = { 0 };
    assert_int_equal(emg_report_summary(result, facts, collect, &got, NULL), EMG_OK);
    assert_string_equal(got.text, expected);
    collected_free(&got);
}

static emg_result one_muscle(void)
{
    emg_result result = { .n_muscles = 1, .n_channels = 1 };
    result.muscle[0] = fake_summary("Soleus", "Soleus", true);
    result.muscle[0].signal.noise = 2.0512;
    result.channel[0] = fake_summary("EMG Sol", "Soleus", true);
    return result;
}

static void nothing_found_is_said_with_the_time(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  No fasciculations, clonus or tremor found in 120 s.\n" EMG_DISCLAIMER "\n");
}

static void what_cannot_be_seen_and_how_sure(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].signal.rest_s = 100;
    result.muscle[0].signal.threshold = 12.34;
    result.muscle[0].counts.pattern = EMG_TREMOR;
    result.muscle[0].counts.pattern_confidence = 0.712;
    assert_page(
        &result, &input,
        "knee.edf (EDF+C): 120 s, 1 muscle\n"
        "Soleus [EMG Sol], noise 2.05 uV\n"
        "  Leading pattern: tremor.\n"
        "  No fasciculations, clonus or tremor found in 120 s; what is below 12.3 uV cannot be seen.\n" EMG_DISCLAIMER
        "\n");
}

static void what_fits_no_word_leads_nowhere(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].counts.pattern = EMG_INDETERMINATE;
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  No leading pattern: what was found fits no word for sure.\n"
                "  No fasciculations, clonus or tremor found in 120 s.\n" EMG_DISCLAIMER "\n");
}

static void a_removed_ecg_is_told(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].signal.ecg =
        (emg_removed_ecg){ .n_qrs = 144, .per_min = 72.134, .interval_cv = 0.03, .amplitude = 73.737 };
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  No fasciculations, clonus or tremor found in 120 s.\n"
                "  Heart taken out: 144 beats of 73.7 uV, 72 per minute.\n" EMG_DISCLAIMER "\n");
}

static void time_without_a_signal_is_told(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].signal.dead_s = 10.104;
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  No fasciculations, clonus or tremor found in 120 s.\n"
                "  No signal in 10.1 s: railed, constant or unplugged.\n" EMG_DISCLAIMER "\n");
}

static void fasciculations(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_summary *s = &result.muscle[0];
    s->signal.rest_s = 115;
    s->counts.small_potential_count = 7;
    s->counts.small_potential_per_min = 3.652;
    s->counts.n_events = s->counts.fasciculation_count = 81;
    s->counts.fasciculation_per_min = 40.5;
    s->counts.fasciculation_per_min_low = 32.163;
    s->counts.fasciculation_per_min_high = 50.338;
    s->counts.fasciculation_first_s = 1.234;
    s->counts.fasciculation_last_s = 118.96;
    s->counts.fasciculation_amplitude = 1234.5;
    s->counts.fasciculation_interval_median_s = 1.0149;
    s->counts.fasciculation_interval_cv = 0.9512;
    s->counts.fasciculation_units = 4;
    assert_page(
        &result, &input,
        "knee.edf (EDF+C): 120 s, 1 muscle\n"
        "Soleus [EMG Sol], noise 2.05 uV\n"
        "  Fasciculations: 81 in 115 s at rest, 40.5 per minute (95 % interval 32.2 to 50.3), from 1.2 s to 119 s; "
        "amplitude 1234 uV; median interval 1.01 s, variation 0.951 (0 regular, 1 random); 4 shapes.\n"
        "  Small potentials, no fasciculations or jerks by their size: 7, 3.65 per minute at rest.\n"
        "  No clonus or tremor found in 120 s.\n" EMG_DISCLAIMER "\n");
}

static void no_rest_is_told(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_summary *s = &result.muscle[0];
    s->signal.rest_s = 0;
    s->signal.threshold = 81.66;
    s->counts.fasciculation_count = s->counts.small_potential_count = EMG_NO_COUNT;
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  Never at rest in 120 s; discharges below 81.7 uV cannot be seen.\n"
                "  No clonus or tremor found in 120 s.\n" EMG_DISCLAIMER "\n");
}

static void episodes_say_when(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_event events[] = { fake_event(12.34, EMG_CLONUS, 0, 0), fake_event(20, EMG_TONIC, 0, 0),
                           fake_event(45, EMG_CLONUS, 0, 0), fake_event(50, EMG_MYOCLONUS, 0, 0) };
    result.events = events;
    result.n_events = 4;
    emg_summary *s = &result.muscle[0];
    s->counts.n_events = 4;
    s->counts.clonus_episodes = 2;
    s->counts.clonus_beats = 47;
    s->counts.clonus_total_s = 8.5;
    s->counts.clonus_longest_s = 5;
    s->counts.clonus_hz = 5.532;
    s->counts.tonic_total_s = s->counts.tonic_longest_s = 3;
    s->counts.myoclonus_count = 1;
    s->counts.myoclonus_per_min = 0.5;
    s->counts.confidence[EMG_CLONUS] = 0.976;
    s->counts.confidence[EMG_MYOCLONUS] = 0.712;
    s->counts.confidence[EMG_TONIC] = 0.6;
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  Myoclonic jerks: 1, 0.5 per minute, at 50 s; confidence moderate (0.71).\n"
                "  Clonus: 2 episodes at 12.3, 45 s; 8.5 s in all, longest 5 s; 5.53 Hz, 47 beats; confidence "
                "high (0.98).\n"
                "  Tonic or voluntary activity: 1 episode at 20 s; 3 s in all; confidence low (0.6).\n"
                "  No fasciculations or tremor found in 120 s.\n" EMG_DISCLAIMER "\n");
}

/* The first four onsets of a class, or each: then of fasciculations too. */
static void every_onset_is_named_when_asked_for(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_event events[9];
    for (size_t i = 0; i < 9; i++)
        events[i] = fake_event(1 + 10 * (double)i, i < 6 ? EMG_MYOCLONUS : EMG_FASCICULATION, 0, 0);
    result.events = events;
    result.n_events = 9;
    emg_summary_counts *c = &result.muscle[0].counts;
    c->n_events = 9;
    c->myoclonus_count = 6;
    c->fasciculation_count = 3;
    collected few = { 0 }, every = { 0 };
    assert_int_equal(emg_report_summary(&result, &input, collect, &few, NULL), EMG_OK);
    emg_report_input facts = input;
    facts.every_onset = true;
    assert_int_equal(emg_report_summary(&result, &facts, collect, &every, NULL), EMG_OK);
    assert_non_null(strstr(few.text, "  Myoclonic jerks: 6, at 1, 11, 21, 31 s and later.\n"));
    assert_non_null(strstr(every.text, "  Myoclonic jerks: 6, at 1, 11, 21, 31, 41, 51 s.\n"));
    assert_null(strstr(few.text, "71"));
    assert_non_null(strstr(every.text, "; at 61, 71, 81 s.\n"));
    collected_free(&few);
    collected_free(&every);
}

/* From an hour on, times are read by the clock: hours and minutes, h:mm:ss where something happened. */
static void a_night_is_told_by_the_clock(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_event events[] = { fake_event(12.34, EMG_CLONUS, 0, 0), fake_event(24503.46, EMG_CLONUS, 0, 0),
                           fake_event(59.97, EMG_TONIC, 0, 0), fake_event(86399.96, EMG_MYOCLONUS, 0, 0) };
    result.events = events;
    result.n_events = 4;
    emg_summary *s = &result.muscle[0];
    s->signal.analysed_s = 86400;
    s->signal.rest_s = 25925;
    s->counts.n_events = 5;
    s->counts.clonus_episodes = 2;
    s->counts.clonus_beats = 47;
    s->counts.clonus_total_s = 3661;
    s->counts.clonus_longest_s = 3599;
    s->counts.clonus_hz = 5.532;
    s->counts.tonic_total_s = s->counts.tonic_longest_s = 7200;
    s->counts.myoclonus_count = 1;
    s->counts.fasciculation_count = 2;
    s->counts.fasciculation_per_min = NAN;
    s->counts.fasciculation_first_s = 3.96;
    s->counts.fasciculation_last_s = 3600;
    s->counts.fasciculation_amplitude = 100;
    emg_report_input night = input;
    night.duration_s = 86370;
    assert_page(&result, &night,
                "knee.edf (EDF+C): 24 h, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  Fasciculations: 2 in 7 h 12 min at rest, from 0:00:04.0 to 1:00:00.0; amplitude 100 uV.\n"
                "  Myoclonic jerks: 1, at 24:00:00.0.\n"
                "  Clonus: 2 episodes at 0:00:12.3, 6:48:23.5; 1 h 1 min in all, longest 3599 s; 5.53 Hz, 47 beats.\n"
                "  Tonic or voluntary activity: 1 episode at 60 s; 2 h in all.\n"
                "  No tremor found in 24 h.\n" EMG_DISCLAIMER "\n");
}

static void one_episode_is_also_the_longest(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_event event = fake_event(30, EMG_TREMOR, 0, 0);
    result.events = &event;
    result.n_events = 1;
    emg_summary *s = &result.muscle[0];
    s->counts.n_events = s->counts.tremor_episodes = 1;
    s->counts.tremor_total_s = s->counts.tremor_longest_s = 60;
    s->counts.tremor_hz = 4.5;
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  Tremor: 1 episode at 30 s; 60 s in all; 4.5 Hz.\n"
                "  No fasciculations or clonus found in 120 s.\n" EMG_DISCLAIMER "\n");
}

/* How many annotations and kinds of them, with the remedy; nothing of their texts is known here. */
static void time_locked_events_are_told(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    emg_event events[] = { fake_event(3, EMG_EVOKED, 0, 0), fake_event(7.3, EMG_EVOKED, 0, 0) };
    result.events = events;
    result.n_events = 2;
    result.muscle[0].counts.n_events = result.muscle[0].counts.evoked_count = 2;
    result.time_locked = (emg_time_locked){ 2, 35 };
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Short events follow 35 annotations of 2 kinds beyond chance: where those mark stimuli, say so with "
                "--stimulus, and what they evoke is no activity of the muscle's own.\n"
                "Soleus [EMG Sol], noise 2.05 uV\n"
                "  Evoked responses: 2, at 3, 7.3 s.\n"
                "  No fasciculations, clonus or tremor found in 120 s.\n" EMG_DISCLAIMER "\n");
}

static void nothing_analysed(void **state)
{
    (void)state;
    emg_deviation deviations[9];
    for (size_t i = 0; i < 9; i++) {
        deviations[i] = (emg_deviation){ .code = "W_X", .field = "label", .channel = i < 3 ? (int64_t)i + 1 : -1 };
        strcpy(deviations[i].action, i < 5 ? "kept" : "left out");
    }
    strcpy(deviations[0].value, "TA");
    strcpy(deviations[1].value, "TA");
    strcpy(deviations[2].value, "SOL");
    emg_report_input facts = input;
    facts.deviations = deviations;
    facts.n_deviations = 4;
    facts.notes = deviations + 4;
    facts.n_notes = 5;
    facts.n_segments = 2;
    assert_page(NULL, &facts,
                "knee.edf (EDF+C): 120 s in 2 pieces, 0 muscles\n"
                "Deviations and remarks:\n"
                "  Label 'TA', 'SOL' of signal 1, 2, 3: kept (W_X).\n"
                "  Label: left out (W_X).\n"
                "No muscle channel with samples: nothing was analysed.\n" EMG_DISCLAIMER "\n");
    emg_result result = one_muscle();
    result.muscle[0].signal.analysed_s = 0;
    result.muscle[0].signal.excluded_s = 0.5;
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol]\n"
                "  Not analysed: 0.5 s were left out and nothing remained.\n" EMG_DISCLAIMER "\n");
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    facts = input;
    facts.config = &config;
    result.muscle[0].signal.short_s = 0.4;
    assert_page(
        &result, &facts,
        "knee.edf (EDF+C): 120 s, 1 muscle\n"
        "Soleus [EMG Sol]\n"
        "  Not analysed: 0.5 s were left out and nothing remained; 0.4 s lie in stretches shorter than 1 s, see "
        "--set episode.segment_least_s.\n" EMG_DISCLAIMER "\n");
    result.muscle[0].signal.short_s = 0;
    result.muscle[0].signal.excluded_s = result.muscle[0].signal.dead_s = 120;
    assert_page(&result, &input,
                "knee.edf (EDF+C): 120 s, 1 muscle\n"
                "Soleus [EMG Sol]\n"
                "  No signal: railed, constant or unplugged throughout; 120 s were left out.\n" EMG_DISCLAIMER "\n");
}

static void names_cannot_command_the_terminal(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].name = "\033]0;owned\007";
    result.channel[0].name = "a\nb";
    collected got = { 0 };
    assert_int_equal(emg_report_summary(&result, &input, collect, &got, NULL), EMG_OK);
    assert_null(strchr(got.text, '\033'));
    assert_non_null(strstr(got.text, "\\x1b]0;owned\\x07 [a\\x0ab]"));
    collected_free(&got);
}

static void uncalibrated_is_never_uv(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].calibrated = result.channel[0].calibrated = false;
    result.muscle[0].counts.n_events = result.muscle[0].counts.fasciculation_count = 1;
    collected got = { 0 };
    assert_int_equal(emg_report_summary(&result, &input, collect, &got, NULL), EMG_OK);
    assert_null(strstr(got.text, "uV"));
    assert_non_null(strstr(got.text, "noise 2.05 (relative)"));
    collected_free(&got);
}

static void failures(void **state)
{
    (void)state;
    emg_result result = one_muscle();
    result.muscle[0].counts.n_events = 5;
    result.fail_at = 1;
    collected got = { 0 };
    assert_int_equal(emg_report_summary(&result, &input, collect, &got, NULL), EMG_EIO);
    result.fail_at = 0;
    bool done = false;
    for (long n = 1; !done; n++) {
        emgp_fault_arm(n, false);
        emg_status status = emg_report_summary(&result, &input, collect, &got, NULL);
        done = emgp_fault_count() < n;
        emgp_fault_arm(0, false);
        assert_int_equal(status, done ? EMG_OK : EMG_ENOMEM);
    }
    collected_free(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_found_is_said_with_the_time),
        cmocka_unit_test(what_cannot_be_seen_and_how_sure),
        cmocka_unit_test(what_fits_no_word_leads_nowhere),
        cmocka_unit_test(a_removed_ecg_is_told),
        cmocka_unit_test(time_without_a_signal_is_told),
        cmocka_unit_test(fasciculations),
        cmocka_unit_test(no_rest_is_told),
        cmocka_unit_test(episodes_say_when),
        cmocka_unit_test(every_onset_is_named_when_asked_for),
        cmocka_unit_test(a_night_is_told_by_the_clock),
        cmocka_unit_test(one_episode_is_also_the_longest),
        cmocka_unit_test(time_locked_events_are_told),
        cmocka_unit_test(nothing_analysed),
        cmocka_unit_test(names_cannot_command_the_terminal),
        cmocka_unit_test(uncalibrated_is_never_uv),
        cmocka_unit_test(failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
