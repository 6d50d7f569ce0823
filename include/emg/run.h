/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main job as calls: recordings in, per-muscle event reports out. */
#ifndef EMG_RUN_H
#define EMG_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/analysis.h>
#include <emg/config.h>
#include <emg/recording.h>
#include <emg/score.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Asked now and then during a run; false ends it with EMG_ECANCELLED. */
typedef bool emg_run_go_on(void *context);

/* How a recording is read, analysed and reported. */
typedef struct emg_run_config {
    emg_reading reading;
    emg_config analysis;
    const char *rest_glob, *task_glob, *stretch_glob; /* annotation texts that mark rest, task, stretch; NULL: none */
    const char *spill_directory;                      /* NULL: TMPDIR, else /tmp */
    emg_run_go_on *go_on;                             /* NULL: never ask */
    void *go_on_context;
    bool write_tsv, write_json; /* emg_run_batch: which files to write */
} emg_run_config;

EMG_API emg_run_config emg_run_defaults(void);

/* A recording with its result. Zeroed it is empty; emg_run_free() takes it whatever happened. */
typedef struct emg_run {
    emg_recording *recording;
    emg_result *result;   /* NULL when the recording holds nothing to analyse (no muscles, no samples) */
    emg_deviation *notes; /* deviations of the analysis: a band clipped, a channel too slow */
    size_t n_notes;
    char hash[33]; /* XXH3-128 of the file */
} emg_run;

/* The main job in one call: opens, reads, analyses. The recording stays open so that its facts can be asked for.
 * Errors as emg_recording_open(), emg_recording_next() and emg_analysis_push(). */
EMG_API EMG_MUST_USE emg_status emg_run_file(const char *path, const emg_run_config *config, emg_run *out,
                                             emg_error *err);
EMG_API void emg_run_free(emg_run *run);

typedef enum emg_outcome {
    EMG_DONE = 0,        /* reported */
    EMG_DONE_NO_MUSCLES, /* read, but nothing in it to analyse */
    EMG_FAILED_INPUT,    /* refused or unreadable; the others went on */
    EMG_FAILED_OUTPUT    /* its report could not be written */
} emg_outcome;

/* What became of one input. Texts are borrowed for the call. */
typedef struct emg_batch_item {
    const char *path; /* as found */
    const char *stem; /* of its output files, relative to the output folder */
    emg_outcome outcome;
    const emg_error *error; /* of a failure */
    const emg_run *run;     /* open recording and result, when done */
    const char *summary;    /* the text summary, when done */
    size_t index, n;        /* its place in the list, from 0, and how many there are */
} emg_batch_item;

/* Called after each input, in input order. Return false to stop (EMG_ECANCELLED). */
typedef bool emg_batch_step(void *context, const emg_batch_item *item);

typedef struct emg_batch_totals {
    size_t n_inputs, n_done, n_failed, n_output_failed;
} emg_batch_totals;

/* Reports every recording among files and folders into the folder `output`, then the cohort table muscles.tsv
 * and batch.tsv. One failing input never stops the others: the totals and each step say what became of it.
 * EMG_EIO: the output folder cannot be made, or its tables cannot be written;
 * EMG_ECANCELLED: step said so; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_batch(const char *const *inputs, size_t n_inputs, const char *output,
                                              const emg_run_config *config, emg_batch_step *step, void *context,
                                              emg_batch_totals *totals, emg_error *err);

/* Writes a simulated recording and its truth: PATH (.edf, .bdf or .wav by its ending) and PATH without its ending plus
 * "_events.tsv". EMG_EIO, EMG_EARG (another ending), and those of emg_simulation_new(). */
EMG_API EMG_MUST_USE emg_status emg_run_simulation(const char *preset, uint64_t seed, double duration_s, double rate_hz,
                                                   const char *path, emg_error *err);

/* Called now and then with the share that is done, 0 to 1. Return false to stop (EMG_ECANCELLED, no file is left). */
typedef bool emg_simulation_step(void *context, double share);

/* The same with more to choose from. Zeroed members: seed 0, the preset's own duration and rate, no step. EMG_EFORMAT: a
 * scenario file that cannot be read or is refused. A scenario with gaps becomes EDF+D or BDF+D; WAV cannot tell gaps
 * (EMG_EARG). A WAV file has 16 bits over the widest range_uv of its channels. */
typedef struct emg_simulation_job {
    const char *preset, *path;
    uint64_t seed;
    double duration_s, rate_hz;
    bool without_truth; /* its table may grow large for long recordings */
    emg_simulation_step *step;
    void *context;
    const char *scenario; /* path of a scenario file, used instead of the preset when not NULL */
} emg_simulation_job;
EMG_API EMG_MUST_USE emg_status emg_run_simulation_job(const emg_simulation_job *job, emg_error *err);

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
    emg_score_say *say; /* NULL: nobody listens */
    void *context;
} emg_score_job;

typedef struct emg_score_totals {
    size_t n_scored, n_failed;
} emg_score_totals;

/* *out is freed by emg_score_free(). A pair that cannot be read is said and left out. EMG_ERANGE, EMG_EARG: a setting, or
 * a file beside a folder; EMG_EIO, EMG_EFORMAT: nothing could be scored; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_score(const emg_score_job *job, emg_score **out, emg_score_totals *totals,
                                              emg_error *err);

/* Writes a score as JSON and as a page, each whole or not at all; a path may be NULL. EMG_EIO names the path. */
EMG_API EMG_MUST_USE emg_status emg_run_score_files(const emg_score *score, const char *json_path,
                                                    const char *page_path, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
