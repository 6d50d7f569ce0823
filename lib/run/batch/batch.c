/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many recordings into one folder: what is there already, who does what, and the tables at the end. */
#include <emg/batch.h>
#include <emg/run.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "run/batch/batch.h"
#include "run/report/report.h"
#include "run/run.h"

enum { DIFFERENCE_ROOM = 120, FOLDER_SHOWN = 60 };

typedef struct batch {
    const char *output;
    emg_run_config config;
    emg_batch_step *step;
    void *context;
    emg_batch_totals *totals;
    emgp_inputs inputs;
    emgp_folder folder, whole; /* what this run writes to; of a slice: the folder's journal, which all slices share */
    emgp_collected settings;
    uint64_t digest;
    emgp_task *tasks;
    size_t n_tasks;
    emg_error *err;
} batch;

static bool is_slice(const batch *b)
{
    return b->config.batch.n_slices > 0;
}

/* The journal that stems and places come from. */
static const emgp_journal *shared_journal(const batch *b)
{
    return is_slice(b) ? &b->whole.journal : &b->folder.journal;
}

static emg_status open_folders(batch *b)
{
    const emg_batch_options *o = &b->config.batch;
    emg_status status = o->dry_run ? EMG_OK : emgp_make_folders(b->output, b->err);
    if (status == EMG_OK && is_slice(b))
        status = emgp_folder_open(&b->whole, b->output, 0, 0, false, b->err);
    if (status == EMG_OK)
        status = emgp_folder_open(&b->folder, b->output, o->slice, o->n_slices, !o->dry_run, b->err);
    return status;
}

/* ---- what is there already ---- */

static const emgp_entry *entry_of_other_settings(const emgp_journal *journal, uint64_t digest)
{
    for (size_t i = 0; i < journal->entries.n; i++)
        if (journal->entries.list[i].settings != digest && emgp_entry_is_done(&journal->entries.list[i]))
            return &journal->entries.list[i];
    return NULL;
}

static emg_status refuse_other(batch *b, const emgp_journal *journal, const emgp_entry *other)
{
    char difference[DIFFERENCE_ROOM] = "they are not known", folder[FOLDER_SHOWN];
    const char *then = emgp_journal_settings(journal, other->settings);
    if (then)
        emgp_settings_difference(b->settings.bytes, then, difference, sizeof difference);
    emgp_text_printable_string(folder, sizeof folder, b->output);
    return emgp_fail(b->err, EMG_EARG, "%s holds reports of other settings (%s): use another folder, or --replace",
                     folder, difference);
}

/* Reports of other settings are not joined with those of these, unless they shall give way. */
static emg_status check_settings(batch *b)
{
    const emgp_journal *journals[] = { &b->folder.journal, shared_journal(b) };
    const bool replace = b->config.batch.replace;
    bool other = false;
    for (size_t k = 0; k < 2; k++) {
        const emgp_entry *entry = entry_of_other_settings(journals[k], b->digest);
        if (entry && !replace)
            return refuse_other(b, journals[k], entry);
        other = other || entry;
    }
    const bool unknown = shared_journal(b)->entries.n == 0 && emgp_tables_there(b->output);
    if (unknown && !replace && !is_slice(b))
        return emgp_fail(b->err, EMG_EARG,
                         "the output folder holds tables whose journal is gone: use another folder, or --replace");
    if ((other || unknown) && !is_slice(b) && !b->config.batch.dry_run)
        emgp_tables_remove(b->output); /* they would be of neither */
    return EMG_OK;
}

static emg_status note_settings(batch *b)
{
    emg_status status = emgp_settings_text(&b->config, &b->settings, b->err);
    if (status == EMG_OK)
        b->digest = emgp_fnv(EMGP_FNV, b->settings.bytes, b->settings.n);
    if (status == EMG_OK)
        status = check_settings(b);
    if (status == EMG_OK && !b->config.batch.dry_run)
        status = emgp_journal_add_settings(&b->folder.journal, b->digest, b->settings.bytes, b->err);
    return status;
}

/* ---- what is left to do ---- */

/* What comes from standard input is another thing each time. */
static bool is_stream(const emgp_input *input)
{
    return input->opened != input->path;
}

/* Whether an earlier run's report is that of the same file with the same settings, and whole. */
static bool stands(const batch *b, const emgp_task *task, const emgp_entry *old)
{
    if (!old || task->input->failure || is_stream(task->input) || old->pending || old->settings != b->digest ||
        !emgp_entry_is_done(old) || strcmp(old->stem, task->stem) != 0)
        return false;
    uint64_t facts = emgp_input_facts(task->input);
    emgp_together files = { .folder = b->output, .stem = old->stem, .aside = "", .files = old->files };
    return facts != 0 && facts == old->facts && emgp_together_whole(&files);
}

static void pass_by_what_stands(batch *b)
{
    for (size_t i = 0; b->config.batch.resume && i < b->n_tasks; i++) {
        emgp_task *task = &b->tasks[i];
        task->before = stands(b, task, emgp_entries_find(&b->folder.journal.entries, task->key)) ||
                       stands(b, task, emgp_entries_find(&shared_journal(b)->entries, task->key));
    }
}

static size_t first_of(const batch *b)
{
    return is_slice(b) ? b->config.batch.slice - 1 : 0;
}

static size_t stride_of(const batch *b)
{
    return is_slice(b) ? b->config.batch.n_slices : 1;
}

/* Says what would be done, task by task. */
static emg_status say_plan(batch *b)
{
    for (size_t i = first_of(b); i < b->n_tasks; i += stride_of(b)) {
        emg_error none = EMG_ERROR_NONE;
        const emgp_task *task = &b->tasks[i];
        emg_batch_item item = { .path = task->input->path,
                                .stem = task->stem,
                                .outcome = EMG_PLANNED,
                                .before = task->before,
                                .error = &none,
                                .index = (i - first_of(b)) / stride_of(b),
                                .n = b->totals->n_inputs };
        if (task->input->failure) {
            item.outcome = EMG_FAILED_INPUT;
            emgp_fail(&none, EMG_EIO, "%s", task->input->failure);
        } else if (access(task->input->opened, R_OK) != 0) {
            item.outcome = EMG_FAILED_INPUT;
            emgp_fail(&none, EMG_EIO, "cannot be read");
        }
        b->totals->n_failed += item.outcome == EMG_FAILED_INPUT;
        if (b->step && !b->step(b->context, &item))
            return emgp_fail(b->err, EMG_ECANCELLED, "stopped on request");
    }
    return EMG_OK;
}

/* ---- the work and its end ---- */

/* New inputs have their place and stem from now on, whichever of them is first to end, and whenever the run does. Slices have
 * them from the list that they share. */
static emg_status enter_plan(batch *b)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && !is_slice(b) && i < b->n_tasks; i++) {
        const emgp_task *task = &b->tasks[i];
        const emgp_entry *old = emgp_entries_find(&b->folder.journal.entries, task->key);
        emgp_entry e = { .key = task->key,
                         .settings = b->digest,
                         .place = task->place,
                         .fate = EMGP_FATE_PLANNED,
                         .input = task->input->path,
                         .stem = task->stem };
        if (!old || old->fate == EMGP_FATE_SKIPPED)
            status = emgp_journal_add(&b->folder.journal, &e, "", b->err);
    }
    return status;
}

static emg_status enter_one_skipped(batch *b, const emgp_skipped *skipped, uint64_t place)
{
    emgp_entry e = { .settings = b->digest,
                     .place = place,
                     .fate = EMGP_FATE_SKIPPED,
                     .input = skipped->path,
                     .stem = "",
                     .message = (char *)skipped->reason };
    emg_status status = emgp_path_key(skipped->path, &e.key, b->err);
    const emgp_entry *old = status ? NULL : emgp_entries_find(&b->folder.journal.entries, e.key);
    if (status || (old && old->settings == e.settings))
        return status;
    return emgp_journal_add(&b->folder.journal, &e, "", b->err);
}

/* What nobody reads has a row, too; one that a whole list has once, though slices share it. */
static emg_status enter_skipped(batch *b)
{
    emg_status status = EMG_OK;
    uint64_t place = emgp_entries_places(&shared_journal(b)->entries) + b->n_tasks;
    for (size_t i = 0; status == EMG_OK && first_of(b) == 0 && i < b->inputs.n_skipped; i++)
        status = enter_one_skipped(b, &b->inputs.skipped[i], place + i);
    return status;
}

static emg_status do_work(batch *b)
{
    const char *chosen = getenv("TMPDIR");
    if (!b->config.spill_directory && (!chosen || !*chosen))
        b->config.spill_directory =
            b->folder.aside; /* where there is room for reports there is room for their makings */
    emgp_work work = { .folder = b->output,
                       .aside = b->folder.aside,
                       .config = &b->config,
                       .settings = b->digest,
                       .tasks = b->tasks,
                       .n = b->n_tasks,
                       .slice = first_of(b),
                       .n_slices = stride_of(b),
                       .journal = &b->folder.journal,
                       .step = b->step,
                       .context = b->context,
                       .totals = b->totals };
    emg_status status = enter_plan(b);
    if (status == EMG_OK)
        status = emgp_work_do(&work, b->err);
    if (status == EMG_OK)
        status = enter_skipped(b);
    if (status == EMG_OK)
        status = emgp_journal_add_end(&b->folder.journal, b->err);
    if (status == EMG_OK && !is_slice(b))
        status = emgp_tables_write(&b->folder.journal, b->digest, b->output, b->folder.aside, b->err);
    if (status == EMG_OK)
        status = emgp_journal_compact(&b->folder.journal, b->folder.aside, b->err);
    return status;
}

static emg_status run_all(batch *b)
{
    emg_status status = open_folders(b);
    if (status == EMG_OK)
        status = note_settings(b);
    if (status == EMG_OK)
        status = emgp_tasks_make(&b->tasks, &b->n_tasks, &b->inputs, &shared_journal(b)->entries, b->err);
    if (status)
        return status;
    for (size_t i = 0; is_slice(b) && i < b->n_tasks; i++)
        if (is_stream(b->tasks[i].input))
            return emgp_fail(b->err, EMG_EARG, "standard input cannot be shared by slices: write it to a file first");
    size_t first = first_of(b), stride = stride_of(b);
    b->totals->n_inputs = b->n_tasks > first ? (b->n_tasks - first - 1) / stride + 1 : 0;
    pass_by_what_stands(b);
    return b->config.batch.dry_run ? say_plan(b) : do_work(b);
}

static emg_status check_arguments(const char *const *inputs, size_t n_inputs, const char *output,
                                  const emg_run_config *config, emg_error *err)
{
    if (!inputs || !output || !config)
        return emgp_fail(err, EMG_EARG, "no inputs, no output folder or no configuration was given");
    for (size_t i = 0; i < n_inputs; i++)
        if (!inputs[i])
            return emgp_fail(err, EMG_EARG, "input %zu has no path", i + 1);
    if (!*output)
        return emgp_fail(err, EMG_EARG, "the output folder has no name");
    const emg_batch_options *o = &config->batch;
    if ((o->n_slices > 0 || o->slice > 0) && (o->slice < 1 || o->slice > o->n_slices))
        return emgp_fail(err, EMG_EARG, "slice %zu of %zu: there is no such slice", o->slice, o->n_slices);
    return EMG_OK;
}

emg_status emg_run_batch(const char *const *inputs, size_t n_inputs, const char *output, const emg_run_config *config,
                         emg_batch_step *step, void *context, emg_batch_totals *totals, emg_error *err)
{
    emg_batch_totals own = { 0 };
    emg_status status = check_arguments(inputs, n_inputs, output, config, err);
    if (status)
        return status;
    batch b = { .output = output, .config = *config, .step = step, .context = context, .totals = &own, .err = err };
    b.folder.journal.fd = b.whole.journal.fd = -1;
    b.config.batch.n_workers = emgp_workers(config);
    status = emgp_inputs_list(&b.inputs, inputs, n_inputs, output, config->batch.standard_input, err);
    own.n_inputs = b.inputs.n;
    own.n_skipped = b.inputs.n_skipped;
    if (status == EMG_OK)
        emgp_skipped_say(&b.inputs, &config->reading);
    if (status == EMG_OK && b.inputs.n > 0)
        status = run_all(&b);
    emgp_tasks_free(b.tasks, b.n_tasks);
    emgp_folder_close(&b.folder);
    emgp_folder_close(&b.whole);
    emgp_free(b.settings.bytes);
    emgp_inputs_free(&b.inputs);
    if (totals)
        *totals = own;
    return status;
}
