/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The EDF writer: every header field, sample and time stamp by a strict reading of the bytes; whole files or none. */
#include "support/test.h"

#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "reading/edf/edf.h"
#include "support/folder.h"

static char path[64];

static int make_folder(void **state)
{
    if (folder_make(state))
        return -1;
    snprintf(path, sizeof path, "%s/out.edf", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

typedef struct bytes {
    unsigned char *p;
    size_t n;
} bytes;

static bytes read_all(const char *name)
{
    bytes b = { malloc(1 << 20), 0 };
    FILE *f = fopen(name, "rb");
    assert_true(f && b.p);
    b.n = fread(b.p, 1, 1 << 20, f);
    fclose(f);
    return b;
}

/* The field as text, its padding checked: left-justified, spaces only behind it. */
static const char *field(const bytes *b, size_t offset, size_t width)
{
    static char text[128];
    memcpy(text, b->p + offset, width);
    text[width] = '\0';
    size_t n = strlen(text);
    assert_int_equal(n, width);
    while (n > 0 && text[n - 1] == ' ')
        text[--n] = '\0';
    assert_true(text[0] != ' ');
    for (size_t i = 0; i < n; i++)
        assert_true(text[i] >= 32 && text[i] < 127);
    return text;
}

static emgp_edf_written signal_of(const char *label, double low, double high, size_t per_record)
{
    return (emgp_edf_written){ .label = label,
                               .transducer = "needle",
                               .unit = "uV",
                               .prefilter = "HP:10Hz",
                               .physical_min = low,
                               .physical_max = high,
                               .digital_min = -32768,
                               .digital_max = 32767,
                               .per_record = per_record };
}

static emgp_edf_writer *begin(const emgp_edf_plan *plan)
{
    emgp_edf_writer *w = NULL;
    emg_error err = EMG_ERROR_NONE;
    if (emgp_edf_writer_open(&w, path, plan, &err) != EMG_OK)
        fail_msg("%s", err.text);
    return w;
}

static void end(emgp_edf_writer *w)
{
    emg_error err = EMG_ERROR_NONE;
    if (emgp_edf_writer_finish(w, &err) != EMG_OK)
        fail_msg("%s", err.text);
    emgp_edf_writer_free(w);
}

static int little16(const unsigned char *p)
{
    int v = p[0] | p[1] << 8;
    return v >= 32768 ? v - 65536 : v;
}

static int32_t little24(const unsigned char *p)
{
    int32_t v = p[0] | p[1] << 8 | p[2] << 16;
    return v >= 8388608 ? v - 16777216 : v;
}

static void check_recording_fields(const bytes *b)
{
    assert_string_equal(field(b, 0, 8), "0");
    assert_string_equal(field(b, 8, 80), "X X X X");
    assert_string_equal(field(b, 88, 80), "Startdate X X X X");
    assert_string_equal(field(b, 168, 8), "01.01.85");
    assert_string_equal(field(b, 176, 8), "00.00.00");
    assert_string_equal(field(b, 184, 8), "1024");
    assert_string_equal(field(b, 192, 44), "EDF+C");
    assert_string_equal(field(b, 236, 8), "3");
    assert_string_equal(field(b, 244, 8), "0.25");
    assert_string_equal(field(b, 252, 4), "3");
}

static void check_signal_fields(const bytes *b)
{
    size_t s = 256;
    assert_string_equal(field(b, s, 16), "EMG L Soleus");
    assert_string_equal(field(b, s + 16, 16), "EMG R a very lon");
    assert_string_equal(field(b, s + 32, 16), "EDF Annotations");
    s += 3 * 16;
    assert_string_equal(field(b, s, 80), "needle");
    s += 3 * 80;
    assert_string_equal(field(b, s + 8, 8), "uV");
    assert_string_equal(field(b, s + 16, 8), "");
    s += 3 * 8;
    assert_string_equal(field(b, s, 8), "-3276.8");
    assert_string_equal(field(b, s + 8, 8), "1");
    s += 3 * 8;
    assert_string_equal(field(b, s, 8), "3276.7");
    assert_string_equal(field(b, s + 8, 8), "-1");
    s += 3 * 8;
    assert_string_equal(field(b, s, 8), "-32768");
    s += 3 * 8;
    assert_string_equal(field(b, s + 16, 8), "32767");
    s += 3 * 8;
    assert_string_equal(field(b, s, 80), "HP:10Hz");
    s += 3 * 80;
    assert_string_equal(field(b, s, 8), "5");
    assert_string_equal(field(b, s + 8, 8), "2");
    assert_string_equal(field(b, s + 16, 8), "30");
    s += 3 * 8;
    assert_string_equal(field(b, s, 96), "");
}

static void check_records(const bytes *b, size_t record)
{
    static const int expected[] = { -32768, 0, 32767, 0, -1, -32768, 32767 };
    for (size_t r = 0; r < 3; r++)
        for (size_t i = 0; i < 7; i++)
            assert_int_equal(little16(b->p + 1024 + r * record + 2 * i), expected[i]);
    assert_memory_equal(b->p + 1024 + 14, "+0\x14\x14\0\0", 6);
    assert_memory_equal(b->p + 1024 + 2 * record + 14, "+0.5\x14\x14\0\0", 8);
}

static void header_says_what_the_plan_says(void **state)
{
    (void)state;
    emgp_edf_written signals[] = { signal_of("EMG L Soleus", -3276.8, 3276.7, 5),
                                   signal_of("EMG R a very long label", 1, -1, 2) };
    emgp_edf_plan plan = { .record_s = 0.25, .annotation_bytes = 36, .signals = signals, .n_signals = 2 };
    emgp_edf_writer *w = begin(&plan);
    static const double x[] = { -3276.8, 0, 3276.7, 0.04, -0.06 }, y[] = { 1, -1 };
    for (int r = 0; r < 3; r++) {
        emgp_edf_writer_signal(w, 0, x, 1);
        emgp_edf_writer_signal(w, 1, y, 1);
        assert_int_equal(emgp_edf_writer_end_record(w, 0.25 * r, NULL), EMG_OK);
    }
    end(w);
    bytes b = read_all(path);
    size_t annotation = 60, record = 2 * 7 + annotation;
    assert_int_equal(b.n, 256 * 4 + 3 * record);
    check_recording_fields(&b);
    check_signal_fields(&b);
    check_records(&b, record);
    free(b.p);
}

static void annotations_wait_for_room(void **state)
{
    (void)state;
    emgp_edf_written one = signal_of("EMG", -1, 1, 1);
    emgp_edf_plan plan = { .record_s = 1, .annotation_bytes = 30, .signals = &one, .n_signals = 1 };
    emgp_edf_writer *w = begin(&plan); /* 54 bytes a record, 24 of them for the time stamp */
    assert_int_equal(emgp_edf_writer_annotate(w, 1.5, 0.25, "stretch", NULL), EMG_OK);
    assert_int_equal(emgp_edf_writer_annotate(w, -2, NAN, "before \xC3\xA9", NULL), EMG_OK);
    assert_int_equal(emgp_edf_writer_annotate(w, 3.000001, 0, "task: clench", NULL), EMG_OK);
    assert_int_equal(emgp_edf_writer_annotate(w, 1, NAN, "two\x14three", NULL), EMG_EARG);
    assert_int_equal(emgp_edf_writer_annotate(w, NAN, NAN, "when", NULL), EMG_EARG);
    assert_int_equal(emgp_edf_writer_annotate(w, 1, -1, "backwards", NULL), EMG_EARG);
    assert_int_equal(emgp_edf_writer_annotate(w, 1, NAN, "twenty-seven bytes of text!", NULL), EMG_ERANGE);
    static const double x[] = { 0.5, 0.25 };
    assert_int_equal(emgp_edf_writer_push(w, x, 2, NULL), EMG_OK);
    end(w);
    bytes b = read_all(path);
    size_t n_bytes = 54, at = 256 * 3 + 2;
    static const char first[54] = "+0\x14\x14\0+1.5\x15"
                                  "0.25\x14stretch\x14\0-2\x14"
                                  "before \xC3\xA9\x14";
    static const char second[54] = "+1\x14\x14\0+3.000001\x15"
                                   "0\x14task: clench\x14";
    assert_memory_equal(b.p + at, first, n_bytes);
    assert_memory_equal(b.p + at + 2 + n_bytes, second, n_bytes);
    free(b.p);
}

static void annotations_without_room_refuse_the_file(void **state)
{
    (void)state;
    emgp_edf_written one = signal_of("EMG", -1, 1, 1);
    emgp_edf_plan plan = { .record_s = 1, .annotation_bytes = 30, .signals = &one, .n_signals = 1 };
    size_t n_before = folder_entries(folder);
    emgp_edf_writer *w = begin(&plan);
    double x = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(emgp_edf_writer_annotate(w, i, NAN, "a dozen and more", NULL), EMG_OK);
    assert_int_equal(emgp_edf_writer_push(w, &x, 1, NULL), EMG_OK);
    assert_int_equal(emgp_edf_writer_finish(w, NULL), EMG_ERANGE);
    emgp_edf_writer_free(w);
    assert_int_equal(folder_entries(folder), n_before);
}

static void samples_round_and_clip(void **state)
{
    (void)state;
    emgp_edf_written one = signal_of("EMG", -3276.8, 3276.7, 8);
    emgp_edf_plan plan = { .record_s = 1, .signals = &one, .n_signals = 1 };
    emgp_edf_writer *w = begin(&plan);
    static const double x[] = { 0.0499, 0.0501, -0.0499, 3276.74, 3276.76, -3276.84, -3276.86, NAN };
    assert_int_equal(emgp_edf_writer_push(w, x, 8, NULL), EMG_OK);
    static const double far[] = { 1e300, -1e300, INFINITY, -INFINITY, 0, 0, 0, 0 };
    assert_int_equal(emgp_edf_writer_push(w, far, 8, NULL), EMG_OK);
    end(w);
    bytes b = read_all(path);
    static const int expected[] = { 0, 1, 0, 32767, 32767, -32768, -32768, -32768 };
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(little16(b.p + 768 + 2 * i), expected[i]);
    static const int expected_far[] = { 32767, -32768, 32767, -32768, 0, 0, 0, 0 };
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(little16(b.p + 768 + 16 + 24 + 2 * i), expected_far[i]);
    free(b.p);
}

static void bdf_has_24_bits_and_its_own_marks(void **state)
{
    (void)state;
    emgp_edf_written one = signal_of("EMG", -8388608, 8388607, 4);
    one.digital_min = -8388608;
    one.digital_max = 8388607;
    emgp_edf_plan plan = { .bdf = true, .gaps = true, .record_s = 1, .signals = &one, .n_signals = 1 };
    emgp_edf_writer *w = begin(&plan);
    static const double x[] = { -8388608, 8388607, -2, 123456.4 };
    emgp_edf_writer_signal(w, 0, x, 1);
    assert_int_equal(emgp_edf_writer_end_record(w, 0, NULL), EMG_OK);
    assert_int_equal(emgp_edf_writer_end_record(w, 7.125, NULL), EMG_OK); /* a gap, and a signal that was not set */
    end(w);
    bytes b = read_all(path);
    assert_memory_equal(b.p,
                        "\xFF"
                        "BIOSEMI",
                        8);
    assert_string_equal(field(&b, 192, 44), "BDF+D");
    assert_string_equal(field(&b, 256 + 16, 16), "BDF Annotations");
    assert_string_equal(field(&b, 256 + 2 * 104, 8), "-8388608");
    assert_string_equal(field(&b, 256 + 2 * 216 + 8, 8), "8");
    static const int32_t expected[] = { -8388608, 8388607, -2, 123456 };
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(little24(b.p + 768 + 3 * i), expected[i]);
    assert_memory_equal(b.p + 768 + 36, "\0\0\0\0\0\0\0\0\0\0\0\0+7.125\x14\x14", 20);
    free(b.p);
}

static void files_do_not_depend_on_the_cut(void **state)
{
    (void)state;
    emgp_edf_written signals[] = { signal_of("EMG A", -10, 10, 100), signal_of("EMG B", -20, 20, 100) };
    emgp_edf_plan plan = { .record_s = 0.5, .signals = signals, .n_signals = 2 };
    enum { FRAMES = 5037 };
    static double x[2 * FRAMES];
    for (int i = 0; i < 2 * FRAMES; i++)
        x[i] = 9 * sin(0.01 * i);
    bytes whole = { 0 };
    for (size_t cut = FRAMES; cut > 0; cut /= 3) {
        emgp_edf_writer *w = begin(&plan);
        for (size_t at = 0; at < FRAMES; at += cut)
            assert_int_equal(emgp_edf_writer_push(w, x + 2 * at, cut < FRAMES - at ? cut : FRAMES - at, NULL), EMG_OK);
        end(w);
        bytes b = read_all(path);
        assert_int_equal(b.n, 256 * 4 + 51 * (400 + 24));
        if (!whole.p) {
            whole = b;
            assert_memory_equal(b.p + 1024 + 49 * 424 + 400, "+24.5\x14\x14", 8);
            /* The last record holds 37 frames; the last one is repeated to its end. */
            const unsigned char *record = b.p + 1024 + 50 * 424;
            assert_int_equal(little16(record + 2 * 36), little16(record + 2 * 99));
            assert_int_not_equal(little16(record + 2 * 35), little16(record + 2 * 36));
            continue;
        }
        assert_int_equal(b.n, whole.n);
        assert_memory_equal(b.p, whole.p, b.n);
        free(b.p);
    }
    free(whole.p);
}

static void numbers_fit_their_fields_exactly(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } good[] = { { 0, "0" },
                 { -0.0, "0" },
                 { -3276.8, "-3276.8" },
                 { 99999999, "99999999" },
                 { -9999999, "-9999999" },
                 { 0.05, "0.05" },
                 { -0.001, "-0.001" },
                 { 0.000001, "0.000001" },
                 { 1234.567, "1234.567" },
                 { -123.456, "-123.456" } };
    char text[9];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(emgp_edf_field(text, good[i].value));
        assert_string_equal(text, good[i].text);
    }
    static const double bad[] = { 100000000, -10000000, 1.0 / 3, 12345.6789, -0.000001, 1e-7, NAN, INFINITY, 1e300 };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(emgp_edf_field(text, bad[i]));
    for (int i = -1999999; i < 2000000; i += 17) /* every number of three decimals that fits reads back the same */
        if (i > -1000000 && i < 10000000) {
            assert_true(emgp_edf_field(text, i / 1000.0));
            assert_true(!(strtod(text, NULL) < i / 1000.0) && !(strtod(text, NULL) > i / 1000.0));
        }
}

static void plans_without_sense_are_refused(void **state)
{
    (void)state;
    emgp_edf_written good = signal_of("EMG", -1, 1, 10), s[6] = { good, good, good, good, good, good };
    s[0].physical_max = -1;
    s[1].digital_max = 32768;
    s[2].per_record = 0;
    s[3].digital_min = 32767;
    s[4].physical_min = NAN;
    s[5].physical_min = -1.0 / 3;
    size_t n_before = folder_entries(folder);
    for (size_t i = 0; i < 6; i++) {
        emgp_edf_plan plan = { .record_s = 1, .signals = &s[i], .n_signals = 1 };
        emgp_edf_writer *w = (emgp_edf_writer *)&plan;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emgp_edf_writer_open(&w, path, &plan, &err), i < 5 ? EMG_EARG : EMG_ERANGE);
        assert_null(w);
        assert_int_equal(err.channel, 1);
    }
    emgp_edf_plan plans[] = { { .record_s = 1, .signals = &good },
                              { .signals = &good, .n_signals = 1 },
                              { .record_s = 1.0 / 3, .signals = &good, .n_signals = 1 },
                              { .record_s = 1, .annotation_bytes = 60001, .signals = &good, .n_signals = 1 } };
    for (size_t i = 0; i < 4; i++) {
        emgp_edf_writer *w = NULL;
        assert_int_equal(emgp_edf_writer_open(&w, path, &plans[i], NULL), i == 2 ? EMG_ERANGE : EMG_EARG);
        assert_null(w);
    }
    assert_int_equal(folder_entries(folder), n_before);
}

/* Writes 40,000 frames; the system takes no more than `limit` bytes in a file. */
static emg_status write_under_limit(rlim_t limit, emg_error *err)
{
    emgp_edf_written one = signal_of("EMG", -1, 1, 100);
    emgp_edf_plan plan = { .record_s = 1, .signals = &one, .n_signals = 1 };
    static double x[40000];
    struct rlimit old, now;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    now = old;
    now.rlim_cur = limit;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
    emgp_edf_writer *w = NULL;
    emg_status status = emgp_edf_writer_open(&w, path, &plan, err);
    for (int i = 0; i < 10 && status == EMG_OK; i++)
        status = emgp_edf_writer_push(w, x, 40000, err);
    if (status == EMG_OK)
        status = emgp_edf_writer_finish(w, err);
    emgp_edf_writer_free(w);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    (void)signal(SIGXFSZ, handler);
    return status;
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    file_put_text(path, "old");
    static const rlim_t limits[] = { 0, 500, 768, 100000, 300000, 800000 };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(write_under_limit(limits[i], &err), EMG_EIO);
        assert_non_null(strstr(err.text, path));
        assert_non_null(strstr(err.text, "cannot be written"));
        assert_int_equal(folder_entries(folder), 1);
        bytes b = read_all(path);
        assert_true(b.n == 3 && memcmp(b.p, "old", 3) == 0);
        free(b.p);
    }
    assert_int_equal(write_under_limit(RLIM_INFINITY, NULL), EMG_OK);
    bytes b = read_all(path);
    assert_string_equal(field(&b, 236, 8), "4000");
    assert_int_equal(folder_entries(folder), 1);
    free(b.p);
}

static void only_plain_files_are_replaced(void **state)
{
    (void)state;
    emgp_edf_written one = signal_of("EMG", -1, 1, 1);
    emgp_edf_plan plan = { .record_s = 1, .signals = &one, .n_signals = 1 };
    char link[64], inner[64];
    snprintf(link, sizeof link, "%s/link.edf", folder);
    snprintf(inner, sizeof inner, "%s/none/out.edf", folder);
    assert_int_equal(symlink("out.edf", link), 0);
    const char *const targets[] = { "/dev/null", folder, link, inner };
    for (size_t i = 0; i < 4; i++) {
        emgp_edf_writer *w = NULL;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emgp_edf_writer_open(&w, targets[i], &plan, &err), EMG_EIO);
        assert_null(w);
        assert_non_null(strstr(err.text, targets[i]));
    }
    unlink(link);
}

static void an_unfinished_file_disappears(void **state)
{
    (void)state;
    unlink(path);
    emgp_edf_written one = signal_of("EMG", -1, 1, 1);
    emgp_edf_plan plan = { .record_s = 1, .signals = &one, .n_signals = 1 };
    emgp_edf_writer *w = begin(&plan);
    assert_int_equal(folder_entries(folder), 1); /* under another name */
    assert_int_not_equal(access(path, F_OK), 0);
    emgp_edf_writer_free(w);
    assert_int_equal(folder_entries(folder), 0);
    emgp_edf_writer_free(NULL);
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    emgp_edf_written signals[] = { signal_of("EMG A", -1, 1, 10), signal_of("EMG B", -1, 1, 10) };
    emgp_edf_plan plan = { .record_s = 1, .annotation_bytes = 60, .signals = signals, .n_signals = 2 };
    static const double x[44];
    for (long at = 1, done = 0; !done; at++) {
        emgp_edf_writer *w = NULL;
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(at, true);
        emg_status status = emgp_edf_writer_open(&w, path, &plan, &err);
        if (status == EMG_OK)
            status = emgp_edf_writer_annotate(w, 0, NAN, "mark", &err);
        if (status == EMG_OK)
            status = emgp_edf_writer_push(w, x, 22, &err);
        if (status == EMG_OK)
            status = emgp_edf_writer_finish(w, &err);
        emgp_fault_arm(0, false);
        emgp_edf_writer_free(w);
        assert_int_equal(status, err.status);
        assert_true(status == EMG_OK || status == EMG_ENOMEM);
        done = status == EMG_OK;
        assert_int_equal(folder_entries(folder), done ? 1 : 0);
        assert_true(!done || at > 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_says_what_the_plan_says),
        cmocka_unit_test(annotations_wait_for_room),
        cmocka_unit_test(annotations_without_room_refuse_the_file),
        cmocka_unit_test(samples_round_and_clip),
        cmocka_unit_test(bdf_has_24_bits_and_its_own_marks),
        cmocka_unit_test(files_do_not_depend_on_the_cut),
        cmocka_unit_test(numbers_fit_their_fields_exactly),
        cmocka_unit_test(plans_without_sense_are_refused),
        cmocka_unit_test(a_full_disk_leaves_the_old_file),
        cmocka_unit_test(only_plain_files_are_replaced),
        cmocka_unit_test(an_unfinished_file_disappears),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
