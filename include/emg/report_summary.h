/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary of a report, as a person reads it. */
#ifndef EMG_REPORT_SUMMARY_H
#define EMG_REPORT_SUMMARY_H

#include <emg/report.h>
#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The summary a person reads: per muscle when, where, how often, how long, with what rhythm. Rewinds the events. result
 * may be NULL: nothing was there to analyse, and only facts are written. EMG_ENOMEM; EMG_EARG: a result at odds with
 * itself; and whatever `write` or the result's events answer. */
EMG_API EMG_MUST_USE emg_status emg_report_summary(emg_result *result, const emg_report_input *input, emg_write *write,
                                                   void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
