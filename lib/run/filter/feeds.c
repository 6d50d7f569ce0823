/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks taken apart: lanes to be conditioned go through a chain, the others past it, all of them into rounds. */
#include "run/filter/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { PREFILTER_FIELD = 80 }; /* characters of an EDF header's field */

/* --- what is done to a channel --- */

static bool idle(const emg_run_filter_config *config, size_t n_filters)
{
    return n_filters == 0 && config->mains.mode == EMG_MAINS_OFF && config->heart.mode == EMG_HEART_OFF &&
           !config->with_envelope;
}

/* Why a channel is not conditioned; NULL: it is. */
static const char *exemption(const emg_run_filter_config *config, const emg_channel *channel, bool lead)
{
    emg_filter_plan plans[EMG_RUN_MOST_FILTERS];
    size_t n;
    if (channel->type == EMG_TYPE_TRIGGER)
        return "a trigger channel";
    if (lead)
        return "the ECG lead";
    if (!channel->is_muscle && !config->every_channel)
        return "not a muscle";
    if (idle(config, config->n_filters))
        return "nothing was to be done";
    if (!emg_run_filter_plans(config, channel->rate_hz, plans, &n))
        return "sampled too slowly for the band";
    return idle(config, n) ? "every filter lies beyond its rate" : NULL;
}

/* The source's own text stays in front where there is room. */
static void fill_prefilter(emg_run_filtered *told, const emg_channel *channel, const char *done)
{
    bool both =
        told->conditioned && channel->prefilter[0] && strlen(channel->prefilter) + 1 + strlen(done) <= PREFILTER_FIELD;
    if (both)
        snprintf(told->prefilter, sizeof told->prefilter, "%.80s %.80s", channel->prefilter, done);
    else
        emgp_text_copy(told->prefilter, sizeof told->prefilter, told->conditioned ? done : channel->prefilter);
}

/* Corners of the first band-pass. */
static void fill_corners(emg_run_filtered *told, const emg_filter_plan *plans, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        if (plans[i].family == EMG_FILTER_NOTCH || plans[i].kind != EMG_FILTER_PASS)
            continue;
        told->low_hz = plans[i].low_hz;
        told->high_hz = plans[i].high_hz;
    }
}

static void fill_told(emg_run_filtered *told, const emg_run_filter_config *config, const emg_channel *channel)
{
    char done[120] = "";
    told->low_hz = told->high_hz = NAN;
    told->calibrated = channel->to_uv > 0;
    if (told->conditioned) {
        emg_filter_plan plans[EMG_RUN_MOST_FILTERS];
        size_t n;
        (void)emg_run_filter_plans(config, channel->rate_hz, plans, &n);
        emgp_chain_text(config, plans, n, done, sizeof done);
        fill_corners(told, plans, n);
    }
    fill_prefilter(told, channel, done);
}

/* Voltages stay in the unit of the source, spelled as headers spell it; energies are squares. */
static void fill_unit(emgp_outlet *o, const emg_run_filter_config *config)
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
    if (!o->told->conditioned || !config->with_envelope || config->envelope.kind != EMG_ENVELOPE_TEAGER_KAISER)
        return;
    o->to_unit *= o->to_unit;
    strcat(o->unit, o->unit[0] ? "^2" : ""); /* room was left */
}

/* --- feeds --- */

static emg_status new_feed(emgp_conditioned *c, emgp_feed **out, size_t first, double rate_hz, emg_error *err)
{
    emgp_feed *feed = &c->feeds[c->n_feeds++];
    feed->first = first;
    feed->rate_hz = rate_hz;
    feed->chained = emgp_alloc(EMGP_MOST_LANES, sizeof *feed->chained);
    feed->passed = emgp_alloc(EMGP_MOST_LANES, sizeof *feed->passed);
    *out = feed;
    return feed->chained && feed->passed ? EMG_OK : emgp_fail_memory(err);
}

static size_t outlet_of(const emgp_conditioned *c, size_t channel)
{
    size_t i = 0;
    while (i < c->n_outlets && c->outlets[i].told->channel != channel)
        i++;
    return i;
}

/* Sorts a lane of a feed's blocks to where it goes. The source's number is filled in when the feed is complete. */
static void sort_lane(emgp_conditioned *c, emgp_feed *feed, const emgp_choice *choice, size_t channel, size_t lane)
{
    size_t i = outlet_of(c, channel);
    if ((long)channel == choice->lead)
        feed->has_lead = true;
    if (i == c->n_outlets)
        return;
    emgp_outlet *o = &c->outlets[i];
    if (o->told->conditioned) {
        o->lane = feed->n_chained;
        feed->chained[feed->n_chained++] = lane;
    } else {
        o->lane = feed->n_passed;
        feed->passed[feed->n_passed++] = lane;
    }
}

static void number_sources(emgp_conditioned *c, emgp_feed *feed, const size_t *channels, size_t n)
{
    if (feed->n_chained > 0) {
        feed->chain_source = c->n_sources;
        c->sources[c->n_sources++] = (emgp_round_source){ feed->n_chained + feed->has_lead, 0, feed->rate_hz };
    }
    if (feed->n_passed > 0) {
        feed->pass_source = c->n_sources;
        c->sources[c->n_sources++] = (emgp_round_source){ feed->n_passed, 0, feed->rate_hz };
    }
    for (size_t k = 0; k < n; k++) {
        size_t i = outlet_of(c, channels[k]);
        if (i < c->n_outlets)
            c->outlets[i].source = c->outlets[i].told->conditioned ? feed->chain_source : feed->pass_source;
    }
}

static emg_status finish_feed(emgp_conditioned *c, emgp_feed *feed, const emgp_choice *choice, const size_t *channels,
                              size_t n, emg_error *err)
{
    size_t lead_lane = 0;
    for (size_t k = 0; k < n; k++) {
        sort_lane(c, feed, choice, channels[k], k);
        if ((long)channels[k] == choice->lead)
            lead_lane = k;
    }
    if (choice->lead >= 0 && feed->n_chained > 0 && !feed->has_lead)
        return emgp_fail(err, EMG_ERANGE,
                         "the ECG lead is not sampled at %g Hz as '%.60s' is, or there are more than %d channels: "
                         "choose channels with -c",
                         feed->rate_hz, emg_recording_channel(c->recording, feed->first)->name, EMGP_MOST_LANES);
    feed->has_lead = feed->has_lead && feed->n_chained > 0;
    number_sources(c, feed, channels, n);
    if (feed->has_lead)
        feed->chained[feed->n_chained++] = lead_lane;
    return EMG_OK;
}

/* The recording's own grouping: rates in the order in which they come, group_size channels at most. */
static emg_status plan_feeds(emgp_conditioned *c, const emgp_choice *choice, bool *taken, emg_error *err)
{
    size_t n = emg_recording_get_facts(c->recording)->n_channels, channels[EMGP_MOST_LANES];
    for (size_t i = 0; i < n; i++) {
        const emg_channel *first = emg_recording_channel(c->recording, i);
        size_t n_lanes = 0;
        for (size_t k = i; k < n && !taken[i]; k++) {
            const emg_channel *other = emg_recording_channel(c->recording, k);
            if (taken[k] || !other->selected || other->rate_hz < first->rate_hz || other->rate_hz > first->rate_hz)
                continue;
            channels[n_lanes++] = k;
            if (n_lanes == choice->reading.group_size)
                break;
        }
        emgp_feed *feed;
        if (n_lanes == 0 || channels[0] != i)
            continue;
        emg_status status = new_feed(c, &feed, i, first->rate_hz, err);
        if (status == EMG_OK)
            status = finish_feed(c, feed, choice, channels, n_lanes, err);
        if (status != EMG_OK)
            return status;
        for (size_t k = 0; k < n_lanes; k++)
            taken[channels[k]] = true;
    }
    return EMG_OK;
}

static void plan_outlets(emgp_conditioned *c, const emgp_choice *choice)
{
    size_t n = emg_recording_get_facts(c->recording)->n_channels;
    for (size_t i = 0; i < n; i++) {
        const emg_channel *channel = emg_recording_channel(c->recording, i);
        c->n_selected += channel->selected;
        if (!channel->selected || ((long)i == choice->lead && !choice->lead_written))
            continue;
        emg_run_filtered *told = &c->out->channels[c->n_outlets];
        emgp_outlet *o = &c->outlets[c->n_outlets++];
        told->channel = i;
        told->why_not = exemption(c->config, channel, (long)i == choice->lead);
        told->conditioned = !told->why_not;
        fill_told(told, c->config, channel);
        *o = (emgp_outlet){ .channel = channel, .low = INFINITY, .high = -INFINITY, .told = told };
        fill_unit(o, c->config);
    }
    c->out->n_channels = c->n_outlets;
}

static bool make_room(emgp_conditioned *c, size_t n_channels)
{
    c->outlets = emgp_alloc(n_channels, sizeof *c->outlets);
    c->out->channels = emgp_alloc(n_channels, sizeof *c->out->channels);
    c->feeds = emgp_alloc(n_channels, sizeof *c->feeds);
    c->sources = emgp_alloc(2 * n_channels, sizeof *c->sources); /* a feed may have two */
    c->divisors = emgp_alloc(2 * n_channels, sizeof *c->divisors);
    return c->outlets && c->out->channels && c->feeds && c->sources && c->divisors;
}

emg_status emgp_feeds_plan(emgp_conditioned *c, const emgp_choice *choice, emg_error *err)
{
    size_t n = emg_recording_get_facts(c->recording)->n_channels;
    if (!make_room(c, n))
        return emgp_fail_memory(err);
    plan_outlets(c, choice);
    if (c->n_outlets == 0)
        return emgp_fail(err, EMG_EARG, "holds no muscle channel with samples; --all-channels takes the others");
    bool *taken = emgp_alloc(n, sizeof *taken);
    if (!taken)
        return emgp_fail_memory(err);
    emg_status status = plan_feeds(c, choice, taken, err);
    emgp_free(taken);
    return status;
}

emg_status emgp_feeds_reopen(emgp_conditioned *c, emg_error *err)
{
    size_t n_selected = 0;
    const emg_channel *channel;
    for (size_t i = 0; (channel = emg_recording_channel(c->recording, i)) != NULL; i++)
        n_selected += channel->selected;
    bool same = n_selected == c->n_selected;
    for (size_t i = 0; i < c->n_outlets && same; i++) {
        emgp_outlet *o = &c->outlets[i];
        channel = emg_recording_channel(c->recording, o->told->channel);
        same = channel && channel->selected && fabs(channel->rate_hz - c->sources[o->source].rate_hz) <= 0;
        o->channel = channel;
    }
    return same ? EMG_OK : emgp_fail(err, EMG_EIO, "the recording has changed while it was read");
}

/* --- at work --- */

static emg_status from_chain(void *context, const double *x, size_t n_frames, emg_error *err)
{
    const emgp_feed *feed = context;
    return emgp_rounds_push(feed->rounds, feed->chain_source, x, n_frames, err);
}

emg_status emgp_feeds_begin(emgp_conditioned *c, emgp_rounds *rounds, emg_error *err)
{
    double stated = emg_recording_get_facts(c->recording)->power_line_hz;
    emg_status status = EMG_OK;
    for (size_t i = 0; i < c->n_feeds && status == EMG_OK; i++) {
        emgp_feed *feed = &c->feeds[i];
        feed->rounds = rounds;
        if (feed->n_chained > 0)
            status = emgp_chain_new(&feed->chain, c->config, feed->rate_hz, feed->n_chained,
                                    feed->has_lead ? (int)feed->n_chained - 1 : -1, stated, from_chain, feed, err);
    }
    return status;
}

static emg_status begin_segment(emgp_feed *feed, double start_s, emg_error *err)
{
    emg_status status = EMG_OK;
    if (feed->chain)
        status = emgp_chain_finish(feed->chain, err);
    if (status == EMG_OK && feed->chain)
        status = emgp_rounds_begin(feed->rounds, feed->chain_source, start_s, err);
    if (status == EMG_OK && feed->n_passed > 0)
        status = emgp_rounds_begin(feed->rounds, feed->pass_source, start_s, err);
    return status;
}

/* Some lanes of a block, interleaved by themselves. */
static emg_status gather(emgp_feed *feed, const emg_block *block, const size_t *lanes, size_t n, emg_error *err)
{
    void *x = feed->x;
    if (!emgp_reserve(&x, &feed->room, 0, block->n_frames * n, sizeof *feed->x))
        return emgp_fail_memory(err);
    feed->x = x;
    for (size_t i = 0; i < block->n_frames; i++)
        for (size_t k = 0; k < n; k++)
            feed->x[i * n + k] = block->x[i * block->n_channels + lanes[k]];
    return EMG_OK;
}

emg_status emgp_feeds_take(emgp_conditioned *c, const emg_block *block, emg_error *err)
{
    emgp_feed *feed = c->feeds;
    while (feed->first != block->channel[0])
        feed++;
    emg_status status = block->new_segment ? begin_segment(feed, block->start_s, err) : EMG_OK;
    if (status == EMG_OK && feed->chain) {
        status = gather(feed, block, feed->chained, feed->n_chained, err);
        if (status == EMG_OK)
            status = emgp_chain_push(feed->chain, feed->x, block->n_frames, err);
    }
    if (status == EMG_OK && feed->n_passed > 0) {
        status = gather(feed, block, feed->passed, feed->n_passed, err);
        if (status == EMG_OK)
            status = emgp_rounds_push(feed->rounds, feed->pass_source, feed->x, block->n_frames, err);
    }
    return status;
}

emg_status emgp_feeds_finish(emgp_conditioned *c, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < c->n_feeds && status == EMG_OK; i++)
        if (c->feeds[i].chain)
            status = emgp_chain_finish(c->feeds[i].chain, err);
    return status;
}

emg_status emgp_feeds_tell(emgp_conditioned *c, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < c->n_outlets && status == EMG_OK; i++) {
        const emgp_outlet *o = &c->outlets[i];
        for (size_t k = 0; k < c->n_feeds && status == EMG_OK && o->told->conditioned; k++)
            if (c->feeds[k].chain && c->feeds[k].chain_source == o->source)
                status = emgp_chain_tell(c->feeds[k].chain, o->lane, o->told, err);
    }
    return status;
}

void emgp_feeds_end(emgp_conditioned *c)
{
    for (size_t i = 0; i < c->n_feeds; i++) {
        emgp_chain_free(c->feeds[i].chain);
        c->feeds[i].chain = NULL;
    }
}

void emgp_feeds_free(emgp_conditioned *c)
{
    for (size_t i = 0; i < c->n_feeds; i++) {
        emgp_free(c->feeds[i].chained);
        emgp_free(c->feeds[i].passed);
        emgp_free(c->feeds[i].x);
    }
    emgp_free(c->feeds);
    emgp_free(c->outlets);
    emgp_free(c->sources);
}
