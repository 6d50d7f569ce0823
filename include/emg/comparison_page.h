/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison as a page. */
#ifndef EMG_COMPARISON_PAGE_H
#define EMG_COMPARISON_PAGE_H

#include <emg/comparison.h>
#include <emg/report.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A comparison as one HTML file in the look of STEM_report.html. EMG_EARG: NULL; and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_comparison_page(const emg_comparison *comparison, emg_write *write,
                                                           void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
