/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting and medians: odd and even numbers, equal values, infinities, none. */
#include "support/test.h"

#include <math.h>

#include "base/base.h"

static void sorted_in_place(void **state)
{
    (void)state;
    double x[] = { 3, -INFINITY, 2, 2, INFINITY, -1 };
    const double sorted[] = { -INFINITY, -1, 2, 2, 3, INFINITY };
    emgp_sort(x, 6);
    for (size_t i = 0; i < 6; i++)
        assert_true(x[i] == sorted[i]);
    emgp_sort(x, 0);
    assert_true(x[0] == -INFINITY);
}

static void middle_values(void **state)
{
    (void)state;
    double x[] = { 9, 1, 4, 2 };
    assert_true(emgp_median(x, 4) == 3);
    assert_true(emgp_median(x, 3) == 2);
    assert_true(emgp_median(x, 1) == 1);
    assert_true(isnan(emgp_median(x, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_in_place),
        cmocka_unit_test(middle_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
