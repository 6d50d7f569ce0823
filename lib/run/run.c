/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main job on one recording: its selected channels through the analysis, block by block. */
#include <emg/result.h>
#include <emg/run.h>
#include <emg/why.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "reading/channels/channels.h"
#include "run/run.h"

enum { NOT_ANALYSED = -1 };
static const double slow_for_spectra_hz = 500; /* surface EMG has power up to 400 Hz and more */

emg_run_config emg_run_defaults(void)
{
    return (emg_run_config){ .reading = emg_reading_defaults(),
                             .analysis = emg_config_defaults(EMG_PRESET_SURFACE),
                             .write_tsv = true,
                             .write_json = true,
                             .write_html = true,
                             .batch = { .n_workers = 1 } };
}

size_t emgp_workers(const emg_run_config *config)
{
    if (config->batch.n_workers > 0)
        return config->batch.n_workers;
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}

/* One run while it lasts. */
typedef struct job {
    emg_run *run;
    const emg_run_config *config;
    emg_source *sources;
    size_t n_sources, n_channels;
    long *source_of;  /* per channel of the recording: its number in the analysis, or NOT_ANALYSED */
    size_t *channels; /* a block's channels as the analysis numbers them */
    size_t channels_room;
    emgp_marks marks;
    emg_analysis *analysis;
    bool any_frames;
    size_t lead; /* channel of the first block, whose blocks tell how far the run has come */
    double done_s;
    emg_error *err;
} job;

static emg_status note(job *j, const emg_channel *channel, const char *code, const char *field, double value,
                       const char *unit, const char *action)
{
    void *notes = j->run->notes;
    if (!emgp_reserve(&notes, &j->run->notes_room, j->run->n_notes, j->run->n_notes + 1, sizeof *j->run->notes))
        return emgp_fail_memory(j->err);
    j->run->notes = notes;
    emg_deviation *d = &j->run->notes[j->run->n_notes++];
    memset(d, 0, sizeof *d);
    d->offset = -1;
    d->channel = (int64_t)channel->number;
    emgp_text_copy(d->code, sizeof d->code, code);
    emgp_text_copy(d->field, sizeof d->field, field);
    emgp_text_copy(d->action, sizeof d->action, action);
    size_t n = emgp_number_print(d->value, value);
    snprintf(d->value + n, sizeof d->value - n, " %s", unit);
    return EMG_OK;
}

/* Whether the channel's rate leaves a band to analyse; says so when it does not, or not the whole of it. */
static emg_status judge_rate(job *j, const emg_channel *channel, bool *fit)
{
    double low, high;
    const emg_condition_config *band = &j->config->analysis.condition;
    *fit = emg_analysis_fits(&j->config->analysis, channel->rate_hz);
    if (!*fit)
        return note(j, channel, "W_RATE_TOO_LOW", "sampling rate", channel->rate_hz, "Hz",
                    "too slow for the analysis band and its blocks of noise: the channel is left out");
    (void)emgp_condition_band(band, channel->rate_hz, &low, &high);
    const bool clipped = high < band->high_hz && high < channel->rate_hz / 2;
    if (clipped && channel->rate_hz < slow_for_spectra_hz)
        return note(j, channel, "W_RATE_LOW", "sampling rate", channel->rate_hz, "Hz",
                    "too low for EMG spectra: the band ends at 0.45 of the rate, spectral values are of that band; "
                    "fasciculations and short jerks are not told apart by their length");
    if (clipped)
        return note(j, channel, "W_BAND_CLIPPED", "upper corner", band->high_hz, "Hz",
                    "the band ends at 0.45 of the sampling rate");
    return EMG_OK;
}

static emg_source source_of(const job *j, const emg_channel *channel, const emg_recording_facts *facts)
{
    double low, high;
    emgp_blocks_limits(channel, &low, &high);
    return (emg_source){ .name = channel->name,
                         .muscle = channel->muscle,
                         .rate_hz = channel->rate_hz,
                         .calibrated = channel->to_uv > 0,
                         .reflex_site = channel->reflex_site,
                         .side = channel->side,
                         .action = channel->action,
                         .power_line_hz = facts->power_line_hz,
                         .low_hz = emgp_prefilter_low(channel->prefilter),
                         .high_hz = emgp_prefilter_high(channel->prefilter),
                         .clip_low = low,
                         .clip_high = high,
                         .whatever = j->config->reading.all_channels };
}

static emg_status choose_sources(job *j)
{
    const emg_recording_facts *facts = emg_recording_get_facts(j->run->recording);
    j->n_channels = facts->n_channels;
    j->sources = emgp_alloc(facts->n_channels, sizeof *j->sources);
    j->source_of = emgp_alloc(facts->n_channels, sizeof *j->source_of);
    bool *slow = emgp_alloc(facts->n_channels, sizeof *slow);
    emg_status status = j->sources && j->source_of && slow ? EMG_OK : emgp_fail_memory(j->err);
    for (size_t i = 0; i < facts->n_channels && status == EMG_OK; i++) {
        const emg_channel *channel = emg_recording_channel(j->run->recording, i);
        j->source_of[i] = NOT_ANALYSED;
        if (!channel->selected || !channel->usable)
            continue;
        bool fit;
        status = judge_rate(j, channel, &fit);
        slow[i] = !fit;
        if (!fit)
            continue;
        j->source_of[i] = (long)j->n_sources;
        j->sources[j->n_sources++] = source_of(j, channel, facts);
    }
    if (status == EMG_OK)
        status = emgp_notice_slow(j->run->recording, slow, j->err);
    emgp_free(slow);
    return status;
}

/* The block's channels in the analysis' numbers; *analysed: whether they are analysed (a rate as a whole is or is not). */
static emg_status translate(job *j, const emg_block *block, bool *analysed)
{
    void *channels = j->channels;
    if (!emgp_reserve(&channels, &j->channels_room, 0, block->n_channels, sizeof *j->channels))
        return emgp_fail_memory(j->err);
    j->channels = channels;
    *analysed = true;
    for (size_t i = 0; i < block->n_channels; i++) {
        long source = j->source_of[block->channel[i]];
        *analysed = *analysed && source != NOT_ANALYSED;
        j->channels[i] = (size_t)source;
    }
    return EMG_OK;
}

/* Counts a block, by the recording's numbers, and tells who wants to know. */
static void tell_progress(job *j, const emg_block *block)
{
    const double all_s = emg_recording_get_facts(j->run->recording)->selected_s;
    if (j->done_s <= 0)
        j->lead = block->channel[0];
    if (!j->config->progress || block->channel[0] != j->lead)
        return;
    j->done_s = fmin(j->done_s + (double)block->n_frames / block->rate_hz, all_s);
    const emg_run_progress progress = { .n = 1, .done_s = j->done_s, .all_s = all_s };
    j->config->progress(j->config->progress_context, &progress);
}

static emg_status push_all(job *j)
{
    emg_status status = EMG_OK;
    emg_block block;
    while (status == EMG_OK &&
           emgp_blocks_next(j->run->recording, j->config->go_on, j->config->go_on_context, &block, &status, j->err)) {
        bool analysed = false;
        tell_progress(j, &block);
        status = translate(j, &block, &analysed);
        if (status || !analysed)
            continue;
        block.channel = j->channels;
        j->any_frames = true;
        status = emg_analysis_push(j->analysis, &block, j->err);
    }
    return status;
}

static emg_status push_qrs(job *j, const char *path, const emg_reading *reading)
{
    emgp_ecg_channel ecg_channel = { .n = 0 };
    emg_status status = emgp_ecg_channel_read(&ecg_channel, path, reading, j->run->recording, j->config, j->err);
    if (status == EMG_OK && ecg_channel.n > 0)
        status = emg_analysis_qrs(j->analysis, ecg_channel.qrs_s, ecg_channel.n, j->err);
    emgp_ecg_channel_free(&ecg_channel);
    return status;
}

/* Channels that lost stretches for being short: noted each, said once. */
static emg_status note_short(job *j)
{
    char action[160], sentence[256];
    double most_s = 0, least_s = j->config->analysis.episode.segment_least_s;
    emg_status status = EMG_OK;
    snprintf(action, sizeof action, "stretches shorter than episode.segment_least_s, %.6g s, are left out", least_s);
    for (size_t i = 0; i < j->n_channels && status == EMG_OK; i++) {
        if (j->source_of[i] == NOT_ANALYSED)
            continue;
        double short_s = emg_result_channel(j->run->result, (size_t)j->source_of[i])->signal.short_s;
        most_s = fmax(most_s, short_s);
        if (short_s > 0)
            status = note(j, emg_recording_channel(j->run->recording, i), "W_STRETCH_SHORT", "stretches", short_s, "s",
                          action);
    }
    snprintf(
        sentence, sizeof sentence,
        "left out: %.6g s in stretches shorter than %.6g s; --set episode.segment_least_s=SECONDS takes shorter ones",
        most_s, least_s);
    if (most_s > 0)
        emgp_notice(j->run->recording, sentence);
    return status;
}

/* Channels whose samples are no raw EMG: noted each, said once. */
static emg_status note_kinds(job *j)
{
    char sentence[256];
    size_t n = 0;
    emg_status status = EMG_OK;
    for (size_t i = 0; i < j->n_channels && status == EMG_OK; i++) {
        if (j->source_of[i] == NOT_ANALYSED)
            continue;
        const emg_summary_signal *signal = &emg_result_channel(j->run->result, (size_t)j->source_of[i])->signal;
        if (signal->kind == EMG_SIGNAL_RAW)
            continue;
        n++;
        status = note(j, emg_recording_channel(j->run->recording, i), "W_ENVELOPE", "samples", 0,
                      signal->kind == EMG_SIGNAL_ENVELOPE ? "is the lowest value, smooth: an envelope"
                                                          : "is the lowest value: rectified",
                      "not analysed: discharges and spectra of it mean nothing; --all-channels takes it all the same");
    }
    snprintf(
        sentence, sizeof sentence,
        "not analysed, as rectified or an envelope by its samples: %zu channel%s; --all-channels takes such signals", n,
        n == 1 ? "" : "s");
    if (n > 0)
        emgp_notice(j->run->recording, sentence);
    return status;
}

/* Marks by the analysis' numbers; those about channels that are not analysed go. */
static void translate_marks(job *j)
{
    size_t kept = 0;
    for (size_t i = 0; i < j->marks.n; i++) {
        emg_mark *mark = &j->marks.mark[i];
        long source = mark->channel > 0 ? j->source_of[mark->channel - 1] : 0;
        if (mark->channel > 0)
            mark->channel = (size_t)(source + 1);
        if (source != NOT_ANALYSED)
            j->marks.mark[kept++] = *mark;
    }
    j->marks.n = kept;
}

static emg_status analyse(job *j, const char *path, const emg_reading *reading)
{
    emg_status status = choose_sources(j);
    if (status == EMG_OK)
        status = emgp_marks_read_all(&j->marks, j->run->recording, j->config, j->err);
    if (status || j->n_sources == 0)
        return status;
    translate_marks(j);
    status = emg_analysis_new(&j->analysis, j->sources, j->n_sources, j->marks.mark, j->marks.n, &j->config->analysis,
                              j->config->spill_directory, j->err);
    if (status == EMG_OK && j->config->ask)
        status = emg_analysis_ask(j->analysis, j->config->ask_from_s, j->config->ask_to_s, j->err);
    if (status == EMG_OK && j->config->no_sketches)
        status = emg_analysis_no_sketches(j->analysis, j->err);
    if (status == EMG_OK)
        status = emg_analysis_workers(j->analysis, emgp_workers(j->config), j->err);
    if (status == EMG_OK)
        status = push_qrs(j, path, reading);
    if (status == EMG_OK)
        status = push_all(j);
    if (status == EMG_OK && j->any_frames)
        status = emg_analysis_finish(j->analysis, &j->run->result, j->err);
    if (status || !j->run->result)
        return status;
    status = note_kinds(j);
    return status ? status : note_short(j);
}

static emg_status run_file(const char *path, const emg_run_config *config, emg_run *out, emg_error *err)
{
    if (out)
        memset(out, 0, sizeof *out);
    if (!path || !config || !out)
        return emgp_fail(err, EMG_EARG, "emg_run_file needs a path, a configuration and a place for the run");
    emg_reading reading = config->reading;
    reading.raw_only = true;
    emg_status status = emg_config_check(&config->analysis, err);
    if (status == EMG_OK)
        status = emg_recording_open(&out->recording, path, &reading, err);
    if (status)
        return status;
    job j = { .run = out, .config = config, .err = err };
    status = analyse(&j, path, &reading);
    emg_analysis_free(j.analysis);
    emgp_free(j.sources);
    emgp_free(j.source_of);
    emgp_free(j.channels);
    emgp_free(j.marks.mark);
    if (status == EMG_OK)
        status = emg_recording_hash(out->recording, out->hash, err);
    if (status)
        emg_run_free(out);
    return status;
}

emg_status emg_run_file(const char *path, const emg_run_config *config, emg_run *out, emg_error *err)
{
    err = emgp_fresh(err);
    return emgp_name_failure(err, path, run_file(path, config, out, err));
}

void emg_run_free(emg_run *run)
{
    if (!run)
        return;
    emg_result_free(run->result);
    emg_recording_close(run->recording);
    emgp_free(run->notes);
    memset(run, 0, sizeof *run);
}
