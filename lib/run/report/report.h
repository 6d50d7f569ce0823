/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From files and folders to reports. */
#ifndef EMGP_RUN_REPORT_REPORT_H
#define EMGP_RUN_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/run.h>
#include <emg/status.h>

#include "base/base.h"

/* ---- lists.c: Lists of inputs: one a line, with what holds for that one alone. ---- */

typedef struct emgp_sample {
    char *path;
    char *muscles;       /* its table of muscles; NULL: that of all */
    char *marks;         /* its file of marks, so too */
    bool has_range;      /* from_s, to_s stand for those of all */
    double from_s, to_s; /* to_s may be INFINITY */
} emgp_sample;

/* Zeroed there are none. */
typedef struct emgp_samples {
    emgp_sample *list;
    size_t n, room;
} emgp_samples;

/* Adds one argument: a path, or the lines of a list, "@FILE" or "@-" for standard input. Cells of a line, separated by tabs:
 * path, table of muscles, file of marks, time range; all but the first may be missing or n/a. Lines that are empty or begin with '#', and a header
 * line whose first cell is "path", are passed over. EMG_EARG: a list that cannot be read, or a line that is none; EMG_ENOMEM. */
emg_status emgp_samples_read(emgp_samples *samples, const char *argument, emg_error *err);
void emgp_samples_free(emgp_samples *samples);

/* ---- inputs.c: The list of inputs of a batch: files as named, recordings found in folders, and the stems of their outputs. */

typedef struct emgp_input {
    char *path;         /* as named or found: what it is called */
    const char *opened; /* to open: path, or where standard input is kept, which belongs to the caller */
    char *relative;     /* to the folder argument, else the base name: what tables print */
    char *stem;         /* of its outputs: relative without its ending, made unique */
    char *muscles;      /* as in emgp_sample; so what follows */
    char *marks;
    bool has_range;
    double from_s, to_s;
    char *failure; /* why it cannot be an input (a folder that cannot be listed); NULL: nothing is known against it */
} emgp_input;

/* What a folder holds and nobody reads. */
typedef struct emgp_skipped {
    char *path, *relative;
    const char *reason; /* a constant of the folder's */
} emgp_skipped;

typedef struct emgp_inputs {
    emgp_input *list;
    size_t n, room;
    emgp_skipped *skipped; /* by path */
    size_t n_skipped, skipped_room;
} emgp_inputs;

/* Whether what a list says beside two inputs is the same: muscles, marks, times. */
bool emgp_inputs_alike(const emgp_input *a, const emgp_input *b);

/* An argument may be a list, as emgp_samples_read() takes it. Files stay in the order given (a missing one too: opening it will say so); a folder gives the recordings in it and in
 * the folders below it, in byte order of their paths. The folder `output` is left out; what else may have been meant as a
 * recording is listed as skipped. What cannot be listed or examined is an input with its failure. What is named twice
 * alike is one input. standard_input: as in emg_batch_options. EMG_EARG: as emgp_samples_read(); EMG_ENOMEM. Free with emgp_inputs_free() in any case. */
emg_status emgp_inputs_list(emgp_inputs *inputs, const char *const *paths, size_t n, const char *output,
                            const char *standard_input, emg_error *err);
/* The same over one path for files of events: tables ending in _events.tsv, and recordings, whose annotations may be
 * events. Two files of one stem stay two. EMG_EIO: a folder cannot be listed, an entry not examined. */
emg_status emgp_inputs_events(emgp_inputs *inputs, const char *path, emg_error *err);
void emgp_inputs_free(emgp_inputs *inputs);

/* ---- skipped.c: What in a folder is no input, and why. ---- */

/* Why a file of such a name is not read, though somebody may mean it as a recording; NULL: nobody does. */
const char *emgp_skipped_reason(const char *name);

/* Adds one. EMG_ENOMEM. */
emg_status emgp_skipped_add(emgp_inputs *inputs, const char *path, const char *relative, const char *reason,
                            emg_error *err);

/* Sorts them; what is an input all the same, or there twice, goes. EMG_ENOMEM. */
emg_status emgp_skipped_settle(emgp_inputs *inputs, emg_error *err);

/* Says one sentence for each reason to the reading's notice. */
void emgp_skipped_say(const emgp_inputs *inputs, const emg_reading *reading);
void emgp_skipped_free(emgp_inputs *inputs);

/* ---- together.c: The files of one recording: all written aside first, then all put in place. ---- */

/* The files that a recording may have, as a journal counts them: new ones come last. */
enum {
    EMGP_FILE_EVENTS,
    EMGP_FILE_EVENTS_JSON,
    EMGP_FILE_MUSCLES,
    EMGP_FILE_CHANNELS,
    EMGP_FILE_REPORT_JSON,
    EMGP_FILE_REPORT_HTML,
    EMGP_FILES
};

/* Files written aside are FOLDER `aside`/NUMBERENDING; in place they are FOLDER/STEMENDING. */
typedef struct emgp_together {
    const char *folder, *stem; /* the stem may hold folders */
    const char *aside;         /* on the same file system; nobody else's */
    uint64_t number;           /* of this set, unlike any other's that is aside */
    unsigned files;            /* which files it has: bit k for EMGP_FILE_... k */
} emgp_together;

/* Begins file `file` (EMGP_FILE_...) aside, which emgp_newfile_settle() ends. EMG_EIO: also when what is in place is no plain file. */
emg_status emgp_together_open(const emgp_together *together, size_t file, emgp_newfile **out, emg_error *err);

/* Makes the folders that the stem names. EMG_EIO. */
emg_status emgp_together_parents(const emgp_together *together, emg_error *err);

/* Removes what is in place of the recording, then puts in place what is aside: at no moment are old and new files there
 * together. Broken off, a second call ends it. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_together_place(const emgp_together *together, emg_error *err);

/* Removes what is aside. */
void emgp_together_drop(const emgp_together *together);

/* Whether all files of the set are in place. */
bool emgp_together_whole(const emgp_together *together);

/* ---- outputs.c: The files of one recording's report. ---- */

typedef struct emgp_outputs {
    emgp_together *files;
    const emg_run *run;
    const emg_run_config *config;
} emgp_outputs;

/* Writes aside the files that the configuration asks for, adds the recording's rows of the cohort table to `rows` and gives
 * the text summary. EMG_EIO: a file cannot be written; emgp_together_drop() then. */
emg_status emgp_outputs_write(const emgp_outputs *outputs, emgp_collected *rows, emgp_collected *summary,
                              emg_error *err);

/* The header line of the cohort table. */
emg_status emgp_outputs_cohort_header(emgp_newfile *file, emg_error *err);

/* ---- index.c: The index of a batch, made of what each recording's page says of itself. ---- */

typedef struct emgp_index_item {
    char *name;    /* the stem of a recording that has a page, else the input */
    char *message; /* why there is none; NULL: there is one */
} emgp_index_item;

/* Zeroed it is empty. */
typedef struct emgp_index {
    emgp_index_item *list;
    size_t n, room, n_failed;
} emgp_index;

/* EMG_ENOMEM. */
emg_status emgp_index_add(emgp_index *index, const char *name, const char *message, emg_error *err);

/* Writes FOLDER/index.html, by way of the file `aside`. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_index_write(const emgp_index *index, const char *folder, const char *aside, emg_error *err);
void emgp_index_free(emgp_index *index);

#endif
