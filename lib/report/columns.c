/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header lines that other programs parse, written once, each column beside its unit and meaning. */
#include "report/report.h"

#include <math.h>
#include <string.h>

#define AT(member) offsetof(emg_summary, member)

static const emgp_column summary_columns[] = {
    { "recording", "", "name of the recording", EMGP_CELL_RECORDING, 0 },
    { "target_muscle", "", "muscle, as the recording or its sidecar names it", EMGP_CELL_MUSCLE, 0 },
    { "channels", "", "labels of the channels on this muscle", EMGP_CELL_CHANNELS, 0 },
    { "sampling_frequency", "Hz", "samples per second", EMGP_CELL_REAL, AT(rate_hz) },
    { "analysed_s", "s", "seconds that the analysis looked at; all rates refer to it", EMGP_CELL_TIME,
      AT(signal.analysed_s) },
    { "excluded_s", "s", "seconds left out: no signal, clipped, unreadable, segments too short", EMGP_CELL_TIME,
      AT(signal.excluded_s) },
    { "rest_s", "s", "seconds at rest: a discharge large enough to count would have been seen", EMGP_CELL_TIME,
      AT(signal.rest_s) },
    { "noise_uv", "uV", "standard deviation of the noise between activity, after conditioning", EMGP_CELL_UV,
      AT(signal.noise) },
    { "noise_rel", "", "the same in the recording's own unit", EMGP_CELL_REL, AT(signal.noise) },
    { "threshold_uv", "uV", "median detection threshold", EMGP_CELL_UV, AT(signal.threshold) },
    { "threshold_rel", "", "the same in the recording's own unit", EMGP_CELL_REL, AT(signal.threshold) },
    { "quality", "", "0 (unusable) to 1 (no objection)", EMGP_CELL_REAL, AT(signal.quality) },
    { "pattern", "", "leading pattern; n/a when none was found", EMGP_CELL_CLASS, AT(counts.pattern) },
    { "pattern_confidence", "", "0 to 1", EMGP_CELL_REAL, AT(counts.pattern_confidence) },
    { "fasciculation_count", "", "number of fasciculations", EMGP_CELL_COUNT, AT(counts.fasciculation_count) },
    { "fasciculation_per_min", "1/min", "fasciculations per minute at rest; n/a below 10 s", EMGP_CELL_REAL,
      AT(counts.fasciculation_per_min) },
    { "fasciculation_per_min_low", "1/min", "lower end of the exact Poisson 95 % interval", EMGP_CELL_REAL,
      AT(counts.fasciculation_per_min_low) },
    { "fasciculation_per_min_high", "1/min", "upper end of the exact Poisson 95 % interval", EMGP_CELL_REAL,
      AT(counts.fasciculation_per_min_high) },
    { "fasciculation_amplitude_uv", "uV", "median peak-to-peak amplitude", EMGP_CELL_UV,
      AT(counts.fasciculation_amplitude) },
    { "fasciculation_amplitude_rel", "", "the same in the recording's own unit", EMGP_CELL_REL,
      AT(counts.fasciculation_amplitude) },
    { "fasciculation_interval_median_s", "s", "median interval between fasciculations", EMGP_CELL_TIME,
      AT(counts.fasciculation_interval_median_s) },
    { "fasciculation_interval_cv", "", "standard deviation of the intervals divided by their mean", EMGP_CELL_REAL,
      AT(counts.fasciculation_interval_cv) },
    { "fasciculation_isolated_share", "", "share with silence before and after", EMGP_CELL_REAL,
      AT(counts.fasciculation_isolated_share) },
    { "fasciculation_doublet_share", "", "share that is the second of a doublet", EMGP_CELL_REAL,
      AT(counts.fasciculation_doublet_share) },
    { "fasciculation_units", "", "number of different shapes", EMGP_CELL_COUNT, AT(counts.fasciculation_units) },
    { "fasciculation_first_s", "s", "onset of the first", EMGP_CELL_TIME, AT(counts.fasciculation_first_s) },
    { "fasciculation_last_s", "s", "onset of the last", EMGP_CELL_TIME, AT(counts.fasciculation_last_s) },
    { "small_potential_count", "", "discharges at rest too small to be fasciculations", EMGP_CELL_COUNT,
      AT(counts.small_potential_count) },
    { "small_potential_per_min", "1/min", "the same per minute at rest", EMGP_CELL_REAL,
      AT(counts.small_potential_per_min) },
    { "evoked_count", "", "responses to marked stimuli", EMGP_CELL_COUNT, AT(counts.evoked_count) },
    { "myoclonus_count", "", "number of jerks", EMGP_CELL_COUNT, AT(counts.myoclonus_count) },
    { "myoclonus_per_min", "1/min", "jerks per minute analysed; n/a below 10 s", EMGP_CELL_REAL,
      AT(counts.myoclonus_per_min) },
    { "clonus_episodes", "", "number of clonus episodes", EMGP_CELL_COUNT, AT(counts.clonus_episodes) },
    { "clonus_beats", "", "beats in all clonus episodes", EMGP_CELL_COUNT, AT(counts.clonus_beats) },
    { "clonus_total_s", "s", "time in clonus", EMGP_CELL_TIME, AT(counts.clonus_total_s) },
    { "clonus_longest_s", "s", "longest clonus episode", EMGP_CELL_TIME, AT(counts.clonus_longest_s) },
    { "clonus_hz", "Hz", "repetition rate of clonus", EMGP_CELL_REAL, AT(counts.clonus_hz) },
    { "tremor_episodes", "", "number of tremor episodes", EMGP_CELL_COUNT, AT(counts.tremor_episodes) },
    { "tremor_total_s", "s", "time in tremor", EMGP_CELL_TIME, AT(counts.tremor_total_s) },
    { "tremor_longest_s", "s", "longest tremor episode", EMGP_CELL_TIME, AT(counts.tremor_longest_s) },
    { "tremor_hz", "Hz", "repetition rate of tremor", EMGP_CELL_REAL, AT(counts.tremor_hz) },
    { "rhythmic_episodes", "", "episodes that are clonus or tremor, unresolved", EMGP_CELL_COUNT,
      AT(counts.rhythmic_episodes) },
    { "rhythmic_total_s", "s", "time in them", EMGP_CELL_TIME, AT(counts.rhythmic_total_s) },
    { "rhythmic_hz", "Hz", "their repetition rate", EMGP_CELL_REAL, AT(counts.rhythmic_hz) },
    { "myokymia_total_s", "s", "time in myokymia", EMGP_CELL_TIME, AT(counts.myokymia_total_s) },
    { "neuromyotonia_total_s", "s", "time in neuromyotonia", EMGP_CELL_TIME, AT(counts.neuromyotonia_total_s) },
    { "spasm_episodes", "", "number of cramps or spasms", EMGP_CELL_COUNT, AT(counts.spasm_episodes) },
    { "spasm_total_s", "s", "time in cramps or spasms", EMGP_CELL_TIME, AT(counts.spasm_total_s) },
    { "spasm_longest_s", "s", "longest cramp or spasm", EMGP_CELL_TIME, AT(counts.spasm_longest_s) },
    { "tonic_episodes", "", "number of episodes of tonic, spastic or voluntary activity", EMGP_CELL_COUNT,
      AT(counts.tonic_episodes) },
    { "tonic_total_s", "s", "time in them", EMGP_CELL_TIME, AT(counts.tonic_total_s) },
    { "tonic_longest_s", "s", "longest of them", EMGP_CELL_TIME, AT(counts.tonic_longest_s) },
    { "motor_unit_total_s", "s", "time in which one motor unit fires regularly", EMGP_CELL_TIME,
      AT(counts.motor_unit_total_s) },
    { "motor_unit_hz", "Hz", "its firing rate", EMGP_CELL_REAL, AT(counts.motor_unit_hz) },
    { "indeterminate_total_s", "s", "time in activity that no class fits well", EMGP_CELL_TIME,
      AT(counts.indeterminate_total_s) },
    { "artifact_total_s", "s", "time in artefacts", EMGP_CELL_TIME, AT(counts.artifact_total_s) },
    { "rms_uv", "uV", "root mean square of the conditioned signal", EMGP_CELL_UV, AT(signal.rms) },
    { "rms_rel", "", "the same in the recording's own unit", EMGP_CELL_REL, AT(signal.rms) },
    { "mav_uv", "uV", "mean absolute value of the conditioned signal", EMGP_CELL_UV, AT(signal.mav) },
    { "mav_rel", "", "the same in the recording's own unit", EMGP_CELL_REL, AT(signal.mav) },
    { "mean_frequency_hz", "Hz", "mean frequency of the power spectrum", EMGP_CELL_REAL, AT(signal.mean_frequency_hz) },
    { "median_frequency_hz", "Hz", "frequency that halves the power", EMGP_CELL_REAL, AT(signal.median_frequency_hz) },
    { "peak_frequency_hz", "Hz", "frequency of the largest density", EMGP_CELL_REAL, AT(signal.peak_frequency_hz) },
    { "spectral_entropy", "", "0 (a line) to 1 (flat)", EMGP_CELL_REAL, AT(signal.spectral_entropy) },
};

const emgp_column *emgp_summary_column(size_t index)
{
    return index < sizeof summary_columns / sizeof *summary_columns ? &summary_columns[index] : NULL;
}

double emgp_summary_real(const emgp_column *column, const emg_summary *summary)
{
    if ((column->cell == EMGP_CELL_UV && !summary->calibrated) ||
        (column->cell == EMGP_CELL_REL && summary->calibrated))
        return NAN;
    double value;
    memcpy(&value, (const char *)summary + column->offset, sizeof value);
    return value;
}

uint64_t emgp_summary_count(const emgp_column *column, const emg_summary *summary)
{
    uint64_t value;
    memcpy(&value, (const char *)summary + column->offset, sizeof value);
    return value;
}

static const emgp_event_column event_columns[] = {
    { "onset", "Onset", "s", "begin of the event, counted from the recording's first sample" },
    { "duration", "Duration", "s", "from the begin to the end of the activity" },
    { "trial_type", "Pattern", "", "signal pattern; n/a for a discharge that was not judged" },
    { "channel", "Channel", "", "channel on which the event is strongest" },
    { "target_muscle", "Muscle", "", "muscle of that channel" },
    { "n_channels", "Muscles active together", "", "number of muscles active at the same time, this one included" },
    { "amplitude_uv", "Amplitude", "uV",
      "peak to peak after conditioning; median over an episode; n/a when the channel is not calibrated" },
    { "amplitude_rel", "Amplitude, uncalibrated", "",
      "the same in the recording's own unit, for a channel that is not calibrated; n/a otherwise" },
    { "snr_db", "Signal-to-noise ratio", "dB", "20 log10 of peak over noise standard deviation, after conditioning" },
    { "frequency_hz", "Repetition rate", "Hz", "beats or discharges per second of a rhythmic episode" },
    { "count", "Count", "", "discharges or beats in the event" },
    { "interval_cv", "Interval variation", "", "standard deviation of the intervals divided by their mean" },
    { "interval_rcv", "Interval variation, robust", "", "the same from median and scaled median absolute deviation" },
    { "unit", "Unit", "", "number of the potential's shape within its channel, from 1" },
    { "confidence", "Confidence", "", "0 to 1" },
    { "reasons", "Reasons", "", "codes of the evidence, joined by semicolons" },
    { "peak", "Peak", "s", "time of the largest deflection, counted from the recording's first sample" },
};

const emgp_event_column *emgp_event_columns(size_t index)
{
    return index < sizeof event_columns / sizeof *event_columns ? &event_columns[index] : NULL;
}

const char *emgp_class_sentence(emg_class trial_type)
{
    static const char *const sentences[EMG_N_CLASSES] = {
        [EMG_INDETERMINATE] = "activity that no pattern fits well",
        [EMG_FASCICULATION] = "isolated, irregular discharge of a single motor unit",
        [EMG_MYOCLONUS] = "short jerk of many motor units together",
        [EMG_EVOKED] = "response that follows a marked stimulus",
        [EMG_CLONUS] = "regular beats in the clonus band, in episodes",
        [EMG_TREMOR] = "regular beats, long runs or alternating muscles",
        [EMG_RHYTHMIC] = "regular beats, clonus or tremor not resolved",
        [EMG_MYOKYMIA] = "groups of discharges of one shape that recur semi-rhythmically",
        [EMG_NEUROMYOTONIA] = "very fast trains of discharges of one shape",
        [EMG_SPASM] = "cramp or spasm: sustained activity of one muscle",
        [EMG_TONIC] = "sustained activity: tonic, spastic or voluntary, not resolved from EMG alone",
        [EMG_MOTOR_UNIT] = "one motor unit that fires regularly",
        [EMG_ARTIFACT] = "not from muscle: mains, heart, electrode pop, motion or clipping",
        [EMG_UNCLASSIFIED] = "not judged",
    };
    return (size_t)trial_type < EMG_N_CLASSES ? sentences[trial_type] : "";
}
