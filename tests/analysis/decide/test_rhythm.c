/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision flow as a table: evidence in, word out; every row of it stands on one side of one threshold. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "analysis/decide/made_evidence.h"

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
    e.rate_hz = 0.2;
    e.n_gaps = 3;
    e.silent_share = 0; /* three near each other, where hardly any are */
    assert_int_equal(word(&e), EMG_INDETERMINATE);
    e.n_gaps = 2; /* a doublet and another */
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
        cmocka_unit_test(what_a_tap_begins),
        cmocka_unit_test(sustained),
        cmocka_unit_test(reasons_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
