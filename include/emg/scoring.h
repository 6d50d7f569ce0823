/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Found events scored against true ones, files and folders of either. */
#ifndef EMG_SCORING_H
#define EMG_SCORING_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/score.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Between what events may match. */
typedef enum emg_score_by {
    EMG_SCORE_BY_MUSCLE = 0, /* target_muscle; the channel where there is none */
    EMG_SCORE_BY_CHANNEL,
    EMG_SCORE_BY_NOTHING /* all events of a recording together */
} emg_score_by;

/* Something worth saying of an input that was scored, or why it was not. Borrowed for the call. */
typedef struct emg_score_note {
    const char *path;
    bool failed; /* it was left out, the others go on */
    const char *sentence;
} emg_score_note;
typedef void emg_score_say(void *context, const emg_score_note *note);

/* Scores found events against true ones. Either side is a file (an events table as emg-report and emg-simulate write it,
 * or an EDF+ or BDF+ recording whose annotations begin with a class, "clonus" or "clonus@@EMG L Soleus"), or a folder of
 * them; files of two folders belong together when their paths are equal without "_events", "_desc-..." and ending. */
typedef struct emg_score_job {
    const char *truth, *found;
    emg_score_config config;
    emg_score_by by;
    double
        duration_s; /* observed seconds of each recording; NaN: from the tables beside the found events, or the annotated
                          recording; false events an hour need it */
    emg_score_say *say; /* NULL: notes are dropped */
    void *context;
} emg_score_job;

typedef struct emg_score_totals {
    size_t n_scored, n_failed;
} emg_score_totals;

/* *out is freed by emg_score_free(); totals may be NULL. A pair that cannot be read is said and left out. EMG_ERANGE, EMG_EARG: a setting, or
 * a file beside a folder; EMG_EIO, EMG_EFORMAT: nothing could be scored; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_score(const emg_score_job *job, emg_score **out, emg_score_totals *totals,
                                              emg_error *err);

/* Writes a score as JSON and as a page, each whole or not at all; json_path or page_path may be NULL. EMG_EIO names the path. */
EMG_API EMG_MUST_USE emg_status emg_run_score_files(const emg_score *score, const char *json_path,
                                                    const char *page_path, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
