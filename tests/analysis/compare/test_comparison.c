/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons worked out by hand: minutes without activity and gaps, one amplitude for both, muscles by name. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include <emg/comparison.h>

#include "support/sweep.h"

static emg_summary muscle(const char *name, double rest_s, double threshold)
{
    emg_summary s;
    memset(&s, 0, sizeof s);
    s.name = s.muscle = name;
    s.calibrated = true;
    s.rate_hz = 2000;
    s.n_channels = 1;
    s.signal.analysed_s = 300;
    s.signal.rest_s = rest_s;
    s.signal.threshold = threshold;
    s.signal.median_frequency_hz = 100;
    s.counts.clonus_hz = NAN;
    return s;
}

static emg_event event(emg_class trial_type, double onset_s, double duration_s, double amplitude)
{
    return (
        emg_event){ .trial_type = trial_type, .onset_s = onset_s, .duration_s = duration_s, .amplitude = amplitude };
}

static emg_event twitch(double onset_s, double amplitude)
{
    return event(EMG_FASCICULATION, onset_s, 0.01, amplitude);
}

static const emg_segment whole[] = { { 0, 300 } };

static emg_visit visit(const char *name, const emg_summary *muscles, size_t n_muscles, const emg_event *events,
                       size_t n_events)
{
    return (emg_visit){ name, muscles, n_muscles, events, n_events, whole, 1, 50 };
}

static emg_comparison *compared(const emg_visit *a, const emg_visit *b)
{
    emg_comparison *c = NULL;
    assert_int_equal(emg_comparison_new(&c, a, b, NULL), EMG_OK);
    return c;
}

static emg_compared_figure figure(const emg_comparison *c, size_t m, const char *quantity)
{
    emg_compared_figure f;
    for (size_t i = 0; emg_comparison_figure(c, m, i, &f); i++)
        if (strcmp(f.quantity, quantity) == 0)
            return f;
    fail_msg("no figure %s", quantity);
    return f;
}

static void assert_minutes(const emg_compared_side *side, size_t n, const uint64_t *wanted)
{
    assert_int_equal(side->n_minutes, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(side->minutes[i], wanted[i]);
}

/* A contraction from 60 to 180 s, with a tremor within it, leaves one minute before and two behind it; what lies within
 * stands where the rest goes on. Jerks and what nobody could name leave a muscle at rest. */
static void minutes_are_of_rest(void **state)
{
    (void)state;
    const emg_summary m = muscle("m", 180, 20);
    const emg_event events[] = { twitch(1, 60),
                                 twitch(59, 60),
                                 event(EMG_TONIC, 60, 120, 90),
                                 event(EMG_TREMOR, 70, 20, 90),
                                 twitch(100, 60),
                                 twitch(181, 60),
                                 twitch(299.9, 60),
                                 twitch(239, 60),
                                 event(EMG_MYOCLONUS, 250, 0.1, 90),
                                 event(EMG_INDETERMINATE, 250, 30, 90) };
    const emg_visit a = visit("a", &m, 1, events, 10);
    emg_comparison *c = compared(&a, &a);
    assert_minutes(&emg_comparison_muscle(c, 0)->side[0], 3, (const uint64_t[]){ 2, 3, 1 });
    assert_int_equal(emg_comparison_muscle(c, 0)->side[0].n_counted, 6);
    assert_int_equal(emg_comparison_muscle(c, 0)->lack, EMG_RATES_GIVEN);
    emg_comparison_free(c);
}

/* Nothing was recorded from 100 to 1000 s. */
static void gaps_are_no_time(void **state)
{
    (void)state;
    static const emg_segment two[] = { { 0, 100 }, { 1000, 140 } };
    const emg_summary m = muscle("m", 240, 20);
    const emg_event events[] = { twitch(99, 60), twitch(1001, 60), twitch(1081, 60), twitch(1139, 60) };
    emg_visit a = visit("a", &m, 1, events, 4);
    a.segments = two;
    a.n_segments = 2;
    emg_comparison *c = compared(&a, &a);
    assert_minutes(&emg_comparison_muscle(c, 0)->side[1], 4, (const uint64_t[]){ 0, 2, 0, 2 });
    emg_comparison_free(c);
}

/* 80 uV could be seen in b, 50 uV count in a: both count from 80 on. */
static void both_count_from_one_amplitude(void **state)
{
    (void)state;
    const emg_summary quiet = muscle("m", 300, 20), noisy = muscle("m", 300, 80);
    const emg_event events[] = { twitch(1, 55), twitch(70, 80), twitch(130, 79.9), twitch(190, 200) };
    const emg_visit a = visit("a", &quiet, 1, events, 4), b = visit("b", &noisy, 1, events, 4);
    emg_comparison *c = compared(&a, &b);
    const emg_compared_muscle *m = emg_comparison_muscle(c, 0);
    assert_true(m->counted_from <= 80 && m->counted_from >= 80);
    assert_int_equal(m->side[0].n_counted, 2);
    assert_int_equal(m->side[1].n_counted, 2);
    assert_true(fabs(m->side[0].median_amplitude - 140) < 1e-9);
    assert_true(fabs(figure(c, 0, "fasciculation_per_min").a.value - 0.4) < 1e-9);
    assert_string_equal(figure(c, 0, "fasciculation_per_min").remark,
                        "from 80 uV on in both; counts scatter no more than by chance");
    assert_true(fabs(figure(c, 0, "fasciculation_least_seen").a.value - 50) < 1e-9);
    assert_string_equal(figure(c, 0, "fasciculation_least_seen").units, "uV");
    emg_comparison_free(c);
}

static void without_rest_there_are_no_counts(void **state)
{
    (void)state;
    const emg_summary rests = muscle("m", 300, 20), never = muscle("m", 0, 81.44), hardly = muscle("m", 9.9, 20);
    const emg_event events[] = { twitch(1, 100) };
    const emg_visit a = visit("a", &rests, 1, events, 1), b = visit("b", &never, 1, events, 1),
                    d = visit("d", &hardly, 1, events, 1);
    emg_comparison *c = compared(&a, &b);
    emg_compared_figure f = figure(c, 0, "fasciculation_per_min");
    assert_int_equal(emg_comparison_muscle(c, 0)->lack, EMG_RATES_NO_REST);
    assert_true(f.a.value > 0 && isnan(f.b.value) && isnan(f.ratio.value) && !f.tested);
    assert_string_equal(f.remark, "B never rests: below 81.4 uV nothing can be seen");
    assert_true(isnan(figure(c, 0, "fasciculation_count").b.value));
    emg_comparison_free(c);
    c = compared(&d, &a);
    assert_string_equal(figure(c, 0, "fasciculation_per_min").remark,
                        "A rests for less than 10 s: below 20 uV nothing can be seen");
    emg_comparison_free(c);
}

static void few_minutes_and_no_events_have_no_interval(void **state)
{
    (void)state;
    const emg_summary m = muscle("m", 60, 20), longer = muscle("m", 300, 20);
    const emg_event events[] = { twitch(1, 100) };
    const emg_visit a = visit("a", &m, 1, events, 1), none = visit("b", &longer, 1, NULL, 0);
    emg_comparison *c = compared(&a, &a);
    assert_int_equal(emg_comparison_muscle(c, 0)->lack, EMG_RATES_FEW_MINUTES);
    assert_string_equal(figure(c, 0, "fasciculation_per_min").remark,
                        "from 50 uV on in both; too few minutes at rest to tell how the counts scatter");
    emg_comparison_free(c);
    c = compared(&none, &none);
    assert_int_equal(emg_comparison_muscle(c, 0)->lack, EMG_RATES_NO_EVENTS);
    assert_string_equal(figure(c, 0, "fasciculation_per_min").remark, "from 50 uV on in both; none in either");
    emg_comparison_free(c);
}

static void calibrated_and_not_have_no_amplitude_in_common(void **state)
{
    (void)state;
    emg_summary volts = muscle("m", 300, 20), bare = muscle("m", 300, 0.1);
    bare.calibrated = false;
    bare.rate_hz = 1000;
    const emg_event events[] = { twitch(1, 0.3), twitch(2, 0.05) };
    const emg_visit a = visit("a", &volts, 1, NULL, 0), b = visit("b", &bare, 1, events, 2);
    emg_comparison *c = compared(&a, &b);
    assert_int_equal(emg_comparison_muscle(c, 0)->lack, EMG_RATES_NO_AMPLITUDE);
    assert_string_equal(figure(c, 0, "fasciculation_per_min").remark,
                        "one is calibrated, the other not: no amplitude in common");
    assert_true(isnan(figure(c, 0, "rms").ratio.value));
    assert_string_equal(figure(c, 0, "median_frequency_hz").remark,
                        "sampled at 2000 and 1000 Hz: the bands may differ");
    assert_true(fabs(figure(c, 0, "median_frequency_hz").ratio.value - 1) < 1e-9);
    emg_comparison_free(c);
    c = compared(&b, &b); /* the least amplitude in microvolts means nothing here */
    assert_int_equal(emg_comparison_muscle(c, 0)->side[0].n_counted, 1);
    assert_string_equal(figure(c, 0, "fasciculation_least_seen").units, "relative");
    emg_comparison_free(c);
}

static void muscles_are_paired_by_name(void **state)
{
    (void)state;
    const emg_summary left[] = { muscle("x", 300, 20), muscle("y", 300, 20), muscle("z", 300, 20) },
                      right[] = { muscle("z", 300, 20), muscle("w", 300, 20), muscle("x", 300, 20) };
    emg_event events[] = { twitch(1, 100), twitch(2, 100), twitch(3, 100) };
    events[1].muscle = events[2].muscle = 2;
    const emg_visit a = visit("a", left, 3, events, 3), b = visit("b", right, 3, events, 3);
    emg_comparison *c = compared(&a, &b);
    assert_int_equal(emg_comparison_n_muscles(c), 2);
    assert_string_equal(emg_comparison_muscle(c, 0)->name, "x");
    assert_string_equal(emg_comparison_muscle(c, 1)->name, "z");
    assert_int_equal(emg_comparison_muscle(c, 0)->side[0].n_counted, 1);
    assert_int_equal(emg_comparison_muscle(c, 0)->side[1].n_counted, 2);
    assert_int_equal(emg_comparison_muscle(c, 1)->side[1].n_counted, 1);
    assert_null(emg_comparison_muscle(c, 2));
    assert_string_equal(emg_comparison_unmatched(c, 0, 0), "y");
    assert_string_equal(emg_comparison_unmatched(c, 1, 0), "w");
    assert_null(emg_comparison_unmatched(c, 0, 1));
    assert_null(emg_comparison_unmatched(c, 2, 0));
    assert_string_equal(emg_comparison_name(c, 1), "b");
    assert_null(emg_comparison_name(c, 2));
    emg_comparison_free(c);
}

static void shares_and_means_are_of_the_summary(void **state)
{
    (void)state;
    emg_summary one = muscle("m", 300, 20), other = muscle("m", 300, 20);
    one.counts.tonic_episodes = 4;
    one.counts.tonic_total_s = 30;
    other.signal.analysed_s = 600;
    other.counts.tonic_episodes = 5;
    other.counts.tonic_total_s = 30;
    other.counts.fasciculation_count = EMG_NO_COUNT;
    const emg_visit a = visit("a", &one, 1, NULL, 0), b = visit("b", &other, 1, NULL, 0);
    emg_comparison *c = compared(&a, &b);
    assert_true(fabs(figure(c, 0, "tonic_per_min").a.value - 0.8) < 1e-9);
    assert_true(fabs(figure(c, 0, "tonic_per_min").difference.value + 0.3) < 1e-9);
    assert_true(fabs(figure(c, 0, "tonic_share").ratio.value - 0.5) < 1e-9);
    assert_true(fabs(figure(c, 0, "tonic_mean_s").b.value - 6) < 1e-9);
    assert_true(isnan(figure(c, 0, "clonus_mean_s").a.value));
    assert_true(isnan(figure(c, 0, "clonus_hz").ratio.value));
    emg_comparison_free(c);
}

static void what_contradicts_itself_is_refused(void **state)
{
    (void)state;
    const emg_summary two[] = { muscle("m", 300, 20), muscle("m", 300, 20) }, nameless = muscle(NULL, 300, 20);
    emg_event stray = twitch(1, 100);
    stray.muscle = 1;
    const emg_visit good = visit("a", two, 1, NULL, 0), twice = visit("b", two, 2, NULL, 0),
                    none = visit("c", &nameless, 1, NULL, 0), lost = visit("d", two, 1, &stray, 1),
                    bad = visit("e", NULL, 1, NULL, 0), called = visit(NULL, two, 1, NULL, 0);
    const emg_visit *wrong[] = { &twice, &none, &lost, &bad, &called };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        emg_comparison *c = NULL;
        assert_int_equal(emg_comparison_new(&c, &good, wrong[i], NULL), EMG_EARG);
        assert_null(c);
        assert_int_equal(emg_comparison_new(&c, wrong[i], &good, NULL), EMG_EARG);
    }
}

static emg_status compare_once(emg_error *err)
{
    const emg_summary m = muscle("m", 180, 20);
    const emg_event events[] = { twitch(1, 60), event(EMG_TONIC, 60, 120, 90), twitch(190, 60) };
    const emg_visit a = visit("a", &m, 1, events, 3);
    emg_comparison *c = NULL;
    const emg_status status = emg_comparison_new(&c, &a, &a, err);
    emg_comparison_free(c);
    return status;
}

static void memory_may_be_out(void **state)
{
    (void)state;
    sweep_allocations(compare_once, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_are_of_rest),
        cmocka_unit_test(gaps_are_no_time),
        cmocka_unit_test(both_count_from_one_amplitude),
        cmocka_unit_test(without_rest_there_are_no_counts),
        cmocka_unit_test(few_minutes_and_no_events_have_no_interval),
        cmocka_unit_test(calibrated_and_not_have_no_amplitude_in_common),
        cmocka_unit_test(muscles_are_paired_by_name),
        cmocka_unit_test(shares_and_means_are_of_the_summary),
        cmocka_unit_test(what_contradicts_itself_is_refused),
        cmocka_unit_test(memory_may_be_out),
    };
    return cmocka_run_group_tests_name("two recordings compared", tests, NULL, NULL);
}
