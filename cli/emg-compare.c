/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-compare: two recordings of the same muscles, or the reports on them, or folders of reports, figure by figure. */
#include "common/common.h"

/* The tool's own arguments. */
typedef struct compare_job {
    const char *json_path, *page_path;
    const cli_options *options;
} compare_job;

static bool take_json(cli_options *options, const char *argument)
{
    ((compare_job *)options->own)->json_path = argument;
    return *argument || cli_refuse(options, "--json needs the name of a file");
}

static bool take_page(cli_options *options, const char *argument)
{
    ((compare_job *)options->own)->page_path = argument;
    return *argument || cli_refuse(options, "--html needs the name of a file");
}

static const cli_option own_options[] = {
    { "json", 0, "FILE", "write all figures, and the counts of each minute, to FILE", take_json },
    { "html", 0, "FILE", "write a page with figures to FILE", take_page },
};

static const cli_example examples[] = {
    { "emg-compare may.edf june.edf", "Two recordings, analysed with the same settings." },
    { "emg-compare reports-may reports-june --html compared.html", "The reports on them, and a page to look at." },
    { "emg-compare reports/may_report.json reports/june_report.json", "Two reports of one folder." },
    { "emg-compare before after --html compared.html",
      "Two folders of a study: the reports of equal stems, pair by pair." },
    { "emg-compare may.edf june.edf | awk -F'\\t' '$18 == \"yes\"'", "Only what differs." },
};

static const cli_tool tool = {
    .name = "emg-compare",
    .usage = "A B [options]",
    .purpose = "compares two recordings muscle by muscle: rates of fasciculations, clonus, contractions, spectra",
    .description =
        "A and B are recordings, STEM_report.json files of emg-report with their STEM_events.tsv beside them, or folders of "
        "such reports. One report each is compared whatever its name; where a folder holds several, those of equal stems (p01_report.json in both) are "
        "compared pair by pair, stems that only one folder has are said, and so is a pair that fails while the others go on. Recordings are analysed with the settings given here; reports keep theirs, and are refused "
        "where settings or versions differ. Which channels, times and marks were chosen is in no report: choose alike. Muscles are compared by name. A tab-separated row per pair, muscle and figure goes to "
        "standard output: the names of both recordings, the figure in A and in B, difference B - A and ratio B / A, and a remark that says what limits it. "
        "Fasciculations are counted from the larger of the two amplitudes on that could be seen, a minute at rest. They "
        "cluster, so that a Poisson test finds differences where there are none: rates, difference and ratio have 95 % "
        "intervals that are widened by the scatter of the counts a minute of both recordings (quasi-Poisson), and `differs` "
        "says whether the ratio's leaves out 1. Of several pairs the last rows, of recordings `all`, are each muscle's geometric mean of the ratios with Student's t of "
        "their logarithms over 3 pairs or more: the paired comparison across recordings, which takes the pairs as independent people and holds what "
        "changes from day to day. Where a muscle never rests there are no counts (n/a), and the remark says so. "
        "Intervals speak of these two recordings, not of what changes from day to day or with the place of the electrodes. "
        "Frequencies of clonus and tremor, lengths of clonus and contractions, and amplitudes of contractions are compared by their means over "
        "episodes (Welch's t; lengths and amplitudes on a log scale, by their ratio) where both recordings have 5 or more; they count as if they were "
        "independent, though they are of one recording each, not of several people. "
        "The other figures have one value a recording and no interval. Memory grows with the number of events.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_ANALYSES | CLI_NAMES | CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 2,
    .most_inputs = 2,
};

static void say(void *context, const char *path, const char *sentence)
{
    const compare_job *job = context;
    if (!job->options->quiet)
        cli_complain(tool.name, path, sentence);
}

/* The outputs that were asked for. */
static int put(const compare_job *job, const emg_comparisons *comparisons)
{
    cli_output out = { 0 };
    emg_error err = EMG_ERROR_NONE;
    bool failed = emg_report_comparisons(comparisons, cli_output_write, &out, &err) != EMG_OK && !out.error;
    int code = cli_output_end(&out, tool.name);
    if (failed) {
        cli_complain_of(tool.name, NULL, &err);
        code = CLI_NOT_WRITTEN;
    }
    if (emg_run_compare_files(comparisons, job->json_path, job->page_path, &err)) {
        cli_complain(tool.name, NULL, err.text);
        code = CLI_NOT_WRITTEN;
    }
    return code;
}

/* Says which pairs failed; whether there were any. */
static bool tell_failures(const emg_comparisons *comparisons)
{
    const char *pair, *why;
    for (size_t i = 0; (pair = emg_comparisons_failed(comparisons, i, &why)); i++)
        cli_complain(tool.name, pair, why);
    return emg_comparisons_failed(comparisons, 0, NULL) != NULL;
}

static int exit_of(emg_status status)
{
    return status == EMG_ERANGE || status == EMG_EARG ? CLI_USAGE
           : status == EMG_ECANCELLED                 ? CLI_INTERRUPTED
                                                      : CLI_NONE_DONE;
}

static bool go_on(void *context)
{
    (void)context;
    return !cli_interrupted();
}

static int run(compare_job *job)
{
    cli_options *o = (cli_options *)job->options;
    const emg_compare_job what = { o->inputs[0], o->inputs[1], &o->run, say, job };
    emg_comparisons *comparisons = NULL;
    emg_error err = EMG_ERROR_NONE;
    o->run.go_on = go_on;
    if (o->n_settings > 0 && emg_compare_is_report(what.a) && emg_compare_is_report(what.b))
        say(job, NULL, "the settings given are not used: reports keep those that they were made with");
    emg_status status = emg_run_compare(&what, &comparisons, &err);
    if (status) {
        cli_complain(tool.name, NULL, err.text);
        return exit_of(status);
    }
    const bool failed = tell_failures(comparisons);
    int code = emg_comparisons_n(comparisons) > 0 ? put(job, comparisons) : CLI_NONE_DONE;
    if (failed && code == CLI_DONE)
        code = CLI_SOME_FAILED;
    emg_comparisons_free(comparisons);
    return code;
}

int main(int argc, char **argv)
{
    compare_job job = { .json_path = NULL };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    job.options = &options;
    if (code == CLI_GO_ON) {
        cli_interrupt_catch();
        code = run(&job);
    }
    cli_options_free(&options);
    return code;
}
