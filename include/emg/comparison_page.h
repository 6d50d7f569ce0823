/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons as a page. */
#ifndef EMG_COMPARISON_PAGE_H
#define EMG_COMPARISON_PAGE_H

#include <emg/comparisons.h>
#include <emg/report.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One HTML file in the look of STEM_report.html: one comparison, or an overview of all pairs and a section per pair and
 * muscle; figures are drawn up to 64 sections. EMG_EARG: NULL; and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_comparisons_page(const emg_comparisons *comparisons, emg_write *write,
                                                            void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
