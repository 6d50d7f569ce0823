/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dead stretches on their way through an analysis: in no noise, no level, no event; excluded time, and said. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/drive.h"

enum { RATE = 1000, SECONDS = 60 };

static void hold(drive_signal *s, size_t channel, double from_s, double to_s, double value)
{
    for (size_t i = (size_t)(from_s * RATE); i < (size_t)(to_s * RATE) && i < s->n_frames; i++)
        s->x[i * s->n_channels + channel] = value;
}

/* Six potentials and a contraction from 40 to 50 s on every channel. */
static drive_signal muscles(size_t n_channels)
{
    static const double onsets[] = { 11.2, 14.9, 19.3, 23.1, 28.4, 33.7 };
    drive_signal s = drive_noise(n_channels, RATE, SECONDS, 3, 21);
    for (size_t c = 0; c < n_channels; c++) {
        for (size_t i = 0; i < 6; i++)
            drive_add_potential(&s, c, onsets[i], 70);
        for (int k = 0; k < 900; k++)
            drive_add_potential(&s, c, 40 + 0.011 * k + 0.002 * (k * 7 % 5), k % 2 ? 60 : -50);
    }
    return s;
}

static emg_result *analyse(const drive_signal *s, size_t block, size_t group)
{
    const drive_plan plan = { .block = block, .group = group };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(s, &plan, &result, NULL), EMG_OK);
    return result;
}

static void assert_no_event_between(emg_result *result, double from_s, double to_s)
{
    bool found = true;
    emg_result_rewind(result);
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;)
        if (e.onset_s < to_s && e.onset_s + e.duration_s > from_s)
            fail_msg("an event from %g s, %g s long, reaches into dead time", e.onset_s, e.duration_s);
}

/* Off, on, pulled out and put in again: what is between is as it would be by itself. */
static void what_is_live_is_as_without(void **state)
{
    (void)state;
    drive_signal clean = muscles(1), s = muscles(1);
    hold(&s, 0, 0, 10, 3276.7);
    hold(&s, 0, 16, 16.4, -3276.8);
    hold(&s, 0, 25, 27, 0);
    hold(&s, 0, 52, SECONDS, 0);
    emg_result *a = analyse(&clean, 1000, 1), *b = analyse(&s, 1000, 1);
    const emg_summary *without = emg_result_channel(a, 0), *with = emg_result_channel(b, 0);
    assert_int_equal(without->counts.fasciculation_count, 6);
    assert_int_equal(with->counts.fasciculation_count, 6);
    assert_int_equal(with->counts.tonic_episodes, without->counts.tonic_episodes);
    assert_int_equal(with->counts.n_events, without->counts.n_events);
    assert_true(fabs(with->signal.noise / without->signal.noise - 1) < 0.05);
    assert_true(fabs(with->signal.analysed_s - (SECONDS - 10.1 - 0.6 - 2.2 - 8.1)) < 0.03);
    assert_true(fabs(with->signal.dead_s - 21) < 0.03);
    assert_true(fabs(with->signal.analysed_s + with->signal.excluded_s - SECONDS) < 1e-9);
    assert_true(fabs(without->signal.dead_s) < 1e-9);
    static const double dead_s[][2] = { { 0, 10 }, { 16, 16.4 }, { 25, 27 }, { 52, SECONDS } };
    for (size_t i = 0; i < 4; i++)
        assert_no_event_between(b, dead_s[i][0] - 0.09, dead_s[i][1] + 0.09);
    emg_result_free(a);
    emg_result_free(b);
    drive_free(&clean);
    drive_free(&s);
}

/* A contraction through which the cable comes off is two, each cut; a potential at the very edge of dead time is none. */
static void events_end_where_nothing_is_recorded(void **state)
{
    (void)state;
    drive_signal s = muscles(1);
    hold(&s, 0, 44, 45, 0);
    hold(&s, 0, 11.23, 12, 0);
    hold(&s, 0, 14, 14.86, 0);
    emg_result *result = analyse(&s, 1000, 1);
    bool found = true;
    size_t n = 0;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
        if (e.trial_type != EMG_TONIC)
            continue;
        assert_true(e.reasons & ((uint64_t)1 << EMG_B_EDGE));
        assert_true(n == 0 ? fabs(e.onset_s + e.duration_s - 43.9) < 0.02 : fabs(e.onset_s - 45.1) < 0.02);
        n++;
    }
    assert_int_equal(n, 2);
    assert_int_equal(emg_result_channel(result, 0)->counts.fasciculation_count, 4);
    assert_no_event_between(result, 11.14, 12.09);
    assert_no_event_between(result, 13.91, 14.95);
    assert_no_event_between(result, 43.91, 45.09);
    emg_result_free(result);
    drive_free(&s);
}

static size_t n_of(emg_result *result, size_t channel, double from_s, double to_s)
{
    bool found = true;
    size_t n = 0;
    emg_result_rewind(result);
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;)
        n +=
            e.channel == channel && e.trial_type == EMG_CLONUS && e.onset_s < to_s && e.onset_s + e.duration_s > from_s;
    return n;
}

/* Clonus goes on while the cable is off for a moment: two episodes. */
static void a_rhythm_does_not_span_dead_time(void **state)
{
    (void)state;
    drive_signal s = drive_simulation("ankle-clonus", 7, SECONDS);
    const size_t rate = (size_t)s.rate_hz;
    emg_result *result = analyse(&s, 1000, 8);
    emg_event e;
    bool found = true;
    do
        assert_true(emg_result_next(result, &e, &found, NULL) == EMG_OK && found);
    while (e.trial_type != EMG_CLONUS || e.count < 16);
    const double middle_s = e.onset_s + e.duration_s / 2;
    assert_int_equal(n_of(result, e.channel, e.onset_s, e.onset_s + e.duration_s), 1);
    emg_result_free(result);
    for (size_t i = (size_t)(middle_s * (double)rate), end = i + rate / 20; i < end; i++)
        s.x[i * s.n_channels + e.channel] = 0;
    result = analyse(&s, 1000, 8);
    assert_int_equal(n_of(result, e.channel, e.onset_s, e.onset_s + e.duration_s), 2);
    assert_int_equal(n_of(result, e.channel, middle_s - 0.09, middle_s + 0.14), 0);
    emg_result_free(result);
    drive_free(&s);
}

/* Twitches before and after: the time that nobody saw is no interval. */
static void no_interval_spans_dead_time(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, SECONDS, 3, 41);
    static const double at_s[] = { 0, 2.1, 6.6, 8.5, 13.9 };
    for (size_t i = 0; i < 5; i++) {
        drive_add_potential(&s, 0, 4 + at_s[i], 70);
        drive_add_potential(&s, 0, 44 + at_s[i], 70);
    }
    hold(&s, 0, 20, 40, 0);
    emg_result *result = analyse(&s, 1000, 1);
    assert_int_equal(emg_result_channel(result, 0)->counts.fasciculation_count, 10);
    assert_true(emg_result_channel(result, 0)->counts.fasciculation_interval_cv < 1);
    emg_result_free(result);
    drive_free(&s);
}

/* Nothing on a channel but one value: no event, no noise, all of it dead. Its neighbours do not mind. */
static void a_dead_channel_has_no_signal(void **state)
{
    (void)state;
    drive_signal s = muscles(3);
    hold(&s, 1, 0, SECONDS, 42);
    s.x[1] = 0;
    emg_result *result = analyse(&s, 1000, 3);
    const emg_summary *dead = emg_result_channel(result, 1);
    assert_int_equal(dead->counts.n_events, 0);
    assert_true(fabs(dead->signal.analysed_s) < 1e-9 && fabs(dead->signal.dead_s - SECONDS) < 1e-9);
    assert_true(isnan(dead->signal.noise) && isnan(dead->signal.rms));
    assert_int_equal(emg_result_channel(result, 0)->counts.fasciculation_count, 6);
    assert_true(fabs(emg_result_channel(result, 0)->signal.analysed_s - SECONDS) < 1e-9);
    emg_result_free(result);
    drive_free(&s);
}

/* Most of a recording pulled out: the floor of contractions is what it was while the muscle rested. */
static void dead_time_is_no_floor(void **state)
{
    (void)state;
    drive_signal s = muscles(1);
    hold(&s, 0, 0, 30, 0);
    hold(&s, 0, 55, SECONDS, 0);
    emg_result *result = analyse(&s, 4096, 1);
    const emg_summary *summary = emg_result_channel(result, 0);
    bool found = true;
    assert_int_equal(summary->counts.tonic_episodes, 1);
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;)
        if (e.trial_type == EMG_TONIC)
            assert_true(fabs(e.onset_s - 40) < 0.05 && fabs(e.duration_s - 9.9) < 0.15);
    emg_result_free(result);
    drive_free(&s);
}

static char *events_of(const drive_signal *s, size_t block, size_t group)
{
    emg_result *result = analyse(s, block, group);
    char *text = drive_events(result);
    emg_result_free(result);
    return text;
}

static void cuts_and_company_do_not_matter(void **state)
{
    (void)state;
    drive_signal s = muscles(5);
    for (size_t c = 0; c < 5; c++)
        for (int k = 0; k < 12; k++)
            hold(&s, c, 4.7 * k + 0.3 * (double)c, 4.7 * k + 0.3 * (double)c + 0.02 + 0.15 * k, k % 3 ? 0 : 3276.7);
    char *whole = events_of(&s, s.n_frames, 5);
    assert_true(strlen(whole) > 1000);
    static const size_t cuts[][2] = { { 1, 5 }, { 7, 1 }, { 1000, 2 } };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char *other = events_of(&s, cuts[i][0], cuts[i][1]);
        assert_string_equal(whole, other);
        free(other);
    }
    free(whole);
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_live_is_as_without),       cmocka_unit_test(events_end_where_nothing_is_recorded),
        cmocka_unit_test(a_rhythm_does_not_span_dead_time), cmocka_unit_test(no_interval_spans_dead_time),
        cmocka_unit_test(a_dead_channel_has_no_signal),     cmocka_unit_test(dead_time_is_no_floor),
        cmocka_unit_test(cuts_and_company_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
