/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a report: figures and sentences in one HTML file that needs nothing else. */
#ifndef EMG_REPORT_PAGE_H
#define EMG_REPORT_PAGE_H

#include <stddef.h>

#include <emg/report.h>
#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* STEM_report.html. Rewinds the events. result may be NULL: nothing was there to analyse, and only facts are written.
 * EMG_ENOMEM; EMG_EARG: no input or no function, a result at odds with itself; and whatever `write` or the result's
 * events answer. */
EMG_API EMG_MUST_USE emg_status emg_report_page(emg_result *result, const emg_report_input *input, emg_write *write,
                                                void *context, emg_error *err);

/* Takes a figure: an SVG document of n bytes, and a name for its file ("figure_001"); both are borrowed for the call. */
typedef emg_status emg_take_figure(void *context, const char *name, const char *svg, size_t n, emg_error *err);

/* Every figure of that page, in its order, each an SVG of its own: for papers. Rewinds the events. result may be NULL. EMG_ENOMEM; EMG_EARG as
 * emg_report_page(); and whatever `take` or the result's events answer. */
EMG_API EMG_MUST_USE emg_status emg_report_figures(emg_result *result, const emg_report_input *input,
                                                   emg_take_figure *take, void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
