/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Valid arguments for every public function: files in a folder, plans with their defaults, objects made anew. */
#ifndef EMG_GIVEN_H
#define EMG_GIVEN_H

#include <emg/emg.h>

/* Every object that must be freed: type, name, function. */
#define GIVEN_OBJECTS(X)                                                                                               \
    X(emg_result, result, emg_result_free)                                                                             \
    X(emg_analysis, analysis, emg_analysis_free)                                                                       \
    X(emg_recording, recorded, emg_recording_close)                                                                    \
    X(emg_simulation, simulation, emg_simulation_free)                                                                 \
    X(emg_comparison, comparison, emg_comparison_free)                                                                 \
    X(emg_comparisons, comparisons, emg_comparisons_free)                                                              \
    X(emg_score, score, emg_score_free)                                                                                \
    X(emg_spectrogram_view, view, emg_spectrogram_view_free)                                                           \
    X(emg_filter_stream, filter_stream, emg_filter_stream_free)                                                        \
    X(emg_filter, filter, emg_filter_free)                                                                             \
    X(emg_ecg_stream, ecg_stream, emg_ecg_stream_free)                                                                 \
    X(emg_qrs, qrs, emg_qrs_free)                                                                                      \
    X(emg_powerline_stream, powerline_stream, emg_powerline_stream_free)                                               \
    X(emg_envelope, envelope, emg_envelope_free)                                                                       \
    X(emg_quality, quality, emg_quality_free)                                                                          \
    X(emg_multitaper, multitaper, emg_multitaper_free)                                                                 \
    X(emg_spectrogram, spectrogram, emg_spectrogram_free)                                                              \
    X(emg_spectrum, spectrum, emg_spectrum_free)                                                                       \
    X(emg_welch, welch, emg_welch_free)                                                                                \
    X(char, text, emg_simulation_scenario_free)

typedef struct given_all {
    emg_error err;
    char folder[64], recording[128], settings[128], truth[128];
    char *bytes; /* of the recording */
    size_t n_bytes;
    char *scenario;
#define GIVEN_MEMBER(type, name, free) type *name;
    GIVEN_OBJECTS(GIVEN_MEMBER)
#undef GIVEN_MEMBER
    emg_run run;
    emg_run_filtering filtering;
    emg_coherence_result coherence;
} given_all;
extern given_all given;

/* Makes the folder and its files; removes them. For a cmocka group. */
int given_begin(void **state);
int given_end(void **state);

/* Frees every object and clears the error. For a cmocka test. */
int given_free(void **state);

/* An object of its kind, in its first state, belonging to `given`. */
#define GIVEN_MAKER(type, name, free) type *given_##name(void);
GIVEN_OBJECTS(GIVEN_MAKER)
#undef GIVEN_MAKER

/* Room that was zeroed for this call (several at a time), numbers that rise, a path in the folder. */
void *given_room(void);
const double *given_ramp(void);
const char *given_path(const char *name);
const char *given_reports(void); /* a folder that a batch reported into */
const char *const *given_inputs(void);
const emg_filter *const *given_filters(void);

const emg_source *given_source(void);
const emg_mark *given_mark(void);
emg_config *given_config(void);
const emg_block *given_block(void);
const emg_run_config *given_run_config(void);
const emg_run_filter_config *given_filter_config(void);
const emg_reading *given_reading(void);
const emg_ecg_plan *given_ecg_plan(void);
const emg_powerline_plan *given_powerline_plan(void);
const emg_envelope_plan *given_envelope_plan(void);
const emg_coherence_plan *given_coherence_plan(void);
const emg_coherence_result *given_coherence_result(void);
const emg_feature_plan *given_feature_plan(void);
const emg_filter_plan *given_filter_plan(void);
const emg_multitaper_plan *given_multitaper_plan(void);
const emg_welch_plan *given_welch_plan(void);
const emg_quality_channel *given_quality_channel(void);
const emg_score_config *given_score_config(void);
const emg_score_job *given_score_job(void);
const emg_compare_job *given_compare_job(void);
const emg_minutes *given_minutes(void);
const emg_visit *given_visit(void);
const emg_simulation_job *given_simulation_job(void);
const emg_feature_levels *given_levels(void);
const emg_feature_bands *given_bands(void);
const emg_welch_pair *given_pair(void);
const emg_event *given_event(void);
const emg_report_input *given_report_input(void);
const emg_report_qrs *given_report_qrs(void);

/* Callbacks that are content with anything. */
emg_take_frames given_frames;
emg_ecg_take_qrs given_qrs_taken;
emg_take_quality given_quality_taken;
emg_take_column given_column;
emg_feature_take given_feature;
emg_density_take given_density;
emg_slope_take given_slope;
emg_raw_take given_raw;
emg_annotation_take given_annotation;
emg_batch_step given_step;
emg_step_take given_rule_step;
emg_write given_write;
emg_take_figure given_figure;

#endif
