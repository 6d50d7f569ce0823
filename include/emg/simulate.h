/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synthetic muscle recordings with exact truth, the same bytes for the same seed on any machine. */
#ifndef EMG_SIMULATE_H
#define EMG_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/event.h>
#include <emg/setting.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct emg_simulation emg_simulation;

/* A channel of the simulated recording. */
typedef struct emg_simulated_channel {
    char label[17];                           /* EDF label, e.g. "EMG L Gastroc" */
    char muscle[64];                          /* the label without "EMG " */
    bool is_muscle;                           /* false: e.g. an ECG channel */
    double physical_min_uv, physical_max_uv;  /* EDF range */
    double low_hz, high_hz;                   /* the amplifier's band */
    double noise_uv;                          /* standard deviation of the background in the analysis band */
    double analysis_low_hz, analysis_high_hz; /* that band: Butterworth of order 4, forwards and backwards */
} emg_simulated_channel;

/* A remark that belongs into the recording, e.g. "stretch" or "task: contraction". */
typedef struct emg_simulated_annotation {
    double onset_s, duration_s;
    char text[32];
} emg_simulated_annotation;

/* A true event, as _events.tsv lists it. A discharge lasts from the first to the last moment at which its shape reaches
 * 5 % of its largest deflection; jerks and episodes from that of the first to that of the last potential in them. */
typedef struct emg_truth {
    double onset_s, duration_s;
    double peak_s;       /* fiducial: the largest deflection of a discharge or jerk, the onset else */
    double amplitude_uv; /* peak to peak, median over an episode; the peak of a pop or motion; NaN: unknown */
    double frequency_hz; /* NaN: not rhythmic */
    uint64_t count;      /* discharges or bursts */
    size_t channel;      /* index */
    uint32_t unit;       /* motor unit within the channel, from 1; 0: many */
    emg_class trial_type;
    uint64_t reasons; /* of an artefact: bits of emg_reason */
    /* Of an episode: the `count` moments that it counts - bursts (the middle of the units' times) of clonus and tremor,
     * first firings of groups, firings of a unit or of all units. Owned by the simulation; NULL else. */
    double *times;
} emg_truth;

/* A stretch that is not recorded; the samples are there, and a file leaves them out. */
typedef struct emg_simulated_gap {
    double from_s, to_s; /* whole numbers */
} emg_simulated_gap;

/* One unit firing once; the time is that of its largest deflection. */
typedef struct emg_simulated_firing {
    double time_s;
    uint32_t unit; /* from 1, as in emg_truth; the ECG counts as a unit too */
} emg_simulated_firing;

/* Name and one-sentence description of preset `index`; NULL beyond the last. sentence may be NULL. */
EMG_API const char *emg_simulation_preset(size_t index, const char **sentence);

/* Setting `index` that a preset takes, by its key, unit and range; NULL beyond the last or when there is no such
 * preset. Defaults are the preset's own. */
EMG_API const emg_setting *emg_simulation_setting(const char *preset, size_t index);

/* Makes a simulation of a preset: its name, or its name with settings as in "fasciculation:snr_db=12,per_min=10".
 * The seed draws the same course whatever the settings, as far as they allow. duration_s and rate_hz: 0 takes the
 * preset's own. EMG_EARG: no such preset or setting; EMG_ERANGE: a number outside what is allowed; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_simulation_new(emg_simulation **out, const char *preset, uint64_t seed,
                                                   double duration_s, double rate_hz, emg_error *err);
/* Makes a simulation of a scenario: n_bytes of text in the format of lib/simulate/SCENARIOS.md. `name` is what
 * sentences call it and may be NULL ("scenario"); the seed is mixed with the scenario's own name, so that a preset
 * printed as a scenario gives the preset's samples. duration_s and rate_hz: 0 takes the scenario's own. EMG_EARG,
 * EMG_ERANGE: the sentence names line, key, value and what is allowed, or what the scenario has too much of;
 * EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_simulation_read(emg_simulation **out, const char *text, size_t n_bytes,
                                                    const char *name, uint64_t seed, double duration_s, double rate_hz,
                                                    emg_error *err);
/* Prints a preset, its settings applied, as a scenario into *out, which emg_simulation_scenario_free() frees.
 * EMG_EARG, EMG_ERANGE as above; EMG_ENOMEM; *out is NULL then. */
EMG_API EMG_MUST_USE emg_status emg_simulation_scenario(char **out, const char *preset, emg_error *err);
EMG_API void emg_simulation_scenario_free(char *text);
/* Word and one-sentence description of section kind `index` of scenarios; NULL beyond the last. sentence may be NULL. */
EMG_API const char *emg_simulation_kind(size_t index, const char **sentence);
/* Key `index` of a kind; NULL beyond the last. A default that is NaN is the word "none"; rows whose `needle` is 1 take a
 * number for each channel. */
EMG_API const emg_setting *emg_simulation_key(const char *kind, size_t index);

EMG_API void emg_simulation_free(emg_simulation *simulation);
EMG_API double emg_simulation_rate_hz(const emg_simulation *simulation);
EMG_API double emg_simulation_duration_s(const emg_simulation *simulation);
EMG_API size_t emg_simulation_n_channels(const emg_simulation *simulation);
EMG_API const emg_simulated_channel *emg_simulation_channel(const emg_simulation *simulation, size_t index);
/* Annotations by onset; NULL beyond the last. */
EMG_API size_t emg_simulation_n_annotations(const emg_simulation *simulation);
EMG_API const emg_simulated_annotation *emg_simulation_annotation(const emg_simulation *simulation, size_t index);
/* Gaps by time; NULL beyond the last. */
EMG_API size_t emg_simulation_n_gaps(const emg_simulation *simulation);
EMG_API const emg_simulated_gap *emg_simulation_gap(const emg_simulation *simulation, size_t index);
/* Every firing on a channel in the order of the shapes' beginnings (time NaN beyond the last); a preset without end has
 * none. */
EMG_API size_t emg_simulation_n_firings(const emg_simulation *simulation, size_t channel);
EMG_API emg_simulated_firing emg_simulation_firing(const emg_simulation *simulation, size_t channel, size_t index);
/* True events by onset, then channel. A preset without end ("long") keeps none of them in memory: it counts 0 here
 * and gives them through emg_simulation_next_event(), as every preset does. */
EMG_API size_t emg_simulation_n_events(const emg_simulation *simulation);
EMG_API const emg_truth *emg_simulation_event(const emg_simulation *simulation, size_t index);
/* The next true event, whatever samples were asked for before; *found is false at the end. EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_simulation_next_event(emg_simulation *simulation, emg_truth *truth, bool *found,
                                                          emg_error *err);

/* The next n_frames frames of all channels in microvolts, interleaved, into x (n_frames x n_channels).
 * Frames come in order from 0; the samples do not depend on how they are asked for. */
EMG_API EMG_MUST_USE emg_status emg_simulation_next(emg_simulation *simulation, double *x, size_t n_frames,
                                                    emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
