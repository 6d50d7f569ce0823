/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotation lists: clocks and annotations out of sound, odd and hostile bytes, however they are cut. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reading/edf/edf.h"

/* Annotations as one text: "onset/duration/text|". */
typedef struct record {
    char text[4096];
    size_t n, count, stop_after;
} record;

static bool take(void *context, const emg_annotation *a)
{
    record *l = context;
    l->n += (size_t)snprintf(l->text + l->n, sizeof l->text - l->n, "%g/%g/%s|", a->onset_s, a->duration_s, a->text);
    l->count++;
    return l->count != l->stop_after;
}

#define RUN(l, tals, literal) run(&(l), &(tals), literal, sizeof(literal) - 1, 0)

/* Pushes bytes in pieces of `piece` (0: all at once). */
static void run(record *l, emgp_tals *tals, const char *bytes, size_t n, size_t piece)
{
    memset(l, 0, sizeof *l);
    emgp_tals_init(tals, take, l, 0.0);
    for (size_t at = 0; at < n; at += piece ? piece : n)
        emgp_tals_push(tals, (const unsigned char *)bytes + at, piece && n - at > piece ? piece : n - at, (int64_t)at);
    emgp_tals_end(tals, (int64_t)n);
}

static void lists_become_annotations(void **state)
{
    (void)state;
    static const char bytes[] = "+0\x14\x14\0+1.5\x15"
                                "0.25\x14one\x14two\x14\0\0\0-0.065\x14"
                                "before\x14\0+2\x14\x14"
                                "with the clock\x14";
    static const char due[] = "1.5/0.25/one|1.5/0.25/two|-0.065/nan/before|2/nan/with the clock|";
    record l;
    emgp_tals tals;
    for (size_t piece = 0; piece < 20; piece++) {
        run(&l, &tals, bytes, sizeof bytes, piece);
        assert_string_equal(l.text, due);
        for (int i = 0; i < EMGP_TAL_FAULTS; i++)
            assert_int_equal(tals.faults[i], 0);
    }
}

static void the_origin_is_taken_off(void **state)
{
    (void)state;
    record l = { .n = 0 };
    emgp_tals tals;
    emgp_tals_init(&tals, take, &l, 0.25);
    emgp_tals_push(&tals, (const unsigned char *)"+1.25\x14x\x14", 8, 0);
    emgp_tals_end(&tals, 8);
    assert_string_equal(l.text, "1/nan/x|");
}

static void a_missing_nul_after_the_clock_is_bridged(void **state)
{
    (void)state;
    record l;
    emgp_tals tals;
    RUN(l, tals,
        "+1.000000\x14\x14+1.140000\x14"
        "A1+A2 OFF\x14\0");
    assert_string_equal(l.text, "1.14/nan/A1+A2 OFF|");
    assert_int_equal(tals.faults[EMGP_TAL_BRIDGED], 1);
    /* A text that is a number stays a text where no clock stands before it, or nothing follows. */
    RUN(l, tals, "+0\x14+0.000000\x14\0");
    assert_string_equal(l.text, "0/nan/+0.000000|");
    RUN(l, tals, "+0\x14\x14+3\x14\0");
    assert_string_equal(l.text, "0/nan/+3|");
    assert_int_equal(tals.faults[EMGP_TAL_BRIDGED], 0);
}

static void faults_are_counted_and_placed(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        emgp_tal_fault fault;
        const char *due;
    } cases[] = {
#define CASE(literal, fault, due) { literal, sizeof(literal) - 1, fault, due }
        CASE("+nan\x14x\x14\0", EMGP_TAL_ONSET, ""),
        CASE("+1e3\x14x\x14\0", EMGP_TAL_ONSET, ""),
        CASE("+99999999999999999999999\x14x\x14\0", EMGP_TAL_ONSET, ""),
        CASE("+1\x15-1\x14x\x14\0", EMGP_TAL_ONSET, ""),
        CASE("+1\x15x\x14x\x14\0", EMGP_TAL_ONSET, ""),
        CASE("\x14x\x14\0", EMGP_TAL_ONSET, ""),
        CASE("+11111111111111111111111111111111111111111111111111\x14x\x14\0", EMGP_TAL_ONSET, ""),
        CASE("1\x14x\x14\0", EMGP_TAL_ONSET_FORM, "1/nan/x|"),
        CASE("+0,5\x14x\x14\0", EMGP_TAL_ONSET_FORM, "0.5/nan/x|"),
        CASE("+1", EMGP_TAL_UNTERMINATED, ""),
        CASE("+1\0", EMGP_TAL_UNTERMINATED, ""),
        CASE("+1\x14"
             "cut",
             EMGP_TAL_UNTERMINATED, ""),
        CASE("+1\x14"
             "whole\x14"
             "cut\0",
             EMGP_TAL_UNTERMINATED, "1/nan/whole|"),
        CASE("+1\x14\xFF\xFE\x14\0", EMGP_TAL_TEXT, "1/nan/\xC3\xBF\xC3\xBE|"),
        CASE("+1\x14\x1b[2J\x14\0", EMGP_TAL_TEXT, "1/nan/\\x1b[2J|"),
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t piece = 0; piece < 3; piece++) {
            record l;
            emgp_tals tals;
            run(&l, &tals, cases[i].bytes, cases[i].n, piece);
            assert_string_equal(l.text, cases[i].due);
            for (int k = 0; k < EMGP_TAL_FAULTS; k++)
                assert_int_equal(tals.faults[k], k == (int)cases[i].fault);
            assert_in_range(tals.first_fault[cases[i].fault], 0, cases[i].n);
        }
    }
}

static void a_long_text_is_cut_at_a_character(void **state)
{
    (void)state;
    char bytes[2048] = "+1\x14";
    size_t n = 3;
    for (int i = 0; i < 500; i++) /* U+4EF0: three bytes, so that the cut falls inside one */
        n += (size_t)snprintf(bytes + n, sizeof bytes - n, "\xE4\xBB\xB0");
    bytes[n++] = 0x14;
    record l;
    emgp_tals tals;
    run(&l, &tals, bytes, n, 7);
    assert_int_equal(l.count, 1);
    assert_int_equal(tals.faults[EMGP_TAL_TEXT], 0);
    size_t length = strlen(l.text);
    assert_true(length > 6 + 3 * 80 && l.text[length - 1] == '|');
    assert_memory_equal(l.text + length - 4, "\xE4\xBB\xB0", 3);
}

static void taking_can_stop(void **state)
{
    (void)state;
    record l = { .stop_after = 2 };
    emgp_tals tals;
    emgp_tals_init(&tals, take, &l, 0.0);
    emgp_tals_push(&tals,
                   (const unsigned char *)"+1\x14"
                                          "a\x14"
                                          "b\x14"
                                          "c\x14\0",
                   10, 0);
    emgp_tals_end(&tals, 10);
    assert_true(tals.stopped);
    assert_int_equal(l.count, 2);
}

static void clocks_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        emgp_clock_state state;
        double start_s;
        int decimals;
    } cases[] = {
#define CASE(literal, state, start, decimals) { literal, sizeof(literal) - 1, state, start, decimals }
        CASE("+0\x14\x14\0", EMGP_CLOCK_SOUND, 0, 0),
        CASE("+61.500\x14\x14", EMGP_CLOCK_SOUND, 61.5, 3),
        CASE("-1\x14\x14\0", EMGP_CLOCK_SOUND, -1, 0),
        CASE("7\x14\x14\0", EMGP_CLOCK_ODD, 7, 0),
        CASE("+0,25\x14\x14\0", EMGP_CLOCK_ODD, 0.25, 0),
        CASE("+5\x15"
             "1\x14\x14\0",
             EMGP_CLOCK_ODD, 5, 0),
        CASE("+0.5\x14move\x14\0+3\x14\x14\0", EMGP_CLOCK_ODD, 3, 0),
        CASE("\0\0+3\x14\x14\0", EMGP_CLOCK_ODD, 3, 0),
        CASE("+0\x14SomeText\x14\0", EMGP_CLOCK_NONE, 0, 0),
        CASE("+nan\x14\x14\0", EMGP_CLOCK_NONE, 0, 0),
        CASE("+0", EMGP_CLOCK_NONE, 0, 0),
        CASE("+0\x14", EMGP_CLOCK_NONE, 0, 0),
        CASE("", EMGP_CLOCK_NONE, 0, 0),
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emgp_clock clock = { 0, 0 };
        assert_int_equal(emgp_clock_read((const unsigned char *)cases[i].bytes, cases[i].n, &clock), cases[i].state);
        if (cases[i].state == EMGP_CLOCK_NONE)
            continue;
        assert_true(fabs(clock.start_s - cases[i].start_s) < 1e-12);
        if (cases[i].state == EMGP_CLOCK_SOUND)
            assert_int_equal(clock.decimals, cases[i].decimals);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_become_annotations),
        cmocka_unit_test(the_origin_is_taken_off),
        cmocka_unit_test(a_missing_nul_after_the_clock_is_bridged),
        cmocka_unit_test(faults_are_counted_and_placed),
        cmocka_unit_test(a_long_text_is_cut_at_a_character),
        cmocka_unit_test(taking_can_stop),
        cmocka_unit_test(clocks_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
