/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel of a recording read alone, its blocks through the search for beats. */
#include "run/run.h"

#include <stdio.h>

#include <emg/ecg.h>
#include <emg/qrs.h>

#include "base/base.h"

/* The search while it lasts. */
typedef struct search {
    emgp_ecg_channel *ecg_channel;
    const emg_run_config *config;
    emg_recording *recording;
    emg_qrs *qrs;
    double rate_hz, start_s;        /* of the segment */
    uint64_t first_frame, n_frames; /* before the segment; in it */
    double *x;                      /* the channel alone, when a block holds more */
    size_t room;
} search;

static emg_status take_qrs(void *context, const emg_ecg_qrs *qrs, emg_error *err)
{
    search *s = context;
    emgp_ecg_channel *ecg_channel = s->ecg_channel;
    void *qrs_s = ecg_channel->qrs_s;
    if (!emgp_reserve(&qrs_s, &ecg_channel->room, ecg_channel->n, ecg_channel->n + 1, sizeof *ecg_channel->qrs_s))
        return emgp_fail_memory(err);
    ecg_channel->qrs_s = qrs_s;
    ecg_channel->qrs_s[ecg_channel->n++] = s->start_s + (qrs->frame - (double)s->first_frame) / s->rate_hz;
    return EMG_OK;
}

static emg_status end_segment(search *s, emg_error *err)
{
    emg_status status = s->n_frames > 0 ? emg_qrs_finish(s->qrs, err) : EMG_OK;
    s->first_frame += s->n_frames;
    s->n_frames = 0;
    return status;
}

static emg_status push_channel(search *s, const emg_block *block, size_t channel, emg_error *err)
{
    void *x = s->x;
    if (!emgp_reserve(&x, &s->room, 0, block->n_frames, sizeof *s->x))
        return emgp_fail_memory(err);
    s->x = x;
    for (size_t i = 0; i < block->n_frames; i++)
        s->x[i] = block->x[i * block->n_channels + channel];
    return emg_qrs_push(s->qrs, s->x, block->n_frames, err);
}

/* Derived channels select themselves and come along: their blocks, and their channels, go by. */
static emg_status take_block(search *s, const emg_block *block, emg_error *err)
{
    size_t channel = 0;
    while (channel < block->n_channels && block->channel[channel] != s->ecg_channel->channel)
        channel++;
    if (channel == block->n_channels)
        return EMG_OK;
    emg_status status = block->new_segment ? end_segment(s, err) : EMG_OK;
    if (status)
        return status;
    if (s->n_frames == 0)
        s->start_s = block->start_s;
    s->n_frames += block->n_frames;
    return push_channel(s, block, channel, err);
}

static emg_status read_all(search *s, emg_error *err)
{
    const emg_run_config *config = s->config;
    emg_status status = EMG_OK;
    emg_block block;
    while (status == EMG_OK &&
           emgp_blocks_next(s->recording, config->go_on, config->go_on_context, &block, &status, err))
        status = take_block(s, &block, err);
    return status ? status : end_segment(s, err);
}

/* Reads one channel; what is remarkable of it is no matter of the analysis, so it is read leniently. */
static emg_status read_channel(emgp_ecg_channel *ecg_channel, const char *path, const emg_reading *reading,
                               const emg_channel *channel, const emg_run_config *config, emg_error *err)
{
    char text[32];
    const char *pattern = text;
    emg_reading alone = *reading;
    search s = { .ecg_channel = ecg_channel, .config = config, .rate_hz = channel->rate_hz };
    snprintf(text, sizeof text, "#%zu", channel->number);
    alone.channels = &pattern;
    alone.n_channels = 1;
    alone.all_channels = alone.strict = false;
    emg_status status = emg_recording_open(&s.recording, path, &alone, err);
    if (status == EMG_OK)
        status = emg_qrs_new(&s.qrs, channel->rate_hz, take_qrs, &s, err);
    if (status == EMG_OK)
        status = read_all(&s, err);
    emg_qrs_free(s.qrs);
    emg_recording_close(s.recording);
    emgp_free(s.x);
    return status;
}

static bool is_ecg_channel(const emg_channel *channel)
{
    return channel->type == EMG_TYPE_ECG && channel->usable && !channel->bad && channel->n_samples > 0;
}

emg_status emgp_ecg_channel_read(emgp_ecg_channel *ecg_channel, const char *path, const emg_reading *reading,
                                 const emg_recording *recording, const emg_run_config *config, emg_error *err)
{
    const emg_channel *channel;
    bool wanted = false;
    for (size_t i = 0; (channel = emg_recording_channel(recording, i)); i++)
        wanted = wanted || (!is_ecg_channel(channel) && emgp_blocks_fit(channel, config));
    wanted = wanted && emgp_condition_seeks_ecg(&config->analysis.condition);
    emg_status status = EMG_OK;
    for (size_t i = 0; wanted && status == EMG_OK && ecg_channel->n == 0; i++) {
        channel = emg_recording_channel(recording, i);
        if (!channel)
            return EMG_OK;
        ecg_channel->channel = i;
        if (is_ecg_channel(channel))
            status = read_channel(ecg_channel, path, reading, channel, config, err);
    }
    return status;
}

void emgp_ecg_channel_free(emgp_ecg_channel *ecg_channel)
{
    emgp_free(ecg_channel->qrs_s);
    *ecg_channel = (emgp_ecg_channel){ .n = 0 };
}
