/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers against the C library: printing against printf, parsing against strtod, over millions of values. */
#include "support/test.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* splitmix64: a fixed sequence, the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void assert_prints(double value)
{
    char expected[64], got[EMGP_NUMBER_ROOM];
    snprintf(expected, sizeof expected, "%.6g", value == 0 ? 0 : value);
    size_t n = emgp_number_print(got, value);
    if (strcmp(got, expected) != 0 || n != strlen(got))
        fail_msg("%.17g prints as %s, not %s", value, got, expected);
}

static void prints_as_printf_over_all_magnitudes(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (long i = 0; i < 2000000; i++) {
        double value = from_bits(next_random(&seed));
        if (isfinite(value))
            assert_prints(value);
    }
}

/* The values that reports hold: a few digits, often exact decimals or quotients of small whole numbers. */
static void prints_as_printf_where_reports_live(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (long i = 0; i < 1000000; i++) {
        uint64_t r = next_random(&seed);
        double a = (double)(r % 100003), b = (double)(r >> 40) + 1;
        assert_prints(a / b);
        assert_prints(-a * 0.001);
        assert_prints((double)(r % 20000001) * 1e-7);
        assert_prints((double)(r % 20000001) / 10);
    }
}

/* Halves of the last digit, where rounding decides. */
static void prints_ties_as_printf(void **state)
{
    (void)state;
    for (int e = -30; e <= 30; e++)
        for (long digits = 100000; digits < 1000000; digits += 97) {
            char text[64];
            snprintf(text, sizeof text, "%ld5e%d", digits, e);
            double value = strtod(text, NULL);
            assert_prints(value);
            assert_prints(nextafter(value, 0));
            assert_prints(nextafter(value, INFINITY));
        }
}

static void prints_special_values(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        { 0.0, "0" },
        { -0.0, "0" },
        { NAN, "n/a" },
        { INFINITY, "n/a" },
        { -INFINITY, "n/a" },
        { 1, "1" },
        { -1.5, "-1.5" },
        { 1e5, "100000" },
        { 1e6, "1e+06" },
        { 999999.5, "1e+06" },
        { 0.0001, "0.0001" },
        { 0.00001, "1e-05" },
        { DBL_MAX, "1.79769e+308" },
        { DBL_MIN, "2.22507e-308" },
        { 4.9406564584124654e-324, "4.94066e-324" },
        { 123456.7, "123457" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[EMGP_NUMBER_ROOM];
        assert_int_equal(emgp_number_print(got, cases[i].value), strlen(cases[i].text));
        assert_string_equal(got, cases[i].text);
    }
}

static void times(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        { 0, "0.000000" },
        { -0.0, "0.000000" },
        { 1.5, "1.500000" },
        { -1.5, "-1.500000" },
        { -0.0000001, "0.000000" },
        { 86400, "86400.000000" },
        { 0.9999996, "1.000000" },
        { NAN, "n/a" },
        { INFINITY, "n/a" },
        { 1e300, "n/a" },
        { -8.9e12, "-8900000000000.000000" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[EMGP_NUMBER_ROOM];
        emgp_time_print(got, cases[i].value);
        assert_string_equal(got, cases[i].text);
    }
    uint64_t seed = 3;
    for (long i = 0; i < 1000000; i++) { /* sample times: k / rate, never a tie but for powers of two */
        double value = (double)(next_random(&seed) % 1000000000) / 2000.0;
        char expected[64], got[EMGP_NUMBER_ROOM];
        snprintf(expected, sizeof expected, "%.6f", value);
        emgp_time_print(got, value);
        assert_string_equal(got, expected);
    }
}

static void counts(void **state)
{
    (void)state;
    static const uint64_t values[] = { 0, 9, 10, 18446744073709551615u, 1000000000000u };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char got[EMGP_NUMBER_ROOM], expected[32];
        snprintf(expected, sizeof expected, "%llu", (unsigned long long)values[i]);
        assert_int_equal(emgp_count_print(got, values[i]), strlen(expected));
        assert_string_equal(got, expected);
    }
}

static double parsed(const char *text)
{
    double value = -12345;
    if (!emgp_number_parse(text, strlen(text), &value))
        fail_msg("'%s' was refused", text);
    return value;
}

/* Up to 15 digits and powers within 22: the same double as strtod. */
static void parses_as_strtod(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (long i = 0; i < 1000000; i++) {
        char text[64];
        uint64_t digits = next_random(&seed) % UINT64_C(1000000000000000);
        int e = (int)(next_random(&seed) % 45) - 22;
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, e);
        double expected = strtod(text, NULL), got = parsed(text);
        if (got != expected)
            fail_msg("%s: %.17g, not %.17g", text, got, expected);
        snprintf(text, sizeof text, "-%llu.%06llu", (unsigned long long)(digits / 1000000000),
                 (unsigned long long)(digits % 1000000));
        assert_true(parsed(text) == strtod(text, NULL));
    }
}

/* Beyond that: at most one unit in the last place away. */
static void parses_long_numbers(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (long i = 0; i < 200000; i++) {
        char text[80];
        uint64_t a = next_random(&seed), b = next_random(&seed);
        snprintf(text, sizeof text, "%llu.%llue%d", (unsigned long long)a, (unsigned long long)b, (int)(b % 500) - 250);
        double expected = strtod(text, NULL), got = parsed(text);
        if (fabs(got - expected) > 2.3e-16 * fabs(expected))
            fail_msg("%s: %.17g, not %.17g", text, got, expected);
    }
    assert_true(parsed("0.000000000000000000000000000000000000000000000000000001") > 0);
    assert_true(parsed("1e-400") == 0);
    assert_true(parsed("1000000000000000000000000000000") == 1e30);
    assert_true(parsed(".5") == 0.5);
    assert_true(parsed("5.") == 5);
    assert_true(parsed("+1E2") == 100);
}

static void refuses_what_is_no_number(void **state)
{
    (void)state;
    static const char *const texts[] = { "",     " ",           "1 ",    " 1",  "nan",   "inf",
                                         "0x10", "1,5",         "1e",    "e5",  ".",     "-",
                                         "+-1",  "1e+",         "1.2.3", "--1", "1e400", "1e99999999999",
                                         "1f",   "\xEF\xBC\x91" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double value = 7;
        if (emgp_number_parse(texts[i], strlen(texts[i]), &value))
            fail_msg("'%s' was taken as %g", texts[i], value);
        assert_true(value == 7);
    }
    double value;
    assert_false(emgp_number_parse("1\0"
                                   "2",
                                   3, &value));
    assert_true(emgp_number_parse("123456", 2, &value) && value == 12);
}

static void integers(void **state)
{
    (void)state;
    int64_t value = 7;
    assert_true(emgp_integer_parse("9223372036854775807", 19, &value) && value == INT64_MAX);
    assert_true(emgp_integer_parse("-42", 3, &value) && value == -42);
    assert_true(emgp_integer_parse("+0", 2, &value) && value == 0);
    static const char *const texts[] = { "",   "-", "1.0", "1e3", "9223372036854775808", "99999999999999999999",
                                         " 1", "1 " };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(emgp_integer_parse(texts[i], strlen(texts[i]), &value));
    assert_true(value == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_as_printf_over_all_magnitudes),
        cmocka_unit_test(prints_as_printf_where_reports_live),
        cmocka_unit_test(prints_ties_as_printf),
        cmocka_unit_test(prints_special_values),
        cmocka_unit_test(times),
        cmocka_unit_test(counts),
        cmocka_unit_test(parses_as_strtod),
        cmocka_unit_test(parses_long_numbers),
        cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
