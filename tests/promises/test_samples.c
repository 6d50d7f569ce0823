/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The project's own sample recordings, reported and read back from the written tables, against their truth. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/batch.h>
#include <emg/report.h>
#include <emg/report_json.h>
#include <emg/report_tables.h>
#include <emg/run.h>
#include <emg/simulation.h>

#include "support/collect.h"
#include "support/folder.h"

enum { PATH = 256, MOST_EVENTS = 4000 };
static const double tolerance_s = 0.010;

typedef struct row {
    double onset, duration;
    char word[24], channel[40];
    bool matched;
} row;

typedef struct table {
    row rows[MOST_EVENTS];
    size_t n;
} table;

static table truth, found;

/* Reads the first four columns of an events table. */
static void read_table(const char *path, table *out)
{
    char line[2048];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_true(strncmp(line, "onset\tduration\ttrial_type\tchannel\t", 33) == 0);
    out->n = 0;
    while (fgets(line, sizeof line, file)) {
        row *r = &out->rows[out->n++];
        assert_true(out->n < MOST_EVENTS);
        assert_int_equal(sscanf(line, "%lf\t%lf\t%23[^\t]\t%39[^\t]", &r->onset, &r->duration, r->word, r->channel), 4);
        r->matched = false;
    }
    fclose(file);
}

static void simulate_and_report(const char *preset, uint64_t seed)
{
    char path[PATH], reports[PATH];
    const char *inputs[] = { path };
    emg_error err = EMG_ERROR_NONE;
    snprintf(path, sizeof path, "%s/%s.edf", folder, preset);
    snprintf(reports, sizeof reports, "%s/reports", folder);
    assert_int_equal(emg_run_simulation(preset, seed, 0, 0, path, &err), EMG_OK);
    emg_run_config config = emg_run_defaults();
    emg_batch_totals totals;
    assert_int_equal(emg_run_batch(inputs, 1, reports, &config, NULL, NULL, &totals, &err), EMG_OK);
    assert_int_equal(totals.n_done, 1);
    snprintf(path, sizeof path, "%s/%s_events.tsv", folder, preset);
    read_table(path, &truth);
    snprintf(path, sizeof path, "%s/reports/%s_events.tsv", folder, preset);
    read_table(path, &found);
}

/* One-to-one matches in time order of equal words on equal channels. */
static double f1(const char *word)
{
    size_t n_true = 0, n_found = 0, n_matched = 0;
    for (size_t i = 0; i < found.n; i++)
        n_found += strcmp(found.rows[i].word, word) == 0;
    for (size_t t = 0; t < truth.n; t++) {
        if (strcmp(truth.rows[t].word, word) != 0)
            continue;
        n_true++;
        for (size_t i = 0; i < found.n; i++) {
            row *r = &found.rows[i];
            if (!r->matched && strcmp(r->word, word) == 0 && strcmp(r->channel, truth.rows[t].channel) == 0 &&
                fabs(r->onset - truth.rows[t].onset) <= tolerance_s) {
                r->matched = true;
                n_matched++;
                break;
            }
        }
    }
    print_message("%s: %zu true, %zu found, %zu matched\n", word, n_true, n_found, n_matched);
    return 2 * (double)n_matched / (double)(n_true + n_found);
}

static double overlap(const row *a, const row *b)
{
    double from = fmax(a->onset, b->onset), to = fmin(a->onset + a->duration, b->onset + b->duration);
    return to > from ? to - from : 0;
}

/* Share of the true episodes of that word that events of the same word and channel cover to at least 80 %. */
static double share_named(const char *word)
{
    size_t n = 0, named = 0;
    for (size_t t = 0; t < truth.n; t++) {
        const row *e = &truth.rows[t];
        double covered = 0;
        if (strcmp(e->word, word) != 0)
            continue;
        for (size_t i = 0; i < found.n; i++)
            if (strcmp(found.rows[i].word, word) == 0 && strcmp(found.rows[i].channel, e->channel) == 0)
                covered += overlap(e, &found.rows[i]);
        n++;
        named += covered >= 0.8 * e->duration;
    }
    assert_true(n > 0);
    print_message("%s: %zu of %zu episodes named\n", word, named, n);
    return (double)named / (double)n;
}

/* Seconds of events of any other word than these. */
static double seconds_of_others(const char *word)
{
    double sum = 0;
    for (size_t i = 0; i < found.n; i++)
        sum += strcmp(found.rows[i].word, word) == 0 ? 0 : found.rows[i].duration;
    return sum;
}

static void fasciculations_are_found(void **state)
{
    (void)state;
    /* 1 is the sample recording; no threshold was chosen with the others in sight */
    const uint64_t seeds[] = { 1, 101, 102, 103, 104, 105 };
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        simulate_and_report("fasciculation", seeds[i]);
        assert_true(f1("fasciculation") >= 0.9);
    }
}

static void clonus_tremor_and_tonic_get_their_word(void **state)
{
    (void)state;
    const char *const presets[][2] = { { "ankle-clonus", "clonus" }, { "tremor", "tremor" }, { "voluntary", "tonic" } };
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        simulate_and_report(presets[i][0], 1); /* the sample recordings are those of seed 1 */
        assert_true(share_named(presets[i][1]) >= 0.99);
        assert_true(seconds_of_others(presets[i][1]) < 1);
    }
}

static void quiet_is_quiet(void **state)
{
    (void)state;
    simulate_and_report("quiet", 1);
    assert_int_equal(truth.n, 0);
    assert_int_equal(found.n, 0);
}

static double seconds_on(const char *channel)
{
    double sum = 0;
    for (size_t i = 0; i < found.n; i++)
        sum += strcmp(found.rows[i].channel, channel) == 0 ? found.rows[i].duration : 0;
    return sum;
}

static void hum_and_ecg_do_not_hide_them(void **state)
{
    (void)state;
    simulate_and_report("mixed", 1);
    assert_true(f1("fasciculation") >= 0.9);
    assert_true(share_named("clonus") >= 0.99);
    assert_true(share_named("tonic") >= 0.8);
    /* a heart beats in the trapezius, and nothing else: seeds 1 to 3 and three that nobody looked at */
    const uint64_t seeds[] = { 1, 2, 3, 111, 112, 113 };
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        simulate_and_report("mixed", seeds[i]);
        assert_true(f1("fasciculation") >= 0.9);
        assert_true(seconds_on("EMG L Trapezius") < 0.5);
    }
}

/* A report of a recording as text, read with a group size and frames in a block. */
static char *events_text(const char *path, size_t group_size, size_t block_frames)
{
    emg_run_config config = emg_run_defaults();
    config.reading.group_size = group_size;
    config.reading.block_frames = block_frames;
    emg_run run;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_run_file(path, &config, &run, &err), EMG_OK);
    collected text = { .text = NULL };
    emg_report_input input = { .recording = "r", .config = &config.analysis };
    assert_int_equal(emg_report_events(run.result, collect, &text, NULL), EMG_OK);
    assert_int_equal(emg_report_channels(run.result, &input, collect, &text, NULL), EMG_OK);
    assert_int_equal(emg_report_json(run.result, &input, collect, &text, NULL), EMG_OK);
    emg_run_free(&run);
    return text.text;
}

static void blocks_and_groups_give_the_same_bytes(void **state)
{
    (void)state;
    char path[PATH];
    emg_error err = EMG_ERROR_NONE;
    snprintf(path, sizeof path, "%s/cut.edf", folder);
    assert_int_equal(emg_run_simulation("long", 4, 30, 0, path, &err), EMG_OK);
    char *whole = events_text(path, 16, 0);
    const size_t cuts[][2] = { { 1, 0 }, { 4, 1000 }, { 8, 7 }, { 16, 1 }, { 16, 1000000 } };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char *other = events_text(path, cuts[i][0], cuts[i][1]);
        assert_string_equal(whole, other);
        free(other);
    }
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fasciculations_are_found),
        cmocka_unit_test(clonus_tremor_and_tonic_get_their_word),
        cmocka_unit_test(quiet_is_quiet),
        cmocka_unit_test(hum_and_ecg_do_not_hide_them),
        cmocka_unit_test(blocks_and_groups_give_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
