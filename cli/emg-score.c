/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-score: how well found events agree with true ones. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

#include "common/common.h"

/* The tool's own arguments. */
typedef struct score_job {
    emg_score_job what;
    const char *json_path, *page_path;
    const cli_options *options;
} score_job;

static bool take_tolerance(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    double milliseconds = -1;
    if (!cli_number(argument, &milliseconds) || milliseconds < 0 || milliseconds > 10000)
        return cli_refuse(options, "--tolerance '%.40s' is not a number of milliseconds from 0 to 10000", argument);
    job->what.config.tolerance_s = milliseconds / 1000;
    return true;
}

static bool take_overlap(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    double *overlap = &job->what.config.least_overlap;
    return (cli_number(argument, overlap) && *overlap > 0 && *overlap <= 1) ||
           cli_refuse(options, "--overlap '%.40s' is not a share above 0 and at most 1", argument);
}

static bool take_frequency(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    double *within = &job->what.config.frequency_within_hz;
    return (cli_number(argument, within) && *within >= 0) ||
           cli_refuse(options, "--frequency '%.40s' is not a number of hertz, 0 or more", argument);
}

static bool take_confidence(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    double *least = &job->what.config.least_confidence;
    return (cli_number(argument, least) && *least >= 0 && *least <= 1) ||
           cli_refuse(options, "--confidence '%.40s' is not within 0 to 1", argument);
}

static bool take_fiducial(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    if (strcmp(argument, "onset") == 0)
        job->what.config.fiducial = EMG_FIDUCIAL_ONSET;
    else if (strcmp(argument, "middle") == 0)
        job->what.config.fiducial = EMG_FIDUCIAL_MIDDLE;
    else
        return cli_refuse(options, "--fiducial '%.40s' is neither onset nor middle", argument);
    return true;
}

static bool take_by(cli_options *options, const char *argument)
{
    static const char *const words[] = {
        [EMG_SCORE_BY_MUSCLE] = "muscle", [EMG_SCORE_BY_CHANNEL] = "channel", [EMG_SCORE_BY_NOTHING] = "recording"
    };
    score_job *job = options->own;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(argument, words[i]) == 0) {
            job->what.by = (emg_score_by)i;
            return true;
        }
    }
    return cli_refuse(options, "--by '%.40s' is none of muscle, channel, recording", argument);
}

static bool take_duration(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    return (cli_time(argument, &job->what.duration_s) && job->what.duration_s > 0) ||
           cli_refuse(options, "--duration '%.40s' is neither seconds nor hh:mm:ss above 0", argument);
}

/* A whole number from 0 to `most`. */
static bool take_whole(const char *argument, double most, double *out)
{
    return cli_number(argument, out) && *out >= 0 && *out <= most && *out <= floor(*out);
}

static bool take_resamples(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    double n = 0;
    if (!take_whole(argument, 100000, &n))
        return cli_refuse(options, "--resamples '%.40s' is not a whole number from 0 to 100000", argument);
    job->what.config.n_resamples = (size_t)n;
    return true;
}

static bool take_seed(cli_options *options, const char *argument)
{
    score_job *job = options->own;
    double seed = 0;
    if (!take_whole(argument, 9007199254740992.0, &seed))
        return cli_refuse(options, "--seed '%.40s' is not a whole number from 0 to 2^53", argument);
    job->what.config.seed = (uint64_t)seed;
    return true;
}

static bool take_json(cli_options *options, const char *argument)
{
    ((score_job *)options->own)->json_path = argument;
    return *argument || cli_refuse(options, "--json needs the name of a file");
}

static bool take_page(cli_options *options, const char *argument)
{
    ((score_job *)options->own)->page_path = argument;
    return *argument || cli_refuse(options, "--html needs the name of a file");
}

static const cli_option own_options[] = {
    { "tolerance", 0, "MS", "single events match within so many milliseconds (default 10)", take_tolerance },
    { "fiducial", 0, "WHICH", "which instant of single events is compared: onset (default) or middle", take_fiducial },
    { "overlap", 0, "SHARE", "least intersection over union of episodes that match (default 0.5)", take_overlap },
    { "frequency", 0, "HZ", "largest error of an episode's frequency that counts as right (default 0.25)",
      take_frequency },
    { "confidence", 0, "C", "leave out found events below this confidence (default 0)", take_confidence },
    { "by", 0, "WHICH", "events match within one muscle (default), channel or recording", take_by },
    { "duration", 0, "TIME",
      "observed time of each recording, for false events an hour (default: from the report's tables beside FOUND, or the "
      "annotated recording)",
      take_duration },
    { "resamples", 0, "N", "bootstrap resamples of the recordings for the 95 % intervals (default 1000)",
      take_resamples },
    { "seed", 0, "N", "start of the bootstrap's generator (default 1)", take_seed },
    { "json", 0, "FILE", "write all figures, the label matrix and the calibration to FILE", take_json },
    { "html", 0, "FILE", "write a page with plots to FILE", take_page },
};

static const cli_example examples[] = {
    { "emg-score twitch_events.tsv reports/twitch_events.tsv", "Found events of one recording against its truth." },
    { "emg-score samples reports --html score.html", "Every recording of two folders, and a page with plots." },
    { "emg-score rater1.edf rater2.edf --tolerance 50", "Annotations of two raters, at 50 ms." },
};

static const cli_tool tool = {
    .name = "emg-score",
    .usage = "TRUTH FOUND [options]",
    .purpose = "scores found events against true ones: precision, recall, F1, errors, labels, calibration",
    .description =
        "TRUTH and FOUND are events tables (onset, duration, trial_type, channel or target_muscle ... as emg-report and "
        "emg-simulate write them), EDF+ or BDF+ recordings with annotations such as \"clonus\" or \"clonus@@EMG L Soleus\", or "
        "folders of them, whose files belong together by their names without _events. Single events (fasciculation, "
        "myoclonus, evoked responses, plain discharges) match within the tolerance, episodes by overlap; always one to "
        "one, as many pairs as possible, then the nearest. A second event at one true event is false. True events called "
        "indeterminate mean \"do not care\". A row per class on standard output, then all (labels must agree), any (labels "
        "ignored) and macro (mean over the classes of the truth).",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 2,
    .most_inputs = 2,
};

static void say(void *context, const emg_score_note *note)
{
    const score_job *job = context;
    if (note->failed || !job->options->quiet)
        cli_complain(tool.name, note->path, note->sentence);
}

/* The outputs that were asked for. */
static int put(const score_job *job, const emg_score *score)
{
    cli_output out = { 0 };
    emg_error err = EMG_ERROR_NONE;
    bool failed = emg_report_score(score, cli_output_write, &out, &err) != EMG_OK && !out.error;
    int code = cli_output_end(&out, tool.name);
    if (failed) {
        cli_complain_of(tool.name, NULL, &err);
        code = CLI_NOT_WRITTEN;
    }
    if (emg_run_score_files(score, job->json_path, job->page_path, &err)) {
        cli_complain_of(tool.name, NULL, &err);
        code = CLI_NOT_WRITTEN;
    }
    return code;
}

static int exit_of(emg_status status)
{
    return status == EMG_ERANGE || status == EMG_EARG ? CLI_USAGE : CLI_NONE_DONE;
}

static int run(score_job *job)
{
    emg_score *score = NULL;
    emg_score_totals totals = { 0, 0 };
    emg_error err = EMG_ERROR_NONE;
    job->what.truth = job->options->inputs[0];
    job->what.found = job->options->inputs[1];
    job->what.say = say;
    job->what.context = job;
    emg_status status = emg_run_score(&job->what, &score, &totals, &err);
    if (status) {
        cli_complain_of(tool.name, NULL, &err);
        return exit_of(status);
    }
    int code = put(job, score);
    emg_score_free(score);
    return code ? code : totals.n_failed > 0 ? CLI_SOME_FAILED : CLI_DONE;
}

int main(int argc, char **argv)
{
    score_job job = { .what = { .config = emg_score_defaults(), .duration_s = NAN } };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    job.options = &options;
    if (code == CLI_GO_ON)
        code = run(&job);
    cli_options_free(&options);
    return code;
}
