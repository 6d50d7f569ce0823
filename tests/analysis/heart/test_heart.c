/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts at QRS complexes, where one was missed, before them and elsewhere: which are the heart's, and up to what size. */
#include "support/test.h"

#include <math.h>

#include "analysis/heart/heart.h"

enum { BEATS = 60, MISSING = 30 };

static const double period_s = 0.9, round_s = 0.04;

/* A beat each period but one, as stretches round them. */
static emgp_spill *make_beats(void)
{
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, 1, sizeof(emgp_stretch), 1 << 12, NULL, NULL), EMG_OK);
    for (int i = 0; i < BEATS; i++) {
        const double at_s = 1 + i * period_s;
        const emgp_stretch beat = { at_s - round_s, at_s + round_s };
        if (i != MISSING)
            assert_int_equal(emgp_spill_push(spill, 0, &beat, NULL), EMG_OK);
    }
    return spill;
}

static void note(emgp_beats *beats, double at_s, float size)
{
    const emgp_burst burst = { .peak_s = at_s, .n_discharges = 1, .peak_to_peak = size };
    assert_int_equal(emgp_beats_note(beats, &burst, NULL), EMG_OK);
}

/* Bursts of 20 at every `every`-th beat, of 10 ahead of it when `waves`; the walk is done. */
static emgp_heart learn(const emgp_spill *spill, int every, bool waves)
{
    emgp_beats beats;
    emgp_heart heart = { 0, 0, 0 };
    assert_int_equal(emgp_heart_rate(&heart, spill, 0, NULL), EMG_OK);
    emgp_beats_start(&beats, spill, 0);
    for (int i = 0; i < BEATS; i++) {
        const double at_s = 1 + i * period_s;
        if (waves && i != MISSING)
            note(&beats, at_s - 0.15, 10);
        if (i % every == 0 && i != MISSING)
            note(&beats, at_s, 20);
    }
    emgp_beats_stop(&beats);
    emgp_heart_learn(&heart, &beats, BEATS * period_s);
    return heart;
}

static double residue_at(const emgp_spill *spill, const emgp_heart *heart, double at_s)
{
    emgp_beats beats;
    double residue = NAN;
    emgp_beats_start(&beats, spill, 0);
    assert_int_equal(emgp_heart_residue(heart, &beats, at_s, &residue, NULL), EMG_OK);
    emgp_beats_stop(&beats);
    return residue;
}

static void test_rate_leaves_the_missing_beat_out(void **state)
{
    (void)state;
    emgp_spill *spill = make_beats();
    const emgp_heart heart = learn(spill, 1, false);
    assert_true(fabs(heart.rate_hz - 1 / period_s) < 1e-9);
    emgp_spill_free(spill);
}

static void test_bursts_at_beats_are_the_hearts(void **state)
{
    (void)state;
    emgp_spill *spill = make_beats();
    const emgp_heart heart = learn(spill, 1, true);
    assert_true(fabs(residue_at(spill, &heart, 1 + 5 * period_s) - 40) < 1e-6);
    assert_true(fabs(residue_at(spill, &heart, 1 + 5 * period_s - 0.15) - 20) < 1e-6);
    assert_true(fabs(residue_at(spill, &heart, 1 + MISSING * period_s) - 40) < 1e-6);
    assert_true(fabs(residue_at(spill, &heart, 1 + 5.5 * period_s) - 0) < 1e-6);
    assert_true(fabs(residue_at(spill, &heart, 1 + (MISSING - 0.3) * period_s) - 0) < 1e-6);
    emgp_spill_free(spill);
}

static void test_few_at_beats_are_chance(void **state)
{
    (void)state;
    emgp_spill *spill = make_beats();
    const emgp_heart heart = learn(spill, 9, false);
    assert_true(!(heart.residue > 0));
    assert_true(fabs(residue_at(spill, &heart, 1 + 9 * period_s) - 0) < 1e-6);
    emgp_spill_free(spill);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rate_leaves_the_missing_beat_out),
        cmocka_unit_test(test_bursts_at_beats_are_the_hearts),
        cmocka_unit_test(test_few_at_beats_are_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
