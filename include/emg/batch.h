/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many recordings, each with its report, and one table of them all. */
#ifndef EMG_BATCH_H
#define EMG_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/run.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emg_outcome {
    EMG_DONE = 0,        /* reported */
    EMG_DONE_NO_MUSCLES, /* read, but nothing in it to analyse */
    EMG_FAILED_INPUT,    /* refused or unreadable; the others went on */
    EMG_FAILED_OUTPUT,   /* its report could not be written */
    EMG_PLANNED          /* would be reported, but that this is a dry run */
} emg_outcome;

/* What became of one input. Texts are borrowed for the call. */
typedef struct emg_batch_item {
    const char *path; /* as typed or found */
    const char *stem; /* of its output files, relative to the output folder */
    emg_outcome outcome;
    bool before;            /* an earlier run did it, which this one relies on (resume) */
    const emg_error *error; /* of a failure */
    const emg_run *run;     /* open recording and result, when done now */
    const char *summary;    /* the text summary, when done now */
    size_t index, n;        /* its place among this run's inputs, from 0, and how many they are */
} emg_batch_item;

/* Called after each input as it ends: in input order with one worker, in any order with more, never twice at once. Return
 * false to stop (EMG_ECANCELLED). */
typedef bool emg_batch_step(void *context, const emg_batch_item *item);

typedef struct emg_batch_totals {
    size_t n_inputs, n_done, n_failed, n_output_failed;
    size_t n_skipped; /* found in folders and no inputs, though somebody may mean them as recordings */
} emg_batch_totals;

/* Reports every recording among files, folders and lists of them ("@FILE", "@-" for standard input: a path a line, after it,
 * each after a tab, the recording's own table of muscles, file of marks and time range FROM-TO) into the folder `output`, as config->batch says. A recording's files are
 * whole or absent together. At the end the cohort table muscles.tsv and batch.tsv are written from what is whole; the
 * latter also lists what folders hold besides (compressed files, tables, other formats, links to folders) as `skipped` with
 * the reason, which config->reading.notice is told, too. What an earlier run put into the folder stays: an input that was
 * there keeps its row and its files' names, new ones follow, and none takes the files of another. The folder's journal,
 * output/.myogram/journal, remembers this; with resume, a batch that was broken off goes on where it was.
 * step and totals may be NULL. The caller's functions (step, go_on, progress, notice) are called by several threads, one at a time. One
 * failing input never stops the others: the totals and each step say what became of it.
 * EMG_EIO: the output folder cannot be made, another run works there, or journal or tables cannot be written; EMG_EARG: the
 * folder holds reports of other settings or another version, and config->batch.replace is not set (the sentence says which);
 * a slice that is none; EMG_EFORMAT: its journal is none; EMG_ECANCELLED: step or go_on said so, and the tables are not written;
 * EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_batch(const char *const *inputs, size_t n_inputs, const char *output,
                                              const emg_run_config *config, emg_batch_step *step, void *context,
                                              emg_batch_totals *totals, emg_error *err);

/* Joins what the slices of one list (config->batch.slice) left in the folder `output` into its journal, and writes the
 * tables. totals, which count what is there, may be NULL. EMG_ESHORT: a slice is missing or did not come to its end; the
 * tables of the others are written. EMG_EIO: a run is still at work, or a file cannot be read or written; EMG_EARG: the slices
 * have different settings, or there is nothing; EMG_EFORMAT, EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_batch_collect(const char *output, emg_batch_totals *totals, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
