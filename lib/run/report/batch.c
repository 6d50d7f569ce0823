/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many recordings, one after another: each reported whole or not at all, none able to stop the others. */
#include <emg/batch.h>
#include <emg/run.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base.h"
#include "run/report/report.h"

typedef struct batch {
    const char *output;
    emg_run_config config;
    emg_batch_step *step;
    void *context;
    emg_batch_totals totals;
    emgp_inputs inputs;
    emgp_index index;
    emgp_newfile *cohort, *list; /* muscles.tsv and batch.tsv of the whole batch */
    emg_error *err;
} batch;

static const char *outcome_word(emg_outcome outcome)
{
    static const char *const words[] = { "done", "no_muscles", "failed", "not_written" };
    return words[outcome];
}

static void count(emg_batch_totals *totals, emg_outcome outcome)
{
    if (outcome == EMG_DONE || outcome == EMG_DONE_NO_MUSCLES)
        totals->n_done++;
    else if (outcome == EMG_FAILED_INPUT)
        totals->n_failed++;
    else
        totals->n_output_failed++;
}

/* A row of batch.tsv. */
static emg_status list_row(batch *b, const char *relative, const char *word, const char *message, const char *hash)
{
    emgp_sink sink;
    emgp_sink_init(&sink, emgp_newfile_sink, b->list, b->err);
    emgp_row_text(&sink, relative);
    emgp_row_text(&sink, word);
    emgp_row_text(&sink, message);
    emgp_row_text(&sink, hash);
    emgp_row_end(&sink);
    return emgp_sink_flush(&sink);
}

/* Analyses and writes one input. What went wrong with it is in inner; only what ends the batch is returned. */
static emg_outcome report_one(batch *b, const emgp_input *input, emg_run *run, char **summary, emg_error *inner)
{
    emg_status status = input->failure ? emgp_fail(inner, EMG_EIO, "%s", input->failure)
                                       : emg_run_file(input->path, &b->config, run, inner);
    if (status)
        return EMG_FAILED_INPUT;
    emgp_outputs outputs = { .folder = b->output, .stem = input->stem, .run = run, .config = &b->config };
    if (emgp_outputs_write(&outputs, b->cohort, summary, inner))
        return EMG_FAILED_OUTPUT;
    return run->result ? EMG_DONE : EMG_DONE_NO_MUSCLES;
}

static emg_status do_item(batch *b, size_t index)
{
    const emgp_input *input = &b->inputs.list[index];
    emg_run run = { 0 };
    emg_error inner = EMG_ERROR_NONE;
    char *summary = NULL;
    emg_outcome outcome = report_one(b, input, &run, &summary, &inner);
    if (inner.status == EMG_ECANCELLED) {
        emg_run_free(&run);
        return emgp_fail(b->err, EMG_ECANCELLED, "stopped on request");
    }
    count(&b->totals, outcome);
    emg_status status = list_row(b, input->relative, outcome_word(outcome), inner.text + inner.n_name, run.hash);
    const bool done = outcome == EMG_DONE || outcome == EMG_DONE_NO_MUSCLES;
    if (status == EMG_OK)
        status = emgp_index_add(&b->index, done ? input->stem : input->relative,
                                done ? NULL : inner.text + inner.n_name, b->err);
    emg_batch_item item = { .path = input->path,
                            .stem = input->stem,
                            .outcome = outcome,
                            .error = &inner,
                            .run = &run,
                            .summary = summary,
                            .index = index,
                            .n = b->inputs.n };
    if (b->step && !b->step(b->context, &item) && status == EMG_OK)
        status = emgp_fail(b->err, EMG_ECANCELLED, "stopped on request");
    emg_run_free(&run);
    emgp_free(summary);
    return status;
}

static emg_status make_folder(const char *path, emg_error *err)
{
    struct stat info;
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)))
        return EMG_OK;
    return emgp_fail(err, EMG_EIO, "%s: cannot make the output folder: %s", path,
                     errno == EEXIST ? "there is a file of that name" : strerror(errno));
}

/* Makes the folder and those above it. */
static emg_status make_folders(const char *path, emg_error *err)
{
    char *partial = emgp_copy_text(path, strlen(path));
    if (!partial)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    for (char *slash = partial + 1; status == EMG_OK && *slash && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        status = make_folder(partial, err);
        *slash = '/';
    }
    emgp_free(partial);
    return status ? status : make_folder(path, err);
}

/* Opens a file of the batch in the output folder and writes its header line. */
static emg_status open_table(batch *b, const char *name, emgp_newfile **out,
                             emg_status (*header)(emgp_newfile *file, emg_error *err))
{
    size_t n = strlen(b->output) + strlen(name) + 2;
    char *path = emgp_alloc(n, 1);
    if (!path)
        return emgp_fail_memory(b->err);
    snprintf(path, n, "%s/%s", b->output, name);
    emg_status status = emgp_newfile_open(out, path, b->err);
    emgp_free(path);
    return status ? status : header(*out, b->err);
}

static emg_status list_header(emgp_newfile *file, emg_error *err)
{
    static const char header[] = "input\tstatus\tmessage\tcontent_hash\n";
    return emgp_newfile_write(file, header, sizeof header - 1, err);
}

static emg_status run_all(batch *b)
{
    emg_status status = make_folders(b->output, b->err);
    if (status == EMG_OK)
        status = open_table(b, "muscles.tsv", &b->cohort, emgp_outputs_cohort_header);
    if (status == EMG_OK)
        status = open_table(b, "batch.tsv", &b->list, list_header);
    for (size_t i = 0; status == EMG_OK && i < b->inputs.n; i++)
        status = do_item(b, i);
    for (size_t i = 0; status == EMG_OK && i < b->inputs.n_skipped; i++)
        status = list_row(b, b->inputs.skipped[i].relative, "skipped", b->inputs.skipped[i].reason, "");
    if (status == EMG_OK)
        status = emgp_newfile_commit(b->cohort, b->err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(b->list, b->err);
    if (status == EMG_OK && b->config.write_html)
        status = emgp_index_write(&b->index, b->output, b->err);
    return status;
}

emg_status emg_run_batch(const char *const *inputs, size_t n_inputs, const char *output, const emg_run_config *config,
                         emg_batch_step *step, void *context, emg_batch_totals *totals, emg_error *err)
{
    if (!inputs || !output || !config)
        return emgp_fail(err, EMG_EARG, "no inputs, no output folder or no configuration was given");
    for (size_t i = 0; i < n_inputs; i++)
        if (!inputs[i])
            return emgp_fail(err, EMG_EARG, "input %zu has no path", i + 1);
    if (!*output)
        return emgp_fail(err, EMG_EARG, "the output folder has no name");
    batch b = { .output = output, .config = *config, .step = step, .context = context, .err = err };
    const char *chosen = getenv("TMPDIR");
    if (!b.config.spill_directory && (!chosen || !*chosen))
        b.config.spill_directory = output; /* where there is room for reports there is room for their makings */
    emg_status status = emgp_inputs_list(&b.inputs, inputs, n_inputs, output, err);
    b.totals.n_inputs = b.inputs.n;
    b.totals.n_skipped = b.inputs.n_skipped;
    if (status == EMG_OK)
        emgp_skipped_say(&b.inputs, &config->reading);
    if (status == EMG_OK && b.inputs.n > 0)
        status = run_all(&b);
    emgp_index_free(&b.index);
    emgp_newfile_free(b.cohort);
    emgp_newfile_free(b.list);
    emgp_inputs_free(&b.inputs);
    if (totals)
        *totals = b.totals;
    return status;
}
