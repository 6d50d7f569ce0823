/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons written: the header that programs parse, hostile names as text, what is missing, writing that fails. */
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

/* Adds a pair: b has 8 fasciculations, a the first n_a of them. */
static emg_status add(emg_comparisons *c, const char *name, const char *other, size_t n_a, emg_error *err)
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
    return emg_comparisons_add(c, &first, &second, err);
}

static emg_comparisons *comparisons(const char *name, const char *other, size_t n_a)
{
    emg_comparisons *c = NULL;
    assert_int_equal(emg_comparisons_new(&c, NULL), EMG_OK);
    assert_int_equal(add(c, name, other, n_a, NULL), EMG_OK);
    return c;
}

/* Three pairs, one that failed, and recordings without a partner. */
static emg_comparisons *several(void)
{
    emg_comparisons *c = comparisons("m <1>", "m <1>", 3);
    assert_int_equal(add(c, "m <1>", "m <1>", 4, NULL), EMG_OK);
    assert_int_equal(add(c, "m <1>", "m <1>", 0, NULL), EMG_OK);
    assert_int_equal(emg_comparisons_add_failed(c, "=p<9>", "p<9>_report.json: broken", NULL), EMG_OK);
    assert_int_equal(emg_comparisons_add_unpaired(c, 0, "early <2>", NULL), EMG_OK);
    assert_int_equal(emg_comparisons_add_unpaired(c, 1, "late", NULL), EMG_OK);
    return c;
}

typedef emg_status writer(const emg_comparisons *comparisons, emg_write *write, void *context, emg_error *err);

static char *text_of(writer *by, emg_comparisons *c)
{
    collected all = { .text = NULL };
    assert_int_equal(by(c, collect, &all, NULL), EMG_OK);
    emg_comparisons_free(c);
    return all.text;
}

static char *written(writer *by, const char *name, const char *other, size_t n_a)
{
    return text_of(by, comparisons(name, other, n_a));
}

static void the_table_has_its_columns(void **state)
{
    (void)state;
    static const char header[] =
        "recording_a\trecording_b\ttarget_muscle\tquantity\tunits\ta\ta_low\ta_high\tb\tb_low\tb_high\tdifference\t"
        "difference_low\tdifference_high\tratio\tratio_low\tratio_high\tdiffers\tremark\n"
        "may <1>\tjune\t'=m\tfasciculation_per_min\t1/min\t0.6\t";
    char *table = written(emg_report_comparisons, "=m", "=m", 3);
    assert_memory_equal(table, header, sizeof header - 1);
    assert_non_null(strstr(table, "\tno\tfrom 50 uV on in both; counts scatter no more than by chance\n"));
    assert_non_null(strstr(table, "\nmay <1>\tjune\t'=m\tclonus_hz\tHz\tn/a\tn/a\tn/a\tn/a\t"));
    assert_null(strstr(table, "inf"));
    assert_null(strstr(table, "nan"));
    free(table);
}

/* Without any in A the ratio has no value and no upper end. */
static void what_is_infinite_is_not_applicable(void **state)
{
    (void)state;
    char *table = written(emg_report_comparisons, "m", "m", 0),
         *page = written(emg_report_comparisons_page, "m", "m", 0);
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
    char *text = written(emg_report_comparisons_json, "=m\"<", "=m\"<", 3);
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
    char *page = written(emg_report_comparisons_page, "<b>m</b>", "<b>m</b>", 3);
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
    char *page = written(emg_report_comparisons_page, "m", "n", 3),
         *table = written(emg_report_comparisons, "m", "n", 3),
         *json = written(emg_report_comparisons_json, "m", "n", 3);
    assert_non_null(strstr(page, "No muscle is in both."));
    assert_string_equal(strchr(table, '\n'), "\n");
    json_t *root = json_loads(json, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(root, "muscles")), 0);
    json_decref(root);
    free(page);
    free(table);
    free(json);
}

static size_t occurrences(const char *text, const char *of)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, of)); at += strlen(of))
        n++;
    return n;
}

static void several_pairs_end_with_all(void **state)
{
    (void)state;
    char *table = text_of(emg_report_comparisons, several());
    const char *last = strstr(table, "\nall\tall\tm <1>\tfasciculation_ratio_over_pairs\tn/a\t");
    assert_non_null(last);
    assert_int_equal(occurrences(table, "\tfasciculation_per_min\t"), 3);
    assert_int_equal(occurrences(table, "\nall\t"), 1);
    assert_non_null(strstr(last, "\t3 of 3 pairs, Student's t"));
    assert_string_equal(strchr(last + 1, '\n'), "\n");
    free(table);
}

static void several_pairs_are_objects_of_one(void **state)
{
    (void)state;
    char *text = text_of(emg_report_comparisons_json, several());
    char *alone = written(emg_report_comparisons_json, "m <1>", "m <1>", 3);
    json_t *root = json_loads(text, 0, NULL), *one = json_loads(alone, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(root, "schema")), "myogram-comparisons");
    const json_t *list = json_object_get(root, "comparisons"), *failed = json_object_get(root, "failed");
    assert_int_equal(json_array_size(list), 3);
    assert_true(json_equal(json_array_get(list, 0), one));
    assert_string_equal(json_string_value(json_object_get(json_array_get(failed, 0), "pair")), "=p<9>");
    assert_string_equal(json_string_value(json_object_get(json_array_get(failed, 0), "message")),
                        "p<9>_report.json: broken");
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "recordings_only_in_a"), 0)),
                        "early <2>");
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "recordings_only_in_b"), 0)), "late");
    const json_t *all = json_array_get(json_object_get(root, "all"), 0);
    assert_int_equal(json_integer_value(json_object_get(all, "pairs")), 3);
    assert_int_equal(json_integer_value(json_object_get(all, "pairs_corrected")), 1);
    assert_true(json_real_value(json_object_get(all, "ratio_low")) < json_real_value(json_object_get(all, "ratio")));
    assert_true(json_is_false(json_object_get(all, "differs")));
    json_decref(root);
    json_decref(one);
    free(text);
    free(alone);
}

static void the_page_of_several_has_a_section_each(void **state)
{
    (void)state;
    static const char *const once[] = { " id=\"m1\"",
                                        " id=\"m2\"",
                                        " id=\"m3\"",
                                        " id=\"h1\"",
                                        " id=\"h3\"",
                                        "href=\"#m3\"",
                                        "Only in A",
                                        "Only in B",
                                        "early &#60;2&#62;",
                                        "Not compared",
                                        "table class=\"coh sortable\"" };
    char *page = text_of(emg_report_comparisons_page, several());
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (occurrences(page, once[i]) != 1)
            fail_msg("%zu times %s", occurrences(page, once[i]), once[i]);
    assert_non_null(strstr(page, "=p&#60;9&#62;</b> p&#60;9&#62;_report.json: broken"));
    assert_null(strstr(page, "m <1>"));
    assert_non_null(strstr(page, "may &#60;1&#62; / june: m &#60;1&#62;</h2>"));
    assert_non_null(strstr(page, "ver all pairs no difference beyond the scatter between pairs: m &#60;1&#62;."));
    assert_non_null(strstr(page, "</body></html>\n"));
    free(page);
}

static writer *const writers[] = { emg_report_comparisons, emg_report_comparisons_json, emg_report_comparisons_page };

static void a_failing_writer_ends_it(void **state)
{
    (void)state;
    emg_comparisons *c = comparisons("m", "m", 3);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        collected all = { .fail_after = 100 };
        assert_int_not_equal(writers[i](c, collect, &all, NULL), EMG_OK);
        collected_free(&all);
        assert_int_equal(writers[i](NULL, collect, &all, NULL), EMG_EARG);
        assert_int_equal(writers[i](c, NULL, NULL, NULL), EMG_EARG);
    }
    emg_comparisons_free(c);
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
    emg_comparisons *c = NULL;
    emg_status status = emg_comparisons_new(&c, err);
    for (size_t n = 1; status == EMG_OK && n < 3; n++) { /* one pair by itself, then two */
        status = add(c, "m", "m", n, err);
        for (size_t i = 0; status == EMG_OK && i < sizeof writers / sizeof *writers; i++)
            status = writers[i](c, drop, NULL, err);
    }
    emg_comparisons_free(c);
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
        cmocka_unit_test(several_pairs_end_with_all),
        cmocka_unit_test(several_pairs_are_objects_of_one),
        cmocka_unit_test(the_page_of_several_has_a_section_each),
        cmocka_unit_test(a_failing_writer_ends_it),
        cmocka_unit_test(memory_may_be_out),
    };
    return cmocka_run_group_tests_name("a comparison written", tests, NULL, NULL);
}
