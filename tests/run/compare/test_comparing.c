/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of reports brought together: equal stems are pairs, the others are said, one that fails stops no other. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <emg/comparing.h>

#include "support/folder.h"
#include "support/sweep.h"

enum { PATH = 128, NOTES = 1024 };

static char notes[NOTES];

static void note(void *context, const char *path, const char *sentence)
{
    (void)context;
    const size_t n = strlen(notes);
    snprintf(notes + n, sizeof notes - n, "%s: %s\n", path + strlen(folder) + 1, sentence);
}

static const char *at(const char *path)
{
    static char all[4][PATH];
    static size_t next;
    char *out = all[next++ % 4];
    snprintf(out, PATH, "%s/%s", folder, path);
    return out;
}

/* A report of 5 minutes at rest with n fasciculations, made by a version. */
static void put_report(const char *stem, const char *version, unsigned n)
{
    static const char json[] =
        "{\"schema\": \"myogram-report\", \"schema_version\": 1, \"software\": {\"version\": \"%s\"}, "
        "\"input\": {\"recording\": \"%s\"}, \"segments\": [{\"start_s\": 0, \"duration_s\": 300}], "
        "\"settings\": {\"fasciculation.least_amplitude_uv\": 50}, \"muscles\": [{\"target_muscle\": "
        "\"m\", \"channels\": [\"c\"], \"rest_s\": 300, \"analysed_s\": 300, \"threshold_uv\": 20, "
        "\"psd\": {\"unit\": \"uV^2/Hz\", \"step_hz\": 4, \"density\": []}}]}";
    char path[PATH], text[2048];
    snprintf(path, sizeof path, "%s/%s_report.json", folder, stem);
    snprintf(text, sizeof text, json, version, stem);
    file_put_text(path, text);
    size_t used = (size_t)snprintf(text, sizeof text, "onset\tduration\ttrial_type\ttarget_muscle\tamplitude_uv\n");
    for (unsigned i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%u\t0.01\tfasciculation\tm\t100\n", 300 * i / n);
    snprintf(path, sizeof path, "%s/%s_events.tsv", folder, stem);
    file_put_text(path, text);
}

static void put_study(void)
{
    static const char *const folders[] = { "before", "after", "before/ward", "after/ward", "one", "other", "strange" };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        (void)mkdir(at(folders[i]), 0777);
    put_report("before/p1", "1", 5);
    put_report("after/p1", "1", 10);
    put_report("before/p2", "1", 6);
    put_report("after/p2", "1", 18);
    put_report("before/p3", "1", 7);
    put_report("after/p3", "2", 7);
    put_report("before/p4", "1", 7);
    put_report("after/p5", "1", 7);
    put_report("before/ward/p1", "1", 4);
    put_report("after/ward/p1", "1", 16);
    put_report("one/may", "1", 5);
    put_report("other/june", "1", 10);
    put_report("strange/x1", "1", 5);
    put_report("strange/x2", "1", 5);
    file_put_text(at("after/ward/p6_events.tsv"), "onset\tduration\ttrial_type\n");
}

static emg_status compare(const char *a, const char *b, emg_comparisons **out, emg_error *err)
{
    const emg_run_config config = emg_run_defaults();
    const emg_compare_job job = { at(a), at(b), &config, note, NULL };
    *notes = '\0';
    return emg_run_compare(&job, out, err);
}

static void equal_stems_are_pairs(void **state)
{
    (void)state;
    emg_comparisons *c = NULL;
    emg_pooled_rates all;
    const char *why = NULL;
    put_study();
    assert_int_equal(compare("before", "after", &c, NULL), EMG_OK);
    assert_int_equal(emg_comparisons_n(c), 3);
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = { "before/p1", "before/p2", "before/ward/p1" };
        assert_string_equal(emg_comparison_name(emg_comparisons_at(c, i), 0), names[i]);
    }
    assert_string_equal(emg_comparisons_failed(c, 0, &why), "p3");
    assert_string_equal(why, "A and B were not made alike: version (1 and 2); make both with the same");
    assert_string_equal(emg_comparisons_unpaired(c, 0, 0), "p4");
    assert_string_equal(emg_comparisons_unpaired(c, 1, 0), "p5");
    assert_true(emg_comparisons_pooled(c, 0, &all));
    assert_int_equal(all.n_pairs, 3);
    assert_true(all.ratio.value > 2.88 && all.ratio.value < 2.89); /* the cube root of 2 x 3 x 4 */
    assert_string_equal(notes,
                        "after: tables without STEM_report.json are not compared: make them with emg-report --formats "
                        "tsv,json\n"
                        "before: 'p4' has no report in the other folder: not compared\n"
                        "after: 'p5' has no report in the other folder: not compared\n");
    emg_comparisons_free(c);
}

static void one_of_each_is_a_pair_whatever_its_stem(void **state)
{
    (void)state;
    emg_comparisons *c = NULL;
    put_study();
    assert_int_equal(compare("one", "other", &c, NULL), EMG_OK);
    assert_true(emg_comparisons_is_one(c));
    assert_string_equal(notes, "");
    emg_comparisons_free(c);
    assert_int_equal(compare("one/may_report.json", "after/p1_report.json", &c, NULL), EMG_OK);
    assert_true(emg_comparisons_is_one(c));
    emg_comparisons_free(c);
}

static void what_has_no_partner_is_refused(void **state)
{
    (void)state;
    emg_comparisons *c = NULL;
    emg_error err = EMG_ERROR_NONE;
    put_study();
    assert_int_equal(compare("before", "strange", &c, &err), EMG_EARG);
    assert_null(c);
    assert_non_null(strstr(err.text, "no report of A has the stem of one of B ('p1' and 'x1' are the first)"));
    err = (emg_error)EMG_ERROR_NONE;
    assert_int_equal(compare("before", "one/may_report.json", &c, &err), EMG_EARG);
    assert_non_null(strstr(err.text, "before: holds 5 reports, and the other side is one"));
    err = (emg_error)EMG_ERROR_NONE;
    assert_int_equal(compare("one/may_report.json", "before", &c, &err), EMG_EARG);
    assert_non_null(strstr(err.text, "before: holds 5 reports, and the other side is one"));
}

static bool stop_at_the_second(void *context)
{
    return ++*(int *)context < 2;
}

static void a_request_to_stop_ends_it(void **state)
{
    (void)state;
    int asked = 0;
    emg_comparisons *c = NULL;
    put_study();
    emg_run_config config = emg_run_defaults();
    config.go_on = stop_at_the_second;
    config.go_on_context = &asked;
    const emg_compare_job job = { at("before"), at("after"), &config, NULL, NULL };
    assert_int_equal(emg_run_compare(&job, &c, NULL), EMG_ECANCELLED);
    assert_null(c);
}

static emg_status compare_once(emg_error *err)
{
    emg_comparisons *c = NULL;
    const emg_status status = compare("before", "after", &c, err);
    emg_comparisons_free(c);
    return status;
}

static void memory_may_be_out(void **state)
{
    (void)state;
    put_study();
    sweep_allocations(compare_once, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_stems_are_pairs),
        cmocka_unit_test(one_of_each_is_a_pair_whatever_its_stem),
        cmocka_unit_test(what_has_no_partner_is_refused),
        cmocka_unit_test(a_request_to_stop_ends_it),
        cmocka_unit_test(memory_may_be_out),
    };
    return cmocka_run_group_tests_name("folders of reports compared", tests, folder_make, folder_drop);
}
