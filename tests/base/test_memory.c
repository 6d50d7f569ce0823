/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allocation that sees overflow, keeps arrays whole on failure, and can be made to fail. */
#include "support/test.h"

#include <string.h>

#include "base/base.h"

static void overflow_is_refused(void **state)
{
    (void)state;
    size_t product = 7;
    assert_false(emgp_multiply(SIZE_MAX, 2, &product));
    assert_true(emgp_multiply(1u << 16, 1u << 8, &product) && product == 1u << 24);
    assert_null(emgp_alloc(SIZE_MAX, 2));
    assert_null(emgp_alloc(SIZE_MAX - 32, 1));
    assert_null(emgp_resize(NULL, 0, SIZE_MAX / 2, 4));
    assert_null(emgp_copy_text("", SIZE_MAX));
}

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    for (size_t n = 0; n < 200; n++) {
        unsigned char *p = emgp_alloc(n, 3);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 64, 0);
        for (size_t i = 0; i < 3 * n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xA5, 3 * n);
        emgp_free(p);
    }
}

static void arrays_grow_and_keep_what_they_hold(void **state)
{
    (void)state;
    void *array = NULL;
    size_t room = 0;
    for (size_t used = 0; used < 10000; used++) {
        assert_true(emgp_reserve(&array, &room, used, used + 1, sizeof(size_t)));
        ((size_t *)array)[used] = used * 3;
    }
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(((size_t *)array)[i], i * 3);
    void *before = array;
    size_t room_before = room;
    emgp_fault_arm(1, false);
    assert_false(emgp_reserve(&array, &room, 10000, room + 1, sizeof(size_t)));
    assert_false(emgp_reserve(&array, &room, 10000, SIZE_MAX, sizeof(size_t)));
    emgp_fault_arm(0, false);
    assert_ptr_equal(array, before);
    assert_int_equal(room, room_before);
    size_t *smaller = emgp_resize(array, 10000, 10, sizeof(size_t));
    assert_int_equal(smaller[9], 27);
    emgp_free(smaller);
    emgp_free(NULL);
}

static void copies_text(void **state)
{
    (void)state;
    char *copy = emgp_copy_text("abcdef", 3);
    assert_string_equal(copy, "abc");
    emgp_free(copy);
}

static void faults_come_when_asked_for(void **state)
{
    (void)state;
    void *p[4];
    emgp_fault_arm(2, false);
    for (size_t i = 0; i < 4; i++)
        p[i] = emgp_alloc(1, 1);
    assert_int_equal(emgp_fault_count(), 4);
    assert_true(p[0] && !p[1] && p[2] && p[3]);
    for (size_t i = 0; i < 4; i++)
        emgp_free(p[i]);
    emgp_fault_arm(2, true);
    for (size_t i = 0; i < 4; i++)
        p[i] = emgp_alloc(1, 1);
    assert_true(p[0] && !p[1] && !p[2] && !p[3]);
    emgp_free(p[0]);
    emgp_fault_arm(0, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overflow_is_refused),
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(arrays_grow_and_keep_what_they_hold),
        cmocka_unit_test(copies_text),
        cmocka_unit_test(faults_come_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
