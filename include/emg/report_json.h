/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON of a report, and what the columns of its events mean. */
#ifndef EMG_REPORT_JSON_H
#define EMG_REPORT_JSON_H

#include <emg/report.h>
#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A result may be NULL everywhere below: nothing was there to analyse, and only headers and facts are written.
 * EMG_ENOMEM; EMG_EARG: a result at odds with itself; and whatever `write` or the result's events answer. */

enum { EMG_REPORT_BURSTS = 4096 }; /* most bursts of one episode in it */

/* STEM_report.json. Rewinds the events. `episodes` holds each event of two or more bursts with their times (see emg_burst), of
 * the first EMG_REPORT_BURSTS of them; how many more there are is in `bursts_left_out`. */
EMG_API EMG_MUST_USE emg_status emg_report_json(emg_result *result, const emg_report_input *input, emg_write *write,
                                                void *context, emg_error *err);
/* STEM_events.json: what each column means (BIDS). */
EMG_API EMG_MUST_USE emg_status emg_report_events_json(emg_write *write, void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
