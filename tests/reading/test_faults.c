/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every read and every allocation fails in turn: an error or the right samples, never wrong ones, never a leak. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "bytes.h"
#include "gather.h"
#include "reading/source/source.h"
#include "support/folder.h"

/* Bytes whose reading can be disturbed. */
typedef struct disturbed {
    const bytes *b;
    long reads, fail_at; /* the read that fails; 0: none */
    bool persistent;     /* and all after it */
    size_t most;         /* bytes given at once; 0: as asked */
    int64_t size_change; /* how much the size differs when asked for again */
    int64_t time_change; /* and the time of the last writing, in nanoseconds */
    int size_asked, time_asked;
    int open;
} disturbed;

static emg_status disturbed_read(void *context, uint64_t offset, void *out, size_t n, size_t *got, emg_error *err)
{
    disturbed *d = context;
    d->reads++;
    if (d->fail_at && (d->reads == d->fail_at || (d->persistent && d->reads > d->fail_at)))
        return emgp_fail(err, EMG_EIO, "the test's disk has failed");
    size_t left = offset < d->b->n ? d->b->n - (size_t)offset : 0;
    *got = n < left ? n : left;
    if (d->most && *got > d->most)
        *got = d->most;
    if (*got)
        memcpy(out, d->b->at + offset, *got);
    return EMG_OK;
}

static emg_status disturbed_size(void *context, uint64_t *out, emg_error *err)
{
    (void)err;
    disturbed *d = context;
    *out = (uint64_t)((int64_t)d->b->n + (d->size_asked++ ? d->size_change : 0));
    return EMG_OK;
}

static emg_status disturbed_written_at(void *context, int64_t *out, emg_error *err)
{
    (void)err;
    disturbed *d = context;
    *out = 1000000000 + (d->time_asked++ ? d->time_change : 0);
    return EMG_OK;
}

static void disturbed_close(void *context)
{
    ((disturbed *)context)->open--;
}

static bool count_annotation(void *context, const emg_annotation *annotation)
{
    (void)annotation;
    ++*(size_t *)context;
    return true;
}

/* What a whole reading gives. */
typedef struct outcome {
    emg_status status;
    emg_error error;
    gathered samples;
    size_t n_annotations, n_deviations;
    char hash[33];
} outcome;

static outcome finish(emg_status status, emg_recording *rec, emg_error error)
{
    outcome o = { .status = status, .error = error };
    if (status != EMG_OK) {
        assert_null(rec);
        return o;
    }
    o.status = gather(&o.samples, rec, &o.error);
    if (o.status == EMG_OK)
        o.status = emg_recording_annotations(rec, count_annotation, &o.n_annotations, &o.error);
    if (o.status == EMG_OK)
        o.status = emg_recording_hash(rec, o.hash, &o.error);
    o.n_deviations = emg_recording_n_deviations(rec);
    emg_recording_close(rec);
    return o;
}

static outcome read_disturbed(disturbed *d, const emg_reading *reading)
{
    emgp_source source = { disturbed_read, disturbed_size, disturbed_close, d, disturbed_written_at };
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    d->reads = d->size_asked = d->time_asked = 0;
    d->open = 1;
    emg_status status = emgp_recording_open_source(&rec, source, NULL, NULL, reading, &err);
    outcome o = finish(status, rec, err);
    assert_int_equal(d->open, 0);
    return o;
}

static void same(const outcome *a, const outcome *b)
{
    assert_int_equal(b->status, EMG_OK);
    assert_int_equal(a->n_annotations, b->n_annotations);
    assert_int_equal(a->n_deviations, b->n_deviations);
    assert_string_equal(a->hash, b->hash);
    assert_int_equal(a->samples.n_channels, b->samples.n_channels);
    for (size_t i = 0; i < a->samples.n_channels; i++) {
        assert_int_equal(a->samples.channel[i].n, b->samples.channel[i].n);
        if (a->samples.channel[i].n)
            assert_memory_equal(a->samples.channel[i].x, b->samples.channel[i].x,
                                a->samples.channel[i].n * sizeof(double));
    }
}

static const edf_signal signals[] = {
    { "EMG TA", "uV", "-3276.8", "3276.7", "-30000", "32767", 100 },
    { "EDF Annotations", "", "-1", "1", "-32768", "32767", 20 },
    { "EMG SOL", "", "-3276.8", "3276.7", "-32768", "32767", 33 },
};
static const char *const annotations[] = { "+0\x14\x14",
                                           "+1.14\x14"
                                           "early\x14",
                                           "+61\x14\x14"
                                           "one\x14",
                                           "+62\x14\x14"
                                           "two\x14" };
static const edf_signal large_signals[] = {
    { "EMG TA", "uV", "-3276.8", "3276.7", "-32768", "32767", 400000 },
    { "EMG SOL", "", "-3276.8", "3276.7", "-32768", "32767", 400000 },
};

enum { KINDS = 4 };

/* A file of each way of reading: gaps, a record larger than a slice, 24 bits, floats with gaps. */
static bytes make(int kind)
{
    edf_plan plans[] = { { 2, "EDF+C", "1", signals, 3, 4, annotations, NULL },
                         { 2, "", "200", large_signals, 2, 1, NULL, NULL },
                         { 3, "BDF+C", "1", signals, 3, 4, annotations, NULL } };
    if (kind < 3)
        return edf_build(&plans[kind]);
    float x[3000];
    for (size_t i = 0; i < 3000; i++)
        x[i] = i % 1000 == 500 ? NAN : (float)edf_digital(2, 0, i);
    return wave_build(3, 1, 2000, 32, x, sizeof x);
}

static void release(outcome *o)
{
    gathered_free(&o->samples);
}

static void short_reads_are_completed(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        bytes b = make(kind);
        disturbed d = { .b = &b };
        outcome whole = read_disturbed(&d, NULL);
        assert_int_equal(whole.status, EMG_OK);
        static const size_t most[] = { 1, 7, 4096 };
        for (size_t i = b.n > 100000 ? 2 : 0; i < 3; i++) {
            d.most = most[i];
            outcome cut = read_disturbed(&d, NULL);
            same(&whole, &cut);
            release(&cut);
        }
        release(&whole);
        bytes_free(&b);
    }
}

static void a_failed_read_is_an_error_and_never_a_number(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        bytes b = make(kind);
        disturbed d = { .b = &b };
        outcome whole = read_disturbed(&d, NULL);
        long n_reads = d.reads;
        assert_true(n_reads > 2);
        for (int persistent = 0; persistent < 2; persistent++) {
            d.persistent = persistent;
            for (d.fail_at = 1; d.fail_at <= n_reads; d.fail_at++) {
                outcome o = read_disturbed(&d, NULL);
                assert_int_equal(o.status, EMG_EIO);
                assert_non_null(strstr(o.error.text, "the test's disk has failed"));
                for (size_t i = 0; i < o.samples.n_channels; i++) /* what came before the failure is right */
                    if (o.samples.channel[i].n)
                        assert_memory_equal(o.samples.channel[i].x, whole.samples.channel[i].x,
                                            o.samples.channel[i].n * sizeof(double));
                release(&o);
            }
        }
        d.fail_at = n_reads + 1;
        outcome o = read_disturbed(&d, NULL);
        same(&whole, &o);
        release(&o);
        release(&whole);
        bytes_free(&b);
    }
}

static void a_file_that_changes_while_it_is_read_is_told_of(void **state)
{
    (void)state;
    bytes b = make(0);
    emg_reading strict = emg_reading_defaults();
    disturbed d = { .b = &b };
    outcome whole = read_disturbed(&d, NULL);
    for (int64_t change = -1; change <= 1; change += 2) {
        d.size_change = change;
        outcome o = read_disturbed(&d, NULL);
        assert_int_equal(o.status, EMG_OK);
        assert_int_equal(o.n_deviations, whole.n_deviations + 1);
        release(&o);
    }
    disturbed written = { .b = &b, .time_change = 1 };
    outcome rewritten = read_disturbed(&written, NULL);
    assert_int_equal(rewritten.status, EMG_OK);
    assert_int_equal(rewritten.n_deviations, whole.n_deviations + 1);
    release(&rewritten);
    bytes sound = wave_build(1, 1, 2000, 16, "01234567", 8);
    disturbed s = { .b = &sound, .size_change = 8 };
    strict.strict = true;
    outcome o = read_disturbed(&s, &strict);
    assert_int_equal(o.status, EMG_EFORMAT);
    assert_non_null(strstr(o.error.text, "W_FILE_GROWN"));
    release(&o);
    release(&whole);
    bytes_free(&sound);
    bytes_free(&b);
}

/* A file cut after its size was taken: the reads behind the cut end early. */
static void a_file_cut_while_it_is_read_is_an_error(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        bytes b = make(kind), cut = b;
        disturbed d = { .b = &cut };
        emgp_source source = { disturbed_read, disturbed_size, disturbed_close, &d, NULL };
        emg_recording *rec = NULL;
        emg_error err = EMG_ERROR_NONE;
        d.open = 1;
        emg_status status = emgp_recording_open_source(&rec, source, NULL, NULL, NULL, &err);
        assert_int_equal(status, EMG_OK);
        cut.n -= 2;
        outcome o = finish(status, rec, err);
        assert_int_equal(o.status, EMG_EIO);
        assert_non_null(strstr(o.error.text, "when opened"));
        assert_int_equal(o.error.offset, cut.n);
        release(&o);
        bytes_free(&b);
    }
}

static outcome open_and_read(const char *path, const emg_reading *reading)
{
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    emg_status status = emg_recording_open(&rec, path, reading, &err);
    return finish(status, rec, err);
}

/* The k-th allocation fails, alone or with all after it, until a run meets no failure. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    char path[512], table[512], text[512], map[512];
    for (int kind = 0; kind < KINDS; kind++) {
        bytes b = make(kind);
        snprintf(path, sizeof path, "%s/sub-1_task-faults%d_emg.edf", EMG_BUILD_DIR, kind);
        snprintf(table, sizeof table, "%s/sub-1_task-faults%d_channels.tsv", EMG_BUILD_DIR, kind);
        snprintf(text, sizeof text, "%s/sub-1_task-faults%d_emg.json", EMG_BUILD_DIR, kind);
        snprintf(map, sizeof map, "%s/faults_map.tsv", EMG_BUILD_DIR);
        file_put(path, b.at, b.n);
        file_put_text(table, "name\ttarget_muscle\nEMG TA\tTA\nlost\tx\n");
        file_put_text(text, "{\"PowerLineFrequency\": 50}");
        file_put_text(map, "EMG SOL\tSoleus\n");
        emg_reading reading = emg_reading_defaults();
        reading.muscles_path = map;
        outcome whole = open_and_read(path, &reading);
        assert_int_equal(whole.status, EMG_OK);
        for (int persistent = 0; persistent < 2; persistent++) {
            bool failed = true;
            for (long k = 1; failed; k++) {
                assert_true(k < 1000);
                emgp_fault_arm(k, persistent);
                outcome o = open_and_read(path, &reading);
                failed = emgp_fault_count() >= k;
                emgp_fault_arm(0, false);
                if (failed) {
                    assert_int_equal(o.status, EMG_ENOMEM);
                    assert_string_equal(o.error.text, "out of memory");
                } else {
                    same(&whole, &o);
                    assert_true(k > 8);
                }
                release(&o);
            }
        }
        release(&whole);
        bytes_free(&b);
        unlink(path);
        unlink(table);
        unlink(text);
        unlink(map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_reads_are_completed),
        cmocka_unit_test(a_failed_read_is_an_error_and_never_a_number),
        cmocka_unit_test(a_file_that_changes_while_it_is_read_is_told_of),
        cmocka_unit_test(a_file_cut_while_it_is_read_is_an_error),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
