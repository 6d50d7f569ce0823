/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of records give back what went in, from memory or from the file, and leave nothing behind. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include "base/base.h"
#include "support/folder.h"

typedef struct record {
    uint64_t stream, number, check;
} record;

static record record_of(uint64_t stream, uint64_t number)
{
    return (record){ stream, number, (stream << 32 ^ number) * UINT64_C(0x9E3779B97F4A7C15) };
}

static char directory[] = "/tmp/test-spill-XXXXXX";

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory); /* fails when something is left in it */
}

/* Pushes to all streams by turns, reads all back, and once more from the start. */
static void round_trip(size_t n_streams, uint64_t n_records, size_t budget)
{
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, n_streams, sizeof(record), budget, directory, NULL), EMG_OK);
    for (uint64_t i = 0; i < n_records; i++)
        for (size_t s = 0; s < n_streams; s++) {
            record r = record_of(s, i);
            if (s % 3 != 2)
                assert_int_equal(emgp_spill_push(spill, s, &r, NULL), EMG_OK);
        }
    assert_int_equal(folder_entries(directory), 0); /* the file has no name */
    for (int round = 0; round < 2; round++)
        for (size_t s = 0; s < n_streams; s++) {
            uint64_t n = s % 3 != 2 ? n_records : 0;
            emgp_spill_cursor cursor;
            emgp_spill_start(&cursor, spill, s);
            const void *found;
            for (uint64_t i = 0; i < n; i++) {
                record expected = record_of(s, i);
                assert_int_equal(emgp_spill_next(&cursor, &found, NULL), EMG_OK);
                assert_non_null(found);
                assert_memory_equal(found, &expected, sizeof expected);
            }
            assert_int_equal(emgp_spill_next(&cursor, &found, NULL), EMG_OK);
            assert_null(found);
            emgp_spill_stop(&cursor);
        }
    emgp_spill_free(spill);
}

static void in_memory(void **state)
{
    (void)state;
    round_trip(3, 5000, (size_t)1 << 30);
    round_trip(1, 0, 0);
}

static void in_the_file(void **state)
{
    (void)state;
    round_trip(3, 20000, 0);
    round_trip(700, 300, 0);
}

static void partly_in_the_file(void **state)
{
    (void)state;
    round_trip(5, 20000, 100000);
}

static void memory_stays_within_the_budget(void **state)
{
    (void)state;
    if (EMG_SANITIZED)
        skip(); /* sanitizers keep freed memory back */
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, 16, sizeof(record), 1 << 20, directory, NULL), EMG_OK);
    for (uint64_t i = 0; i < 4000000; i++) {
        record r = record_of(i % 16, i);
        assert_int_equal(emgp_spill_push(spill, i % 16, &r, NULL), EMG_OK);
    }
    getrusage(RUSAGE_SELF, &after);
    emgp_spill_free(spill);
    assert_true(after.ru_maxrss - before.ru_maxrss < 8 * 1024); /* KiB; the records are 96 MB */
}

static void reading_and_pushing_alternate(void **state)
{
    (void)state;
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, 2, sizeof(record), 0, directory, NULL), EMG_OK);
    emgp_spill_cursor cursor;
    emgp_spill_start(&cursor, spill, 0);
    for (uint64_t i = 0; i < 10000; i++) {
        record r = record_of(0, i), other = record_of(1, i);
        const void *found;
        assert_int_equal(emgp_spill_push(spill, 0, &r, NULL), EMG_OK);
        assert_int_equal(emgp_spill_push(spill, 1, &other, NULL), EMG_OK);
        assert_int_equal(emgp_spill_next(&cursor, &found, NULL), EMG_OK);
        assert_non_null(found);
        assert_memory_equal(found, &r, sizeof r);
        assert_int_equal(emgp_spill_next(&cursor, &found, NULL), EMG_OK);
        assert_null(found);
    }
    emgp_spill_stop(&cursor);
    emgp_spill_free(spill);
}

static void records_larger_than_a_chunk(void **state)
{
    (void)state;
    static char big[40000];
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, 1, sizeof big, 0, directory, NULL), EMG_OK);
    for (int i = 0; i < 20; i++) {
        memset(big, i, sizeof big);
        assert_int_equal(emgp_spill_push(spill, 0, big, NULL), EMG_OK);
    }
    emgp_spill_cursor cursor;
    emgp_spill_start(&cursor, spill, 0);
    for (int i = 0; i < 20; i++) {
        const void *found;
        assert_int_equal(emgp_spill_next(&cursor, &found, NULL), EMG_OK);
        memset(big, i, sizeof big);
        assert_memory_equal(found, big, sizeof big);
    }
    emgp_spill_stop(&cursor);
    emgp_spill_free(spill);
}

static emg_status fill(emgp_spill *spill, uint64_t n, emg_error *err)
{
    for (uint64_t i = 0; i < n; i++) {
        record r = record_of(0, i);
        emg_status status = emgp_spill_push(spill, 0, &r, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

/* The first record at or after a time, in memory and in the file, and of equal ones the first; merged streams likewise. */
static void seeking_a_time(void **state)
{
    (void)state;
    typedef struct timed {
        double at;
        uint64_t number;
    } timed;
    enum { N = 5000 };
    emgp_spill *spill = NULL;
    emgp_spill_cursor cursor;
    emgp_merge *merge = NULL;
    const void *next = NULL;
    size_t stream;
    assert_int_equal(emgp_spill_new(&spill, 2, sizeof(timed), 1 << 15, NULL, NULL), EMG_OK);
    for (uint64_t i = 0; i < N; i++) {
        const timed even = { (double)(i / 2), i }, odd = { (double)(i / 2) + 0.5, i };
        assert_int_equal(emgp_spill_push(spill, 0, &even, NULL), EMG_OK);
        assert_int_equal(emgp_spill_push(spill, 1, &odd, NULL), EMG_OK);
    }
    emgp_spill_start(&cursor, spill, 0);
    for (int i = N / 2 + 3; i > -3; i -= 7) {
        timed found;
        assert_int_equal(emgp_spill_seek(&cursor, i, NULL), EMG_OK);
        assert_int_equal(emgp_spill_next(&cursor, &next, NULL), EMG_OK);
        if (i >= N / 2) {
            assert_null(next);
            continue;
        }
        memcpy(&found, next, sizeof found);
        assert_int_equal(found.number, i > 0 ? 2 * i : 0);
    }
    emgp_spill_stop(&cursor);
    assert_int_equal(emgp_merge_new(&merge, spill, 0, 2, NULL), EMG_OK);
    for (int round_ = 0; round_ < 2; round_++) {
        assert_int_equal(emgp_merge_seek(merge, 1000.25, NULL), EMG_OK);
        assert_int_equal(emgp_merge_next(merge, &stream, &next, NULL), EMG_OK);
        assert_true(next && stream == 1);
    }
    emgp_merge_free(merge);
    emgp_spill_free(spill);
}

static void assert_record(emgp_spill_cursor *cursor, record expected)
{
    record found;
    bool there = false;
    assert_int_equal(emgp_spill_copy(cursor, &found, sizeof found, &there, NULL), EMG_OK);
    assert_true(there);
    assert_memory_equal(&found, &expected, sizeof found);
}

/* Behind what a stream holds already; the stream that was read is as it was, and so is another one. */
static void all_of_a_stream_appended(void **state)
{
    (void)state;
    enum { N = 5000 };
    emgp_spill *from = NULL, *to = NULL;
    emgp_spill_cursor cursor;
    const record first = record_of(7, 7);
    assert_int_equal(emgp_spill_new(&from, 2, sizeof(record), 1 << 12, directory, NULL), EMG_OK);
    assert_int_equal(emgp_spill_new(&to, 3, sizeof(record), 1 << 12, directory, NULL), EMG_OK);
    for (uint64_t i = 0; i < N; i++) {
        const record r = record_of(1, i);
        assert_int_equal(emgp_spill_push(from, 1, &r, NULL), EMG_OK);
    }
    assert_int_equal(emgp_spill_push(to, 2, &first, NULL), EMG_OK);
    assert_int_equal(emgp_spill_append(to, 2, from, 1, NULL), EMG_OK);
    assert_int_equal(emgp_spill_append(to, 0, from, 0, NULL), EMG_OK); /* nothing */
    emgp_spill_start(&cursor, to, 2);
    assert_record(&cursor, first);
    for (uint64_t i = 0; i < N; i++)
        assert_record(&cursor, record_of(1, i));
    emgp_spill_stop(&cursor);
    for (size_t stream = 0; stream < 3; stream++) {
        record r = first;
        bool there = true;
        emgp_spill_start(&cursor, to, stream);
        for (size_t i = 0; stream == 2 && i < N + 1; i++)
            assert_int_equal(emgp_spill_copy(&cursor, &r, sizeof r, &there, NULL), EMG_OK);
        const record last = r;
        assert_int_equal(emgp_spill_copy(&cursor, &r, sizeof r, &there, NULL), EMG_OK);
        assert_false(there);
        assert_memory_equal(&r, &last, sizeof r); /* it stays */
        emgp_spill_stop(&cursor);
    }
    emgp_spill_free(from);
    emgp_spill_free(to);
}

static void a_folder_that_is_not_there(void **state)
{
    (void)state;
    emgp_spill *spill = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emgp_spill_new(&spill, 1, sizeof(record), 0, "/dev/null/nowhere", &err), EMG_OK);
    assert_int_equal(fill(spill, 100000, &err), EMG_EIO);
    assert_non_null(strstr(err.text, "/dev/null/nowhere"));
    assert_non_null(strstr(err.text, "TMPDIR"));
    emgp_spill_free(spill);
}

static void a_full_disk(void **state)
{
    (void)state;
    emgp_spill *spill = NULL;
    emg_error err = EMG_ERROR_NONE;
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(emgp_spill_new(&spill, 1, sizeof(record), 0, directory, &err), EMG_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    emg_status status = fill(spill, 100000, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, EMG_EIO);
    assert_non_null(strstr(err.text, "cannot write a temporary file"));
    emgp_spill_free(spill);
}

static void memory_faults(void **state)
{
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        emgp_spill *spill = NULL;
        const void *found = NULL;
        emgp_fault_arm(n, false);
        emg_status status = emgp_spill_new(&spill, 2, sizeof(record), 0, directory, NULL);
        if (status == EMG_OK)
            status = fill(spill, 3000, NULL);
        if (status == EMG_OK) {
            emgp_spill_cursor cursor;
            emgp_spill_start(&cursor, spill, 0);
            status = emgp_spill_next(&cursor, &found, NULL);
            emgp_spill_stop(&cursor);
        }
        done = emgp_fault_count() < n;
        emgp_fault_arm(0, false);
        assert_int_equal(status, done ? EMG_OK : EMG_ENOMEM);
        emgp_spill_free(spill);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_memory),
        cmocka_unit_test(in_the_file),
        cmocka_unit_test(partly_in_the_file),
        cmocka_unit_test(reading_and_pushing_alternate),
        cmocka_unit_test(memory_stays_within_the_budget),
        cmocka_unit_test(records_larger_than_a_chunk),
        cmocka_unit_test(seeking_a_time),
        cmocka_unit_test(all_of_a_stream_appended),
        cmocka_unit_test(a_folder_that_is_not_there),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(memory_faults),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
