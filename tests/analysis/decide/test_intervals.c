/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interval statistics against published check values and hand-computed ones. */
#include "support/test.h"

#include <math.h>

#include "base/base.h"
#include "analysis/decide/decide.h"

#define assert_near(a, b, error) assert_true(fabs((a) - (b)) <= (error))

/* Elephant's documentation (elephant.statistics lv, lvr): lv([0.3, 4.5, 6.7, 9.3]) = 0.8306154336734693 and, with R = 5 ms in
 * the intervals' unit, lvr = 0.833907445980624. */
static void local_variation(void **state)
{
    (void)state;
    const double x[] = { 0.3, 4.5, 6.7, 9.3 };
    emgp_intervals i = emgp_intervals_of(x, 4);
    assert_near(i.lv, 0.8306154336734693, 1e-12);
    assert_near(i.lvr, 0.833907445980624, 1e-12);
}

static void by_hand(void **state)
{
    (void)state;
    const double x[] = { 1, 1, 2, 4 };
    emgp_intervals i = emgp_intervals_of(x, 4);
    assert_near(i.mean_s, 2, 1e-15);
    assert_near(i.median_s, 1.5, 1e-15);
    assert_near(i.cv, sqrt(2.0) / 2, 1e-15);       /* variance (1+1+0+4)/3 = 2 */
    assert_near(i.rcv, 1.4826 * 0.5 / 1.5, 1e-15); /* deviations 0.5 0.5 0.5 2.5 */
    assert_near(i.cv2, 2 * (0 + 1.0 / 3 + 2.0 / 6) / 3, 1e-15);
    assert_near(i.fold, 0, 1e-15);      /* none lies within a quarter median (0.375) of 1.5, 3 or 4.5 */
    assert_near(i.off, 1.0 / 3, 1e-15); /* two thirds, four thirds and eight thirds: each a third off a whole */
    const double y[] = { 1, 1.2, 2.1, 5 };
    assert_near(emgp_intervals_of(y, 4).fold, 0.25,
                1e-15); /* median 1.65: 2.1 is too far from it, 5 near 3 of it, 1.2 not */
}

static void one_missed_burst_leaves_the_robust_measures(void **state)
{
    (void)state;
    double x[20];
    for (int k = 0; k < 20; k++)
        x[k] = k == 7 ? 0.4 : 0.2;
    emgp_intervals i = emgp_intervals_of(x, 20);
    assert_near(i.rcv, 0, 1e-12);
    assert_near(i.fold, 1, 1e-12);
    assert_true(i.cv > 0.2);
}

static void too_few(void **state)
{
    (void)state;
    const double x[] = { 0.5 };
    emgp_intervals none = emgp_intervals_of(x, 0), one = emgp_intervals_of(x, 1);
    assert_true(none.n == 0 && isnan(none.median_s) && isnan(none.cv) && isnan(none.fold));
    assert_true(one.n == 1 && one.median_s == 0.5 && isnan(one.cv) && isnan(one.rcv) && isnan(one.lv));
}

static void histogram_quantiles(void **state)
{
    (void)state;
    static emgp_histogram h;
    assert_true(isnan(emgp_histogram_quantile(&h, 0.5)));
    for (int k = 1; k <= 10000; k++)
        emgp_histogram_add(&h, k * 0.001);
    emgp_histogram_add(&h, 0);
    emgp_histogram_add(&h, -1);
    emgp_histogram_add(&h, NAN);
    assert_int_equal(h.n, 10000);
    for (double q = 0.05; q < 1; q += 0.05)
        assert_true(fabs(emgp_histogram_quantile(&h, q) / (10 * q) - 1) < 0.011);
    static emgp_histogram far;
    emgp_histogram_add(&far, 1e-300);
    emgp_histogram_add(&far, 1e300);
    assert_true(isfinite(emgp_histogram_quantile(&far, 0.25)) && isfinite(emgp_histogram_quantile(&far, 0.99)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_variation),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(one_missed_burst_leaves_the_robust_measures),
        cmocka_unit_test(too_few),
        cmocka_unit_test(histogram_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
