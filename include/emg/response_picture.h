/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of what filters do. */
#ifndef EMG_RESPONSE_PICTURE_H
#define EMG_RESPONSE_PICTURE_H

#include <stddef.h>

#include <emg/filter.h>
#include <emg/report.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A picture (SVG, a file of its own, readable in print and in dark mode) of what n_filters (1 or more, one sampling
 * rate) run one after the other do: gain in dB, phase in degrees and group delay over frequency, corners marked.
 * EMG_EARG: no filter, or rates that differ; EMG_ENOMEM; and whatever `write` answers. */
EMG_API EMG_MUST_USE emg_status emg_report_response(const emg_filter *const *filters, size_t n_filters,
                                                    emg_filter_direction direction, emg_write *write, void *context,
                                                    emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
