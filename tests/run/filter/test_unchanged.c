/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings written again with nothing done to them: sample for sample to the bit where the target can hold them, else within
 * half a step of it; a table becomes a BDF and comes back so. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/conditioned.h>

#include "reading/corpus.h"
#include "reading/gather.h"
#include "support/folder.h"

enum { ROWS = 20000 };

static char in_path[512], out_path[512];

/* How many files of each kind of writing came out, and how many of them to the bit. */
typedef struct written {
    size_t n, n_exact;
    const char *ending;
} written;

static gathered read_all(const char *path, double *start_s)
{
    emg_recording *rec;
    gathered all;
    emg_error err = EMG_ERROR_NONE;
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    if (emg_recording_open(&rec, path, &reading, &err) != EMG_OK)
        fail_msg("%s: %s", path, err.text);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    *start_s = emg_recording_n_segments(rec) > 0 ? emg_recording_segment(rec, 0)->start_s : 0;
    emg_recording_close(rec);
    return all;
}

/* The largest difference of a sample and that of the same time in the output. Samples at the ends of segments may be left out. */
static double largest_difference(const gathered_channel *in, const gathered_channel *out, double shift_s,
                                 double rate_hz, size_t *n_compared)
{
    double most = 0;
    size_t k = 0;
    for (size_t i = 0; i < in->n; i++) {
        double t = in->time_s[i] - shift_s;
        while (k < out->n && out->time_s[k] < t - 0.25 / rate_hz)
            k++;
        if (k == out->n || out->time_s[k] > t + 0.25 / rate_hz)
            continue;
        most = fmax(most, fabs(in->x[i] - out->x[k]));
        ++*n_compared;
    }
    return most;
}

/* A sample that keeps its digital value is the same double unless the limits, by which it is scaled, had to be written wider:
 * then it differs in its last bits. Floats hold 24 bits of each sample's own size. */
static double most_allowed(const emg_run_filtered *channel)
{
    double size = fmax(fabs(channel->least), fabs(channel->most));
    if (channel->unchanged_scale)
        return 1e-9 * channel->step;
    return channel->step > 0 ? channel->step / 2 * (1 + 1e-9) + 1e-12 * size : size * 0x1p-24;
}

static bool compare(const char *path, const emg_run_filtering *done)
{
    bool exact = true;
    double in_s, out_s;
    gathered in = read_all(path, &in_s), out = read_all(out_path, &out_s);
    assert_int_equal(out.n_channels, done->n_channels);
    for (size_t c = 0; c < done->n_channels; c++) {
        const emg_channel *channel = emg_recording_channel(done->recording, done->channels[c].channel);
        const gathered_channel *from = &in.channel[done->channels[c].channel];
        size_t n = 0;
        double most = largest_difference(from, &out.channel[c], done->start_s, channel->rate_hz, &n);
        double left_out = ceil(done->left_out_s * channel->rate_hz) + (done->left_out_s > 0);
        if (!(most <= most_allowed(&done->channels[c])))
            fail_msg("%s, channel %zu: differs by %g of %g", path, channel->number, most,
                     most_allowed(&done->channels[c]));
        if (!((double)n + left_out >= (double)from->n))
            fail_msg("%s, channel %zu: %zu samples of %zu", path, channel->number, n, from->n);
        exact = exact && !(most > 0);
    }
    gathered_free(&in);
    gathered_free(&out);
    return exact;
}

/* Nothing is done; false: the target cannot hold such a recording, which was said. */
static bool write_again(const char *path, const char *ending, bool *exact)
{
    emg_run_filter_config config = emg_run_filter_defaults();
    emg_run_filtering done;
    emg_error err = EMG_ERROR_NONE;
    config.condition.low_hz = config.condition.high_hz = 0;
    config.condition.powerline = EMG_POWERLINE_OFF;
    config.condition.ecg = EMG_ECG_OFF;
    config.reading.all_channels = true;
    snprintf(out_path, sizeof out_path, "%s/out.%s", folder, ending);
    emg_status status = emg_run_filter(path, out_path, &config, &done, &err);
    assert_true(status == EMG_OK || *err.text);
    if (status == EMG_OK)
        *exact = compare(path, &done);
    emg_run_filter_free(&done);
    unlink(out_path);
    return status == EMG_OK;
}

static void check_row(const corpus_row *row, void *context)
{
    written *all = context;
    const char *dot = strrchr(row->cell[0], '.');
    char path[1024];
    bool same = dot && strcmp(dot + 1, all->ending) == 0;
    bool wider = dot && strcmp(dot, ".edf") == 0 && strcmp(all->ending, "bdf") == 0;
    bool exact = false;
    snprintf(path, sizeof path, "%s/data/%s", EMG_SHARED_DIR, row->cell[0]);
    if (row->n < 12 || (!same && !wider) || !write_again(path, all->ending, &exact))
        return;
    all->n++;
    all->n_exact += exact;
    if (same && !exact && strcmp(all->ending, "wav") != 0)
        print_message("%s: within half a step\n", row->cell[0]);
}

static void nothing_changes(const char *ending, size_t least, size_t least_exact)
{
    written all = { .ending = ending };
    if (!corpus_each("data/INDEX.tsv", check_row, &all))
        skip();
    print_message("%zu written as %s, %zu to the bit\n", all.n, ending, all.n_exact);
    assert_true(all.n >= least && all.n_exact >= least_exact);
}

static void edf_stays(void **state)
{
    (void)state;
    nothing_changes("edf", 55, 54);
}

static void bdf_takes_all(void **state)
{
    (void)state;
    nothing_changes("bdf", 60, 10);
}

static void wav_stays(void **state)
{
    (void)state;
    nothing_changes("wav", 20, 10);
}

/* Numbers of five decimals do not lie on a grid that 24 bits can have. */
static void a_table_comes_back(void **state)
{
    (void)state;
    bool exact = true;
    snprintf(in_path, sizeof in_path, "%s/in.csv", folder);
    FILE *file = fopen(in_path, "w");
    assert_non_null(file);
    fprintf(file, "time (s),EMG TA (uV),EMG SOL (mV),torque (Nm)\n");
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "%.4f,%.5f,%.7f,%.3f\n", i / 2000.0, 800 * sin(0.31 * i) * sin(0.0017 * i), 1.3 * cos(0.77 * i),
                80 + 12 * sin(0.002 * i));
    fclose(file);
    assert_true(write_again(in_path, "bdf", &exact));
    assert_false(exact);
    assert_true(write_again(in_path, "edf", &exact));
    assert_true(write_again(in_path, "bdf", &exact));
    unlink(in_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edf_stays),
        cmocka_unit_test(bdf_takes_all),
        cmocka_unit_test(wav_stays),
        cmocka_unit_test(a_table_comes_back),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
