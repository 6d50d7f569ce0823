/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioned recordings: digits kept, gaps kept, nothing across them, the same bytes for any cut, whole files or none. */
#include "support/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/emg.h>

#include "base/base.h"
#include "reading/bytes.h"
#include "reading/gather.h"
#include "support/folder.h"

static char in_path[64], out_path[64], other_path[64];

static int make_folder(void **state)
{
    if (folder_make(state))
        return -1;
    snprintf(in_path, sizeof in_path, "%s/in.edf", folder);
    snprintf(out_path, sizeof out_path, "%s/out.edf", folder);
    snprintf(other_path, sizeof other_path, "%s/other.edf", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(in_path);
    unlink(out_path);
    unlink(other_path);
    return rmdir(folder);
}

/* --- recordings --- */

static const edf_signal usual[] = {
    { "EMG TA", "uV", "-3276.8", "3276.7", "-32768", "32767", 100 },
    { "EMG SOL", "mV", "-5", "5", "-32768", "32767", 50 },
    { "ECG", "uV", "1000", "-1000", "-32768", "32767", 20 },
    { "EDF Annotations", "", "-1", "1", "-32768", "32767", 30 },
};
enum { N_USUAL = 4, RECORDS = 40 };

/* Records of 0.1 s from the times given, the first with an annotation besides. */
static void write_usual(const char *path, const double *starts, int n, const char *kind)
{
    const char *notes[RECORDS];
    size_t lengths[RECORDS];
    char texts[RECORDS][60];
    for (int i = 0; i < n; i++) {
        lengths[i] = (size_t)snprintf(texts[i], sizeof texts[i], "+%.6g%c%c%c%s", starts[i], 0x14, 0x14, 0,
                                      i == 0 ? "+0.05\x15"
                                               "0.1\x14stretch\x14"
                                             : "");
        lengths[i]++; /* the NUL after it */
        notes[i] = texts[i];
    }
    edf_plan plan = { 2, kind, "0.1", usual, N_USUAL, n, notes, lengths };
    bytes b = edf_build(&plan);
    file_put(path, b.at, b.n);
    bytes_free(&b);
}

static void steady(double *starts, int n, double from)
{
    for (int i = 0; i < n; i++)
        starts[i] = from + 0.1 * i;
}

static void write_wave(const char *path, uint32_t rate, const float *x, size_t n)
{
    bytes b = wave_build(3, 1, rate, 32, x, n * sizeof *x);
    file_put(path, b.at, b.n);
    bytes_free(&b);
}

static emg_run_filter_config nothing(void)
{
    emg_run_filter_config config = emg_run_filter_defaults();
    config.condition.low_hz = config.condition.high_hz = 0;
    config.condition.powerline = EMG_POWERLINE_OFF;
    config.condition.ecg = EMG_ECG_OFF;
    config.reading.all_channels = true;
    return config;
}

static void filter(const char *to, const emg_run_filter_config *config, emg_run_filtering *done)
{
    emg_error err = EMG_ERROR_NONE;
    if (emg_run_filter(in_path, to, config, done, &err) != EMG_OK)
        fail_msg("%s", err.text);
}

static gathered read_back(const char *path, emg_format format, size_t n_segments)
{
    emg_recording *rec;
    gathered all;
    emg_error err = EMG_ERROR_NONE;
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    if (emg_recording_open(&rec, path, &reading, &err) != EMG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(emg_recording_get_facts(rec)->format, format);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    assert_int_equal(emg_recording_n_segments(rec), n_segments);
    emg_recording_close(rec);
    return all;
}

static void check_same(const gathered *a, const gathered *b, double most)
{
    assert_int_equal(a->n_channels, b->n_channels);
    for (size_t c = 0; c < a->n_channels; c++) {
        assert_int_equal(a->channel[c].n, b->channel[c].n);
        assert_int_equal(a->channel[c].n_starts, b->channel[c].n_starts);
        for (size_t i = 0; i < a->channel[c].n; i++) {
            assert_true(fabs(a->channel[c].x[i] - b->channel[c].x[i]) <= most);
            assert_true(fabs(a->channel[c].time_s[i] - b->channel[c].time_s[i]) < 1e-6);
        }
    }
}

static unsigned char *read_file(const char *path, size_t *n)
{
    unsigned char *p = malloc(1 << 20);
    FILE *f = fopen(path, "rb");
    assert_true(f && p);
    *n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return p;
}

/* --- what is kept --- */

static void untouched_samples_keep_their_digits(void **state)
{
    (void)state;
    double starts[RECORDS];
    steady(starts, RECORDS, 0);
    write_usual(in_path, starts, RECORDS, "EDF+C");
    emg_run_filter_config config = nothing();
    emg_run_filtering done;
    filter(out_path, &config, &done);
    assert_int_equal(done.n_channels, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(done.channels[i].unchanged_scale && !done.channels[i].conditioned);
    assert_true(fabs(done.record_s - 0.1) <= 0 && !(done.padded_s > 0) && !(done.left_out_s > 0));
    emg_run_filter_free(&done);
    gathered a = read_back(in_path, EMG_FORMAT_EDF_C, 1), b = read_back(out_path, EMG_FORMAT_EDF_C, 1);
    check_same(&a, &b, 0);
    gathered_free(&a);
    gathered_free(&b);
    size_t n;
    unsigned char *p = read_file(out_path, &n);
    assert_memory_equal(p + 8, "X X X X ", 8);
    for (size_t i = 0; i + 7 < n; i++)
        assert_true(memcmp(p + i, "stretch", 7) != 0);
    free(p);
}

/* Gaps stay where they were, and what lies between two is filtered as if there were nothing else. */
static void nothing_spans_a_gap(void **state)
{
    (void)state;
    enum { FIRST = 13, SECOND = 9 };
    double starts[FIRST + SECOND];
    steady(starts, FIRST, 0);
    steady(starts + FIRST, SECOND, 5.05);
    write_usual(in_path, starts, FIRST + SECOND, "EDF+D");
    emg_run_filter_config config = emg_run_filter_defaults();
    emg_run_filtering done;
    filter(out_path, &config, &done);
    assert_int_equal(done.n_segments, 2);
    assert_int_equal(done.n_channels, 2);
    double steps[] = { done.channels[0].step, done.channels[1].step };
    emg_run_filter_free(&done);
    gathered both = read_back(out_path, EMG_FORMAT_EDF_D, 2);
    static const double cuts[][2] = { { 0, 1.3 }, { 5, 6 } };
    size_t at[2] = { 0, 0 };
    for (size_t k = 0; k < 2; k++) {
        config.reading.from_s = cuts[k][0];
        config.reading.to_s = cuts[k][1];
        filter(other_path, &config, &done);
        assert_true(fabs(done.start_s - starts[k == 0 ? 0 : FIRST]) < 1e-9);
        double one_steps[] = { done.channels[0].step, done.channels[1].step };
        emg_run_filter_free(&done);
        gathered one = read_back(other_path, EMG_FORMAT_EDF_C, 1);
        for (size_t c = 0; c < 2; c++) {
            for (size_t i = 0; i < one.channel[c].n; i++, at[c]++)
                if (fabs(both.channel[c].x[at[c]] - one.channel[c].x[i]) > 0.5001 * (steps[c] + one_steps[c]))
                    fail_msg("stretch %zu, channel %zu, sample %zu: %g, alone %g", k, c, i, both.channel[c].x[at[c]],
                             one.channel[c].x[i]);
        }
        gathered_free(&one);
    }
    for (size_t c = 0; c < 2; c++)
        assert_int_equal(at[c], both.channel[c].n);
    gathered_free(&both);
}

static void bytes_do_not_depend_on_blocks_and_groups(void **state)
{
    (void)state;
    double starts[RECORDS];
    steady(starts, 20, 0);
    steady(starts + 20, 20, 9);
    write_usual(in_path, starts, RECORDS, "EDF+D");
    static const size_t cuts[][2] = { { 64, 0 }, { 1, 0 }, { 2, 7 }, { 64, 1 }, { 3, 1000 } };
    size_t n[2];
    unsigned char *first = NULL;
    for (size_t k = 0; k < 5; k++) {
        emg_run_filter_config config = emg_run_filter_defaults();
        emg_run_filtering done;
        config.reading.all_channels = true;
        config.reading.group_size = cuts[k][0];
        config.reading.block_frames = cuts[k][1];
        config.include_annotations = true;
        filter(out_path, &config, &done);
        emg_run_filter_free(&done);
        unsigned char *p = read_file(out_path, &n[k > 0]);
        assert_true(k == 0 || (n[1] == n[0] && memcmp(p, first, n[0]) == 0));
        if (k == 0)
            first = p;
        else
            free(p);
    }
    free(first);
}

/* What is written is what the filters make of what is read, within half a step. */
static void samples_are_those_of_the_filters(void **state)
{
    (void)state;
    double starts[RECORDS], y[RECORDS * 100];
    steady(starts, RECORDS, 0);
    write_usual(in_path, starts, RECORDS, "EDF+C");
    emg_run_filter_config config = nothing();
    config.n_filters = 3;
    config.filters[0] = (emg_filter_plan){ .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450 };
    config.filters[1] = (emg_filter_plan){ .kind = EMG_FILTER_STOP, .order = 2, .low_hz = 90, .high_hz = 110 };
    config.filters[2] = (emg_filter_plan){ .family = EMG_FILTER_NOTCH, .low_hz = 150, .q = 20 };
    static const char *const names[] = { "out.edf", "out.bdf" };
    for (size_t k = 0; k < 2; k++) {
        emg_run_filtering done;
        snprintf(out_path, sizeof out_path, "%s/%s", folder, names[k]);
        config.direction = k == 0 ? EMG_FILTER_ZERO_PHASE : EMG_FILTER_FORWARD;
        filter(out_path, &config, &done);
        gathered a = read_back(in_path, EMG_FORMAT_EDF_C, 1);
        gathered b = read_back(out_path, k == 0 ? EMG_FORMAT_EDF_C : EMG_FORMAT_BDF_C, 1);
        for (size_t c = 0; c < 2; c++) {
            assert_string_equal(done.channels[c].prefilter, c == 0 ? "HP:10Hz HP:20Hz LP:450Hz BS:90-110Hz N:150Hz"
                                                                   : "HP:10Hz HP:20Hz LP:225Hz BS:90-110Hz N:150Hz");
            assert_true(done.channels[c].transient_s > 0.1 && done.channels[c].transient_s < 2);
            memcpy(y, a.channel[c].x, a.channel[c].n * sizeof *y);
            for (size_t i = 0; i < 3; i++) {
                emg_filter *f;
                emg_filter_plan plan = config.filters[i];
                plan.rate_hz = c == 0 ? 1000 : 500;
                plan.high_hz = fmin(plan.high_hz, 0.45 * plan.rate_hz);
                assert_int_equal(emg_filter_design(&f, &plan, NULL), EMG_OK);
                assert_int_equal(emg_filter_apply(f, config.direction, y, a.channel[c].n, y, NULL), EMG_OK);
                emg_filter_free(f);
            }
            assert_true(done.channels[c].step < (k == 0 ? 0.2 : 0.001));
            for (size_t i = 0; i < a.channel[c].n; i++)
                assert_true(fabs(b.channel[c].x[i] - y[i]) <= 0.5001 * done.channels[c].step);
        }
        assert_string_equal(done.channels[2].why_not, "not a muscle");
        emg_run_filter_free(&done);
        gathered_free(&a);
        gathered_free(&b);
        unlink(out_path);
    }
    snprintf(out_path, sizeof out_path, "%s/out.edf", folder);
}

/* Even within -1 to 1. */
static double any_number(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 11) / 4503599627370496.0 - 1;
}

static gathered filtered_wave(const emg_run_filter_config *config, const float *x, size_t n)
{
    emg_run_filtering done;
    write_wave(in_path, 2000, x, n);
    filter(out_path, config, &done);
    emg_run_filter_free(&done);
    return read_back(out_path, EMG_FORMAT_EDF_C, 1);
}

/* Hum of eight times the noise is gone before a filter could ring with it where the recording begins and ends. */
static void hum_leaves_nothing_at_the_ends(void **state)
{
    (void)state;
    enum { N = 20000, END = 1000 };
    float *quiet = calloc(N, sizeof *quiet), *x = calloc(N, sizeof *x);
    assert_true(quiet && x);
    for (int from = 0; from < 12; from++) {
        emg_run_filter_config config = emg_run_filter_defaults();
        config.direction = from % 2 == 0 ? EMG_FILTER_ZERO_PHASE : EMG_FILTER_FORWARD;
        config.reading.all_channels = true;
        uint64_t seed = (uint64_t)from + 1;
        for (size_t i = 0; i < N; i++) {
            quiet[i] = (float)(0.0173 * any_number(&seed)); /* sigma 0.01 */
            x[i] = quiet[i];
            for (int k = 1; k <= 5; k++)
                x[i] += (float)(0.05 * sin(k * 2 * 3.14159265358979 * 50.2 * (double)i / 2000 + from * k));
        }
        gathered a = filtered_wave(&config, quiet, N), b = filtered_wave(&config, x, N);
        for (size_t i = 0; i < N; i++) {
            const double left =
                fabs(b.channel[0].x[i] - a.channel[0].x[i]) / 0.0066; /* sigma of the noise in the band */
            if ((i < END || i >= N - END) && !(left < 1.2))
                fail_msg("%.2f sigma of hum left in frame %zu", left, i);
        }
        gathered_free(&a);
        gathered_free(&b);
    }
    free(x);
    free(quiet);
}

/* Samples beyond the digital limits that the source's header states keep their values and their steps. */
static void samples_beyond_the_limits_widen_the_range(void **state)
{
    (void)state;
    static const edf_signal narrow[] = { { "EMG TA", "uV", "-204.8", "204.7", "-2048", "2047", 100 } };
    edf_plan plan = { 2, "", "1", narrow, 1, 4, NULL, NULL };
    bytes b = edf_build(&plan);
    file_put(in_path, b.at, b.n);
    emg_run_filter_config config = nothing();
    emg_run_filtering done;
    filter(out_path, &config, &done);
    assert_true(done.channels[0].unchanged_scale && fabs(done.channels[0].step - 0.1) < 1e-9);
    emg_run_filter_free(&done);
    size_t n, kept = 0;
    unsigned char *p = read_file(out_path, &n);
    for (size_t i = 0; i < 4; i++) /* records of 200 bytes there, of 200 and annotations here */
        kept += memcmp(p + 768 + i * (n - 768) / 4, b.at + 512 + i * 200, 200) == 0;
    assert_int_equal(kept, 4);
    free(p);
    bytes_free(&b);
}

/* --- records that segments do not fill --- */

typedef struct hole {
    uint32_t rate;
    size_t n, from, to; /* samples from..to are no numbers */
    double padded_s, left_out_s;
} hole;

static void rests_are_padded_or_left_out_and_report(void **state)
{
    (void)state;
    static const hole holes[] = {
        { 1000, 3000, 1000, 2000, 0, 0 },                             /* fills seconds: only the gap was not foreseen */
        { 1000, 3000, 1000, 1500, 0, 0 },                             /* fills half seconds */
        { 2048, 2048 * 3, 2048, 2048 + 32, 0, 0 },                    /* and 1/64 s of 2048 Hz */
        { 2048, 2048 * 3, 2040, 2041, 25.0 / 2048, 24.0 / 2048 },     /* no room before the next one */
        { 2048, 2048 * 3, 2047, 2080, 1.0 / 2048, 0 },                /* room for a mark */
        { 44100, 44100 + 17, 44100, 44100, (441.0 - 17) / 44100, 0 }, /* at the end there is always room */
        { 1000, 1, 1, 1, 0.009, 0 },                                  /* a single sample */
    };
    float *x = malloc(200000 * sizeof *x);
    assert_non_null(x);
    for (size_t k = 0; k < sizeof holes / sizeof *holes; k++) {
        const hole *h = &holes[k];
        for (size_t i = 0; i < h->n; i++)
            x[i] = i >= h->from && i < h->to ? NAN : (float)((double)(i * 7919 % 20011) / 20011 - 0.5);
        write_wave(in_path, h->rate, x, h->n);
        emg_run_filter_config config = nothing();
        emg_run_filtering done;
        filter(out_path, &config, &done);
        if (fabs(done.padded_s - h->padded_s) > 1e-9 || fabs(done.left_out_s - h->left_out_s) > 1e-9)
            fail_msg("case %zu: %g s padded, %g s left out", k, done.padded_s, done.left_out_s);
        bool gap = h->to > h->from;
        gathered all = read_back(out_path, gap ? EMG_FORMAT_EDF_D : EMG_FORMAT_EDF_C, gap ? 2 : 1);
        size_t n_kept = 0, n_padded = (size_t)rint(h->padded_s * h->rate),
               n_lost = (size_t)rint(h->left_out_s * h->rate);
        for (size_t i = 0; i < all.channel[0].n; i++) { /* each in its place, by its time */
            double at = all.channel[0].time_s[i] * h->rate;
            size_t source = (size_t)rint(at);
            assert_true(fabs(at - (double)source) < 0.1);
            if (source >= h->n || isnan(x[source]))
                continue;
            n_kept++;
            assert_true(fabs(all.channel[0].x[i] - (double)x[source]) <= 0.5001 * done.channels[0].step);
        }
        assert_int_equal(n_kept + n_lost, h->n - (h->to - h->from));
        assert_int_equal(all.channel[0].n, n_kept + n_padded);
        emg_run_filter_free(&done);
        gathered_free(&all);
    }
    free(x);
}

static void marks_of_padding_are_annotations(void **state)
{
    (void)state;
    static float x[1017];
    write_wave(in_path, 44100, x, 1017);
    emg_run_filter_config config = nothing();
    emg_run_filtering done;
    filter(out_path, &config, &done);
    assert_true(done.padded_s > 0);
    emg_run_filter_free(&done);
    emg_recording *rec;
    gathered all;
    emg_reading reading = emg_reading_defaults();
    static const char *const bad[] = { "BAD_*" };
    reading.without = bad;
    reading.n_without = 1;
    assert_int_equal(emg_recording_open(&rec, out_path, &reading, NULL), EMG_OK);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    assert_int_equal(all.channel[0].n, 1017);
    gathered_free(&all);
    emg_recording_close(rec);
}

/* --- leads --- */

static void an_ecg_channel_is_read_but_written_only_when_selected(void **state)
{
    (void)state;
    double starts[RECORDS];
    steady(starts, RECORDS, 0);
    write_usual(in_path, starts, RECORDS, "EDF+C");
    static const char *const ta[] = { "EMG TA" };
    emg_run_filter_config config = emg_run_filter_defaults();
    emg_run_filtering done;
    emg_error err = EMG_ERROR_NONE;
    config.condition.ecg = EMG_ECG_SUBTRACT;
    config.reading.channels = ta;
    config.reading.n_channels = 1;
    config.ecg_channel = "ECG"; /* 200 Hz beside 1000 Hz */
    filter(out_path, &config, &done);
    assert_int_equal(done.n_channels, 1);
    assert_true(done.channels[0].conditioned);
    emg_run_filter_free(&done);
    config.ecg_channel = "E*";
    assert_int_equal(emg_run_filter(in_path, out_path, &config, &done, &err), EMG_EARG);
    assert_non_null(strstr(err.text, "must be one"));
    assert_false(done.output_failed);
    static const char *const derive[] = { "lead = ECG - 2*ECG" };
    config.reading.derive = derive; /* of its own kind: it does not count beside one of the file's */
    config.reading.n_derive = 1;
    config.reading.channels = NULL;
    config.reading.n_channels = 0;
    config.ecg_channel = "EMG SOL"; /* selected, so written, and as it was */
    filter(out_path, &config, &done);
    for (size_t i = 0; i < done.n_channels; i++) {
        bool lead = strcmp(emg_recording_channel(done.recording, done.channels[i].channel)->name, "EMG SOL") == 0;
        assert_true(!lead || (!done.channels[i].conditioned && done.channels[i].unchanged_scale));
        assert_true(!lead || strcmp(done.channels[i].why_not, "the ECG lead") == 0);
    }
    emg_run_filter_free(&done);
}

/* --- refusals and failures --- */

static bool never(void *context)
{
    (void)context;
    return false;
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    double starts[RECORDS];
    steady(starts, 20, 0);
    steady(starts + 20, 20, 9);
    write_usual(in_path, starts, RECORDS, "EDF+D");
    unlink(out_path);
    unlink(other_path);
    char wave[64], link_path[64], deep[64];
    snprintf(wave, sizeof wave, "%s/out.wav", folder);
    snprintf(link_path, sizeof link_path, "%s/link.edf", folder);
    snprintf(deep, sizeof deep, "%s/none/out.edf", folder);
    assert_int_equal(symlink("in.edf", link_path), 0);
    const struct {
        const char *to, *says;
        emg_status status;
        bool output;
    } cases[] = {
        { in_path, "never overwritten", EMG_EARG, true },       { link_path, "never overwritten", EMG_EARG, true },
        { "/tmp/x.txt", ".edf, .bdf or .wav", EMG_EARG, true }, { "/tmp/.edf", ".edf, .bdf or .wav", EMG_EARG, true },
        { deep, "cannot be created", EMG_EIO, true },           { wave, "one sampling rate", EMG_EUNSUPPORTED, true },
    };
    emg_run_filter_config config = emg_run_filter_defaults();
    emg_run_filtering done;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emg_run_filter(in_path, cases[i].to, &config, &done, &err), cases[i].status);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_int_equal(done.output_failed, cases[i].output);
        assert_null(done.recording);
    }
    emg_error err = EMG_ERROR_NONE;
    static const char *const ta[] = { "EMG TA" };
    config.reading.channels = ta;
    config.reading.n_channels = 1;
    assert_int_equal(emg_run_filter(in_path, wave, &config, &done, &err), EMG_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "gap before 9 s"));
    config.go_on = never;
    assert_int_equal(emg_run_filter(in_path, out_path, &config, &done, NULL), EMG_ECANCELLED);
    config.go_on = NULL;
    assert_int_equal(emg_run_filter("/tmp", out_path, &config, &done, NULL), EMG_EIO);
    assert_false(done.output_failed);
    assert_int_equal(folder_entries(folder), 2); /* the input and its link */
    unlink(link_path);
    emg_run_filter_free(NULL);
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    double starts[RECORDS];
    steady(starts, 5, 0);
    steady(starts + 5, 5, 9);
    write_usual(in_path, starts, 10, "EDF+D");
    unlink(out_path);
    unlink(other_path);
    emg_run_filter_config config = emg_run_filter_defaults();
    config.include_annotations = true;
    config.removed_path = other_path;
    config.with_envelope = true;
    config.envelope_s = 0.02;
    long n_tried = 0;
    for (long at = 1, done = 0; !done; at += 1 + at / 40, n_tried++) {
        emg_run_filtering out;
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(at, true);
        emg_status status = emg_run_filter(in_path, out_path, &config, &out, &err);
        emgp_fault_arm(0, false);
        assert_int_equal(status, err.status);
        assert_true(status == EMG_OK || status == EMG_ENOMEM);
        done = status == EMG_OK;
        assert_true(done || access(out_path, F_OK) != 0);
        emg_run_filter_free(&out);
        unlink(other_path);
    }
    assert_true(n_tried > 20);
    assert_int_equal(folder_entries(folder), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untouched_samples_keep_their_digits),
        cmocka_unit_test(nothing_spans_a_gap),
        cmocka_unit_test(bytes_do_not_depend_on_blocks_and_groups),
        cmocka_unit_test(samples_are_those_of_the_filters),
        cmocka_unit_test(hum_leaves_nothing_at_the_ends),
        cmocka_unit_test(samples_beyond_the_limits_widen_the_range),
        cmocka_unit_test(rests_are_padded_or_left_out_and_report),
        cmocka_unit_test(marks_of_padding_are_annotations),
        cmocka_unit_test(an_ecg_channel_is_read_but_written_only_when_selected),
        cmocka_unit_test(what_cannot_be_written_leaves_nothing),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
