/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marked stimuli and tasks through the whole route: what is evoked, what an artefact, what keeps its word, what makes no row. */
#include "support/test.h"

#include <math.h>

#include "analysis/classify/classify.h"
#include "support/drive.h"

enum { MOST = 64 };

static emg_mark mark(emg_mark_kind kind, double onset_s, double duration_s)
{
    return (emg_mark){ .onset_s = onset_s, .duration_s = duration_s, .kind = kind };
}

/* Stimuli every step_s from 2 s on. */
static size_t stimuli(emg_mark *marks, double step_s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        marks[i] = mark(EMG_MARK_STIMULUS, 2 + step_s * (double)i, NAN);
    return n;
}

/* The events of a signal of 2000 Hz. */
typedef struct rows {
    emg_event event[MOST * 4];
    size_t n;
    emg_summary_counts counts; /* of the first muscle */
} rows;

static rows rows_of(const drive_signal *signal, const emg_mark *marks, size_t n_marks, const emg_config *config,
                    const char *const *muscles)
{
    static rows r;
    drive_plan plan = { .block = 1000,
                        .group = signal->n_channels,
                        .marks = marks,
                        .n_marks = n_marks,
                        .config = config,
                        .muscles = muscles };
    emg_result *result = NULL;
    emg_error err = EMG_ERROR_NONE;
    if (drive_analyse(signal, &plan, &result, &err))
        fail_msg("%s", err.text);
    r = (rows){ .counts = emg_result_muscle(result, 0)->counts };
    for (bool found = true;; r.n++) {
        assert_true(r.n < MOST * 4);
        assert_int_equal(emg_result_next(result, &r.event[r.n], &found, NULL), EMG_OK);
        if (!found)
            break;
    }
    emg_result_free(result);
    return r;
}

static bool has(const emg_event *event, emg_reason reason)
{
    return event->reasons >> reason & 1;
}

static size_t count(const rows *r, emg_class trial_type)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->event[i].trial_type == trial_type;
    return n;
}

/* A stimulator's pulse: 1 ms up, 1 ms down, on a channel. */
static void add_pulse(drive_signal *s, size_t channel, double at_s, double size)
{
    const size_t ms = (size_t)(s->rate_hz / 1000), first = (size_t)llround(at_s * s->rate_hz);
    for (size_t i = 0; i < 2 * ms; i++)
        s->x[(first + i) * s->n_channels + channel] += i < ms ? size : -size / 2;
}

/* An artefact, an early and a late part after each stimulus: one evoked row; what comes later is not its. */
static void one_row_a_stimulus(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 40, 3, 11);
    emg_mark marks[MOST];
    size_t n = stimuli(marks, 3.3, 10), of_response = 0;
    for (size_t i = 0; i < n; i++) {
        add_pulse(&s, 0, marks[i].onset_s, 2000);
        drive_add_potential(&s, 0, marks[i].onset_s + 0.03, i % 2 ? 200 : 100);
        drive_add_potential(&s, 0, marks[i].onset_s + 0.08, i % 2 ? 100 : 200);
        drive_add_potential(&s, 0, marks[i].onset_s + 1.1, 150);
    }
    rows r = rows_of(&s, marks, n, NULL, NULL);
    assert_int_equal(r.n, 2 * n);
    assert_int_equal(r.counts.evoked_count, n);
    assert_int_equal(r.counts.fasciculation_count, n);
    assert_int_equal(r.counts.myoclonus_count, 0);
    assert_int_equal(r.counts.pattern, EMG_FASCICULATION); /* what is evoked leads only where nothing else is */
    for (size_t i = 0; i < r.n; i++) {
        const emg_event *e = &r.event[i];
        double since = e->onset_s - marks[i / 2].onset_s;
        if (e->trial_type != EMG_EVOKED)
            continue;
        of_response++;
        assert_true(since > 0.02 && since < 0.03 && e->onset_s + e->duration_s > marks[i / 2].onset_s + 0.08);
        assert_true(fabs(e->peak_s - marks[i / 2].onset_s - (i / 2 % 2 ? 0.03 : 0.08)) < 0.002 && e->amplitude > 200);
        assert_true(e->count == 2 && has(e, EMG_M_STIM) && !has(e, EMG_A_STIM) && e->confidence > 0.85);
    }
    rows blind = rows_of(&s, NULL, 0, NULL, NULL);
    assert_int_equal(count(&blind, EMG_EVOKED), 0);
    drive_free(&s);
}

/* A response that begins 5 ms after its stimulus, in the filters' ringing of an artefact ten times as large: its own onset, peak
 * and size, and no row for the artefact. */
static void right_behind_the_artefact(void **state)
{
    (void)state;
    static const double sizes[] = { 0, 300, 3000 };
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        drive_signal s = drive_noise(1, 2000, 40, 3, 19);
        emg_mark marks[MOST];
        size_t n = stimuli(marks, 3.3, 10);
        for (size_t i = 0; i < n; i++) {
            add_pulse(&s, 0, marks[i].onset_s, sizes[k]);
            drive_add_potential(&s, 0, marks[i].onset_s + 0.01, 200);
        }
        rows r = rows_of(&s, marks, n, NULL, NULL);
        assert_int_equal(r.n, n);
        for (size_t i = 0; i < r.n; i++) {
            assert_int_equal(r.event[i].trial_type, EMG_EVOKED);
            assert_true(fabs(r.event[i].peak_s - marks[i].onset_s - 0.01) < 0.002);
            assert_true(r.event[i].onset_s >= marks[i].onset_s && r.event[i].amplitude < 400);
        }
        drive_free(&s);
    }
}

/* Pairs of pulses, two kinds of marks at one instant, marks out of order, and marks outside the recording. */
static void overlapping_marks(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 24, 3, 12);
    emg_mark marks[MOST];
    size_t n = 0;
    for (int i = 4; i >= 0; i--) {
        double at = 3 + 4 * i;
        marks[n++] = mark(EMG_MARK_STIMULUS, at + 0.01, NAN);
        marks[n++] = mark(EMG_MARK_STIMULUS, at, NAN);
        marks[n++] = mark(EMG_MARK_STIMULUS, at, 0);
        drive_add_potential(&s, 0, at + 0.035, 200);
    }
    marks[n++] = mark(EMG_MARK_STIMULUS, -3, NAN);
    marks[n++] = mark(EMG_MARK_STIMULUS, 1e6, NAN);
    rows r = rows_of(&s, marks, n, NULL, NULL);
    assert_int_equal(r.n, 5);
    assert_int_equal(count(&r, EMG_EVOKED), 5);
    assert_int_equal(r.counts.pattern, EMG_EVOKED);
    drive_free(&s);
}

static void add_burst(drive_signal *s, size_t channel, double at, int n, double peak)
{
    for (int k = 0; k < n; k++)
        drive_add_potential(s, channel, at + 0.006 * k + 0.001 * (k % 3), peak * (k % 2 ? -1 : 0.8));
}

/* A tap 30 ms before each episode of clonus: its first burst is no response, the rows are as they were. */
static void clonus_from_a_tap(void **state)
{
    (void)state;
    drive_signal s = drive_simulation("ankle-clonus", 3, 90);
    static rows before;
    emg_mark marks[MOST];
    size_t n = 0;
    before = rows_of(&s, NULL, 0, NULL, NULL);
    for (size_t i = 0; i < before.n; i++)
        if (before.event[i].frequency_hz > 0)
            marks[n++] = mark(EMG_MARK_STIMULUS, before.event[i].onset_s - 0.03, NAN);
    assert_true(n >= 4);
    rows r = rows_of(&s, marks, n, NULL, NULL);
    size_t n_rhythms = 0;
    for (size_t i = 0; i < r.n; i++) {
        const emg_event *e = &r.event[i];
        if (!(e->frequency_hz > 0))
            continue;
        n_rhythms++;
        assert_true(has(e, EMG_M_STIM));
        size_t same = 0;
        for (size_t k = 0; k < before.n; k++)
            same += before.event[k].channel == e->channel && before.event[k].trial_type == e->trial_type &&
                    !(fabs(before.event[k].onset_s - e->onset_s) > 0) && before.event[k].count == e->count;
        assert_int_equal(same, 1);
    }
    assert_int_equal(n_rhythms, n);
    drive_free(&s);
}

/* A contraction may begin with a stimulus, or hold one. */
static void contractions_keep_their_word(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 40, 3, 13);
    const emg_mark marks[] = { mark(EMG_MARK_STIMULUS, 20, NAN), mark(EMG_MARK_STIMULUS, 30.5, NAN) };
    for (int k = 0; k < 150; k++) {
        drive_add_potential(&s, 0, 20.03 + 0.007 * k + 0.002 * (k % 3), 80 * (k % 2 ? 1 : -1));
        drive_add_potential(&s, 0, 30 + 0.007 * k + 0.002 * (k % 3), 80 * (k % 2 ? 1 : -1));
    }
    rows r = rows_of(&s, marks, 2, NULL, NULL);
    assert_int_equal(r.n, 2);
    assert_true(r.event[0].trial_type == EMG_TONIC && has(&r.event[0], EMG_M_STIM) && r.event[0].onset_s < 20.04);
    assert_true(r.event[1].trial_type == EMG_TONIC && !has(&r.event[1], EMG_M_STIM) && r.event[1].onset_s < 30.01);
    drive_free(&s);
}

/* Short bursts, dense and irregular, that begin after a stimulus and go on: one episode from its first burst on. */
static void dense_activity_goes_on(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 20, 3, 19);
    const emg_mark stimulus = mark(EMG_MARK_STIMULUS, 5, NAN);
    double at = 5.03;
    for (int k = 0; k < 40; k++) {
        add_burst(&s, 0, at, 1 + k % 2, 60 + 40 * (k * k % 5));
        at += 0.015 + 0.01 * (k * k * k % 7 % 4);
    }
    rows r = rows_of(&s, &stimulus, 1, NULL, NULL);
    assert_int_equal(count(&r, EMG_EVOKED), 0);
    assert_true(r.event[0].trial_type == EMG_TONIC && r.event[0].onset_s < 5.04 && r.event[0].duration_s > 1 &&
                has(&r.event[0], EMG_M_STIM));
    drive_free(&s);
}

/* Responses as regular as the stimuli are no clonus, at no rate; nor are they one contraction where they come fast. */
static void the_rhythm_of_the_stimuli(void **state)
{
    (void)state;
    static const double steps[] = { 1, 0.2, 0.1 };
    for (size_t k = 0; k < 3; k++) {
        drive_signal s = drive_noise(1, 2000, 36, 3, 14 + k);
        emg_mark marks[MOST];
        size_t n = stimuli(marks, steps[k], 30);
        for (size_t i = 0; i < n; i++)
            add_burst(&s, 0, marks[i].onset_s + 0.03, 4, 120);
        rows r = rows_of(&s, marks, n, NULL, NULL);
        assert_int_equal(r.n, n);
        assert_int_equal(count(&r, EMG_EVOKED), n);
        drive_free(&s);
    }
}

/* In all muscles at once: evoked in each, no common artefact; channels of one muscle count once. */
static void several_channels(void **state)
{
    (void)state;
    static const char *const muscles[] = { "TA", "TA", "Soleus", "VL", "RF" };
    drive_signal s = drive_noise(5, 2000, 30, 3, 15);
    emg_mark marks[MOST];
    size_t n = stimuli(marks, 4.1, 6);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 5; c++) {
            drive_add_potential(&s, c, marks[i].onset_s, 300);
            drive_add_potential(&s, c, marks[i].onset_s + 0.03 + 0.001 * (double)c, 100 + 10 * (double)c);
            if (c == 1) /* one channel of the muscle sees a second part */
                drive_add_potential(&s, c, marks[i].onset_s + 0.05, 60);
        }
    rows r = rows_of(&s, marks, n, NULL, muscles);
    assert_int_equal(count(&r, EMG_EVOKED), 4 * n);
    assert_int_equal(count(&r, EMG_ARTIFACT), 4 * n);
    assert_int_equal(r.n, 8 * n);
    assert_int_equal(r.counts.evoked_count, n);
    for (size_t i = 0; i < r.n; i++)
        assert_true(r.event[i].trial_type == EMG_EVOKED || has(&r.event[i], EMG_A_STIM));
    drive_free(&s);
}

/* A response cut off by a gap is still one, and marks within the gap or beyond find nothing. */
static void at_a_gap(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 20, 3, 16);
    const emg_mark marks[] = { mark(EMG_MARK_STIMULUS, 9.96, NAN), mark(EMG_MARK_STIMULUS, 12, NAN),
                               mark(EMG_MARK_STIMULUS, 116, NAN) };
    add_burst(&s, 0, 9.985, 8, 120); /* goes on right through the gap */
    drive_add_potential(&s, 0, 16.03, 120);
    s.gap_at = 20000;
    s.gap_s = 100;
    rows r = rows_of(&s, marks, 3, NULL, NULL);
    size_t first = 0, last = r.n - 1;
    assert_true(r.n >= 2 && count(&r, EMG_EVOKED) == 2);
    assert_true(r.event[first].trial_type == EMG_EVOKED && has(&r.event[first], EMG_B_EDGE));
    assert_true(r.event[first].onset_s + r.event[first].duration_s <= 10.0001);
    assert_true(r.event[last].trial_type == EMG_EVOKED && fabs(r.event[last].onset_s - 116.026) < 0.003);
    drive_free(&s);
}

/* Single discharges, a jerk and slow jerks within a task and outside it. */
static void no_row_within_a_task(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 80, 3, 17);
    const emg_mark task = mark(EMG_MARK_TASK, 30, 150); /* from 30 s to the end, across the gap */
    s.gap_at = 100000;
    s.gap_s = 100;
    for (int half = 0; half < 3; half++) {
        static const double irregular[] = { 1, 3.7, 5.2, 9.4, 12.1 };
        double from = half == 0 ? 2 : half == 1 ? 32 : 52;
        for (int k = 0; k < 5; k++)
            drive_add_potential(&s, 0, from + irregular[k], 150);
        add_burst(&s, 0, from + 16, 10, 150);
    }
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    rows r = rows_of(&s, &task, 1, &config, NULL);
    assert_int_equal(r.n, 6);
    assert_int_equal(r.counts.fasciculation_count, 5);
    assert_int_equal(r.counts.myoclonus_count, 1);
    assert_true(r.event[5].onset_s < 30 && !has(&r.event[5], EMG_M_TASK));
    config.marks.within_task = 1;
    rows all = rows_of(&s, &task, 1, &config, NULL);
    assert_int_equal(all.n, 18);
    assert_int_equal(all.counts.fasciculation_count, 15);
    assert_int_equal(all.counts.myoclonus_count, 3);
    for (size_t i = 0; i < all.n; i++)
        assert_int_equal(has(&all.event[i], EMG_M_TASK), all.event[i].onset_s > 30);
    config.marks.within_task = 0;
    config.rhythm.least_confidence = 0.99; /* what makes no row is not doubted either */
    rows strict = rows_of(&s, &task, 1, &config, NULL);
    for (size_t i = 0; i < strict.n; i++)
        assert_true(strict.event[i].onset_s < 30);
    drive_free(&s);
}

/* Tremor keeps its word within a task and says so; slow jerks are movements there. */
static void rhythms_within_a_task(void **state)
{
    (void)state;
    drive_signal s = drive_simulation("tremor", 3, 60);
    const emg_mark task = mark(EMG_MARK_TASK, 0, 60);
    static rows before;
    before = rows_of(&s, NULL, 0, NULL, NULL);
    rows r = rows_of(&s, &task, 1, NULL, NULL);
    size_t n_rhythms = 0;
    for (size_t i = 0; i < before.n; i++)
        n_rhythms += before.event[i].frequency_hz > 0;
    assert_true(n_rhythms > 0);
    for (size_t i = 0; i < r.n; i++) {
        assert_true(has(&r.event[i], EMG_M_TASK));
        n_rhythms -= r.event[i].frequency_hz > 0;
    }
    assert_int_equal(n_rhythms, 0);
    drive_free(&s);
    s = drive_noise(1, 2000, 60, 3, 18);
    for (int k = 0; k < 40; k++)
        add_burst(&s, 0, 5 + 0.38 * k + 0.01 * (k * k % 5), 4 + k * k % 7, 100);
    before = rows_of(&s, NULL, 0, NULL, NULL);
    assert_true(count(&before, EMG_MYOCLONUS) > 30 && has(&before.event[20], EMG_F_LO));
    assert_int_equal(rows_of(&s, &task, 1, NULL, NULL).n, 0);
    drive_free(&s);
}

/* A mark about one channel says nothing of the others: their responses are no responses. */
static void a_stimulus_of_one_channel(void **state)
{
    (void)state;
    drive_signal s = drive_noise(2, 1000, 60, 3, 5);
    emg_mark marks[20];
    for (size_t i = 0; i < 20; i++) {
        marks[i] = mark(EMG_MARK_STIMULUS, 2 + 2.7 * (double)i, NAN);
        marks[i].channel = 2;
        drive_add_potential(&s, 0, marks[i].onset_s + 0.03, 120);
        drive_add_potential(&s, 1, marks[i].onset_s + 0.03, 120);
    }
    rows r = rows_of(&s, marks, 20, NULL, NULL);
    size_t n_evoked[2] = { 0 };
    for (size_t i = 0; i < r.n; i++)
        n_evoked[r.event[i].channel] += r.event[i].trial_type == EMG_EVOKED;
    assert_int_equal(n_evoked[0], 0);
    assert_int_equal(n_evoked[1], 20);
    drive_free(&s);
}

/* What no channel of a record is asked about: marks of no kind, texts beyond those told apart. */
static void marks_are_checked(void **state)
{
    (void)state;
    emg_source source = { .name = "a", .muscle = "a", .rate_hz = 1000 };
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_analysis *a = NULL;
    emg_mark wrong[] = { mark((emg_mark_kind)(EMG_MARK_UNKNOWN + 1), 1, 1), mark(EMG_MARK_UNKNOWN, 1, 1),
                         mark(EMG_MARK_STIMULUS, NAN, 1), mark(EMG_MARK_REST, 1, 1) };
    wrong[1].text = EMG_MARK_TEXTS;
    wrong[3].channel = 2;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(emg_analysis_new(&a, &source, 1, &wrong[i], 1, &config, NULL, NULL), EMG_EARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_row_a_stimulus),
        cmocka_unit_test(right_behind_the_artefact),
        cmocka_unit_test(overlapping_marks),
        cmocka_unit_test(clonus_from_a_tap),
        cmocka_unit_test(contractions_keep_their_word),
        cmocka_unit_test(dense_activity_goes_on),
        cmocka_unit_test(the_rhythm_of_the_stimuli),
        cmocka_unit_test(several_channels),
        cmocka_unit_test(at_a_gap),
        cmocka_unit_test(no_row_within_a_task),
        cmocka_unit_test(rhythms_within_a_task),
        cmocka_unit_test(a_stimulus_of_one_channel),
        cmocka_unit_test(marks_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
