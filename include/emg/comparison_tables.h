/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison as a table and as JSON. */
#ifndef EMG_COMPARISON_TABLES_H
#define EMG_COMPARISON_TABLES_H

#include <emg/comparison.h>
#include <emg/report.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A comparison as a table (a row per muscle and figure), and as JSON. EMG_EARG: NULL; EMG_ENOMEM; and whatever `write`
 * answers. */
EMG_API EMG_MUST_USE emg_status emg_report_comparison(const emg_comparison *comparison, emg_write *write, void *context,
                                                      emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_report_comparison_json(const emg_comparison *comparison, emg_write *write,
                                                           void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
