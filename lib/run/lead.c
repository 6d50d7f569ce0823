/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel of a recording read alone, its blocks through the search for beats. */
#include "run/run.h"

#include <stdio.h>

#include <emg/heart.h>

#include "condition/condition.h"
#include "base/base.h"

/* The search while it lasts. */
typedef struct search {
    emgp_lead *lead;
    const emg_run_config *config;
    emg_recording *recording;
    emg_heart_lead *beats;
    double rate_hz, start_s;        /* of the segment */
    uint64_t first_frame, n_frames; /* before the segment; in it */
    double *x;                      /* the lead alone, when a block holds more */
    size_t room;
} search;

static emg_status take_beat(void *context, const emg_heart_beat *beat, emg_error *err)
{
    search *s = context;
    emgp_lead *lead = s->lead;
    void *beat_s = lead->beat_s;
    if (!emgp_reserve(&beat_s, &lead->room, lead->n, lead->n + 1, sizeof *lead->beat_s))
        return emgp_fail_memory(err);
    lead->beat_s = beat_s;
    lead->beat_s[lead->n++] = s->start_s + (beat->frame - (double)s->first_frame) / s->rate_hz;
    return EMG_OK;
}

static emg_status end_segment(search *s, emg_error *err)
{
    emg_status status = s->n_frames > 0 ? emg_heart_lead_finish(s->beats, err) : EMG_OK;
    s->first_frame += s->n_frames;
    s->n_frames = 0;
    return status;
}

static emg_status push_lane(search *s, const emg_block *block, size_t lane, emg_error *err)
{
    void *x = s->x;
    if (!emgp_reserve(&x, &s->room, 0, block->n_frames, sizeof *s->x))
        return emgp_fail_memory(err);
    s->x = x;
    for (size_t i = 0; i < block->n_frames; i++)
        s->x[i] = block->x[i * block->n_channels + lane];
    return emg_heart_lead_push(s->beats, s->x, block->n_frames, err);
}

/* Derived channels select themselves and come along: their blocks, and their lanes, go by. */
static emg_status take_block(search *s, const emg_block *block, emg_error *err)
{
    size_t lane = 0;
    while (lane < block->n_channels && block->channel[lane] != s->lead->channel)
        lane++;
    if (lane == block->n_channels)
        return EMG_OK;
    emg_status status = block->new_segment ? end_segment(s, err) : EMG_OK;
    if (status)
        return status;
    if (s->n_frames == 0)
        s->start_s = block->start_s;
    s->n_frames += block->n_frames;
    return push_lane(s, block, lane, err);
}

static emg_status read_all(search *s, emg_error *err)
{
    for (;;) {
        emg_block block;
        emg_status status = emg_recording_next(s->recording, &block, err);
        if (status)
            return status;
        if (block.n_frames == 0)
            return end_segment(s, err);
        if (s->config->go_on && !s->config->go_on(s->config->go_on_context))
            return emgp_fail(err, EMG_ECANCELLED, "stopped on request");
        status = take_block(s, &block, err);
        if (status)
            return status;
    }
}

/* Reads one channel; what is remarkable of it is no matter of the analysis, so it is read leniently. */
static emg_status read_channel(emgp_lead *lead, const char *path, const emg_reading *reading,
                               const emg_channel *channel, const emg_run_config *config, emg_error *err)
{
    char text[32];
    const char *pattern = text;
    emg_reading alone = *reading;
    search s = { .lead = lead, .config = config, .rate_hz = channel->rate_hz };
    snprintf(text, sizeof text, "#%zu", channel->number);
    alone.channels = &pattern;
    alone.n_channels = 1;
    alone.all_channels = alone.strict = false;
    emg_status status = emg_recording_open(&s.recording, path, &alone, err);
    if (status == EMG_OK)
        status = emg_heart_lead_new(&s.beats, channel->rate_hz, take_beat, &s, err);
    if (status == EMG_OK)
        status = read_all(&s, err);
    emg_heart_lead_free(s.beats);
    emg_recording_close(s.recording);
    emgp_free(s.x);
    return status;
}

static bool is_lead(const emg_channel *channel)
{
    return channel->type == EMG_TYPE_ECG && channel->usable && !channel->bad && channel->n_samples > 0;
}

emg_status emgp_lead_read(emgp_lead *lead, const char *path, const emg_reading *reading, const emg_recording *recording,
                          const emg_run_config *config, emg_error *err)
{
    const emg_channel *channel;
    bool wanted = false;
    for (size_t i = 0; (channel = emg_recording_channel(recording, i)); i++)
        wanted = wanted || (!is_lead(channel) && emgp_pass_fits(channel, config));
    wanted = wanted && emgp_condition_seeks_heart(&config->analysis.condition);
    emg_status status = EMG_OK;
    for (size_t i = 0; wanted && status == EMG_OK && lead->n == 0; i++) {
        channel = emg_recording_channel(recording, i);
        if (!channel)
            return EMG_OK;
        lead->channel = i;
        if (is_lead(channel))
            status = read_channel(lead, path, reading, channel, config, err);
    }
    return status;
}

emgp_heart_beats emgp_lead_beats(const emgp_lead *lead)
{
    return (emgp_heart_beats){ lead->beat_s, lead->n };
}

void emgp_lead_free(emgp_lead *lead)
{
    emgp_free(lead->beat_s);
    *lead = (emgp_lead){ .n = 0 };
}

emg_status emgp_lead_pass(const char *path, const emg_reading *reading, emg_recording *recording,
                          const emg_run_config *config, const emgp_pass_taker *taker, emg_error *err)
{
    emgp_lead lead = { .n = 0 };
    emg_status status = emgp_lead_read(&lead, path, reading, recording, config, err);
    if (status == EMG_OK)
        status = emgp_pass_run(recording, emgp_lead_beats(&lead), config, taker, err);
    emgp_lead_free(&lead);
    return status;
}
