/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile bytes: always printable UTF-8, always within the room given, whatever comes in. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static void known_texts(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t n;
        const char *out;
        bool unchanged;
    } cases[] = {
        { "EMG TA", 6, "EMG TA", true },
        { "", 0, "", true },
        { "a\0b", 3, "a\\x00b", false },
        { "\x1b[2J", 4, "\\x1b[2J", false },
        { "\r\n\t", 3, "\\x0d\\x0a\\x09", false },
        { "\x7f", 1, "\\x7f", false },
        { "\xC2\xB5V", 3, "\xC2\xB5V", true },                       /* micro sign in UTF-8 */
        { "\xB5V", 2, "\xC2\xB5V", false },                          /* and in Latin-1 */
        { "\xC2\x9B", 2, "\\x9b", false },                           /* a control in UTF-8 */
        { "\x9B", 1, "\\x9b", false },                               /* and as a byte */
        { "\xE0\x80\x80", 3, "\xC3\xA0\\x80\\x80", false },          /* three bytes for NUL */
        { "\xC0\x80", 2, "\xC3\x80\\x80", false },                   /* overlong NUL */
        { "\xED\xA0\x80", 3, "\xC3\xAD\xC2\xA0\\x80", false },       /* a surrogate */
        { "\xF4\x90\x80\x80", 4, "\xC3\xB4\\x90\\x80\\x80", false }, /* above U+10FFFF */
        { "\xF0\x9F\x98\x80", 4, "\xF0\x9F\x98\x80", true },
        { "\xE2\x82", 2, "\xC3\xA2\\x82", false }, /* cut short */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[64];
        bool same = emgp_text_printable(out, sizeof out, cases[i].in, cases[i].n);
        assert_string_equal(out, cases[i].out);
        assert_int_equal(same, cases[i].unchanged);
    }
}

static bool is_printable(const char *text)
{
    for (size_t i = 0; text[i]; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7F || (byte == 0xC2 && (unsigned char)text[i + 1] < 0xA0))
            return false;
    }
    return emgp_text_is_utf8(text, strlen(text));
}

static void random_bytes_in_any_room(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int i = 0; i < 300000; i++) {
        unsigned char in[24];
        for (size_t b = 0; b < sizeof in; b++) {
            seed = seed * 1664525u + 1013904223u;
            unsigned char byte = (unsigned char)(seed >> 24);
            in[b] = i % 3 == 0 ? byte : i % 3 == 1 ? (unsigned char)(byte | 0x80) : (unsigned char)(0xC2 + (byte & 63));
        }
        size_t n = seed >> 8 & 15, room = 5 + (seed >> 12 & 63);
        char *out = malloc(room); /* exactly this large, so that a sanitizer sees every step beyond */
        emgp_text_printable(out, room, in, n);
        assert_true(strlen(out) < room);
        assert_true(is_printable(out));
        free(out);
    }
}

static void a_cut_falls_between_characters(void **state)
{
    (void)state;
    char out[5];
    assert_false(emgp_text_printable_string(out, sizeof out, "ab\xC3\xA9\xC3\xA9"));
    assert_string_equal(out, "ab\xC3\xA9");
    assert_false(emgp_text_printable_string(out, sizeof out, "abc\x01"));
    assert_string_equal(out, "abc");
    emgp_text_copy(out, sizeof out, "abc\xC3\xA9");
    assert_string_equal(out, "abc");
    emgp_text_copy(out, sizeof out, "abcd");
    assert_string_equal(out, "abcd");
}

static void trims_spaces_and_nuls(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n, from, to;
    } cases[] = {
        { "  a b \0\0", 8, 2, 5 }, { "    ", 4, 4, 4 }, { "", 0, 0, 0 }, { "\0x", 2, 1, 2 }, { "x", 1, 0, 1 }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t from = 0, to = cases[i].n;
        emgp_text_trim(cases[i].bytes, &from, &to);
        assert_int_equal(from, cases[i].from);
        assert_int_equal(to, cases[i].to);
    }
}

static void globs(void **state)
{
    (void)state;
    static const struct {
        const char *glob, *text;
        bool match;
    } cases[] = {
        { "*", "", true },
        { "", "", true },
        { "", "a", false },
        { "?", "", false },
        { "?", "a", true },
        { "emg*", "EMG TA", true },
        { "*ta", "EMG TA", true },
        { "*G?T*", "emg ta", true },
        { "a*b*c", "aXbYbZc", true },
        { "a*b*c", "aXbYbZd", false },
        { "**a**", "bab", true },
        { "a?", "a", false },
        { "a", "aa", false },
        { "[a]", "a", false },
        { "[a]", "[a]", true },
        { "*.edf", "x.edf.edf", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (emgp_text_glob(cases[i].glob, cases[i].text) != cases[i].match)
            fail_msg("'%s' against '%s'", cases[i].glob, cases[i].text);
}

/* A glob made to explode takes no longer than its product of lengths. */
static void globs_do_not_explode(void **state)
{
    (void)state;
    static char glob[2001], text[20001];
    for (size_t i = 0; i < 2000; i += 2) {
        glob[i] = '*';
        glob[i + 1] = 'a';
    }
    memset(text, 'a', 20000);
    glob[1999] = 'b';
    assert_false(emgp_text_glob(glob, text));
    glob[1999] = 'a';
    assert_true(emgp_text_glob(glob, text));
}

static void same_but_for_case(void **state)
{
    (void)state;
    assert_true(emgp_text_same("EMG ta", "emg TA"));
    assert_false(emgp_text_same("a", "ab"));
    assert_false(emgp_text_same("@", "`")); /* one bit apart, but no letters */
    assert_false(emgp_text_same("\xC3\x84", "\xC3\xA4"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts),
        cmocka_unit_test(random_bytes_in_any_room),
        cmocka_unit_test(a_cut_falls_between_characters),
        cmocka_unit_test(trims_spaces_and_nuls),
        cmocka_unit_test(globs),
        cmocka_unit_test(globs_do_not_explode),
        cmocka_unit_test(same_but_for_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
