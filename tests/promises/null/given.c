/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Valid arguments for every public function, as short as they can be. */
#include "promises/null/given.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/folder.h"
#include "support/test.h"

given_all given;

static void made(emg_status status)
{
    if (status != EMG_OK)
        print_error("no valid argument: %s\n", given.err.text);
    assert_int_equal(status, EMG_OK);
}

const char *given_path(const char *name)
{
    static char paths[2][128]; /* no call takes more than two */
    static size_t at;
    at = !at;
    snprintf(paths[at], sizeof paths[at], "%s/%s", given.folder, name);
    return paths[at];
}

static void read_recording(void)
{
    FILE *file = fopen(given.recording, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    given.n_bytes = (size_t)ftell(file);
    rewind(file);
    given.bytes = malloc(given.n_bytes);
    assert_non_null(given.bytes);
    assert_int_equal(fread(given.bytes, 1, given.n_bytes, file), given.n_bytes);
    fclose(file);
}

int given_begin(void **state)
{
    (void)state;
    emg_error_clear(&given.err);
    strcpy(given.folder, "given.XXXXXX");
    assert_non_null(mkdtemp(given.folder));
    snprintf(given.recording, sizeof given.recording, "%s/given.edf", given.folder);
    snprintf(given.truth, sizeof given.truth, "%s/given_events.tsv", given.folder);
    snprintf(given.settings, sizeof given.settings, "%s/settings", given.folder);
    made(emg_run_simulation("fasciculation", 1, 5, 0, given.recording, &given.err));
    file_put_text(given.settings, "condition.low_hz = 25\n");
    made(emg_simulation_scenario(&given.scenario, "fasciculation", &given.err));
    read_recording();
    return 0;
}

int given_end(void **state)
{
    (void)state;
    free(given.bytes);
    emg_simulation_scenario_free(given.scenario);
    return folder_remove(given.folder);
}

int given_free(void **state)
{
    (void)state;
#define FREE(type, name, free)                                                                                         \
    free(given.name);                                                                                                  \
    given.name = NULL;
    GIVEN_OBJECTS(FREE)
#undef FREE
    emg_run_free(&given.run);
    given.run = (emg_run){ 0 };
    emg_run_filter_free(&given.filtering);
    given.filtering = (emg_run_filtering){ 0 };
    emg_coherence_result_free(&given.coherence);
    emg_error_clear(&given.err);
    return 0;
}

void *given_room(void)
{
    enum { PLACES = 8, PLACE = 4096 }; /* a call takes fewer than eight of them; none is longer */
    static double room[PLACES][PLACE];
    static size_t at;
    at = (at + 1) % PLACES;
    return memset(room[at], 0, sizeof room[at]);
}

const double *given_ramp(void)
{
    static double ramp[4096];
    for (size_t i = 0; i < sizeof ramp / sizeof *ramp; i++)
        ramp[i] = (double)i;
    return ramp;
}

const char *const *given_inputs(void)
{
    static const char *inputs[1];
    inputs[0] = given.recording;
    return inputs;
}

const emg_filter *const *given_filters(void)
{
    static const emg_filter *filters[1];
    filters[0] = given_filter();
    return filters;
}

/* A plan or a row that lives until the next of its kind is asked for. */
#define GIVEN(type, name, ...)                                                                                         \
    const type *given_##name(void)                                                                                     \
    {                                                                                                                  \
        static type value;                                                                                             \
        value = __VA_ARGS__;                                                                                           \
        return &value;                                                                                                 \
    }

static const size_t first_channel[] = { 0 };

emg_config *given_config(void)
{
    static emg_config config;
    config = emg_config_defaults(EMG_PRESET_SURFACE);
    return &config;
}

GIVEN(emg_source, source,
      (emg_source){ .name = "a", .muscle = "a", .rate_hz = 1000, .clip_low = -INFINITY, .clip_high = INFINITY })
GIVEN(emg_mark, mark, (emg_mark){ .onset_s = 0, .duration_s = 1 })
GIVEN(emg_block, block,
      (emg_block){ .n_channels = 1,
                   .n_frames = 256,
                   .x = given_ramp(),
                   .channel = first_channel,
                   .rate_hz = 1000,
                   .new_segment = true })
GIVEN(emg_run_config, run_config, emg_run_defaults())
GIVEN(emg_run_filter_config, filter_config, emg_run_filter_defaults())
GIVEN(emg_reading, reading, emg_reading_defaults())
GIVEN(emg_ecg_plan, ecg_plan, emg_ecg_defaults())
GIVEN(emg_powerline_plan, powerline_plan, emg_powerline_defaults())
GIVEN(emg_envelope_plan, envelope_plan, (emg_envelope_plan){ .kind = EMG_ENVELOPE_RMS, .window = 25 })
static double two_bins[] = { 0.25, 0.5 };
GIVEN(emg_coherence_result, coherence_result,
      (emg_coherence_result){ .n = 2, .frequency_hz = two_bins, .coherence = two_bins, .phase_rad = two_bins })
GIVEN(emg_coherence_plan, coherence_plan,
      (emg_coherence_plan){ .first = "#1", .second = "#2", .window_s = 1, .high_hz = 500, .raw = true })
GIVEN(emg_feature_plan, feature_plan, emg_feature_plan_defaults())
GIVEN(emg_filter_plan, filter_plan,
      (emg_filter_plan){ .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 400, .rate_hz = 1000 })
GIVEN(emg_multitaper_plan, multitaper_plan, emg_multitaper_defaults(1000, 256))
GIVEN(emg_welch_plan, welch_plan, emg_welch_defaults(1000, 128))
GIVEN(emg_quality_channel, quality_channel, (emg_quality_channel){ .clip_low = -INFINITY, .clip_high = INFINITY })
GIVEN(emg_score_config, score_config, emg_score_defaults())
GIVEN(emg_score_job, score_job,
      (emg_score_job){ .truth = given.truth, .found = given.truth, .config = emg_score_defaults(), .duration_s = NAN })
GIVEN(emg_compare_job, compare_job,
      (emg_compare_job){ .a = given.recording, .b = given.recording, .config = given_run_config() })
static const uint64_t two_counts[] = { 3, 4 };
GIVEN(emg_minutes, minutes, (emg_minutes){ .count = two_counts, .n = 2, .time_s = 120 })
static const emg_summary one_muscle = { .name = "a", .muscle = "a" };
GIVEN(emg_visit, visit, (emg_visit){ .name = "a", .muscles = &one_muscle, .n_muscles = 1 })
GIVEN(emg_simulation_job, simulation_job,
      (emg_simulation_job){ .preset = "fasciculation", .path = given_path("out.edf"), .duration_s = 5 })
GIVEN(emg_feature_levels, levels, (emg_feature_levels){ .count_threshold = 1, .turn_threshold = 100, .rest_power = 1 })
GIVEN(emg_feature_bands, bands,
      (emg_feature_bands){ .low_hz = 20, .high_hz = 200, .fatigue_low_hz = 20, .fatigue_high_hz = 200 })
GIVEN(emg_welch_pair, pair, (emg_welch_pair){ .first = 0, .second = 1 })
GIVEN(emg_event, event, (emg_event){ .onset_s = 1, .duration_s = 0.01, .trial_type = EMG_FASCICULATION })
GIVEN(emg_report_input, report_input,
      (emg_report_input){ .recording = "a", .format = "EDF", .content_hash = "0", .config = given_config() })
GIVEN(emg_report_qrs, report_qrs,
      (emg_report_qrs){ .channel = "a", .wave = given_ramp(), .n_wave = 16, .wave_peak = 8, .step_s = 0.002 })

/* An object of a kind, made by a call that stores it in `given`. */
#define MAKER(type, name, call)                                                                                        \
    type *given_##name(void)                                                                                           \
    {                                                                                                                  \
        made(call);                                                                                                    \
        return given.name;                                                                                             \
    }

MAKER(emg_analysis, analysis,
      emg_analysis_new(&given.analysis, given_source(), 1, NULL, 0, given_config(), NULL, &given.err))
MAKER(emg_recording, recorded, emg_recording_open(&given.recorded, given.recording, NULL, &given.err))
MAKER(emg_simulation, simulation, emg_simulation_new(&given.simulation, "fasciculation", 1, 5, 0, &given.err))
MAKER(emg_spectrogram_view, view,
      emg_run_spectrogram(&given.view, given.recording, given_run_config(), NULL, &given.err))
MAKER(emg_comparison, comparison, emg_comparison_new(&given.comparison, given_visit(), given_visit(), &given.err))
MAKER(emg_comparisons, comparisons, emg_comparisons_new(&given.comparisons, &given.err))
MAKER(emg_filter, filter, emg_filter_design(&given.filter, given_filter_plan(), &given.err))
MAKER(emg_filter_stream, filter_stream,
      emg_filter_stream_new(&given.filter_stream, given_filter(), EMG_FILTER_FORWARD, 1, given_frames, NULL,
                            &given.err))
MAKER(emg_ecg_stream, ecg_stream,
      emg_ecg_stream_new(&given.ecg_stream, given_ecg_plan(), 1000, 1, given_frames, NULL, &given.err))
MAKER(emg_qrs, qrs, emg_qrs_new(&given.qrs, 1000, given_qrs_taken, NULL, &given.err))
MAKER(emg_powerline_stream, powerline_stream,
      emg_powerline_stream_new(&given.powerline_stream, given_powerline_plan(), 1000, 1, given_frames, NULL,
                               &given.err))
MAKER(emg_envelope, envelope,
      emg_envelope_new(&given.envelope, given_envelope_plan(), 1000, 1, given_frames, NULL, &given.err))
MAKER(emg_quality, quality,
      emg_quality_new(&given.quality, &given_config()->quality, given_quality_channel(), 1, 1000, given_quality_taken,
                      NULL, &given.err))
MAKER(emg_multitaper, multitaper, emg_multitaper_new(&given.multitaper, given_multitaper_plan(), &given.err))
MAKER(emg_spectrogram, spectrogram,
      emg_spectrogram_new(&given.spectrogram, given_welch_plan(), EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 1,
                          given_column, NULL, &given.err))

emg_result *given_result(void)
{
    emg_analysis *analysis = given_analysis();
    made(emg_analysis_push(analysis, given_block(), &given.err));
    made(emg_analysis_finish(analysis, &given.result, &given.err));
    return given.result;
}

emg_score *given_score(void)
{
    made(emg_score_new(&given.score, given_score_config(), &given.err));
    made(emg_score_add(given.score, given_event(), 1, given_event(), 1, 10, &given.err));
    return given.score;
}

emg_spectrum *given_spectrum(void)
{
    made(emg_spectrum_new(&given.spectrum, 1000, 128, 1, &given.err));
    emg_spectrum_push(given.spectrum, given_ramp(), 512);
    return given.spectrum;
}

emg_welch *given_welch(void)
{
    made(emg_welch_new(&given.welch, given_welch_plan(), 2, given_pair(), 1, &given.err));
    made(emg_welch_push(given.welch, given_ramp(), 512, &given.err));
    return given.welch;
}

char *given_text(void)
{
    made(emg_simulation_scenario(&given.text, "fasciculation", &given.err));
    return given.text;
}

emg_status given_frames(void *context, const double *x, size_t n_frames, emg_error *err)
{
    (void)context, (void)x, (void)n_frames, (void)err;
    return EMG_OK;
}

emg_status given_qrs_taken(void *context, const emg_ecg_qrs *qrs, emg_error *err)
{
    (void)context, (void)qrs, (void)err;
    return EMG_OK;
}

emg_status given_quality_taken(void *context, size_t channel, const emg_quality_window *window, emg_error *err)
{
    (void)context, (void)channel, (void)window, (void)err;
    return EMG_OK;
}

emg_status given_column(void *context, const emg_spectrogram_column *column, emg_error *err)
{
    (void)context, (void)column, (void)err;
    return EMG_OK;
}

emg_status given_write(void *context, const char *bytes, size_t n, emg_error *err)
{
    (void)context, (void)bytes, (void)n, (void)err;
    return EMG_OK;
}

#define CONTENT(name, type)                                                                                            \
    bool name(void *context, const type *row)                                                                          \
    {                                                                                                                  \
        (void)context, (void)row;                                                                                      \
        return true;                                                                                                   \
    }
CONTENT(given_feature, emg_feature_window)
CONTENT(given_density, emg_density_row)
CONTENT(given_slope, emg_slope_row)
CONTENT(given_raw, emg_raw_row)
CONTENT(given_annotation, emg_annotation)
CONTENT(given_step, emg_batch_item)
CONTENT(given_rule_step, emg_step)

const char *given_reports(void)
{
    const char *reports = given_path("batch");
    emg_run_config config = emg_run_defaults();
    assert_int_equal(emg_run_batch(given_inputs(), 1, reports, &config, NULL, NULL, NULL, NULL), EMG_OK);
    return reports;
}

emg_status given_figure(void *context, const char *name, const char *svg, size_t n, emg_error *err)
{
    (void)context;
    (void)name;
    (void)svg;
    (void)n;
    (void)err;
    return EMG_OK;
}
