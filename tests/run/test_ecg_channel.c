/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording's ECG channel frees its muscles of the heart: weak, in clonus, of a pacemaker, uneven, at any rates, groups
 * and blocks; and changes nothing where there is no heart. Simulated recordings. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/emg.h>

#include "base/base.h"
#include "dsp/signal.h"
#include "reading/bytes.h"
#include "run/filter/filter.h"
#include "run/run.h"
#include "support/collect.h"
#include "support/folder.h"

enum { PATH = 160 };
/* Twitches in one muscle, clonus in another, a third at rest, and an ECG; the heart as the text says. */
static void simulate(const char *path, const char *ecg, const char *more, uint64_t seed)
{
    static const char muscles[] = "[recording]\nname = lead\nrate_hz = 1000\nduration_s = 120\n"
                                  "[channel EMG TA]\nnoise_uv = 5\n"
                                  "[fasciculation]\nunits = 3\nper_min = 30\nsnr_db = 20\n"
                                  "[channel EMG SOL]\nnoise_uv = 5\nunits = 40\nunit_uv = 40\n"
                                  "[clonus]\non = EMG SOL\nleast_beats = 20\nmost_beats = 60\n"
                                  "[channel EMG BIC]\nnoise_uv = 5\n"
                                  "[channel ECG]\nnoise_uv = 10\n";
    char text[2048], scenario[PATH];
    emg_error err = EMG_ERROR_NONE;
    snprintf(text, sizeof text, "%s[heart]\n%s\n%s", muscles, ecg, more);
    snprintf(scenario, sizeof scenario, "%s/scenario.txt", folder);
    file_put_text(scenario, text);
    const emg_simulation_job job = { .scenario = scenario, .path = path, .seed = seed };
    if (emg_run_simulation_job(&job, &err))
        fail_msg("%s", err.text);
}

static emg_run run_of(const char *path, const emg_run_config *config)
{
    emg_run run;
    emg_error err = EMG_ERROR_NONE;
    if (emg_run_file(path, config, &run, &err))
        fail_msg("%s", err.text);
    assert_non_null(run.result);
    return run;
}

/* Events, channels and the JSON document: all that a report says. */
static char *report_text(const char *path, const emg_run_config *config)
{
    emg_run run = run_of(path, config);
    collected text = { .text = NULL };
    emg_report_input input = { .recording = "r", .config = &config->analysis };
    assert_int_equal(emg_report_events(run.result, collect, &text, NULL), EMG_OK);
    assert_int_equal(emg_report_channels(run.result, &input, collect, &text, NULL), EMG_OK);
    assert_int_equal(emg_report_json(run.result, &input, collect, &text, NULL), EMG_OK);
    emg_run_free(&run);
    return text.text;
}

static const emg_summary *channel_of(const emg_run *run, const char *name)
{
    const emg_summary *s;
    for (size_t i = 0; (s = emg_result_channel(run->result, i)); i++)
        if (strcmp(s->muscle, name) == 0)
            return s;
    fail_msg("no channel %s", name);
    return NULL;
}

static const struct {
    const char *name, *ecg;
    double qrs, slack; /* in 120 s at 72 a minute, and by how much chance may change it */
} ecgs[] = {
    { "twice the noise", "on = EMG TA, EMG SOL, ECG\nsize_uv = 40, 40, 1000", 144, 6 },
    { "a pacemaker's", "on = EMG TA, EMG SOL, ECG\nsize_uv = 160, 160, 1000\ncv = 0\nbreath_share = 0", 144, 1 },
    { "uneven", "on = EMG TA, EMG SOL, ECG\nsize_uv = 160, 160, 1000\ncv = 0.2", 144, 12 },
};

static void ecgs_are_known_by_the_ecg_channel(void **state)
{
    (void)state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/heart.edf", folder);
    for (size_t h = 0; h < sizeof ecgs / sizeof *ecgs; h++)
        for (uint64_t seed = 501; seed < 504; seed++) {
            emg_run_config config = emg_run_defaults();
            simulate(path, ecgs[h].ecg, "", seed);
            emg_run run = run_of(path, &config);
            config.analysis.condition.ecg = EMG_ECG_OFF;
            emg_run left = run_of(path, &config);
            const emg_summary *ta = channel_of(&run, "TA"), *sol = channel_of(&run, "SOL");
            const emg_summary *bic = channel_of(&run, "BIC"), *was = channel_of(&left, "TA");
            print_message(
                "%s: %d and %d beats; twitches %d (heart left in: %d), clonus %.1f s (%.1f), artefacts %.1f s "
                "(%.1f)\n",
                ecgs[h].name, (int)ta->signal.ecg.n_led, (int)sol->signal.ecg.n_led,
                (int)ta->counts.fasciculation_count, (int)was->counts.fasciculation_count, sol->counts.clonus_total_s,
                channel_of(&left, "SOL")->counts.clonus_total_s,
                ta->counts.artifact_total_s + sol->counts.artifact_total_s,
                was->counts.artifact_total_s + channel_of(&left, "SOL")->counts.artifact_total_s);
            assert_true(fabs((double)ta->signal.ecg.n_qrs - ecgs[h].qrs) <= ecgs[h].slack);
            assert_true(ta->signal.ecg.n_led == ta->signal.ecg.n_qrs && sol->signal.ecg.n_led == sol->signal.ecg.n_qrs);
            assert_true(sol->signal.ecg.n_qrs <= ta->signal.ecg.n_qrs); /* weak ones in clonus are not sure at first */
            assert_true((double)sol->signal.ecg.n_qrs >= (h == 0 ? 0.8 : 1) * (double)ta->signal.ecg.n_qrs);
            assert_true(bic->signal.ecg.n_qrs == 0 && bic->counts.n_events == 0);
            assert_true(ta->counts.artifact_total_s + sol->counts.artifact_total_s < 1);
            assert_string_equal(run.hash, left.hash);
            emg_run_free(&run);
            emg_run_free(&left);
        }
}

/* All muscles, of one rate, as spectra and features see them. */
static gathered passed(const char *path, const emg_run_config *config)
{
    gathered g = { .n_channels = 0 };
    emg_error err = EMG_ERROR_NONE;
    emgp_pass pass;
    emgp_pass_item item;
    assert_int_equal(emgp_pass_open(&pass, path, &config->reading, config, &err), EMG_OK);
    while (emgp_pass_next(&pass, &item)) {
        g.n_channels = item.group->n_channels;
        if (item.event == EMGP_PASS_FRAMES)
            assert_int_equal(gather(&g, item.x, item.n_frames, NULL), EMG_OK);
    }
    assert_int_equal(pass.status, EMG_OK);
    emgp_pass_close(&pass);
    return g;
}

/* The same as a filter has them before it writes, rounded to floats. */
static gathered staged(const char *path, const emg_run_config *config)
{
    gathered g = { .n_channels = 0 };
    emg_run_filter_config filter = emg_run_filter_defaults();
    emg_recording *recording;
    emgp_stages *stages = NULL;
    emgp_ecg_channel ecg = { .n = 0 };
    emg_block block;
    filter.condition = config->analysis.condition;
    assert_int_equal(emg_recording_open(&recording, path, &config->reading, NULL), EMG_OK);
    assert_int_equal(emgp_ecg_channel_read(&ecg, path, &config->reading, recording, config, NULL), EMG_OK);
    const emgp_qrs_times qrs = { ecg.qrs_s, ecg.n };
    while (emg_recording_next(recording, &block, NULL) == EMG_OK && block.n_frames > 0) {
        if (!stages) {
            g.n_channels = block.n_channels;
            assert_int_equal(emgp_stages_new(&stages, &filter, block.rate_hz, block.n_channels,
                                             emg_recording_get_facts(recording)->power_line_hz, gather_narrowed, &g,
                                             NULL),
                             EMG_OK);
            for (size_t i = 0; i < block.n_channels; i++) {
                double low, high;
                emgp_blocks_limits(emg_recording_channel(recording, block.channel[i]), &low, &high);
                emgp_stages_limits(stages, i, low, high);
            }
            emgp_stages_start(stages, &qrs, block.start_s);
        }
        assert_int_equal(emgp_stages_push(stages, block.x, block.n_frames, NULL), EMG_OK);
    }
    assert_int_equal(emgp_stages_finish(stages, NULL), EMG_OK);
    emgp_stages_free(stages);
    emgp_ecg_channel_free(&ecg);
    emg_recording_close(recording);
    return g;
}

/* Report, spectra and filter condition a recording to the same bits: dead stretches, hum, ECG by a lead, band. */
static void every_tool_conditions_to_the_same_bits(void **state)
{
    (void)state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/same.edf", folder);
    simulate(path, ecgs[0].ecg,
             "[mains]\nhum_hz = 50.1\nhum_uv = 30\n"
             "[saturation]\non = EMG TA\nper_min = 9\nleast_s = 0.02\nmost_s = 0.05\n"
             "[dropout]\non = EMG SOL\nper_min = 9\n",
             521);
    emg_run_config config = emg_run_defaults();
    for (int way = 0; way < 2; way++) {
        gathered a = passed(path, &config), b = staged(path, &config);
        assert_int_equal(a.n_channels, 3);
        assert_int_equal(a.n_frames, 120000);
        assert_int_equal(b.n_frames, a.n_frames);
        assert_memory_equal(a.x, b.x, a.n_frames * a.n_channels * sizeof *a.x);
        free(a.x);
        free(b.x);
        config.analysis.condition.low_hz = config.analysis.condition.high_hz = 0;
    }
}

static void muscles_without_a_ecg_are_as_without_an_ecg_channel(void **state)
{
    (void)state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/none.edf", folder);
    for (uint64_t seed = 511; seed < 514; seed++) {
        emg_run_config config = emg_run_defaults();
        simulate(path, "on = ECG\nsize_uv = 1000", "", seed);
        emg_run with = run_of(path, &config);
        config.analysis.condition.ecg = EMG_ECG_OFF;
        emg_run off = run_of(path, &config);
        collected a = { .text = NULL }, b = { .text = NULL };
        assert_int_equal(emg_report_events(with.result, collect, &a, NULL), EMG_OK);
        assert_int_equal(emg_report_events(off.result, collect, &b, NULL), EMG_OK);
        assert_string_equal(a.text, b.text);
        collected_free(&a);
        collected_free(&b);
        emg_run_free(&with);
        emg_run_free(&off);
    }
}

static const char with_gap[] = "[gap]\nat_s = 47\nlength_s = 30\n";

/* The same bytes whatever the groups and blocks, across a gap and within a window of time. */
static void groups_and_blocks_change_nothing(void **state)
{
    (void)state;
    static const size_t cuts[][2] = { { 1, 0 }, { 2, 1000 }, { 3, 7 }, { 64, 1000000 } };
    char path[PATH];
    snprintf(path, sizeof path, "%s/cut.edf", folder);
    simulate(path, ecgs[0].ecg, with_gap, 521);
    for (int window = 0; window < 2; window++) {
        emg_run_config config = emg_run_defaults();
        config.reading.from_s = window ? 20.3335 : 0;
        config.reading.to_s = window ? 115 : INFINITY;
        char *whole = report_text(path, &config);
        emg_run run = run_of(path, &config);
        double qrs = (double)channel_of(&run, "TA")->signal.ecg.n_led, expected = window ? 77.6 : 108; /* 72 a minute */
        assert_true(fabs(qrs - expected) < 8);
        emg_run_free(&run);
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
            config.reading.group_size = cuts[i][0];
            config.reading.block_frames = cuts[i][1];
            char *other = report_text(path, &config);
            assert_string_equal(whole, other);
            free(other);
        }
        free(whole);
    }
}

/* --- an ECG of another rate than the muscles', and muscles of two rates --- */

enum { N_SIGNALS = 4, N_RECORDS = 40 };
static const edf_signal signals[N_SIGNALS] = { { "EMG TA", "uV", "-1000", "1000", "-32768", "32767", 1000 },
                                               { "EMG GL", "uV", "-1000", "1000", "-32768", "32767", 512 },
                                               { "ECG", "mV", "-5", "5", "-32768", "32767", 250 },
                                               { "EMG VL", "uV", "-1000", "1000", "-32768", "32767", 1000 } };
static const double sizes[N_SIGNALS] = { 60, 60, 1, 0 }, noises[N_SIGNALS] = { 5, 5, 0.02, 5 };

static double noise_of(uint64_t *seed)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        sum += (double)(*seed >> 11) * 0x1p-53;
    }
    return sum;
}

/* The middle of beat i: a clock's, 0.8 s apart. */
static double ecg_at(double t)
{
    double from_qrs = fmod(t, 0.8) - 0.4, u = from_qrs / 0.011, v = (from_qrs - 0.027) / 0.01;
    return exp(-0.5 * u * u) - 0.3 * exp(-0.5 * v * v);
}

static void write_rates(const char *path, const char *ecg_label, int n_records)
{
    edf_signal own[N_SIGNALS];
    memcpy(own, signals, sizeof own);
    own[2].label = ecg_label;
    const edf_plan plan = { 2, "", "1", own, N_SIGNALS, n_records, NULL, NULL };
    bytes b = edf_build(&plan);
    unsigned char *to = b.at + 256 * (N_SIGNALS + 1);
    uint64_t seed = 77;
    for (int r = 0; r < n_records; r++)
        for (int s = 0; s < N_SIGNALS; s++)
            for (int i = 0; i < own[s].n; i++, to += 2) {
                double t = r + (double)i / own[s].n, scale = s == 2 ? 32767.0 / 5 : 32.767;
                int value = (int)lrint(scale * (sizes[s] * ecg_at(t) + noises[s] * noise_of(&seed)));
                to[0] = (unsigned char)(value & 255);
                to[1] = (unsigned char)(value >> 8 & 255);
            }
    file_put(path, b.at, b.n);
    bytes_free(&b);
}

static void rates_may_differ(void **state)
{
    (void)state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/rates.edf", folder);
    write_rates(path, "ECG", N_RECORDS);
    emg_run_config config = emg_run_defaults();
    emg_run run = run_of(path, &config);
    assert_int_equal(emg_result_n_channels(run.result), 3);
    assert_int_equal(channel_of(&run, "TA")->signal.ecg.n_led, 50);
    assert_int_equal(channel_of(&run, "GL")->signal.ecg.n_led, 50);
    assert_int_equal(channel_of(&run, "VL")->signal.ecg.n_qrs, 0);
    assert_true(fabs(channel_of(&run, "TA")->signal.ecg.per_min - 75) < 0.2);
    emg_run_free(&run);
    char *whole = report_text(path, &config);
    config.reading.group_size = 1;
    config.reading.block_frames = 100;
    char *other = report_text(path, &config);
    assert_string_equal(whole, other);
    free(whole);
    free(other);
}

/* A channel that something else than its label says is an ECG, or a bad one, or that is derived; and none at all. */
static void the_ecg_channel_is_named(void **state)
{
    (void)state;
    char path[PATH], table[PATH];
    const char *const derived[] = { "ECG = #3 - 0.5*#3" };
    static const char header[] =
        "name\ttype\tunits\ttarget_muscle\tstatus\nEMG TA\tEMG\tuV\tTA\tgood\nEMG GL\tEMG\tuV\tGL\tgood\n";
    snprintf(path, sizeof path, "%s/lead.edf", folder);
    snprintf(table, sizeof table, "%s/table.tsv", folder);
    write_rates(path, "Chest", N_RECORDS);
    for (int way = 0; way < 4; way++) {
        static const char *const rows[] = { "", "Chest\tECG\tmV\tn/a\tgood\n", "Chest\tECG\tmV\tn/a\tbad\n", "" };
        static const unsigned qrs[] = { 0, 50, 0, 50 };
        char text[256];
        emg_run_config config = emg_run_defaults();
        snprintf(text, sizeof text, "%s%s", header, rows[way]);
        file_put_text(table, text);
        config.reading.muscles_path = table;
        config.reading.derive = derived;
        config.reading.n_derive = way == 3;
        emg_run run = run_of(path, &config);
        if (channel_of(&run, "TA")->signal.ecg.n_led != qrs[way])
            fail_msg("way %d: %d beats", way, (int)channel_of(&run, "TA")->signal.ecg.n_led);
        emg_run_free(&run);
    }
}

static bool stop(void *context)
{
    ++*(int *)context;
    return false;
}

static void a_stop_ends_the_search_too(void **state)
{
    (void)state;
    char path[PATH];
    int asked = 0;
    emg_run run;
    emg_run_config config = emg_run_defaults();
    snprintf(path, sizeof path, "%s/rates.edf", folder);
    config.go_on = stop;
    config.go_on_context = &asked;
    assert_int_equal(emg_run_file(path, &config, &run, NULL), EMG_ECANCELLED);
    assert_int_equal(asked, 1);
    assert_null(run.recording);
}

/* --- features of the same conditioned signal --- */

typedef struct rows {
    double sum;
    size_t n;
} rows;

static bool take_row(void *context, const emg_feature_window *row)
{
    rows *r = context;
    r->sum += row->index == 0 ? row->features.rms * row->features.rms : 0;
    r->n += row->index == 0;
    return true;
}

static double mean_square(const char *path, double ecg)
{
    emg_run_config config = emg_run_defaults();
    emg_feature_plan plan = emg_feature_plan_defaults();
    emg_error err = EMG_ERROR_NONE;
    rows r = { 0 };
    config.analysis.condition.ecg = ecg;
    if (emg_run_features(path, &config, &plan, take_row, &r, NULL, &err))
        fail_msg("%s", err.text);
    assert_true(r.n > 0);
    return r.sum / (double)r.n;
}

static void features_are_of_muscles_without_ecg(void **state)
{
    (void)state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/rates.edf", folder);
    double without = mean_square(path, EMG_ECG_AUTO), with = mean_square(path, EMG_ECG_OFF);
    print_message("mean square %.1f uV2 without the heart, %.1f with it\n", without, with);
    assert_true(with > 1.15 * without && without < 25 * 430.0 / 500); /* white noise of 5 uV in the band */
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    char path[PATH];
    snprintf(path, sizeof path, "%s/short.edf", folder);
    write_rates(path, "ECG", 9);
    emg_run_config config = emg_run_defaults();
    emg_status status = EMG_ENOMEM;
    long k = 1;
    for (; status == EMG_ENOMEM; k += 1 + (EMG_SANITIZED ? k / 40 : 0)) {
        emg_run run;
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(k, false);
        status = emg_run_file(path, &config, &run, &err);
        emgp_fault_arm(0, false);
        assert_true(status == EMG_OK || (status == EMG_ENOMEM && err.status == EMG_ENOMEM && !run.recording));
        emg_run_free(&run);
        assert_true(k < 20000);
    }
    assert_int_equal(status, EMG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecgs_are_known_by_the_ecg_channel),
        cmocka_unit_test(every_tool_conditions_to_the_same_bits),
        cmocka_unit_test(muscles_without_a_ecg_are_as_without_an_ecg_channel),
        cmocka_unit_test(groups_and_blocks_change_nothing),
        cmocka_unit_test(rates_may_differ),
        cmocka_unit_test(the_ecg_channel_is_named),
        cmocka_unit_test(a_stop_ends_the_search_too),
        cmocka_unit_test(features_are_of_muscles_without_ecg),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
