/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score as a table and as JSON. */
#ifndef EMG_SCORE_TABLES_H
#define EMG_SCORE_TABLES_H

#include <emg/report.h>
#include <emg/score.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A score as a table (a row per class, then all, any, macro), and as JSON. */
EMG_API EMG_MUST_USE emg_status emg_report_score(const emg_score *score, emg_write *write, void *context,
                                                 emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_report_score_json(const emg_score *score, emg_write *write, void *context,
                                                      emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
