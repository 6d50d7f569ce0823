/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tasks of a batch, each whole or not at all, by one thread or several; what the caller hears comes from one at a time. */
#include "run/batch/batch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* What the workers share. `lock` guards all below it, the journal, and every call of the caller's. */
typedef struct crew {
    const emgp_work *work;
    emg_run_config config; /* with calls that take the lock */
    pthread_mutex_t lock;
    size_t next;   /* task to take */
    size_t n_left; /* tasks that have work in them and nobody has taken */
    size_t n_free; /* workers that are at no task */
    emg_status status;
    emg_error error; /* of what ended the batch */
} crew;

static bool go_on(void *context)
{
    crew *c = context;
    const emg_run_config *config = c->work->config;
    pthread_mutex_lock(&c->lock);
    bool on = c->status == EMG_OK && (!config->go_on || config->go_on(config->go_on_context));
    pthread_mutex_unlock(&c->lock);
    return on;
}

/* One task on its way. */
typedef struct job {
    crew *crew;
    const emgp_task *task;
    emgp_entry entry; /* borrows its texts */
    emg_run run;
    emgp_together files;
    emgp_collected rows, summary;
    size_t n_workers;
    emg_outcome outcome;
    emg_error error;
} job;

/* Its place among this run's inputs. */
static size_t index_of(const job *j)
{
    const emgp_work *work = j->crew->work;
    return (size_t)(j->task - work->tasks) / work->n_slices;
}

static void progress(void *context, const emg_run_progress *progress_of_one)
{
    const job *j = context;
    const emgp_work *work = j->crew->work;
    pthread_mutex_lock(&j->crew->lock);
    emg_run_progress told = *progress_of_one;
    told.index = index_of(j);
    told.n = work->totals->n_inputs;
    work->config->progress(work->config->progress_context, &told);
    pthread_mutex_unlock(&j->crew->lock);
}

static void notice(void *context, const char *name, const char *sentence)
{
    crew *c = context;
    const emg_reading *reading = &c->work->config->reading;
    pthread_mutex_lock(&c->lock);
    reading->notice(reading->notice_context, name, sentence);
    pthread_mutex_unlock(&c->lock);
}

static emgp_fate fate_of(emg_outcome outcome)
{
    static const emgp_fate fates[] = { [EMG_DONE] = EMGP_FATE_DONE,
                                       [EMG_DONE_NO_MUSCLES] = EMGP_FATE_NO_MUSCLES,
                                       [EMG_FAILED_INPUT] = EMGP_FATE_FAILED,
                                       [EMG_FAILED_OUTPUT] = EMGP_FATE_NOT_WRITTEN };
    return fates[outcome];
}

static void count(emg_batch_totals *totals, emg_outcome outcome)
{
    if (outcome == EMG_DONE || outcome == EMG_DONE_NO_MUSCLES)
        totals->n_done++;
    else if (outcome == EMG_FAILED_INPUT)
        totals->n_failed++;
    else if (outcome == EMG_FAILED_OUTPUT)
        totals->n_output_failed++;
}

/* The configuration of all with what was said of one input alone. */
static emg_run_config config_of(job *j)
{
    const emgp_input *input = j->task->input;
    emg_run_config config = j->crew->config;
    config.batch.n_workers = j->n_workers;
    config.progress = config.progress ? progress : NULL;
    config.progress_context = j;
    config.no_sketches = !config.write_html && !config.write_figures;
    if (input->muscles)
        config.reading.muscles_path = input->muscles;
    if (input->marks)
        config.reading.marks_path = input->marks;
    if (input->has_range) {
        config.reading.from_s = input->from_s;
        config.reading.to_s = input->to_s;
        config.reading.from_clock = config.reading.to_clock = false;
    }
    return config;
}

/* Analyses the input and writes its files aside. */
static void prepare(job *j)
{
    const emgp_input *input = j->task->input;
    const emg_run_config config = config_of(j);
    j->entry.facts = emgp_input_facts(input); /* before it is read: what changes meanwhile is read again */
    emg_status status = input->failure ? emgp_fail(&j->error, EMG_EIO, "%s", input->failure)
                                       : emg_run_file(input->opened, &config, &j->run, &j->error);
    j->outcome = status ? EMG_FAILED_INPUT : j->run.result ? EMG_DONE : EMG_DONE_NO_MUSCLES;
    if (status)
        return;
    emgp_outputs outputs = { .files = &j->files, .run = &j->run, .config = &config };
    if (emgp_outputs_write(&outputs, &j->rows, &j->summary, &j->error) == EMG_OK)
        return;
    emgp_together_drop(&j->files);
    j->outcome = EMG_FAILED_OUTPUT;
}

/* Enters the job in the journal and puts its files in place; with the lock held. What could be written and not be put in
 * place is put there by the next run. */
static emg_status settle(job *j, emg_error *err)
{
    emgp_journal *journal = j->crew->work->journal;
    bool done = j->outcome == EMG_DONE || j->outcome == EMG_DONE_NO_MUSCLES;
    emgp_entry *e = &j->entry;
    e->fate = fate_of(j->outcome);
    e->pending = done;
    e->files = done ? j->files.files : e->files;
    e->message = done ? NULL : j->error.text + j->error.n_name;
    e->n_rows = done ? j->rows.n : 0;
    memcpy(e->hash, j->run.hash, sizeof e->hash);
    emg_status status = emgp_journal_add(journal, e, j->rows.bytes, err);
    if (!done || status) {
        emgp_together_drop(&j->files);
        return status;
    }
    status = emgp_together_place(&j->files, err);
    return status ? status : emgp_journal_settle(journal, e->key, err);
}

/* Tells the caller; with the lock held. False: no more. */
static bool tell(job *j, bool before)
{
    const emgp_work *work = j->crew->work;
    count(work->totals, j->outcome);
    emg_batch_item item = { .path = j->task->input->path,
                            .stem = j->task->stem,
                            .outcome = j->outcome,
                            .before = before,
                            .error = &j->error,
                            .run = before ? NULL : &j->run,
                            .summary = j->summary.bytes,
                            .index = index_of(j),
                            .n = work->totals->n_inputs };
    return !work->step || work->step(work->context, &item);
}

static void end(job *j)
{
    emg_run_free(&j->run);
    emgp_free(j->rows.bytes);
    emgp_free(j->summary.bytes);
}

static job job_of(crew *c, const emgp_task *task)
{
    const emgp_work *work = c->work;
    job j = { .crew = c, .task = task, .error = EMG_ERROR_NONE };
    j.entry = (emgp_entry){ .key = task->key,
                            .settings = work->settings,
                            .place = task->place,
                            .number = task->place,
                            .input = task->input->path,
                            .stem = task->stem };
    j.files =
        (emgp_together){ .folder = work->folder, .stem = task->stem, .aside = work->aside, .number = task->place };
    return j;
}

/* What an earlier run did and this one relies on: only told. */
static bool pass_by(crew *c, const emgp_task *task)
{
    job j = job_of(c, task);
    const emgp_entry *old = emgp_entries_find(&c->work->journal->entries, task->key);
    j.outcome = old && old->fate == EMGP_FATE_NO_MUSCLES ? EMG_DONE_NO_MUSCLES : EMG_DONE;
    return tell(&j, true);
}

/* Where fewer tasks are left than workers are free, several share one. */
static size_t take_workers(crew *c)
{
    const size_t share = (c->n_free + c->n_left - 1) / c->n_left, n = share > 1 ? share : 1;
    c->n_left--;
    c->n_free -= n;
    return n;
}

/* The lock is held on both sides. */
static void do_task(crew *c, const emgp_task *task)
{
    emg_error err = EMG_ERROR_NONE;
    bool more = true;
    if (task->before) {
        more = pass_by(c, task);
    } else {
        job j = job_of(c, task);
        j.n_workers = take_workers(c);
        pthread_mutex_unlock(&c->lock);
        prepare(&j);
        pthread_mutex_lock(&c->lock);
        c->n_free += j.n_workers;
        if (j.error.status == EMG_ECANCELLED)
            more = false;
        else if (settle(&j, &err) == EMG_OK)
            more = tell(&j, false);
        end(&j);
    }
    if (!more)
        emgp_fail(&err, EMG_ECANCELLED, "stopped on request");
    if (err.status && c->status == EMG_OK) {
        c->status = err.status;
        c->error = err;
    }
}

static void *labour(void *context)
{
    crew *c = context;
    const emgp_work *work = c->work;
    pthread_mutex_lock(&c->lock);
    while (c->status == EMG_OK && c->next < work->n) {
        size_t index = c->next;
        c->next += work->n_slices;
        do_task(c, &work->tasks[index]);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* The caller's thread works too; where no further thread is to be had, those that are do all. */
static void labour_together(crew *c, size_t n_workers)
{
    pthread_t *threads = n_workers > 1 ? emgp_alloc(n_workers - 1, sizeof *threads) : NULL;
    size_t n = 0;
    while (threads && n < n_workers - 1 && pthread_create(&threads[n], NULL, labour, c) == 0)
        n++;
    (void)labour(c);
    for (size_t i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
    emgp_free(threads);
}

emg_status emgp_work_do(const emgp_work *work, emg_error *err)
{
    crew c = { .work = work, .config = *work->config, .next = work->slice, .error = EMG_ERROR_NONE };
    if (pthread_mutex_init(&c.lock, NULL) != 0)
        return emgp_fail_memory(err);
    c.config.go_on = go_on;
    c.config.go_on_context = &c;
    if (c.config.reading.notice) {
        c.config.reading.notice = notice;
        c.config.reading.notice_context = &c;
    }
    for (size_t i = work->slice; i < work->n; i += work->n_slices)
        c.n_left += !work->tasks[i].before;
    c.n_free = work->config->batch.n_workers;
    labour_together(&c, c.n_free < c.n_left ? c.n_free : c.n_left);
    (void)pthread_mutex_destroy(&c.lock);
    if (c.status && err && err->status == EMG_OK)
        *err = c.error;
    return c.status;
}
