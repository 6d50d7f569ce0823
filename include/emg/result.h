/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an analysis gives: a summary of each muscle and channel, and a stream of events. */
#ifndef EMG_RESULT_H
#define EMG_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/event.h>
#include <emg/quality.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMG_NO_COUNT UINT64_MAX /* a count that does not apply: printed as n/a */

enum { EMG_HISTOGRAM_BINS = 64, EMG_PSD_BINS = 257, EMG_ECG_POINTS = 141 };

/* The ECG that conditioning removed from a channel. Amplitudes: microvolts when calibrated, else the recording's own
 * unit. */
typedef struct emg_removed_ecg {
    uint64_t n_qrs;              /* QRS complexes; 0: none was found, and nothing was removed */
    double per_min;              /* from the mean interval of successive ones; NaN below 2 */
    double interval_cv;          /* NaN below 3 */
    double amplitude;            /* peak to peak of what was removed, mean; 0 when none */
    double removed_s;            /* time that lies under it */
    double wave[EMG_ECG_POINTS]; /* as last learned, from 0.12 s before to 0.16 s after the QRS, 2 ms a step */
    uint64_t n_led;              /* of them, those given by emg_analysis_qrs() or an ECG channel */
} emg_removed_ecg;

/* What the samples of a channel are, by themselves: raw EMG lies on both sides of its baseline. Of a rectified signal or an
 * envelope no event is told, nor anything that is computed from its waves. */
typedef enum emg_signal_kind { EMG_SIGNAL_RAW = 0, EMG_SIGNAL_RECTIFIED, EMG_SIGNAL_ENVELOPE } emg_signal_kind;

/* What a channel's signal is, whatever was found in it. Amplitudes: microvolts when calibrated, else the recording's own
 * unit. NaN: not applicable. */
typedef struct emg_summary_signal {
    double analysed_s, excluded_s;
    double dead_s;           /* of excluded_s: railed, constant or unplugged, and the tenth of a second round it */
    double rest_s;           /* NaN: not measured */
    double noise, threshold; /* standard deviation of the noise after conditioning; median detection threshold */
    double quality;          /* share of all time in windows without a flag (windows.usable_s), 0 to 1 */
    double rms, mav;         /* of the conditioned signal, as all that follows but `windows` */
    double mean_frequency_hz, median_frequency_hz, peak_frequency_hz;
    double spectral_entropy;  /* 0 to 1 */
    double psd_step_hz;       /* width of a PSD bin */
    double psd[EMG_PSD_BINS]; /* mean power density per Hz, 0 to 256 steps */
    emg_quality_sums windows; /* quality of the raw signal */
    emg_removed_ecg ecg;
    double short_s;       /* of excluded_s, in stretches shorter than episode.segment_least_s */
    emg_signal_kind kind; /* not EMG_SIGNAL_RAW: all of its time is in excluded_s */
} emg_summary_signal;

/* What the events come to: counts, rates, totals (time that events of one class share counts once) and the leading pattern. NaN: not applicable. */
typedef struct emg_summary_counts {
    uint64_t n_events;
    emg_class pattern;                /* the leading pattern; EMG_UNCLASSIFIED: none found */
    double pattern_confidence;        /* 0 to 1 */
    double confidence[EMG_N_CLASSES]; /* of each class: mean over its events, 0 to 1; NaN: there are none */
    uint64_t fasciculation_count;
    double fasciculation_per_min, fasciculation_per_min_low,
        fasciculation_per_min_high; /* NaN: less than 10 s analysed */
    double
        fasciculation_amplitude; /* median, peak to peak: microvolts when calibrated, else the recording's own unit */
    double fasciculation_interval_median_s, fasciculation_interval_cv;
    double fasciculation_isolated_share, fasciculation_doublet_share;
    uint64_t fasciculation_units;
    double fasciculation_first_s, fasciculation_last_s;
    uint64_t small_potential_count; /* EMG_NO_COUNT: not counted */
    double small_potential_per_min;
    uint64_t
        scrap_count; /* pieces too short for any word, which are no events; of a muscle: in its strongest channel */
    uint64_t evoked_count;
    uint64_t myoclonus_count;
    double myoclonus_per_min;
    uint64_t clonus_episodes, clonus_beats;
    double clonus_total_s, clonus_longest_s, clonus_hz;
    uint64_t tremor_episodes;
    double tremor_total_s, tremor_longest_s, tremor_hz;
    uint64_t rhythmic_episodes;
    double rhythmic_total_s, rhythmic_hz, myokymia_total_s, neuromyotonia_total_s;
    uint64_t spasm_episodes;
    double spasm_total_s, spasm_longest_s;
    uint64_t tonic_episodes;
    double tonic_total_s, tonic_longest_s, motor_unit_total_s, motor_unit_hz;
    double indeterminate_total_s, artifact_total_s;
    /* of fasciculations; bin i holds [10^(-2+i/16), 10^(-2+(i+1)/16)) s */
    uint64_t interval_histogram[EMG_HISTOGRAM_BINS];
} emg_summary_counts;

/* One muscle, or one channel, of a recording: the numbers of a row of STEM_muscles.tsv or STEM_channels.tsv. A muscle's
 * signal is that of its strongest channel; its counts are of the events of all its channels together. */
typedef struct emg_summary {
    const char *name; /* muscle (or channel) name; belongs to the result */
    const char *muscle;
    size_t n_channels;
    size_t strongest_channel; /* index of the channel with most events, for a muscle */
    bool calibrated;
    double rate_hz;
    emg_summary_signal signal;
    emg_summary_counts counts;
} emg_summary;

typedef struct emg_result emg_result;

EMG_API void emg_result_free(emg_result *result);
EMG_API size_t emg_result_n_muscles(const emg_result *result);
EMG_API size_t emg_result_n_channels(const emg_result *result);
/* Summaries, borrowed; NULL beyond the last. */
EMG_API const emg_summary *emg_result_muscle(const emg_result *result, size_t index);
EMG_API const emg_summary *emg_result_channel(const emg_result *result, size_t index);
/* The muscle (index) that a channel belongs to. */
EMG_API size_t emg_result_muscle_of(const emg_result *result, size_t channel);

/* Unknown marks (EMG_MARK_UNKNOWN) that short events of some channel follow beyond chance, and of how many texts. */
typedef struct emg_time_locked {
    size_t n_kinds; /* texts; 0: none */
    uint64_t n_marks;
} emg_time_locked;
EMG_API emg_time_locked emg_result_time_locked(const emg_result *result);

/* Starts again at the first event. */
EMG_API void emg_result_rewind(emg_result *result);
/* The next event by onset, then channel; *found is false at the end. EMG_EIO, EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_result_next(emg_result *result, emg_event *event, bool *found, emg_error *err);

/* A burst of an episode with a rate, in seconds from the recording's first sample. at_s is the time that rates are taken from:
 * the middle of a burst's power (clonus, tremor, rhythmic; in a train too short for that its onset), the first discharge of
 * a group (myokymia), the peak of a discharge (motor_unit), the peak of an event of one burst. */
typedef struct emg_burst {
    double at_s;
    double onset_s, end_s; /* at half its height, of a single discharge and of a group where they begin and end */
} emg_burst;

/* Lets the bursts of an event come, from its first on. The event is copied; those of one event at a time are given, and
 * events may be read on meanwhile. As many as its count, but where a rhythm went on unseen through a contraction: these
 * bursts are counted by the rate and have no times. None where an event has no rate (frequency_hz). In an episode without
 * missing bursts frequency_hz is (n - 1) / (last at_s - first at_s); an interval in which some are missing counts as several,
 * and that between two parts of a long one (20 s each) does not count. Of muscles that share a rhythm throughout it is their
 * common rate. Any number may come: they are read back from where the result
 * keeps them, so memory does not grow with them. EMG_EARG, EMG_ENOMEM, EMG_EIO. */
EMG_API EMG_MUST_USE emg_status emg_result_rewind_bursts(emg_result *result, const emg_event *event, emg_error *err);
/* The next of them by time; *found is false at the end, or when no event was chosen. EMG_EARG, EMG_EIO, EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_result_next_burst(emg_result *result, emg_burst *burst, bool *found,
                                                      emg_error *err);

/* As events, plain discharges (before any class), channels not merged into muscles. */
EMG_API void emg_result_rewind_discharges(emg_result *result);
EMG_API EMG_MUST_USE emg_status emg_result_next_discharge(emg_result *result, emg_event *event, bool *found,
                                                          emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
