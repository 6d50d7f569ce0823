/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel of a recording read alone, its blocks through the search for QRS complexes. */
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

/* Derived channels are always selected: their blocks, and their channels, are ignored. */
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
    alone.notice = NULL; /* all was said of the recording itself */
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

/* The one channel that is selected; derived channels, which select themselves, count when nothing else does. */
static emg_status only_one(const emg_recording *recording, const char *pattern, size_t *only, emg_error *err)
{
    size_t n[2] = { 0, 0 }, last[2] = { 0, 0 };
    const emg_channel *channel;
    for (size_t i = 0; (channel = emg_recording_channel(recording, i)); i++) {
        n[channel->derived] += channel->selected;
        last[channel->derived] = channel->selected ? i : last[channel->derived];
    }
    const bool derived = n[false] == 0;
    *only = last[derived];
    return n[derived] == 1
               ? EMG_OK
               : emgp_fail(err, EMG_EARG, "the ECG lead '%.60s' is %zu channels: it must be one", pattern, n[derived]);
}

static emg_status find_named(emgp_ecg_channel *ecg_channel, const char *path, const emg_reading *reading,
                             const char *pattern, emg_error *err)
{
    emg_recording *recording;
    emg_reading alone = *reading;
    alone.channels = &pattern;
    alone.n_channels = 1;
    alone.all_channels = false;
    alone.notice = NULL;
    emg_status status = emg_recording_open(&recording, path, &alone, err);
    if (status == EMG_OK)
        status = only_one(recording, pattern, &ecg_channel->channel, err);
    ecg_channel->found = status == EMG_OK;
    emg_recording_close(recording);
    return status;
}

/* Whether a channel is conditioned that has no ECG of its own to show. */
static bool any_muscle(const emg_recording *recording, const emg_run_config *config)
{
    const emg_channel *channel;
    for (size_t i = 0; (channel = emg_recording_channel(recording, i)); i++)
        if (!is_ecg_channel(channel) && emgp_blocks_fit(channel, config))
            return true;
    return false;
}

emg_status emgp_ecg_channel_read(emgp_ecg_channel *ecg_channel, const char *path, const emg_reading *reading,
                                 const emg_recording *recording, const emg_run_config *config, emg_error *err)
{
    const emg_channel *channel;
    emg_status status = EMG_OK;
    if (!emgp_condition_seeks_ecg(&config->analysis.condition))
        return EMG_OK;
    if (config->ecg_channel) {
        status = find_named(ecg_channel, path, reading, config->ecg_channel, err);
        channel = status ? NULL : emg_recording_channel(recording, ecg_channel->channel);
        return channel && channel->usable ? read_channel(ecg_channel, path, reading, channel, config, err) : status;
    }
    if (!any_muscle(recording, config))
        return EMG_OK;
    for (size_t i = 0; status == EMG_OK && !ecg_channel->found && (channel = emg_recording_channel(recording, i));
         i++) {
        if (!is_ecg_channel(channel))
            continue;
        ecg_channel->channel = i;
        status = read_channel(ecg_channel, path, reading, channel, config, err);
        ecg_channel->found = ecg_channel->n > 0;
    }
    return status;
}

void emgp_ecg_channel_free(emgp_ecg_channel *ecg_channel)
{
    emgp_free(ecg_channel->qrs_s);
    *ecg_channel = (emgp_ecg_channel){ .n = 0 };
}
