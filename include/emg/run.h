/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main job in one call: a recording through the analysis. */
#ifndef EMG_RUN_H
#define EMG_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/analysis.h>
#include <emg/config.h>
#include <emg/recording.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Asked now and then during a run; false ends it with EMG_ECANCELLED. */
typedef bool emg_run_go_on(void *context);

/* How far a run has come. */
typedef struct emg_run_progress {
    size_t index, n;      /* which input of emg_run_batch(), from 0, and of how many; of emg_run_file(): 0 of 1 */
    double done_s, all_s; /* seconds of this recording: gone through, and in all */
} emg_run_progress;

/* Told now and then during a run. */
typedef void emg_run_told(void *context, const emg_run_progress *progress);

/* How many recordings are gone through: emg_run_batch() and emg_batch_collect() alone look at it, emg_run_file() at
 * n_workers. */
typedef struct emg_batch_options {
    size_t n_workers;       /* threads, each at a recording, or several at one; 0: as many as there are processors */
    bool resume;            /* leave out what an earlier run reported, as long as the file is the same */
    bool replace;           /* though settings or version differ from what is in the output folder */
    bool dry_run;           /* say what would be done, write nothing */
    size_t slice, n_slices; /* only each n_slices-th input from the slice-th on, from 1; without tables. 0, 0: all */
    /* Where what came on standard input is kept: the input "-" is read from there, called so, and takes its stem from this
     * name. A later "-" of that stem is the same input, done again whatever `resume` says. NULL: "-" is a file. */
    const char *standard_input;
} emg_batch_options;

/* How a recording is read, analysed and reported. */
typedef struct emg_run_config {
    emg_reading reading;
    emg_config analysis;
    const char
        *ecg_channel; /* pattern of the one channel that is an ECG lead; NULL: the first of type ECG with a QRS */
    const char *rest_glob, *task_glob, *stretch_glob; /* annotation texts that mark rest, task, stretch; NULL: none */
    const char *const *stimulus_globs;                /* and stimuli */
    size_t n_stimulus_globs;
    const char *spill_directory; /* NULL: TMPDIR, else /tmp */
    emg_run_go_on *go_on;        /* NULL: never ask */
    void *go_on_context;
    emg_run_told *progress; /* NULL: nobody is told */
    void *progress_context;
    bool ask; /* emg_run_file: keep the decisions about this time (emg_analysis_ask) */
    double ask_from_s, ask_to_s;
    bool no_sketches;                       /* emg_run_file: keep nothing to draw (emg_analysis_no_sketches) */
    bool write_tsv, write_json, write_html; /* emg_run_batch: which files to write */
    bool every_onset;                       /* emg_run_batch: the summaries name every onset */
    bool write_figures;                     /* and each figure of the page as an SVG */
    emg_batch_options batch;
} emg_run_config;

EMG_API emg_run_config emg_run_defaults(void);

/* A recording with its result. Zeroed it is empty; emg_run_free() takes it whatever happened. */
typedef struct emg_run {
    emg_recording *recording;
    emg_result *result;   /* NULL when the recording holds nothing to analyse (no muscles, no samples) */
    emg_deviation *notes; /* deviations of the analysis: a band clipped, a channel too slow */
    size_t n_notes, notes_room;
    char hash[33]; /* XXH3-128 of the file */
} emg_run;

/* The main job in one call: opens, reads, analyses. The recording stays open so that its facts can be asked for.
 * Errors as emg_recording_open(), emg_recording_next() and emg_analysis_push(). */
EMG_API EMG_MUST_USE emg_status emg_run_file(const char *path, const emg_run_config *config, emg_run *out,
                                             emg_error *err);
EMG_API void emg_run_free(emg_run *run);

#ifdef __cplusplus
}
#endif
#endif
