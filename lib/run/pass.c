/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks to their groups, each through its own conditioning into a short queue of what is to come by next. */
#include "run/run.h"

#include <string.h>

#include "base/base.h"

/* --- the queue: what one block has made of its group --- */

static void put(emgp_pass *p, emgp_pass_event event, emgp_pass_group *group, double time_s, size_t n_frames)
{
    p->queue[p->n_queued++] = (emgp_pass_item){ event, group, time_s, NULL, n_frames };
}

static emg_status take_conditioned(void *context, const float *x, size_t n_frames, emg_error *err)
{
    emgp_pass_group *group = context;
    emgp_pass *p = group->pass;
    void *values = p->x;
    size_t n = n_frames * group->n_channels;
    if (!emgp_reserve(&values, &p->room, p->n_values, p->n_values + n, sizeof *p->x))
        return emgp_fail_memory(err);
    p->x = values;
    memcpy(p->x + p->n_values, x, n * sizeof *p->x);
    p->n_values += n;
    if (p->n_queued > 0 && p->queue[p->n_queued - 1].event == EMGP_PASS_FRAMES)
        p->queue[p->n_queued - 1].n_frames += n_frames;
    else
        put(p, EMGP_PASS_FRAMES, group, 0, n_frames);
    return EMG_OK;
}

/* --- groups --- */

static emg_status add_group(emgp_pass *p, const emg_block *block)
{
    if (block->n_channels > EMGP_PASS_CHANNELS)
        return emgp_fail(p->err, EMG_ERANGE, "%zu channels in a block are more than %d", block->n_channels,
                         EMGP_PASS_CHANNELS);
    void *groups = p->groups;
    emgp_pass_group *group = NULL;
    if (emgp_reserve(&groups, &p->groups_room, p->n_groups, p->n_groups + 1, sizeof(emgp_pass_group *)))
        group = emgp_alloc(1, sizeof *group);
    p->groups = groups;
    if (!group)
        return emgp_fail_memory(p->err);
    p->groups[p->n_groups++] = group;
    *group = (emgp_pass_group){ .pass = p, .rate_hz = block->rate_hz, .n_channels = block->n_channels };
    memcpy(group->index, block->channel, block->n_channels * sizeof *group->index);
    const emg_condition_config *condition = &p->config->analysis.condition;
    if (!emgp_condition_band(condition, block->rate_hz, &group->low_hz, &group->high_hz))
        return EMG_OK; /* too slow: its blocks are ignored */
    const emgp_condition_taker taker = { .floats = take_conditioned, .context = group };
    emg_status status = emgp_condition_new(&group->condition, condition, block->rate_hz, block->n_channels,
                                           emg_recording_get_facts(p->recording)->power_line_hz, &taker, p->err);
    for (size_t i = 0; status == EMG_OK && i < block->n_channels; i++) {
        double low, high;
        emgp_blocks_limits(emg_recording_channel(p->recording, block->channel[i]), &low, &high);
        emgp_condition_limits(group->condition, i, low, high);
    }
    emg_filter_plan band;
    if (status == EMG_OK && emgp_condition_filter(condition, block->rate_hz, &band))
        status = emgp_condition_stimuli(group->condition, p->stimuli.stimulus, p->stimuli.n, group->index,
                                        p->config->analysis.marks.artefact_s, p->err);
    return status;
}

static void free_groups(emgp_pass *p)
{
    for (size_t i = 0; i < p->n_groups; i++) {
        emgp_condition_free(p->groups[i]->condition);
        emgp_free(p->groups[i]);
    }
    p->n_groups = 0;
}

static emg_status end_segment(emgp_pass *p, emgp_pass_group *group)
{
    if (!group->in_segment)
        return EMG_OK;
    group->in_segment = false;
    emg_status status = emgp_condition_finish(group->condition, p->err);
    put(p, EMGP_PASS_ENDS, group, group->end_s, 0);
    return status;
}

/* The end of the recording: nothing more comes to this group, and its memory is free for the next one's end. */
static emg_status end_group(emgp_pass *p, emgp_pass_group *group)
{
    const emg_status status = end_segment(p, group);
    emgp_condition_free(group->condition);
    group->condition = NULL;
    return status;
}

/* The group whose blocks begin with this channel is made when there is none. */
static emg_status push_block(emgp_pass *p, const emg_block *block)
{
    size_t at = 0;
    while (at < p->n_groups && p->groups[at]->index[0] != block->channel[0])
        at++;
    emg_status status = at < p->n_groups ? EMG_OK : add_group(p, block);
    if (status || !p->groups[at]->condition)
        return status;
    emgp_pass_group *group = p->groups[at];
    status = block->new_segment ? end_segment(p, group) : EMG_OK;
    if (status)
        return status;
    if (!group->in_segment) {
        group->in_segment = true;
        emgp_condition_start(group->condition, &p->qrs, block->start_s);
        put(p, EMGP_PASS_BEGINS, group, block->start_s, 0);
    }
    group->end_s = block->start_s + (double)block->n_frames / block->rate_hz;
    return emgp_condition_push(group->condition, block->x, block->n_frames, p->err);
}

/* --- the pass --- */

emg_status emgp_pass_open(emgp_pass *p, const char *path, const emg_reading *reading, const emg_run_config *config,
                          emg_error *err)
{
    *p = (emgp_pass){ .path = path, .reading = *reading, .config = config, .err = err };
    p->reading.raw_only = true;
    emg_status status = emg_config_check(&config->analysis, err);
    if (status == EMG_OK)
        status = emg_recording_open(&p->recording, path, &p->reading, err);
    const emg_channel *channel;
    if (status == EMG_OK)
        p->n_channels = emg_recording_get_facts(p->recording)->n_channels;
    bool *slow = emgp_alloc(p->n_channels, sizeof *slow);
    status = status || slow ? status : emgp_fail_memory(err);
    for (size_t i = 0; status == EMG_OK && i < p->n_channels; i++) {
        channel = emg_recording_channel(p->recording, i);
        p->n_fitting += emgp_blocks_fit(channel, config);
        slow[i] = !emgp_blocks_fit(channel, config) && channel->selected && channel->usable && channel->n_samples > 0;
    }
    if (status == EMG_OK)
        status = emgp_notice_slow(p->recording, slow, err);
    emgp_free(slow);
    if (status == EMG_OK)
        status = emgp_ecg_channel_read(&p->ecg_channel, path, &p->reading, p->recording, config, err);
    p->qrs = (emgp_qrs_times){ p->ecg_channel.qrs_s, p->ecg_channel.n };
    return status ? status
                  : emgp_stimuli_read(&p->stimuli, p->recording, config->stimulus_globs, config->n_stimulus_globs, err);
}

emg_status emgp_pass_restart(emgp_pass *p)
{
    free_groups(p);
    p->n_ended = p->n_queued = p->n_taken = 0;
    p->all_read = false;
    return emgp_reopen(&p->recording, p->path, &p->reading, p->err);
}

bool emgp_pass_next(emgp_pass *p, emgp_pass_item *item)
{
    const emg_run_config *config = p->config;
    emg_block block;
    while (p->n_taken == p->n_queued) {
        p->n_taken = p->n_queued = p->n_values = p->n_given = 0;
        p->all_read = p->all_read ||
                      !emgp_blocks_next(p->recording, config->go_on, config->go_on_context, &block, &p->status, p->err);
        if (!p->all_read)
            p->status = push_block(p, &block);
        else if (p->status == EMG_OK && p->n_ended < p->n_groups)
            p->status = end_group(p, p->groups[p->n_ended++]);
        else
            return false;
        if (p->status)
            return false;
    }
    *item = p->queue[p->n_taken++];
    item->x = p->x + p->n_given;
    p->n_given += item->n_frames * item->group->n_channels;
    return true;
}

void emgp_pass_close(emgp_pass *p)
{
    free_groups(p);
    emgp_free(p->groups);
    emgp_free(p->x);
    emgp_ecg_channel_free(&p->ecg_channel);
    emgp_stimuli_forget(&p->stimuli);
    emg_recording_close(p->recording);
    *p = (emgp_pass){ .path = NULL };
}
