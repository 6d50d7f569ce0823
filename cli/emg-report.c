/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-report: recordings and folders in, per-muscle event reports out. */
#include <string.h>
#include <unistd.h>

#include <emg/emg.h>

#include "common/common.h"

/* The tool's own arguments, and what happened so far. */
typedef struct report_job {
    const char *output, *formats;
    const cli_options *options;
    cli_output out;
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

static const cli_option own_options[] = {
    { "output", 'o', "DIR", "folder for the reports; made when it does not exist", take_output },
    { "formats", 0, "LIST", "which files to write: tsv, json and html joined by commas (default all)", take_formats },
};

static const cli_example examples[] = {
    { "emg-report knee.edf -o reports", "One recording: prints a summary, writes the tables to the folder reports." },
    { "emg-report recordings/ -o reports", "Every recording in a folder and the folders in it." },
    { "emg-report -c '*gastroc*' -f 60 -t 1:30:00 night.edf -o reports",
      "Only the channels of one muscle, from 60 s to 1 h 30 min." },
    { "emg-report --preset needle --mains 50 needle.wav --full-scale 5mV -o reports",
      "A needle recording as a sound file whose full scale is 5 mV." },
};

static const cli_tool tool = {
    .name = "emg-report",
    .usage = "INPUT... -o DIR [options]",
    .purpose = "reports per muscle when, where, how often, how long and with what rhythm there was activity",
    .description =
        "Inputs are recordings (EDF, EDF+, BDF, BDF+, WAV, RF64, W64, FLAC) and folders of recordings. For each one the "
        "folder DIR receives STEM_events.tsv (one row per event), STEM_events.json (what its columns mean), "
        "STEM_muscles.tsv and STEM_channels.tsv (one row per muscle or channel) and STEM_report.json (all numbers, "
        "settings and facts) and STEM_report.html (a page to look at, with figures); for all of them together muscles.tsv and batch.tsv. A recording that cannot be read is "
        "named on standard error and the others go on. What is left out is said there, too (not with -q): channels that "
        "nothing names as muscles, patterns that match nothing, files in folders that are not read.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_ANALYSES | CLI_NAMES | CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 1,
    .most_inputs = (size_t)-1,
};

static void show_item(report_job *job, const emg_batch_item *item)
{
    if (item->outcome == EMG_FAILED_INPUT || item->outcome == EMG_FAILED_OUTPUT)
        cli_complain_of(tool.name, item->path, item->error);
    else if (item->outcome == EMG_DONE_NO_MUSCLES && (!job->options->quiet || job->options->run.reading.strict))
        cli_complain(tool.name, item->path,
                     "holds no muscle channel with samples in the time chosen; --all-channels takes other channels");
    if (item->outcome == EMG_DONE_NO_MUSCLES && job->options->run.reading.strict)
        job->n_refused++;
    if (item->summary && !job->options->quiet) {
        cli_output_text(&job->out, item->summary);
        cli_output_text(&job->out, "\n");
    }
    if (job->options->verbose && item->stem)
        cli_complain(tool.name, item->path, item->stem);
}

static bool step(void *context, const emg_batch_item *item)
{
    report_job *job = context;
    bool bar = !job->options->quiet;
    cli_progress_clear(bar);
    show_item(job, item);
    cli_progress_show(bar, item->index + 1, item->n);
    return !cli_interrupted();
}

/* What ended the whole batch: the user, the output folder, or memory. */
static int exit_of_failure(const emg_error *err)
{
    if (err->status == EMG_ECANCELLED)
        return CLI_INTERRUPTED;
    return err->status == EMG_EIO ? CLI_NOT_WRITTEN : CLI_NONE_DONE;
}

static int exit_of_totals(const emg_batch_totals *totals, size_t n_refused)
{
    size_t n_done = totals->n_done - n_refused;
    if (totals->n_output_failed > 0)
        return CLI_NOT_WRITTEN;
    if (n_done == 0)
        return CLI_NONE_DONE;
    return totals->n_failed + n_refused > 0 ? CLI_SOME_FAILED : CLI_DONE;
}

static bool go_on(void *context)
{
    (void)context;
    return !cli_interrupted();
}

static int run(report_job *job)
{
    const cli_options *o = job->options;
    emg_run_config config = o->run;
    config.go_on = go_on;
    emg_batch_totals totals = { 0 };
    emg_error err = EMG_ERROR_NONE;
    emg_status status =
        emg_run_batch((const char *const *)o->inputs, o->n_inputs, job->output, &config, step, job, &totals, &err);
    cli_progress_clear(!o->quiet);
    int code = status ? exit_of_failure(&err) : exit_of_totals(&totals, job->n_refused);
    if (status && code != CLI_INTERRUPTED)
        cli_complain_of(tool.name, NULL, &err);
    else if (!status && totals.n_inputs == 0)
        cli_complain(tool.name, NULL, "no recording found among the inputs");
    if (!status && totals.n_done > 0 && !o->quiet) {
        cli_output_text(&job->out, "Reports: ");
        cli_output_text(&job->out, job->output);
        cli_output_text(&job->out, "\n");
    }
    int written = cli_output_end(&job->out, tool.name);
    return written ? written : code;
}

int main(int argc, char **argv)
{
    report_job job = { 0 };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    if (code == CLI_GO_ON && !job.output) {
        cli_complain(tool.name, NULL, "no output folder given with -o DIR; try 'emg-report --help'");
        code = CLI_USAGE;
    }
    if (code == CLI_GO_ON) {
        job.options = &options;
        cli_interrupt_catch();
        code = run(&job);
    }
    cli_options_free(&options);
    return code;
}
