/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks taken apart: channels to be conditioned go through the stages, the others do not; all go into slices. */
#include "run/filter/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { PREFILTER_FIELD = 80 }; /* characters of an EDF header's field */

/* --- what is done to a channel --- */

/* Whether the configuration has nothing to be done at any rate. */
static bool idle(const emg_run_filter_config *config)
{
    return config->n_filters == 0 && emgp_stages_idle(config, HUGE_VAL);
}

/* Why a channel is not conditioned; NULL: it is. */
static const char *exemption(const emg_run_filter_config *config, const emg_channel *channel, bool ecg_channel)
{
    emg_filter_plan plans[EMG_RUN_MOST_FILTERS + 1];
    size_t n;
    if (channel->type == EMG_TYPE_TRIGGER)
        return "a trigger channel";
    if (ecg_channel)
        return "the ECG lead";
    if (!channel->is_muscle && !config->every_channel)
        return "not a muscle";
    if (idle(config))
        return "nothing was to be done";
    if (!emg_run_filter_plans(config, channel->rate_hz, plans, &n))
        return "sampled too slowly for the band";
    return emgp_stages_idle(config, channel->rate_hz) ? "every filter lies beyond its rate" : NULL;
}

/* The source's own text stays in front where there is room. */
static void fill_prefilter(emg_run_filtered *report, const emg_channel *channel, const char *done)
{
    bool both = report->conditioned && channel->prefilter[0] &&
                strlen(channel->prefilter) + 1 + strlen(done) <= PREFILTER_FIELD;
    if (both)
        snprintf(report->prefilter, sizeof report->prefilter, "%.80s %.80s", channel->prefilter, done);
    else
        emgp_text_copy(report->prefilter, sizeof report->prefilter, report->conditioned ? done : channel->prefilter);
}

/* Corners of the first band-pass. */
static void fill_corners(emg_run_filtered *report, const emg_filter_plan *plans, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        if (plans[i].family == EMG_FILTER_NOTCH || plans[i].kind != EMG_FILTER_PASS)
            continue;
        report->low_hz = plans[i].low_hz;
        report->high_hz = plans[i].high_hz;
    }
}

static void fill_report(emg_run_filtered *report, const emg_run_filter_config *config, const emg_channel *channel)
{
    char done[120] = "";
    report->low_hz = report->high_hz = NAN;
    report->calibrated = channel->to_uv > 0;
    if (report->conditioned) {
        emg_filter_plan plans[EMG_RUN_MOST_FILTERS + 1];
        size_t n;
        (void)emg_run_filter_plans(config, channel->rate_hz, plans, &n);
        emgp_stages_text(config, channel->rate_hz, done, sizeof done);
        fill_corners(report, plans, n);
    }
    fill_prefilter(report, channel, done);
}

/* Voltages stay in the unit of the source, spelled as headers spell it; energies are squares. */
static void fill_unit(emgp_written_channel *o, const emg_run_filter_config *config)
{
    static const struct {
        const char *name;
        double to_uv;
    } volts[] = { { "uV", 1 }, { "mV", 1e3 }, { "V", 1e6 }, { "nV", 1e-3 } };
    const emg_channel *channel = o->channel;
    o->to_unit = 1;
    emgp_text_copy(o->unit, sizeof o->unit - 2, channel->unit);
    if (channel->to_uv > 0) {
        size_t k = 0;
        for (size_t i = 0; i < sizeof volts / sizeof *volts; i++)
            if (fabs(channel->to_uv / volts[i].to_uv - 1) < 1e-9)
                k = i;
        emgp_text_copy(o->unit, sizeof o->unit - 2, volts[k].name);
        o->to_unit = 1 / volts[k].to_uv;
    }
    if (!o->report->conditioned || !config->with_envelope || config->envelope.kind != EMG_ENVELOPE_TEAGER_KAISER)
        return;
    o->to_unit *= o->to_unit;
    strcat(o->unit, o->unit[0] ? "^2" : ""); /* room was left */
}

/* --- groups --- */

static emg_status new_group(emgp_conditioned *c, emgp_filter_group **out, size_t first, double rate_hz, emg_error *err)
{
    emgp_filter_group *group = &c->groups[c->n_groups++];
    group->first = first;
    group->rate_hz = rate_hz;
    group->chained = emgp_alloc(EMGP_MOST_CHANNELS, sizeof *group->chained);
    group->passed = emgp_alloc(EMGP_MOST_CHANNELS, sizeof *group->passed);
    *out = group;
    return group->chained && group->passed ? EMG_OK : emgp_fail_memory(err);
}

static size_t written_of(const emgp_conditioned *c, size_t channel)
{
    size_t i = 0;
    while (i < c->n_written && c->written[i].report->channel != channel)
        i++;
    return i;
}

/* Sorts a place of a group's blocks to where it goes. The source's number is filled in when the group is complete. */
static void sort_place(emgp_conditioned *c, emgp_filter_group *group, size_t channel, size_t place)
{
    size_t i = written_of(c, channel);
    if (i == c->n_written)
        return;
    emgp_written_channel *o = &c->written[i];
    if (o->report->conditioned) {
        o->place = group->n_chained;
        group->chained[group->n_chained++] = place;
    } else {
        o->place = group->n_passed;
        group->passed[group->n_passed++] = place;
    }
}

static void number_sources(emgp_conditioned *c, emgp_filter_group *group, const size_t *channels, size_t n)
{
    if (group->n_chained > 0) {
        group->chain_source = c->n_sources;
        c->sources[c->n_sources++] = (emgp_slice_source){ group->n_chained, 0, group->rate_hz };
    }
    if (group->n_passed > 0) {
        group->pass_source = c->n_sources;
        c->sources[c->n_sources++] = (emgp_slice_source){ group->n_passed, 0, group->rate_hz };
    }
    for (size_t k = 0; k < n; k++) {
        size_t i = written_of(c, channels[k]);
        if (i < c->n_written)
            c->written[i].source = c->written[i].report->conditioned ? group->chain_source : group->pass_source;
    }
}

/* The recording's own grouping: rates in the order in which they come, group_size channels at most. */
static emg_status plan_groups(emgp_conditioned *c, bool *taken, emg_error *err)
{
    size_t n = emg_recording_get_facts(c->recording)->n_channels, channels[EMGP_MOST_CHANNELS];
    for (size_t i = 0; i < n; i++) {
        const emg_channel *first = emg_recording_channel(c->recording, i);
        size_t n_places = 0;
        for (size_t k = i; k < n && !taken[i]; k++) {
            const emg_channel *other = emg_recording_channel(c->recording, k);
            if (taken[k] || !other->selected || other->rate_hz < first->rate_hz || other->rate_hz > first->rate_hz)
                continue;
            channels[n_places++] = k;
            if (n_places == c->config->reading.group_size)
                break;
        }
        emgp_filter_group *group;
        if (n_places == 0 || channels[0] != i)
            continue;
        emg_status status = new_group(c, &group, i, first->rate_hz, err);
        if (status != EMG_OK)
            return status;
        for (size_t k = 0; k < n_places; k++) {
            sort_place(c, group, channels[k], k);
            taken[channels[k]] = true;
        }
        number_sources(c, group, channels, n_places);
    }
    return EMG_OK;
}

static void plan_written(emgp_conditioned *c)
{
    size_t n = emg_recording_get_facts(c->recording)->n_channels;
    for (size_t i = 0; i < n; i++) {
        const emg_channel *channel = emg_recording_channel(c->recording, i);
        c->n_selected += channel->selected;
        if (!channel->selected)
            continue;
        emg_run_filtered *report = &c->out->channels[c->n_written];
        emgp_written_channel *o = &c->written[c->n_written++];
        report->channel = i;
        report->why_not = exemption(c->config, channel, c->ecg_channel.found && i == c->ecg_channel.channel);
        report->conditioned = !report->why_not;
        fill_report(report, c->config, channel);
        *o = (emgp_written_channel){ .channel = channel, .low = INFINITY, .high = -INFINITY, .report = report };
        fill_unit(o, c->config);
    }
    c->out->n_channels = c->n_written;
}

static bool make_room(emgp_conditioned *c, size_t n_channels)
{
    c->written = emgp_alloc(n_channels, sizeof *c->written);
    c->out->channels = emgp_alloc(n_channels, sizeof *c->out->channels);
    c->groups = emgp_alloc(n_channels, sizeof *c->groups);
    c->sources = emgp_alloc(2 * n_channels, sizeof *c->sources); /* a group may have two */
    c->divisors = emgp_alloc(2 * n_channels, sizeof *c->divisors);
    return c->written && c->out->channels && c->groups && c->sources && c->divisors;
}

emg_status emgp_filter_groups_plan(emgp_conditioned *c, emg_error *err)
{
    size_t n = emg_recording_get_facts(c->recording)->n_channels;
    if (!make_room(c, n))
        return emgp_fail_memory(err);
    plan_written(c);
    if (c->n_written == 0)
        return emgp_fail(err, EMG_EARG, "holds no muscle channel with samples; --all-channels takes the others");
    bool *taken = emgp_alloc(n, sizeof *taken);
    if (!taken)
        return emgp_fail_memory(err);
    emg_status status = plan_groups(c, taken, err);
    emgp_free(taken);
    return status;
}

emg_status emgp_filter_groups_reopen(emgp_conditioned *c, emg_error *err)
{
    size_t n_selected = 0;
    const emg_channel *channel;
    for (size_t i = 0; (channel = emg_recording_channel(c->recording, i)) != NULL; i++)
        n_selected += channel->selected;
    bool same = n_selected == c->n_selected;
    for (size_t i = 0; i < c->n_written && same; i++) {
        emgp_written_channel *o = &c->written[i];
        channel = emg_recording_channel(c->recording, o->report->channel);
        same = channel && channel->selected && fabs(channel->rate_hz - c->sources[o->source].rate_hz) <= 0;
        o->channel = channel;
    }
    return same ? EMG_OK : emgp_fail(err, EMG_EIO, "the recording has changed while it was read");
}

/* --- at work --- */

static emg_status from_stages(void *context, const double *x, size_t n_frames, emg_error *err)
{
    const emgp_filter_group *group = context;
    return emgp_slices_push(group->slices, group->chain_source, x, n_frames, err);
}

static void tell_limits(const emgp_conditioned *c, const emgp_filter_group *group)
{
    for (size_t i = 0; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        double low, high;
        if (!o->report->conditioned || o->source != group->chain_source)
            continue;
        emgp_blocks_limits(o->channel, &low, &high);
        emgp_stages_limits(group->stages, o->place, low, high);
    }
}

static emg_status tell_stimuli(const emgp_conditioned *c, emgp_filter_group *group, emg_error *err)
{
    size_t numbers[EMGP_MOST_CHANNELS];
    for (size_t i = 0; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        if (o->report->conditioned && o->source == group->chain_source)
            numbers[o->place] = o->report->channel;
    }
    return emgp_stages_stimuli(group->stages, &c->stimuli, numbers, c->config, err);
}

emg_status emgp_filter_groups_begin(emgp_conditioned *c, emgp_slices *slices, emg_error *err)
{
    double stated = emg_recording_get_facts(c->recording)->power_line_hz;
    emg_status status = EMG_OK;
    for (size_t i = 0; i < c->n_groups && status == EMG_OK; i++) {
        emgp_filter_group *group = &c->groups[i];
        group->slices = slices;
        group->qrs = (emgp_qrs_times){ c->ecg_channel.qrs_s, c->ecg_channel.n };
        if (group->n_chained > 0)
            status = emgp_stages_new(&group->stages, c->config, group->rate_hz, group->n_chained, stated, from_stages,
                                     group, err);
        if (status == EMG_OK && group->stages)
            tell_limits(c, group);
        if (status == EMG_OK && group->stages)
            status = tell_stimuli(c, group, err);
    }
    return status;
}

static emg_status begin_segment(emgp_filter_group *group, double start_s, emg_error *err)
{
    emg_status status = EMG_OK;
    if (group->stages)
        status = emgp_stages_finish(group->stages, err);
    if (status == EMG_OK && group->stages) {
        emgp_stages_start(group->stages, &group->qrs, start_s);
        status = emgp_slices_begin(group->slices, group->chain_source, start_s, err);
    }
    if (status == EMG_OK && group->n_passed > 0)
        status = emgp_slices_begin(group->slices, group->pass_source, start_s, err);
    return status;
}

/* Some places of a block, interleaved by themselves. */
static emg_status gather(emgp_filter_group *group, const emg_block *block, const size_t *places, size_t n,
                         emg_error *err)
{
    void *x = group->x;
    if (!emgp_reserve(&x, &group->room, 0, block->n_frames * n, sizeof *group->x))
        return emgp_fail_memory(err);
    group->x = x;
    for (size_t i = 0; i < block->n_frames; i++)
        for (size_t k = 0; k < n; k++)
            group->x[i * n + k] = block->x[i * block->n_channels + places[k]];
    return EMG_OK;
}

emg_status emgp_filter_groups_take(emgp_conditioned *c, const emg_block *block, emg_error *err)
{
    emgp_filter_group *group = c->groups;
    while (group->first != block->channel[0])
        group++;
    emg_status status = block->new_segment ? begin_segment(group, block->start_s, err) : EMG_OK;
    if (status == EMG_OK && group->stages) {
        status = gather(group, block, group->chained, group->n_chained, err);
        if (status == EMG_OK)
            status = emgp_stages_push(group->stages, group->x, block->n_frames, err);
    }
    if (status == EMG_OK && group->n_passed > 0) {
        status = gather(group, block, group->passed, group->n_passed, err);
        if (status == EMG_OK)
            status = emgp_slices_push(group->slices, group->pass_source, group->x, block->n_frames, err);
    }
    return status;
}

/* What was found in a group's channels goes into their reports. */
static void report_group(emgp_conditioned *c, const emgp_filter_group *group)
{
    for (size_t i = 0; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        if (o->report->conditioned && group->chain_source == o->source)
            emgp_stages_found(group->stages, o->place, o->report);
    }
}

static void free_stages(emgp_filter_group *group)
{
    emgp_stages_free(group->stages);
    group->stages = NULL;
}

/* One group after the other, so that a group's memory is free for the next one's end. */
emg_status emgp_filter_groups_finish(emgp_conditioned *c, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < c->n_groups && status == EMG_OK; i++) {
        if (!c->groups[i].stages)
            continue;
        status = emgp_stages_finish(c->groups[i].stages, err);
        report_group(c, &c->groups[i]);
        free_stages(&c->groups[i]);
    }
    return status;
}

void emgp_filter_groups_end(emgp_conditioned *c)
{
    for (size_t i = 0; i < c->n_groups; i++)
        free_stages(&c->groups[i]);
}

void emgp_filter_groups_free(emgp_conditioned *c)
{
    for (size_t i = 0; i < c->n_groups; i++) {
        emgp_free(c->groups[i].chained);
        emgp_free(c->groups[i].passed);
        emgp_free(c->groups[i].x);
    }
    emgp_free(c->groups);
    emgp_free(c->written);
    emgp_free(c->sources);
}
