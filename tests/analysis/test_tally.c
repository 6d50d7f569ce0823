/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events counted, joined and merged: by hand-made events whose sums are known. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "analysis/classify/classify.h"
#include "base/base.h"
#include "analysis/analysis.h"

#define assert_near(a, b, error) assert_true(fabs((a) - (b)) <= (error))

static emgp_tally_spread spread;

static emg_event at(double onset_s, emg_class word)
{
    return (emg_event){ .onset_s = onset_s,
                        .peak_s = onset_s,
                        .duration_s = 0.01,
                        .amplitude = 50,
                        .snr_db = 20,
                        .frequency_hz = NAN,
                        .interval_cv = NAN,
                        .interval_rcv = NAN,
                        .confidence = 0.8,
                        .count = 1,
                        .trial_type = word };
}

static emg_summary_counts count(const double *times, size_t n, double analysed_s, const double *gaps, size_t n_gaps)
{
    static emgp_tally tally;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_summary_counts s;
    emgp_tally_start(&tally, &config, gaps, n_gaps, true, &s, &spread);
    for (size_t i = 0; i < n; i++) {
        emg_event e = at(times[i], EMG_FASCICULATION);
        emgp_tally_add(&tally, &e);
    }
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, analysed_s, analysed_s);
    return s;
}

/* Exact Poisson intervals: 10 events 4.795 to 18.39, 40 events 28.58 to 54.47, none 0 to 3.689 (Garwood 1936). */
static void rates_have_exact_intervals(void **state)
{
    (void)state;
    double times[5000];
    for (size_t i = 0; i < 5000; i++)
        times[i] = 0.5 + (double)i;
    emg_summary_counts ten = count(times, 10, 60, NULL, 0), forty = count(times, 40, 60, NULL, 0);
    emg_summary_counts none = count(times, 0, 60, NULL, 0), many = count(times, 5000, 60, NULL, 0);
    assert_near(ten.fasciculation_per_min, 10, 1e-12);
    assert_near(ten.fasciculation_per_min_low, 4.7954, 1e-3);
    assert_near(ten.fasciculation_per_min_high, 18.3904, 1e-3);
    assert_near(forty.fasciculation_per_min_low, 28.577, 1e-2);
    assert_near(forty.fasciculation_per_min_high, 54.469, 1e-2);
    assert_true(none.fasciculation_per_min_low == 0);
    assert_near(none.fasciculation_per_min_high, 3.6889, 1e-3);
    assert_near(many.fasciculation_per_min_low, 4862.36, 0.5);
    assert_near(many.fasciculation_per_min_high, 5140.54, 0.5);
    emg_summary_counts brief = count(times, 6, 9.9, NULL, 0), enough = count(times, 6, 10, NULL, 0);
    assert_int_equal(brief.fasciculation_count, 6);
    assert_true(isnan(brief.fasciculation_per_min) && isnan(brief.fasciculation_per_min_low) &&
                isnan(brief.fasciculation_per_min_high) && isnan(brief.myoclonus_per_min));
    assert_near(enough.fasciculation_per_min, 36, 1e-12);
    for (size_t n = 1; n <= 1000; n++) { /* the library's inverse must converge wherever it is asked */
        emg_summary_counts s = count(times, n, 60, NULL, 0);
        assert_true(s.fasciculation_per_min_low > 0 && s.fasciculation_per_min_low < (double)n);
        assert_true(s.fasciculation_per_min_high > (double)n && s.fasciculation_per_min_high < (double)n * 3 + 5);
    }
}

static void intervals_stop_at_gaps(void **state)
{
    (void)state;
    const double times[] = { 1, 2, 2.03, 101, 102, 103.5 }, gaps[] = { 50, 100 };
    emg_summary_counts s = count(times, 6, 60, gaps, 2), blind = count(times, 6, 60, NULL, 0);
    assert_near(s.fasciculation_interval_median_s, 1, 0.02); /* of 1, 0.03, 1, 1.5 */
    assert_near(s.fasciculation_doublet_share, 0.25, 1e-12);
    assert_near(blind.fasciculation_doublet_share, 0.2, 1e-12);
    assert_near(s.fasciculation_isolated_share, 4.0 / 6, 1e-12);
    assert_true(s.fasciculation_first_s == 1 && s.fasciculation_last_s == 103.5);
    double mean = 3.53 / 4, sd = sqrt((pow(1 - mean, 2) * 2 + pow(0.03 - mean, 2) + pow(1.5 - mean, 2)) / 3);
    assert_near(s.fasciculation_interval_cv, sd / mean, 1e-9);
    uint64_t n = 0;
    for (size_t b = 0; b < EMG_HISTOGRAM_BINS; b++)
        n += s.interval_histogram[b];
    assert_int_equal(n, 4);
}

static void short_contractions_weigh_as_jerks_do(void **state)
{
    (void)state;
    static emgp_tally tally;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_summary_counts s;
    emgp_tally_start(&tally, &config, NULL, 0, true, &s, &spread);
    for (int i = 0; i < 5; i++) {
        emg_event contraction = at(10 * i, EMG_TONIC);
        contraction.duration_s = 0.2;
        emgp_tally_add(&tally, &contraction);
    }
    for (int i = 0; i < 4; i++) {
        const emg_event jerk = at(60 + 10 * i, EMG_MYOCLONUS);
        emgp_tally_add(&tally, &jerk);
    }
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 120, 120);
    assert_int_equal(s.pattern, EMG_TONIC);
}

static void the_longest_pattern_leads(void **state)
{
    (void)state;
    static emgp_tally tally;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_summary_counts s;
    emgp_tally_start(&tally, &config, NULL, 0, true, &s, &spread);
    emg_event clonus = at(3, EMG_CLONUS), other = at(20, EMG_CLONUS), fasciculation = at(50, EMG_FASCICULATION);
    clonus.duration_s = 4;
    clonus.count = 20;
    clonus.frequency_hz = 5;
    other.duration_s = 2;
    other.count = 10;
    other.frequency_hz = 6.5;
    emgp_tally_add(&tally, &clonus);
    emgp_tally_add(&tally, &other);
    emgp_tally_add(&tally, &fasciculation);
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 120, 120);
    assert_int_equal(s.pattern, EMG_CLONUS);
    assert_int_equal(s.clonus_episodes, 2);
    assert_int_equal(s.clonus_beats, 30);
    assert_near(s.clonus_total_s, 6, 1e-12);
    assert_near(s.clonus_longest_s, 4, 1e-12);
    assert_near(s.clonus_hz, 5.5, 1e-12); /* weighted by beats */
    assert_true(isnan(s.tremor_hz));
    assert_int_equal(s.n_events, 3);
}

static size_t joined(const emg_event *events, size_t n, emg_event *last)
{
    emgp_joiner joiner = { .open = false };
    size_t given = 0;
    bool done;
    for (size_t i = 0; i < n; i++) {
        emgp_joiner_push(&joiner, &events[i], &done, last);
        given += done;
    }
    emgp_joiner_finish(&joiner, &done, last);
    return given + done;
}

/* Evoked responses are counted and lead where the muscle does nothing of its own but contract for less time. */
static void evoked_and_tonic_are_counted(void **state)
{
    (void)state;
    static emgp_tally tally;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_summary_counts s;
    emgp_tally_start(&tally, &config, NULL, 0, true, &s, &spread);
    emg_event evoked = at(1, EMG_EVOKED), indeterminate = at(5, EMG_INDETERMINATE), tonic = at(9, EMG_TONIC);
    for (int i = 0; i < 20; i++)
        emgp_tally_add(&tally, &evoked);
    emgp_tally_add(&tally, &indeterminate);
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 60, 60);
    assert_int_equal(s.evoked_count, 20);
    assert_int_equal(s.pattern, EMG_EVOKED);
    assert_near(s.pattern_confidence, 0.8, 1e-12);
    assert_int_equal(s.fasciculation_count, 0);
    assert_true(s.small_potential_count == 0 && s.small_potential_per_min == 0);
    emgp_tally_start(&tally, &config, NULL, 0, false, &s, &spread);
    emgp_tally_add(&tally, &evoked);
    for (int i = 1; i <= 3; i++) {
        tonic.onset_s = 10.0 * i;
        tonic.duration_s = i == 2 ? 0.7 : 0.3;
        emgp_tally_add(&tally, &tonic);
    }
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 60, 60);
    assert_true(s.small_potential_count == EMG_NO_COUNT && isnan(s.small_potential_per_min));
    assert_int_equal(s.pattern, EMG_TONIC);
    assert_int_equal(s.tonic_episodes, 3);
    assert_near(s.tonic_total_s, 1.3, 1e-12);
    assert_near(s.tonic_longest_s, 0.7, 1e-12);
    emgp_tally_start(&tally, &config, NULL, 0, false, &s, &spread);
    for (int i = 0; i < 20; i++)
        emgp_tally_add(&tally, &evoked);
    emgp_tally_add(&tally, &tonic); /* one brief contraction */
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 60, 60);
    assert_int_equal(s.pattern, EMG_EVOKED);
}

/* What no word fits leads over artefacts unless they take up more time. */
static void artefacts_and_what_no_word_fits(void **state)
{
    (void)state;
    static emgp_tally tally;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_summary_counts s;
    emg_event artifact = at(10, EMG_ARTIFACT), indeterminate = at(1, EMG_INDETERMINATE);
    for (int longer = 0; longer <= 1; longer++) {
        artifact.duration_s = longer ? 8 : 0.1;
        indeterminate.duration_s = longer ? 0.2 : 5;
        emgp_tally_start(&tally, &config, NULL, 0, false, &s, &spread);
        emgp_tally_add(&tally, &indeterminate);
        emgp_tally_add(&tally, &artifact);
        emgp_tally_settle(&tally);
        emgp_tally_finish(&tally, 60, 60);
        assert_int_equal(s.pattern, longer ? EMG_ARTIFACT : EMG_INDETERMINATE);
    }
}

/* Rows of a muscle's channels may lie over each other: their time is there once, and stretches after a pause in full. */
static void shared_time_counts_once(void **state)
{
    (void)state;
    static const double onsets[] = { 1, 2, 3, 9, 40 }, lengths[] = { 4, 1, 10, 2, 3 };
    static emgp_tally tally;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_summary_counts s;
    emgp_tally_start(&tally, &config, NULL, 0, true, &s, &spread);
    for (size_t i = 0; i < 5; i++) {
        emg_event clonus = at(onsets[i], EMG_CLONUS), spasm = at(onsets[i], EMG_SPASM);
        clonus.duration_s = spasm.duration_s = lengths[i];
        emgp_tally_add(&tally, &clonus);
        emgp_tally_add(&tally, &spasm);
    }
    emg_event myoclonus = at(70, EMG_MYOCLONUS);
    for (int i = 0; i < 14; i++) /* 14 s of the weight of jerks: less than 15 s of clonus */
        emgp_tally_add(&tally, &myoclonus);
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 60, 60);
    assert_int_equal(s.clonus_episodes, 5);
    assert_near(s.clonus_total_s, 15, 1e-12);
    assert_near(s.spasm_total_s, 15, 1e-12);
    assert_near(s.clonus_longest_s, 10, 1e-12);
    assert_int_equal(s.pattern, EMG_CLONUS);
}

/* Without rest what was found is counted, though nobody knows what else there was. */
static void what_has_rows_is_counted_without_rest(void **state)
{
    (void)state;
    static emgp_tally tally;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_summary_counts s;
    emg_event one = at(3, EMG_FASCICULATION);
    emgp_tally_start(&tally, &config, NULL, 0, true, &s, &spread);
    emgp_tally_add(&tally, &one);
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 60, 0);
    assert_int_equal(s.fasciculation_count, 1);
    assert_true(isnan(s.fasciculation_per_min) && s.small_potential_count == EMG_NO_COUNT);
    emgp_tally_start(&tally, &config, NULL, 0, true, &s, &spread);
    emgp_tally_settle(&tally);
    emgp_tally_finish(&tally, 60, 0);
    assert_true(s.fasciculation_count == EMG_NO_COUNT);
}

/* A heart's train, which has a rate, and its single complexes are one stretch. */
static void artefacts_are_joined_whatever_their_rate(void **state)
{
    (void)state;
    emg_event train = at(1, EMG_ARTIFACT), one = at(2, EMG_ARTIFACT);
    train.duration_s = 5;
    train.frequency_hz = 1.2;
    train.reasons = one.reasons = UINT64_C(1) << EMG_A_ECG;
    assert_true(emgp_joiner_alike(&train, &one));
    emgp_joiner joiner = { .open = false };
    emg_event out;
    bool done;
    emgp_joiner_push(&joiner, &train, &done, &out);
    assert_false(done);
    emgp_joiner_push(&joiner, &one, &done, &out);
    assert_false(done);
    emgp_joiner_finish(&joiner, &done, &out);
    assert_true(done);
    assert_near(out.duration_s, 5, 1e-12);
    assert_int_equal(out.count, 2);
}

static void episodes_close_together_are_one(void **state)
{
    (void)state;
    emg_event e[2] = { at(1, EMG_TONIC), at(2.3, EMG_TONIC) }, last;
    e[0].duration_s = e[1].duration_s = 1;
    e[1].count = 3;
    e[0].peak = 5;
    e[0].peak_s = 1.4;
    e[1].peak = 4;
    e[1].peak_s = 2.5;
    assert_int_equal(joined(e, 2, &last), 1);
    assert_true(last.peak == 5 && last.peak_s == 1.4); /* the largest deflection of both */
    e[1].peak = 6;
    assert_int_equal(joined(e, 2, &last), 1);
    assert_true(last.peak == 6 && last.peak_s == 2.5);
    assert_near(last.duration_s, 2.3, 1e-12);
    assert_int_equal(last.count, 4);
    e[1].onset_s = 2.6;
    assert_int_equal(joined(e, 2, &last), 2);
    e[0].trial_type = e[1].trial_type = EMG_CLONUS;
    e[0].frequency_hz = 5;
    e[1].frequency_hz = 5.5;
    e[1].onset_s = 3.9; /* two seconds are bridged in a rhythm */
    assert_int_equal(joined(e, 2, &last), 1);
    e[1].frequency_hz = 7;
    assert_int_equal(joined(e, 2, &last), 2);
    e[1] = at(1.5, EMG_TREMOR);
    assert_int_equal(joined(e, 2, &last), 2);
}

typedef struct seen {
    emg_event event[10];
    size_t n;
} seen;

static emg_status see(void *context, const emg_event *event, emg_error *err)
{
    (void)err;
    seen *s = context;
    s->event[s->n++] = *event;
    return EMG_OK;
}

static void one_event_on_several_channels_is_one(void **state)
{
    (void)state;
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, 3, sizeof(emg_event), 0, NULL, NULL), EMG_OK);
    const struct {
        size_t stream;
        double onset, snr;
    } rows[] = { { 0, 1.000, 20 }, { 0, 1.006, 20 }, { 1, 1.003, 25 }, { 0, 2.0, 20 }, { 2, 2.011, 30 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        emg_event e = at(rows[i].onset, EMG_FASCICULATION);
        e.snr_db = rows[i].snr;
        e.channel = (uint32_t)rows[i].stream;
        assert_int_equal(emgp_spill_push(spill, rows[i].stream, &e, NULL), EMG_OK);
    }
    seen s = { .n = 0 };
    assert_int_equal(emgp_muscle_merge(spill, 0, 3, see, &s, NULL), EMG_OK);
    assert_int_equal(s.n, 4); /* two of one channel are never one; 11 ms are too far */
    assert_int_equal(s.event[0].channel, 1);
    assert_int_equal(s.event[1].channel, 0);
    emgp_spill_free(spill);
}

static void equal_times_come_by_stream(void **state)
{
    (void)state;
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, 4, sizeof(double), 0, NULL, NULL), EMG_OK);
    for (size_t stream = 4; stream-- > 0;)
        for (int k = 0; k < 3000; k++) {
            double time = k / 2;
            assert_int_equal(emgp_spill_push(spill, stream, &time, NULL), EMG_OK);
        }
    emgp_merge *merge = NULL;
    assert_int_equal(emgp_merge_new(&merge, spill, 0, 4, NULL), EMG_OK);
    double before = -1;
    size_t stream_before = 0, n = 0;
    for (;; n++) {
        size_t stream;
        const void *record;
        assert_int_equal(emgp_merge_next(merge, &stream, &record, NULL), EMG_OK);
        if (!record)
            break;
        double time;
        memcpy(&time, record, sizeof time);
        assert_true(time > before || stream >= stream_before);
        assert_true(time >= before);
        before = time;
        stream_before = stream;
    }
    assert_int_equal(n, 12000);
    emgp_merge_free(merge);
    emgp_spill_free(spill);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_time_counts_once),
        cmocka_unit_test(what_has_rows_is_counted_without_rest),
        cmocka_unit_test(artefacts_are_joined_whatever_their_rate),
        cmocka_unit_test(rates_have_exact_intervals),
        cmocka_unit_test(intervals_stop_at_gaps),
        cmocka_unit_test(the_longest_pattern_leads),
        cmocka_unit_test(short_contractions_weigh_as_jerks_do),
        cmocka_unit_test(evoked_and_tonic_are_counted),
        cmocka_unit_test(artefacts_and_what_no_word_fits),
        cmocka_unit_test(episodes_close_together_are_one),
        cmocka_unit_test(one_event_on_several_channels_is_one),
        cmocka_unit_test(equal_times_come_by_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
