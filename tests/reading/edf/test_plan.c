/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records that segments fill and ranges that hold what is written. */
#include "support/test.h"

#include <math.h>
#include <stdbool.h>

#include "reading/edf/edf.h"

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fabs(b);
}

typedef struct record_case {
    double record_s, most_s;
    emgp_edf_course courses[2];
    size_t n;
    double chosen_s;
    uint64_t per_record[2];
    bool fills;
} record_case;

static void records_are_filled_where_they_can_be(void **state)
{
    (void)state;
    static const record_case cases[] = {
        /* the source's own */
        { 1, 1, { { 2000, 2000 }, { 250, 250 } }, 2, 1, { 2000, 250 }, true },
        { 0.333333, 1, { { 100, 100 } }, 1, 0.333333, { 100 }, true },
        /* unknown lengths do not bind */
        { 1, 1, { { 2048, 0 } }, 1, 1, { 2048 }, true },
        /* a part of it: 1.7 s of 2000 Hz */
        { 1, 1, { { 2000, 3400 } }, 1, 0.85, { 1700 }, true },
        { 1, 1, { { 2000, 3400 }, { 250, 425 } }, 2, 0.34, { 680, 85 }, true },
        /* 2 * 3767 samples, 3767 is prime: a longer record */
        { 1, 1, { { 2000, 7534 } }, 1, 1.8835, { 3767 }, true },
        /* 2048 Hz: a header can say multiples of 1/64 s only */
        { 1, 1, { { 2048, 2048 * 3 + 64 } }, 1, 0.03125, { 64 }, true },
        { 1, 1, { { 2048, 2048 * 3 + 1 } }, 1, 0.015625, { 32 }, false },
        /* 44100 Hz: multiples of 0.01 s */
        { 1, 1, { { 44100, 132401 } }, 1, 0.01, { 441 }, false },
        /* one sample of a whole second: nothing below 10 ms */
        { 1, 1, { { 1000, 1 } }, 1, 0.01, { 10 }, false },
        /* shorter records than that only where they are the source's */
        { 0.001, 0.001, { { 1, 1 } }, 1, 0.001, { 1 }, false },
        /* a record too large to hold is cut into parts */
        { 3600, 10, { { 7200000, 7200000 } }, 1, 10, { 20000 }, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        record_case c = cases[i];
        bool fills;
        char field[9];
        emgp_edf_plan_record(&c.record_s, c.courses, c.n, c.most_s, 10, &fills);
        if (!near(c.record_s, c.chosen_s) || fills != c.fills)
            fail_msg("case %zu: %.9g s, fills %d", i, c.record_s, fills);
        assert_true(emgp_edf_field(field, c.record_s));
        for (size_t k = 0; k < c.n; k++)
            assert_int_equal(c.courses[k].per_record, c.per_record[k]);
    }
}

static void ranges_hold_what_they_say(void **state)
{
    (void)state;
    emgp_edf_range r = { -3276.8, 3276.7, -32768, 32767 };
    assert_true(emgp_edf_range_sayable(&r, false));
    assert_true(emgp_edf_range_holds(&r, -3276.84, 3276.74)); /* rounds to the limits */
    assert_false(emgp_edf_range_holds(&r, -3276.86, 0));
    assert_false(emgp_edf_range_holds(&r, 0, 3276.76));
    r.digital_max = 32768;
    assert_false(emgp_edf_range_sayable(&r, false));
    assert_true(emgp_edf_range_sayable(&r, true));
    r.physical_max = 1.0 / 3;
    assert_false(emgp_edf_range_sayable(&r, true));
    r = (emgp_edf_range){ 5, -5, -2048, 2047 }; /* upside down */
    assert_true(emgp_edf_range_sayable(&r, false) && emgp_edf_range_holds(&r, -5, 5));
}

static void wider_and_finer_ranges_keep_values(void **state)
{
    (void)state;
    emgp_edf_range r = { -204.8, 204.7, -2048, 2047 };
    assert_true(emgp_edf_range_widen(&r, false)); /* steps of 0.1 */
    assert_true(near(r.physical_min, -3276.8) && near(r.physical_max, 3276.7));
    assert_true(r.digital_min == -32768 && r.digital_max == 32767);
    r = (emgp_edf_range){ -5, 5, -2048, 2047 }; /* steps of 10/4095: no header can say the wide limits */
    assert_false(emgp_edf_range_widen(&r, false));
    assert_int_equal(r.digital_max, 2047);
    assert_true(emgp_edf_range_refine(&r, false));
    assert_true(r.digital_min == -32768 && r.digital_max == 2047 * 16 && near(r.physical_max, 5));
    assert_false(emgp_edf_range_refine(&r, false));
    assert_true(emgp_edf_range_refine(&r, true));
    assert_true(r.digital_min == -8388608 && r.digital_max == 2047 * 4096);
    r = (emgp_edf_range){ 0, 3, 0, 255 };
    assert_true(emgp_edf_range_refine(&r, false));
    assert_true(r.digital_min == 0 && r.digital_max == 255 * 128);
}

static void round_ranges_hold_any_magnitude(void **state)
{
    (void)state;
    static const struct {
        double magnitude, limit;
    } cases[] = { { 0, 1 },
                  { 1e-9, 0.00001 },
                  { 0.123456, 0.12346 },
                  { 1, 1 },
                  { 9.87654321, 9.87655 },
                  { 1234.5678, 1234.57 },
                  { 999999.5, 1000000 },
                  { 9999998.1, 9999999 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emgp_edf_range r;
        assert_true(emgp_edf_range_round(&r, cases[i].magnitude, false));
        if (!near(r.physical_max, cases[i].limit))
            fail_msg("%g: %.10g", cases[i].magnitude, r.physical_max);
        assert_true(emgp_edf_range_sayable(&r, false));
        assert_true(emgp_edf_range_holds(&r, -cases[i].magnitude, cases[i].magnitude));
        assert_true(r.digital_min == -32767 && near(r.physical_min, -r.physical_max));
    }
    emgp_edf_range r;
    assert_false(emgp_edf_range_round(&r, 1e7, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_filled_where_they_can_be),
        cmocka_unit_test(ranges_hold_what_they_say),
        cmocka_unit_test(wider_and_finer_ranges_keep_values),
        cmocka_unit_test(round_ranges_hold_any_magnitude),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
