/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of the ECG that was removed. */
#ifndef EMG_ECG_PICTURE_H
#define EMG_ECG_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/report.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The ECG that was removed from a channel, as emg_ecg_stream or a summary describes it. Everything is borrowed. */
typedef struct emg_report_qrs {
    const char *channel;
    bool calibrated; /* amplitudes are in microvolts */
    double rate_per_min, interval_cv;
    double amplitude;   /* peak to peak: microvolts, else the recording's own unit */
    const double *wave; /* n_wave samples (2 or more), step_s apart, the QRS at wave_peak */
    size_t n_wave, wave_peak;
    double step_s;
    const double *qrs_s; /* times of n_qrs QRS complexes, ascending; NULL when they are not known one by one */
    size_t n_qrs;
} emg_report_qrs;

/* A picture (SVG; `alone`: a file of its own, else inline in a page) of the ECG removed from n channels (1 or more): of
 * each the wave, and the rate from interval to interval over duration_s (> 0); above 600 as means of equal stretches of
 * time. EMG_EARG: no channel, no wave, times that do not ascend; EMG_ENOMEM; and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_ecg(const emg_report_qrs *channels, size_t n, double duration_s, bool alone,
                                               emg_write *write, void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
