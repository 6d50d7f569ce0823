/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a burst that holds several discharges is judged by. */
#include "support/test.h"

#include <math.h>

#include "analysis/classify/classify.h"
#include "dsp/signal.h"

/* A burst of 40 ms with discharges of 21 ms at its onset and `lag_s` later, of these units. */
static emgp_episode_burst burst_of(double lag_s, uint8_t unit, uint8_t other_unit)
{
    emgp_episode_burst burst = { .burst = { .onset_s = 1, .end_s = 1.04, .core_s = 0.017F, .n_discharges = 2 } };
    const emgp_point first = { .peak_s = 1.006, .before_s = 0.006F, .after_s = 0.015F, .of = { .unit = unit } };
    burst.n_points = 2;
    burst.point[0] = burst.point[1] = first;
    burst.point[1].peak_s += lag_s;
    burst.point[1].of.unit = other_unit;
    return burst;
}

static void silence_tells_discharges_apart(void **state)
{
    (void)state;
    emgp_episode_burst burst = burst_of(0.03, 0, 0);
    assert_near(emgp_episode_burst_core_s(&burst), 0.008, 1e-6);
    assert_false(emgp_episode_burst_known(&burst));
    burst.burst.n_discharges = 3; /* of one nothing is known */
    assert_near(emgp_episode_burst_core_s(&burst), 0.017, 1e-6);
}

static void known_units(void **state)
{
    (void)state;
    emgp_episode_burst burst = burst_of(0.016, 0, 2);
    assert_near(emgp_episode_burst_core_s(&burst), 0.017, 1e-6);
    assert_false(emgp_episode_burst_known(&burst));
    burst = burst_of(0.016, 1, 2);
    assert_true(emgp_episode_burst_known(&burst));
    assert_near(emgp_episode_burst_core_s(&burst), 0.017, 1e-6); /* they overlap */
    burst.burst.n_discharges = 3;
    assert_false(emgp_episode_burst_known(&burst));
    burst.n_points = 3;
    burst.point[2] = burst.point[1];
    assert_true(emgp_episode_burst_known(&burst));
    burst.n_points = burst.burst.n_discharges = 4; /* as in a jerk */
    burst.point[3] = burst.point[1];
    assert_false(emgp_episode_burst_known(&burst));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_tells_discharges_apart),
        cmocka_unit_test(known_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
