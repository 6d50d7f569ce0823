/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulation as files: samples and truth as the simulation gives them, in memory that does not grow with length. */
#include "support/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <emg/recording.h>
#include <emg/simulate.h>
#include <emg/simulation.h>

#include "base/base.h"
#include "support/folder.h"

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* fails when a test left something */
}

static char *in_folder(const char *name)
{
    static char names[4][128];
    static int which;
    char *out = names[which++ % 4];
    snprintf(out, sizeof names[0], "%s/%s", folder, name);
    return out;
}

static unsigned char *contents(const char *name, size_t *n)
{
    FILE *f = fopen(name, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    *n = (size_t)ftell(f);
    rewind(f);
    unsigned char *p = calloc(*n + 1, 1);
    assert_non_null(p);
    assert_int_equal(fread(p, 1, *n, f), *n);
    fclose(f);
    return p;
}

/* Every sample of the file is the nearest step to the simulation's. */
static void check_samples(const char *name, size_t width, double step_uv)
{
    enum { SECONDS = 20, RATE = 1000 };
    size_t n;
    char *path = in_folder(name), *truth = in_folder("out_events.tsv");
    assert_int_equal(emg_run_simulation("mixed", 11, SECONDS, RATE, path, NULL), EMG_OK);
    unsigned char *p = contents(path, &n);
    emg_simulation *s = NULL;
    assert_int_equal(emg_simulation_new(&s, "mixed", 11, SECONDS, RATE, NULL), EMG_OK);
    size_t n_channels = emg_simulation_n_channels(s), header = 256 * (n_channels + 2), record = (n - header) / SECONDS;
    double *x = calloc(n_channels * RATE, sizeof *x);
    assert_non_null(x);
    for (size_t r = 0; r < SECONDS; r++) {
        assert_int_equal(emg_simulation_next(s, x, RATE, NULL), EMG_OK);
        for (size_t c = 0; c < n_channels; c++)
            for (size_t i = 0; i < RATE; i++) {
                const unsigned char *at = p + header + r * record + (c * RATE + i) * width;
                int32_t digit = at[0] | at[1] << 8 | (width == 3 ? at[2] << 16 : 0),
                        half = width == 3 ? 1 << 23 : 1 << 15;
                digit = digit >= half ? digit - 2 * half : digit;
                double uv = ((double)digit + half) * step_uv - 3276.8;
                assert_true(fabs(uv - x[i * n_channels + c]) <= 0.5 * step_uv + 1e-9);
            }
    }
    free(x);
    free(p);
    emg_simulation_free(s);
    unlink(path);
    unlink(truth);
}

static void files_hold_the_samples(void **state)
{
    (void)state;
    check_samples("out.edf", 2, 0.1);
    check_samples("out.bdf", 3, 6553.5 / 16777215);
    check_samples("out.EDF", 2, 0.1);
}

static void the_table_holds_the_truth(void **state)
{
    (void)state;
    static const char header[] = "onset\tduration\ttrial_type\tchannel\ttarget_muscle\tn_channels\tamplitude_uv\t"
                                 "amplitude_rel\tsnr_db\tfrequency_hz\tcount\tinterval_cv\tinterval_rcv\tunit\t"
                                 "confidence\treasons\tpeak\n";
    size_t n, n_rows = 0;
    char *path = in_folder("mix.ed.edf"), *table = in_folder("mix.ed_events.tsv");
    assert_int_equal(emg_run_simulation("mixed", 12, 60, 0, path, NULL), EMG_OK);
    char *text = (char *)contents(table, &n);
    assert_memory_equal(text, header, sizeof header - 1);
    emg_simulation *s = NULL;
    assert_int_equal(emg_simulation_new(&s, "mixed", 12, 60, 0, NULL), EMG_OK);
    for (char *line = strtok(text + sizeof header - 1, "\n"); line; line = strtok(NULL, "\n"), n_rows++) {
        const emg_truth *t = emg_simulation_event(s, n_rows);
        char label[32], muscle[32], type[32], rest[64], amplitude[32], frequency[32], count[32], unit[32];
        double onset, duration;
        assert_non_null(t);
        assert_int_equal(
            sscanf(line,
                   "%lf\t%lf\t%31[^\t]\t%31[^\t]\t%31[^\t]\tn/a\t%31s\tn/a\tn/a\t%31s\t%31s\tn/a\tn/a\t%31s\t%63[^\n]",
                   &onset, &duration, type, label, muscle, amplitude, frequency, count, unit, rest),
            10);
        assert_true(fabs(onset - t->onset_s) < 6e-7 && fabs(duration - t->duration_s) < 6e-7);
        assert_string_equal(type, emg_class_name(t->trial_type));
        assert_string_equal(label, emg_simulation_channel(s, t->channel)->label);
        assert_string_equal(muscle, label + 4);
        assert_true(fabs(atof(amplitude) / t->amplitude_uv - 1) < 6e-6);
        assert_true(isnan(t->frequency_hz) ? !strcmp(frequency, "n/a")
                                           : fabs(atof(frequency) / t->frequency_hz - 1) < 6e-6);
        assert_int_equal(atol(count), t->count);
        assert_int_equal(strcmp(unit, "n/a") ? atol(unit) : 0, t->unit);
        if (t->trial_type == EMG_FASCICULATION || t->trial_type == EMG_MYOCLONUS)
            assert_true(strncmp(rest, "n/a\tn/a\t", 8) == 0 && fabs(atof(rest + 8) - t->peak_s) < 6e-7);
        else
            assert_string_equal(rest, "n/a\tn/a\tn/a");
    }
    assert_int_equal(n_rows, emg_simulation_n_events(s));
    assert_true(n_rows > 30);
    free(text);
    emg_simulation_free(s);
    unlink(path);
    unlink(table);
}

static bool count_stretches(void *context, const emg_annotation *annotation)
{
    *(size_t *)context += strcmp(annotation->text, "stretch") == 0 && annotation->duration_s > 1;
    return true;
}

/* The library's own reader gives back what the simulation made, to half a step, and finds nothing to complain of. */
static void the_reader_agrees(void **state)
{
    (void)state;
    char *path = in_folder("r.bdf");
    emg_simulation_job job = { .preset = "ankle-clonus", .path = path, .duration_s = 30, .without_truth = true };
    assert_int_equal(emg_run_simulation_job(&job, NULL), EMG_OK);
    emg_simulation *s = NULL;
    emg_recording *r = NULL;
    assert_int_equal(emg_simulation_new(&s, "ankle-clonus", 0, 30, 0, NULL), EMG_OK);
    emg_reading strict = emg_reading_defaults();
    strict.strict = true;
    assert_int_equal(emg_recording_open(&r, path, &strict, NULL), EMG_OK);
    assert_int_equal(emg_recording_n_deviations(r), 0);
    assert_true(emg_recording_channel(r, 0)->reflex_site && emg_recording_channel(r, 2)->is_muscle);
    double *x = calloc(3 * 2048 * 30, sizeof *x);
    assert_non_null(x);
    size_t at = 0, n_stretches = 0;
    emg_block block;
    while (emg_recording_next(r, &block, NULL) == EMG_OK && block.n_frames > 0) {
        assert_int_equal(block.n_channels, 3);
        assert_int_equal(emg_simulation_next(s, x, block.n_frames, NULL), EMG_OK);
        for (size_t i = 0; i < 3 * block.n_frames; i++)
            assert_true(fabs(block.x[i] - x[i]) < 0.0002);
        at += block.n_frames;
    }
    assert_int_equal(at, 30 * 2048);
    assert_int_equal(emg_recording_annotations(r, count_stretches, &n_stretches, NULL), EMG_OK);
    assert_int_equal(n_stretches, emg_simulation_n_annotations(s));
    free(x);
    emg_recording_close(r);
    emg_simulation_free(s);
    unlink(path);
}

static void stretches_reach_the_file(void **state)
{
    (void)state;
    size_t n, n_found = 0;
    char *path = in_folder("c.edf");
    emg_simulation_job clonus = {
        .preset = "ankle-clonus", .path = path, .seed = 1, .duration_s = 60, .without_truth = true
    };
    assert_int_equal(emg_run_simulation_job(&clonus, NULL), EMG_OK);
    assert_int_not_equal(access(in_folder("c_events.tsv"), F_OK), 0);
    unsigned char *p = contents(path, &n);
    for (size_t i = 256 * 5; i + 9 < n; i++)
        n_found += memcmp(p + i, "\x14stretch\x14", 9) == 0;
    emg_simulation *s = NULL;
    assert_int_equal(emg_simulation_new(&s, "ankle-clonus", 1, 60, 0, NULL), EMG_OK);
    assert_int_equal(n_found, emg_simulation_n_annotations(s));
    assert_true(n_found > 1);
    emg_simulation_free(s);
    free(p);
    unlink(path);
}

static void the_same_seed_makes_the_same_files(void **state)
{
    (void)state;
    size_t n[3];
    unsigned char *p[3];
    for (size_t i = 0; i < 3; i++) {
        char *path = in_folder("s.edf");
        emg_simulation_job job = {
            .preset = "voluntary", .path = path, .seed = i == 2 ? 8 : 7, .duration_s = 10, .without_truth = true
        };
        assert_int_equal(emg_run_simulation_job(&job, NULL), EMG_OK);
        p[i] = contents(path, &n[i]);
        unlink(path);
    }
    assert_int_equal(n[0], n[1]);
    assert_memory_equal(p[0], p[1], n[0]);
    assert_memory_not_equal(p[0], p[2], n[0]);
    for (size_t i = 0; i < 3; i++)
        free(p[i]);
}

static void wrong_names_and_places_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path, *part;
        emg_status status;
    } cases[] = {
        { "out.mp3", ".edf, .bdf or .wav", EMG_EARG },        { "out", ".edf, .bdf or .wav", EMG_EARG },
        { "a.edf/out", ".edf, .bdf or .wav", EMG_EARG },      { "out.edf.gz", ".edf, .bdf or .wav", EMG_EARG },
        { ".edf", ".edf, .bdf or .wav", EMG_EARG },           { NULL, "and a path", EMG_EARG },
        { "/dev/null/out.edf", "cannot be created", EMG_EIO }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emg_run_simulation("quiet", 1, 1, 0, cases[i].path, &err), cases[i].status);
        assert_non_null(strstr(err.text, cases[i].part));
    }
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_run_simulation("loud", 1, 1, 0, in_folder("out.edf"), &err), EMG_EARG);
    assert_int_equal(emg_run_simulation("quiet", 1, 1e9, 0, in_folder("out.edf"), NULL), EMG_ERANGE);
}

/* Runs a scenario's text through a file. */
static emg_status run_text(const char *text, const char *output, emg_error *err)
{
    char path[512];
    snprintf(path, sizeof path, "%s", in_folder("scenario.txt"));
    file_put_text(path, text);
    char out[512];
    snprintf(out, sizeof out, "%s", in_folder(output));
    emg_simulation_job job = { .scenario = path, .path = out, .seed = 3 };
    emg_status status = emg_run_simulation_job(&job, err);
    unlink(path);
    return status;
}

static const char with_gaps[] = "[recording]\nrate_hz = 500\nduration_s = 12\n[channel EMG A]\n[channel EMG B]\n"
                                "range_uv = 1000\n[gap]\nat_s = 3\nlength_s = 2\n[gap]\nat_s = 8\nlength_s = 1\n";

/* Gaps become EDF+D: the reader finds three segments with the simulation's samples at their true times. */
static void gaps_are_gaps_in_the_file(void **state)
{
    (void)state;
    static const double start_s[] = { 0, 5, 9 }, end_s[] = { 3, 8, 12 };
    emg_simulation *s = NULL;
    double *all = calloc(12 * 500 * 2, sizeof *all);
    assert_non_null(all);
    assert_int_equal(emg_simulation_read(&s, with_gaps, strlen(with_gaps), NULL, 3, 0, 0, NULL), EMG_OK);
    assert_int_equal(emg_simulation_n_gaps(s), 2);
    assert_int_equal(emg_simulation_next(s, all, 12 * 500, NULL), EMG_OK);
    emg_simulation_free(s);
    assert_int_equal(run_text(with_gaps, "gaps.edf", NULL), EMG_OK);
    emg_recording *rec = NULL;
    assert_int_equal(emg_recording_open(&rec, in_folder("gaps.edf"), NULL, NULL), EMG_OK);
    size_t segment = 0, at = 0;
    for (bool more = true; more;) {
        emg_block block;
        assert_int_equal(emg_recording_next(rec, &block, NULL), EMG_OK);
        more = block.n_frames > 0;
        for (size_t i = 0; i < block.n_frames; i++, at++) {
            double t = block.start_s + (double)i / 500;
            while (segment < 2 && t > end_s[segment] - 0.001)
                segment++;
            assert_true(t > start_s[segment] - 1e-6 && t < end_s[segment]);
            size_t frame = (size_t)(t * 500 + 0.5);
            for (size_t c = 0; c < block.n_channels; c++)
                assert_true(fabs(block.x[i * block.n_channels + c] - all[frame * 2 + c]) < 0.06);
        }
    }
    assert_int_equal(at, 9 * 500);
    emg_recording_close(rec);
    unlink(in_folder("gaps.edf"));
    unlink(in_folder("gaps_events.tsv"));
    free(all);
}

static void scenario_files_fail_with_their_line(void **state)
{
    (void)state;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(run_text(with_gaps, "gaps.wav", &err), EMG_EARG);
    assert_non_null(strstr(err.text, "WAV file cannot tell of gaps"));
    err = (emg_error)EMG_ERROR_NONE;
    assert_int_equal(run_text("[recording]\n[channel EMG A]\nnoise_uv = much\n", "x.edf", &err), EMG_EFORMAT);
    assert_string_equal(err.text, "scenario.txt: line 3: setting noise_uv: 'much' is not a number");
    err = (emg_error)EMG_ERROR_NONE;
    emg_simulation_job job = { .scenario = "/nowhere/at-all.txt", .path = in_folder("x.edf") };
    assert_int_equal(emg_run_simulation_job(&job, &err), EMG_EFORMAT);
    assert_non_null(strstr(err.text, "/nowhere/at-all.txt"));
    assert_int_not_equal(access(in_folder("x.edf"), F_OK), 0);
}

/* 16 bits over the widest range: every sample within half a step. */
static void wav_files_hold_the_samples(void **state)
{
    (void)state;
    emg_simulation *s = NULL;
    double x[1000 * 4];
    assert_int_equal(emg_simulation_new(&s, "quiet", 1, 1, 1000, NULL), EMG_OK);
    assert_int_equal(emg_simulation_next(s, x, 1000, NULL), EMG_OK);
    emg_simulation_free(s);
    assert_int_equal(emg_run_simulation("quiet", 1, 1, 1000, in_folder("q.wav"), NULL), EMG_OK);
    FILE *file = fopen(in_folder("q.wav"), "rb");
    assert_non_null(file);
    unsigned char bytes[8000 + 200];
    size_t n = fread(bytes, 1, sizeof bytes, file), data = 12;
    fclose(file);
    assert_memory_equal(bytes, "RIFF", 4);
    while (data + 8 < n && memcmp(bytes + data, "data", 4) != 0)
        data += 8 + bytes[data + 4];
    data += 8;
    assert_int_equal(n - data, 8000);
    for (size_t i = 0; i < 4000; i++) {
        int value = bytes[data + 2 * i] | bytes[data + 2 * i + 1] << 8;
        value -= value >= 32768 ? 65536 : 0;
        assert_true(fabs(value * 3276.8 / 32768 - x[i]) <= 0.0501);
    }
    unlink(in_folder("q.wav"));
    unlink(in_folder("q_events.tsv"));
}

/* Stops when half is done. */
static bool until_half(void *context, double share)
{
    double *last = context;
    assert_true(share > *last && share <= 1);
    *last = share;
    return share < 0.5;
}

static void a_stopped_simulation_leaves_no_file(void **state)
{
    (void)state;
    double last = 0;
    char *path = in_folder("stop.edf");
    emg_simulation_job job = {
        .preset = "quiet", .path = path, .duration_s = 60, .step = until_half, .context = &last
    };
    assert_int_equal(emg_run_simulation_job(&job, NULL), EMG_ECANCELLED);
    assert_true(last >= 0.5 && last < 0.6);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_not_equal(access(in_folder("stop_events.tsv"), F_OK), 0);
}

static void memory_that_runs_out_leaves_no_file(void **state)
{
    (void)state;
    for (long at = 1;; at++) {
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(at, true);
        emg_status status = emg_run_simulation("quiet", 1, 2, 0, in_folder("m.edf"), &err);
        emgp_fault_arm(0, false);
        assert_int_equal(access(in_folder("m.edf"), F_OK) == 0, status == EMG_OK);
        assert_int_equal(access(in_folder("m_events.tsv"), F_OK) == 0, status == EMG_OK);
        if (status == EMG_OK)
            break;
        assert_int_equal(status, EMG_ENOMEM);
    }
    unlink(in_folder("m.edf"));
    unlink(in_folder("m_events.tsv"));
}

static long most_memory_kb(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* A day of truth and its first ten minutes of samples: nothing grows. */
static void long_recordings_take_no_more_memory(void **state)
{
    (void)state;
    static double x[16 * 2000];
    emg_simulation *s = NULL;
    assert_int_equal(emg_simulation_new(&s, "long", 1, 86400, 0, NULL), EMG_OK);
    assert_int_equal(emg_simulation_next(s, x, 2000, NULL), EMG_OK);
    long before = most_memory_kb();
    for (int second = 0; second < 600; second++)
        assert_int_equal(emg_simulation_next(s, x, 2000, NULL), EMG_OK);
    bool found = true;
    emg_truth t;
    size_t n = 0;
    double latest = 0;
    for (; emg_simulation_next_event(s, &t, &found, NULL) == EMG_OK && found; n++) {
        assert_true(t.onset_s >= latest);
        latest = t.onset_s;
    }
    assert_true(fabs((double)n / (86400.0 * 16 * 10) - 1) < 0.01 && latest > 86390);
    assert_true(most_memory_kb() - before < 2048); /* the truth alone would be a gigabyte */
    emg_simulation_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_hold_the_samples),
        cmocka_unit_test(the_table_holds_the_truth),
        cmocka_unit_test(the_reader_agrees),
        cmocka_unit_test(stretches_reach_the_file),
        cmocka_unit_test(the_same_seed_makes_the_same_files),
        cmocka_unit_test(wrong_names_and_places_are_refused),
        cmocka_unit_test(gaps_are_gaps_in_the_file),
        cmocka_unit_test(scenario_files_fail_with_their_line),
        cmocka_unit_test(wav_files_hold_the_samples),
        cmocka_unit_test(a_stopped_simulation_leaves_no_file),
        cmocka_unit_test(memory_that_runs_out_leaves_no_file),
        cmocka_unit_test(long_recordings_take_no_more_memory),
    };
    return cmocka_run_group_tests(tests, folder_make, remove_folder);
}
