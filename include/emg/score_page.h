/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score as a page. */
#ifndef EMG_SCORE_PAGE_H
#define EMG_SCORE_PAGE_H

#include <emg/report.h>
#include <emg/score.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A score as a page (HTML, a file of its own) with plots. EMG_ENOMEM, and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_score_page(const emg_score *score, emg_write *write, void *context,
                                                      emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
