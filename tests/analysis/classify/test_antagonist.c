/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Antagonists that work together are told with the share, and facial muscles that begin together; never as a word. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include <emg/rules.h>

#include "support/drive.h"

/* Irregular potentials as of many units. */
static void add_contraction(drive_signal *s, size_t channel, double from_s, double to_s)
{
    for (int k = 0; from_s + 0.011 * k < to_s; k++)
        drive_add_potential(s, channel, from_s + 0.011 * k + 0.002 * (k * 7 % 5), k % 2 ? 90 : -80);
}

static emg_result *analyse(const drive_signal *s, const emg_action *actions)
{
    const drive_plan plan = { .block = 1000, .group = s->n_channels, .actions = actions };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(s, &plan, &result, NULL), EMG_OK);
    return result;
}

/* The value that an event's evidence has of one name; NaN: none. */
static double value_of(const emg_event *event, const char *name)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_rule rule;
    for (uint32_t i = 0; i < event->n_evidence; i++)
        if (emg_rule_at(event->evidence[i].rule, &config, &rule) && strcmp(rule.evidence, name) == 0)
            return (double)event->evidence[i].value;
    return NAN;
}

static bool has(const emg_event *event, emg_reason reason)
{
    return event->reasons >> reason & 1;
}

/* Flexor and extensor: 10 to 14 s together, 20 to 24 s with the last second only, 30 to 34 s alone. */
static drive_signal pulls(void)
{
    drive_signal s = drive_noise(2, 1000, 45, 3, 4);
    add_contraction(&s, 0, 10, 14);
    add_contraction(&s, 0, 20, 24);
    add_contraction(&s, 0, 30, 34);
    add_contraction(&s, 1, 10, 14);
    add_contraction(&s, 1, 23, 26);
    return s;
}

static void cocontraction_is_told_with_its_share(void **state)
{
    (void)state;
    static const emg_action opposed[] = { EMG_ELBOW_FLEXION, EMG_ELBOW_EXTENSION };
    drive_signal s = pulls();
    emg_result *result = analyse(&s, opposed);
    size_t n = 0;
    bool found = true;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
        if (e.trial_type != EMG_TONIC || e.channel != 0)
            continue;
        n++;
        assert_int_equal(has(&e, EMG_S_COCON), fabs(e.onset_s - 10) < 0.2);
        if (has(&e, EMG_S_COCON))
            assert_true(value_of(&e, "antagonist_share") > 0.9 && value_of(&e, "antagonist_share") <= 1);
    }
    assert_int_equal(n, 3);
    emg_result_free(result);
    drive_free(&s);
}

/* The same with muscles that do not oppose each other: of two joints, of one pull, unnamed, of two sides. */
static void only_antagonists_count(void **state)
{
    (void)state;
    static const emg_action pairs[][2] = { { EMG_ELBOW_FLEXION, EMG_KNEE_EXTENSION },
                                           { EMG_ELBOW_FLEXION, EMG_ELBOW_FLEXION },
                                           { EMG_ACTION_NONE, EMG_ACTION_NONE },
                                           { EMG_FACE, EMG_FACE } };
    drive_signal s = pulls();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        emg_result *result = analyse(&s, pairs[i]);
        bool found = true;
        size_t n = 0;
        for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n++)
            assert_false(has(&e, EMG_S_COCON));
        assert_true(n >= 5);
        emg_result_free(result);
    }
    drive_free(&s);
}

/* Bursts of two facial muscles at the same instants, and of a third later. */
static void facial_muscles_that_begin_together_are_told(void **state)
{
    (void)state;
    static const emg_action faces[] = { EMG_FACE, EMG_FACE, EMG_FACE };
    static const emg_action one[] = { EMG_FACE, EMG_WRIST_FLEXION, EMG_WRIST_EXTENSION };
    static const double onsets_s[] = { 5, 9.3, 12.1, 17.7, 21.2, 26.4 };
    drive_signal s = drive_noise(3, 1000, 35, 3, 9);
    for (size_t k = 0; k < sizeof onsets_s / sizeof *onsets_s; k++)
        for (size_t c = 0; c < 3; c++)
            drive_add_potential(&s, c, onsets_s[k] + (c == 2 ? 1.1 : 0.003 * (double)c), 120);
    for (int with = 0; with < 2; with++) {
        emg_result *result = analyse(&s, with ? faces : one);
        size_t n[3] = { 0 }, n_together[3] = { 0 };
        bool found = true;
        for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
            n[e.channel]++;
            n_together[e.channel] += has(&e, EMG_S_FACE);
            assert_true(!has(&e, EMG_S_FACE) || fabs(value_of(&e, "facial_share") - 1) < 1e-6);
        }
        assert_true(n[0] >= 5 && n[1] >= 5 && n[2] >= 5);
        assert_int_equal(n_together[0], with ? n[0] : 0);
        assert_int_equal(n_together[1], with ? n[1] : 0);
        assert_int_equal(n_together[2], 0);
        emg_result_free(result);
    }
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cocontraction_is_told_with_its_share),
        cmocka_unit_test(only_antagonists_count),
        cmocka_unit_test(facial_muscles_that_begin_together_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
