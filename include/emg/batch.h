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
    size_t n_skipped; /* found in folders and no inputs, though somebody may mean them as recordings */
} emg_batch_totals;

/* Reports every recording among files and folders into the folder `output`, then the cohort table muscles.tsv
 * and batch.tsv, where what folders hold besides (compressed files, tables, other formats, links to folders) is listed
 * as `skipped` with the reason, which config->reading.notice is told, too. step and totals may be NULL. One failing input never stops the others: the totals and each step say what became of it.
 * EMG_EIO: the output folder cannot be made, or its tables cannot be written;
 * EMG_ECANCELLED: step said so; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_run_batch(const char *const *inputs, size_t n_inputs, const char *output,
                                              const emg_run_config *config, emg_batch_step *step, void *context,
                                              emg_batch_totals *totals, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
