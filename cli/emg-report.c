/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-report: recordings and folders in, per-muscle event reports out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/emg.h>

#include "common/common.h"

enum { MOST_JOBS = 1024, MOST_SLICES = 1000000 };

/* The tool's own arguments, and what happened so far. */
typedef struct report_job {
    const char *output, *collect;
    const cli_options *options;
    cli_output out;
    cli_progress progress;
    double *shares;   /* of inputs that are begun; by index */
    char **summaries; /* of inputs that ended before one that comes before them; by index */
    bool *ended;      /* by index */
    size_t n_shown;   /* inputs whose summaries were printed or are none */
    size_t n_before, n_failed;
    size_t n_refused; /* done, but without a muscle, under --strict */
} report_job;

static bool take_output(cli_options *options, const char *argument)
{
    report_job *job = options->own;
    job->output = argument;
    return *argument || cli_refuse(options, "--output needs the name of a folder");
}

/* Words joined by commas; each of tsv, json and html may be named. */
static bool take_formats(cli_options *options, const char *argument)
{
    options->run.write_tsv = options->run.write_json = options->run.write_html = false;
    for (const char *word = argument;; word++) {
        size_t n = strcspn(word, ",");
        if (n == 3 && memcmp(word, "tsv", n) == 0)
            options->run.write_tsv = true;
        else if (n == 4 && memcmp(word, "json", n) == 0)
            options->run.write_json = true;
        else if (n == 4 && memcmp(word, "html", n) == 0)
            options->run.write_html = true;
        else
            return cli_refuse(options, "--formats '%.40s': the formats are tsv, json and html", argument);
        word += n;
        if (!*word)
            return true;
    }
}

static bool take_jobs(cli_options *options, const char *argument)
{
    double n;
    if (!cli_number(argument, &n) || n < 0 || n > MOST_JOBS || n != (double)(size_t)n)
        return cli_refuse(options, "--jobs '%.20s': a number from 0 (all processors) to %d", argument, MOST_JOBS);
    options->run.batch.n_workers = (size_t)n;
    return true;
}

static bool take_slice(cli_options *options, const char *argument)
{
    double i, n;
    char first[24];
    size_t k = strcspn(argument, "/");
    snprintf(first, sizeof first, "%.*s", k < sizeof first ? (int)k : 0, argument);
    if (argument[k] != '/' || !cli_number(first, &i) || !cli_number(argument + k + 1, &n) || i < 1 || n < i ||
        n > MOST_SLICES || i != (double)(size_t)i || n != (double)(size_t)n)
        return cli_refuse(options, "--slice '%.20s': I/N with I from 1 to N, such as 2/8", argument);
    options->run.batch.slice = (size_t)i;
    options->run.batch.n_slices = (size_t)n;
    return true;
}

static bool take_resume(cli_options *options, const char *argument)
{
    (void)argument;
    return options->run.batch.resume = true;
}

static bool take_replace(cli_options *options, const char *argument)
{
    (void)argument;
    return options->run.batch.replace = true;
}

static bool take_dry_run(cli_options *options, const char *argument)
{
    (void)argument;
    return options->run.batch.dry_run = true;
}

static bool take_collect(cli_options *options, const char *argument)
{
    report_job *job = options->own;
    job->collect = argument;
    return (options->needs_no_input = *argument != '\0') || cli_refuse(options, "--collect needs the name of a folder");
}

static bool take_svg(cli_options *options, const char *argument)
{
    (void)argument;
    options->run.write_figures = true;
    return true;
}

static const cli_option own_options[] = {
    { "output", 'o', "DIR", "folder for the reports; made when it does not exist", take_output },
    { "formats", 0, "LIST", "which files to write: tsv, json and html joined by commas (default all)", take_formats },
    { "svg", 0, NULL, "also write each figure of the page as STEM_figure_NNN.svg, for papers", take_svg },
    { "jobs", 'j', "N",
      "how many processors work; 0: all there are (default 1). Each takes a recording; where fewer are left, several share the "
      "channels of one. The reports are the same for any N",
      take_jobs },
    { "resume", 0, NULL,
      "leave out recordings that an earlier run into DIR reported with the same settings and version, as long as size and "
      "time of change of the file are the same",
      take_resume },
    { "replace", 0, NULL,
      "report into DIR though it holds reports of other settings or another version: those of the inputs are replaced, and "
      "the tables hold the new ones only",
      take_replace },
    { "dry-run", 0, NULL, "print what would be done, as a table, and write nothing", take_dry_run },
    { "slice", 0, "I/N", "only the I-th of N slices of the inputs, without the tables of all; see --collect",
      take_slice },
    { "collect", 0, "DIR", "join the slices that were reported into DIR: write the tables of all", take_collect },
};

static const cli_example examples[] = {
    { "emg-report knee.edf -o reports", "One recording: prints a summary, writes the tables to the folder reports." },
    { "emg-report recordings/ -o reports", "Every recording in a folder and the folders in it." },
    { "emg-report -c '*gastroc*' -f 60 -t 1:30:00 night.edf -o reports",
      "Only the channels of one muscle, from 60 s to 1 h 30 min." },
    { "emg-report --preset needle --mains 50 needle.wav --full-scale 5mV -o reports",
      "A needle recording as a sound file whose full scale is 5 mV." },
    { "find /data -name '*.edf' | emg-report @- -o reports", "Recordings that another tool lists." },
    { "emg-report -j 0 night.edf -o reports", "One long recording on all processors." },
    { "emg-report -j 0 --resume recordings/ -o reports",
      "On all processors, going on where an earlier run was stopped." },
    { "emg-report --slice 2/8 recordings/ -o reports; emg-report --collect reports",
      "The second of eight slices, each on a machine of its own; the tables once all have ended." },
};

static const cli_tool tool = {
    .name = "emg-report",
    .usage = "INPUT... -o DIR [options]",
    .purpose = "reports per muscle when, where, how often, how long and with what rhythm there was activity",
    .description =
        "Inputs are recordings (EDF, EDF+, BDF, BDF+, WAV, RF64, W64, FLAC, tables of numbers), one on standard input (-), folders of recordings, and lists of them: @FILE, or @- from standard input, holds a path a line; "
        "after it may stand, each after a tab, a table of muscles, a file of marks and a time range FROM-TO of that one alone. For each one the "
        "folder DIR receives STEM_events.tsv (one row per event), STEM_events.json (what its columns mean), "
        "STEM_muscles.tsv and STEM_channels.tsv (one row per muscle or channel) and STEM_report.json (all numbers, "
        "settings and facts) and STEM_report.html (a page to look at, with figures); for all of them together muscles.tsv, batch.tsv and index.html. A recording that cannot be read is "
        "named on standard error and the others go on. The summaries on standard output name the first onsets of each pattern, with "
        "-v all of them. The files of one recording are there together or not at all, whenever the "
        "run ends. A later run into DIR adds to what is there: a recording that was there keeps its row and its files' names, "
        "new ones follow, and a recording of the same name from another place has files of its own (STEM_hash). DIR/.myogram "
        "remembers which is which. What is left out is said there, too (not with -q): channels that "
        "nothing names as muscles, patterns that match nothing, files in folders that are not read.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_ANALYSES | CLI_NAMES | CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 1,
    .most_inputs = (size_t)-1,
};

/* Summaries come in the order of the inputs, whichever ends first. */
static void show_summaries(report_job *job, const emg_batch_item *item)
{
    if (!job->ended) {
        job->ended = calloc(item->n, sizeof *job->ended);
        job->summaries = calloc(item->n, sizeof *job->summaries);
    }
    if (!job->ended || !job->summaries)
        return;
    job->ended[item->index] = true;
    if (item->summary && !job->options->quiet)
        job->summaries[item->index] = strdup(item->summary);
    for (; job->n_shown < item->n && job->ended[job->n_shown]; job->n_shown++) {
        char *summary = job->summaries[job->n_shown];
        if (summary) {
            cli_output_text(&job->out, summary);
            cli_output_text(&job->out, "\n");
        }
        free(summary);
        job->summaries[job->n_shown] = NULL;
    }
}

static void show_item(report_job *job, const emg_batch_item *item)
{
    bool failed = item->outcome == EMG_FAILED_INPUT || item->outcome == EMG_FAILED_OUTPUT;
    job->n_failed += failed;
    job->n_before += item->before;
    if (failed)
        cli_complain_of(tool.name, item->path, item->error);
    else if (item->outcome == EMG_DONE_NO_MUSCLES && !item->before &&
             (!job->options->quiet || job->options->run.reading.strict))
        cli_complain(tool.name, item->path,
                     "holds no muscle channel with samples in the time chosen; --all-channels takes other channels");
    if (item->outcome == EMG_DONE_NO_MUSCLES && job->options->run.reading.strict)
        job->n_refused++;
    show_summaries(job, item);
    if (job->options->verbose && !failed)
        cli_complain(tool.name, item->path, item->before ? "done before" : item->stem);
}

/* A row of the table that --dry-run prints. */
static void show_plan(report_job *job, const emg_batch_item *item)
{
    const char *words = item->outcome == EMG_FAILED_INPUT ? "unreadable" : item->before ? "done_before" : "to_do";
    const char *cells[] = { item->path, item->stem, words };
    if (item->index == 0)
        cli_output_text(&job->out, "input\tstem\tstatus\n");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        cli_output_cell(&job->out, cells[i]);
        cli_output_text(&job->out, i + 1 < sizeof cells / sizeof *cells ? "\t" : "\n");
    }
}

/* What of an input that is begun is done. */
static void set_share(report_job *job, size_t index, size_t n, double share, double all_s)
{
    if (!job->shares)
        job->shares = calloc(n, sizeof *job->shares);
    if (!job->shares)
        return;
    job->progress.under_way += share - job->shares[index];
    job->progress.recorded_s += fmax(share - job->shares[index], 0) * all_s;
    job->shares[index] = share;
}

static void show_progress(void *context, const emg_run_progress *told)
{
    report_job *job = context;
    job->progress.n = told->n;
    set_share(job, told->index, told->n, told->all_s > 0 ? fmin(told->done_s / told->all_s, 1) : 0, told->all_s);
    cli_progress_show(true, &job->progress);
}

static bool step(void *context, const emg_batch_item *item)
{
    report_job *job = context;
    bool bar = !job->options->quiet;
    if (job->options->run.batch.dry_run) {
        show_plan(job, item);
        return !cli_interrupted();
    }
    cli_progress_clear(bar);
    show_item(job, item);
    job->progress.n = item->n;
    job->progress.n_done++;
    job->progress.n_before = job->n_before;
    set_share(job, item->index, item->n, 0, 0);
    job->progress.n_failed = job->n_failed;
    cli_progress_show(bar, &job->progress);
    return !cli_interrupted();
}

/* What ended the whole batch: the user, the output folder, or memory. */
static int exit_of_failure(const emg_error *err)
{
    switch (err->status) {
    case EMG_ECANCELLED:
        return CLI_INTERRUPTED;
    case EMG_EIO:
        return CLI_NOT_WRITTEN;
    case EMG_EARG:
        return CLI_USAGE;
    case EMG_ESHORT:
        return CLI_SOME_FAILED;
    default:
        return CLI_NONE_DONE;
    }
}

static int exit_of_totals(const emg_batch_totals *totals, size_t n_refused)
{
    size_t n_done = totals->n_done - n_refused;
    if (totals->n_output_failed > 0)
        return CLI_NOT_WRITTEN;
    if (n_done == 0 && totals->n_inputs > 0)
        return CLI_NONE_DONE;
    return totals->n_failed + n_refused > 0 ? CLI_SOME_FAILED : CLI_DONE;
}

static bool go_on(void *context)
{
    (void)context;
    return !cli_interrupted();
}

/* What a batch of several came to, last of all. */
static void conclude(report_job *job, const emg_batch_totals *totals)
{
    char sentence[160];
    size_t n_failed = totals->n_failed + totals->n_output_failed;
    if (n_failed > 0 && totals->n_inputs > 1) {
        snprintf(sentence, sizeof sentence, "%zu of %zu inputs failed; batch.tsv in the output folder says why",
                 n_failed, totals->n_inputs);
        cli_complain(tool.name, NULL, sentence);
    }
    if (job->n_before > 0 && !job->options->quiet) {
        snprintf(sentence, sizeof sentence, "%zu of %zu had been done before", job->n_before, totals->n_inputs);
        cli_complain(tool.name, NULL, sentence);
    }
    if (totals->n_done > 0 && !job->options->quiet) {
        cli_output_text(&job->out, "Reports: ");
        cli_output_text(&job->out, job->output);
        cli_output_text(&job->out, "\n");
    }
}

static int code_of(report_job *job, emg_status status, const emg_batch_totals *totals, const emg_error *err)
{
    if (!status)
        return exit_of_totals(totals, job->n_refused);
    int code = exit_of_failure(err);
    if (code != CLI_INTERRUPTED)
        cli_complain_of(tool.name, NULL, err);
    else if (totals->n_inputs > 1)
        cli_complain(tool.name, NULL, "stopped; with --resume the same command goes on from here");
    return code;
}

/* Standard input stays what it is called, wherever it is kept. */
static void call_stdin_so(const cli_options *o, emg_run_config *config)
{
    for (size_t i = 0; i < o->n_inputs; i++) {
        if (o->inputs[i] != o->kept_path)
            continue;
        config->batch.standard_input = o->kept_path;
        o->inputs[i] = "-";
    }
}

static int run(report_job *job)
{
    const cli_options *o = job->options;
    emg_run_config config = o->run;
    config.every_onset = o->verbose;
    call_stdin_so(o, &config);
    config.go_on = go_on;
    config.progress = o->quiet ? NULL : show_progress;
    config.progress_context = job;
    emg_batch_totals totals = { 0 };
    emg_error err = EMG_ERROR_NONE;
    cli_progress_start(&job->progress);
    emg_status status =
        emg_run_batch((const char *const *)o->inputs, o->n_inputs, job->output, &config, step, job, &totals, &err);
    cli_progress_clear(!o->quiet);
    int code = code_of(job, status, &totals, &err);
    if (!status && totals.n_inputs == 0 && o->run.batch.n_slices == 0) {
        cli_complain(tool.name, NULL, "no recording found among the inputs");
        code = CLI_NONE_DONE;
    }
    if (!status && config.batch.dry_run)
        code = CLI_DONE;
    else if (!status)
        conclude(job, &totals);
    for (size_t i = job->n_shown; job->summaries && i < job->progress.n; i++)
        free(job->summaries[i]);
    free(job->summaries);
    free(job->ended);
    free(job->shares);
    int written = cli_output_end(&job->out, tool.name);
    return written ? written : code;
}

static int collect(report_job *job)
{
    emg_batch_totals totals = { 0 };
    emg_error err = EMG_ERROR_NONE;
    emg_status status = emg_batch_collect(job->collect, &totals, &err);
    int code = code_of(job, status, &totals, &err);
    job->output = job->collect;
    if (!status)
        conclude(job, &totals);
    int written = cli_output_end(&job->out, tool.name);
    return written ? written : code;
}

static bool usable(const report_job *job, const cli_options *options)
{
    const char *refusal = NULL;
    if (job->collect && (job->output || options->n_inputs > 0))
        refusal = "--collect takes no inputs and no -o; try 'emg-report --help'";
    else if (!job->collect && !job->output)
        refusal = "no output folder given with -o DIR; try 'emg-report --help'";
    if (refusal)
        cli_complain(tool.name, NULL, refusal);
    return refusal == NULL;
}

int main(int argc, char **argv)
{
    report_job job = { 0 };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    if (code == CLI_GO_ON && !usable(&job, &options))
        code = CLI_USAGE;
    if (code == CLI_GO_ON) {
        job.options = &options;
        cli_interrupt_catch();
        code = job.collect ? collect(&job) : run(&job);
    }
    cli_options_free(&options);
    return code;
}
