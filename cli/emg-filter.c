/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-filter: a recording in, its conditioned muscles out. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <emg/emg.h>

#include "common/common.h"

/* What the arguments said; the filters are made of it when all are read. */
typedef struct filter_job {
    emg_run_filter_config config;
    const char *out_path, *svg_path;
    bool show_response, fir;
    double transition_hz, attenuation_db, rate_hz; /* NaN: not given */
    emg_filter_plan more[EMG_RUN_MOST_FILTERS];    /* --stop, --notch */
    size_t n_more;
} filter_job;

static bool take_output(cli_options *options, const char *argument)
{
    filter_job *job = options->own;
    job->out_path = argument;
    if (strcmp(argument, "-") == 0)
        return cli_refuse(options, "-o -: a recording's header is completed at its end, so it cannot go to standard "
                                   "output; give the name of a file");
    return *argument || cli_refuse(options, "--output needs the name of a file");
}

static bool read_stop(const char *argument, double *low_hz, double *high_hz)
{
    const char *dash = strchr(argument, '-');
    size_t n = dash ? (size_t)(dash - argument) : 0;
    char low[32] = "";
    if (n == 0 || n >= sizeof low)
        return false;
    memcpy(low, argument, n);
    return cli_number(low, low_hz) && cli_number(dash + 1, high_hz) && *low_hz > 0 && *low_hz < *high_hz;
}

static bool take_order(cli_options *options, const char *argument)
{
    double order;
    bool sound = cli_number(argument, &order) && order >= 1 && order <= 12 && rint(order) == order;
    return (sound && cli_assign(options, offsetof(emg_config, condition.order), argument, strlen(argument))) ||
           cli_refuse(options, "--order '%.40s' is not a whole number from 1 to 12", argument);
}

static bool add_filter(cli_options *options, const emg_filter_plan *plan)
{
    filter_job *job = options->own;
    if (job->n_more + 1 >= EMG_RUN_MOST_FILTERS)
        return cli_refuse(options, "more than %d filters", EMG_RUN_MOST_FILTERS);
    job->more[job->n_more++] = *plan;
    return true;
}

static bool take_stop(cli_options *options, const char *argument)
{
    emg_filter_plan plan = { .kind = EMG_FILTER_STOP };
    if (!read_stop(argument, &plan.low_hz, &plan.high_hz))
        return cli_refuse(options, "--stop '%.40s' is not LOW-HIGH in Hz, such as 48-52", argument);
    return add_filter(options, &plan);
}

static bool take_notch(cli_options *options, const char *argument)
{
    emg_filter_plan plan = { .family = EMG_FILTER_NOTCH, .q = 30 };
    const char *colon = strchr(argument, ':');
    size_t n = colon ? (size_t)(colon - argument) : strlen(argument);
    char centre[32] = "";
    if (n < sizeof centre)
        memcpy(centre, argument, n);
    if (!cli_number(centre, &plan.low_hz) || !(plan.low_hz > 0) || (colon && !cli_number(colon + 1, &plan.q)) ||
        !(plan.q >= 0.1 && plan.q <= 1e4))
        return cli_refuse(options, "--notch '%.40s' is not a frequency in Hz, or FREQUENCY:Q with Q from 0.1 to 10000",
                          argument);
    return add_filter(options, &plan);
}

static bool take_fir(cli_options *options, const char *argument)
{
    (void)argument;
    ((filter_job *)options->own)->fir = true;
    return true;
}

static bool take_transition(cli_options *options, const char *argument)
{
    filter_job *job = options->own;
    return (cli_number(argument, &job->transition_hz) && job->transition_hz > 0) ||
           cli_refuse(options, "--transition '%.40s' is not a positive number of Hz", argument);
}

static bool take_attenuation(cli_options *options, const char *argument)
{
    filter_job *job = options->own;
    return (cli_number(argument, &job->attenuation_db) && job->attenuation_db >= 21 && job->attenuation_db <= 180) ||
           cli_refuse(options, "--attenuation '%.40s' is not a number of dB from 21 to 180", argument);
}

static bool take_forward(cli_options *options, const char *argument)
{
    (void)argument;
    ((filter_job *)options->own)->config.direction = EMG_FILTER_FORWARD;
    return true;
}

/* The place of a word among n; n when it is none of them. */
static int word_of(const char *text, const char *const *words, int n)
{
    int i = 0;
    while (i < n && strcmp(text, words[i]) != 0)
        i++;
    return i;
}

/* What each kind of envelope takes after a colon. */
static const struct envelope_kind {
    const char *name;
    emg_envelope_kind kind;
    double usual, most; /* of its number; 0: it takes none */
} envelope_kinds[] = {
    { "rms", EMG_ENVELOPE_RMS, 0.1, 60 },
    { "average", EMG_ENVELOPE_AVERAGE, 0.1, 60 },
    { "low-pass", EMG_ENVELOPE_LOW_PASS, 10, 1000 },
    { "hilbert", EMG_ENVELOPE_HILBERT, 2, 1000 },
    { "teager-kaiser", EMG_ENVELOPE_TEAGER_KAISER, 0, 0 },
};
enum { N_ENVELOPES = sizeof envelope_kinds / sizeof *envelope_kinds };

static bool take_envelope(cli_options *options, const char *argument)
{
    filter_job *job = options->own;
    const char *colon = strchr(argument, ':');
    size_t n = colon ? (size_t)(colon - argument) : strlen(argument), k = 0;
    while (k < N_ENVELOPES && (strncmp(argument, envelope_kinds[k].name, n) != 0 || envelope_kinds[k].name[n]))
        k++;
    double value = k < N_ENVELOPES ? envelope_kinds[k].usual : 0;
    bool sound = k < N_ENVELOPES && (!colon || (cli_number(colon + 1, &value) && value > 0));
    if (!sound || value > envelope_kinds[k].most)
        return cli_refuse(options,
                          "--envelope '%.40s' is not rms:SECONDS, average:SECONDS, low-pass:HZ, hilbert:HZ or "
                          "teager-kaiser",
                          argument);
    job->config.with_envelope = true;
    job->config.envelope_s = value;
    job->config.envelope =
        (emg_envelope_plan){ .kind = envelope_kinds[k].kind, .order = 4, .corner_hz = value, .lowest_hz = value };
    return true;
}

static bool take_every(cli_options *options, const char *argument)
{
    (void)argument;
    ((filter_job *)options->own)->config.every_channel = true;
    return true;
}

static bool take_identity(cli_options *options, const char *argument)
{
    (void)argument;
    ((filter_job *)options->own)->config.include_identity = true;
    return true;
}

static bool take_annotations(cli_options *options, const char *argument)
{
    (void)argument;
    ((filter_job *)options->own)->config.include_annotations = true;
    return true;
}

static bool take_wav_samples(cli_options *options, const char *argument)
{
    static const char *const words[] = { "float", "16", "24" };
    filter_job *job = options->own;
    int which = word_of(argument, words, 3);
    job->config.wav_samples = (emg_wav_samples)which;
    return which < 3 || cli_refuse(options, "--wav-samples '%.40s' is not one of float|16|24", argument);
}

static bool take_removed(cli_options *options, const char *argument)
{
    ((filter_job *)options->own)->config.removed_path = argument;
    return *argument || cli_refuse(options, "--removed needs the name of a file");
}

static bool take_show(cli_options *options, const char *argument)
{
    (void)argument;
    ((filter_job *)options->own)->show_response = true;
    return true;
}

static bool take_svg(cli_options *options, const char *argument)
{
    ((filter_job *)options->own)->svg_path = argument;
    return *argument || cli_refuse(options, "--response-svg needs the name of a file");
}

static bool take_rate(cli_options *options, const char *argument)
{
    filter_job *job = options->own;
    options->needs_no_input = true;
    return (cli_number(argument, &job->rate_hz) && job->rate_hz > 0) ||
           cli_refuse(options, "--rate '%.40s' is not a positive number of samples per second", argument);
}

static const cli_option own_options[] = {
    { "output", 'o', "FILE", "the recording to write: .edf (16 bits), .bdf (24 bits) or .wav", take_output },
    { "order", 0, "N", "order of the Butterworth filters, 1 to 12 (default 4)", take_order },
    { "stop", 0, "LOW-HIGH", "also stop this band; repeatable", take_stop },
    { "notch", 0, "F[:Q]", "also a notch at F Hz of quality Q (default 30); repeatable. It rings: --mains does not",
      take_notch },
    { "fir", 0, NULL, "band and stop as linear-phase FIR filters (Kaiser window) instead of Butterworth", take_fir },
    { "transition", 0, "HZ", "with --fir: width of the transition bands (default: half the lowest corner)",
      take_transition },
    { "attenuation", 0, "DB", "with --fir: attenuation of the stop band, 21 to 180 (default 60)", take_attenuation },
    { "forward", 0, NULL, "filter forward only, causal and with delay (default: forward and backward, no delay)",
      take_forward },
    { "envelope", 0, "KIND[:NUMBER]",
      "write the envelope: rms or average over so many seconds (default 0.1), low-pass (rectified, below so many Hz, "
      "default 10), hilbert (valid above so many Hz, default 2) or teager-kaiser (energy)",
      take_envelope },
    { "condition-all", 0, NULL, "condition every channel taken but triggers and the ECG lead, not only muscles",
      take_every },
    { "include-annotations", 0, NULL, "keep the recording's annotations (EDF, BDF)", take_annotations },
    { "include-identity", 0, NULL, "keep patient, recording and start (EDF, BDF)", take_identity },
    { "wav-samples", 0, "KIND", "of a .wav file: float (32 bits, default), 24 or 16", take_wav_samples },
    { "removed", 0, "FILE", "write what was removed as a table, a row per channel", take_removed },
    { "show-response", 0, NULL, "print gain, phase and group delay of the filters over frequency", take_show },
    { "response-svg", 0, "FILE", "draw that response as a picture (SVG)", take_svg },
    { "rate", 0, "HZ", "sampling rate for the response; without it that of the input's first muscle", take_rate },
};

static const cli_example examples[] = {
    { "emg-filter knee.edf -o clean.edf", "Muscles at 20-450 Hz without hum, in the calibration of the source." },
    { "emg-filter knee.edf -o clean.wav --band 10- --ecg subtract",
      "High-passed, without ECG, as a wave file; standard error says what its full scale is." },
    { "emg-filter reflex.edf --stimulus 'stim*' --include-annotations -o clean.bdf",
      "Artefacts of marked stimuli no longer ring into the responses." },
    { "emg-filter --show-response --rate 2000 --band 20-450 --notch 50 > response.tsv", "What such filters do." },
};

static const cli_tool tool = {
    .name = "emg-filter",
    .usage = "INPUT -o FILE [options]",
    .purpose = "writes a recording again with its muscles filtered, without power line interference and ECG",
    .description =
        "Muscles are conditioned as emg-report conditions them: artefacts of marked stimuli are bridged, power line "
        "interference is removed, then the band is applied, then the ECG is removed. Stops, notches and the envelope follow where asked for. (A band that runs "
        "--forward or as --fir also follows the ECG.) Other channels pass unchanged (with --all-channels, or when -c names "
        "them). Gaps stay gaps (EDF+D, BDF+D) and nothing is filtered across one. "
        "Calibrations are those of the source wherever the result fits, so that an unchanged sample keeps "
        "its value; with fewer bits than the source the range is that of the result. Records are the source's, or shorter "
        "where a cut stretch would not fill them; where none fits, the last sample is repeated and marked BAD_padding. A "
        "wave file takes one rate, one unit and no gap; standard error says what full scale means. Patient, "
        "recording, dates and annotations stay out unless asked for. Standard error says what was removed "
        "(-v: of every channel).",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_CONDITIONS | CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 1,
    .most_inputs = 1,
};

/* --- the filters --- */

/* Family, order and steps, which all of them share. */
static void finish_plan(const filter_job *job, emg_filter_plan *plan)
{
    if (plan->family == EMG_FILTER_NOTCH)
        return;
    double lowest = plan->kind == EMG_FILTER_LOW ? plan->high_hz : plan->low_hz;
    plan->family = job->fir ? EMG_FILTER_FIR : EMG_FILTER_BUTTERWORTH;
    plan->order = (int)job->config.condition.order;
    plan->transition_hz = isnan(job->transition_hz) ? lowest / 2 : job->transition_hz;
    plan->attenuation_db = isnan(job->attenuation_db) ? 60 : job->attenuation_db;
}

/* The band leaves conditioning where it is to be another kind of filter. */
static void take_band_out(emg_run_filter_config *config)
{
    emg_condition_config *band = &config->condition;
    const bool low = band->low_hz > 0, high = band->high_hz > 0;
    if (low || high)
        config->filters[config->n_filters++] = (emg_filter_plan){ .kind = low && high ? EMG_FILTER_PASS
                                                                          : low       ? EMG_FILTER_HIGH
                                                                                      : EMG_FILTER_LOW,
                                                                  .low_hz = band->low_hz,
                                                                  .high_hz = band->high_hz };
    band->low_hz = band->high_hz = 0;
}

static void make_filters(const cli_options *options, filter_job *job)
{
    emg_run_filter_config *config = &job->config;
    config->condition = options->run.analysis.condition;
    config->ecg_channel = options->run.ecg_channel;
    config->stimulus_globs = options->run.stimulus_globs;
    config->n_stimulus_globs = options->run.n_stimulus_globs;
    config->artefact_s = options->run.analysis.marks.artefact_s;
    config->n_filters = 0;
    if (job->fir)
        take_band_out(config);
    for (size_t i = 0; i < job->n_more; i++)
        config->filters[config->n_filters++] = job->more[i];
    for (size_t i = 0; i < config->n_filters; i++)
        finish_plan(job, &config->filters[i]);
}

/* --- work --- */

static int refuse(const char *sentence)
{
    cli_complain(tool.name, NULL, sentence);
    return CLI_USAGE;
}

/* The rate of the first muscle, or of the first channel there is. */
static int rate_of_input(const cli_options *options, double *rate_hz)
{
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    const char *path = options->inputs[0];
    emg_reading reading = options->run.reading;
    reading.notice = NULL; /* for what is written, not for its rate */
    if (emg_recording_open(&rec, path, &reading, &err)) {
        cli_complain_of(tool.name, path, &err);
        return CLI_NONE_DONE;
    }
    const emg_channel *c;
    for (size_t i = 0; (c = emg_recording_channel(rec, i)) != NULL && isnan(*rate_hz); i++)
        if (c->selected)
            *rate_hz = c->rate_hz;
    emg_recording_close(rec);
    if (!isnan(*rate_hz))
        return CLI_DONE;
    cli_complain(tool.name, path, "holds no muscle channel with samples; --all-channels takes the others");
    return CLI_NONE_DONE;
}

static int show_response(const cli_options *options, const filter_job *job)
{
    double rate_hz = job->rate_hz;
    int code = isnan(rate_hz) ? rate_of_input(options, &rate_hz) : CLI_DONE;
    return code == CLI_DONE
               ? cli_filtering_response(tool.name, &job->config, rate_hz, job->show_response, job->svg_path)
               : code;
}

static bool go_on(void *context)
{
    (void)context;
    return !cli_interrupted();
}

static int exit_of(emg_status status, const emg_run_filtering *done)
{
    if (status == EMG_OK)
        return CLI_DONE;
    if (status == EMG_ECANCELLED)
        return CLI_INTERRUPTED;
    if (!done->output_failed)
        return CLI_NONE_DONE;
    return status == EMG_EARG ? CLI_USAGE : CLI_NOT_WRITTEN;
}

static int write_output(const cli_options *options, filter_job *job)
{
    emg_run_filtering done;
    emg_error err = EMG_ERROR_NONE;
    const char *path = options->inputs[0];
    job->config.reading = options->run.reading;
    job->config.go_on = go_on;
    cli_interrupt_catch();
    emg_status status = emg_run_filter(path, job->out_path, &job->config, &done, &err);
    if (status == EMG_OK && !options->quiet)
        cli_filtering_report(tool.name, path, job->out_path, &job->config, &done, options->verbose);
    else if (status != EMG_OK && status != EMG_ECANCELLED)
        cli_complain_of(tool.name, path, &err);
    int code = exit_of(status, &done);
    emg_run_filter_free(&done);
    return code;
}

static int work(const cli_options *options, filter_job *job)
{
    bool shows = job->show_response || job->svg_path;
    if (!isnan(job->rate_hz) && !shows)
        return refuse(
            "--rate is for --show-response or --response-svg; a recording has its own; try 'emg-filter --help'");
    if (job->out_path && options->n_inputs == 0)
        return refuse("no input given; usage: emg-filter INPUT -o FILE [options]; try 'emg-filter --help'");
    if (!job->out_path && !shows)
        return refuse("no output file given with -o FILE; try 'emg-filter --help'");
    make_filters(options, job);
    int code = shows ? show_response(options, job) : CLI_DONE;
    return code == CLI_DONE && job->out_path ? write_output(options, job) : code;
}

int main(int argc, char **argv)
{
    filter_job job = {
        .config = emg_run_filter_defaults(), .transition_hz = NAN, .attenuation_db = NAN, .rate_hz = NAN
    };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    if (code == CLI_GO_ON)
        code = work(&options, &job);
    cli_options_free(&options);
    return code;
}
