/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coherence of two channels of a recording: that of their arrays to the bit, stretches, marks, refusals, no memory. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

#include "base/base.h"
#include "reading/bytes.h"
#include "reading/gather.h"
#include "support/folder.h"
#include "support/sweep.h"

static char mixed[96], broken[96], picture[96];

/* 20 records of a second, 5 s missing after the tenth; held from 2 to 6 s; a third channel of another rate. */
static void write_broken(const char *path)
{
    enum { N = 20 };
    static char texts[N][64];
    static const char *annotations[N];
    static size_t lengths[N];
    static const edf_signal signals[] = { { "EMG TA", "uV", "-1000", "1000", "-32768", "32767", 1000 },
                                          { "EMG GL", "uV", "-1000", "1000", "-32768", "32767", 1000 },
                                          { "EMG SOL", "uV", "-1000", "1000", "-32768", "32767", 500 },
                                          { "EMG RMS", "uV", "-1000", "1000", "-32768", "32767", 20 },
                                          { "EDF Annotations", "", "-1", "1", "-32768", "32767", 48 } };
    for (int i = 0; i < N; i++) {
        static const char hold[] = "+2\x15"
                                   "4\x14hold\x14\0";
        int n = snprintf(texts[i], sizeof texts[i], "+%d\x14\x14", i < 10 ? i : i + 5) + 1;
        memcpy(texts[i] + n, hold, i == 0 ? sizeof hold - 1 : 0);
        annotations[i] = texts[i];
        lengths[i] = (size_t)n + (i == 0 ? sizeof hold - 1 : 0);
    }
    const edf_plan plan = { 2, "EDF+D", "1", signals, 5, N, annotations, lengths };
    bytes b = edf_build(&plan);
    file_put(path, b.at, b.n);
    bytes_free(&b);
}

static int prepare(void **state)
{
    if (folder_make(state))
        return 1;
    snprintf(mixed, sizeof mixed, "%s/mixed.edf", folder);
    snprintf(broken, sizeof broken, "%s/broken.edf", folder);
    snprintf(picture, sizeof picture, "%s/picture.svg", folder);
    write_broken(broken);
    emg_error err = EMG_ERROR_NONE;
    return emg_run_simulation("mixed", 3, 20, 0, mixed, &err) != EMG_OK;
}

static emg_coherence_plan plan_of(const char *first, const char *second, bool raw)
{
    emg_coherence_plan plan = emg_coherence_defaults();
    plan.first = first;
    plan.second = second;
    plan.raw = raw;
    return plan;
}

static emg_coherence_result result_of(const char *path, const emg_run_config *config, const emg_coherence_plan *plan)
{
    emg_coherence_result out;
    emg_error err = EMG_ERROR_NONE;
    if (emg_run_coherence(path, config, plan, &out, &err))
        fail_msg("%s", err.text);
    return out;
}

/* Samples as they are read, through emg_coherence(), which test_spectra holds against SciPy; the phase is negative where
 * the second channel lags, and turns round with the channels. */
static void raw_is_that_of_the_arrays(void **state)
{
    (void)state;
    enum { SEGMENT = 2048, BINS = SEGMENT / 2 + 1 };
    emg_reading reading = emg_reading_defaults();
    emg_recording *rec;
    gathered all;
    assert_int_equal(emg_recording_open(&rec, mixed, &reading, NULL), EMG_OK);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    const emg_run_config config = emg_run_defaults();
    const emg_coherence_plan plan = plan_of("*Biceps", "#2", true), turned = plan_of("#2", "*Biceps", true);
    emg_coherence_result r = result_of(mixed, &config, &plan), t = result_of(mixed, &config, &turned);
    const emg_welch_plan welch = emg_welch_defaults(2048, SEGMENT);
    static double coherence[BINS], phase[BINS];
    emg_welch_count count;
    assert_int_equal(
        emg_coherence(&welch, all.channel[0].x, all.channel[1].x, all.channel[0].n, coherence, phase, &count, NULL),
        EMG_OK);
    assert_int_equal(r.n, BINS);
    assert_memory_equal(r.coherence, coherence, sizeof coherence);
    assert_memory_equal(r.phase_rad, phase, sizeof phase);
    for (size_t i = 0; i < BINS; i++) {
        assert_true(r.frequency_hz[i] == (double)i);
        assert_true(fabs(t.coherence[i] - r.coherence[i]) <= 1e-12);
        if (i > 0 && i + 1 < BINS && r.coherence[i] > 1e-6)
            assert_true(fabs(t.phase_rad[i] + r.phase_rad[i]) <= 1e-9);
    }
    assert_int_equal(r.count.n_segments, count.n_segments);
    assert_true(r.count.n_independent == count.n_independent);
    assert_true(r.chance_95 == emg_coherence_level(count.n_independent, 0.05));
    assert_string_equal(r.first.name, "EMG L Biceps");
    assert_true(r.duration_s == 20 && r.onset_s == 0 && r.rate_hz == 2048 && r.window_s == 1);
    emg_coherence_result_free(&r);
    emg_coherence_result_free(&t);
    gathered_free(&all);
    emg_recording_close(rec);
}

/* Bins of the band alone; the same to the bit whatever else is read beside them, and in blocks of any size. */
static void conditioned_within_the_band(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    emg_coherence_plan plan = plan_of("*Biceps", "*Soleus", false);
    plan.window_s = 0.5;
    emg_coherence_result r = result_of(mixed, &config, &plan);
    assert_int_equal(r.n, 216);
    assert_true(r.frequency_hz[0] == 20 && r.frequency_hz[215] == 450 && r.count.n_segments == 79);
    const char *derive = "Sum = #1 + #2";
    config.reading.derive = &derive;
    config.reading.n_derive = 1;
    config.reading.block_frames = 100;
    config.reading.group_size = 1;
    emg_coherence_result s = result_of(mixed, &config, &plan);
    assert_memory_equal(r.coherence, s.coherence, r.n * sizeof *r.coherence);
    emg_coherence_result_free(&s);
    plan.first = "*Soleus"; /* the stronger of the two */
    plan.second = "Sum";
    s = result_of(mixed, &config, &plan);
    assert_true(s.second.derived && s.n == r.n);
    size_t above = 0;
    for (size_t i = 0; i < s.n; i++)
        above += s.coherence[i] > s.chance_95;
    assert_true(above > 200); /* a channel and a sum that holds it */
    emg_coherence_result_free(&s);
    emg_coherence_result_free(&r);
}

static void stretches_and_frequencies(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    emg_coherence_plan plan = plan_of("EMG TA", "EMG GL", true);
    plan.window_s = 4;
    plan.low_hz = 10;
    plan.high_hz = 20;
    emg_coherence_result r = result_of(broken, &config, &plan); /* two stretches of 10 s: at 0, 2, 4, 6 of each */
    assert_true(r.count.n_segments == 8 && r.n == 41 && r.frequency_hz[0] == 10 && r.frequency_hz[40] == 20);
    assert_true(r.duration_s == 20);
    emg_coherence_result_free(&r);
    const char *hold = "hold";
    config.reading.within = &hold;
    config.reading.n_within = 1;
    r = result_of(broken, &config, &plan);
    assert_true(r.count.n_segments == 1 && r.onset_s == 2 && r.duration_s == 4 && r.chance_95 == 1);
    emg_coherence_result_free(&r);
    plan.window_s = 5;
    assert_int_equal(emg_run_coherence(broken, &config, &plan, &r, NULL), EMG_ESHORT);
    assert_true(r.n == 0 && !r.coherence);
    emg_coherence_result_free(&r);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void refusals(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    static const struct {
        const char *first, *second;
        bool raw;
        double window_s, low_hz, high_hz;
        emg_status status;
        const char *sentence;
    } rows[] = {
        { "EMG ?A", "EMG SOL", true, 1, 0, 1e9, EMG_EARG,
          "'EMG TA' has 1000 samples per second and 'EMG SOL' 500: coherence needs one rate" },
        { "EMG*", "EMG SOL", true, 1, 0, 1e9, EMG_EARG,
          "'EMG*' names 4 channels: coherence is of one channel and another" },
        { "EMG TA", "#1", true, 1, 0, 1e9, EMG_EARG,
          "both names are of channel 'EMG TA': coherence is of one channel and another" },
        { "EMG TB", "#1", true, 1, 0, 1e9, EMG_EARG,
          "no channel is called 'EMG TB': nearest are 'EMG TA', 'EMG GL' and 'EMG SOL'" },
        { "EMG TA", "EMG RMS", false, 1, 0, 1e9, EMG_EARG,
          "channel 'EMG RMS' is an envelope, which is not conditioned" },
        { "EMG TA", "EMG GL", true, 0, 0, 1e9, EMG_ERANGE,
          "segments of 0 s, or a band of 0 to 1e+09 Hz, make no sense" },
        { "EMG TA", "EMG GL", true, NAN, 0, 1e9, EMG_ERANGE, NULL },
        { "EMG TA", "EMG GL", true, 1, 30, 20, EMG_ERANGE, NULL },
        { "EMG TA", "EMG GL", true, 1, -1, 20, EMG_ERANGE, NULL },
        { "EMG TA", "EMG GL", true, 0.0001, 0, 20, EMG_ERANGE,
          "segments of 0.0001 s are 0 samples: not within 2 to 16777216" },
        { "EMG TA", "EMG GL", true, 1e6, 0, 20, EMG_ERANGE, NULL },
        { "EMG TA", "EMG GL", false, 1, 0, 10, EMG_ERANGE, "no bin of 1 Hz lies within 20 to 10 Hz" },
        { NULL, "EMG GL", true, 1, 0, 20, EMG_EARG, NULL },
        { "EMG TA", NULL, true, 1, 0, 20, EMG_EARG, NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const emg_coherence_plan plan = { rows[i].first,  rows[i].second,  rows[i].window_s,
                                          rows[i].low_hz, rows[i].high_hz, rows[i].raw };
        emg_coherence_result out = { .n = 7 };
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emg_run_coherence(broken, &config, &plan, &out, &err), rows[i].status);
        if (rows[i].sentence)
            assert_string_equal(err.text + err.n_name, rows[i].sentence);
        emg_coherence_result_free(&out);
    }
    const emg_coherence_plan plan = plan_of("EMG TA", "EMG GL", true);
    emg_coherence_result out = { .n = 0 };
    assert_int_equal(emg_run_coherence(NULL, &config, &plan, &out, NULL), EMG_EARG);
    assert_int_equal(emg_run_coherence(broken, NULL, &plan, &out, NULL), EMG_EARG);
    assert_int_equal(emg_run_coherence(broken, &config, NULL, &out, NULL), EMG_EARG);
    assert_int_equal(emg_run_coherence(broken, &config, &plan, NULL, NULL), EMG_EARG);
    assert_int_equal(emg_run_coherence_file(&out, picture, NULL), EMG_EARG);
    assert_int_equal(emg_run_coherence_file(NULL, picture, NULL), EMG_EARG);
    config.go_on = never;
    assert_int_equal(emg_run_coherence(broken, &config, &plan, &out, NULL), EMG_ECANCELLED);
    emg_coherence_result_free(&out);
    emg_coherence_result_free(NULL);
}

static emg_status run_and_draw(bool raw, emg_error *err)
{
    emg_run_config config = emg_run_defaults();
    const emg_coherence_plan plan = plan_of("EMG TA", "EMG GL", raw);
    emg_coherence_result out;
    config.analysis.condition.ecg = EMG_ECG_OFF;
    emg_status status = emg_run_coherence(broken, &config, &plan, &out, err);
    if (status == EMG_OK)
        status = emg_run_coherence_file(&out, picture, err);
    emg_coherence_result_free(&out);
    return status;
}

static emg_status run_raw(emg_error *err)
{
    return run_and_draw(true, err);
}

static emg_status run_conditioned(emg_error *err)
{
    return run_and_draw(false, err);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    sweep_allocations(run_raw, 20);
    sweep_allocations(run_conditioned, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raw_is_that_of_the_arrays), cmocka_unit_test(conditioned_within_the_band),
        cmocka_unit_test(stretches_and_frequencies), cmocka_unit_test(refusals),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, prepare, folder_drop);
}
