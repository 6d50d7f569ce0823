/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every setting of an analysis: seconds, hertz, microvolts or ratios, each from a table with range and default. */
#ifndef EMG_CONFIG_H
#define EMG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/ecg.h>
#include <emg/powerline.h>
#include <emg/setting.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emg_preset { EMG_PRESET_SURFACE = 0, EMG_PRESET_NEEDLE } emg_preset;

/* Values of the settings, one struct a stage; the tables (emg_config_setting) say what each means, its unit, range and
 * default. Zero is a value, never "default". _sigma: in standard deviations of the noise. */
typedef struct emg_condition_config {
    double low_hz, high_hz;
    double order;               /* of the band-pass, a count */
    double powerline;           /* emg_powerline */
    double powerline_harmonics; /* a count */
    double powerline_keep_db;
    double ecg; /* emg_ecg_mode */
} emg_condition_config;

typedef struct emg_noise_config {
    double block_s;
    double quantile; /* 0 to 1 */
} emg_noise_config;

typedef struct emg_detect_config {
    double threshold_sigma, alone_sigma, energy_ratio, dead_time_s, false_per_min, least_amplitude_uv;
    double burst_window_s, burst_sigma, burst_gap_s;
} emg_detect_config;

typedef struct emg_fasciculation_config {
    double
        least_amplitude_uv; /* of fasciculations and jerks; decides the word, never detection; unused without calibration */
} emg_fasciculation_config;

typedef struct emg_across_config {
    double synchrony_s, common_share;
    double common_muscles; /* a count */
} emg_across_config;

typedef struct emg_unit_config {
    double least_correlation; /* 0 to 1 */
} emg_unit_config;

typedef struct emg_episode_config {
    double gap_s, tonic_least_s, segment_least_s;
} emg_episode_config;

typedef struct emg_marks_config {
    double evoked_s, artefact_s;
    double within_task; /* 1: yes */
} emg_marks_config;

typedef struct emg_rhythm_config {
    double least_bursts;   /* a count */
    double rcv, fold, acf; /* ratios */
    double clonus_low_hz, clonus_high_hz;
    double spike_core_s, isolation_s, fasciculation_rate_hz;
    double least_confidence; /* 0 to 1 */
} emg_rhythm_config;

typedef struct emg_features_config {
    double window_s;
    double count_uv, count_sigma, turn_uv;
    double fatigue_low_hz, fatigue_high_hz, mvc_window_s;
} emg_features_config;

typedef struct emg_quality_config {
    double window_s, flat_uv, clip_samples, rail_s, dropout_s, pop_ratio, motion_db, powerline_db;
} emg_quality_config;

typedef struct emg_config {
    emg_condition_config condition;
    emg_noise_config noise;
    emg_detect_config detect;
    emg_across_config across;
    emg_unit_config unit;
    emg_episode_config episode;
    emg_rhythm_config rhythm;
    emg_fasciculation_config fasciculation;
    emg_marks_config marks;
    emg_features_config features;
    emg_quality_config quality;
} emg_config;

/* The defaults of a preset. */
EMG_API emg_config emg_config_defaults(emg_preset preset);

/* Row `index` of all settings, in a fixed order, its offset counted from the start of emg_config; false beyond the last. */
EMG_API bool emg_config_setting(size_t index, emg_setting *row);

/* Sets one setting from text. EMG_EARG: no such key, not a number, not a word; EMG_ERANGE: outside its range. */
EMG_API EMG_MUST_USE emg_status emg_config_set(emg_config *config, const char *key, const char *text, emg_error *err);

/* The value of row `index` as text that emg_config_set takes; room for 32 bytes. */
EMG_API void emg_config_print(const emg_config *config, size_t index, char out[32]);

/* Applies a file of lines "key = value" ('#' starts a comment). The sentence names file and line. */
EMG_API EMG_MUST_USE emg_status emg_config_read(emg_config *config, const char *path, emg_error *err);

/* Every value inside its range, and low corner below high corner. EMG_ERANGE. */
EMG_API EMG_MUST_USE emg_status emg_config_check(const emg_config *config, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
