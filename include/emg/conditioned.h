/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording in, a conditioned recording out, in the source's own format of numbers. */
#ifndef EMG_CONDITIONED_H
#define EMG_CONDITIONED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>
#include <emg/ecg.h>
#include <emg/envelope.h>
#include <emg/filter.h>
#include <emg/powerline.h>
#include <emg/recording.h>
#include <emg/run.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { EMG_RUN_MOST_FILTERS = 16 };

/* How samples of a WAV output are stored. */
typedef enum emg_wav_samples { EMG_WAV_FLOAT = 0, EMG_WAV_PCM_16, EMG_WAV_PCM_24 } emg_wav_samples;

/* What is done to a recording on its way. Muscles are conditioned as an analysis conditions them (power line, band, ECG: the
 * samples are the same to the bit), then go through the filters in order and the envelope; other channels pass unchanged. */
typedef struct emg_run_filter_config {
    emg_reading reading;
    emg_condition_config condition;
    const char
        *ecg_channel; /* pattern of the one channel that is an ECG lead; NULL: the first of type ECG with a QRS */
    const char *const *stimulus_globs; /* annotation texts that mark stimuli: their artefacts are bridged ahead of all
                                          filters */
    size_t n_stimulus_globs;
    double artefact_s; /* how long after its stimulus such an artefact may last, as marks.artefact_s of an analysis */
    emg_filter_plan filters[EMG_RUN_MOST_FILTERS]; /* rate_hz is not looked at: each channel has its own */
    size_t n_filters;
    emg_filter_direction
        direction; /* of the filters and the envelope; forward, the band runs so, too, as the first of them */
    bool with_envelope;
    emg_envelope_plan envelope; /* its direction is `direction`, its window that in seconds: */
    double envelope_s;          /* RMS, AVERAGE: above 0 to 60 */
    bool every_channel;         /* condition all channels taken but triggers, not only muscles */
    bool include_identity;      /* patient, recording and start as they are */
    bool include_annotations;   /* those of the recording that lie within what is written */
    emg_wav_samples wav_samples;
    double full_scale; /* of a WAV output: microvolts (uncalibrated: units of the recording) at 1.0; 0: as suits */
    const char *removed_path; /* a table of what was removed, a row per channel written; NULL: none */
    emg_run_go_on *go_on;
    void *go_on_context;
} emg_run_filter_config;

/* Conditioning as in the surface preset, and nothing else. */
EMG_API emg_run_filter_config emg_run_filter_defaults(void);

/* The band and the filters of a configuration as one sampling rate allows: pass bands end at 0.45 of it, low-passes,
 * notches and stop bands beyond that are left out. *n of them into plans (room for EMG_RUN_MOST_FILTERS + 1). False: no
 * band is left. */
EMG_API bool emg_run_filter_plans(const emg_run_filter_config *config, double rate_hz, emg_filter_plan *plans,
                                  size_t *n);

/* What was done to one channel of the output, in its order. Amplitudes are in microvolts when `calibrated`, else in the
 * recording's unit; least, most and step of a Teager-Kaiser envelope in the square of that. */
typedef struct emg_run_filtered {
    size_t channel; /* as emg_recording_channel() counts */
    bool conditioned, calibrated;
    const char *why_not;    /* not conditioned: the reason, a few words */
    char prefilter[168];    /* what was done, as the output's prefilter field says it */
    double low_hz, high_hz; /* corners of the first band-pass, the upper one clipped to 0.45 of the rate; NaN: none */
    double transient_s;     /* time at a segment's ends that padding affects: sum over band and filters */
    emg_powerline_found powerline; /* zeroed when nothing was looked for */
    emg_ecg_found ecg;             /* its wave is NULL; zeroed when nothing was looked for */
    double least, most;            /* of what was written */
    double step;          /* of the output's numbers; half of it is the largest rounding. 0: WAV floats (24 bits of
                                each sample's own size) */
    bool unchanged_scale; /* the same calibration as in the source: an unchanged sample keeps its digital value */
} emg_run_filtered;

/* What was written. Zeroed it is empty; emg_run_filter_free() takes it whatever happened. */
typedef struct emg_run_filtering {
    emg_recording *recording; /* read to the end: facts and deviations */
    emg_run_filtered *channels;
    size_t n_channels;
    size_t n_segments;
    double start_s;     /* time of the source's first written sample: 0 in the output */
    double record_s;    /* EDF, BDF: seconds in a record */
    double full_scale;  /* WAV: what 1.0 means, in microvolts when `calibrated`, else in the recording's unit */
    bool calibrated;    /* WAV */
    uint64_t n_clipped; /* WAV: samples beyond a full scale that was asked for */
    bool
        output_failed; /* on failure: it was the output that could not be made, not the source that could not be read */
    double padded_s;   /* EDF, BDF: time after the ends of segments that repeats the last sample, marked BAD_padding */
    double left_out_s; /* EDF, BDF: time at the ends of segments that no record could hold before the next segment */
} emg_run_filtering;

/* Conditions a recording and writes it to out_path: .edf (16 bits), .bdf (24 bits) or .wav by its ending, whole or not at
 * all. Gaps stay: EDF+D or BDF+D with true times, nothing filtered across. Records are the source's or, where segments
 * would not fill them, shorter ones that fit. Calibrations are the source's where all that is written fits and the
 * samples have as many bits; otherwise the range is that of what is written. No identity, no date and no annotations but
 * those asked for and BAD_padding.
 * EMG_EARG: another ending, out_path is the source itself, ecg_channel is not one channel, nothing is left to write;
 * EMG_EUNSUPPORTED: a WAV output of several rates, units or segments; EMG_ERANGE: a setting out of range, a filter that a channel's rate does
 * not allow, a number that the output's header cannot say; EMG_EIO: out_path cannot be written or the source
 * cannot be read; EMG_ECANCELLED; and what emg_recording_open() and emg_recording_next() give. */
EMG_API EMG_MUST_USE emg_status emg_run_filter(const char *path, const char *out_path,
                                               const emg_run_filter_config *config, emg_run_filtering *out,
                                               emg_error *err);
EMG_API void emg_run_filter_free(emg_run_filtering *filtering);

/* emg_report_response() into the file at path, whole or not at all. EMG_EIO, and what that gives. */
EMG_API EMG_MUST_USE emg_status emg_run_response_svg(const char *path, const emg_filter *const *filters,
                                                     size_t n_filters, emg_filter_direction direction, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
