/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings of many writers: channels, samples, annotations and values as their index and their dumps say. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"
#include "gather.h"

/* The number before a word: "4 signals" in "reads: 4 signals (Flow, ...)"; -1 when the word does not follow one. */
static long long number_before(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    if (!at || at == text || at[-1] != ' ')
        return -1;
    const char *digits = at - 1;
    while (digits > text && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    return digits == at - 1 ? -1 : atoll(digits);
}

/* Every ordinary signal's sample count is one of those listed, "7/10500 samples per signal". */
static void check_sample_counts(const char *due, const corpus_result *r)
{
    const char *end = strstr(due, " samples per signal");
    if (!end)
        end = strstr(due, " samples");
    assert_non_null(end);
    const char *start = end;
    while (start > due && (start[-1] == '/' || (start[-1] >= '0' && start[-1] <= '9')))
        start--;
    for (size_t i = 0; i < r->facts.n_channels; i++) {
        unsigned long long n = emg_recording_channel(r->recording, i)->n_samples;
        bool listed = false;
        for (const char *at = start; at < end; at += strcspn(at, "/ ") + 1)
            listed = listed || strtoull(at, NULL, 10) == n;
        if (!listed)
            fail_msg("signal %zu has %llu samples, not %.*s", i + 1, n, (int)(end - start), start);
    }
}

static void check_reading(const corpus_row *row, const corpus_result *r)
{
    const char *due = row->cell[11];
    long long signals =
        number_before(due, "signals (") > 0 ? number_before(due, "signals (") : number_before(due, "signal (");
    long long frames = number_before(due, "frames of"), annotations = number_before(due, "annotations:");
    if (annotations < 0)
        annotations = number_before(due, "annotation:") >= 0 ? number_before(due, "annotation:")
                                                             : number_before(due, "annotations;");
    if (signals > 0) {
        assert_int_equal(r->facts.n_channels, signals);
        check_sample_counts(due, r);
    }
    if (frames >= 0) {
        assert_int_equal(r->facts.n_channels, atoi(row->cell[4]));
        assert_int_equal(emg_recording_channel(r->recording, 0)->n_samples, frames);
        assert_int_equal(r->n_samples, (unsigned long long)frames * r->facts.n_channels);
    }
    if (annotations >= 0)
        assert_int_equal(r->n_annotations, annotations);
    if (row->cell[5][0] && signals > 0 && !strstr(due, "record duration 0"))
        assert_true(fabs(r->facts.duration_s - atof(row->cell[5])) <= 1e-6 * (1 + r->facts.duration_s));
    if (strstr(due, "warning") && !strstr(due, "or refused"))
        assert_true(r->n_deviations > 0);
}

static void check_row(const corpus_row *row, void *context)
{
    if (row->n < 12)
        return;
    const char *path = row->cell[0], *dot = strrchr(path, '.'), *due = row->cell[11];
    bool is_recording = dot && (!strcmp(dot, ".edf") || !strcmp(dot, ".EDF") || !strcmp(dot, ".bdf") ||
                                !strcmp(dot, ".wav") || !strcmp(dot, ".gdf"));
    if (!is_recording)
        return;
    char full[1024];
    snprintf(full, sizeof full, "data/%s", path);
    corpus_result r = corpus_read(full, false);
    bool may_refuse = strstr(due, "refused") != NULL, may_read = strncmp(due, "refused", 7) != 0;
    if (r.status == EMG_OK ? !may_read : !may_refuse)
        fail_msg("%s (%s): status %d %s", path, due, (int)r.status, r.error.text);
    if (r.status == EMG_OK)
        check_reading(row, &r);
    else
        assert_true(r.error.offset >= 0 && r.error.text[0]);
    corpus_close(&r);
    ++*(size_t *)context;
}

static void recordings_come_out_as_indexed(void **state)
{
    (void)state;
    size_t n = 0;
    if (!corpus_each("data/INDEX.tsv", check_row, &n))
        skip();
    print_message("%zu recordings\n", n);
    assert_true(n > 0);
}

/* All channels of a file of the shared folder; false when it is not there. */
static bool gather_file(const char *path, gathered *all, emg_recording **rec)
{
    char full[1024];
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    snprintf(full, sizeof full, "%s/%s", EMG_SHARED_DIR, path);
    if (emg_recording_open(rec, full, &reading, NULL) != EMG_OK)
        return false;
    assert_int_equal(gather(all, *rec, NULL), EMG_OK);
    return true;
}

/* A dump of another reader: a line of names, then time and values with six decimals. */
static void compare_dump(const char *recording, const char *dump)
{
    char full[1024], line[4096];
    gathered all;
    emg_recording *rec;
    snprintf(full, sizeof full, "%s/%s", EMG_SHARED_DIR, dump);
    FILE *file = fopen(full, "rb");
    if (!file || !gather_file(recording, &all, &rec))
        skip();
    assert_non_null(fgets(line, sizeof line, file));
    size_t n = 0;
    for (; fgets(line, sizeof line, file); n++) {
        char *at = line;
        double time_s = strtod(at, &at);
        for (size_t c = 0; c < all.n_channels; c++) {
            assert_int_equal(*at, ',');
            double due = strtod(at + 1, &at);
            assert_true(n < all.channel[c].n);
            assert_true(fabs(all.channel[c].x[n] - due) <= 0.6e-6);
            assert_true(fabs(all.channel[c].time_s[n] - time_s) <= 0.6e-6);
        }
    }
    assert_int_equal(n, all.channel[0].n);
    fclose(file);
    gathered_free(&all);
    emg_recording_close(rec);
}

static void values_are_those_of_another_reader(void **state)
{
    (void)state;
    compare_dump("data/edf/edfReader/edfPlusC.edf", "data/edf/edfReader/edfPlusC_data.txt");
    compare_dump("data/edf/edfReader/bdfPlusC.bdf", "data/edf/edfReader/bdfPlusC_data.txt");
}

/* REFERENCE.tsv: mean and root mean square of each channel in its own unit, to six digits. */
static void check_reference(const corpus_row *row, void *context)
{
    char path[256];
    gathered all;
    emg_recording *rec;
    if (row->n < 8)
        return;
    snprintf(path, sizeof path, "data/real/%s", row->cell[0]);
    if (!gather_file(path, &all, &rec))
        fail_msg("%s cannot be read", path);
    for (size_t i = 0; i < all.n_channels; i++) {
        const emg_channel *c = emg_recording_channel(rec, i);
        bool wave = emg_recording_get_facts(rec)->format == EMG_FORMAT_WAV;
        if (!wave && strcmp(c->label, row->cell[1]) != 0)
            continue;
        double scale = wave ? 32768 : c->to_uv > 0 ? 1 / c->to_uv : 1, sum = 0, squares = 0;
        double mean_due = atof(row->cell[6]), rms_due = atof(row->cell[7]);
        for (size_t k = 0; k < all.channel[i].n; k++) {
            double x = all.channel[i].x[k] * scale;
            sum += x;
            squares += x * x;
        }
        double n = (double)all.channel[i].n, mean = sum / n, rms = sqrt(squares / n);
        assert_int_equal(all.channel[i].n, atoll(row->cell[4]));
        if (fabs(mean - mean_due) > 6e-6 * (fabs(mean_due) + 0.01 * rms) || fabs(rms - rms_due) > 6e-6 * rms)
            fail_msg("%s %s: mean %.9g not %s, rms %.9g not %s", row->cell[0], row->cell[1], mean, row->cell[6], rms,
                     row->cell[7]);
        ++*(size_t *)context;
        break;
    }
    gathered_free(&all);
    emg_recording_close(rec);
}

static void means_and_powers_are_those_of_the_reference(void **state)
{
    (void)state;
    size_t n = 0;
    if (!corpus_each("data/real/REFERENCE.tsv", check_reference, &n))
        skip();
    print_message("%zu channels\n", n);
    assert_true(n > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recordings_come_out_as_indexed),
        cmocka_unit_test(values_are_those_of_another_reader),
        cmocka_unit_test(means_and_powers_are_those_of_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
