/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario can say: one struct of numbers for each kind of section, as the tables of kinds.c fill them. */
#ifndef EMGP_SIMULATE_PLANS_H
#define EMGP_SIMULATE_PLANS_H

enum { EMGP_SCENE_CHANNELS = 16 };

/* Every member is a double so that a settings table can point at it; lengths carry the unit of their key. NaN is
 * "none": the sentence of the key in kinds.c says what happens then. */

/* A number for each channel that a section works on. */
typedef struct emgp_list {
    double x[EMGP_SCENE_CHANNELS];
} emgp_list;

/* When an activity may happen; to_s NaN: to the end, negative: that long before it. */
typedef struct emgp_when {
    double from_s, to_s;
} emgp_when;

typedef struct emgp_recording_plan {
    double rate_hz, duration_s;
} emgp_recording_plan;

typedef struct emgp_channel_plan {
    double electrode; /* emgp_electrode */
    double noise_uv, drift_db, pink_share, noise_fall;
    double muap, shape_jitter_us, units, unit_uv; /* muap: emgp_muap */
    double depth_mm, spacing_mm, offset_mm, velocity_m_s, length_mm, scatter_mm;
    double range_uv, clip_uv, step_uv;
    double amplifier_low_hz, amplifier_high_hz, analysis_low_hz, analysis_high_hz;
} emgp_channel_plan;
typedef enum emgp_electrode { EMGP_SURFACE = 0, EMGP_NEEDLE } emgp_electrode;
typedef enum emgp_muap { EMGP_HERMITE = 0, EMGP_FIBRE } emgp_muap;

typedef struct emgp_mains_plan {
    double hum_uv, hum_most_uv, hum_hz, swing_hz, period_s, third_share, fifth_share;
} emgp_mains_plan;

typedef struct emgp_fasciculation_plan {
    double timing; /* emgp_timing */
    double units, per_min, snr_db, snr_spread_db, size_uv, jitter, rate_swing, dead_ms;
    double doublet_share, doublet_ms, pair_share, pair_ms, gamma_shape, cluster_count, cluster_s;
    emgp_when when;
} emgp_fasciculation_plan;
typedef enum emgp_timing { EMGP_POISSON = 0, EMGP_GAMMA, EMGP_CLUSTERS, EMGP_REGULAR } emgp_timing;

typedef struct emgp_myoclonus_plan {
    double timing; /* 0 poisson, 1 regular */
    double per_min, regular_cv, burst_ms, burst_sd_ms, burst_shape, spread_ms, jitter, burst_snr_db;
    emgp_when when;
} emgp_myoclonus_plan;
typedef enum emgp_envelope { EMGP_FLAT = 0, EMGP_TRIANGLE, EMGP_COSINE, EMGP_EARLY } emgp_envelope;

typedef struct emgp_clonus_plan {
    double told_as; /* 0: clonus, 1: rhythmic */
    double least_beats, most_beats, rest_least_s, rest_most_s, rhythm_hz, beat_cv, glide, slowing, decay, spread_ms;
    double skip_share, twice_share, burst_snr_db;
    emgp_list delay_ms, presence;
    emgp_when when;
} emgp_clonus_plan;

typedef struct emgp_tremor_plan {
    double told_as; /* 0: tremor, 1: rhythmic */
    double rhythm_hz, duty, burst_shape, beat_cv, wander, swell, skip_share, twice_share;
    double run_least_s, run_most_s, rest_least_s, rest_most_s, burst_snr_db;
    emgp_list phase;
    emgp_when when;
} emgp_tremor_plan;

typedef struct emgp_myokymia_plan {
    double group_s, group_cv, least_spikes, most_spikes, step_least_ms, step_most_ms, step_cv, snr_db;
    emgp_when when;
} emgp_myokymia_plan;

typedef struct emgp_neuromyotonia_plan {
    double group_s, group_cv, least_spikes, most_spikes, inner_least_hz, inner_most_hz, lengthening, waning, snr_db;
    emgp_when when;
} emgp_neuromyotonia_plan;

typedef struct emgp_spasm_plan {
    double length_s, length_sd_s, rest_least_s, rest_most_s, firing_hz, firing_sd_hz, gamma_shape, doublet_share;
    double burst_snr_db;
    emgp_when when;
} emgp_spasm_plan;

typedef struct emgp_tonic_plan {
    double intervals; /* 0: gaussian, 1: gamma */
    double ramp;      /* 0: straight, 1: cosine */
    double least_s, most_s, rest_least_s, rest_most_s, drive_least, drive_most, coactivation;
    double up_least_s, up_most_s, down_least_s, down_most_s;
    double onset_hz, peak_hz, gain_hz, last_threshold, common_share, cv_least, cv_most, onset_cv, burst_snr_db;
    emgp_when when;
} emgp_tonic_plan;

typedef struct emgp_floor_plan {
    double told; /* 0: no, 1: yes */
    double units, firing_hz, cv, level_sigma;
    emgp_when when;
} emgp_floor_plan;

typedef struct emgp_unit_plan {
    double rhythm_hz, cv, snr_db, jitter;
    emgp_when when;
} emgp_unit_plan;

typedef struct emgp_heart_plan {
    double told;
    double per_min, breath_share, cv;
    emgp_list size_uv;
} emgp_heart_plan;

/* Pops, motion, saturation and dropouts share their members; each table takes those that it needs. */
typedef struct emgp_artefact_plan {
    double per_min, size_uv, least_s, most_s, tau_least_ms, tau_most_ms, low_hz, high_hz;
    emgp_when when;
} emgp_artefact_plan;

typedef struct emgp_wander_plan {
    double size_uv, period_s;
} emgp_wander_plan;

typedef struct emgp_gap_plan {
    double at_s, length_s;
} emgp_gap_plan;

typedef struct emgp_load_plan {
    double per_min, snr_db;
} emgp_load_plan;

typedef union emgp_plan {
    emgp_recording_plan recording;
    emgp_channel_plan channel;
    emgp_mains_plan mains;
    emgp_fasciculation_plan fasciculation;
    emgp_myoclonus_plan myoclonus;
    emgp_clonus_plan clonus;
    emgp_tremor_plan tremor;
    emgp_myokymia_plan myokymia;
    emgp_neuromyotonia_plan neuromyotonia;
    emgp_spasm_plan spasm;
    emgp_tonic_plan tonic;
    emgp_floor_plan floor;
    emgp_unit_plan unit;
    emgp_heart_plan heart;
    emgp_artefact_plan artefact;
    emgp_wander_plan wander;
    emgp_gap_plan gap;
    emgp_load_plan load;
} emgp_plan;

#endif
