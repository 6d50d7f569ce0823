/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From files and folders to reports. */
#ifndef EMGP_RUN_REPORT_REPORT_H
#define EMGP_RUN_REPORT_REPORT_H

#include <stddef.h>

#include <emg/run.h>
#include <emg/status.h>

#include "base/base.h"

/* ---- inputs.c: The list of inputs of a batch: files as named, recordings found in folders, and the stems of their outputs. */

typedef struct emgp_input {
    char *path;     /* to open */
    char *relative; /* to the folder argument, else the base name: what tables print */
    char *stem;     /* of its outputs: relative without its ending, made unique */
    char *failure;  /* why it cannot be an input (a folder that cannot be listed); NULL: nothing is known against it */
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

/* Files stay in the order given (a missing one too: opening it will say so); a folder gives the recordings in it and in
 * the folders below it, in byte order of their paths. The folder `output` is left out; what else may have been meant as a
 * recording is listed as skipped. What cannot be listed or examined is an input with its failure. What is named twice is
 * one input. EMG_ENOMEM. Free with emgp_inputs_free() in any case. */
emg_status emgp_inputs_list(emgp_inputs *inputs, const char *const *paths, size_t n, const char *output,
                            emg_error *err);
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

/* ---- outputs.c: The files of one recording's report. ---- */

typedef struct emgp_outputs {
    const char *folder, *stem; /* the stem may hold folders, which are made */
    const emg_run *run;
    const emg_run_config *config;
} emgp_outputs;

/* Writes the files that the configuration asks for, adds the recording's rows to the cohort table and gives the text
 * summary (freed with emgp_free). EMG_EIO: a file cannot be written; it is then absent. */
emg_status emgp_outputs_write(const emgp_outputs *outputs, emgp_newfile *cohort, char **summary, emg_error *err);

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

/* Writes FOLDER/index.html. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_index_write(const emgp_index *index, const char *folder, emg_error *err);
void emgp_index_free(emgp_index *index);

#endif
