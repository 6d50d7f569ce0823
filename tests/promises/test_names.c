/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sentence names the file that it speaks of, once, and the sentence without it is at hand for those who print the name
 * themselves. */
#include <stdio.h>
#include <string.h>

#include "promises/null/given.h"
#include "support/folder.h"
#include "support/test.h"

/* A call on a file that fails; `file` is what its sentence names, a file of the folder. */
typedef struct named {
    const char *what, *file;
    emg_status (*call)(const char *path);
    emg_status answer;
} named;

#define CALL(name, ...)                                                                                                \
    static emg_status name(const char *path)                                                                           \
    {                                                                                                                  \
        return __VA_ARGS__;                                                                                            \
    }

CALL(open_it, emg_recording_open(&given.recorded, path, NULL, &given.err))
CALL(run_it, emg_run_file(path, given_run_config(), &given.run, &given.err))
CALL(features_of,
     emg_run_features(path, given_run_config(), given_feature_plan(), given_feature, NULL, NULL, &given.err))
CALL(densities_of, emg_run_densities(path, given_run_config(), given_density, NULL, NULL, &given.err))
CALL(slopes_of, emg_run_slopes(path, given_run_config(), given_feature_plan(), given_slope, NULL, NULL, &given.err))
CALL(spectrogram_of, emg_run_spectrogram(&given.view, path, given_run_config(), NULL, &given.err))
CALL(raw_of, emg_run_raw(path, given_run_config(), 128, 20, 400, given_raw, NULL, NULL, &given.err))
CALL(filter_it, emg_run_filter(path, given_path("filtered.edf"), given_filter_config(), &given.filtering, &given.err))
CALL(filter_into, emg_run_filter(given.recording, path, given_filter_config(), &given.filtering, &given.err))
CALL(response_into, emg_run_response_svg(path, given_filters(), 1, EMG_FILTER_FORWARD, &given.err))
CALL(picture_into, emg_run_spectrogram_file(given_view(), path, &given.err))
CALL(score_into, emg_run_score_files(given_score(), path, NULL, &given.err))
CALL(comparison_into, emg_run_compare_files(given_comparisons(), path, NULL, &given.err))
CALL(simulate_into, emg_run_simulation("fasciculation", 1, 5, 0, path, &given.err))
CALL(configure_from, emg_config_read(given_config(), path, &given.err))
CALL(batch_into, emg_run_batch(given_inputs(), 1, path, given_run_config(), NULL, NULL, NULL, &given.err))

static emg_status open_in_memory(const char *path)
{
    return emg_recording_open_memory(&given.recorded, "rubbish", 7, path, NULL, &given.err);
}

/* A setting that no analysis takes: the failure of a run, not of its recording. */
static emg_status run_with_a_wrong_setting(const char *path)
{
    emg_run_config config = *given_run_config();
    config.analysis.condition.low_hz = -1;
    return emg_run_file(path, &config, &given.run, &given.err);
}

static emg_status simulate_scenario(const char *path)
{
    const emg_simulation_job job = { .scenario = path, .path = given_path("out.edf"), .duration_s = 1e9 };
    return emg_run_simulation_job(&job, &given.err);
}

static emg_status score_of(const char *path)
{
    emg_score_job job = *given_score_job();
    job.truth = path;
    return emg_run_score(&job, &given.score, NULL, &given.err);
}

static emg_status comparison_of(const char *path)
{
    emg_compare_job job = *given_compare_job();
    job.b = path;
    return emg_run_compare(&job, &given.comparisons, &given.err);
}

static bool keep_error(void *context, const emg_batch_item *item)
{
    emg_error *kept = context;
    *kept = *item->error;
    return true;
}

/* The failure of one input is its item's. */
static emg_status batch_of(const char *path)
{
    emg_status status =
        emg_run_batch(&path, 1, given_path("batch"), given_run_config(), keep_error, &given.err, NULL, NULL);
    assert_int_equal(status, EMG_OK);
    return given.err.status;
}

static const named cases[] = {
    { "open a file that is not there", "none.edf", open_it, EMG_EIO },
    { "open rubbish", "rubbish.edf", open_it, EMG_EFORMAT },
    { "open rubbish in memory", "memory", open_in_memory, EMG_EFORMAT },
    { "run", "rubbish.edf", run_it, EMG_EFORMAT },
    { "run with a wrong setting", "given.edf", run_with_a_wrong_setting, EMG_ERANGE },
    { "features", "rubbish.edf", features_of, EMG_EFORMAT },
    { "densities", "rubbish.edf", densities_of, EMG_EFORMAT },
    { "slopes", "rubbish.edf", slopes_of, EMG_EFORMAT },
    { "spectrogram", "rubbish.edf", spectrogram_of, EMG_EFORMAT },
    { "raw", "rubbish.edf", raw_of, EMG_EFORMAT },
    { "filter rubbish", "rubbish.edf", filter_it, EMG_EFORMAT },
    { "filter into another ending", "out.txt", filter_into, EMG_EARG },
    { "filter into no folder", "none/out.edf", filter_into, EMG_EIO },
    { "a response into no folder", "none/out.svg", response_into, EMG_EIO },
    { "a picture into no folder", "none/out.svg", picture_into, EMG_EIO },
    { "a score into no folder", "none/out.json", score_into, EMG_EIO },
    { "a comparison into no folder", "none/out.json", comparison_into, EMG_EIO },
    { "simulate into another ending", "out.txt", simulate_into, EMG_EARG },
    { "simulate into no folder", "none/out.edf", simulate_into, EMG_EIO },
    { "settings that are not there", "none", configure_from, EMG_EIO },
    { "settings of rubbish", "rubbish.edf", configure_from, EMG_EFORMAT },
    { "a batch into a file", "rubbish.edf", batch_into, EMG_EIO },
    { "a batch of rubbish", "rubbish.edf", batch_of, EMG_EFORMAT },
    { "a scenario that is not there", "none", simulate_scenario, EMG_EFORMAT },
    { "a scenario for too long", "scenario", simulate_scenario, EMG_EFORMAT },
    { "a comparison of rubbish", "rubbish.edf", comparison_of, EMG_EFORMAT },
    { "a comparison of a report of rubbish", "rubbish_report.json", comparison_of, EMG_EFORMAT },
    { "a score of rubbish", "rubbish_events.tsv", score_of, EMG_EFORMAT },
};

static void the_sentence_names_the_file(void **state)
{
    const named *c = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/%s", given.folder, c->file);
    file_put_text(given_path("rubbish.edf"), "rubbish\n");
    file_put_text(given_path("rubbish_events.tsv"), "rubbish\n");
    file_put_text(given_path("rubbish_report.json"), "rubbish\n");
    file_put_text(given_path("scenario"), given.scenario);
    emg_status answer = c->call(path);
    const char *found = strstr(given.err.text, path);
    if (answer != c->answer || !found)
        print_error("'%s'\n", given.err.text);
    assert_int_equal(answer, c->answer);
    assert_non_null(found);
    assert_null(strstr(found + 1, path));
    if (given.err.n_name > 0) {
        assert_int_equal(given.err.n_name, strlen(path) + 2);
        assert_int_equal(strncmp(given.err.text + strlen(path), ": ", 2), 0);
        assert_true(strlen(given.err.text + given.err.n_name) > 8);
    }
}

static void a_failure_from_before_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(emg_config_read(given_config(), given_path("none"), &given.err), EMG_EIO);
    const emg_error before = given.err;
    assert_int_equal(emg_recording_open(&given.recorded, given_path("none.edf"), NULL, &given.err), EMG_EIO);
    assert_memory_equal(&given.err, &before, sizeof before);
}

/* Of a path that is too long its end is shown; the sentence stays whole. */
static void long_paths_leave_the_sentence_whole(void **state)
{
    (void)state;
    char path[600];
    memset(path, 'a', sizeof path);
    for (size_t i = 0; i < sizeof path; i += 50)
        path[i] = '/';
    memcpy(path + sizeof path - sizeof "/end.edf", "/end.edf", sizeof "/end.edf");
    assert_int_equal(emg_recording_open(&given.recorded, path, NULL, &given.err), EMG_EIO);
    assert_int_equal(strncmp(given.err.text, "...", 3), 0);
    assert_non_null(strstr(given.err.text, "/end.edf: "));
    assert_int_equal(strncmp(given.err.text + given.err.n_name - strlen("/end.edf: "), "/end.edf: ", 10), 0);
    assert_true(strlen(given.err.text + given.err.n_name) > 8);
    assert_true(strlen(given.err.text) < sizeof given.err.text);
}

int main(void)
{
    enum { N = sizeof cases / sizeof *cases };
    static struct CMUnitTest tests[N + 2];
    for (size_t i = 0; i < N; i++)
        tests[i] =
            (struct CMUnitTest){ cases[i].what, the_sentence_names_the_file, NULL, given_free, (void *)&cases[i] };
    tests[N] = (struct CMUnitTest)cmocka_unit_test_teardown(a_failure_from_before_is_left_alone, given_free);
    tests[N + 1] = (struct CMUnitTest)cmocka_unit_test_teardown(long_paths_leave_the_sentence_whole, given_free);
    return cmocka_run_group_tests(tests, given_begin, given_end);
}
