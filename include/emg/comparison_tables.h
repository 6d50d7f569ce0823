/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons as a table and as JSON. */
#ifndef EMG_COMPARISON_TABLES_H
#define EMG_COMPARISON_TABLES_H

#include <emg/comparisons.h>
#include <emg/report.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A table with a row per pair, muscle and figure, and, unless emg_comparisons_is_one(), one per muscle over all pairs, whose
 * recordings are "all". EMG_EARG: NULL; EMG_ENOMEM; and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_comparisons(const emg_comparisons *comparisons, emg_write *write,
                                                       void *context, emg_error *err);

/* JSON with the same numbers and the counts of each minute: schema "myogram-comparison" where emg_comparisons_is_one(), else
 * "myogram-comparisons", which holds an array of those objects. Fails as emg_report_comparisons(). */
EMG_API EMG_MUST_USE emg_status emg_report_comparisons_json(const emg_comparisons *comparisons, emg_write *write,
                                                            void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
