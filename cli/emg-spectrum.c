/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-spectrum: RMS, mean and median frequency of channels as recorded, of the whole or window by window. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

#include "options.h"
#include "progress.h"

enum { MOST_LANES = 64, MOST_GROUPS = 4096, MOST_WINDOW = 1 << 24 };

typedef struct spectrum_job {
    const cli_options *options;
    bool raw;      /* one row per channel */
    double window; /* samples with --raw, else seconds; 0: the default */
    double low_hz, high_hz;
    emg_recording *rec;
    cli_output out;
} spectrum_job;

/* Channels that come in the same blocks. */
typedef struct group {
    emg_spectrum *spectrum;
    size_t n_channels, channel[MOST_LANES];
    size_t window, held; /* samples of a window; taken for the present one (not --raw) */
} group;

typedef struct groups {
    group *all;
    size_t n;
} groups;

static bool take_raw(cli_options *options, const char *argument)
{
    (void)argument;
    ((spectrum_job *)options->own)->raw = true;
    return true;
}

static bool take_window(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    return (cli_number(argument, &job->window) && job->window > 0) ||
           cli_refuse(options, "--window '%.40s' is not a positive number", argument);
}

static bool take_band(cli_options *options, const char *argument)
{
    spectrum_job *job = options->own;
    const char *dash = strchr(argument, '-');
    char low[32] = "";
    if (dash && (size_t)(dash - argument) < sizeof low)
        memcpy(low, argument, (size_t)(dash - argument));
    if (!dash || !cli_number(low, &job->low_hz) || !cli_number(dash + 1, &job->high_hz) ||
        !(job->low_hz < job->high_hz))
        return cli_refuse(options, "--band '%.40s' is not LOW-HIGH in Hz, such as 20-450", argument);
    return true;
}

static const cli_option own_options[] = {
    { "raw", 0, NULL, "one row per channel for the whole recording", take_raw },
    { "window", 0, "N", "with --raw: samples of a spectral window (default 4096); else seconds of a row (default 1)",
      take_window },
    { "band", 0, "LOW-HIGH", "frequencies in Hz that count (default 20-1500, at most half the sampling rate)",
      take_band },
};

static const cli_example examples[] = {
    { "emg-spectrum --raw --window 4096 --band 20-450 knee.edf", "RMS, mean and median frequency of each channel." },
    { "emg-spectrum -c 'TA*' --window 0.5 knee.edf > windows.tsv", "The same every half second." },
};

static const cli_tool tool = {
    .name = "emg-spectrum",
    .usage = "INPUT [options]",
    .purpose = "prints RMS and spectral figures of a recording",
    .description =
        "Tab-separated figures of the samples as they were recorded: no filter, no mains removal. rms is taken of the "
        "samples as read, rms_mean_removed about their mean; both in the recording's own unit (audio without "
        "--full-scale: 1 is full scale), and in microvolts where the unit is a voltage. With --raw the spectrum is "
        "Welch's: periodic Hann windows of N samples, half overlapping, each with its mean removed. Without it there "
        "is a row for each whole window of time, whose spectrum is that of the window. median_frequency_hz is "
        "interpolated within its bin, median_frequency_bin_hz is the first bin at which half of the band's power is "
        "reached.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_TALKS,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .least_inputs = 1,
    .most_inputs = 1,
};

/* A number as a cell. */
static void put_number(spectrum_job *job, const char *before, double value)
{
    char text[64];
    if (isfinite(value))
        snprintf(text, sizeof text, "%s%.6g", before, value == 0 ? 0 : value);
    else
        snprintf(text, sizeof text, "%sn/a", before);
    cli_output_text(&job->out, text);
}

/* Texts of the library are printable; none may begin a spreadsheet's formula. */
static void put_text(spectrum_job *job, const char *text)
{
    if (*text && strchr("=+-@", *text))
        cli_output_text(&job->out, "'");
    cli_output_text(&job->out, *text ? text : "n/a");
}

static const char *unit_of(const spectrum_job *job, const emg_channel *c)
{
    bool audio = emg_recording_get_facts(job->rec)->format >= EMG_FORMAT_WAV;
    return c->unit[0] ? c->unit : audio ? "full scale" : "";
}

static void put_header(spectrum_job *job)
{
    if (!job->raw)
        cli_output_text(&job->out, "onset\tduration\t");
    cli_output_text(&job->out, "channel\ttarget_muscle\tsampling_frequency\trms\trms_mean_removed\tunit\trms_uv\t"
                               "rms_mean_removed_uv\tmean_frequency_hz\tmedian_frequency_hz\t"
                               "median_frequency_bin_hz\tpeak_frequency_hz\tspectral_entropy\n");
}

/* The cells that describe one channel. Samples of a channel with a voltage come in microvolts. */
static void put_channel(spectrum_job *job, size_t index, const emg_description *d)
{
    const emg_channel *c = emg_recording_channel(job->rec, index);
    const emg_moments *m = &d->moments;
    double per_unit = c->to_uv > 0 ? c->to_uv : 1, uv = c->to_uv > 0 ? 1 : NAN;
    put_text(job, c->name);
    cli_output_text(&job->out, "\t");
    put_text(job, c->is_muscle ? c->muscle : "");
    put_number(job, "\t", c->rate_hz);
    put_number(job, "\t", d->rms / per_unit);
    put_number(job, "\t", d->rms_mean_removed / per_unit);
    cli_output_text(&job->out, "\t");
    put_text(job, unit_of(job, c));
    put_number(job, "\t", d->rms * uv);
    put_number(job, "\t", d->rms_mean_removed * uv);
    put_number(job, "\t", m->mean_frequency_hz);
    put_number(job, "\t", m->median_frequency_hz);
    put_number(job, "\t", m->median_frequency_bin_hz);
    put_number(job, "\t", m->peak_frequency_hz);
    put_number(job, "\t", m->spectral_entropy);
    cli_output_text(&job->out, "\n");
}

static void put_lane(spectrum_job *job, const group *g, size_t lane)
{
    emg_description d;
    if (emg_spectrum_get(g->spectrum, lane, job->low_hz, job->high_hz, &d, NULL) == EMG_OK)
        put_channel(job, g->channel[lane], &d);
}

static emg_status new_group(const spectrum_job *job, const emg_block *block, group *g, emg_error *err)
{
    double samples =
        job->raw ? job->window > 0 ? job->window : 4096 : (job->window > 0 ? job->window : 1) * block->rate_hz + 0.5;
    memset(g, 0, sizeof *g);
    g->n_channels = block->n_channels;
    g->window = samples > 1e9 ? (size_t)1e9 : (size_t)samples; /* the library refuses what is beyond its range */
    memcpy(g->channel, block->channel, block->n_channels * sizeof *g->channel);
    return emg_spectrum_new(&g->spectrum, block->rate_hz, g->window, g->n_channels, err);
}

/* The group whose blocks begin with this channel; a new one when there is none. NULL after a failure. */
static group *group_of(const spectrum_job *job, groups *list, const emg_block *block, emg_error *err)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->all[i].channel[0] == block->channel[0])
            return &list->all[i];
    }
    if (list->n == MOST_GROUPS || block->n_channels > MOST_LANES)
        return NULL;
    if (new_group(job, block, &list->all[list->n], err))
        return NULL;
    return &list->all[list->n++];
}

/* Rows for each window that fills within the block. */
static void take_windows(spectrum_job *job, group *g, const emg_block *block)
{
    if (block->new_segment) {
        emg_spectrum_reset(g->spectrum);
        g->held = 0;
    }
    for (size_t at = 0; at < block->n_frames;) {
        size_t n = g->window - g->held;
        if (n > block->n_frames - at)
            n = block->n_frames - at;
        emg_spectrum_push(g->spectrum, block->x + at * g->n_channels, n);
        g->held += n;
        at += n;
        if (g->held < g->window)
            continue;
        double onset = block->start_s + ((double)at - (double)g->window) / block->rate_hz;
        for (size_t lane = 0; lane < g->n_channels; lane++) {
            char times[80];
            snprintf(times, sizeof times, "%.6f\t%.6f\t", onset, (double)g->window / block->rate_hz);
            cli_output_text(&job->out, times);
            put_lane(job, g, lane);
        }
        emg_spectrum_reset(g->spectrum);
        g->held = 0;
    }
}

static void take_block(spectrum_job *job, group *g, const emg_block *block)
{
    if (!job->raw) {
        take_windows(job, g, block);
        return;
    }
    if (block->new_segment)
        emg_spectrum_gap(g->spectrum);
    emg_spectrum_push(g->spectrum, block->x, block->n_frames);
}

/* One row per channel, in the recording's order. */
static void put_all(spectrum_job *job, groups *list)
{
    for (size_t i = 0; i < list->n; i++)
        emg_spectrum_gap(list->all[i].spectrum);
    for (size_t index = 0; emg_recording_channel(job->rec, index); index++) {
        for (size_t i = 0; i < list->n; i++) {
            for (size_t lane = 0; lane < list->all[i].n_channels; lane++) {
                if (list->all[i].channel[lane] == index)
                    put_lane(job, &list->all[i], lane);
            }
        }
    }
}

static emg_status read_all(spectrum_job *job, groups *list, emg_error *err)
{
    put_header(job);
    for (;;) {
        emg_block block;
        emg_status status = emg_recording_next(job->rec, &block, err);
        if (status || block.n_frames == 0 || cli_interrupted() || job->out.error)
            return status;
        group *g = group_of(job, list, &block, err);
        if (!g)
            return err->status ? err->status : EMG_ENOMEM;
        take_block(job, g, &block);
    }
}

static int show(spectrum_job *job, const char *path)
{
    emg_error err = EMG_ERROR_NONE;
    groups list = { calloc(MOST_GROUPS, sizeof *list.all), 0 };
    emg_reading reading = job->options->run.reading;
    reading.raw_only = !job->raw; /* unconditioned figures may be asked of anything */
    emg_status status = list.all ? emg_recording_open(&job->rec, path, &reading, &err) : EMG_ENOMEM;
    cli_interrupt_catch();
    if (status == EMG_OK)
        status = read_all(job, &list, &err);
    if (status == EMG_OK && list.n == 0 && !job->options->quiet)
        cli_complain(tool.name, path, "holds no muscle channel with samples; --all-channels takes the others");
    if (status == EMG_OK && job->raw && !cli_interrupted())
        put_all(job, &list);
    if (status)
        cli_complain(tool.name, path, err.status ? err.text : emg_status_phrase(status));
    for (size_t i = 0; i < list.n; i++)
        emg_spectrum_free(list.all[i].spectrum);
    free(list.all);
    emg_recording_close(job->rec);
    int written = cli_output_end(&job->out, tool.name);
    return cli_interrupted() ? CLI_INTERRUPTED : status ? CLI_NONE_DONE : written;
}

/* What --window means depends on --raw, which may follow it. */
static int check_window(const spectrum_job *job)
{
    if (!job->raw || job->window == 0 ||
        (job->window >= 2 && job->window <= MOST_WINDOW && job->window == (double)(size_t)job->window))
        return CLI_GO_ON;
    cli_complain(tool.name, NULL, "--window of --raw is not a whole number of samples from 2 to 16777216");
    return CLI_USAGE;
}

int main(int argc, char **argv)
{
    spectrum_job job = { .low_hz = 20, .high_hz = 1500 };
    cli_options options;
    int code = cli_options_read(&options, &tool, &job, argc, argv);
    job.options = &options;
    if (code == CLI_GO_ON)
        code = check_window(&job);
    if (code == CLI_GO_ON)
        code = show(&job, options.inputs[0]);
    cli_options_free(&options);
    return code;
}
