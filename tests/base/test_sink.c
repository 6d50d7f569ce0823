/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sink hands on every byte in order, and its first failure sticks. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "support/collect.h"

static void values_as_text(void **state)
{
    (void)state;
    collected got = { 0 };
    emgp_sink sink;
    emgp_sink_init(&sink, collect, &got, NULL);
    emgp_sink_text(&sink, "a ");
    emgp_sink_number(&sink, 0.5);
    emgp_sink_text(&sink, " ");
    emgp_sink_number(&sink, NAN);
    emgp_sink_text(&sink, " ");
    emgp_sink_time(&sink, 1);
    emgp_sink_text(&sink, " ");
    emgp_sink_count(&sink, 42);
    assert_null(got.text); /* nothing leaves before it must */
    assert_int_equal(emgp_sink_flush(&sink), EMG_OK);
    assert_string_equal(got.text, "a 0.5 n/a 1.000000 42");
    collected_free(&got);
}

static void pieces_of_every_size(void **state)
{
    (void)state;
    enum { N = 3 * EMGP_SINK_ROOM + 17 };
    static char text[N];
    for (size_t i = 0; i < N; i++)
        text[i] = (char)('!' + i * 7 % 90);
    static const size_t pieces[] = { 1, 7, 4096, EMGP_SINK_ROOM - 1, EMGP_SINK_ROOM, EMGP_SINK_ROOM + 1, N };
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        collected got = { 0 };
        emgp_sink sink;
        emgp_sink_init(&sink, collect, &got, NULL);
        for (size_t at = 0; at < N; at += pieces[p])
            emgp_sink_bytes(&sink, text + at, N - at < pieces[p] ? N - at : pieces[p]);
        assert_int_equal(emgp_sink_flush(&sink), EMG_OK);
        assert_int_equal(got.n, N);
        assert_memory_equal(got.text, text, N);
        collected_free(&got);
    }
}

static size_t n_calls;

static emg_status refuse(void *context, const char *bytes, size_t n, emg_error *err)
{
    (void)context;
    (void)bytes;
    (void)n;
    (void)err;
    n_calls++;
    return EMG_EIO;
}

static void the_first_failure_sticks(void **state)
{
    (void)state;
    emgp_sink sink;
    emgp_sink_init(&sink, refuse, NULL, NULL);
    for (size_t i = 0; i < 5 * EMGP_SINK_ROOM; i++)
        emgp_sink_bytes(&sink, "x", 1);
    assert_int_equal(emgp_sink_flush(&sink), EMG_EIO);
    assert_int_equal(emgp_sink_flush(&sink), EMG_EIO);
    assert_int_equal(n_calls, 1);
}

static void a_text_is_collected(void **state)
{
    (void)state;
    emgp_collected all = { 0 };
    assert_int_equal(emgp_collect(&all, "", 0, NULL), EMG_OK);
    assert_string_equal(all.bytes, "");
    for (int i = 0; i < 100; i++)
        assert_int_equal(emgp_collect(&all, "abc", 3, NULL), EMG_OK);
    assert_int_equal(all.n, 300);
    assert_int_equal(strlen(all.bytes), 300);
    emgp_free(all.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_as_text),
        cmocka_unit_test(pieces_of_every_size),
        cmocka_unit_test(the_first_failure_sticks),
        cmocka_unit_test(a_text_is_collected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
