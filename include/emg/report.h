/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every writer of a report is given, and where its text goes. */
#ifndef EMG_REPORT_H
#define EMG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/channel.h>
#include <emg/config.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EMG_DISCLAIMER                                                                                                 \
    "Research use only. Not a medical device. Labels describe signal patterns; they are not a diagnosis."

/* Takes n bytes of text; returns EMG_OK, or a failure (say it in err) that ends the writing. */
typedef emg_status emg_write(void *context, const char *bytes, size_t n, emg_error *err);

/* What a report says of its input beside the result. Everything is borrowed for the call. */
typedef struct emg_report_input {
    const char *recording;    /* the name printed in the recording column */
    const char *format;       /* "EDF+C", ... */
    const char *content_hash; /* 32 hexadecimal digits */
    uint64_t file_bytes;
    double duration_s, span_s, selected_s;
    const emg_config *config;        /* the settings as resolved */
    const emg_deviation *deviations; /* of the file */
    size_t n_deviations;
    const emg_deviation *notes; /* of the analysis (emg_run.notes); printed after those of the file */
    size_t n_notes;
    const emg_channel *channels; /* all of them: the JSON report lists those left out too */
    size_t n_channels;
    const emg_segment *segments;
    size_t n_segments;
    bool every_onset;     /* the summary names the onset of every event, not of the first of each class only */
    double power_line_hz; /* from a sidecar, 0: not stated */
} emg_report_input;

#ifdef __cplusplus
}
#endif
#endif
