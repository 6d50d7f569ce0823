/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks from beside a recording: BIDS events, tables in every spelling, annotation files by their clock, what cannot be read. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <emg/recording.h>

#include "reading/bytes.h"
#include "support/folder.h"

static const edf_signal signals[] = { { "EMG1", "uV", "-1", "1", "-32768", "32767", 100 } };
static const edf_plan plan = { 2, "", "1", signals, 1, 20, NULL, NULL };

static const char *path_of(char room[512], const char *name)
{
    snprintf(room, 512, "%s/%s", folder, name);
    return room;
}

static void write_text(const char *name, const char *text)
{
    char path[512];
    file_put_text(path_of(path, name), text);
}

static int set_up(void **state)
{
    char path[512];
    if (folder_make(state))
        return -1;
    bytes b = edf_build(&plan);
    file_put(path_of(path, "knee.edf"), b.at, b.n);
    bytes_free(&b);
    return 0;
}

/* All marks of the recording as "onset/duration/text;". */
static char seen[512];

static bool note(void *context, const emg_annotation *a)
{
    (void)context;
    size_t n = strlen(seen);
    snprintf(seen + n, sizeof seen - n, "%g/%g/%s;", a->onset_s, isnan(a->duration_s) ? -1.0 : a->duration_s, a->text);
    return true;
}

static emg_status read_marks(const char *marks, bool no_sidecar, double *selected_s, emg_error *err)
{
    char path[512], marks_path[512];
    static const char *const within[] = { "b*" };
    emg_reading reading = emg_reading_defaults();
    reading.no_sidecar = no_sidecar;
    reading.marks_path = marks ? path_of(marks_path, marks) : NULL;
    if (selected_s) {
        reading.within = within;
        reading.n_within = 1;
    }
    emg_recording *rec = NULL;
    seen[0] = '\0';
    emg_status status = emg_recording_open(&rec, path_of(path, "knee.edf"), &reading, err);
    if (status == EMG_OK)
        assert_int_equal(emg_recording_annotations(rec, note, NULL, NULL), EMG_OK);
    if (status == EMG_OK && selected_s)
        *selected_s = emg_recording_get_facts(rec)->selected_s;
    emg_recording_close(rec);
    return status;
}

static void assert_marks(const char *table, const char *wanted)
{
    write_text("marks.txt", table);
    emg_error err = EMG_ERROR_NONE;
    if (read_marks("marks.txt", false, NULL, &err) != EMG_OK)
        fail_msg("'%s': %s", table, err.text);
    assert_string_equal(seen, wanted);
}

static void tables_in_every_spelling(void **state)
{
    (void)state;
    assert_marks("1\t2\ta\n3.5\t0\tb c\n", "1/2/a;3.5/0/b c;");
    assert_marks("onset\tduration\ttrial_type\n1\t2\ta\n3\tn/a\tb\n", "1/2/a;3/-1/b;");
    assert_marks("duration,onset,x,value\r\n2,1,q,a\r\n,3,q,b\r\n", "1/2/a;3/-1/b;");
    assert_marks("1,5;2,25;a\n", "1.5/2.25/a;");
    assert_marks("1,2,\"a, \"\"b\"\"\"\n", "1/2/a, \"b\";");
    assert_marks("\xEF\xBB\xBF# said by\n1\ta\n-2\tb\n", "1/-1/a;-2/-1/b;");
    assert_marks("1\t2\ta\n\n3\t4\tb", "1/2/a;3/4/b;");
}

static void rows_that_cannot_be_used_are_refused_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *table, *sentence;
    } wrong[] = {
        { "", "no line with a mark" },
        { "# only this\n", "no line with a mark" },
        { "a\tb\n", "line 1: neither" },
        { "onset\tduration\n1\t2\n", "line 1: no column holds the texts" },
        { "1\t2\ta\n\nx\t2\tSecret\n", "line 3, column onset" },
        { "1\t2\ta\n1\tlong\tSecret\n", "line 2, column duration" },
        { "1\t-2\tSecret\n", "line 1, column duration" },
        { "1e300\t2\ta\n", "line 1: neither" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        emg_error err = EMG_ERROR_NONE;
        write_text("marks.txt", wrong[i].table);
        assert_int_equal(read_marks("marks.txt", false, NULL, &err), EMG_EFORMAT);
        if (!strstr(err.text, wrong[i].sentence) || strstr(err.text, "Secret"))
            fail_msg("%zu: %s", i, err.text);
    }
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(read_marks("absent.tsv", false, NULL, &err), EMG_EIO);
    assert_non_null(strstr(err.text, "the marks cannot be read"));
}

static void bids_events_are_read_by_themselves(void **state)
{
    (void)state;
    char path[512];
    double selected_s = 0;
    emg_error err = EMG_ERROR_NONE;
    write_text("knee_events.tsv", "onset\tduration\ttrial_type\n2\t3\tbend\nn/a\t1\trest\nwhen\t1\trest\n");
    assert_int_equal(read_marks(NULL, false, &selected_s, &err), EMG_OK);
    assert_string_equal(seen, "2/3/bend;");
    assert_float_equal(selected_s, 3, 1e-9);
    assert_int_equal(read_marks(NULL, true, NULL, &err), EMG_OK);
    assert_string_equal(seen, "");
    write_text("marks.txt", "5\t4\tbent\n");
    assert_int_equal(read_marks("marks.txt", false, &selected_s, &err), EMG_OK); /* instead of what lies beside */
    assert_string_equal(seen, "5/4/bent;");
    assert_float_equal(selected_s, 4, 1e-9);
    write_text("knee_events.tsv", "no\tsuch\tthing\n");
    assert_int_equal(read_marks(NULL, false, NULL, &err), EMG_OK);
    write_text("knee_events.tsv", "onset\tduration\ttrial_type\tamplitude_rel\n2\t3\tclonus\t1\n"); /* of a report */
    assert_int_equal(read_marks(NULL, false, NULL, &err), EMG_OK);
    assert_string_equal(seen, "");
    assert_int_equal(truncate(path_of(path, "knee_events.tsv"), 8 * 1024 * 1024), 0); /* however long it is */
    assert_int_equal(read_marks(NULL, false, NULL, &err), EMG_OK);
    assert_int_equal(unlink(path_of(path, "knee_events.tsv")), 0);
    assert_int_equal(mkdir(path, 0777), 0); /* there, and no file: nobody can read it */
    assert_int_equal(read_marks(NULL, false, NULL, &err), EMG_EIO);
    assert_non_null(strstr(err.text, "events.tsv beside the recording cannot be read"));
    assert_int_equal(rmdir(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_in_every_spelling),
        cmocka_unit_test(rows_that_cannot_be_used_are_refused_by_line),
        cmocka_unit_test(bids_events_are_read_by_themselves),
    };
    return cmocka_run_group_tests(tests, set_up, folder_drop);
}
