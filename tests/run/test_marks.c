/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations as marks: globs of each kind, texts numbered, more texts and marks than are kept, no memory. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "reading/bytes.h"
#include "run/run.h"

enum { N = 100, MARKS = 5, TEXT_BYTES = 16, ROOM = (MARKS + 1) * TEXT_BYTES + 16 };

static char texts[N][ROOM];

/* A record of a second with up to MARKS annotations, as `name` says. */
static emg_recording *recording(void (*name)(int record, int mark, char text[TEXT_BYTES]))
{
    static const char *annotations[N];
    static size_t lengths[N];
    static const edf_signal signals[] = { { "EMG TA", "uV", "-1000", "1000", "-32768", "32767", 200 },
                                          { "EDF Annotations", "", "-1", "1", "-32768", "32767", 90 } };
    static bytes b;
    bytes_free(&b);
    for (int r = 0; r < N; r++) {
        int n = snprintf(texts[r], ROOM, "+%d\x14\x14", r) + 1;
        for (int k = 0; k < MARKS; k++) {
            char text[TEXT_BYTES] = "";
            name(r, k, text);
            if (*text)
                n += snprintf(texts[r] + n, ROOM - (size_t)n, "+%d.%d\x14%s\x14", r, k, text) + 1;
        }
        annotations[r] = texts[r];
        lengths[r] = (size_t)n;
    }
    const edf_plan plan = { 2, "EDF+C", "1", signals, 2, N, annotations, lengths };
    b = edf_build(&plan);
    emg_recording *out = NULL;
    assert_int_equal(emg_recording_open_memory(&out, b.at, b.n, "made.edf", NULL, NULL), EMG_OK);
    return out;
}

/* tap at x.0, TMS 1 and TMS 2 in turn at x.1, "word r" at x.2 (each once), "late" at x.3 from record 90 on. */
static void mixed(int record, int k, char text[TEXT_BYTES])
{
    if (k == 0)
        strcpy(text, "tap");
    else if (k == 1)
        snprintf(text, TEXT_BYTES, "TMS %d", 1 + record % 2);
    else if (k == 2)
        snprintf(text, TEXT_BYTES, "word %d", record);
    else if (k == 3 && record >= 90)
        strcpy(text, "late");
}

static size_t count(const emgp_marks *m, emg_mark_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += m->mark[i].kind == kind;
    return n;
}

static void globs_make_marks(void **state)
{
    (void)state;
    static const char *const stimulus[] = { "tms 1", "T*" };
    emg_run_config config = emg_run_defaults();
    emgp_marks marks = { 0 };
    emg_recording *r = recording(mixed);
    assert_int_equal(emgp_marks_read(&marks, r, &config, NULL), EMG_OK);
    assert_int_equal(marks.n, 0);
    config.stimulus_globs = stimulus;
    config.n_stimulus_globs = 1;
    assert_int_equal(emgp_marks_read(&marks, r, &config, NULL), EMG_OK);
    assert_int_equal(marks.n, 50);
    assert_int_equal(count(&marks, EMG_MARK_STIMULUS), 50);
    assert_true(marks.mark[1].onset_s > 2.09 && marks.mark[1].onset_s < 2.11);
    emgp_free(marks.mark);
    marks = (emgp_marks){ 0 };
    config.n_stimulus_globs = 2; /* two of its globs match: one mark; two kinds match: one of each */
    config.stretch_glob = "tap";
    config.rest_glob = "word*";
    config.task_glob = "late";
    assert_int_equal(emgp_marks_read(&marks, r, &config, NULL), EMG_OK);
    assert_int_equal(count(&marks, EMG_MARK_STIMULUS), 200);
    assert_int_equal(count(&marks, EMG_MARK_STRETCH), 100);
    assert_int_equal(count(&marks, EMG_MARK_REST), 100);
    assert_int_equal(count(&marks, EMG_MARK_TASK), 10);
    emgp_free(marks.mark);
    emg_recording_close(r);
}

/* What no glob matches is unknown, numbered by text; texts that come often keep their places among many that do not. */
static void unknown_texts_are_numbered(void **state)
{
    (void)state;
    static const char *const stimulus[] = { "tms 1" };
    emg_run_config config = emg_run_defaults();
    config.stimulus_globs = stimulus;
    config.n_stimulus_globs = 1;
    emgp_marks marks = { 0 };
    emg_recording *r = recording(mixed);
    size_t of_text[EMG_MARK_TEXTS] = { 0 }, n_often = 0;
    assert_int_equal(emgp_marks_read_all(&marks, r, &config, NULL), EMG_OK);
    assert_int_equal(count(&marks, EMG_MARK_STIMULUS), 50);
    for (size_t i = 0; i < marks.n; i++) {
        if (marks.mark[i].kind != EMG_MARK_UNKNOWN)
            continue;
        assert_true(marks.mark[i].text < EMG_MARK_TEXTS);
        of_text[marks.mark[i].text]++;
    }
    for (size_t t = 0; t < EMG_MARK_TEXTS; t++) {
        assert_true(of_text[t] == 1 || of_text[t] == 10 || of_text[t] == 50 || of_text[t] == 100);
        n_often += of_text[t] >= 10;
    }
    assert_int_equal(n_often, 3); /* tap, TMS 2 and, though it came when all places were taken, late */
    emgp_free(marks.mark);
    emg_recording_close(r);
}

/* Every second text is about a channel that is there, or about none. */
static void about_channels(int record, int k, char text[TEXT_BYTES])
{
    if (k < 2)
        strcpy(text, k == 0 ? "tap@@EMG TA" : record % 2 ? "x@@EMG TA" : "x@@nobody");
}

static void marks_of_one_channel(void **state)
{
    (void)state;
    static const char *const stimulus[] = { "tap" }; /* what stands before the channel is a text, too */
    emg_run_config config = emg_run_defaults();
    config.stimulus_globs = stimulus;
    config.n_stimulus_globs = 1;
    emgp_marks marks = { 0 };
    emg_recording *r = recording(about_channels);
    size_t n_about[2][2] = { { 0 } };
    assert_int_equal(emgp_marks_read_all(&marks, r, &config, NULL), EMG_OK);
    for (size_t i = 0; i < marks.n; i++)
        n_about[marks.mark[i].kind == EMG_MARK_UNKNOWN][marks.mark[i].channel]++;
    assert_int_equal(n_about[false][1], N);
    assert_int_equal(n_about[false][0], 0);
    assert_int_equal(n_about[true][1], N / 2);
    assert_int_equal(n_about[true][0], N / 2);
    emgp_free(marks.mark);
    emg_recording_close(r);
}

static void memory_faults(void **state)
{
    (void)state;
    static const char *const stimulus[] = { "TMS*" };
    emg_run_config config = emg_run_defaults();
    config.stimulus_globs = stimulus;
    config.n_stimulus_globs = 1;
    emg_recording *r = recording(mixed);
    for (long n = 1;; n++) {
        emgp_marks marks = { 0 };
        emgp_fault_arm(n, false);
        emg_status status = emgp_marks_read_all(&marks, r, &config, NULL);
        bool done = emgp_fault_count() < n;
        emgp_fault_arm(0, false);
        emgp_free(marks.mark);
        assert_int_equal(status, done ? EMG_OK : EMG_ENOMEM);
        if (done)
            break;
    }
    emg_recording_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_make_marks),
        cmocka_unit_test(unknown_texts_are_numbered),
        cmocka_unit_test(marks_of_one_channel),
        cmocka_unit_test(memory_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
