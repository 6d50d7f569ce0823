/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the discharges of a unit that fires alone lies the floor; in a contraction what is too small to be found lies there. */
#include "support/test.h"

#include <math.h>

#include "analysis/evidence/evidence.h"

static const double STEP_S = 0.005;

enum { LEVELS = 20 * 200, FLOOR_DB = 6 };

/* Twenty seconds of discharges of 20 ms, ten a second, 20 dB over a floor of 6 dB, with what is between them so much over it. */
static emgp_evidence measured(double between_db, double from_s, double to_s)
{
    emgp_spill *levels = NULL, *discharges = NULL;
    emgp_beneath beneath = { 0 };
    emgp_evidence e = { 0 };
    assert_int_equal(emgp_spill_new(&levels, 1, sizeof(emgp_level_record), 1 << 20, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_spill_new(&discharges, 1, sizeof(emgp_discharge), 1 << 20, NULL, NULL), EMG_OK);
    for (size_t from = 0; from < LEVELS; from += EMGP_LEVELS) {
        emgp_level_record r = { .start_s = (double)from * STEP_S };
        for (size_t i = from; i < LEVELS && i < from + EMGP_LEVELS; i++)
            r.level[r.n++] = emgp_level_code((float)pow(10, (FLOOR_DB + (i % 20 < 4 ? 20 : between_db)) / 20));
        assert_int_equal(emgp_spill_push(levels, 0, &r, NULL), EMG_OK);
    }
    for (size_t i = 0; i < LEVELS; i += 20) {
        const emgp_discharge d = { .peak_s = ((double)i + 2) * STEP_S, .before_s = 0.01F, .after_s = 0.01F };
        assert_int_equal(emgp_spill_push(discharges, 0, &d, NULL), EMG_OK);
    }
    assert_int_equal(emgp_beneath_new(&beneath, levels, discharges, 0, STEP_S, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_beneath_measure(&beneath, from_s, to_s, FLOOR_DB, &e, NULL), EMG_OK);
    emgp_beneath_free(&beneath);
    emgp_spill_free(levels);
    emgp_spill_free(discharges);
    return e;
}

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%g is not near %g", a, b);
}

static void what_is_between_discharges(void **state)
{
    (void)state;
    const emgp_evidence alone = measured(0, 2, 18), in_contraction = measured(10, 2, 18);
    assert_near(alone.beneath_db, 0, 0.1);
    assert_near(alone.beneath_share, 0, 0.01);
    assert_near(in_contraction.beneath_db, 10, 0.1);
    assert_near(in_contraction.beneath_share, 9 / (0.2 * 99 + 0.8 * 9), 0.02);
}

/* In half a second too little lies between discharges to tell. */
static void little_tells_nothing(void **state)
{
    (void)state;
    const emgp_evidence e = measured(10, 2.1, 2.4);
    assert_true(!(e.beneath_db > 0) && !(e.beneath_share > 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_between_discharges),
        cmocka_unit_test(little_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
