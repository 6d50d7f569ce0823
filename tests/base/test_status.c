/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Failures: the first one wins, NULL is allowed, a sentence never ends inside a character. */
#include "support/test.h"

#include <string.h>

#include "base/base.h"

static void the_first_failure_wins(void **state)
{
    (void)state;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emgp_fail_at(&err, EMG_EFORMAT, 236, 3, "record count '%s'", "x"), EMG_EFORMAT);
    assert_int_equal(emgp_fail(&err, EMG_EIO, "later"), EMG_EIO);
    assert_int_equal(err.status, EMG_EFORMAT);
    assert_int_equal(err.offset, 236);
    assert_int_equal(err.channel, 3);
    assert_string_equal(err.text, "record count 'x'");
    emg_error_clear(&err);
    assert_int_equal(emgp_fail_memory(&err), EMG_ENOMEM);
    assert_int_equal(err.offset, -1);
    assert_int_equal(err.channel, -1);
    assert_int_equal(emgp_fail(NULL, EMG_EARG, "nobody listens"), EMG_EARG);
    emg_error_clear(NULL);
}

static void long_sentences_end_between_characters(void **state)
{
    (void)state;
    for (size_t lead = 0; lead < 8; lead++) {
        char text[600];
        size_t n = lead;
        memset(text, 'a', lead);
        for (; n < 500; n += 3)
            memcpy(text + n, "\xE2\x82\xAC", 4);
        emg_error err = EMG_ERROR_NONE;
        emgp_fail(&err, EMG_EIO, "%s", text);
        assert_true(strlen(err.text) > 240 && strlen(err.text) < sizeof err.text);
        assert_true(emgp_text_is_utf8(err.text, strlen(err.text)));
    }
}

static void every_status_has_a_phrase(void **state)
{
    (void)state;
    for (int i = EMG_OK; i <= EMG_ECANCELLED; i++) {
        assert_true(strlen(emg_status_phrase((emg_status)i)) > 3);
        for (int j = EMG_OK; j < i; j++)
            assert_string_not_equal(emg_status_phrase((emg_status)i), emg_status_phrase((emg_status)j));
    }
    assert_string_equal(emg_status_phrase((emg_status)99), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_failure_wins),
        cmocka_unit_test(long_sentences_end_between_characters),
        cmocka_unit_test(every_status_has_a_phrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
