/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wave writer: what is read back, the same bytes each run, clipping that is counted, whole files or none. */
#include "support/test.h"

#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/base.h"
#include "reading/gather.h"
#include "reading/wav/wav.h"
#include "support/folder.h"

enum { FRAMES = 40000, MOST_CHANNELS = 5 };
static char path[64];

static int make_folder(void **state)
{
    if (folder_make(state))
        return -1;
    snprintf(path, sizeof path, "%s/out.wav", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static unsigned char *read_bytes(size_t *n)
{
    unsigned char *p = malloc(1 << 20);
    FILE *f = fopen(path, "rb");
    assert_true(f && p);
    *n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return p;
}

/* Microvolts that are whole steps of 16 bits at a full scale of 4096 uV, so in every sample format. */
static double true_value(size_t i, size_t channel)
{
    long v = (long)((i * 7919 + channel * 104729) % 65536) - 32768;
    return (double)v * 4096 / 32768;
}

static emg_status write_frames(const emgp_wav_plan *plan, size_t n, size_t cut, emg_error *err)
{
    emgp_wav_writer *w = NULL;
    double *x = malloc(sizeof *x * (n * plan->n_channels + 1));
    assert_non_null(x);
    for (size_t i = 0; i < n * plan->n_channels; i++)
        x[i] = true_value(i / plan->n_channels, i % plan->n_channels);
    emg_status status = emgp_wav_writer_open(&w, path, plan, err);
    for (size_t at = 0; at < n && status == EMG_OK; at += cut)
        status = emgp_wav_writer_push(w, x + at * plan->n_channels, n - at < cut ? n - at : cut, err);
    if (status == EMG_OK)
        status = emgp_wav_writer_finish(w, err);
    emgp_wav_writer_free(w);
    free(x);
    return status;
}

static void check_written(const emgp_wav_plan *plan, size_t n)
{
    emg_recording *rec;
    gathered all;
    emg_reading reading = emg_reading_defaults();
    reading.full_scale_uv = plan->full_scale;
    reading.strict = n > 0;
    assert_int_equal(emg_recording_open(&rec, path, &reading, NULL), EMG_OK);
    assert_int_equal(emg_recording_get_facts(rec)->format, EMG_FORMAT_WAV);
    assert_int_equal(emg_recording_get_facts(rec)->n_channels, plan->n_channels);
    assert_true(fabs(emg_recording_channel(rec, 0)->rate_hz - plan->rate_hz) <= 0);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    for (size_t c = 0; c < plan->n_channels && n > 0; c++) {
        assert_int_equal(all.channel[c].n, n);
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(all.channel[c].x[i] - true_value(i, c)) <= 0);
    }
    gathered_free(&all);
    emg_recording_close(rec);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static const size_t lengths[] = { 0, 1, 3, FRAMES };
    for (int samples = EMGP_WAV_FLOAT; samples <= EMGP_WAV_PCM_24; samples++) {
        for (size_t channels = 1; channels <= MOST_CHANNELS; channels += 2) {
            for (size_t k = 0; k < 4; k++) {
                emgp_wav_plan plan = { 2048, channels, (emgp_wav_samples)samples, 4096 };
                assert_int_equal(write_frames(&plan, lengths[k], 4099, NULL), EMG_OK);
                check_written(&plan, lengths[k]);
            }
        }
    }
}

/* Where a chunk's contents begin, or NULL. */
static const unsigned char *chunk(const unsigned char *p, size_t n, const char *name)
{
    for (size_t i = 12; i + 8 <= n;) {
        if (memcmp(p + i, name, 4) == 0)
            return p + i + 8;
        size_t size = p[i + 4] | (size_t)p[i + 5] << 8 | (size_t)p[i + 6] << 16 | (size_t)p[i + 7] << 24;
        i += 8 + size + size % 2;
    }
    return NULL;
}

/* A PEAK chunk could hold the second in which the file was made. */
static void bytes_are_the_same_whatever_the_time_and_the_cut(void **state)
{
    (void)state;
    for (int samples = EMGP_WAV_FLOAT; samples <= EMGP_WAV_PCM_24; samples++) {
        emgp_wav_plan plan = { 1000, 3, (emgp_wav_samples)samples, 4096 };
        static const size_t cuts[] = { 1, 777, 10000 };
        size_t n[3];
        unsigned char *p[3];
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(write_frames(&plan, 10000, cuts[k], NULL), EMG_OK);
            p[k] = read_bytes(&n[k]);
            if (k == 0 && samples == EMGP_WAV_FLOAT)
                sleep(1);
            assert_true(n[k] == n[0] && memcmp(p[k], p[0], n[0]) == 0);
        }
        assert_true(memcmp(p[0], "RIFF", 4) == 0 && memcmp(p[0] + 8, "WAVE", 4) == 0);
        assert_true(chunk(p[0], n[0], "fmt ") && chunk(p[0], n[0], "data"));
        const unsigned char *peak = chunk(p[0], n[0], "PEAK");
        assert_true(!peak || memcmp(peak + 4, "\0\0\0\0", 4) == 0);
        assert_null(chunk(p[0], n[0], "LIST"));
        for (size_t k = 0; k < 3; k++)
            free(p[k]);
    }
}

static void what_does_not_fit_is_clipped_and_counted(void **state)
{
    (void)state;
    static const double x[] = {
        1.0, -1.0, 32767.4 / 32768, 32767.6 / 32768, -32768.4 / 32768, -32768.6 / 32768, 3, -3
    };
    static const double clipped[] = {
        32767 / 32768.0, -1, 32767 / 32768.0, 32767 / 32768.0, -1, -1, 32767 / 32768.0, -1
    };
    static const double beyond[] = { 1e300, -INFINITY, NAN, 2.5 };
    emgp_wav_plan plan = { 500, 1, EMGP_WAV_PCM_16, 1 };
    emgp_wav_writer *w;
    assert_int_equal(emgp_wav_writer_open(&w, path, &plan, NULL), EMG_OK);
    assert_int_equal(emgp_wav_writer_push(w, x, 8, NULL), EMG_OK);
    assert_int_equal(emgp_wav_writer_n_clipped(w), 5); /* full scale itself is one step too far */
    assert_int_equal(emgp_wav_writer_finish(w, NULL), EMG_OK);
    emgp_wav_writer_free(w);
    emg_recording *rec;
    gathered all;
    assert_int_equal(emg_recording_open(&rec, path, NULL, NULL), EMG_OK);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    for (size_t i = 0; i < 8; i++)
        assert_true(fabs(all.channel[0].x[i] - clipped[i]) <= 0);
    gathered_free(&all);
    emg_recording_close(rec);
    plan.samples = EMGP_WAV_FLOAT;
    assert_int_equal(emgp_wav_writer_open(&w, path, &plan, NULL), EMG_OK);
    assert_int_equal(emgp_wav_writer_push(w, beyond, 4, NULL), EMG_OK);
    assert_int_equal(emgp_wav_writer_n_clipped(w), 3);
    emgp_wav_writer_free(w);
}

static void plans_that_a_header_cannot_say_are_refused(void **state)
{
    (void)state;
    static const struct {
        emgp_wav_plan plan;
        emg_status status;
    } plans[] = {
        { { 1000.5, 1, EMGP_WAV_FLOAT, 1 }, EMG_ERANGE }, { { 0, 1, EMGP_WAV_FLOAT, 1 }, EMG_ERANGE },
        { { 3e9, 1, EMGP_WAV_FLOAT, 1 }, EMG_ERANGE },    { { NAN, 1, EMGP_WAV_FLOAT, 1 }, EMG_ERANGE },
        { { 1000, 0, EMGP_WAV_FLOAT, 1 }, EMG_ERANGE },   { { 1000, 1025, EMGP_WAV_PCM_16, 1 }, EMG_ERANGE },
        { { 1000, 1, EMGP_WAV_FLOAT, 0 }, EMG_EARG },     { { 1000, 1, EMGP_WAV_FLOAT, INFINITY }, EMG_EARG },
    };
    unlink(path);
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        emgp_wav_writer *w;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emgp_wav_writer_open(&w, path, &plans[i].plan, &err), plans[i].status);
        assert_null(w);
        assert_true(err.text[0]);
    }
    assert_int_equal(folder_entries(folder), 0);
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    file_put_text(path, "old");
    static const rlim_t limits[] = { 0, 20, 60, 100, 5000, 100000 };
    emgp_wav_plan plan = { 1000, 2, EMGP_WAV_FLOAT, 4096 };
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ limits[i], old.rlim_max }), 0);
        emg_status status = write_frames(&plan, FRAMES, 1000, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_int_equal(status, EMG_EIO);
        assert_non_null(strstr(err.text, path));
        assert_non_null(strstr(err.text, "cannot be written"));
        assert_int_equal(folder_entries(folder), 1);
        size_t n;
        unsigned char *p = read_bytes(&n);
        assert_true(n == 3 && memcmp(p, "old", 3) == 0);
        free(p);
    }
    assert_int_equal(write_frames(&plan, FRAMES, 1000, NULL), EMG_OK);
    assert_int_equal(folder_entries(folder), 1);
}

static void an_unfinished_file_disappears(void **state)
{
    (void)state;
    unlink(path);
    emgp_wav_plan plan = { 1000, 2, EMGP_WAV_PCM_24, 4096 };
    emgp_wav_writer *w;
    assert_int_equal(emgp_wav_writer_open(&w, path, &plan, NULL), EMG_OK);
    assert_int_equal(emgp_wav_writer_push(w, (const double[]){ 1, 2, 3, 4 }, 2, NULL), EMG_OK);
    assert_int_equal(folder_entries(folder), 1); /* under another name */
    assert_int_not_equal(access(path, F_OK), 0);
    emgp_wav_writer_free(w);
    assert_int_equal(folder_entries(folder), 0);
    emgp_wav_writer_free(NULL);
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    emgp_wav_plan plan = { 1000, 2, EMGP_WAV_FLOAT, 4096 };
    unlink(path);
    for (long at = 1, done = 0; !done; at++) {
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(at, true);
        emg_status status = write_frames(&plan, 100, 30, &err);
        emgp_fault_arm(0, false);
        assert_int_equal(status, err.status);
        assert_true(status == EMG_OK || status == EMG_ENOMEM);
        done = status == EMG_OK;
        assert_int_equal(folder_entries(folder), done ? 1 : 0);
        assert_true(!done || at > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(bytes_are_the_same_whatever_the_time_and_the_cut),
        cmocka_unit_test(what_does_not_fit_is_clipped_and_counted),
        cmocka_unit_test(plans_that_a_header_cannot_say_are_refused),
        cmocka_unit_test(a_full_disk_leaves_the_old_file),
        cmocka_unit_test(an_unfinished_file_disappears),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
