/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies before and after a stimulus; marks that nobody explained, told when short events follow them beyond chance. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/classify/classify.h"
#include "support/drive.h"

enum { MOST = 400 };

/* Marks of one text at irregular places, n_followed of them with a potential 30 ms later. */
static size_t add(emg_mark *marks, size_t n, drive_signal *s, size_t channel, unsigned text, size_t n_new,
                  size_t n_followed)
{
    for (size_t i = 0; i < n_new; i++) {
        double at = 3 + 2.5 * (double)i + 0.37 * (double)(i * i % 5) + 0.7 * (double)(text % 4);
        marks[n + i] = (emg_mark){ .onset_s = at, .kind = EMG_MARK_UNKNOWN, .text = text };
        if (i < n_followed)
            drive_add_potential(s, channel, at + 0.03, 150);
    }
    return n + n_new;
}

static emg_time_locked locked_of(const drive_signal *s, const emg_mark *marks, size_t n)
{
    drive_plan plan = { .block = 777, .group = s->n_channels, .marks = marks, .n_marks = n };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(s, &plan, &result, NULL), EMG_OK);
    emg_time_locked locked = emg_result_time_locked(result);
    emg_result_free(result);
    return locked;
}

static void kinds_and_marks_are_counted(void **state)
{
    (void)state;
    static const struct {
        size_t n_marks, n_followed, kinds;
    } cases[] = { { 12, 12, 1 }, { 10, 10, 1 }, { 9, 9, 0 }, { 20, 11, 1 }, { 20, 9, 0 }, { 20, 0, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        drive_signal s = drive_noise(2, 1000, 60, 3, 21 + i);
        emg_mark marks[MOST];
        size_t n = add(marks, 0, &s, 1, 7, cases[i].n_marks, cases[i].n_followed);
        emg_time_locked locked = locked_of(&s, marks, n);
        assert_int_equal(locked.n_kinds, cases[i].kinds);
        assert_int_equal(locked.n_marks, cases[i].kinds * cases[i].n_marks);
        drive_free(&s);
    }
}

/* Two texts on two channels and a third that nothing follows; all out of order, and more of each before and after the record. */
static void several_texts(void **state)
{
    (void)state;
    drive_signal s = drive_noise(2, 1000, 60, 3, 31);
    emg_mark marks[MOST];
    size_t n = add(marks, 0, &s, 0, 63, 15, 15);
    n = add(marks, n, &s, 1, 0, 12, 12);
    n = add(marks, n, &s, 0, 1, 12, 0);
    for (unsigned i = 0; i < 90; i++)
        marks[n++] = (emg_mark){ .onset_s = i % 2 ? -1.0 - i : 100.0 + i, .kind = EMG_MARK_UNKNOWN, .text = i % 3 };
    emg_time_locked locked = locked_of(&s, marks, n);
    assert_int_equal(locked.n_kinds, 2);
    assert_int_equal(locked.n_marks, 27);
    drive_free(&s);
}

/* A channel so busy that most marks are followed by chance; regular events and marks that drift against each other. */
static void chance_is_not_told(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 1000, 60, 3, 32);
    emg_mark marks[MOST];
    size_t n = add(marks, 0, &s, 0, 0, 20, 0);
    for (int k = 0; k < 700; k++)
        drive_add_potential(&s, 0, 0.5 + 0.083 * k + 0.013 * (k * k % 7), 100);
    emg_time_locked locked = locked_of(&s, marks, n);
    assert_int_equal(locked.n_kinds, 0);
    assert_int_equal(locked.n_marks, 0);
    drive_free(&s);
}

/* What was said of a mark needs no telling; nobody's marks neither. */
static void explained_marks(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 1000, 60, 3, 33);
    emg_mark marks[MOST];
    size_t n = add(marks, 0, &s, 0, 0, 20, 20);
    for (size_t i = 0; i < n; i++)
        marks[i].kind = EMG_MARK_STIMULUS;
    assert_int_equal(locked_of(&s, marks, n).n_kinds, 0);
    assert_int_equal(locked_of(&s, NULL, 0).n_kinds, 0);
    assert_int_equal(emg_result_time_locked(NULL).n_kinds, 0);
    drive_free(&s);
}

static emg_mark mark(emg_mark_kind kind, double onset_s, double duration_s)
{
    return (emg_mark){ .onset_s = onset_s, .duration_s = duration_s, .kind = kind };
}

static void before_a_stimulus_and_after(void **state)
{
    (void)state;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    const emg_mark at[] = { mark(EMG_MARK_STIMULUS, 10, NAN), mark(EMG_MARK_STIMULUS, 10.25, NAN) };
    const emgp_marks_told marks = { .stimuli = at, .n_stimuli = 2 };
    static const struct {
        double onset_s, peak_s, size;
        emgp_after after;
        size_t stimulus;
    } cases[] = {
        { 9.9, 9.905, 0, EMGP_AFTER_NONE, 0 },
        { 9.999, 10.001, 0, EMGP_AFTER_ARTEFACT, 0 },
        { 10.0028, 10.0029, 0, EMGP_AFTER_ARTEFACT, 0 },
        { 10.0029, 10.006, 0, EMGP_AFTER_RESPONSE, 0 }, /* an artefact is largest at its stimulus */
        { 9.999, 10.009, 0, EMGP_AFTER_RESPONSE, 0 },
        { 10.0031, 10.006, 0, EMGP_AFTER_RESPONSE, 0 },
        { 10.0999, 10.12, 0, EMGP_AFTER_RESPONSE, 0 },
        { 10.1001, 10.12, 0, EMGP_AFTER_NONE, 0 },
        { 9.985, 10.03, 0, EMGP_AFTER_RESPONSE, 0 }, /* large, and spread ahead of the stimulus by the filters */
        { 9.975, 10.03, 0, EMGP_AFTER_NONE, 0 },
        { 9.975, 10.03, 99, EMGP_AFTER_NONE, 0 },
        { 9.975, 10.03, 100, EMGP_AFTER_RESPONSE, 0 }, /* what is strong is spread further */
        { 9.935, 10.03, 1000, EMGP_AFTER_NONE, 0 },
        { 9.975, 9.99, 1000, EMGP_AFTER_NONE, 0 },
        { 9.99, 9.995, 0, EMGP_AFTER_NONE, 0 },
        { 9.95, 10.001, 0, EMGP_AFTER_ARTEFACT, 0 }, /* its largest deflection comes with the stimulus: it rings */
        { 9.95, 9.999, 0, EMGP_AFTER_ARTEFACT, 0 },
        { 9.93, 10.001, 0, EMGP_AFTER_NONE, 0 }, /* too long before */
        { 10.2, 10.251, 0, EMGP_AFTER_ARTEFACT, 1 },
        { 10.249, 10.251, 0, EMGP_AFTER_ARTEFACT, 1 },
        { 10.27, 10.28, 0, EMGP_AFTER_RESPONSE, 1 },
        { 11, 11.1, 0, EMGP_AFTER_NONE, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t stimulus = 0;
        emgp_after after =
            emgp_marked_stimulus(&marks, cases[i].onset_s, cases[i].peak_s, cases[i].size, &config, &stimulus);
        if (after != cases[i].after || stimulus != cases[i].stimulus)
            fail_msg("case %zu: %d of stimulus %zu", i, (int)after, stimulus);
    }
    config.marks.artefact_s = 0.01;
    config.marks.evoked_s = 0.05;
    assert_int_equal(emgp_marked_stimulus(&marks, 10.006, 10.008, 0, &config, NULL), EMGP_AFTER_ARTEFACT);
    assert_int_equal(emgp_marked_stimulus(&marks, 10.06, 10.061, 0, &config, NULL), EMGP_AFTER_NONE);
    const emgp_marks_told none = { .n_stimuli = 0 };
    assert_int_equal(emgp_marked_stimulus(&none, 10, 10, 0, &config, NULL), EMGP_AFTER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_and_marks_are_counted), cmocka_unit_test(several_texts),
        cmocka_unit_test(chance_is_not_told),          cmocka_unit_test(explained_marks),
        cmocka_unit_test(before_a_stimulus_and_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
