/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A settings table at work: defaults, ranges, words, and sentences that name what is allowed. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

typedef struct values {
    double width_s, mode, ratio;
} values;

static const emg_setting rows[] = {
    { "x.width_s", "s", 0.5, 2, 1, 0.5, NULL, offsetof(values, width_s), "width" },
    { "x.mode", "", 0, 2, 1, 2, "auto|on|off", offsetof(values, mode), "mode" },
    { "x.ratio", "", 0, 1, 0, 0, NULL, offsetof(values, ratio), "ratio" },
};
enum { N = sizeof rows / sizeof *rows };

static void defaults(void **state)
{
    (void)state;
    values v;
    emgp_setting_defaults(rows, N, false, &v);
    assert_true(v.width_s == 1 && v.mode == 1 && v.ratio == 0);
    emgp_setting_defaults(rows, N, true, &v);
    assert_true(v.width_s == 0.5 && v.mode == 2 && v.ratio == 0);
}

static void assigns_and_prints(void **state)
{
    (void)state;
    values v;
    char text[EMGP_NUMBER_ROOM];
    emgp_setting_defaults(rows, N, false, &v);
    assert_int_equal(emgp_setting_assign(&rows[0], "0.75", &v, NULL), EMG_OK);
    assert_true(emgp_setting_get(&rows[0], &v) == 0.75);
    assert_int_equal(emgp_setting_print(&rows[0], &v, text), 4);
    assert_string_equal(text, "0.75");
    static const char *const words[] = { "auto", "on", "off" };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(emgp_setting_assign(&rows[1], words[i], &v, NULL), EMG_OK);
        assert_true(v.mode == (double)i);
        emgp_setting_print(&rows[1], &v, text);
        assert_string_equal(text, words[i]);
    }
    assert_int_equal(emgp_setting_assign(&rows[0], "0.5", &v, NULL), EMG_OK); /* ends of the range belong to it */
    assert_int_equal(emgp_setting_assign(&rows[0], "2", &v, NULL), EMG_OK);
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        size_t row;
        const char *text;
        emg_status status;
        const char *sentence;
    } cases[] = {
        { 0, "0.49", EMG_ERANGE, "setting x.width_s: 0.49 is outside 0.5 to 2 s" },
        { 0, "3", EMG_ERANGE, "setting x.width_s: 3 is outside 0.5 to 2 s" },
        { 2, "-1", EMG_ERANGE, "setting x.ratio: -1 is outside 0 to 1" },
        { 0, "one", EMG_EARG, "setting x.width_s: 'one' is not a number" },
        { 0, "1,5", EMG_EARG, "setting x.width_s: '1,5' is not a number" },
        { 0, "\033[1m", EMG_EARG, "setting x.width_s: '\\x1b[1m' is not a number" },
        { 1, "au", EMG_EARG, "setting x.mode: 'au' is none of auto|on|off" },
        { 1, "autoo", EMG_EARG, "setting x.mode: 'autoo' is none of auto|on|off" },
        { 1, "1", EMG_EARG, "setting x.mode: '1' is none of auto|on|off" },
        { 1, "", EMG_EARG, "setting x.mode: '' is none of auto|on|off" },
        { 1, "auto|on", EMG_EARG, "setting x.mode: 'auto|on' is none of auto|on|off" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        values v = { 1, 1, 0 };
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emgp_setting_assign(&rows[cases[i].row], cases[i].text, &v, &err), cases[i].status);
        assert_string_equal(err.text, cases[i].sentence);
        assert_true(v.width_s == 1 && v.mode == 1 && v.ratio == 0);
    }
}

static void checks_a_whole_struct(void **state)
{
    (void)state;
    values v = { 1, 1, 0 };
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emgp_setting_check(rows, N, &v, &err), EMG_OK);
    v.ratio = NAN;
    assert_int_equal(emgp_setting_check(rows, N, &v, &err), EMG_ERANGE);
    assert_non_null(strstr(err.text, "x.ratio"));
    v.ratio = 0;
    v.mode = 3;
    assert_int_equal(emgp_setting_check(rows, N, &v, NULL), EMG_ERANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(assigns_and_prints),
        cmocka_unit_test(refuses),
        cmocka_unit_test(checks_a_whole_struct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
