/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events read back from annotations and from tables. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reading/edf/edf.h"
#include "run/score/score.h"
#include "support/folder.h"

static const char *const edf_path = EMG_BUILD_DIR "/test_event_file.edf";
static const char *const tsv_path = EMG_BUILD_DIR "/test_event_file_events.tsv";

/* 20 s of one signal with what a rater may have written. */
static void write_annotated(void)
{
    static const struct {
        double onset_s, duration_s;
        const char *text;
    } marks[] = { { 1, 5, "clonus@@EMG L Soleus" },    { 2.5, NAN, "fasciculation" }, { 3, 2, "stretch" },
                  { 8, 4, "tremor, 5 Hz@@EMG R FDI" }, { 9, 1, "clonusoid" },         { 13, 0, "tonic@@EMG L Soleus" },
                  { 14.25, 0.02, "myoclonus 3 of 4" } };
    const emgp_edf_written signal = { .label = "EMG L Soleus",
                                      .transducer = "",
                                      .unit = "uV",
                                      .prefilter = "",
                                      .physical_min = -1000,
                                      .physical_max = 1000,
                                      .digital_min = -32768,
                                      .digital_max = 32767,
                                      .per_record = 100 };
    const emgp_edf_plan plan = { .record_s = 1, .annotation_bytes = 200, .signals = &signal, .n_signals = 1 };
    emgp_edf_writer *writer;
    static double x[2000];
    assert_int_equal(emgp_edf_writer_open(&writer, edf_path, &plan, NULL), EMG_OK);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        assert_int_equal(emgp_edf_writer_annotate(writer, marks[i].onset_s, marks[i].duration_s, marks[i].text, NULL),
                         EMG_OK);
    assert_int_equal(emgp_edf_writer_push(writer, x, 2000, NULL), EMG_OK);
    assert_int_equal(emgp_edf_writer_finish(writer, NULL), EMG_OK);
    emgp_edf_writer_free(writer);
}

static void annotations_are_events(void **state)
{
    (void)state;
    static const struct {
        emg_class trial_type;
        double onset_s;
        const char *channel;
    } wanted[] = { { EMG_CLONUS, 1, "EMG L Soleus" },
                   { EMG_FASCICULATION, 2.5, "" },
                   { EMG_TREMOR, 8, "EMG R FDI" },
                   { EMG_TONIC, 13, "EMG L Soleus" },
                   { EMG_MYOCLONUS, 14.25, "" } };
    emgp_event_file file;
    emgp_row_names names = { 0 };
    write_annotated();
    assert_int_equal(emgp_event_file_read(&file, edf_path, EMG_SCORE_BY_CHANNEL, &names, NULL), EMG_OK);
    assert_int_equal(file.n, 5);
    assert_int_equal(file.n_other, 2);       /* the stretch, and what only begins like a class */
    assert_int_equal(file.n_without_end, 1); /* tonic of no length */
    assert_true(fabs(file.span_s - 20) < 1e-9);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(file.events[i].trial_type, wanted[i].trial_type);
        assert_true(fabs(file.events[i].onset_s - wanted[i].onset_s) < 1e-9);
        assert_string_equal(names.name[file.events[i].channel], wanted[i].channel);
    }
    assert_true(isnan(file.events[1].duration_s) && isnan(file.events[0].confidence));
    emgp_event_file_free(&file);
    emgp_row_names_free(&names);
}

/* Columns in any order, a byte-order mark, CR LF, n/a. */
static void tables_are_read_by_column_names(void **state)
{
    (void)state;
    file_put_text(
        tsv_path,
        "\xEF\xBB\xBFtrial_type\tconfidence\tonset\tduration\ttarget_muscle\tcount\tpeak\r\n"
        "clonus\t0.75\t1.5\t4\tL Soleus\t20\t2.25\r\n\r\nn/a\tn/a\t2\tn/a\tL Soleus\tn/a\tn/a\r\ngo\tn/a\t3\t1\tn/a\tn/a\tn/a\r\n");
    emgp_event_file file;
    emgp_row_names names = { 0 };
    assert_int_equal(emgp_event_file_read(&file, tsv_path, EMG_SCORE_BY_MUSCLE, &names, NULL), EMG_OK);
    assert_int_equal(file.n, 2);
    assert_int_equal(file.n_other, 1);
    assert_int_equal(file.events[0].count, 20);
    assert_true(fabs(file.events[0].confidence - 0.75) < 1e-12 && isnan(file.events[0].frequency_hz));
    assert_true(fabs(file.events[0].peak_s - 2.25) < 1e-12 && isnan(file.events[1].peak_s));
    assert_int_equal(file.events[1].trial_type, EMG_UNCLASSIFIED);
    assert_true(isnan(file.span_s));
    emgp_event_file_free(&file);
    emgp_row_names_free(&names);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        { "", "an empty file: a table of events has a header line" },
        { "onset\tduration\n1\t2\n", "the header line names no column 'trial_type': not a table of events" },
        { "onset\tduration\ttrial_type\n1\t0,5\tclonus\n", "row 1 of the table: 'duration' is not a number" },
        { "onset\tduration\ttrial_type\nn/a\t1\tclonus\n", "row 1 of the table: 'onset' is not a number" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emgp_event_file file;
        emgp_row_names names = { 0 };
        emg_error err = EMG_ERROR_NONE;
        file_put_text(tsv_path, cases[i].text);
        assert_int_equal(emgp_event_file_read(&file, tsv_path, EMG_SCORE_BY_MUSCLE, &names, &err), EMG_EFORMAT);
        assert_string_equal(err.text, cases[i].sentence);
        emgp_event_file_free(&file);
        emgp_row_names_free(&names);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(annotations_are_events),
        cmocka_unit_test(tables_are_read_by_column_names),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
