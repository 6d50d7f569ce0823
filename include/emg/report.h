/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results as text: the tables, the JSON report and the summary that a person reads. */
#ifndef EMG_REPORT_H
#define EMG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/analysis.h>
#include <emg/channel.h>
#include <emg/filter.h>
#include <emg/score.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMG_DISCLAIMER                                                                                                 \
    "Research use only. Not a medical device. Labels describe signal patterns; they are not a diagnosis."

/* Name and version of Myogram (index 0) and of each library that it was built with; false beyond the last. */
EMG_API bool emg_report_software(size_t index, const char **name, const char **version);

/* Takes n bytes of text; returns EMG_OK, or a failure (say it in err) that ends the writing. */
typedef emg_status emg_write(void *context, const char *bytes, size_t n, emg_error *err);

/* What a report says of its input beside the result. Everything is borrowed for the call. */
typedef struct emg_report_input {
    const char *recording;    /* the name printed in the recording column */
    const char *format;       /* "EDF+C", ... */
    const char *content_hash; /* 32 hexadecimal digits */
    uint64_t file_bytes;
    double duration_s, span_s, selected_s;
    const emg_config *config; /* the settings as resolved */
    const emg_deviation *deviations; /* of the file */
    size_t n_deviations;
    const emg_deviation *notes; /* of the analysis (emg_run.notes); printed after those of the file */
    size_t n_notes;
    const emg_channel *channels; /* all of them: the JSON report lists those left out too */
    size_t n_channels;
    const emg_segment *segments;
    size_t n_segments;
    double power_line_hz; /* from a sidecar, 0: not stated */
} emg_report_input;

/* A result may be NULL everywhere below: nothing was there to analyse, and only headers and facts are written.
 * EMG_ENOMEM; EMG_EARG: a result at odds with itself; and whatever `write` or the result's events answer. */

/* STEM_events.tsv: header line and one row per event. */
EMG_API EMG_MUST_USE emg_status emg_report_events(emg_result *result, emg_write *write, void *context, emg_error *err);
/* The same columns for plain discharges (trial_type n/a). */
EMG_API EMG_MUST_USE emg_status emg_report_discharges(emg_result *result, emg_write *write, void *context,
                                                      emg_error *err);
/* STEM_events.json: what each column means (BIDS). */
EMG_API EMG_MUST_USE emg_status emg_report_events_json(emg_write *write, void *context, emg_error *err);
/* STEM_muscles.tsv, STEM_channels.tsv. */
EMG_API EMG_MUST_USE emg_status emg_report_muscles(const emg_result *result, const emg_report_input *input,
                                                   emg_write *write, void *context, emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_report_channels(const emg_result *result, const emg_report_input *input,
                                                    emg_write *write, void *context, emg_error *err);
/* STEM_report.json. */
EMG_API EMG_MUST_USE emg_status emg_report_json(const emg_result *result, const emg_report_input *input,
                                                emg_write *write, void *context, emg_error *err);
/* The summary a person reads: per muscle when, where, how often, how long, with what rhythm. Rewinds the events. */
EMG_API EMG_MUST_USE emg_status emg_report_summary(emg_result *result, const emg_report_input *input, emg_write *write,
                                                   void *context, emg_error *err);

/* A score as a table (a row per class, then all, any, macro), as JSON, and as a page with plots. */
EMG_API EMG_MUST_USE emg_status emg_report_score(const emg_score *score, emg_write *write, void *context,
                                                 emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_report_score_json(const emg_score *score, emg_write *write, void *context,
                                                      emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_report_score_page(const emg_score *score, emg_write *write, void *context,
                                                      emg_error *err);

/* A picture (SVG, a file of its own, readable in print and in dark mode) of what n_filters (1 or more, one sampling
 * rate) run one after the other do: gain in dB, phase in degrees and group delay over frequency, corners marked.
 * EMG_EARG: no filter, or rates that differ; EMG_ENOMEM; and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_response(const emg_filter *const *filters, size_t n_filters,
                                                    emg_filter_direction direction, emg_write *write, void *context,
                                                    emg_error *err);

/* A heart that was removed from a channel, as emg_ecg_stream or a summary tells it. Everything is borrowed. */
typedef struct emg_report_qrs {
    const char *channel;
    bool calibrated; /* amplitudes are in microvolts */
    double rate_per_min, interval_cv, amplitude;
    const double *wave; /* n_wave samples (2 or more), step_s apart, the beat at wave_peak */
    size_t n_wave, wave_peak;
    double step_s;
    const double *qrs_s; /* times of n_qrs beats, ascending; NULL when they are not known one by one */
    size_t n_qrs;
} emg_report_qrs;

/* A picture (SVG; `alone`: a file of its own, else inline in a page) of the hearts removed from n channels (1 or more): of each the
 * wave, and the rate from beat to beat over duration_s (> 0); above 600 beats as means of equal stretches of time.
 * EMG_EARG: no channel, no wave, beats that do not ascend; EMG_ENOMEM; and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_ecg(const emg_report_qrs *channels, size_t n, double duration_s, bool alone,
                                               emg_write *write, void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
