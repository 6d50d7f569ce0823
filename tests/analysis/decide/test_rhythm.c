/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision flow as a table: evidence in, word out; every row of it stands on one side of one threshold. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "analysis/decide/decide.h"

/* Twenty clear, regular bursts at 5.5 Hz in a recording of two minutes. */
static emgp_evidence bursts(void)
{
    emgp_evidence e = { .n = 20,
                        .duration_s = 3.6,
                        .observation_s = 120,
                        .rate_hz = 5.5,
                        .acf_height = 0.7,
                        .lag_share = 1,
                        .glide_hz = NAN,
                        .core_s = 0.02,
                        .burst_s = 0.05,
                        .snr_db = 25,
                        .n_muscles = 1,
                        .rhythmic_s = 30,
                        .discharge_hz = 20 };
    e.intervals = (emgp_intervals){ .n = 19,
                                    .mean_s = 0.18,
                                    .median_s = 0.18,
                                    .cv = 0.1,
                                    .rcv = 0.1,
                                    .cv2 = 0.1,
                                    .lv = 0.03,
                                    .lvr = 0.03,
                                    .fold = 0.95 };
    return e;
}

/* One short discharge among a few per minute. */
static emgp_evidence spike(void)
{
    return (emgp_evidence){ .n = 5,
                            .alone = true,
                            .duration_s = 0.01,
                            .observation_s = 120,
                            .rate_hz = 0.6,
                            .glide_hz = NAN,
                            .core_s = 0.003,
                            .burst_s = 0.01,
                            .n_gaps = 9,
                            .silent_share = 0.8,
                            .snr_db = 20,
                            .n_muscles = 1,
                            .intervals = { .rcv = NAN } };
}

static emg_class word(const emgp_evidence *e)
{
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emgp_decision d = emgp_rhythm_decide(e, &config);
    assert_true(d.confidence >= 0 && d.confidence <= 0.99);
    assert_true(d.trial_type == EMG_INDETERMINATE || d.confidence >= config.rhythm.least_confidence);
    assert_true(d.reasons != 0);
    return d.trial_type;
}

/* A muscle that makes one short pull after the other has no jerks. */
static void no_jerk_among_pulls(void **state)
{
    (void)state;
    emgp_evidence e = spike();
    e.core_s = 0.02;
    e.duration_s = e.burst_s = 0.05;
    assert_int_equal(word(&e), EMG_MYOCLONUS);
    e.pulling = true;
    assert_int_not_equal(word(&e), EMG_MYOCLONUS);
}

/* Groups of discharges of one unit; those of which each is only like one of the others must be many. */
static void groups_that_chance_finds_in_a_contraction_are_no_myokymia(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.rate_hz = 1.5;
    e.acf_height = 0;
    e.n_groups = 3;
    e.grouped_share = 1;
    e.inner_rcv = 0.1;
    e.inner_s = 0.04;
    e.in_group = 4;
    e.like_next = 0.95;
    e.like_best = 0.99;
    assert_int_equal(word(&e), EMG_MYOKYMIA);
    e.n_groups = 2;
    assert_int_not_equal(word(&e), EMG_MYOKYMIA);
    e.n_groups = 4;
    e.like_next = 0.6;
    assert_int_not_equal(word(&e), EMG_MYOKYMIA);
    e.n_groups = 5;
    assert_int_equal(word(&e), EMG_MYOKYMIA);
}

static void clonus_or_tremor(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    assert_int_equal(word(&e), EMG_RHYTHMIC); /* an episodic course alone decides nothing */
    e.glide_hz = 1;
    assert_int_equal(word(&e), EMG_CLONUS);
    e.glide_hz = NAN;
    e.reflex_site = true;
    assert_int_equal(word(&e), EMG_CLONUS);
    e.reflex_site = false;
    e.at_stretch = true;
    assert_int_equal(word(&e), EMG_CLONUS);
    e.at_stretch = false;
    e.alternating_share = 0.9;
    assert_int_equal(word(&e), EMG_TREMOR);
    e.alternating_share = 0;
    e.rhythmic_s = 100;
    assert_int_equal(word(&e), EMG_TREMOR); /* continuous */
}

static void band(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.rate_hz = 14;
    e.n = 40;
    e.burst_s = 0.03;
    e.acf_height = 0.8;
    assert_int_equal(word(&e), EMG_INDETERMINATE); /* of single bursts, so fast, chance makes trains */
    e.cycles = 40;                                 /* of the envelope it does not */
    e.depth_db = 12;
    e.width_s = 0.02;
    e.contrast = 1;
    e.sure_share = 1;
    assert_int_equal(word(&e), EMG_TREMOR);
    e.artifact_share = 0.6; /* its bursts come with the baseline's steps */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e.artifact_share = 0;
    e.cycles = 0;
    e.n = 12; /* contractions make short false rhythms up there */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = bursts();
    e.rate_hz = 1.9;
    assert_int_equal(word(&e), EMG_MYOCLONUS);
    e.discharge_hz = 0; /* swells of the noise, whatever their rate */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e.cycle_s = 0.2;
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e.cycle_s = 0;
    e.discharge_hz = 20;
    e.core_s = 0.003; /* a slow train of single potentials */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
}

static void not_a_rhythm(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.n = 5;
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = bursts();
    e.intervals.rcv = 0.35;
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = bursts();
    e.intervals.fold = 0.6;
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = bursts();
    e.acf_height = 0.2; /* regular units make regular bursts, not a periodic envelope */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = bursts();
    e.embedded = true;
    e.n = 12;
    assert_int_equal(word(&e), EMG_INDETERMINATE);
}

static void one_unit_is_no_tremor(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.rate_hz = 13;
    e.n = 60;
    e.core_s = 0.003;
    e.burst_s = 0.01;
    e.single_share = e.shape_share = 0.97;
    assert_int_equal(word(&e), EMG_MOTOR_UNIT);
    e.single_share = 0.5; /* it leads, others fire between: no rhythm of bursts, and not regular enough for one unit */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
}

static void artifacts(void **state)
{
    (void)state;
    emgp_evidence e = spike();
    e.common = true;
    assert_int_equal(word(&e), EMG_ARTIFACT);
    e.common = false;
    e.pop = true;
    assert_int_equal(word(&e), EMG_ARTIFACT);
    e = bursts(); /* a heart in the channel */
    e.rate_hz = 1.2;
    e.n = 60;
    e.intervals.rcv = 0.04;
    e.burst_s = 0.09;
    e.shape_share = 0.8;
    assert_int_equal(word(&e), EMG_ARTIFACT);
    e.shape_share = 0; /* no shape that repeats, but the rate of the heart that was removed before and after */
    assert_true(word(&e) != EMG_ARTIFACT);
    e.heart_ratio = 1.1;
    assert_int_equal(word(&e), EMG_ARTIFACT);
    e.heart_ratio = 1.4;
    assert_true(word(&e) != EMG_ARTIFACT);
}

static void fasciculation_and_its_neighbours(void **state)
{
    (void)state;
    emgp_evidence e = spike();
    assert_int_equal(word(&e), EMG_FASCICULATION);
    e.core_s = 0.014;
    assert_int_equal(word(&e), EMG_MYOCLONUS);
    e = spike();
    e.n_muscles = 3;
    assert_int_equal(word(&e), EMG_MYOCLONUS);
    e = spike();
    e.core_s = 0.014;
    e.duration_s = 0.12; /* longer than jerks are */
    assert_int_equal(word(&e), EMG_TONIC);
    e.at_rest = true;
    assert_int_equal(word(&e), EMG_MYOCLONUS);
    e = spike();
    e.busy_share = 0.06; /* among movements */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e.core_s = 0.014;
    e.duration_s = 0.06;
    assert_int_equal(word(&e), EMG_TONIC);
    e.used = true; /* contractions have rows of their own */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = spike();
    e.rate_hz = 6; /* several motor units at work */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = spike();
    e.n_gaps = 20;
    e.silent_share = 0.1; /* far less silence between bursts than chance leaves */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e.n_gaps = 40;
    e.silent_share = 0.5;
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e.n_gaps = 4; /* two of four discharges near another: so it goes by chance */
    assert_int_equal(word(&e), EMG_FASCICULATION);
    e = spike();
    e.cut = true; /* half a potential cannot be judged */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e = spike();
    e.core_s = 0.014;
    e.cut = false;
    e.no_rest = true; /* what stands out of a muscle's activity may be a discharge, but is no jerk */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
}

/* A burst of known units' discharges is long since they overlap, among others that repeat shapes. */
static void overlapping_discharges(void **state)
{
    (void)state;
    emgp_evidence e = spike();
    e.core_s = 0.014;
    e.duration_s = 0.035;
    e.kin_n = 20;
    e.kin_like = 0.99;
    e.kin_core_s = 0.006;
    e.own_like = 0.8;
    assert_int_equal(word(&e), EMG_MYOCLONUS);
    e.all_known = true;
    assert_int_equal(word(&e), EMG_FASCICULATION);
    e.core_s = 0.03; /* too long for two that overlap */
    assert_int_equal(word(&e), EMG_MYOCLONUS);
    e.core_s = 0.014;
    e.kin_like = 0.9; /* nothing repeats around it: a unit's shape in it is chance */
    assert_int_equal(word(&e), EMG_MYOCLONUS);
}

/* What a gap or an end of the recording cuts may be what filters leave, unless it is far too strong for that. */
static void cut_bursts(void **state)
{
    (void)state;
    emgp_evidence e = spike();
    e.cut = true;
    e.core_s = 0.014;
    e.duration_s = 0.2;
    assert_int_equal(word(&e), EMG_ARTIFACT);
    e.snr_db = 22;
    assert_int_equal(word(&e), EMG_ARTIFACT);
    e.snr_db = 25;
    assert_int_not_equal(word(&e), EMG_ARTIFACT);
}

static bool is_train(const emgp_evidence *e)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    return emgp_judge(emgp_set_at(EMGP_SET_TRAIN)->rules, e, &config).fits;
}

/* Potentials of many units may look alike, too: each condition that parts them from a few units that fire on. */
static void trains_of_few_units(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.rate_hz = 9;
    e.cycles = 30;
    e.depth_db = 12;
    e.width_s = 0.015;
    e.contrast = 1.3;
    e.n_sure = 5;
    e.sure_share = 1;
    e.unit_like = 0.94;
    e.cycle_discharges = 2;
    e.size_scatter = 0.3;
    assert_true(is_train(&e));
    e.size_scatter = 0.5; /* beside each other and each of its size */
    assert_false(is_train(&e));
    e.cycle_discharges = 1.1; /* fused */
    assert_true(is_train(&e));
    e.unit_like = 0.99; /* one unit's */
    assert_false(is_train(&e));
    e.unit_like = 0.88;
    assert_true(is_train(&e));
    e.contrast = 0.8; /* no silence between */
    assert_false(is_train(&e));
    e.rate_hz = 5; /* slower than units fire on */
    assert_true(is_train(&e));
    e.shape_share = 0.7;
    assert_false(is_train(&e));
    e.at_stimulus = true; /* a tap began it */
    assert_true(is_train(&e));
    e.stimulus_share = 0.6; /* no: a stimulator's */
    assert_false(is_train(&e));
    e.at_stimulus = false;
    e.stimulus_share = 0;
    e.shape_share = 0.6;
    assert_true(is_train(&e));
}

/* What begins with a marked stimulus is no unit that fires on: its bursts may repeat a shape, and come at 6 to 9 Hz. */
static void what_a_tap_begins(void **state)
{
    (void)state;
    static const struct {
        double rate_hz, shape_share;
    } cases[] = { { 5, 0.8 }, { 7, 0 }, { 7, 0.8 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emgp_evidence e = bursts();
        e.glide_hz = 1.5;
        e.reflex_site = true;
        e.rate_hz = cases[i].rate_hz;
        e.shape_share = cases[i].shape_share;
        assert_int_not_equal(word(&e), EMG_CLONUS);
        e.at_stimulus = true;
        assert_int_equal(word(&e), EMG_CLONUS);
        e.stimulus_share = 0.8;
        assert_int_not_equal(word(&e), EMG_CLONUS);
    }
}

/* Whether what is known of all trains of a rate makes one a rhythm that by itself is none. */
static bool told_together(emgp_evidence e)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    e.kindred = emgp_judge(emgp_set_at(EMGP_SET_KINDRED)->rules, &e, &config).fits;
    return is_train(&e);
}

/* Short fast trains that are faint by themselves: each condition of all together. */
static void trains_that_come_again(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.rate_hz = 10;
    e.cycles = 10;
    e.depth_db = 5;
    e.width_s = 0.007;
    e.acf_height = 0.2;
    e.contrast = 0.5;
    e.shape_share = 0.7;
    e.unit_like = 0.96;
    e.size_scatter = e.like_sizes = 0.3;
    e.like_shape = 0.7;
    e.like_unit = 0.95;
    e.like_discharges = 1.3;
    e.like_rate = 6;
    e.like_cycles = 60;
    e.like_height = 0.4;
    e.like_contrast = 0.9;
    e.like_echo = 0.7;
    e.scatter = 0.03;
    assert_false(is_train(&e));
    assert_true(told_together(e));
    const struct {
        double *value, worse;
    } rows[] = { { &e.like_rate, 2 },         { &e.like_cycles, 20 }, { &e.like_height, 0.2 },
                 { &e.like_contrast, 0.5 },   { &e.like_echo, 0.5 },  { &e.like_echo, NAN },
                 { &e.scatter, 0.1 },         { &e.like_sizes, 0.1 }, { &e.like_unit, 0.985 },
                 { &e.like_discharges, 0.1 }, { &e.other_s, 3 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double right = *rows[i].value;
        *rows[i].value = rows[i].worse;
        assert_false(told_together(e));
        *rows[i].value = right;
    }
    emgp_evidence unit = e; /* a long train of one shape and size is a unit's, whatever the others are */
    unit.cycles = 200;
    unit.shape_share = unit.unit_like = 1;
    unit.size_scatter = 0.07;
    assert_false(told_together(unit));
    unit.size_scatter = 0.3;
    assert_true(told_together(unit));
    e.rate_hz = 4; /* the second peak lies beyond the lags, but units do not fire so slowly */
    e.like_echo = NAN;
    e.sure_share = 0.5;
    assert_true(told_together(e));
    e.sure_share = 0.3;
    assert_false(told_together(e));
}

/* Picked out of very many that together have no period. */
static void a_train_among_very_many(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.rate_hz = 9;
    e.cycles = 30;
    e.depth_db = 12;
    e.width_s = 0.015;
    e.contrast = 1.1;
    e.n_sure = 8;
    e.like_rate = 9;
    e.sure_share = 0.2;
    e.like_echo = 0.3;
    assert_true(is_train(&e));
    e.like_rate = 60;
    assert_false(is_train(&e));
    e.like_echo = 0.5;
    assert_true(is_train(&e));
    e.like_echo = 0.3;
    e.cycles = 80;
    assert_true(is_train(&e));
}

/* A train that the envelope shows is one unit's where bursts repeat shape and size, however long they are. */
static void a_lone_unit(void **state)
{
    (void)state;
    emgp_evidence e = bursts();
    e.rate_hz = 8;
    e.n = e.cycles = 8;
    e.depth_db = 14;
    e.width_s = 0.01;
    e.acf_height = 0.9;
    e.contrast = 1.6;
    e.intervals.rcv = 0.08;
    e.intervals.cv = 0.08;
    e.shape_share = e.like_shape = 1;
    e.size_scatter = e.like_sizes = 0.08;
    e.cycle_discharges = e.like_discharges = 1;
    assert_int_equal(word(&e), EMG_MOTOR_UNIT);
    const struct {
        double *value, other;
    } rows[] = { { &e.size_scatter, 0.2 },   { &e.shape_share, 0.7 },  { &e.cycle_discharges, 2 },
                 { &e.width_s, 0.02 },       { &e.acf_height, 0.4 },   { &e.intervals.cv, 0.005 },
                 { &e.intervals.rcv, 0.25 }, { &e.stimulus_share, 1 }, { &e.claimed, 1 },
                 { &e.cycles, 5 },           { &e.rate_hz, 2 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double right = *rows[i].value;
        *rows[i].value = rows[i].other;
        assert_int_not_equal(word(&e), EMG_MOTOR_UNIT);
        *rows[i].value = right;
    }
}

static void sustained(void **state)
{
    (void)state;
    emgp_evidence e = spike();
    e.alone = false;
    e.sustained = true;
    e.duration_s = 2;
    e.burst_s = 2;
    e.discharge_hz = 30;
    assert_int_equal(word(&e), EMG_TONIC);
    e.discharge_hz = 0.5; /* a weak hold has few peaks; hum and drift are no contractions to begin with */
    assert_int_equal(word(&e), EMG_TONIC);
}

static void reasons_are_told(void **state)
{
    (void)state;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emgp_evidence e = bursts();
    e.glide_hz = 1;
    e.reflex_site = e.clipped = e.cut = true;
    emgp_decision d = emgp_rhythm_decide(&e, &config);
    const emg_reason expected[] = { EMG_R_RCV,   EMG_R_FOLD, EMG_R_ACF,  EMG_R_N,    EMG_F_BAND,
                                    EMG_C_GLIDE, EMG_C_SITE, EMG_C_EPIS, EMG_A_CLIP, EMG_B_EDGE };
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        bits |= UINT64_C(1) << expected[i];
    assert_int_equal(d.reasons, bits);
    for (int r = 0; r < EMG_N_REASONS; r++)
        assert_true(strlen(emg_reason_code((emg_reason)r)) >= 3 && strlen(emg_reason_sentence((emg_reason)r)) > 10);
    assert_string_equal(emg_reason_code(EMG_N_REASONS), "");
}

static void chance_makes_no_rhythm(void **state)
{
    (void)state;
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emgp_evidence e = bursts();
    e.n = 6;
    e.intervals.off = 0.2;
    e.crowd_hz = 0.1; /* little else for a minute */
    assert_true(emgp_rhythm_is_regular(&e, &config));
    e.crowd_hz = 2; /* twitches at random: six of them are as even as this time and again */
    assert_false(emgp_rhythm_is_regular(&e, &config));
    e.n = 20; /* but not twenty */
    assert_true(emgp_rhythm_is_regular(&e, &config));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chance_makes_no_rhythm),
        cmocka_unit_test(clonus_or_tremor),
        cmocka_unit_test(no_jerk_among_pulls),
        cmocka_unit_test(groups_that_chance_finds_in_a_contraction_are_no_myokymia),
        cmocka_unit_test(band),
        cmocka_unit_test(not_a_rhythm),
        cmocka_unit_test(one_unit_is_no_tremor),
        cmocka_unit_test(artifacts),
        cmocka_unit_test(fasciculation_and_its_neighbours),
        cmocka_unit_test(cut_bursts),
        cmocka_unit_test(overlapping_discharges),
        cmocka_unit_test(trains_of_few_units),
        cmocka_unit_test(trains_that_come_again),
        cmocka_unit_test(what_a_tap_begins),
        cmocka_unit_test(a_train_among_very_many),
        cmocka_unit_test(a_lone_unit),
        cmocka_unit_test(sustained),
        cmocka_unit_test(reasons_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
