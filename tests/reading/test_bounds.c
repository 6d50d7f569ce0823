/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that follows neither the file's length nor its record size: 16 MiB and 8 KiB per signal. */
#include "support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <emg/recording.h>

#include "bytes.h"

/* A sparse file: a header, then zeros up to the stated size. */
static void write_sparse(const char *path, const edf_plan *plan, long long n_records, long long record_bytes)
{
    edf_plan empty = *plan;
    empty.n_records = 0;
    bytes b = edf_build(&empty);
    char count[16];
    snprintf(count, sizeof count, "%lld", n_records);
    bytes_patch(&b, 236, count, 8);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(file >= 0);
    assert_int_equal(write(file, b.at, b.n), (ssize_t)b.n);
    assert_int_equal(ftruncate(file, (off_t)((long long)b.n + n_records * record_bytes)), 0);
    assert_int_equal(close(file), 0);
    bytes_free(&b);
}

/* Reads a file to its end; the samples of its channels. */
static unsigned long long read_file(const char *path)
{
    emg_recording *rec;
    emg_block block;
    emg_reading reading = emg_reading_defaults();
    unsigned long long n = 0;
    reading.all_channels = true;
    if (emg_recording_open(&rec, path, &reading, NULL) != EMG_OK)
        return 0;
    while (emg_recording_next(rec, &block, NULL) == EMG_OK && block.n_frames > 0)
        n += block.n_frames * block.n_channels;
    emg_recording_close(rec);
    return n;
}

/* Peak memory in KiB of a child that reads `path` (NULL: that does nothing); 0 when it read other than n_samples. */
static long peak_kib(const char *path, unsigned long long n_samples)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rusage usage = { .ru_maxrss = 0 };
        bool right = !path || read_file(path) == n_samples;
        if (right)
            getrusage(RUSAGE_SELF, &usage);
        _exit(write(ends[1], &usage.ru_maxrss, sizeof usage.ru_maxrss) < 0);
    }
    long peak = 0;
    assert_int_equal(read(ends[0], &peak, sizeof peak), sizeof peak);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);
    assert_true(peak > 0);
    return peak;
}

static void check(const char *name, int n_signals, int n, long long n_records)
{
    if (EMG_SANITIZED)
        skip(); /* sanitizers have a memory of their own */
    char path[512];
    snprintf(path, sizeof path, "%s/%s", EMG_BUILD_DIR, name);
    edf_signal *signals = calloc((size_t)n_signals, sizeof *signals);
    assert_non_null(signals);
    for (int i = 0; i < n_signals; i++)
        signals[i] = (edf_signal){ "EMG TA", "uV", "-1", "1", "-32768", "32767", n };
    edf_plan plan = { 2, "", "100", signals, n_signals, 0, NULL, NULL };
    write_sparse(path, &plan, n_records, 2LL * n * n_signals);
    long idle = peak_kib(NULL, 0);
    long used = peak_kib(path, (unsigned long long)n * (unsigned long long)n_signals * (unsigned long long)n_records);
    print_message("%s: %ld KiB above an idle process\n", name, used - idle);
    assert_true(used - idle < 16 * 1024 + 8L * n_signals);
    unlink(path);
    free(signals);
}

static void one_record_may_be_the_file(void **state)
{
    (void)state;
    check("bounds_one_record.edf", 16, 16000000, 1);
}

static void many_records(void **state)
{
    (void)state;
    check("bounds_many_records.edf", 16, 2000, 8000);
}

static void many_signals(void **state)
{
    (void)state;
    check("bounds_many_signals.edf", 9999, 100, 100);
    check("bounds_many_large_signals.edf", 9999, 10000, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_record_may_be_the_file),
        cmocka_unit_test(many_records),
        cmocka_unit_test(many_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
