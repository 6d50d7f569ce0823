/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-spectrum: features, spectra and fatigue of channels, window by window, or what was recorded as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

#include "common/common.h"

enum { MOST_WINDOW = 1 << 24, MOST_BANDS = 32 };
static const double raw_low_hz = 20, raw_high_hz = 1500;
static const size_t raw_window = 4096;

/* What is printed. */
typedef enum spectrum_mode { ROWS, RAW, DENSITY, SLOPE, PICTURE, COHERENCE } spectrum_mode;

typedef struct spectrum_job {
    const cli_options *options;
    bool raw, psd, slope;
    const char *picture_path;
    char names[2][128]; /* of --coherence; "": not asked for */
    const char *coherence_path;
    double window, step; /* as typed: samples with --raw, else seconds; 0: the default */
    double low_hz, high_hz;
    bool banded; /* --band was given */
    emg_feature_plan plan;
    emg_band bands[MOST_BANDS];
    emg_spectrogram_view *view;
    emg_coherence_result coherence;
    cli_output out;
} spectrum_job;

static bool take_raw(cli_options *options, const char *argument)
{
    (void)argument;
    ((spectrum_job *)options->own)->raw = options->needs_no_settings = true;
    return true;
}

static bool take_psd(cli_options *options, const char *argument)
{
    (void)argument;
    ((spectrum_job *)options->own)->psd = true;
    return true;
}

static bool take_slope(cli_options *options, const char *argument)
{
    (void)argument;
    ((spectrum_job *)options->own)->slope = true;
    return true;
}

static bool take_window(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    return (cli_number(argument, &job->window) && job->window > 0) ||
           cli_refuse(options, "--window '%.40s' is not a positive number", argument);
}

static bool take_step(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    return (cli_number(argument, &job->step) && job->step > 0) ||
           cli_refuse(options, "--step '%.40s' is not a positive number", argument);
}

/* "20-450" or the first of "20-50,50-100". *end: what follows. */
static bool read_band(const char *text, double *low, double *high, const char **end)
{
    size_t n = strcspn(text, ",");
    const char *dash = memchr(text, '-', n);
    char part[2][32] = { "", "" };
    *end = text + n;
    if (!dash || (size_t)(dash - text) >= sizeof part[0] || (size_t)(*end - dash) > sizeof part[1])
        return false;
    memcpy(part[0], text, (size_t)(dash - text));
    memcpy(part[1], dash + 1, (size_t)(*end - dash) - 1);
    return cli_number(part[0], low) && cli_number(part[1], high) && *low < *high;
}

static bool take_band(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    job->banded = true;
    return cli_read_band(options, argument, &job->low_hz, &job->high_hz) && cli_assign_band(options, argument);
}

static bool take_bands(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    const char *at = argument;
    for (job->plan.n_bands = 0; job->plan.n_bands < MOST_BANDS; at++) {
        emg_band *band = &job->bands[job->plan.n_bands++];
        if (!read_band(at, &band->low_hz, &band->high_hz, &at) || band->low_hz < 0)
            break;
        if (!*at)
            return true;
    }
    return cli_refuse(options,
                      "--bands '%.60s' is not up to %d of LOW-HIGH in Hz joined by commas, such as 20-80,80-250",
                      argument, MOST_BANDS);
}

static bool take_features(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    emg_error err = EMG_ERROR_NONE;
    return emg_feature_choice_read(&job->plan.features, argument, &err) == EMG_OK ||
           cli_refuse(options, "--features: %s", err.text);
}

static bool take_mvc(cli_options *options, const char *argument)
{
    ((spectrum_job *)options->own)->plan.mvc_path = argument;
    return true;
}

static bool is_svg(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, ".svg") == 0;
}

static bool take_spectrogram(cli_options *options, const char *argument)
{
    ((spectrum_job *)options->own)->picture_path = argument;
    return is_svg(argument) || cli_refuse(options, "--spectrogram '%.60s' does not end in .svg", argument);
}

static bool take_coherence(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    const char *comma = strchr(argument, ',');
    if (!comma || comma == argument || !comma[1] || strchr(comma + 1, ',') ||
        (size_t)(comma - argument) >= sizeof job->names[0] || strlen(comma + 1) >= sizeof job->names[1])
        return cli_refuse(options,
                          "--coherence '%.60s' is not two channels joined by a comma, such as 'TA,SOL' (a comma in a "
                          "name is written as ?)",
                          argument);
    memcpy(job->names[0], argument, (size_t)(comma - argument));
    job->names[0][comma - argument] = '\0';
    strcpy(job->names[1], comma + 1);
    return true;
}

static bool take_svg(cli_options *options, const char *argument)
{
    ((spectrum_job *)options->own)->coherence_path = argument;
    return is_svg(argument) || cli_refuse(options, "--svg '%.60s' does not end in .svg", argument);
}

static const cli_option own_options[] = {
    { "window", 0, "N",
      "seconds of a row, or of a segment of --coherence (default 1); with --raw alone: samples of a spectral window "
      "(default 4096)",
      take_window },
    { "step", 0, "S", "seconds from one row to the next (default: the window)", take_step },
    { "features", 0, "LIST",
      "names and groups of features, joined by commas: time, frequency, quality, entropy, default, all, or single ones "
      "as listed below; multitaper makes the spectra after Thomson",
      take_features },
    { "bands", 0, "LIST", "also the power in these bands, such as 20-80,80-250", take_bands },
    { "mvc", 0, "FILE",
      "also RMS in percent of the highest moving RMS that this recording has on the channel of the same name, else in the "
      "same muscle",
      take_mvc },
    { "psd", 0, NULL,
      "power densities instead: a row per frequency and channel, of the whole or of each --window; with --raw as recorded",
      take_psd },
    { "slope", 0, NULL,
      "fatigue instead: slopes of mean and median frequency over each stretch that --task marks, else over the whole",
      take_slope },
    { "spectrogram", 0, "FILE.svg", "draw power over time and frequency instead, a picture per channel",
      take_spectrogram },
    { "coherence", 0, "A,B",
      "coherence of two channels instead, a row per frequency: names, muscles or globs as --channel has them, each of one "
      "channel",
      take_coherence },
    { "svg", 0, "FILE.svg", "also draw what --coherence prints", take_svg },
    { "raw", 0, NULL,
      "one row per channel for the whole recording, as it was recorded; with --psd and --coherence: of that",
      take_raw },
    { "band", 0, "LOW-HIGH",
      "pass band in Hz, such as 20-450; with --raw: frequencies that count (default 20-1500, at most half the sampling "
      "rate)",
      take_band },
};

static const cli_example examples[] = {
    { "emg-spectrum knee.edf > windows.tsv", "Features of every second of each muscle." },
    { "emg-spectrum -c 'TA*' --window 0.25 --step 0.125 --features rms,mnf,zc knee.edf",
      "Three of them, overlapping." },
    { "emg-spectrum --slope --task 'hold*' knee.edf", "How fast the spectrum falls in each contraction." },
    { "emg-spectrum --mvc max.edf --features rms knee.edf", "Percent of the maximal contraction." },
    { "emg-spectrum --psd knee.edf > psd.tsv", "Spectra." },
    { "emg-spectrum --spectrogram knee.svg knee.edf", "A picture of them over time." },
    { "emg-spectrum --coherence 'TA,SOL' --svg coherence.svg knee.edf > coherence.tsv",
      "Coherence of two muscles at each frequency, and a picture of it." },
    { "emg-spectrum --raw --window 4096 --band 20-450 knee.edf", "RMS, mean and median frequency as recorded." },
};

/* A feature as the list at the end of --help has it. */
static bool list_feature(size_t index, char head[CLI_LIST_HEAD], char text[CLI_LIST_TEXT])
{
    const emg_feature *row = emg_feature_row(index);
    if (!row)
        return false;
    snprintf(head, CLI_LIST_HEAD, "%s", row->name);
    snprintf(text, CLI_LIST_TEXT, "%s%s%s: %s. %s (%s)%s", row->column, row->relative ? " or " : "",
             row->relative ? row->relative : "", row->sentence, row->formula, row->source,
             row->by_default ? "" : "; only when chosen");
    return true;
}

static const cli_tool tool = {
    .name = "emg-spectrum",
    .usage = "INPUT [options]",
    .purpose = "prints features and spectra of a recording",
    .description =
        "Tab-separated rows, one for each whole window of time and each channel, by onset, then channel. The signal is "
        "conditioned as for the analysis: power line interference is removed, the band-pass is applied "
        "without phase shift, and the ECG is removed where a channel shows it (--ecg off leaves it in). Amplitudes are in "
        "microvolts, and relative (in the recording's own unit) on channels without a known voltage; the other column "
        "is n/a. Thresholds of counted features are columns too: the larger of 10 uV and three standard deviations of "
        "the channel's noise, which is measured in a first pass. Spectra of windows are Welch's: periodic Hann windows of "
        "features.window_s or of the row where that is shorter, half overlapping, each with its mean removed. "
        "Slopes are straight lines through the windows' mean and median frequencies, by least squares and by the median "
        "of all pairs, in Hz per second and in percent of their value at the start per minute. "
        "Coherence is the magnitude squared, 0 to 1, over half overlapping segments, none across a gap, within the band "
        "that conditioning leaves; phase_rad is that of the cross spectrum, negative where B lags A; of 100 frequencies of "
        "noises that share nothing, 95 stay below chance_95, which rests on the number of disjoint segments that the "
        "overlapping ones are worth (segments). "
        "With --raw nothing is filtered: rms is taken of the samples as read, rms_mean_removed about their mean, in the "
        "recording's own unit (audio without --full-scale: 1 is full scale) and in microvolts where that is a voltage; "
        "the spectrum is Welch's of N samples; median_frequency_hz is interpolated within its bin, "
        "median_frequency_bin_hz is the first bin at which half of the band's power is reached.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_ANALYSES | CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 1,
    .most_inputs = 1,
    .list_title = "Features (--features)",
    .list = list_feature,
};

static spectrum_mode mode_of(const spectrum_job *job)
{
    return job->names[0][0]    ? COHERENCE
           : job->raw          ? RAW
           : job->psd          ? DENSITY
           : job->slope        ? SLOPE
           : job->picture_path ? PICTURE
                               : ROWS;
}

static bool go_on(void *context)
{
    const spectrum_job *job = context;
    return !cli_interrupted() && !job->out.error;
}

/* Two channels' rows. They took part when there is a result. */
static emg_status print_coherence(spectrum_job *job, const spectrum_table *table, const char *path,
                                  const emg_run_config *run, size_t *n, emg_error *err)
{
    emg_coherence_plan plan = emg_coherence_defaults();
    plan.first = job->names[0];
    plan.second = job->names[1];
    plan.raw = job->raw;
    if (job->window > 0)
        plan.window_s = job->window;
    if (job->raw && job->banded) {
        plan.low_hz = job->low_hz;
        plan.high_hz = job->high_hz;
    }
    *n = 2;
    emg_status status = emg_run_coherence(path, run, &plan, &job->coherence, err);
    if (status)
        return status;
    spectrum_coherence_table(table, &job->coherence);
    if (job->coherence.count.n_segments < 2 && !job->options->quiet)
        cli_complain(tool.name, path,
                     "one segment only: every coherence is 1 and says nothing; try a shorter --window");
    return EMG_OK;
}

/* Prints what the mode prints; *n: channels that took part, *any: whether there were rows. */
static emg_status print(spectrum_job *job, const char *path, const emg_run_config *run, size_t *n, bool *any,
                        emg_error *err)
{
    spectrum_table table = { &job->out, &job->plan, any };
    size_t window = job->window > 0 ? (size_t)job->window : raw_window;
    bool one_by_one = job->window > 0; /* --psd of each window */
    switch (mode_of(job)) {
    case RAW:
        (job->psd ? spectrum_density_header : spectrum_raw_header)(&table);
        return emg_run_raw(path, run, window, job->banded ? job->low_hz : raw_low_hz,
                           job->banded ? job->high_hz : raw_high_hz,
                           job->psd ? spectrum_raw_density_row : spectrum_raw_row, &table, n, err);
    case DENSITY:
        spectrum_density_header(&table);
        if (!one_by_one)
            return emg_run_densities(path, run, spectrum_density_row, &table, n, err);
        job->plan.densities = true;
        job->plan.features.rows = 0;
        return emg_run_features(path, run, &job->plan, spectrum_window_density_row, &table, n, err);
    case SLOPE:
        spectrum_slope_header(&table);
        return emg_run_slopes(path, run, &job->plan, spectrum_slope_row, &table, n, err);
    case PICTURE:
        return emg_run_spectrogram(&job->view, path, run, n, err);
    case COHERENCE:
        return print_coherence(job, &table, path, run, n, err);
    case ROWS:
        break;
    }
    spectrum_window_header(&table);
    return emg_run_features(path, run, &job->plan, spectrum_window_row, &table, n, err);
}

/* Why a table has no rows. */
static const char *why_empty(const spectrum_job *job, size_t n_channels)
{
    if (n_channels == 0)
        return "holds no muscle channel with samples; --all-channels takes the others";
    if (job->slope)
        return "no rows: no stretch, or none that is marked so, holds two whole windows";
    return "no rows: no stretch without a gap is as long as a window";
}

/* The picture that was asked for, when there is something to draw. */
static emg_status draw(const spectrum_job *job, emg_error *err)
{
    if (emg_spectrogram_view_n(job->view) > 0)
        return emg_run_spectrogram_file(job->view, job->picture_path, err);
    return job->coherence_path && job->coherence.n > 0
               ? emg_run_coherence_file(&job->coherence, job->coherence_path, err)
               : EMG_OK;
}

static int show(spectrum_job *job, const char *path)
{
    bool any = false;
    emg_error err = EMG_ERROR_NONE;
    emg_run_config run = job->options->run;
    size_t n = 0;
    run.go_on = go_on;
    run.go_on_context = job;
    cli_interrupt_catch();
    emg_status status = print(job, path, &run, &n, &any, &err);
    bool stopped = status == EMG_ECANCELLED; /* by an interrupt, or because nobody reads on */
    if (status == EMG_OK && (n == 0 || (!any && !job->picture_path)) && !job->options->quiet)
        cli_complain(tool.name, path, why_empty(job, n));
    if (status && !stopped)
        cli_complain(tool.name, path, err.status ? err.text + err.n_name : emg_status_phrase(status));
    int written = cli_output_end(&job->out, tool.name);
    if (draw(job, &err)) {
        cli_complain_of(tool.name, NULL, &err);
        written = CLI_NOT_WRITTEN;
    }
    emg_spectrogram_view_free(job->view);
    emg_coherence_result_free(&job->coherence);
    return cli_interrupted() ? CLI_INTERRUPTED : status && !stopped ? CLI_NONE_DONE : written;
}

static int refuse(const char *sentence)
{
    cli_complain(tool.name, NULL, sentence);
    return CLI_USAGE;
}

/* Whether something was asked for that --coherence has no use for. */
static bool exceeds_coherence(const spectrum_job *job)
{
    return job->psd || job->slope || job->picture_path || job->step > 0 || job->plan.n_bands > 0 ||
           job->plan.mvc_path || job->options->run.reading.n_channels > 0;
}

/* What options mean together, whatever the order typed. */
static int check_together(spectrum_job *job)
{
    if (job->coherence_path && !job->names[0][0])
        return refuse("--svg draws what --coherence prints; --spectrogram FILE.svg draws power over time");
    if (job->names[0][0])
        return exceeds_coherence(job)
                   ? refuse("--coherence A,B names its channels itself and prints one table: --channel, "
                            "--psd, --slope, --spectrogram, --step, --bands and --mvc do not go with it")
                   : CLI_GO_ON;
    if ((job->raw || job->psd) + job->slope + (job->picture_path != NULL) > 1)
        return refuse("--slope and --spectrogram exclude each other, --psd and --raw");
    if (job->raw && (job->step > 0 || job->plan.n_bands > 0 || job->plan.mvc_path))
        return refuse("--raw describes what was recorded as a whole: --step, --bands and --mvc do not go with it");
    if (job->raw && job->window > 0 &&
        !(job->window >= 2 && job->window <= MOST_WINDOW && job->window == (double)(size_t)job->window))
        return refuse("--window of --raw is not a whole number of samples from 2 to 16777216");
    job->plan.bands = job->bands;
    job->plan.window_s = job->window > 0 ? job->window : job->plan.window_s;
    job->plan.step_s = job->step > 0 ? job->step : job->plan.window_s;
    return CLI_GO_ON;
}

int main(int argc, char **argv)
{
    spectrum_job job = { .plan = emg_feature_plan_defaults() };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    job.options = &options;
    if (code == CLI_GO_ON)
        code = check_together(&job);
    if (code == CLI_GO_ON)
        code = show(&job, options.inputs[0]);
    cli_options_free(&options);
    return code;
}
