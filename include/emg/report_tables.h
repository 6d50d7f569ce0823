/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a report: events, muscles, channels. */
#ifndef EMG_REPORT_TABLES_H
#define EMG_REPORT_TABLES_H

#include <emg/report.h>
#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A result may be NULL everywhere below: nothing was there to analyse, and only headers and facts are written.
 * EMG_ENOMEM; EMG_EARG: a result at odds with itself; and whatever `write` or the result's events answer. */

/* STEM_events.tsv: header line and one row per event. */
EMG_API EMG_MUST_USE emg_status emg_report_events(emg_result *result, emg_write *write, void *context, emg_error *err);
/* A row for each burst of each event with a rate, event by event: where it begins, how long it lasts, the word, channel, muscle
 * and unit of its event and where that begins, its time, and that since the burst before (s). */
EMG_API EMG_MUST_USE emg_status emg_report_bursts(emg_result *result, emg_write *write, void *context, emg_error *err);
/* The columns of events for plain discharges (trial_type n/a). */
EMG_API EMG_MUST_USE emg_status emg_report_discharges(emg_result *result, emg_write *write, void *context,
                                                      emg_error *err);
/* STEM_muscles.tsv, STEM_channels.tsv. */
EMG_API EMG_MUST_USE emg_status emg_report_muscles(const emg_result *result, const emg_report_input *input,
                                                   emg_write *write, void *context, emg_error *err);
EMG_API EMG_MUST_USE emg_status emg_report_channels(const emg_result *result, const emg_report_input *input,
                                                    emg_write *write, void *context, emg_error *err);

/* One text as a cell of such a table holds it: valid UTF-8 (other bytes are read as Latin-1), control bytes as \xNN, and a
 * leading ' before what a spreadsheet would take for a formula (= + - @). "n/a" when it is empty; text may be NULL.
 * EMG_EARG: write is NULL; and whatever it answers. */
EMG_API emg_status emg_report_cell(const char *text, emg_write *write, void *context, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
