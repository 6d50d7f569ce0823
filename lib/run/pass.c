/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks to their groups, each through its own conditioning to whoever takes the frames. */
#include "run/run.h"

#include "condition/condition.h"
#include "base/base.h"

/* A group with the stage that conditions it. */
typedef struct stream {
    struct pass *pass;
    size_t index; /* in pass->groups */
    emgp_condition *condition;
    bool in_segment;
    double end_s; /* after the last frame that came in */
} stream;

typedef struct pass {
    emg_recording *recording;
    emgp_qrs_times beats;
    const emg_run_config *config;
    const emgp_pass_taker *taker;
    emgp_pass_group *groups;
    stream **streams; /* each stays where it is: its conditioning points to it */
    size_t n, groups_room, streams_room;
    emg_error *err;
} pass;

bool emgp_pass_fits(const emg_channel *channel, const emg_run_config *config)
{
    double low, high;
    return channel->selected && channel->usable && channel->n_samples > 0 &&
           emgp_condition_band(&config->analysis.condition, channel->rate_hz, &low, &high);
}

static emg_status take_conditioned(void *context, const float *x, size_t n_frames, emg_error *err)
{
    stream *s = context;
    return s->pass->taker->take(s->pass->taker->context, &s->pass->groups[s->index], x, n_frames, err);
}

static emg_status make_room(pass *p)
{
    void *groups = p->groups, *streams = p->streams;
    bool roomy = emgp_reserve(&groups, &p->groups_room, p->n, p->n + 1, sizeof *p->groups);
    p->groups = groups;
    roomy = roomy && emgp_reserve(&streams, &p->streams_room, p->n, p->n + 1, sizeof *p->streams);
    p->streams = streams;
    if (!roomy || !(p->streams[p->n] = emgp_alloc(1, sizeof(stream))))
        return emgp_fail_memory(p->err);
    p->groups[p->n] = (emgp_pass_group){ 0 };
    *p->streams[p->n] = (stream){ .pass = p, .index = p->n };
    p->n++;
    return EMG_OK;
}

static emg_status make_stream(pass *p, const emg_block *block)
{
    if (block->n_channels > EMGP_PASS_CHANNELS)
        return emgp_fail(p->err, EMG_ERANGE, "%zu channels in a block are more than %d", block->n_channels,
                         EMGP_PASS_CHANNELS);
    emg_status status = make_room(p);
    if (status)
        return status;
    const emg_condition_config *condition = &p->config->analysis.condition;
    emgp_pass_group *group = &p->groups[p->n - 1];
    stream *s = p->streams[p->n - 1];
    group->rate_hz = block->rate_hz;
    group->n_channels = block->n_channels;
    for (size_t i = 0; i < block->n_channels; i++)
        group->index[i] = block->channel[i];
    if (!emgp_condition_band(condition, block->rate_hz, &group->low_hz, &group->high_hz))
        return EMG_OK; /* too slow: it stays without a stage, and its blocks go by */
    status =
        emgp_condition_new(&s->condition, condition, block->rate_hz, block->n_channels,
                           emg_recording_get_facts(p->recording)->power_line_hz, take_conditioned, NULL, s, p->err);
    return status ? status : p->taker->make(p->taker->context, group, p->err);
}

/* The stream whose blocks begin with this channel, made when there is none; NULL after a failure. */
static stream *stream_of(pass *p, const emg_block *block)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->groups[i].index[0] == block->channel[0])
            return p->streams[i];
    }
    return make_stream(p, block) == EMG_OK ? p->streams[p->n - 1] : NULL;
}

static emg_status end_segment(pass *p, stream *s)
{
    if (!s->in_segment)
        return EMG_OK;
    s->in_segment = false;
    emg_status status = emgp_condition_finish(s->condition, p->err);
    return status ? status : p->taker->finish(p->taker->context, &p->groups[s->index], s->end_s, p->err);
}

static emg_status push_block(pass *p, const emg_block *block)
{
    stream *s = stream_of(p, block);
    if (!s)
        return p->err && p->err->status ? p->err->status : EMG_ENOMEM;
    if (!s->condition)
        return EMG_OK;
    emg_status status = block->new_segment ? end_segment(p, s) : EMG_OK;
    if (status == EMG_OK && !s->in_segment) {
        s->in_segment = true;
        emgp_condition_start(s->condition, &p->beats, block->start_s);
        status = p->taker->start(p->taker->context, &p->groups[s->index], block->start_s, p->err);
    }
    if (status)
        return status;
    s->end_s = block->start_s + (double)block->n_frames / block->rate_hz;
    return emgp_condition_push(s->condition, block->x, block->n_frames, p->err);
}

static emg_status push_all(pass *p)
{
    for (;;) {
        emg_block block;
        emg_status status = emg_recording_next(p->recording, &block, p->err);
        if (status || block.n_frames == 0)
            return status;
        if (p->config->go_on && !p->config->go_on(p->config->go_on_context))
            return emgp_fail(p->err, EMG_ECANCELLED, "stopped on request");
        status = push_block(p, &block);
        if (status == EMG_OK && p->taker->between)
            status = p->taker->between(p->taker->context, p->err);
        if (status)
            return status;
    }
}

emg_status emgp_pass_run(emg_recording *recording, emgp_qrs_times beats, const emg_run_config *config,
                         const emgp_pass_taker *taker, emg_error *err)
{
    emg_error own = EMG_ERROR_NONE;
    pass p = { .recording = recording, .beats = beats, .config = config, .taker = taker, .err = err ? err : &own };
    emg_status status = push_all(&p);
    for (size_t i = 0; status == EMG_OK && i < p.n; i++)
        status = end_segment(&p, p.streams[i]);
    if (status == EMG_OK)
        status = taker->end(taker->context, p.groups, p.n, p.err);
    for (size_t i = 0; i < p.n; i++) {
        taker->free(&p.groups[i]);
        emgp_condition_free(p.streams[i]->condition);
        emgp_free(p.streams[i]);
    }
    emgp_free(p.groups);
    emgp_free(p.streams);
    return status;
}
