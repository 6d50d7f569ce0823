/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channels described as they were recorded: blocks to spectra, one row a channel at the end. */
#include <emg/raw.h>

#include "base/base.h"
#include "run/run.h"

enum { MOST_CHANNELS = 64 };

/* Channels that come in the same blocks. */
typedef struct group {
    emg_spectrum *spectrum;
    size_t n_channels, channel[MOST_CHANNELS];
    double rate_hz, onset_s;
} group;

typedef struct job {
    const emg_run_config *config;
    emg_recording *recording;
    size_t window;
    group *groups;
    size_t n, room;
    emg_error *err;
} job;

/* The group whose blocks begin with this channel, made when there is none. */
static emg_status group_of(job *j, const emg_block *block, group **out)
{
    for (size_t i = 0; i < j->n; i++) {
        *out = &j->groups[i];
        if (j->groups[i].channel[0] == block->channel[0])
            return EMG_OK;
    }
    void *groups = j->groups;
    if (!emgp_reserve(&groups, &j->room, j->n, j->n + 1, sizeof *j->groups))
        return emgp_fail_memory(j->err);
    j->groups = groups;
    group g = { .n_channels = block->n_channels, .rate_hz = block->rate_hz, .onset_s = block->start_s };
    emg_status status = emg_spectrum_new(&g.spectrum, block->rate_hz, j->window, g.n_channels, j->err);
    if (status)
        return status;
    for (size_t i = 0; i < g.n_channels; i++)
        g.channel[i] = block->channel[i];
    *out = &j->groups[j->n];
    j->groups[j->n++] = g;
    return EMG_OK;
}

static emg_status read_all(job *j)
{
    emg_status status = EMG_OK;
    emg_block block;
    while (status == EMG_OK &&
           emgp_blocks_next(j->recording, j->config->go_on, j->config->go_on_context, &block, &status, j->err)) {
        group *g = NULL;
        status = group_of(j, &block, &g);
        if (status)
            continue;
        if (block.new_segment)
            emg_spectrum_gap(g->spectrum);
        emg_spectrum_push(g->spectrum, block.x, block.n_frames);
    }
    return status;
}

/* Where the rows go, and the band they are of. */
typedef struct row_taker {
    double low_hz, high_hz;
    emg_raw_take *take;
    void *context;
    double *density; /* room for a window's bins */
} row_taker;

static emg_status put_row(const job *j, const group *g, size_t channel, const row_taker *to)
{
    emg_description d;
    emg_status status = emg_spectrum_get(g->spectrum, channel, to->low_hz, to->high_hz, &d, j->err);
    if (status)
        return status;
    bool dense = emg_spectrum_density(g->spectrum, channel, to->density, NULL) == EMG_OK;
    const emg_raw_row row = { .index = g->channel[channel],
                              .channel = emg_recording_channel(j->recording, g->channel[channel]),
                              .audio = emg_format_is_audio(emg_recording_get_facts(j->recording)->format),
                              .onset_s = g->onset_s,
                              .description = &d,
                              .density = dense ? to->density : NULL,
                              .n_bins = dense ? j->window / 2 + 1 : 0,
                              .step_hz = g->rate_hz / (double)j->window };
    return to->take(to->context, &row) ? EMG_OK : emgp_fail(j->err, EMG_ECANCELLED, "stopped on request");
}

/* The rows, in the recording's order. */
static emg_status put_all(const job *j, const row_taker *to)
{
    emg_status status = EMG_OK;
    for (size_t index = 0; status == EMG_OK && emg_recording_channel(j->recording, index); index++) {
        for (size_t at = 0; status == EMG_OK && at < j->n * MOST_CHANNELS; at++) {
            const group *g = &j->groups[at / MOST_CHANNELS];
            size_t channel = at % MOST_CHANNELS;
            if (channel < g->n_channels && g->channel[channel] == index)
                status = put_row(j, g, channel, to);
        }
    }
    return status;
}

static emg_status run_raw(const char *path, const emg_run_config *config, size_t window, double low_hz, double high_hz,
                          emg_raw_take *take, void *context, size_t *n_channels, emg_error *err)
{
    if (!path || !config || !take)
        return emgp_fail(err, EMG_EARG, "no path, configuration or taker was given");
    job j = { .config = config, .window = window, .err = err };
    emg_status status = emg_recording_open(&j.recording, path, &config->reading, err);
    if (status)
        return status;
    status = read_all(&j);
    if (n_channels)
        *n_channels = 0;
    for (size_t i = 0; i < j.n; i++) {
        emg_spectrum_gap(j.groups[i].spectrum);
        if (n_channels)
            *n_channels += j.groups[i].n_channels;
    }
    row_taker to = { low_hz, high_hz, take, context, NULL };
    if (status == EMG_OK && j.n > 0) { /* its window is one that a spectrum could be made for */
        to.density = emgp_alloc(window / 2 + 1, sizeof *to.density);
        status = to.density ? put_all(&j, &to) : emgp_fail_memory(err);
    }
    for (size_t i = 0; i < j.n; i++)
        emg_spectrum_free(j.groups[i].spectrum);
    emgp_free(j.groups);
    emgp_free(to.density);
    emg_recording_close(j.recording);
    return status;
}

emg_status emg_run_raw(const char *path, const emg_run_config *config, size_t window, double low_hz, double high_hz,
                       emg_raw_take *take, void *context, size_t *n_channels, emg_error *err)
{
    err = emgp_fresh(err);
    return emgp_name_failure(err, path, run_raw(path, config, window, low_hz, high_hz, take, context, n_channels, err));
}
