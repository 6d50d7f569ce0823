/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison written: the header that programs parse, hostile names as text, what is missing, writing that fails. */
#include "support/test.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/comparison_page.h>
#include <emg/comparison_tables.h>

#include "support/collect.h"
#include "support/sweep.h"

static emg_summary muscle(const char *name)
{
    emg_summary s;
    memset(&s, 0, sizeof s);
    s.name = s.muscle = name;
    s.calibrated = true;
    s.rate_hz = 2000;
    s.n_channels = 1;
    s.signal.analysed_s = s.signal.rest_s = 300;
    s.signal.threshold = 20;
    s.signal.psd_step_hz = 4;
    s.counts.clonus_hz = NAN;
    for (size_t i = 10; i < EMG_PSD_BINS; i++)
        s.signal.psd[i] = 1.0 / (double)i;
    return s;
}

static emg_comparison *comparison(const char *name, const char *other, size_t n_a)
{
    static const emg_segment whole = { 0, 300 };
    const emg_summary a[] = { muscle(name), muscle("only here") }, b = muscle(other);
    emg_event events[8];
    memset(events, 0, sizeof events);
    for (size_t i = 0; i < 8; i++) {
        events[i].trial_type = EMG_FASCICULATION;
        events[i].onset_s = 31.0 * (double)i;
        events[i].amplitude = 100;
    }
    const emg_visit first = { "may <1>", a, 2, events, n_a, &whole, 1, 50 },
                    second = { "june", &b, 1, events, 8, &whole, 1, 50 };
    emg_comparison *c = NULL;
    return emg_comparison_new(&c, &first, &second, NULL) == EMG_OK ? c : NULL;
}

typedef emg_status writer(const emg_comparison *comparison, emg_write *write, void *context, emg_error *err);

static char *written(writer *by, const char *name, const char *other, size_t n_a)
{
    collected all = { .text = NULL };
    emg_comparison *c = comparison(name, other, n_a);
    assert_int_equal(by(c, collect, &all, NULL), EMG_OK);
    emg_comparison_free(c);
    return all.text;
}

static void the_table_has_its_columns(void **state)
{
    (void)state;
    static const char header[] = "target_muscle\tquantity\tunits\ta\ta_low\ta_high\tb\tb_low\tb_high\tdifference\t"
                                 "difference_low\tdifference_high\tratio\tratio_low\tratio_high\tdiffers\tremark\n"
                                 "'=m\tfasciculation_per_min\t1/min\t0.6\t";
    char *table = written(emg_report_comparison, "=m", "=m", 3);
    assert_memory_equal(table, header, sizeof header - 1);
    assert_non_null(strstr(table, "\tno\tfrom 50 uV on in both; counts scatter no more than by chance\n"));
    assert_non_null(strstr(table, "\n'=m\tclonus_hz\tHz\tn/a\tn/a\tn/a\tn/a\t"));
    assert_null(strstr(table, "inf"));
    assert_null(strstr(table, "nan"));
    free(table);
}

/* Without any in A the ratio has no value and no upper end. */
static void what_is_infinite_is_not_applicable(void **state)
{
    (void)state;
    char *table = written(emg_report_comparison, "m", "m", 0), *page = written(emg_report_comparison_page, "m", "m", 0);
    const char *ratio = strstr(table, "\tn/a\t"), *end = strchr(table, '\n');
    assert_true(ratio && end);
    assert_null(strstr(table, "inf"));
    assert_non_null(strstr(page, " and more</small>"));
    assert_null(strstr(page, "inf<"));
    free(table);
    free(page);
}

static void json_holds_exact_names(void **state)
{
    (void)state;
    char *text = written(emg_report_comparison_json, "=m\"<", "=m\"<", 3);
    json_t *root = json_loads(text, 0, NULL), *m = json_array_get(json_object_get(root, "muscles"), 0);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(m, "target_muscle")), "=m\"<");
    const json_t *counting = json_object_get(m, "fasciculations"), *a = json_object_get(root, "a");
    assert_int_equal(json_array_size(json_object_get(counting, "a_minutes")), 5);
    assert_int_equal(json_integer_value(json_object_get(counting, "degrees_of_freedom")), 8);
    assert_string_equal(json_string_value(json_object_get(a, "recording")), "may <1>");
    assert_string_equal(json_string_value(json_array_get(json_object_get(a, "muscles_only_here"), 0)), "only here");
    json_decref(root);
    free(text);
}

static void the_page_keeps_names_as_text(void **state)
{
    (void)state;
    char *page = written(emg_report_comparison_page, "<b>m</b>", "<b>m</b>", 3);
    assert_null(strstr(page, "<b>m"));
    assert_null(strstr(page, "may <1>"));
    assert_non_null(strstr(page, "&#60;b&#62;m"));
    assert_non_null(strstr(page, "Only in A"));
    assert_non_null(strstr(page, "no difference beyond the scatter of the counts: "));
    assert_non_null(strstr(page, "Power spectra"));
    assert_non_null(strstr(page, EMG_DISCLAIMER));
    assert_non_null(strstr(page, "</body></html>\n"));
    free(page);
}

static void without_muscles_in_both_there_is_a_page(void **state)
{
    (void)state;
    char *page = written(emg_report_comparison_page, "m", "n", 3), *table = written(emg_report_comparison, "m", "n", 3),
         *json = written(emg_report_comparison_json, "m", "n", 3);
    assert_non_null(strstr(page, "No muscle is in both."));
    assert_string_equal(strchr(table, '\n'), "\n");
    json_t *root = json_loads(json, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(root, "muscles")), 0);
    json_decref(root);
    free(page);
    free(table);
    free(json);
}

static writer *const writers[] = { emg_report_comparison, emg_report_comparison_json, emg_report_comparison_page };

static void a_failing_writer_ends_it(void **state)
{
    (void)state;
    emg_comparison *c = comparison("m", "m", 3);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        collected all = { .fail_after = 100 };
        assert_int_not_equal(writers[i](c, collect, &all, NULL), EMG_OK);
        collected_free(&all);
        assert_int_equal(writers[i](NULL, collect, &all, NULL), EMG_EARG);
        assert_int_equal(writers[i](c, NULL, NULL, NULL), EMG_EARG);
    }
    emg_comparison_free(c);
}

static emg_status drop(void *context, const char *bytes, size_t n, emg_error *err)
{
    (void)context;
    (void)bytes;
    (void)n;
    (void)err;
    return EMG_OK;
}

static emg_status write_all(emg_error *err)
{
    static const emg_segment whole = { 0, 300 };
    const emg_summary m = muscle("m");
    const emg_visit visit = { "a", &m, 1, NULL, 0, &whole, 1, 50 };
    emg_comparison *c = NULL;
    emg_status status = emg_comparison_new(&c, &visit, &visit, err);
    for (size_t i = 0; status == EMG_OK && i < sizeof writers / sizeof *writers; i++)
        status = writers[i](c, drop, NULL, err);
    emg_comparison_free(c);
    return status;
}

static void memory_may_be_out(void **state)
{
    (void)state;
    sweep_allocations(write_all, 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_its_columns),
        cmocka_unit_test(what_is_infinite_is_not_applicable),
        cmocka_unit_test(json_holds_exact_names),
        cmocka_unit_test(the_page_keeps_names_as_text),
        cmocka_unit_test(without_muscles_in_both_there_is_a_page),
        cmocka_unit_test(a_failing_writer_ends_it),
        cmocka_unit_test(memory_may_be_out),
    };
    return cmocka_run_group_tests_name("a comparison written", tests, NULL, NULL);
}
