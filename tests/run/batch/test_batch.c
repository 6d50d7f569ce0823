/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main job over files and folders: what is done, what is refused, what is left behind. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <emg/batch.h>
#include <emg/result.h>
#include <emg/run.h>
#include <emg/simulation.h>

#include "base/base.h"
#include "support/folder.h"

enum { PATH = 256 };

static char good[PATH], quiet[PATH], bad[PATH], output[PATH];

static void in_folder(char *path, const char *name)
{
    snprintf(path, PATH, "%s/%s", folder, name);
}

static int make_recordings(void **state)
{
    if (folder_make(state))
        return -1;
    in_folder(good, "in");
    mkdir(good, 0777);
    in_folder(good, "in/a.edf");
    in_folder(quiet, "in/b.edf");
    in_folder(bad, "in/c.edf");
    in_folder(output, "out");
    file_put_text(bad, "no recording at all");
    return emg_run_simulation("fasciculation", 3, 10, 0, good, NULL) ||
           emg_run_simulation("quiet", 3, 10, 0, quiet, NULL);
}

typedef struct seen {
    size_t n, n_summaries, stop_after;
    emg_outcome outcome[8];
    char stem[8][32];
} seen;

static bool note(void *context, const emg_batch_item *item)
{
    seen *all = context;
    assert_int_equal(item->index, all->n);
    all->outcome[all->n] = item->outcome;
    snprintf(all->stem[all->n], sizeof all->stem[0], "%.31s", item->stem);
    all->n_summaries += item->summary != NULL;
    if (item->outcome == EMG_DONE)
        assert_non_null(strstr(item->summary, item->stem));
    if (item->outcome == EMG_FAILED_INPUT)
        assert_true(strlen(item->error->text) > 10);
    all->n++;
    return all->n != all->stop_after;
}

static emg_status batch(const char *input, seen *all, emg_batch_totals *totals, emg_error *err)
{
    emg_run_config config = emg_run_defaults();
    const char *inputs[] = { input };
    return emg_run_batch(inputs, 1, output, &config, note, all, totals, err);
}

static bool exists(const char *name)
{
    char path[PATH + 64];
    snprintf(path, sizeof path, "%s/%s", output, name);
    return access(path, F_OK) == 0;
}

static void clear_output(void)
{
    assert_int_equal(folder_remove(output), 0);
}

static void a_folder_in_order(void **state)
{
    (void)state;
    char input[PATH];
    in_folder(input, "in");
    seen all = { 0 };
    emg_batch_totals totals;
    clear_output();
    assert_int_equal(batch(input, &all, &totals, NULL), EMG_OK);
    assert_int_equal(totals.n_inputs, 3);
    assert_int_equal(totals.n_done, 2);
    assert_int_equal(totals.n_failed, 1);
    assert_int_equal(totals.n_output_failed, 0);
    assert_string_equal(all.stem[0], "a");
    assert_string_equal(all.stem[2], "c");
    assert_int_equal(all.outcome[0], EMG_DONE);
    assert_int_equal(all.outcome[1], EMG_DONE);
    assert_int_equal(all.outcome[2], EMG_FAILED_INPUT);
    assert_int_equal(all.n_summaries, 2);
    assert_true(exists("a_report.html") && exists("index.html"));
    assert_true(exists("a_events.tsv") && exists("b_report.json") && exists("batch.tsv") && exists("muscles.tsv"));
    assert_int_equal(folder_entries(output), 2 * 6 + 4); /* and .myogram */
}

static void stopped_on_request(void **state)
{
    (void)state;
    char input[PATH];
    in_folder(input, "in");
    seen all = { .stop_after = 1 };
    emg_batch_totals totals;
    emg_error err = EMG_ERROR_NONE;
    clear_output();
    assert_int_equal(batch(input, &all, &totals, &err), EMG_ECANCELLED);
    assert_int_equal(all.n, 1);
    assert_int_equal(totals.n_done, 1);
    assert_true(exists("a_events.tsv"));
    assert_false(exists("batch.tsv")); /* written when all are done */
    assert_int_equal(folder_entries(output), 6 + 1);
}

static void an_output_that_cannot_be_written(void **state)
{
    (void)state;
    clear_output();
    mkdir(output, 0777);
    char blocked[PATH + 32];
    snprintf(blocked, sizeof blocked, "%s/a_events.tsv", output);
    mkdir(blocked, 0777); /* a folder of that name */
    char input[PATH];
    in_folder(input, "in");
    seen all = { 0 };
    emg_batch_totals totals;
    assert_int_equal(batch(input, &all, &totals, NULL), EMG_OK);
    assert_int_equal(totals.n_output_failed, 1);
    assert_int_equal(totals.n_done, 1);
    assert_int_equal(all.outcome[0], EMG_FAILED_OUTPUT);
    assert_true(exists("b_events.tsv"));
}

static void a_missing_input(void **state)
{
    (void)state;
    seen all = { 0 };
    emg_batch_totals totals;
    clear_output();
    assert_int_equal(batch("/nowhere/at/all.edf", &all, &totals, NULL), EMG_OK);
    assert_int_equal(totals.n_failed, 1);
    assert_int_equal(totals.n_done, 0);
}

static void an_output_folder_that_cannot_be(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    const char *inputs[] = { good };
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_run_batch(inputs, 1, "/dev/null/x", &config, NULL, NULL, NULL, &err), EMG_EIO);
    assert_non_null(strstr(err.text, "/dev/null"));
}

static void one_file_in_one_call(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    emg_run run;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_run_file(good, &config, &run, &err), EMG_OK);
    assert_non_null(run.recording);
    assert_non_null(run.result);
    assert_int_equal(strlen(run.hash), 32);
    assert_true(emg_result_n_muscles(run.result) >= 1);
    emg_run_free(&run);
    assert_null(run.recording);
    emg_run_free(&run);
    assert_int_not_equal(emg_run_file(bad, &config, &run, &err), EMG_OK);
    assert_null(run.recording);
    emg_run_free(&run);
}

typedef struct told {
    size_t n;
    emg_run_progress last;
} told;

static void note_progress(void *context, const emg_run_progress *progress)
{
    told *t = context;
    if (t->n > 0 && progress->index == t->last.index)
        assert_true(progress->done_s > t->last.done_s);
    assert_true(progress->done_s > 0 && progress->done_s <= progress->all_s);
    t->n++;
    t->last = *progress;
}

static void progress_is_told(void **state)
{
    (void)state;
    told t = { .n = 0 };
    emg_run_config config = emg_run_defaults();
    config.reading.from_s = 2;
    config.reading.to_s = 8;
    config.reading.block_frames = 500;
    config.progress = note_progress;
    config.progress_context = &t;
    emg_run run;
    assert_int_equal(emg_run_file(good, &config, &run, NULL), EMG_OK);
    emg_run_free(&run);
    assert_true(t.n > 5 && t.last.index == 0 && t.last.n == 1);
    assert_true(fabs(t.last.all_s - 6) < 1e-9 && fabs(t.last.done_s - 6) < 1e-9);

    char input[PATH];
    in_folder(input, "in");
    const char *inputs[] = { input };
    clear_output();
    t = (told){ .n = 0 };
    assert_int_equal(emg_run_batch(inputs, 1, output, &config, NULL, NULL, NULL, NULL), EMG_OK);
    assert_true(t.n > 10 && t.last.index == 1 && t.last.n == 3 && fabs(t.last.done_s - 6) < 1e-9);
}

/* Whichever allocation fails: a clean refusal, no leak (a sanitizer looks on), nothing half-written. */
static void memory_faults(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    config.reading.to_s = 2;
    const char *inputs[] = { good };
    bool done = false;
    long n_failures = 0;
    for (long n = 1; !done; n += 1 + n / 50) {
        emg_batch_totals totals;
        clear_output();
        emgp_fault_arm(n, false);
        emg_status status = emg_run_batch(inputs, 1, output, &config, NULL, NULL, &totals, NULL);
        done = emgp_fault_count() < n;
        emgp_fault_arm(0, false);
        if (done) {
            assert_int_equal(status, EMG_OK);
            assert_int_equal(totals.n_done, 1);
        } else {
            if (status != EMG_ENOMEM && (status != EMG_OK || totals.n_done > 0))
                fail_msg("allocation %ld failed: status %d, %zu done", n, (int)status, totals.n_done);
            n_failures++;
        }
        assert_true(n < 1000000);
    }
    assert_true(n_failures > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_in_order),
        cmocka_unit_test(stopped_on_request),
        cmocka_unit_test(an_output_that_cannot_be_written),
        cmocka_unit_test(a_missing_input),
        cmocka_unit_test(an_output_folder_that_cannot_be),
        cmocka_unit_test(one_file_in_one_call),
        cmocka_unit_test(progress_is_told),
        cmocka_unit_test(memory_faults),
    };
    return cmocka_run_group_tests(tests, make_recordings, folder_drop);
}
