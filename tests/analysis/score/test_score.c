/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scores worked out by hand: duplicates, overlaps, boundaries, empty sides, symmetry, calibration, intervals. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include <emg/score.h>

#include "base/base.h"

#define assert_close(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static emg_event event(emg_class trial_type, double onset_s, double duration_s)
{
    return (emg_event){ .trial_type = trial_type,
                        .onset_s = onset_s,
                        .duration_s = duration_s,
                        .peak_s = NAN,
                        .frequency_hz = NAN,
                        .confidence = NAN };
}

static emg_event twitch(double onset_s)
{
    return event(EMG_FASCICULATION, onset_s, 0.01);
}

static emg_score *scored(const emg_event *truth, size_t n_truth, const emg_event *found, size_t n_found)
{
    emg_score_config config = emg_score_defaults();
    emg_score *s;
    assert_int_equal(emg_score_new(&s, &config, NULL), EMG_OK);
    assert_int_equal(emg_score_add(s, truth, n_truth, found, n_found, 1800, NULL), EMG_OK);
    return s;
}

static void assert_row(emg_score_row row, uint64_t n_truth, uint64_t n_found, uint64_t n_matched)
{
    assert_int_equal(row.n_truth, n_truth);
    assert_int_equal(row.n_found, n_found);
    assert_int_equal(row.n_matched, n_matched);
}

/* Of three found at one true event one is right; 9.8 ms are within the tolerance of 10 ms, 10.2 ms are not. */
static void duplicates_are_false(void **state)
{
    (void)state;
    const emg_event truth[] = { twitch(1), twitch(2), twitch(3) };
    const emg_event found[] = { twitch(0.996), twitch(1.001), twitch(1.004), twitch(2.0098), twitch(3.0102) };
    emg_score *s = scored(truth, 3, found, 5);
    emg_score_row row = emg_score_of_class(s, EMG_FASCICULATION);
    assert_row(row, 3, 5, 2);
    assert_close(row.precision.value, 0.4);
    assert_close(row.recall.value, 2.0 / 3);
    assert_close(row.f1.value, 0.5);
    assert_close(row.onset_bias_s, (0.001 + 0.0098) / 2); /* the nearest of the three is the pair */
    assert_close(row.onset_sd_s, 0.0088 / sqrt(2));
    assert_close(row.false_per_hour, 6);
    assert_int_equal(emg_score_label(s, EMG_FASCICULATION, EMG_FASCICULATION), 2);
    assert_int_equal(emg_score_label(s, EMG_FASCICULATION, EMG_SCORE_MISSED), 1);
    assert_int_equal(emg_score_label(s, EMG_SCORE_FALSE, EMG_FASCICULATION), 3);
    uint64_t n_errors = 0;
    for (size_t i = 0; i < EMG_SCORE_ERROR_BINS; i++)
        n_errors += emg_score_errors(s, i);
    assert_int_equal(n_errors, 2);
    assert_int_equal(emg_score_errors(s, EMG_SCORE_ERROR_BINS / 2 + 2), 1); /* 1 ms: bins are 0.488 ms wide */
    assert_true(isnan(row.f1.low));                                         /* one recording: no interval */
    emg_score_free(s);
}

/* 1.010 - 1 and 1.8 / 3.6 are not what they are in decimals: the limits themselves are within, on either side. */
static void limits_are_within(void **state)
{
    (void)state;
    for (int k = 0; k < 200; k++) {
        double at = 0.1 * k;
        const emg_event one[] = { twitch(at), event(EMG_CLONUS, at + 0.3, 3.6) };
        const emg_event other[] = { twitch(at + 0.010), event(EMG_CLONUS, at + 0.3, 1.8) };
        emg_score *s = scored(one, 2, other, 2), *exchanged = scored(other, 2, one, 2);
        assert_row(emg_score_of(s, EMG_SCORE_ALL), 2, 2, 2);
        assert_row(emg_score_of(exchanged, EMG_SCORE_ALL), 2, 2, 2);
        emg_score_free(s);
        emg_score_free(exchanged);
    }
}

/* One episode over very many short ones of its class: few may pair, and a table of all with all would not fit in memory. */
static void nested_episodes_are_light(void **state)
{
    (void)state;
    enum { N = 200000 };
    emg_event *truth = emgp_alloc(N + 1, sizeof *truth);
    assert_non_null(truth);
    truth[N] = event(EMG_CLONUS, 0, N);
    for (size_t i = 0; i < N; i++)
        truth[i] = event(EMG_CLONUS, (double)i, 0.5);
    emg_score *s = scored(truth, N + 1, truth, N + 1);
    assert_row(emg_score_of_class(s, EMG_CLONUS), N + 1, N + 1, N + 1);
    emg_score_free(s);
    emgp_free(truth);
}

/* Two found at one instant, one of them right: which is called right does not depend on how they were given. */
static void order_does_not_matter(void **state)
{
    (void)state;
    const emg_event truth[] = { twitch(1) };
    emg_event found[] = { twitch(1), twitch(1) };
    found[0].confidence = 0.9;
    found[1].confidence = 0.2;
    const emg_event turned[] = { found[1], found[0] };
    emg_score *s = scored(truth, 1, found, 2), *other = scored(truth, 1, turned, 2);
    assert_close(emg_score_calibration_error(s), emg_score_calibration_error(other));
    emg_score_free(s);
    emg_score_free(other);
}

/* The greedy pairing by nearest distance would leave one alone: 1.000-1.006 first, then nothing for 1.012. */
static void most_pairs_come_before_near_ones(void **state)
{
    (void)state;
    const emg_event truth[] = { twitch(1.000), twitch(1.012) };
    const emg_event found[] = { twitch(0.991), twitch(1.0055) };
    emg_score *s = scored(truth, 2, found, 2);
    assert_row(emg_score_of_class(s, EMG_FASCICULATION), 2, 2, 2);
    emg_score_free(s);
}

/* 4 s of 10 against 12 s of 20: overlaps of 0.4 and 0.5. Intersection 2, union 10 for the third. */
static void episodes_match_by_overlap(void **state)
{
    (void)state;
    emg_event truth[] = { event(EMG_CLONUS, 0, 10), event(EMG_CLONUS, 100, 20), event(EMG_CLONUS, 200, 10) };
    emg_event found[] = { event(EMG_CLONUS, 3, 4), event(EMG_CLONUS, 104, 12), event(EMG_CLONUS, 201, 9) };
    truth[1].frequency_hz = 5, found[1].frequency_hz = 5.2;
    truth[2].frequency_hz = 6, found[2].frequency_hz = 5.5;
    truth[1].count = 100, found[1].count = 60;
    truth[2].count = 60, found[2].count = 62;
    emg_score *s = scored(truth, 3, found, 3);
    emg_score_row row = emg_score_of_class(s, EMG_CLONUS);
    assert_row(row, 3, 3, 2); /* 12 / 20 and 9 / 10; 4 / 10 is below a half */
    assert_close(row.overlap, (0.6 + 0.9) / 2);
    assert_close(row.onset_bias_s, (4 + 1) / 2.0);
    assert_close(row.end_bias_s, (-4 + 0) / 2.0);
    assert_close(row.frequency_error_hz, (0.2 + 0.5) / 2);
    assert_close(row.frequency_within, 0.5);
    assert_close(row.count_error, (40 + 2) / 2.0);
    assert_close(row.count_bias, (-40 + 2) / 2.0);
    assert_int_equal(emg_score_label(s, EMG_CLONUS, EMG_CLONUS), 3); /* the first is covered by a part of itself */
    emg_score_free(s);
}

/* Durations 10, 20, 30, 40 against 12, 18, 33, 41: mean squares 305.333 * ... worked out below by the definition. */
static void icc_follows_shrout_and_fleiss(void **state)
{
    (void)state;
    const double true_s[] = { 10, 20, 30, 40 }, found_s[] = { 12, 18, 33, 41 };
    emg_event truth[4], found[4];
    double mean = 0, subjects = 0, raters = 0, rest = 0, column[2] = { 0, 0 };
    for (size_t i = 0; i < 4; i++) {
        truth[i] = event(EMG_TONIC, 100 * (double)i, true_s[i]);
        found[i] = event(EMG_TONIC, 100 * (double)i, found_s[i]);
        mean += (true_s[i] + found_s[i]) / 8;
        column[0] += true_s[i] / 4;
        column[1] += found_s[i] / 4;
    }
    for (size_t i = 0; i < 4; i++) {
        double row = (true_s[i] + found_s[i]) / 2;
        subjects += 2 * (row - mean) * (row - mean) / 3;
        for (size_t k = 0; k < 2; k++) {
            double off = (k ? found_s[i] : true_s[i]) - row - column[k] + mean;
            rest += off * off / 3;
        }
    }
    for (size_t k = 0; k < 2; k++)
        raters += 4 * (column[k] - mean) * (column[k] - mean);
    double icc = (subjects - rest) / (subjects + rest + 2 * (raters - rest) / 4);
    emg_score *s = scored(truth, 4, found, 4);
    assert_close(emg_score_of_class(s, EMG_TONIC).duration_icc, icc);
    assert_true(icc > 0.97 && icc < 1);
    emg_score_free(s);
}

static void empty_sides_say_nothing(void **state)
{
    (void)state;
    const emg_event one = twitch(1);
    emg_score *s = scored(NULL, 0, NULL, 0);
    emg_score_row row = emg_score_of(s, EMG_SCORE_ALL);
    assert_row(row, 0, 0, 0);
    assert_true(isnan(row.precision.value) && isnan(row.recall.value) && isnan(row.f1.value));
    assert_true(isnan(emg_score_of(s, EMG_SCORE_MACRO).f1.value));
    assert_true(isnan(emg_score_calibration_error(s)));
    emg_score_free(s);
    s = scored(&one, 1, NULL, 0);
    row = emg_score_of(s, EMG_SCORE_ALL);
    assert_true(isnan(row.precision.value));
    assert_close(row.recall.value, 0);
    assert_close(row.f1.value, 0);
    emg_score_free(s);
    s = scored(NULL, 0, &one, 1);
    row = emg_score_of(s, EMG_SCORE_ALL);
    assert_close(row.precision.value, 0);
    assert_true(isnan(row.recall.value));
    assert_close(row.false_per_hour, 2);
    emg_score_free(s);
}

/* Both sides exchanged: precision and recall change places, errors their sign, all else stays. */
static void sides_may_be_exchanged(void **state)
{
    (void)state;
    enum { N = 400 };
    static emg_event one[N], other[N];
    uint64_t random = 3;
    for (size_t i = 0; i < 2 * N; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double at = (double)(random >> 40) / (1 << 20), length = (double)(random >> 20 & 0xFF) / 50;
        emg_event e = random >> 60 < 10 ? twitch(at) : event(EMG_CLONUS, 3 * at, length + 0.1);
        e.channel = (uint32_t)(random >> 18 & 1);
        (i < N ? one : other)[i % N] = e;
    }
    emg_score *a = scored(one, N, other, N), *b = scored(other, N, one, N);
    const emg_score_row x = emg_score_of(a, EMG_SCORE_ALL), y = emg_score_of(b, EMG_SCORE_ALL);
    assert_true(x.n_matched > 50);
    assert_int_equal(x.n_matched, y.n_matched);
    assert_close(x.precision.value, y.recall.value);
    assert_close(x.recall.value, y.precision.value);
    assert_close(x.f1.value, y.f1.value);
    assert_true(fabs(x.onset_bias_s + y.onset_bias_s) < 1e-9 * (1 + fabs(x.onset_bias_s)));
    assert_close(x.duration_icc, y.duration_icc);
    emg_score_free(a);
    emg_score_free(b);
}

static void channels_and_labels_count(void **state)
{
    (void)state;
    emg_event truth[] = { twitch(1), twitch(2), event(EMG_MYOCLONUS, 3, 0.03), event(EMG_CLONUS, 10, 5) };
    emg_event found[] = { twitch(1), event(EMG_MYOCLONUS, 2, 0.02), twitch(3), event(EMG_TREMOR, 10, 5) };
    found[0].channel = 1;
    emg_score *s = scored(truth, 4, found, 4);
    assert_row(emg_score_of(s, EMG_SCORE_ALL), 4, 4, 0);
    assert_row(emg_score_of(s, EMG_SCORE_ANY), 4, 4, 3);
    assert_int_equal(emg_score_label(s, EMG_FASCICULATION, EMG_SCORE_MISSED), 1);
    assert_int_equal(emg_score_label(s, EMG_SCORE_FALSE, EMG_FASCICULATION), 1);
    assert_int_equal(emg_score_label(s, EMG_FASCICULATION, EMG_MYOCLONUS), 1);
    assert_int_equal(emg_score_label(s, EMG_MYOCLONUS, EMG_FASCICULATION), 1);
    assert_int_equal(emg_score_label(s, EMG_CLONUS, EMG_TREMOR), 1);
    emg_score_free(s);
}

/* A twitch within found tonic activity was called tonic; an episode found as jerks was called jerks. */
static void what_covers_names(void **state)
{
    (void)state;
    const emg_event truth[] = { twitch(1), event(EMG_CLONUS, 10, 2) };
    const emg_event found[] = { event(EMG_TONIC, 0.5, 2), event(EMG_MYOCLONUS, 10.2, 0.05),
                                event(EMG_MYOCLONUS, 10.6, 0.05) };
    emg_score *s = scored(truth, 2, found, 3);
    assert_int_equal(emg_score_label(s, EMG_FASCICULATION, EMG_TONIC), 1);
    assert_int_equal(emg_score_label(s, EMG_CLONUS, EMG_MYOCLONUS), 1);
    assert_int_equal(emg_score_label(s, EMG_SCORE_FALSE, EMG_MYOCLONUS), 0);
    emg_score_free(s);
}

/* True indeterminate stretches: what is found in them does not count. Found ones are no claim. */
static void indeterminate_is_no_claim(void **state)
{
    (void)state;
    const emg_event truth[] = { twitch(1), event(EMG_INDETERMINATE, 5, 10), twitch(30) };
    const emg_event found[] = { twitch(1), twitch(6), event(EMG_CLONUS, 4, 8), event(EMG_CLONUS, 14, 8),
                                event(EMG_INDETERMINATE, 29.99, 0.1) };
    emg_score *s = scored(truth, 3, found, 5);
    assert_row(emg_score_of(s, EMG_SCORE_ALL), 2, 2, 1); /* the clonus at 14 lies mostly outside */
    assert_int_equal(emg_score_label(s, EMG_FASCICULATION, EMG_INDETERMINATE), 1);
    assert_int_equal(emg_score_label(s, EMG_FASCICULATION, EMG_SCORE_MISSED), 0);
    assert_int_equal(emg_score_label(s, EMG_INDETERMINATE, EMG_SCORE_MISSED), 0);
    emg_score_free(s);
}

/* 10 claims of 0.95 of which 8 are right, 10 of 0.55 of which 6 are right: (0.15 + 0.05) / 2. */
static void calibration_is_expected_error(void **state)
{
    (void)state;
    emg_event truth[20], found[20];
    for (size_t i = 0; i < 20; i++) {
        truth[i] = twitch((double)i);
        found[i] = twitch((double)i + (i % 10 < (i < 10 ? 8 : 6) ? 0 : 0.5));
        found[i].confidence = i < 10 ? 0.95 : 0.55;
    }
    emg_score *s = scored(truth, 20, found, 20);
    assert_close(emg_score_calibration_error(s), 0.1);
    emg_score_bin bin = emg_score_reliability(s, 9);
    assert_int_equal(bin.n, 10);
    assert_close(bin.confidence, 0.95);
    assert_close(bin.correct, 0.8);
    assert_int_equal(emg_score_reliability(s, 0).n, 0);
    emg_score_coverage all = emg_score_covered(s, 0), sure = emg_score_covered(s, 0.9);
    assert_close(all.coverage, 1);
    assert_close(all.correct, 0.7);
    assert_close(sure.coverage, 0.5);
    assert_close(sure.correct, 0.8);
    emg_score_free(s);
}

/* Ten recordings, half of them perfect and half empty: recall 0.5; resampled it is a share of ten halves, whose 95 %
 * interval is that of a binomial of 10: 0.2 to 0.8. Equal recordings have no spread. */
static void intervals_come_of_recordings(void **state)
{
    (void)state;
    emg_score_config config = emg_score_defaults();
    const emg_event truth[] = { twitch(1), twitch(2), twitch(3) };
    emg_score *s, *same;
    assert_int_equal(emg_score_new(&s, &config, NULL), EMG_OK);
    assert_int_equal(emg_score_new(&same, &config, NULL), EMG_OK);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(emg_score_add(s, truth, 3, truth, i % 2 ? 3 : 0, NAN, NULL), EMG_OK);
        assert_int_equal(emg_score_add(same, truth, 3, truth, 2, 100, NULL), EMG_OK);
    }
    emg_score_row row = emg_score_of(s, EMG_SCORE_ALL);
    assert_close(row.recall.value, 0.5);
    assert_true(row.recall.low >= 0.1 && row.recall.low <= 0.25 && row.recall.high >= 0.75 && row.recall.high <= 0.9);
    assert_true(isnan(row.false_per_hour)); /* the time is not known */
    row = emg_score_of(same, EMG_SCORE_ALL);
    assert_close(row.recall.low, 2.0 / 3);
    assert_close(row.recall.high, 2.0 / 3);
    assert_close(emg_score_observed_s(same), 1000);
    emg_score_free(s);
    emg_score_free(same);
}

/* Macro: fasciculation 1, clonus 0 (missed), a false tremor is of no true class: mean of two. */
static void macro_counts_true_classes(void **state)
{
    (void)state;
    const emg_event truth[] = { twitch(1), event(EMG_CLONUS, 10, 5) };
    const emg_event found[] = { twitch(1), event(EMG_TREMOR, 30, 5) };
    emg_score *s = scored(truth, 2, found, 2);
    emg_score_row row = emg_score_of(s, EMG_SCORE_MACRO);
    assert_close(row.f1.value, 0.5);
    assert_close(row.precision.value, 0.5);
    assert_close(emg_score_of(s, EMG_SCORE_ALL).f1.value, 0.5);
    emg_score_free(s);
}

static void fiducials_differ(void **state)
{
    (void)state;
    emg_event truth = event(EMG_FASCICULATION, 1, 0.02), found = event(EMG_FASCICULATION, 1.005, 0.01);
    truth.peak_s = 1.004;
    found.peak_s = 1.007;
    const double errors[] = { [EMG_FIDUCIAL_ONSET] = 0.005, [EMG_FIDUCIAL_MIDDLE] = 0, [EMG_FIDUCIAL_PEAK] = 0.003 };
    for (size_t i = 0; i < 3; i++) {
        emg_score_config config = emg_score_defaults();
        config.fiducial = (emg_fiducial)i;
        emg_score *s;
        assert_int_equal(emg_score_new(&s, &config, NULL), EMG_OK);
        assert_int_equal(emg_score_add(s, &truth, 1, &found, 1, 10, NULL), EMG_OK);
        assert_close(emg_score_of(s, EMG_SCORE_ALL).onset_bias_s, errors[i]);
        emg_score_free(s);
    }
}

static void refuses_with_a_sentence(void **state)
{
    (void)state;
    emg_error err = EMG_ERROR_NONE;
    emg_score_config config = emg_score_defaults();
    emg_score *s;
    config.least_overlap = 0;
    assert_int_equal(emg_score_new(&s, &config, &err), EMG_ERANGE);
    assert_string_equal(err.text, "an overlap of 0 is not above 0 and at most 1");
    config = emg_score_defaults();
    assert_int_equal(emg_score_new(&s, &config, NULL), EMG_OK);
    emg_event bad = twitch(NAN);
    err = (emg_error)EMG_ERROR_NONE;
    assert_int_equal(emg_score_add(s, NULL, 0, &bad, 1, 1, &err), EMG_EARG);
    assert_string_equal(err.text, "found event 1 has no finite onset");
    bad = event((emg_class)99, 1, 1);
    assert_int_equal(emg_score_add(s, &bad, 1, NULL, 0, 1, NULL), EMG_EARG);
    assert_int_equal(emg_score_n_recordings(s), 0);
    emg_score_free(s);
    emg_score_free(NULL);
}

/* Every allocation failed in turn: a status, nothing added, nothing lost. */
static void memory_may_end(void **state)
{
    (void)state;
    emg_event truth[40], found[40];
    for (size_t i = 0; i < 40; i++) {
        truth[i] = i % 4 ? twitch((double)i) : event(EMG_CLONUS, (double)i, 0.9);
        found[i] = truth[i];
        found[i].confidence = 0.8;
    }
    truth[7] = event(EMG_INDETERMINATE, 7, 0.5);
    for (long k = 1;; k++) {
        emg_score_config config = emg_score_defaults();
        emg_score *s = NULL;
        emgp_fault_arm(k, false);
        emg_status status = emg_score_new(&s, &config, NULL);
        if (status == EMG_OK)
            status = emg_score_add(s, truth, 40, found, 40, 40, NULL);
        emgp_fault_arm(0, false);
        if (status == EMG_OK) {
            assert_true(k > 10);
            assert_int_equal(emg_score_of(s, EMG_SCORE_ALL).n_matched, 39);
            emg_score_free(s);
            break;
        }
        assert_int_equal(status, EMG_ENOMEM);
        if (s) {
            assert_int_equal(emg_score_n_recordings(s), 0);
            assert_int_equal(emg_score_of(s, EMG_SCORE_ALL).n_truth, 0);
            assert_int_equal(emg_score_add(s, truth, 40, found, 40, 40, NULL), EMG_OK);
            assert_int_equal(emg_score_of(s, EMG_SCORE_ALL).n_matched, 39);
        }
        emg_score_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duplicates_are_false),
        cmocka_unit_test(limits_are_within),
        cmocka_unit_test(nested_episodes_are_light),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(most_pairs_come_before_near_ones),
        cmocka_unit_test(episodes_match_by_overlap),
        cmocka_unit_test(icc_follows_shrout_and_fleiss),
        cmocka_unit_test(empty_sides_say_nothing),
        cmocka_unit_test(sides_may_be_exchanged),
        cmocka_unit_test(channels_and_labels_count),
        cmocka_unit_test(what_covers_names),
        cmocka_unit_test(indeterminate_is_no_claim),
        cmocka_unit_test(calibration_is_expected_error),
        cmocka_unit_test(intervals_come_of_recordings),
        cmocka_unit_test(macro_counts_true_classes),
        cmocka_unit_test(fiducials_differ),
        cmocka_unit_test(refuses_with_a_sentence),
        cmocka_unit_test(memory_may_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
