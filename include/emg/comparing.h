/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two recordings, or the reports on them, compared; or two folders of reports, pair by pair. */
#ifndef EMG_COMPARING_H
#define EMG_COMPARING_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/comparisons.h>
#include <emg/run.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Something worth saying: muscles or reports that the other side lacks. path is the side as it was given or, of several pairs, the
 * report. Borrowed for the call. */
typedef void emg_compare_say(void *context, const char *path, const char *sentence);

/* Each side is a recording, which is read and analysed now; a STEM_report.json of emg-report with its STEM_events.tsv
 * beside it; or a folder that holds such reports, in itself or below. */
typedef struct emg_compare_job {
    const char *a, *b;
    const emg_run_config *config; /* how recordings are read and analysed; reports stay as they are */
    emg_compare_say *say;         /* NULL: notes are dropped */
    void *context;
} emg_compare_job;

/* Whether the path is a report or a folder of them, so that no recording is analysed. */
EMG_API bool emg_compare_is_report(const char *path);

/* One of each side are compared whatever their stems are. Where a folder holds several, both sides are folders, and reports of equal stems
 * (their paths within the folders) are compared, by stem, one pair held at a time; a pair that fails is noted (emg_comparisons_failed())
 * and the others are compared, so that there may be failures only. *out is freed by emg_comparisons_free(). A report gives the same comparison as its
 * recording, to the byte. Memory grows with the events of a pair, and with the muscles and minutes of all. EMG_EARG: the settings or versions of the only pair differ
 * (the sentence names which), a folder holds no report, several stand against one, or no stem is in both; EMG_EFORMAT: a report
 * that is none; EMG_EIO, EMG_ENOMEM, EMG_ECANCELLED, and what emg_run_file() answers. */
EMG_API EMG_MUST_USE emg_status emg_run_compare(const emg_compare_job *job, emg_comparisons **out, emg_error *err);

/* Writes comparisons as JSON and as a page, each whole or not at all; json_path or page_path may be NULL. EMG_EIO names
 * the path. */
EMG_API EMG_MUST_USE emg_status emg_run_compare_files(const emg_comparisons *comparisons, const char *json_path,
                                                      const char *page_path, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
