/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that make no sense, one a row: each is refused with its status and a sentence, at once and without memory. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "promises/null/given.h"
#include "support/test.h"

typedef struct misuse {
    const char *what;
    emg_status (*call)(void);
    emg_status answer;
    const char *sentence; /* words that it holds */
} misuse;

static const double numbers[512];

/* --- blocks of an analysis --- */

/* A first block of 256 frames at 0 s, then one of channel 0 that `change` has spoilt. */
static emg_status second_block(void (*change)(emg_block *block))
{
    emg_analysis *analysis = given_analysis();
    emg_block block = *given_block();
    assert_int_equal(emg_analysis_push(analysis, &block, &given.err), EMG_OK);
    block.start_s = 0.256;
    block.new_segment = false;
    change(&block);
    return emg_analysis_push(analysis, &block, &given.err);
}

#define BLOCK(name, ...)                                                                                               \
    static void spoil_##name(emg_block *block)                                                                         \
    {                                                                                                                  \
        __VA_ARGS__;                                                                                                   \
    }                                                                                                                  \
    static emg_status block_##name(void)                                                                               \
    {                                                                                                                  \
        return second_block(spoil_##name);                                                                             \
    }

static const size_t twice[] = { 0, 0 }, beyond[] = { 7 };
static const double endless[256] = { [200] = INFINITY };

BLOCK(fits, (void)block)
BLOCK(start_nan, block->start_s = NAN)
BLOCK(start_endless, block->start_s = INFINITY)
BLOCK(goes_back, block->start_s = -0.5)
BLOCK(segment_goes_back, block->start_s = 0.25; block->new_segment = true)
BLOCK(segment_fits, block->start_s = 0.2555; block->new_segment = true)
BLOCK(channel_twice, block->channel = twice; block->n_channels = 2; block->n_frames = 128)
BLOCK(channel_beyond, block->channel = beyond)
BLOCK(no_channels, block->n_channels = 0)
BLOCK(many_channels, block->n_channels = 65; block->n_frames = 1)
BLOCK(no_numbers, block->x = NULL)
BLOCK(no_channel, block->channel = NULL)
BLOCK(endless_sample, block->x = endless)
BLOCK(frames_overflow, block->n_frames = SIZE_MAX / 4)
BLOCK(another_rate, block->rate_hz = 2000)

static emg_status block_after_finish(void)
{
    emg_analysis *analysis = given_analysis();
    assert_int_equal(emg_analysis_finish(analysis, &given.result, &given.err), EMG_OK);
    return emg_analysis_push(analysis, given_block(), &given.err);
}

static emg_status finish_twice(void)
{
    emg_analysis *analysis = given_analysis();
    emg_result *second = NULL;
    assert_int_equal(emg_analysis_finish(analysis, &given.result, &given.err), EMG_OK);
    return emg_analysis_finish(analysis, &second, &given.err);
}

/* --- sources --- */

static emg_status source(const char *name, const char *muscle, double rate_hz)
{
    emg_source s = emg_source_defaults();
    s.name = name;
    s.muscle = muscle;
    s.rate_hz = rate_hz;
    return emg_analysis_new(&given.analysis, &s, 1, NULL, 0, given_config(), NULL, &given.err);
}

#define SOURCE(call, name, muscle, rate_hz)                                                                            \
    static emg_status source_##call(void)                                                                              \
    {                                                                                                                  \
        return source(name, muscle, rate_hz);                                                                          \
    }

SOURCE(fits, "a", "a", 1000)
SOURCE(no_name, NULL, "a", 1000)
SOURCE(empty_name, "", "a", 1000)
SOURCE(no_muscle, "a", NULL, 1000)
SOURCE(empty_muscle, "a", "", 1000)
SOURCE(rate_0, "a", "a", 0)
SOURCE(rate_below_0, "a", "a", -1000)
SOURCE(rate_nan, "a", "a", NAN)
SOURCE(rate_endless, "a", "a", INFINITY)

/* --- windows that would take all memory --- */

enum { LONG = 1 << 24, MANY = 64 };

#define CALL(name, ...)                                                                                                \
    static emg_status name(void)                                                                                       \
    {                                                                                                                  \
        return __VA_ARGS__;                                                                                            \
    }

static const emg_welch_plan *long_plan(void)
{
    static emg_welch_plan plan;
    plan = emg_welch_defaults(1000, LONG);
    return &plan;
}

static const emg_envelope_plan *long_envelope(emg_envelope_kind kind)
{
    static emg_envelope_plan plan;
    plan = (emg_envelope_plan){ .kind = kind, .window = LONG, .lowest_hz = 0.005 };
    return &plan;
}

static const emg_multitaper_plan *many_tapers(void)
{
    static emg_multitaper_plan plan;
    plan = emg_multitaper_defaults(1000, 1 << 20);
    plan.n_tapers = 1 << 20;
    plan.half_bandwidth = 1 << 18;
    return &plan;
}

CALL(long_welch, emg_welch_new(&given.welch, long_plan(), MANY, NULL, 0, &given.err))
CALL(long_spectrum, emg_spectrum_new(&given.spectrum, 1000, LONG, MANY, &given.err))
CALL(long_spectrogram, emg_spectrogram_new(&given.spectrogram, long_plan(), EMG_SPECTROGRAM_POWER,
                                           EMG_SPECTROGRAM_WHOLE, MANY, given_column, NULL, &given.err))
CALL(long_moving,
     emg_envelope_new(&given.envelope, long_envelope(EMG_ENVELOPE_RMS), 1000, MANY, given_frames, NULL, &given.err))
CALL(long_hilbert,
     emg_envelope_new(&given.envelope, long_envelope(EMG_ENVELOPE_HILBERT), 1000, MANY, given_frames, NULL, &given.err))
CALL(long_multitaper, emg_multitaper_new(&given.multitaper, many_tapers(), &given.err))

static emg_status long_median(void)
{
    static const double many[1 << 19];
    emg_welch_plan plan = emg_welch_defaults(1000, 1024);
    plan.overlap = 1023;
    plan.average = EMG_AVERAGE_MEDIAN;
    return emg_psd(&plan, many, sizeof many / sizeof *many, given_room(), NULL, &given.err);
}

static emg_status feature_windows(double window_s)
{
    emg_feature_plan plan = emg_feature_plan_defaults();
    plan.window_s = window_s;
    return emg_run_features(given.recording, given_run_config(), &plan, given_feature, NULL, NULL, &given.err);
}

CALL(feature_window_nan, feature_windows(NAN))
CALL(feature_window_0, feature_windows(0))
CALL(feature_window_below_0, feature_windows(-1))
CALL(feature_window_endless, feature_windows(INFINITY))
CALL(feature_window_huge, feature_windows(1e300))

/* --- more frames than there are addresses --- */

CALL(overflow_ecg, emg_ecg_stream_push(given_ecg_stream(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_qrs, emg_qrs_push(given_qrs(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_powerline, emg_powerline_stream_push(given_powerline_stream(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_envelope, emg_envelope_push(given_envelope(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_filter, emg_filter_stream_push(given_filter_stream(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_quality, emg_quality_push(given_quality(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_spectrogram, emg_spectrogram_push(given_spectrogram(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_welch, emg_welch_push(given_welch(), numbers, SIZE_MAX / 4, &given.err))
CALL(overflow_simulation, emg_simulation_next(given_simulation(), given_room(), SIZE_MAX / 4, &given.err))

/* --- files, names and settings --- */

CALL(batch_without_folder, emg_run_batch(given_inputs(), 1, "", given_run_config(), NULL, NULL, NULL, &given.err))
CALL(no_such_preset, emg_simulation_new(&given.simulation, "", 1, 0, 0, &given.err))
CALL(duration_nan, emg_simulation_new(&given.simulation, "fasciculation", 1, NAN, 0, &given.err))
CALL(duration_endless, emg_simulation_new(&given.simulation, "fasciculation", 1, INFINITY, 0, &given.err))
CALL(simulated_rate_nan, emg_simulation_new(&given.simulation, "fasciculation", 1, 5, NAN, &given.err))
CALL(no_key, emg_config_set(given_config(), "", "1", &given.err))
CALL(no_value, emg_config_set(given_config(), "condition.low_hz", "", &given.err))
CALL(file_without_ending, emg_run_simulation("fasciculation", 1, 5, 0, "", &given.err))
CALL(no_recording, emg_recording_open(&given.recorded, "", NULL, &given.err))

static emg_status mark(double onset_s, double duration_s)
{
    const emg_mark one = { .onset_s = onset_s, .duration_s = duration_s, .kind = EMG_MARK_REST };
    return emg_analysis_new(&given.analysis, given_source(), 1, &one, 1, given_config(), NULL, &given.err);
}

CALL(mark_nan, mark(NAN, 1))
CALL(mark_endless, mark(INFINITY, 1))

static emg_status reading(size_t n, size_t group_size, double from_s, double full_scale_uv)
{
    emg_reading r = emg_reading_defaults();
    r.n_channels = n;
    r.group_size = group_size;
    r.from_s = from_s;
    r.full_scale_uv = full_scale_uv;
    return emg_recording_open(&given.recorded, given.recording, &r, &given.err);
}

CALL(patterns_missing, reading(1, 64, 0, 0))
CALL(group_of_0, reading(0, 0, 0, 0))
CALL(group_of_65, reading(0, 65, 0, 0))
CALL(from_nan, reading(0, 64, NAN, 0))
CALL(full_scale_nan, reading(0, 64, 0, NAN))

static emg_status filters(size_t n, double envelope_s)
{
    emg_run_filter_config config = emg_run_filter_defaults();
    config.n_filters = n;
    config.with_envelope = true;
    config.envelope_s = envelope_s;
    return emg_run_filter(given.recording, given_path("out.edf"), &config, &given.filtering, &given.err);
}

CALL(many_filters, filters(EMG_RUN_MOST_FILTERS + 1, 0.1))
CALL(envelope_nan, filters(1, NAN))

static const misuse cases[] = {
    { "a block after another", block_fits, EMG_OK, "" },
    { "start_s = NaN", block_start_nan, EMG_EARG, "finite time" },
    { "start_s = infinity", block_start_endless, EMG_EARG, "finite time" },
    { "start_s that goes back", block_goes_back, EMG_EARG, "before the end of what came before" },
    { "a segment that goes back", block_segment_goes_back, EMG_EARG, "before the end of what came before" },
    { "a segment half a frame early", block_segment_fits, EMG_OK, "" },
    { "a channel twice", block_channel_twice, EMG_EARG, "names a channel twice" },
    { "a channel out of range", block_channel_beyond, EMG_EARG, "names channel 7" },
    { "a block without channels", block_no_channels, EMG_EARG, "no channels" },
    { "65 channels", block_many_channels, EMG_ERANGE, "65 channels" },
    { "a block without samples", block_no_numbers, EMG_EARG, "no samples" },
    { "a block without numbers of channels", block_no_channel, EMG_EARG, "no channels" },
    { "an infinite sample", block_endless_sample, EMG_EARG, "not finite" },
    { "frames beyond memory", block_frames_overflow, EMG_EARG, "larger than memory" },
    { "another rate", block_another_rate, EMG_EARG, "rate" },
    { "a block after the end", block_after_finish, EMG_EARG, "takes no more blocks" },
    { "a second end", finish_twice, EMG_EARG, "once" },
    { "a source", source_fits, EMG_OK, "" },
    { "a source without a name", source_no_name, EMG_EARG, "no name" },
    { "a source with an empty name", source_empty_name, EMG_EARG, "no name" },
    { "a source without a muscle", source_no_muscle, EMG_EARG, "no muscle" },
    { "a source with an empty muscle", source_empty_muscle, EMG_EARG, "no muscle" },
    { "a source at 0 Hz", source_rate_0, EMG_EARG, "sampling rate" },
    { "a source at -1000 Hz", source_rate_below_0, EMG_EARG, "sampling rate" },
    { "a source at NaN Hz", source_rate_nan, EMG_EARG, "sampling rate" },
    { "a source at infinite Hz", source_rate_endless, EMG_EARG, "sampling rate" },
    { "64 spectra of 2^24", long_welch, EMG_ERANGE, "fewer channels" },
    { "64 descriptions of 2^24", long_spectrum, EMG_ERANGE, "fewer channels" },
    { "64 spectrograms of 2^24", long_spectrogram, EMG_ERANGE, "fewer channels" },
    { "64 moving windows of 2^24", long_moving, EMG_ERANGE, "fewer channels" },
    { "64 long Hilbert filters", long_hilbert, EMG_ERANGE, "fewer channels" },
    { "2^20 tapers", long_multitaper, EMG_ERANGE, "1048576 tapers" },
    { "a median of half a million", long_median, EMG_ERANGE, "take the mean" },
    { "windows of NaN s", feature_window_nan, EMG_ERANGE, "window" },
    { "windows of 0 s", feature_window_0, EMG_ERANGE, "window" },
    { "windows of -1 s", feature_window_below_0, EMG_ERANGE, "window" },
    { "windows of infinite s", feature_window_endless, EMG_ERANGE, "window" },
    { "windows of 1e300 s", feature_window_huge, EMG_ERANGE, "windows of" },
    { "frames: ECG", overflow_ecg, EMG_EARG, "samples" },
    { "frames: QRS", overflow_qrs, EMG_EARG, "samples" },
    { "frames: power line", overflow_powerline, EMG_EARG, "samples" },
    { "frames: envelope", overflow_envelope, EMG_EARG, "samples" },
    { "frames: filter", overflow_filter, EMG_EARG, "samples" },
    { "frames: quality", overflow_quality, EMG_EARG, "samples" },
    { "frames: spectrogram", overflow_spectrogram, EMG_EARG, "samples" },
    { "frames: spectra", overflow_welch, EMG_EARG, "samples" },
    { "frames: simulation", overflow_simulation, EMG_EARG, "frames" },
    { "output = \"\"", batch_without_folder, EMG_EARG, "folder" },
    { "preset \"\"", no_such_preset, EMG_EARG, "no such preset" },
    { "a simulation of NaN s", duration_nan, EMG_ERANGE, "duration" },
    { "a simulation of infinite s", duration_endless, EMG_ERANGE, "duration" },
    { "a simulation at NaN Hz", simulated_rate_nan, EMG_ERANGE, "sampling rate" },
    { "a setting without a key", no_key, EMG_EARG, "no setting" },
    { "a setting without a value", no_value, EMG_EARG, "condition.low_hz" },
    { "a simulation without a file", file_without_ending, EMG_EARG, ".edf" },
    { "a recording without a path", no_recording, EMG_EIO, "" },
    { "a mark at NaN", mark_nan, EMG_EARG, "mark 1" },
    { "a mark at infinity", mark_endless, EMG_EARG, "mark 1" },
    { "patterns announced but not given", patterns_missing, EMG_EARG, "pattern" },
    { "groups of 0", group_of_0, EMG_EARG, "group_size" },
    { "groups of 65", group_of_65, EMG_EARG, "group_size" },
    { "a time window from NaN", from_nan, EMG_EARG, "time window" },
    { "a full scale of NaN", full_scale_nan, EMG_EARG, "full scale" },
    { "17 filters", many_filters, EMG_EARG, "filters" },
    { "an envelope of NaN s", envelope_nan, EMG_ERANGE, "envelope" },
};

static void misuse_is_refused_with_a_sentence(void **state)
{
    const misuse *m = *state;
    emg_status answer = m->call();
    if (answer != m->answer || !strstr(given.err.text, m->sentence))
        print_error("'%s'\n", given.err.text);
    assert_int_equal(answer, m->answer);
    assert_int_equal(given.err.status, m->answer);
    assert_int_equal(answer == EMG_OK, given.err.text[0] == '\0');
    assert_non_null(strstr(given.err.text, m->sentence));
}

/* --- rates that are none --- */

typedef emg_status with_rate(double rate_hz);

#define RATE(name, ...)                                                                                                \
    static emg_status rate_##name(double rate_hz)                                                                      \
    {                                                                                                                  \
        return __VA_ARGS__;                                                                                            \
    }

static emg_status rate_filter(double rate_hz)
{
    emg_filter_plan plan = *given_filter_plan();
    plan.rate_hz = rate_hz;
    return emg_filter_design(&given.filter, &plan, &given.err);
}

static emg_status rate_welch(double rate_hz)
{
    const emg_welch_plan plan = emg_welch_defaults(rate_hz, 128);
    return emg_welch_new(&given.welch, &plan, 1, NULL, 0, &given.err);
}

static emg_status rate_multitaper(double rate_hz)
{
    const emg_multitaper_plan plan = emg_multitaper_defaults(rate_hz, 128);
    return emg_multitaper_new(&given.multitaper, &plan, &given.err);
}

RATE(qrs, emg_qrs_new(&given.qrs, rate_hz, given_qrs_taken, NULL, &given.err))
RATE(ecg, emg_ecg_stream_new(&given.ecg_stream, given_ecg_plan(), rate_hz, 1, given_frames, NULL, &given.err))
RATE(powerline, emg_powerline_stream_new(&given.powerline_stream, given_powerline_plan(), rate_hz, 1, given_frames,
                                         NULL, &given.err))
RATE(envelope, emg_envelope_new(&given.envelope, given_envelope_plan(), rate_hz, 1, given_frames, NULL, &given.err))
RATE(quality, emg_quality_new(&given.quality, &given_config()->quality, given_quality_channel(), 1, rate_hz,
                              given_quality_taken, NULL, &given.err))
RATE(spectrum, emg_spectrum_new(&given.spectrum, rate_hz, 128, 1, &given.err))
RATE(features, emg_features_time(numbers, 256, rate_hz, given_levels(), given_room(), &given.err))

static void rates_that_are_none_are_out_of_range(void **state)
{
    static with_rate *const calls[] = { rate_filter,    rate_welch,    rate_multitaper, rate_qrs,      rate_ecg,
                                        rate_powerline, rate_envelope, rate_quality,    rate_spectrum, rate_features };
    static const double rates[] = { 0, -1000, NAN, INFINITY, -INFINITY };
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
        assert_int_equal(calls[c](1000), EMG_OK);
        given_free(NULL);
        for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
            if (calls[c](rates[r]) != EMG_ERANGE)
                fail_msg("call %zu takes a rate of %g", c, rates[r]);
            assert_true(given.err.text[0] != '\0');
            given_free(state);
        }
    }
}

/* After all refusals above: none of them took memory first. */
static void refusals_take_no_memory(void **state)
{
    struct rusage used;
    (void)state;
    assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
    if (EMG_SANITIZED)
        skip();
    assert_true(used.ru_maxrss < 256 * 1024);
}

int main(void)
{
    enum { N = sizeof cases / sizeof *cases };
    static struct CMUnitTest tests[N + 2];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){ cases[i].what, misuse_is_refused_with_a_sentence, NULL, given_free,
                                        (void *)&cases[i] };
    tests[N] = (struct CMUnitTest)cmocka_unit_test(rates_that_are_none_are_out_of_range);
    tests[N + 1] = (struct CMUnitTest)cmocka_unit_test(refusals_take_no_memory);
    return cmocka_run_group_tests(tests, given_begin, given_end);
}
