/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-simulate: synthetic recordings with exact truth. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

#include "common/common.h"

/* The tool's own arguments. */
typedef struct simulate_job {
    emg_simulation_job what;
    const char *print; /* a preset to print as a scenario */
    bool list, list_keys, bar;
    cli_progress progress;
} simulate_job;

static bool take_output(cli_options *options, const char *argument)
{
    simulate_job *job = options->own;
    job->what.path = argument;
    return *argument || cli_refuse(options, "--output needs the name of a file");
}

static bool take_seed(cli_options *options, const char *argument)
{
    simulate_job *job = options->own;
    uint64_t seed = 0;
    const char *c = argument;
    for (; *c >= '0' && *c <= '9' && seed <= (UINT64_MAX - (uint64_t)(*c - '0')) / 10; c++)
        seed = seed * 10 + (uint64_t)(*c - '0');
    job->what.seed = seed;
    return (c > argument && !*c) ||
           cli_refuse(options, "--seed '%.40s' is not a whole number from 0 to 18446744073709551615", argument);
}

static bool take_duration(cli_options *options, const char *argument)
{
    simulate_job *job = options->own;
    return (cli_time(argument, &job->what.duration_s) && job->what.duration_s > 0) ||
           cli_refuse(options, "--duration '%.40s' is neither seconds nor hh:mm:ss above 0", argument);
}

static bool take_rate(cli_options *options, const char *argument)
{
    simulate_job *job = options->own;
    return (cli_number(argument, &job->what.rate_hz) && job->what.rate_hz > 0) ||
           cli_refuse(options, "--rate '%.40s' is not a positive number of samples per second", argument);
}

static bool take_no_truth(cli_options *options, const char *argument)
{
    (void)argument;
    ((simulate_job *)options->own)->what.without_truth = true;
    return true;
}

static bool take_list(cli_options *options, const char *argument)
{
    (void)argument;
    ((simulate_job *)options->own)->list = true;
    return true;
}

static bool take_list_keys(cli_options *options, const char *argument)
{
    (void)argument;
    ((simulate_job *)options->own)->list_keys = true;
    return true;
}

static bool take_print(cli_options *options, const char *argument)
{
    ((simulate_job *)options->own)->print = argument;
    return true;
}

static const cli_option own_options[] = {
    { "output", 'o', "FILE", "the recording to write: .edf (16 bits), .bdf (24 bits) or .wav (16 bits)", take_output },
    { "seed", 0, "N", "start of the generator (default 1); the same seed gives the same bytes", take_seed },
    { "duration", 0, "TIME", "whole seconds, or hh:mm:ss (default: the preset's)", take_duration },
    { "rate", 0, "HZ", "samples per second, a whole number (default: the preset's)", take_rate },
    { "no-truth", 0, NULL, "do not write the table of true events", take_no_truth },
    { "list", 0, NULL, "list the presets with their settings and stop", take_list },
    { "print-scenario", 0, "PRESET", "print a preset as a scenario file and stop", take_print },
    { "list-keys", 0, NULL, "list the sections and keys of scenario files and stop", take_list_keys },
};

static const cli_example examples[] = {
    { "emg-simulate fasciculation -o twitch.edf",
      "Two minutes of fasciculations; the truth goes to twitch_events.tsv." },
    { "emg-simulate fasciculation:snr_db=12,per_min=10 -o faint.edf", "The same, fainter and rarer." },
    { "emg-simulate --list", "What can be simulated." },
    { "emg-simulate --print-scenario overlaps > mine.txt; emg-simulate mine.txt -o mine.edf",
      "A preset as a scenario file, to be edited." },
    { "emg-simulate long --duration 24:00:00 --no-truth -o day.edf", "A day of 16 channels for load tests." },
};

static const cli_tool tool = {
    .name = "emg-simulate",
    .usage = "SCENARIO -o FILE [options]",
    .purpose = "writes a synthetic muscle recording and the exact truth about it",
    .description =
        "SCENARIO is the name of a preset (--list) or a scenario file, whose name holds a dot or a slash. The recording "
        "(EDF+, BDF+ or WAV; EDF+D or BDF+D when the scenario has gaps) holds what it describes; FILE without its ending "
        "plus _events.tsv lists the true events in the columns of emg-report, one row per discharge, jerk or artefact and "
        "one per episode of a rhythm or contraction; what is not known beforehand is n/a. Stretches and tasks are "
        "annotations of the recording. Settings may follow the name of a preset, as in the second example. A scenario file "
        "has lines 'key = value' under headings: [recording] first, then [channel LABEL] for each electrode, then what "
        "happens there: [fasciculation], [clonus], [tremor] and so on, on the channel above or on those that 'on = LABEL, "
        "LABEL' names. Lines that begin with # are remarks. --list-keys shows every section with its keys, defaults and "
        "ranges. The same scenario and seed give the same bytes on any machine.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 0,
    .most_inputs = 1,
};

static void put_setting(cli_output *out, const emg_setting *row)
{
    char line[256];
    snprintf(line, sizeof line, "  %s\t%g to %g %s\t%s\n", row->key, row->least, row->most, row->unit, row->sentence);
    cli_output_text(out, line);
}

static int list_presets(void)
{
    cli_output out = { 0 };
    const char *name, *sentence;
    const emg_setting *row;
    for (size_t i = 0; (name = emg_simulation_preset(i, &sentence)) != NULL; i++) {
        cli_output_text(&out, name);
        cli_output_text(&out, "\t");
        cli_output_text(&out, sentence);
        cli_output_text(&out, "\n");
        for (size_t k = 0; (row = emg_simulation_setting(name, k)) != NULL; k++)
            put_setting(&out, row);
    }
    return cli_output_end(&out, tool.name);
}

/* "  key = default  (range unit)  sentence", one key a line. */
static void put_key(cli_output *out, const emg_setting *row)
{
    char value[32] = "none", line[400], range[96];
    if (row->words) {
        const char *word = row->words;
        for (int i = (int)row->fallback; i > 0; i--)
            word = strchr(word, '|') + 1;
        snprintf(value, sizeof value, "%.*s", (int)strcspn(word, "|"), word);
        snprintf(range, sizeof range, "%s", row->words);
    } else {
        if (!isnan(row->fallback))
            snprintf(value, sizeof value, "%g", row->fallback);
        snprintf(range, sizeof range, "%g to %g%s%s%s", row->least, row->most, *row->unit ? " " : "", row->unit,
                 row->needle > 0 ? ", one for each channel" : "");
    }
    snprintf(line, sizeof line, "  %s = %s  (%s)  %s\n", row->key, value, range, row->sentence);
    cli_output_text(out, line);
}

static int list_keys(void)
{
    cli_output out = { 0 };
    const char *kind, *sentence;
    const emg_setting *row;
    for (size_t i = 0; (kind = emg_simulation_kind(i, &sentence)) != NULL; i++) {
        char line[256];
        snprintf(line, sizeof line, "[%s]  %s\n", kind, sentence);
        cli_output_text(&out, line);
        for (size_t k = 0; (row = emg_simulation_key(kind, k)) != NULL; k++)
            put_key(&out, row);
    }
    return cli_output_end(&out, tool.name);
}

static int print_scenario(const char *preset)
{
    cli_output out = { 0 };
    char *text = NULL;
    emg_error err = EMG_ERROR_NONE;
    emg_status status = emg_simulation_scenario(&text, preset, &err);
    if (status != EMG_OK) {
        cli_complain_of(tool.name, NULL, &err);
        return status == EMG_ENOMEM ? CLI_NONE_DONE : CLI_USAGE;
    }
    cli_output_text(&out, text);
    emg_simulation_scenario_free(text);
    return cli_output_end(&out, tool.name);
}

static bool step(void *context, double share)
{
    simulate_job *job = context;
    job->progress.under_way = share;
    cli_progress_show(job->bar, &job->progress);
    return !cli_interrupted();
}

static int refuse(const char *sentence)
{
    cli_complain(tool.name, NULL, sentence);
    return CLI_USAGE;
}

static int exit_of(emg_status status)
{
    switch (status) {
    case EMG_OK:
        return CLI_DONE;
    case EMG_EARG:
    case EMG_ERANGE:
        return CLI_USAGE;
    case EMG_EFORMAT:
        return CLI_NONE_DONE;
    case EMG_ECANCELLED:
        return CLI_INTERRUPTED;
    default:
        return CLI_NOT_WRITTEN;
    }
}

/* Names with a dot or slash before any settings are files, unless there is such a preset. */
static bool is_preset(const char *text)
{
    return emg_simulation_setting(text, 0) || text[strcspn(text, "./:")] == ':' || !text[strcspn(text, "./")];
}

static int work(const cli_options *options, simulate_job *job)
{
    if (job->list)
        return list_presets();
    if (job->list_keys)
        return list_keys();
    if (job->print)
        return print_scenario(job->print);
    if (options->n_inputs == 0)
        return refuse("no preset given; 'emg-simulate --list' shows them; try 'emg-simulate --help'");
    if (!job->what.path)
        return refuse("no output file given with -o FILE; try 'emg-simulate --help'");
    emg_error err = EMG_ERROR_NONE;
    if (is_preset(options->inputs[0]))
        job->what.preset = options->inputs[0];
    else
        job->what.scenario = options->inputs[0];
    job->what.step = step;
    job->what.context = job;
    job->bar = !options->quiet;
    job->progress.n = 1;
    cli_progress_start(&job->progress);
    cli_interrupt_catch();
    emg_status status = emg_run_simulation_job(&job->what, &err);
    cli_progress_clear(job->bar);
    if (status != EMG_OK && status != EMG_ECANCELLED)
        cli_complain_of(tool.name, NULL, &err);
    return exit_of(status);
}

int main(int argc, char **argv)
{
    simulate_job job = { .what.seed = 1 };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    if (code == CLI_GO_ON)
        code = work(&options, &job);
    cli_options_free(&options);
    return code;
}
