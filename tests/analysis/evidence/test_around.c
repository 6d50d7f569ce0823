/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a muscle does minutes away says nothing: when it is being used, and how much is active around a train. */
#include "support/test.h"

#include "analysis/evidence/evidence.h"

static void add(emgp_used *used, double onset_s, double end_s)
{
    const emgp_contraction c = { .onset_s = onset_s, .end_s = end_s };
    assert_int_equal(emgp_used_add(used, &c, NULL), EMG_OK);
}

static void is_used_around_solid_contractions(void **state)
{
    (void)state;
    emgp_used used = { 0 };
    assert_false(emgp_used_at(NULL, 0));
    assert_false(emgp_used_at(&used, 0));
    add(&used, 100, 102);
    add(&used, 400, 401);
    assert_false(emgp_used_at(&used, 60));
    assert_true(emgp_used_at(&used, 75));
    assert_true(emgp_used_at(&used, 101));
    assert_true(emgp_used_at(&used, 130));
    assert_false(emgp_used_at(&used, 250));
    assert_true(emgp_used_at(&used, 390));
    assert_false(emgp_used_at(&used, 500));
    emgp_used_free(&used);
    assert_false(emgp_used_at(&used, 101));
}

static void goes_on_from_contraction_to_contraction(void **state)
{
    (void)state;
    emgp_used used = { 0 };
    for (int i = 0; i < 6; i++)
        add(&used, 100 + 20 * i, 100.5 + 20 * i);
    assert_false(emgp_used_at(&used, 150)); /* none is solid so far */
    add(&used, 220, 222);
    assert_true(emgp_used_at(&used, 80));
    assert_true(emgp_used_at(&used, 150));
    add(&used, 240, 240.2); /* too short to go on */
    assert_false(emgp_used_at(&used, 260));
    add(&used, 600, 600.5); /* by itself */
    assert_false(emgp_used_at(&used, 600));
    add(&used, 900, 902); /* takes its place */
    assert_false(emgp_used_at(&used, 600));
    assert_true(emgp_used_at(&used, 901));
    emgp_used_free(&used);
}

static void pulls_that_follow_each_other_are_a_run(void **state)
{
    (void)state;
    emgp_used used = { 0 };
    assert_false(emgp_used_pulling(NULL, 0));
    for (int i = 0; i < 5; i++)
        add(&used, 100 + 4 * i, 100.2 + 4 * i);
    add(&used, 117, 117.08); /* as short as a jerk */
    assert_false(emgp_used_pulling(&used, 110));
    add(&used, 120, 120.2);
    assert_true(emgp_used_pulling(&used, 86));
    assert_true(emgp_used_pulling(&used, 110));
    assert_true(emgp_used_pulling(&used, 135));
    assert_false(emgp_used_pulling(&used, 136));
    assert_false(emgp_used_at(&used, 110)); /* none is solid */
    add(&used, 300, 300.2);
    assert_false(emgp_used_pulling(&used, 300));
    for (int i = 0; i < 6; i++)
        add(&used, 400 + 15 * i, 400.2 + 15 * i);
    assert_false(emgp_used_pulling(&used, 300)); /* was in its place */
    assert_true(emgp_used_pulling(&used, 425));
    assert_true(emgp_used_pulling(&used, 110));
    emgp_used_free(&used);
    assert_false(emgp_used_pulling(&used, 110));
}

static void other_activity_is_that_around(void **state)
{
    (void)state;
    emgp_around around = { 0 };
    assert_float_equal(emgp_around_other_s(&around, 0, 10), 0, 1e-12);
    assert_int_equal(emgp_around_add(&around, 95, 115, false, NULL), EMG_OK);
    assert_int_equal(emgp_around_add(&around, 5, 7, false, NULL), EMG_OK);
    assert_float_equal(emgp_around_other_s(&around, 100, 110), 20, 1e-12);
    assert_float_equal(emgp_around_other_s(&around, 0, 3), 2, 1e-12);
    assert_float_equal(emgp_around_other_s(&around, 200, 210), 0, 1e-12);
    assert_int_equal(emgp_around_add(&around, 96, 112, true, NULL), EMG_OK); /* most of it is a train */
    assert_float_equal(emgp_around_other_s(&around, 100, 110), 4, 1e-12);
    assert_int_equal(emgp_around_add(&around, 80, 100, true, NULL), EMG_OK);
    assert_float_equal(emgp_around_other_s(&around, 100, 110), 0, 1e-12);
    emgp_around_free(&around);
}

static void the_crowd_is_of_no_clear_train(void **state)
{
    (void)state;
    emgp_around around = { 0 };
    for (unsigned i = 0; i < 200; i++) /* one a second */
        assert_int_equal(emgp_around_count(&around, (double)i, false, NULL), EMG_OK);
    assert_float_equal(emgp_around_crowd_hz(&around, 100, 109), 1, 1e-12);
    for (unsigned i = 0; i < 35; i++)
        assert_int_equal(emgp_around_count(&around, 70 + 2.0 * i, true, NULL), EMG_OK);
    assert_float_equal(emgp_around_crowd_hz(&around, 100, 109), 0.5, 1e-12);
    assert_float_equal(emgp_around_crowd_hz(&around, 1000, 1009), 0, 1e-12);
    emgp_around_free(&around);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_used_around_solid_contractions),
        cmocka_unit_test(goes_on_from_contraction_to_contraction),
        cmocka_unit_test(pulls_that_follow_each_other_are_a_run),
        cmocka_unit_test(other_activity_is_that_around),
        cmocka_unit_test(the_crowd_is_of_no_clear_train),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
