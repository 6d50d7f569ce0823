/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The course of a contraction is measured as it was made: how soon it rises, whether it wanes, whether its units pulse. */
#include "support/test.h"

#include <math.h>

#include "analysis/evidence/evidence.h"

static const double STEP_S = 0.005;

enum { LEVELS = 40 * 200 };

/* A contraction from 5 to 30 s over a noise of 1: it rises in rise_s, wanes by wane_db over its last second, and its power
 * pulses at hz. */
static emgp_contraction measured(double rise_s, double wane_db, double hz)
{
    emgp_spill *levels = NULL;
    emgp_course *course = emgp_alloc(1, sizeof *course);
    emgp_contraction c = { .onset_s = 5, .end_s = 30, .floor = 1 };
    assert_non_null(course);
    assert_int_equal(emgp_spill_new(&levels, 1, sizeof(emgp_level_record), 1 << 20, NULL, NULL), EMG_OK);
    for (size_t from = 0; from < LEVELS; from += EMGP_LEVELS) {
        emgp_level_record r = { .start_s = (double)from * STEP_S };
        for (size_t i = from; i < LEVELS && i < from + EMGP_LEVELS; i++) {
            const double at_s = (double)i * STEP_S;
            double db = at_s < 5 || at_s >= 30 ? 0 : 20 * fmin((at_s - 5) / rise_s, 1);
            db -= at_s >= 29 && at_s < 30 ? wane_db : 0;
            db += at_s >= 5 && at_s < 30 ? 2 * cos(6.283185307179586 * hz * at_s) + sin((double)(i * i % 1009)) : 0;
            r.level[r.n++] = emgp_level_code((float)pow(10, db / 20));
        }
        assert_int_equal(emgp_spill_push(levels, 0, &r, NULL), EMG_OK);
    }
    assert_int_equal(emgp_course_start(course, levels, 0, STEP_S, NULL), EMG_OK);
    assert_int_equal(emgp_hold_measure(course, &c, NULL), EMG_OK);
    emgp_course_stop(course);
    emgp_free(course);
    emgp_spill_free(levels);
    return c;
}

static void courses(void **state)
{
    (void)state;
    const emgp_contraction cramp = measured(0.05, 6, 0), hold = measured(2, 0, 10);
    assert_true(cramp.rise_s < 0.15 && hold.rise_s > 1);
    assert_true(fabs(cramp.wane_db - 6) < 0.6 && fabs(hold.wane_db) < 0.6);
    assert_true(cramp.steady_db < 0.5);
    assert_true(cramp.pulsing < 0.4 && hold.pulsing > 0.8);
}

static void short_ones_have_none(void **state)
{
    (void)state;
    emgp_contraction c = { .onset_s = 5, .end_s = 9.9, .floor = 1, .rise_s = 1 };
    assert_int_equal(emgp_hold_measure(NULL, &c, NULL), EMG_OK);
    assert_true(isnan(c.rise_s) && isnan(c.steady_db) && isnan(c.wane_db) && isnan(c.pulsing));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(courses), cmocka_unit_test(short_ones_have_none) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
