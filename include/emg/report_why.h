/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a moment got its word: the evidence, and every rule in order. */
#ifndef EMG_REPORT_WHY_H
#define EMG_REPORT_WHY_H

#include <emg/report.h>
#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Says of each muscle what event touches the time from_s to to_s (seconds), with the evidence of its reasons and every rule that was
 * tried, or that there is none, and which is nearest. The analysis must have been asked for that time (emg_analysis_ask(),
 * emg_run_config.ask); else the rules are missing. result may be NULL: nothing was there to analyse. EMG_ENOMEM; EMG_EARG: no write,
 * a time that is not finite, a result at odds with itself; and whatever `write` or the result's events answer. */
EMG_API EMG_MUST_USE emg_status emg_report_why(emg_result *result, double from_s, double to_s, emg_write *write,
                                               void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
