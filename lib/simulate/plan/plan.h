/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens when in a simulated recording, and how it sounds. */
#ifndef EMGP_SIMULATE_PLAN_PLAN_H
#define EMGP_SIMULATE_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/simulate.h>

/* ---- What a scenario can say: one struct of numbers for each kind of section, as the tables of kinds.c fill them. */

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

typedef struct emgp_powerline_plan {
    double hum_uv, hum_most_uv, hum_hz, swing_hz, period_s, third_share, fifth_share;
} emgp_powerline_plan;

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

typedef struct emgp_evoked_plan {
    double interval_s, interval_cv, latency_sd_ms, spread_ms, response_share, least_share, burst_snr_db;
    double artefact_uv, artefact_ms;
    emgp_list latency_ms;
    emgp_when when;
} emgp_evoked_plan;

typedef struct emgp_clonus_plan {
    double told_as;     /* 0: clonus, 1: rhythmic */
    double burst_shape; /* 0: normal, else one more than emgp_envelope */
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
    double told_as; /* 0: spasm, 1: tonic */
    double length_s, length_sd_s, rest_least_s, rest_most_s, firing_hz, firing_sd_hz, gamma_shape, doublet_share;
    double join_s, leave_share, burst_snr_db;
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

typedef struct emgp_ecg_plan {
    double told;
    double per_min, breath_share, cv;
    emgp_list size_uv;
} emgp_ecg_plan;

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
    emgp_powerline_plan powerline;
    emgp_fasciculation_plan fasciculation;
    emgp_myoclonus_plan myoclonus;
    emgp_evoked_plan evoked;
    emgp_clonus_plan clonus;
    emgp_tremor_plan tremor;
    emgp_myokymia_plan myokymia;
    emgp_neuromyotonia_plan neuromyotonia;
    emgp_spasm_plan spasm;
    emgp_tonic_plan tonic;
    emgp_floor_plan floor;
    emgp_unit_plan unit;
    emgp_ecg_plan ecg;
    emgp_artefact_plan artefact;
    emgp_wander_plan wander;
    emgp_gap_plan gap;
    emgp_load_plan load;
} emgp_plan;

/* ---- random.c: Chance and elementary functions with the same bits on every machine. ---- */

/* exp, log and sine of the C library differ in the last bit between machines; these use only + - * / and the exact
 * functions floor, frexp, ldexp, sqrt, so that they cannot. Relative error below 1e-15. */
double emgp_fixed_exp(double x);                                    /* |x| <= 700, beyond that the limit's value */
double emgp_fixed_log(double x);                                    /* x > 0, normal */
void emgp_fixed_sincos(double turns, double *sine, double *cosine); /* of 2 pi turns; absolute error below 1e-15 */

/* A stream of chance: xoshiro256** (Blackman and Vigna 2018), seeded through splitmix64. */
typedef struct emgp_random {
    uint64_t s[4];
    double spare; /* the polar method makes normal numbers in pairs */
    bool has_spare;
} emgp_random;

/* Starts stream (a, b) of a seed: streams of one seed are unrelated, so that adding one leaves the others alone. */
void emgp_random_start(emgp_random *r, uint64_t seed, uint64_t a, uint64_t b);

uint64_t emgp_random_bits(emgp_random *r);
double emgp_random_uniform(emgp_random *r);                          /* [0, 1) */
double emgp_random_between(emgp_random *r, double low, double high); /* uniform */
size_t emgp_random_below(emgp_random *r, size_t n);                  /* 0 .. n - 1, n < 2^32 */
double emgp_random_normal(emgp_random *r);                           /* mean 0, SD 1 */
double emgp_random_exponential(emgp_random *r, double mean);
double emgp_random_gamma(emgp_random *r, unsigned shape, double mean); /* CV = 1 / sqrt(shape) */
/* The same for any shape above 0.05; a whole shape up to 8 draws as above. */
double emgp_random_gamma_real(emgp_random *r, double shape, double mean);

/* Normal around mean, redrawn into [low, high]. */
double emgp_random_within(emgp_random *r, double mean, double sd, double low, double high);

/* ---- simulated_unit.c: The shape that one motor unit (or one cycle of an ECG) leaves on an electrode, ready to be
 * added to samples. */

/* Steps per sample at which a shape can be placed, the most parts a shape is made of, and how many variants a shape
 * with jittering fibres has. */
enum { EMGP_PHASES = 16, EMGP_SHAPE_PARTS = 6, EMGP_VARIANTS = 8 };

/* Part of a shape: scale * sum over n of c[n] H_n(u) exp(-u^2), u = (t - delay_s) / lambda_s, each H_n divided by its
 * largest value (Hermite-Rodriguez functions; n = 0 a bump, 1 biphasic, 2 triphasic, 3 four phases). */
typedef struct emgp_shape_part {
    double delay_s, lambda_s, c[4];
} emgp_shape_part;

/* Either parts, or samples at step_s from from_s on, n_variants rows of n_samples each, which the shape owns. */
typedef struct emgp_shape {
    emgp_shape_part part[EMGP_SHAPE_PARTS];
    size_t n;
    double *samples;
    size_t n_samples, n_variants;
    double from_s, step_s;
} emgp_shape;
void emgp_shape_free(emgp_shape *shape);

/* Whether the extreme opposite to the peak is so much smaller that noise cannot decide which is the fiducial. */
bool emgp_shape_is_one_sided(const emgp_shape *shape);

/* A shape in samples. Time 0 of the table is its fiducial: the largest deflection. */
typedef struct emgp_unit {
    float *table;             /* EMGP_PHASES rows of `length` samples for each variant; owned; peak 1 */
    size_t length, lead;      /* row p, sample i is the shape at (i - lead - p / EMGP_PHASES) samples */
    size_t n_variants;        /* 1 or more; variant v has its rows from v * EMGP_PHASES on */
    double amplitude_uv;      /* the peak's size */
    double drawn_peak;        /* the peak as the shape was given: of fibres, how strongly they reach the electrode */
    double peak_to_peak;      /* in peaks: between 1 and 2 */
    double before_s, after_s; /* from the shape's first rise above 5 % of its peak to the fiducial, and on to its end */
} emgp_unit;

/* Draws the shape of a motor unit seen by a surface electrode (lambda 1.5 to 3.5 ms, 8 to 20 ms long) or a needle
 * (a spike of lambda 0.4 to 0.9 ms on a slow wave; now and then polyphasic). */
emgp_shape emgp_shape_surface(emgp_random *r);
emgp_shape emgp_shape_needle(emgp_random *r);
/* One cycle of an ECG on a chest lead (P, QRS, T), and what a muscle's electrode near the chest keeps of it (QRS). */
emgp_shape emgp_shape_ecg(bool chest);

/* Renders a shape at a rate; its amplitude is 1 microvolt until it is set. False when memory is out. */
bool emgp_unit_make(emgp_unit *unit, const emgp_shape *shape, double rate_hz);
void emgp_unit_free(emgp_unit *unit);

/* x[frame * stride] += gain * unit (its table's row `row`), for frames 0 .. n_frames - 1 of a stretch that begins at frame `from`. */
void emgp_unit_add(const emgp_unit *unit, int64_t start, unsigned row, double gain, int64_t from, double *x,
                   size_t n_frames, size_t stride);

/* ---- fibre.c: The shape of a motor unit from a model of its fibres, as a surface pair of electrodes or a concentric needle sees it. */

/* Draws a unit of the muscle that `plan` describes and sums its fibres. False when memory is out; emgp_shape_free()
 * afterwards. How: lib/simulate/REALISM.md. */
bool emgp_fibre_shape(emgp_shape *shape, emgp_random *r, const emgp_channel_plan *plan);

/* ---- noise.c: The background of a channel: white and 1/f noise through the amplifier's band, with a slowly drifting strength. */

/* The amplifier's band, and the band in which strength and peak-SNR are defined: fourth-order Butterworth at either
 * corner, run forwards and backwards. */
typedef struct emgp_band {
    double amplifier_low_hz, amplifier_high_hz;
    double analysis_low_hz, analysis_high_hz;
} emgp_band;

extern const emgp_band emgp_band_surface, emgp_band_needle;

/* A corner as it can be at a rate: at most 0.45 of it. */
double emgp_band_corner(double corner_hz, double rate_hz);

/* One second-order section in transposed direct form II. */
typedef struct emgp_section {
    double b0, b1, b2, a1, a2, z1, z2;
} emgp_section;

enum { EMGP_SLOPES = 4 };

typedef struct emgp_noise {
    emgp_random random;
    emgp_section section[3];                      /* the amplifier: high-pass of order 2, low-pass of order 4 */
    double pole[EMGP_SLOPES], state[EMGP_SLOPES]; /* low-passes two octaves apart, whose sum falls as 1/f */
    double weight[EMGP_SLOPES];
    double white, pink, gain;
} emgp_noise;

/* How noise is coloured: `share` of its power in the analysis band falls as 1/f, or as 1/f^2 above 5 Hz when brown. */
typedef struct emgp_colour {
    double share;
    bool brown;
} emgp_colour;

/* Noise with a standard deviation of 1 within the analysis band; what is not coloured is white. Begins settled: the first second is already thrown away. False when memory is
 * out. */
bool emgp_noise_start(emgp_noise *noise, emgp_random random, const emgp_band *band, double rate_hz,
                      const emgp_colour *colour);
double emgp_noise_next(emgp_noise *noise);

/* Strength over time in decibels: two slow waves that never exceed `range_db` together. */
typedef struct emgp_drift {
    double range_db, period_s[2], phase[2]; /* phases in turns */
} emgp_drift;

void emgp_drift_start(emgp_drift *drift, emgp_random *r, double range_db);
double emgp_drift_gain(const emgp_drift *drift, double time_s); /* a factor, 1 at 0 dB */

/* Sends samples through the analysis band, forwards and backwards, in place, with 0.3 s of silence at both sides. False
 * when memory is out. */
bool emgp_band_apply(const emgp_band *band, double rate_hz, double *x, size_t n);

/* The peak that is left of a unit (of amplitude 1) after the analysis band. 0 when memory is out. */
double emgp_band_peak(const emgp_band *band, const emgp_unit *unit, double rate_hz);

/* ---- timeline.c: channels, the units on them, when each fires, and the truth of it all; what scenarios are built into. */

/* What streams of chance are for. */
typedef enum emgp_purpose {
    EMGP_FOR_NOISE = 0,
    EMGP_FOR_DRIFT,
    EMGP_FOR_UNITS,  /* shapes and sizes */
    EMGP_FOR_FIRING, /* when a unit fires */
    EMGP_FOR_COURSE, /* when an episode begins, and its bursts */
    EMGP_FOR_ARTEFACTS,
    EMGP_N_PURPOSES
} emgp_purpose;

/* One unit firing once. */
typedef struct emgp_firing {
    int64_t start; /* frame of the first sample of the unit's table */
    float gain;    /* times the unit's amplitude */
    uint16_t unit;
    uint8_t row; /* of the unit's table: sixteenths of a frame that it is late, and the variant */
} emgp_firing;

/* Firings by start, then unit: the order in which they are added to the samples. */
typedef struct emgp_firings {
    emgp_firing *firing;
    size_t n, room;
} emgp_firings;

/* Something that is not muscle, from frame `from` to before `to`. */
typedef enum emgp_artefact_kind { EMGP_A_POP, EMGP_A_MOTION, EMGP_A_SATURATION, EMGP_A_DROPOUT } emgp_artefact_kind;
enum { EMGP_MOTION_WAVES = 4 };
typedef struct emgp_artefact {
    int64_t from, to;
    emgp_artefact_kind kind;
    double size_uv;                                         /* signed */
    double tau_s;                                           /* of a pop */
    double hz[EMGP_MOTION_WAVES], phase[EMGP_MOTION_WAVES]; /* of a motion; phases in turns */
} emgp_artefact;

typedef struct emgp_artefacts {
    emgp_artefact *artefact;
    size_t n, room;
} emgp_artefacts;

/* A pool of units as a muscle has them: sizes exponentially distributed, smallest first, seen from random depths. */
typedef struct emgp_pool {
    size_t channel, first, n;
} emgp_pool;

typedef struct emgp_timeline_channel {
    emg_simulated_channel facts;
    emgp_channel_plan plan;
    emgp_band band;
    double sigma_uv;          /* background in the analysis band */
    double hum_uv, hum_phase; /* peak of the fundamental; in turns */
    emgp_wander_plan wander;
    double wander_phase[3]; /* in turns */
    emgp_pool pool;         /* n 0: not made */
    emgp_artefacts artefacts;
    emgp_unit *units;
    size_t n_units, room_units;
    emgp_firings firings;
    uint64_t n_streams[EMGP_N_PURPOSES];
} emgp_timeline_channel;

/* Power line interference of all channels: frequency hz + swing_hz * a slow sine. */
typedef struct emgp_hum {
    double hz, swing_hz, period_s, phase, third_share, fifth_share;
} emgp_hum;

/* What a timeline may hold at most, so that no scenario can use up a machine. */
enum { EMGP_MOST_WORK = 8000000, EMGP_MOST_TABLE = 24 * 1024 * 1024, EMGP_MOST_RENDER = 100000000 };

typedef struct emgp_timeline {
    uint64_t seed;
    double rate_hz, duration_s;
    emgp_timeline_channel channel[EMGP_SCENE_CHANNELS];
    size_t n_channels;
    emgp_hum hum;
    emg_truth *truths;
    size_t n_truths, room_truths;
    emg_simulated_annotation *annotations;
    size_t n_annotations, room_annotations;
    emg_simulated_gap *gaps; /* by time, apart from each other */
    size_t n_gaps, room_gaps;
    double endless_hz;  /* > 0: discharges a second and channel, made window by window instead of beforehand */
    size_t work, table; /* firings and the like; floats of tables */
    emg_status status;  /* the first failure; builders do nothing after it. EMG_ERANGE: more than a timeline may hold */
} emgp_timeline;

/* A new stream of chance of a channel, numbered within its purpose, so that one purpose does not disturb another. */
emgp_random emgp_timeline_random(emgp_timeline *timeline, size_t channel, emgp_purpose purpose);
void emgp_timeline_free(emgp_timeline *timeline);

/* Adds a channel: "EMG ..." labels are muscles. A range of 3276.8 uV means -3276.8 to 3276.7, that is steps of 0.1 uV at
 * 16 bits; any other is symmetrical. Returns its index. */
size_t emgp_timeline_add_channel(emgp_timeline *timeline, const char *label, const emgp_channel_plan *plan);
/* Draws the shape of a unit as the channel's electrode and muap say, and adds the unit. */
size_t emgp_timeline_draw_unit(emgp_timeline *timeline, size_t channel, emgp_random *r);
/* The channel's pool, made at its first use. */
emgp_pool emgp_timeline_pool(emgp_timeline *timeline, size_t channel);
/* Adds a unit and returns its index in the channel (0 after a failure; firing it then does nothing). */
size_t emgp_timeline_add_unit(emgp_timeline *timeline, size_t channel, const emgp_shape *shape);
/* Gives a unit the peak that stands snr_db over the channel's background, both in the analysis band. */
void emgp_timeline_set_snr(emgp_timeline *timeline, size_t channel, size_t unit, double snr_db);
void emgp_timeline_set_peak_to_peak(emgp_timeline *timeline, size_t channel, size_t unit, double uv);

/* Lets a unit fire with its fiducial at time_s, rounded to a sixteenth of a frame; returns the rounded time. Outside
 * the recording nothing fires and the answer is NaN. */
double emgp_timeline_fire(emgp_timeline *timeline, size_t channel, size_t unit, double time_s, double gain);
/* When a firing's fiducial is. */
double emgp_firing_time(const emgp_timeline *timeline, size_t channel, const emgp_firing *firing);

/* Adds a true event; `times` are copied when they are not NULL. */
void emgp_timeline_add_truth(emgp_timeline *timeline, const emg_truth *truth);
void emgp_truth_free(emg_truth *truth);
void emgp_timeline_add_artefact(emgp_timeline *timeline, size_t channel, const emgp_artefact *artefact);
void emgp_timeline_annotate(emgp_timeline *timeline, double onset_s, double duration_s, const char *text);

/* Where a channel's firings and the timeline's truth stood before an activity was added. */
typedef struct emgp_bookmark {
    size_t firing, truth;
} emgp_bookmark;
emgp_bookmark emgp_timeline_bookmark(const emgp_timeline *timeline, size_t channel);

/* Sorts firings, artefacts and truth; call once when all is built and cut at gaps. */
void emgp_timeline_settle(emgp_timeline *timeline);
void emgp_truths_sort(emg_truth *truths, size_t n);

/* Notes work done, so that a timeline that would take too long is refused. */
void emgp_timeline_work(emgp_timeline *timeline, size_t n);

/* An array of n doubles; NULL after a failure, which it notes. */
double *emgp_timeline_doubles(emgp_timeline *timeline, size_t n);

/* ---- gaps.c: The truth where nothing is recorded: what happens in a gap is no event, what a gap cuts ends and begins anew there. */

/* Cuts true events at the gaps. Once, before emgp_timeline_settle(). */
void emgp_timeline_cut_at_gaps(emgp_timeline *timeline);

/* ---- measure.c: What the firings of a channel look and measure like without the background, and setting their strength by it. */

/* What the firings of a channel from number `first` on look like without the background. */
typedef struct emgp_measure {
    double onset_s, end_s; /* where the sum first and last reaches 5 % of its largest deflection */
    double peak_s, peak_to_peak_uv;
} emgp_measure;
emgp_measure emgp_timeline_measure(emgp_timeline *timeline, size_t channel, size_t first);
/* Median peak to peak over successive stretches of width_s of the same. */
double emgp_timeline_typical(emgp_timeline *timeline, size_t channel, size_t first, double width_s);

/* Changes the gains of what was added since so that its power in the analysis band, over the times at which a shape is
 * under way, stands snr_db (10 log10) over the noise's; NaN leaves them. */
void emgp_timeline_set_burst_snr(emgp_timeline *timeline, size_t channel, emgp_bookmark from, double snr_db);
/* The same so that its RMS over length_s is `sigmas` times the noise's. */
void emgp_timeline_set_level(emgp_timeline *timeline, size_t channel, emgp_bookmark from, double length_s,
                             double sigmas);

#endif
