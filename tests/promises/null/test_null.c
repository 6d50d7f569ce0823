/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every public function with one pointer after the other NULL: refused with a sentence, or taken where its comment says
 * that it may be NULL. The cases are made from the headers by cases.awk. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "promises/null/given.h"
#include "support/test.h"

/* A function with a parameter, counted from 1, that is NULL (0: none is, and the call succeeds). */
typedef struct null_case {
    const char *function, *parameter;
    unsigned position, err; /* err: the position of its `emg_error *err`, 0 when it has none */
    bool allowed;
    void (*call)(unsigned null); /* bit i: parameter i is NULL */
} null_case;

static const null_case *now; /* what is tested */
static bool heard;           /* err is given */

static void answer_status(emg_status answer)
{
    if (now->allowed && answer != EMG_OK)
        print_error("%s\n", given.err.text);
    assert_int_equal(answer, now->allowed ? EMG_OK : EMG_EARG);
    if (!now->allowed && heard) {
        assert_int_equal(given.err.status, EMG_EARG);
        assert_true(strlen(given.err.text) > 8);
    }
}

static void answer_bool(bool answer)
{
    if (!now->allowed)
        assert_false(answer);
}

static void answer_number(double answer)
{
    if (!now->allowed)
        assert_true(isnan(answer));
}

static void answer_count(uint64_t answer)
{
    if (!now->allowed)
        assert_int_equal(answer, 0);
}

static void answer_pointer(const void *answer)
{
    if (!now->allowed)
        assert_null(answer);
    else
        assert_non_null(answer);
}

#include "null_cases.inc"

/* The case itself, and again with nobody to hear the sentence. */
static void null_is_answered(void **state)
{
    now = *state;
    heard = now->position != now->err;
    now->call(1U << now->position);
    if (heard && now->err) {
        given_free(NULL);
        heard = false;
        now->call(1U << now->position | 1U << now->err);
    }
}

int main(void)
{
    enum { N = sizeof cases / sizeof *cases };
    static struct CMUnitTest tests[N];
    static char names[N][96];
    for (size_t i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "%s(%s)", cases[i].function, cases[i].parameter);
        tests[i] = (struct CMUnitTest){ names[i], null_is_answered, NULL, given_free, (void *)&cases[i] };
    }
    return cmocka_run_group_tests(tests, given_begin, given_end);
}
