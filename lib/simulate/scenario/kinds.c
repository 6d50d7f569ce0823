/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables behind scenarios: one for each kind of section, with unit, range, default and a sentence for every key. */
#include "simulate/scenario/scenario.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include <emg/simulate.h>

#define ROW(plan, key, unit, least, most, fallback, sentence)                                                          \
    {                                                                                                                  \
#key, unit, least, most, fallback, 0, NULL, offsetof(plan, key), sentence                                      \
    }
#define WORDS(plan, key, words, last, sentence)                                                                        \
    {                                                                                                                  \
#key, "", 0, last, 0, 0, words, offsetof(plan, key), sentence                                                  \
    }
#define LIST(plan, key, unit, least, most, fallback, sentence)                                                         \
    {                                                                                                                  \
#key, unit, least, most, fallback, EMGP_LIST_ROW, NULL, offsetof(plan, key), sentence                          \
    }
#define FROM(plan, fallback)                                                                                           \
    {                                                                                                                  \
        "from_s", "s", 0, 604800, fallback, 0, NULL, offsetof(plan, when.from_s), "it may begin here"                  \
    }
#define TO(plan, fallback)                                                                                             \
    {                                                                                                                  \
        "to_s", "s", -604800, 604800, fallback, 0, NULL, offsetof(plan, when.to_s),                                    \
            "it ends by here; none: the end of the recording, negative: that long before the end"                      \
    }
#define BURST_SNR(plan)                                                                                                \
    ROW(plan, burst_snr_db, "dB", -20, 60, NAN,                                                                        \
        "10 log10 of its power over the noise's, in the analysis band, while its units are firing; none: as unit_uv says")
#define SNR(plan)                                                                                                      \
    ROW(plan, snr_db, "dB", 0, 50, 22,                                                                                 \
        "peak-SNR of the unit: peak over the noise's standard deviation, in the analysis band")

static const emg_setting recording[] = {
    ROW(emgp_recording_plan, rate_hz, "Hz", 200, 100000, 2048, "samples per second, a whole number"),
    ROW(emgp_recording_plan, duration_s, "s", 1, 604800, 60, "length, a whole number"),
};

#define P emgp_channel_plan
static const emg_setting channel[] = {
    WORDS(P, electrode, "surface|needle", 1, "surface: 10 to 500 Hz and the shapes of the skin; needle: 20 to 5000 Hz"),
    ROW(P, noise_uv, "uV", 0.2, 50, 4, "standard deviation of the background in the analysis band"),
    ROW(P, drift_db, "dB", 0, 12, 1, "its strength wanders within plus and minus this over minutes"),
    ROW(P, pink_share, "", 0, 1, 0.4, "share of its power that falls with frequency; the rest is white"),
    WORDS(P, noise_fall, "pink|brown", 1, "how that share falls: power as 1/f (pink) or 1/f^2 (brown, as skin noise)"),
    WORDS(P, muap, "hermite|fibre", 1, "family of the units' shapes: Hermite-Rodriguez functions or a model of fibres"),
    ROW(P, shape_jitter_us, "us", 0, 500, 0, "SD of the delay of each fibre from firing to firing (muap = fibre)"),
    ROW(P, units, "", 1, 300, 40, "motor units of the muscle's pool"),
    ROW(P, unit_uv, "uV", 0.5, 20000, 40,
        "median peak to peak of the pool's units; largest to smallest 12 : 1, besides their depth"),
    ROW(P, depth_mm, "mm", 0.1, 60, NAN,
        "mean depth of the fibres under the electrode; none: 6 (surface), 2.5 (needle)"),
    ROW(P, spacing_mm, "mm", 2, 60, 20, "distance of the two electrodes along the fibres (surface)"),
    ROW(P, offset_mm, "mm", 0, 100, 30, "from the end-plates to the middle between the electrodes"),
    ROW(P, velocity_m_s, "m/s", 1, 8, 4, "mean conduction velocity; units scatter by a tenth around it"),
    ROW(P, length_mm, "mm", 20, 400, 130, "length of the fibres, the end-plates in the middle"),
    ROW(P, scatter_mm, "mm", 0, 20, 3, "SD of the places of end-plates and of fibre ends within a unit"),
    ROW(P, range_uv, "uV", 50, 1000000, 3276.8, "the file's range is plus and minus this"),
    ROW(P, clip_uv, "uV", 10, 1000000, NAN, "the amplifier's limit; none: the file's range alone limits"),
    ROW(P, step_uv, "uV", 0.001, 1000, NAN, "steps of a coarse converter; none: the file's steps alone"),
    ROW(P, amplifier_low_hz, "Hz", 0.1, 1000, NAN, "lower corner of the amplifier; none: 10 (surface), 20 (needle)"),
    ROW(P, amplifier_high_hz, "Hz", 50, 20000, NAN, "its upper corner; none: 500 (surface), 5000 (needle)"),
    ROW(P, analysis_low_hz, "Hz", 1, 2000, NAN, "lower corner of the band in which noise and SNR are meant; none: 20"),
    ROW(P, analysis_high_hz, "Hz", 50, 20000, NAN, "its upper corner; none: 450 (surface), 5000 (needle)"),
};
#undef P

#define P emgp_powerline_plan
static const emg_setting powerline[] = {
    ROW(P, hum_uv, "uV", 0, 500, 20, "peak of the fundamental of the interference"),
    ROW(P, hum_most_uv, "uV", 0, 500, NAN, "channels draw their hum between hum_uv and this; none: hum_uv for all"),
    ROW(P, hum_hz, "Hz", 45, 65, 50, "power line frequency"),
    ROW(P, swing_hz, "Hz", 0, 2, 0.1, "the frequency swings slowly by plus and minus this"),
    ROW(P, period_s, "s", 2, 3600, 90, "period of that swing"),
    ROW(P, third_share, "", 0, 2, 0.3, "peak of the third harmonic in fundamentals"),
    ROW(P, fifth_share, "", 0, 2, 0.15, "peak of the fifth harmonic in fundamentals"),
};
#undef P

#define P emgp_fasciculation_plan
static const emg_setting fasciculation[] = {
    WORDS(P, timing, "poisson|gamma|clusters", 2,
          "poisson: all units together; gamma: each unit by itself; clusters: Poisson groups of discharges"),
    ROW(P, units, "", 1, 64, 3, "units that fasciculate, besides the muscle's pool"),
    ROW(P, per_min, "/min", 0.1, 1800, 40, "discharges a minute, second ones of doublets and pairs included"),
    ROW(P, snr_db, "dB", 0, 50, 20,
        "peak-SNR of the discharges: peak over the noise's standard deviation, in the analysis band"),
    ROW(P, snr_spread_db, "dB", 0, 20, 0, "the units lie evenly within snr_db plus and minus this"),
    ROW(P, size_uv, "uV", 1, 20000, NAN,
        "median peak to peak instead of snr_db (log-normal, SD 0.4); none: snr_db holds"),
    ROW(P, jitter, "", 0, 0.35, 0.07, "SD of the size from firing to firing"),
    ROW(P, rate_swing, "", 0, 0.9, 0.1, "the rate swings by this share over one to three minutes (poisson)"),
    ROW(P, dead_ms, "ms", 0.5, 100, 10, "least interval between the discharges of one process"),
    ROW(P, doublet_share, "", 0, 0.9, 0.05, "share of discharges that the same unit repeats as an F-wave would"),
    ROW(P, doublet_ms, "ms", 6, 110, 35, "mean interval of such doublets (SD 3, within 5)"),
    ROW(P, pair_share, "", 0, 1, 0,
        "share of discharges that another unit joins at once, so that their shapes overlap"),
    ROW(P, pair_ms, "ms", 0.1, 50, 4, "it does so within this time (never earlier than a quarter of it)"),
    ROW(P, gamma_shape, "", 0.3, 50, 0.85,
        "shape of the gamma intervals (CV 1 / sqrt(shape)) beyond the dead time (gamma)"),
    ROW(P, cluster_count, "", 1, 100, 4, "mean number of discharges in a cluster (Neyman-Scott)"),
    ROW(P, cluster_s, "s", 0.05, 60, 2, "mean delay of a discharge behind its cluster's beginning"),
    FROM(P, 0),
    TO(P, NAN),
};
#undef P

#define P emgp_myoclonus_plan
static const emg_setting myoclonus[] = {
    WORDS(P, timing, "poisson|regular", 1, "when jerks come"),
    ROW(P, per_min, "/min", 0.1, 1800, 30, "jerks a minute"),
    ROW(P, regular_cv, "", 0, 0.4, 0.1, "coefficient of variation of their intervals (regular)"),
    ROW(P, burst_ms, "ms", 15, 300, 31, "mean length of a jerk"),
    ROW(P, burst_sd_ms, "ms", 0, 100, 7, "its SD; jerks keep within 15 ms and four times the mean"),
    WORDS(P, burst_shape, "flat|triangle|cosine|early", 3, "where in the jerk units fire"),
    ROW(P, spread_ms, "ms", 0, 100, 15, "most that the last channel is behind the first"),
    ROW(P, jitter, "", 0, 0.35, 0.15, "SD of a unit's size from jerk to jerk"),
    BURST_SNR(P),
    FROM(P, 0.5),
    TO(P, NAN),
};
#undef P

#define P emgp_evoked_plan
static const emg_setting evoked[] = {
    ROW(P, interval_s, "s", 0.2, 600, 5, "mean time from stimulus to stimulus"),
    ROW(P, interval_cv, "", 0, 0.35, 0.1, "its coefficient of variation"),
    LIST(P, latency_ms, "ms", 1, 500, 35, "mean time from the stimulus to the middle of the response"),
    ROW(P, latency_sd_ms, "ms", 0, 50, 1, "its SD from response to response"),
    ROW(P, spread_ms, "ms", 0.1, 50, 2, "SD of the units' times within a response"),
    ROW(P, response_share, "", 0, 1, 1, "share of the stimuli that a channel answers"),
    ROW(P, least_share, "", 0.02, 1, 0.5, "least share of the units in a response; the most is all of them"),
    ROW(P, artefact_uv, "uV", 0, 100000, 300, "height of the stimulus' own artefact, a step that decays; 0: none"),
    ROW(P, artefact_ms, "ms", 0.1, 100, 0.5, "time constant of that decay"),
    BURST_SNR(P),
    FROM(P, 2),
    TO(P, NAN),
};
#undef P

#define P emgp_clonus_plan
static const emg_setting clonus[] = {
    WORDS(P, told_as, "clonus|rhythmic", 1, "the word of the truth"),
    ROW(P, least_beats, "", 2, 1000, 6, "fewest bursts of an episode"),
    ROW(P, most_beats, "", 2, 1000, 60, "most bursts (log-uniform between the two)"),
    ROW(P, rest_least_s, "s", 0, 3600, 4, "shortest pause between episodes"),
    ROW(P, rest_most_s, "s", 0, 3600, 9, "longest pause"),
    ROW(P, rhythm_hz, "Hz", 1, 20, NAN, "bursts a second in the middle; none: drawn, 5.4 +- 0.9 within 3.5 to 8"),
    ROW(P, beat_cv, "", 0, 0.35, NAN,
        "coefficient of variation of the intervals about that course; none: 0.04 to 0.12"),
    ROW(P, glide, "", 0, 0.8, 0.25, "share by which the rate is lower at the first burst; gone after some five"),
    ROW(P, slowing, "", 0, 0.8, 0.2, "share by which the rate is lower at the last burst"),
    ROW(P, decay, "", 0, 0.95, NAN, "share of the units that the last burst has lost; none: drawn, 0 to 0.45"),
    ROW(P, spread_ms, "ms", 0.5, 50, NAN, "SD of the units' times within a burst; none: drawn, 8 to 15"),
    WORDS(P, burst_shape, "normal|flat|triangle|cosine|early", 4,
          "where in the burst units fire; all but normal end at twice the spread before and behind the middle"),
    ROW(P, skip_share, "", 0, 0.9, 0.01, "share of units that miss a burst"),
    ROW(P, twice_share, "", 0, 0.9, 0.01, "share of units that fire twice in a burst"),
    BURST_SNR(P),
    LIST(P, delay_ms, "ms", -500, 500, 0, "of each channel behind the first"),
    LIST(P, presence, "", 0, 1, 1, "chance that the channel takes part in an episode"),
    FROM(P, 2),
    TO(P, NAN),
};
#undef P

#define P emgp_tremor_plan
static const emg_setting tremor[] = {
    WORDS(P, told_as, "tremor|rhythmic", 1, "the word of the truth"),
    ROW(P, rhythm_hz, "Hz", 1, 20, NAN, "bursts a second; none: drawn, 5 +- 0.5 within 4 to 6.5"),
    ROW(P, duty, "", 0.05, 0.9, 0.4, "share of the period that a burst fills at half its height; early: a third of it"),
    WORDS(P, burst_shape, "flat|triangle|cosine|early", 3, "where in the burst units fire"),
    ROW(P, beat_cv, "", 0, 0.35, 0.03, "coefficient of variation of the intervals"),
    ROW(P, wander, "", 0, 0.1, 0.012,
        "step of the slow walk of the frequency, in parts; it strays by about three steps"),
    ROW(P, swell, "", 0, 0.5, 0.2, "share of units that come and go over 6 to 20 s"),
    ROW(P, skip_share, "", 0, 0.9, 0.12, "share of units that miss a burst"),
    ROW(P, twice_share, "", 0, 1, 0.5, "share of units that fire again within a burst where there is time"),
    ROW(P, run_least_s, "s", 1, 604800, 40, "shortest run"),
    ROW(P, run_most_s, "s", 1, 604800, 60, "longest run"),
    ROW(P, rest_least_s, "s", 0, 3600, 5, "shortest pause between runs"),
    ROW(P, rest_most_s, "s", 0, 3600, 10, "longest pause"),
    BURST_SNR(P),
    LIST(P, phase, "periods", -1, 1, 0, "of each channel behind the rhythm; 0.5 alternates"),
    FROM(P, 4),
    TO(P, -2),
};
#undef P

#define P emgp_myokymia_plan
static const emg_setting myokymia[] = {
    ROW(P, group_s, "s", 0.1, 20, 0.6, "mean time from group to group"),
    ROW(P, group_cv, "", 0, 0.5, 0.2, "its coefficient of variation"),
    ROW(P, least_spikes, "", 2, 50, 3, "fewest firings of a group"),
    ROW(P, most_spikes, "", 2, 50, 8, "most"),
    ROW(P, step_least_ms, "ms", 10, 300, 28, "shortest mean interval within a group"),
    ROW(P, step_most_ms, "ms", 10, 300, 33, "longest; each group draws its own"),
    ROW(P, step_cv, "", 0, 0.4, 0.06, "coefficient of variation within a group"),
    SNR(P),
    FROM(P, 4),
    TO(P, -5),
};
#undef P

#define P emgp_neuromyotonia_plan
static const emg_setting neuromyotonia[] = {
    ROW(P, group_s, "s", 0.1, 60, 0.9, "mean time from the end of a group to the next"),
    ROW(P, group_cv, "", 0.05, 1.5, 0.7, "its coefficient of variation (gamma)"),
    ROW(P, least_spikes, "", 2, 500, 2, "fewest firings of a group"),
    ROW(P, most_spikes, "", 2, 500, 30, "most (log-uniform between the two)"),
    ROW(P, inner_least_hz, "Hz", 50, 400, 150, "slowest firing at the start of a group"),
    ROW(P, inner_most_hz, "Hz", 50, 400, 300, "fastest; each group draws its own"),
    ROW(P, lengthening, "", 0, 0.3, 0.02, "share by which each interval is longer than the one before"),
    ROW(P, waning, "", 0, 0.3, 0.02, "share by which each firing is smaller than the one before"),
    SNR(P),
    FROM(P, 3),
    TO(P, -2),
};
#undef P

#define P emgp_spasm_plan
static const emg_setting spasm[] = {
    WORDS(P, told_as, "spasm|tonic", 1, "the word of the truth"),
    ROW(P, length_s, "s", 1, 3600, 23.6, "mean length of a cramp"),
    ROW(P, length_sd_s, "s", 0, 600, 8, "its SD; cramps keep within 0.42 and 1.9 times the mean"),
    ROW(P, rest_least_s, "s", 0, 3600, 15, "shortest pause between cramps"),
    ROW(P, rest_most_s, "s", 0, 3600, 40, "longest pause"),
    ROW(P, firing_hz, "Hz", 8, 22, 14.5, "mean rate of the units"),
    ROW(P, firing_sd_hz, "Hz", 0, 10, 2.5, "SD of it among units, kept within 8 to 22"),
    ROW(P, gamma_shape, "", 1, 50, 5, "shape of the gamma intervals; 5 with doublets gives a CV of 0.45"),
    ROW(P, doublet_share, "", 0, 0.9, 0.04, "share of intervals of 5 to 10 ms"),
    ROW(P, join_s, "s", 0.01, 10, 0.3, "units join within this time"),
    ROW(P, leave_share, "", 0, 0.9, 0.2, "share of the cramp over which they leave"),
    BURST_SNR(P),
    FROM(P, 8),
    TO(P, -1),
};
#undef P

#define P emgp_tonic_plan
static const emg_setting tonic[] = {
    WORDS(P, intervals, "gaussian|gamma", 1, "distribution of the units' intervals"),
    WORDS(P, ramp, "straight|cosine", 1, "how the drive rises and falls"),
    ROW(P, least_s, "s", 0.1, 604800, 1.2, "shortest contraction"),
    ROW(P, most_s, "s", 0.1, 604800, 5, "longest contraction"),
    ROW(P, rest_least_s, "s", 0, 3600, 2.5, "shortest pause"),
    ROW(P, rest_most_s, "s", 0, 3600, 6, "longest pause"),
    ROW(P, drive_least, "", 0.02, 1, 0.2, "weakest contraction, in shares of the full drive"),
    ROW(P, drive_most, "", 0.02, 1, 0.7, "strongest contraction"),
    ROW(P, coactivation, "", 0, 1, 0.25, "share of the drive that channels after the first receive"),
    ROW(P, up_least_s, "s", 0.01, 60, 0.25, "shortest rise of the drive"),
    ROW(P, up_most_s, "s", 0.01, 60, 0.7, "longest rise"),
    ROW(P, down_least_s, "s", 0.01, 60, 0.2, "shortest fall"),
    ROW(P, down_most_s, "s", 0.01, 60, 0.5, "longest fall"),
    ROW(P, onset_hz, "Hz", 3, 20, 8, "a unit's rate when it joins"),
    ROW(P, peak_hz, "Hz", 5, 60, 30, "its rate at most"),
    ROW(P, gain_hz, "Hz", 1, 200, 30, "by which its rate rises from its threshold to the full drive"),
    ROW(P, last_threshold, "", 0.05, 1, 0.9,
        "drive at which the last unit joins; the first at 0.02, exponentially between"),
    ROW(P, common_share, "", 0, 0.5, 0,
        "SD of a slow wandering of the drive that all units follow (common drive, below 2 Hz)"),
    ROW(P, cv_least, "", 0.01, 0.5, 0.15, "least coefficient of variation of a unit's intervals"),
    ROW(P, cv_most, "", 0.01, 0.5, 0.25, "most"),
    ROW(P, onset_cv, "", 0, 0.4, 0,
        "by which it is larger at a unit's threshold; fades within a tenth of the full drive"),
    BURST_SNR(P),
    FROM(P, 2.5),
    TO(P, NAN),
};
#undef P

#define P emgp_floor_plan
static const emg_setting floor_keys[] = {
    WORDS(P, told, "no|yes", 1, "whether the truth lists it as tonic"),
    ROW(P, units, "", 1, 64, 5, "units that never rest, of their own"),
    ROW(P, firing_hz, "Hz", 3, 40, 9, "their mean rate; each draws its own within a fifth"),
    ROW(P, cv, "", 0.01, 0.5, 0.2, "coefficient of variation of their intervals"),
    ROW(P, level_sigma, "", 0.05, 100, 3, "RMS of them all over the noise's standard deviation, in the analysis band"),
    FROM(P, 0),
    TO(P, NAN),
};
#undef P

#define P emgp_unit_plan
static const emg_setting motor_unit[] = {
    ROW(P, rhythm_hz, "Hz", 1, 40, 6.3, "firings a second"),
    ROW(P, cv, "", 0, 0.35, 0.035, "coefficient of variation of the intervals"),
    SNR(P),
    ROW(P, jitter, "", 0, 0.35, 0.05, "SD of the size from firing to firing"),
    FROM(P, 5),
    TO(P, -5),
};
#undef P

#define P emgp_ecg_plan
static const emg_setting ecg[] = {
    WORDS(P, told, "no|yes", 1, "whether the truth lists it as an artefact of each muscle (A_ECG)"),
    ROW(P, per_min, "/min", 30, 220, 72, "beats a minute"),
    ROW(P, breath_share, "", 0, 0.2, 0.035, "share by which the interval swings with 15 breaths a minute"),
    ROW(P, cv, "", 0, 0.2, 0.02, "coefficient of variation besides"),
    LIST(P, size_uv, "uV", 1, 20000, 160,
         "peak to peak of a QRS complex in each channel; channels that are no muscle show P, QRS, T"),
};
#undef P

#define P emgp_artefact_plan
static const emg_setting pops[] = {
    ROW(P, per_min, "/min", 0.1, 600, 2, "electrode pops a minute, at random"),
    ROW(P, size_uv, "uV", 1, 100000, 500, "median height of the step (log-normal, SD 0.4; either sign)"),
    ROW(P, tau_least_ms, "ms", 1, 2000, 20, "fastest decay of the step (time constant)"),
    ROW(P, tau_most_ms, "ms", 1, 2000, 200, "slowest decay"),
    FROM(P, 0),
    TO(P, NAN),
};
static const emg_setting motion[] = {
    ROW(P, per_min, "/min", 0.1, 600, 2, "movements of the electrode or its cable a minute, at random"),
    ROW(P, size_uv, "uV", 1, 100000, 400, "median peak (log-normal, SD 0.4)"),
    ROW(P, least_s, "s", 0.1, 60, 0.4, "shortest"),
    ROW(P, most_s, "s", 0.1, 60, 2.5, "longest"),
    ROW(P, low_hz, "Hz", 0.1, 50, 0.5, "lowest frequency in it"),
    ROW(P, high_hz, "Hz", 0.1, 50, 15, "highest frequency"),
    FROM(P, 0),
    TO(P, NAN),
};
static const emg_setting saturation[] = {
    ROW(P, per_min, "/min", 0.1, 600, 1, "times a minute that the amplifier sticks at its limit"),
    ROW(P, least_s, "s", 0.01, 60, 0.1, "shortest"),
    ROW(P, most_s, "s", 0.01, 60, 0.6, "longest"),
    FROM(P, 0),
    TO(P, NAN),
};
static const emg_setting dropout[] = {
    ROW(P, per_min, "/min", 0.1, 600, 1, "times a minute that the channel gives zeros"),
    ROW(P, least_s, "s", 0.01, 600, 0.2, "shortest"),
    ROW(P, most_s, "s", 0.01, 600, 2, "longest"),
    FROM(P, 0),
    TO(P, NAN),
};
#undef P

static const emg_setting wander[] = {
    ROW(emgp_wander_plan, size_uv, "uV", 0.1, 100000, 100, "largest excursion of the baseline; part of no truth"),
    ROW(emgp_wander_plan, period_s, "s", 0.2, 600, 4, "its longest period; two shorter ones are added"),
};
static const emg_setting gap[] = {
    ROW(emgp_gap_plan, at_s, "s", 1, 604800, 10, "where nothing is recorded, a whole number"),
    ROW(emgp_gap_plan, length_s, "s", 1, 86400, 5, "for how long, a whole number"),
};
static const emg_setting load[] = {
    ROW(emgp_load_plan, per_min, "/min", 0.1, 1800, 600, "discharges a minute and channel, made while the samples are"),
    ROW(emgp_load_plan, snr_db, "dB", 0, 50, 20, "peak-SNR of the discharges; four units within 3 dB of it"),
};

#define KEYS(table) (table), sizeof(table) / sizeof *(table)
static const emgp_kind_row kinds[EMGP_N_KINDS] = {
    { "recording", "the whole: rate and length; comes first", KEYS(recording), false, false, "" },
    { "channel", "an electrode: [channel LABEL]; labels that begin with EMG are muscles", KEYS(channel), false, false,
      "" },
    { "mains", "power line interference on all channels", KEYS(powerline), false, false, "" },
    { "fasciculation", "single discharges of single units", KEYS(fasciculation), true, false, "" },
    { "myoclonus", "jerks, in all its channels at once", KEYS(myoclonus), true, false, "" },
    { "evoked", "marked stimuli with their artefacts and responses, in all its channels at once", KEYS(evoked), true,
      true, "stimulus" },
    { "clonus", "episodes of bursts, in all its channels at once", KEYS(clonus), true, true, "stretch" },
    { "tremor", "long runs of bursts, in all its channels at once", KEYS(tremor), true, true, "" },
    { "myokymia", "one unit in semi-rhythmic groups", KEYS(myokymia), true, false, "" },
    { "neuromyotonia", "one unit in irregular groups of very fast firing that slows and wanes", KEYS(neuromyotonia),
      true, false, "" },
    { "spasm", "cramps: sudden, irregular firing of the pool", KEYS(spasm), true, true, "" },
    { "tonic", "contractions: units join by size while a drive holds", KEYS(tonic), true, true, "task: contraction" },
    { "floor", "a weak activity that never rests", KEYS(floor_keys), true, false, "" },
    { "motor_unit", "one unit that fires by itself like a clock", KEYS(motor_unit), true, false, "" },
    { "heart", "ECG, in all its channels at once", KEYS(ecg), true, false, "" },
    { "pops", "electrode pops: a step that decays", KEYS(pops), true, false, "" },
    { "motion", "swings of a moved electrode", KEYS(motion), true, false, "" },
    { "saturation", "the amplifier stuck at its limit", KEYS(saturation), true, false, "" },
    { "dropout", "zeros instead of a signal", KEYS(dropout), true, false, "" },
    { "wander", "a wandering baseline", KEYS(wander), true, false, "" },
    { "gap", "a stretch that is not recorded (EDF+D, BDF+D)", KEYS(gap), false, false, "" },
    { "load", "discharges without end on every channel, for load tests; stands alone", KEYS(load), false, false, "" },
};

const emgp_kind_row *emgp_kind_of(emgp_kind kind)
{
    return &kinds[kind];
}

bool emgp_key_is_list(const emg_setting *key)
{
    return key->needle > 0.5;
}

size_t emgp_key_find(const emgp_kind_row *kind, const char *word)
{
    size_t i = 0;
    while (i < kind->n_keys && strcmp(kind->keys[i].key, word) != 0)
        i++;
    return i;
}

const char *emg_simulation_kind(size_t index, const char **sentence)
{
    if (index < EMGP_N_KINDS && sentence)
        *sentence = kinds[index].sentence;
    return index < EMGP_N_KINDS ? kinds[index].word : NULL;
}

const emg_setting *emg_simulation_key(const char *kind, size_t index)
{
    for (size_t i = 0; i < EMGP_N_KINDS; i++)
        if (kind && strcmp(kinds[i].word, kind) == 0)
            return index < kinds[i].n_keys ? &kinds[i].keys[index] : NULL;
    return NULL;
}
