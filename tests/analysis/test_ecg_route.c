/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fasciculations in a muscle with a heart in it, through the whole route: found as without it. Simulated signals. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/analysis.h>
#include <emg/result.h>

#include "condition/ecg/ecg_scene.h"

enum { RATE = 2048, FIRST_SEED = 121, N_SEEDS = EMG_SANITIZED ? 1 : 6 };
static const double TOLERANCE_S = 0.01;

/* A minute of so many discharges of two units, of sizes from low_db to high_db, and a heart of this size (0: none). */
static scene_plan plan_of(double ecg_peak, double per_min, double low_db, double high_db, bool unfiltered)
{
    return (scene_plan){ .rate_hz = RATE,
                         .seconds = 60,
                         .ecg_per_min = ecg_peak > 0 ? 70 : 0,
                         .ecg_cv = 0.05,
                         .ecg_peak = ecg_peak,
                         .discharge_per_min = per_min,
                         .low_db = low_db,
                         .high_db = high_db,
                         .n_units = 2,
                         .discharge_cv = 1,
                         .unfiltered = unfiltered };
}

static emg_result *analyse(const scene *s, double ecg, emg_ecg_mode mode)
{
    const emg_source source = {
        .name = "c", .muscle = "m", .rate_hz = RATE, .calibrated = true, .clip_low = -INFINITY, .clip_high = INFINITY
    };
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    config.condition.ecg = mode;
    double *x = signal_new(s->n);
    for (size_t i = 0; i < s->n; i++)
        x[i] = 8 * (s->noise[i] + ecg * s->ecg[i] + s->discharges[i]);
    emg_analysis *analysis;
    emg_result *result;
    const size_t channel = 0;
    emg_block block = {
        .n_channels = 1, .n_frames = s->n, .x = x, .channel = &channel, .rate_hz = RATE, .new_segment = true
    };
    assert_int_equal(emg_analysis_new(&analysis, &source, 1, NULL, 0, &config, NULL, NULL), EMG_OK);
    assert_int_equal(emg_analysis_push(analysis, &block, NULL), EMG_OK);
    assert_int_equal(emg_analysis_finish(analysis, &result, NULL), EMG_OK);
    emg_analysis_free(analysis);
    free(x);
    return result;
}

/* Ten electrode pops, 0.1 s after a beat each. */
static void add_pops(scene *s)
{
    for (size_t k = 0; k < 10; k++) {
        const double at = s->qrs_s[5 + 4 * k] + 0.1;
        for (size_t i = (size_t)ceil(at * RATE); i < s->n && (double)i / RATE < at + 2; i++)
            s->noise[i] += 300 * exp(-((double)i / RATE - at) / 0.6);
    }
}

/* Artefacts; those that are pops. */
static size_t n_artefacts(emg_result *result, bool pops)
{
    size_t n = 0;
    bool found = true;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;)
        n += pops ? (e.reasons & UINT64_C(1) << EMG_A_POP) != 0 : e.trial_type == EMG_ARTIFACT;
    emg_result_free(result);
    return n;
}

/* A heart moves the raw baseline as well: discharges on its beats are no pops, and pops near its beats are. */
static void discharges_on_qrs_are_no_pops(void **state)
{
    (void)state;
    const scene_plan plan = plan_of(5, 70, 17, 24, true);
    size_t on_qrs = 0, pops = 0;
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
        scene *s = scene_new(&plan, seed);
        emg_result *result = analyse(s, 1, EMG_ECG_AUTO);
        assert_true(emg_result_channel(result, 0)->signal.ecg.n_qrs > 60);
        on_qrs += n_artefacts(result, true);
        add_pops(s);
        pops += n_artefacts(analyse(s, 1, EMG_ECG_AUTO), true);
        scene_free(s);
    }
    print_message("%zu discharges called pops; %zu events on %d pops\n", on_qrs, pops, 10 * N_SEEDS);
    assert_int_equal(on_qrs, 0);
    assert_true(pops >= 10 * N_SEEDS);
}

typedef struct tally {
    size_t n_true, n_found, n_matched;
    double artifact_s;
} tally;

static void count(const scene *s, emg_result *result, tally *t)
{
    size_t next = 0;
    bool found = true;
    t->n_true += s->n_discharges;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
        t->artifact_s += e.trial_type == EMG_ARTIFACT ? e.duration_s : 0;
        if (e.trial_type != EMG_FASCICULATION)
            continue;
        t->n_found++;
        while (next < s->n_discharges && s->discharge_s[next] < e.peak_s - TOLERANCE_S)
            next++;
        if (next < s->n_discharges && s->discharge_s[next] <= e.peak_s + TOLERANCE_S) {
            t->n_matched++;
            next++;
        }
    }
}

static double f1(const tally *t)
{
    return 2 * (double)t->n_matched / (double)(t->n_true + t->n_found);
}

static void fasciculations_under_a_ecg_are_found(void **state)
{
    (void)state;
    const double rates[] = { 40, 70, 100 };
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        scene_plan plan = plan_of(9, rates[r], 17, 20, false); /* the route's own band, the second, leaves about 5 */
        plan.ecg_per_min = rates[r];
        tally with = { 0 }, without = { 0 }, left = { 0 };
        for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
            scene *s = scene_new(&plan, seed);
            emg_result *result = analyse(s, 1, EMG_ECG_AUTO);
            count(s, result, &with);
            const emg_removed_ecg *ecg = &emg_result_channel(result, 0)->signal.ecg;
            assert_true(ecg->n_qrs >= s->n_qrs - 2 && ecg->n_qrs <= s->n_qrs + 1);
            assert_near(ecg->per_min, rates[r], 0.02 * rates[r]);
            assert_true(ecg->amplitude > 8 * 6 && ecg->amplitude < 8 * 15);
            double peak = 0;
            for (size_t i = 0; i < EMG_ECG_POINTS; i++)
                peak = fmax(peak, fabs(ecg->wave[i]));
            assert_true(peak > 8 * 3.5 && peak < 8 * 7);
            emg_result_free(result);
            result = analyse(s, 0, EMG_ECG_AUTO);
            count(s, result, &without);
            assert_int_equal(emg_result_channel(result, 0)->signal.ecg.n_qrs, 0);
            emg_result_free(result);
            result = analyse(s, 1, EMG_ECG_OFF);
            count(s, result, &left);
            emg_result_free(result);
            scene_free(s);
        }
        print_message(
            "%g/min: F1 %.3f with a heart removed, %.3f without a heart, %.3f with a heart left in; artefacts "
            "%.1f, %.1f and %.1f s\n",
            rates[r], f1(&with), f1(&without), f1(&left), with.artifact_s, without.artifact_s, left.artifact_s);
        assert_true(f1(&with) >= f1(&without) - 0.03);
        assert_true(f1(&with) > f1(&left));
        assert_true(with.artifact_s <= without.artifact_s + 1);
    }
}

static void add_bump(scene *s, double at, double size)
{
    for (size_t j = (size_t)((at - 0.01) * RATE); j < s->n && (double)j / RATE < at + 0.01; j++)
        s->noise[j] += size * scene_bump((double)j / RATE - at, 0.002, 2);
}

static bool is_told(emg_result *result, double at)
{
    bool found = true, told = false;
    emg_result_rewind(result);
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;)
        told = told || (e.trial_type == EMG_FASCICULATION && fabs(e.peak_s - at) < TOLERANCE_S);
    return told;
}

/* What no wave takes away, since it is another at each QRS complex, is the ECG's where it comes with nearly all of them; where a
 * discharge falls on one now and then, it stays a discharge. */
static void what_removal_leaves_is_no_discharge(void **state)
{
    (void)state;
    const scene_plan plan = plan_of(40, 12, 24, 27, false);
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
        scene *s = scene_new(&plan, seed);
        uint64_t r = seed;
        emg_result *result = analyse(s, 1, EMG_ECG_AUTO);
        const uint64_t clean = emg_result_channel(result, 0)->counts.fasciculation_count;
        emg_result_free(result);
        for (size_t k = 0; k < s->n_qrs; k++)
            for (int i = 0; i < 2; i++)
                add_bump(s, s->qrs_s[k] + scene_between(&r, -0.04, 0.04), scene_between(&r, -14, 14));
        add_bump(s, s->qrs_s[30] + 0.03, 120); /* far larger than what is left */
        result = analyse(s, 1, EMG_ECG_AUTO);
        const emg_summary *with = emg_result_channel(result, 0);
        assert_true(with->signal.ecg.n_qrs > 60);
        assert_true(clean >= s->n_discharges - 2 && with->counts.fasciculation_count <= clean + 6);
        /* one discharge in five falls on a QRS complex, and some of these are no larger than what is left there */
        assert_true(is_told(result, s->qrs_s[30] + 0.03));
        assert_true(4 * with->counts.fasciculation_count >= 3 * clean - 4 && with->counts.myoclonus_count <= 3);
        emg_result_free(result);
        scene_free(s);
    }
}

/* Beats of another shape, which no wave takes away, are the ECG's too where removal leaves something and they come when one is
 * due; so is what comes before each QRS complex as a P wave does. */
static void what_the_heart_does_else_is_no_discharge(void **state)
{
    (void)state;
    enum { EACH = 8 };
    scene_plan plan = plan_of(40, 6, 24, 27, false);
    plan.seconds = 120;
    plan.ecg_cv = 0.03;
    size_t n_missed = 0, n_beats = 0, n_p = 0;
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
        scene *s = scene_new(&plan, seed);
        uint64_t r = seed;
        for (size_t k = 0; k < s->n_qrs; k++) {
            for (int i = 0; i < 2; i++)
                add_bump(s, s->qrs_s[k] + scene_between(&r, -0.04, 0.04), scene_between(&r, 6, 14));
            if (k % 4 == 0)
                add_bump(s, s->qrs_s[k] - 0.15, 8);
            if (k % EACH != EACH - 1)
                continue;
            for (size_t i = (size_t)((s->qrs_s[k] - 0.2) * RATE); i < (size_t)((s->qrs_s[k] + 0.2) * RATE) && i < s->n;
                 i++)
                s->ecg[i] = 0;
        }
        emg_result *result = analyse(s, 1, EMG_ECG_AUTO);
        assert_true(emg_result_channel(result, 0)->signal.ecg.n_qrs > 60);
        for (size_t k = EACH - 1; k + 1 < s->n_qrs; k += EACH, n_beats++)
            n_missed += is_told(result, s->qrs_s[k]);
        for (size_t k = 4; k < s->n_qrs; k += 4)
            n_p += is_told(result, s->qrs_s[k] - 0.15);
        emg_result_free(result);
        scene_free(s);
    }
    print_message("%zu of %zu missed beats and %zu P waves told as fasciculations\n", n_missed, n_beats, n_p);
    assert_true(n_missed * 10 <= n_beats);
    assert_true(n_p * 10 <= 35 * N_SEEDS);
}

/* A baseline that wanders by many times a discharge carries it, and is no pop and no motion. */
static void discharges_on_a_wandering_baseline_are_no_artefacts(void **state)
{
    (void)state;
    const scene_plan plan = plan_of(0, 60, 15, 20, true);
    size_t artefacts = 0, n = 0;
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
        scene *s = scene_new(&plan, seed);
        for (size_t i = 0; i < s->n; i++)
            s->noise[i] += 100 * sin(2 * PI * (double)i / RATE) + 40 * sin(2 * PI * 2.3 * (double)i / RATE);
        artefacts += n_artefacts(analyse(s, 0, EMG_ECG_AUTO), false);
        n += s->n_discharges;
        scene_free(s);
    }
    print_message("%zu of %zu discharges on a wandering baseline called artefacts\n", artefacts, n);
    assert_true(artefacts * 50 <= n);
}

/* Known beats are taken before the first block, in order; a second list replaces the first, an empty one takes it back. */
static void qrs_are_told_in_order_and_in_time(void **state)
{
    (void)state;
    enum { N = 2 * RATE };
    const emg_source source = {
        .name = "c", .muscle = "m", .rate_hz = RATE, .clip_low = -INFINITY, .clip_high = INFINITY
    };
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    const double good[] = { -1, 0.5, 0.5, 1.3 }, back[] = { 1, 0.9 }, none[] = { 0, NAN }, endless[] = { INFINITY };
    double *x = signal_new(N);
    const size_t channel = 0;
    emg_block block = {
        .n_channels = 1, .n_frames = N, .x = x, .channel = &channel, .rate_hz = RATE, .new_segment = true
    };
    emg_analysis *analysis;
    assert_int_equal(emg_analysis_new(&analysis, &source, 1, NULL, 0, &config, NULL, NULL), EMG_OK);
    assert_int_equal(emg_analysis_qrs(NULL, good, 4, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_qrs(analysis, NULL, 1, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_qrs(analysis, back, 2, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_qrs(analysis, none, 2, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_qrs(analysis, endless, 1, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_qrs(analysis, good, 4, NULL), EMG_OK);
    assert_int_equal(emg_analysis_qrs(analysis, NULL, 0, NULL), EMG_OK);
    assert_int_equal(emg_analysis_qrs(analysis, good, 4, NULL), EMG_OK);
    assert_int_equal(emg_analysis_push(analysis, &block, NULL), EMG_OK);
    assert_int_equal(emg_analysis_qrs(analysis, good, 4, NULL), EMG_EARG);
    emg_analysis_free(analysis);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(fasciculations_under_a_ecg_are_found),
                                        cmocka_unit_test(discharges_on_qrs_are_no_pops),
                                        cmocka_unit_test(what_removal_leaves_is_no_discharge),
                                        cmocka_unit_test(what_the_heart_does_else_is_no_discharge),
                                        cmocka_unit_test(discharges_on_a_wandering_baseline_are_no_artefacts),
                                        cmocka_unit_test(qrs_are_told_in_order_and_in_time) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
