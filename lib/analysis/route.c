/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sparse half of the route, as a table of contents: across, units, episodes and rhythm, muscles, summaries. */
#include "analysis/analysis.h"

#include <math.h>
#include <string.h>

#include "analysis/classify/classify.h"
#include "base/base.h"

/* Slower sampling misses the peaks of short activity: that it is small is then no reason against a word. */
static const double sized_hz = 500;

typedef struct finish {
    emg_analysis *a;
    emg_result *r;
    emgp_spill *company;
    emgp_spill *channel_events; /* channel * EMGP_N_STREAMS + kind, of muscles with several channels */
    emgp_units *units;
    emgp_episodes *episodes;
    emg_mark *marks;           /* room for those about one channel */
    emgp_spill *rhythms;       /* two streams a channel, then one more of each with what muscles share */
    emgp_tally tally;          /* of a muscle */
    emgp_tally *tallies;       /* of the channels */
    emgp_tally_spread *spread; /* of the channel or muscle at hand */
    emgp_rest *rest;
    emgp_tracer *tracer;    /* NULL: nothing of the channel was analysed */
    size_t channel, stream; /* being worked on */
    emg_error *err;
} finish; /* of one worker: company, channel_events, rhythms and tallies are those of all */

/* Streams of `rhythms`: of a channel as they come, and as they are shared. */
static size_t rhythms_of(size_t channel, emgp_stream kind)
{
    return 2 * channel + (kind == EMGP_CLAIMS);
}

static size_t shared_of(const finish *f, size_t channel)
{
    return 2 * f->a->n + channel;
}

/* Counts an event, and hands it on. */
static emg_status give_channel_event(finish *f, emgp_stream kind, const emg_event *event, emg_error *err)
{
    emgp_tally_add(&f->tallies[f->channel], event);
    const uint32_t muscle = f->r->muscle_of[f->channel];
    const bool alone = f->r->muscles[muscle].n_channels == 1;
    if (alone && event->trial_type == EMG_UNCLASSIFIED) /* a small potential makes no row */
        return EMG_OK;
    if (alone)
        return emgp_spill_push(f->r->events, muscle * EMGP_N_STREAMS + (size_t)kind, event, err);
    return emgp_spill_push(f->channel_events, f->channel * EMGP_N_STREAMS + (size_t)kind, event, err);
}

static emg_status take_channel_event(void *context, emgp_stream kind, const emg_event *found, emg_error *err)
{
    finish *f = context;
    emg_event rounded = *found, *event = &rounded;
    event->onset_s = round(found->onset_s * 1e6) / 1e6; /* as printed: equal onsets are ordered by channel */
    if (kind == EMGP_POINTS && event->trial_type == EMG_INDETERMINATE) {
        f->r->channels[f->channel].counts.scrap_count++;
        return EMG_OK;
    }
    emg_status status = emgp_rest_event(f->rest, kind, event, err);
    if (status == EMG_OK && f->tracer)
        status = emgp_tracer_event(f->tracer, event, err);
    if (status)
        return status;
    if (emgp_shared_may(event)) /* its word and rate wait for the other muscles */
        return emgp_spill_push(f->rhythms, rhythms_of(f->channel, kind), event, err);
    return give_channel_event(f, kind, event, err);
}

static emg_status take_muscle_event(void *context, const emg_event *event, emg_error *err)
{
    finish *f = context;
    emgp_tally_add(&f->tally, event);
    return event->trial_type == EMG_UNCLASSIFIED ? EMG_OK : emgp_spill_push(f->r->events, f->stream, event, err);
}

/* The channel's group; NULL: no block ever came, or no segment was long enough. */
static const emgp_group *group_of(const emg_analysis *a, size_t channel)
{
    return a->group_of[channel] == a->n ? NULL : a->groups[a->group_of[channel]];
}

/* A signal of which nothing is told. */
static void leave_out(emg_summary_signal *signal)
{
    signal->quality = signal->excluded_s > 0 ? 0 : NAN;
    signal->noise = signal->threshold = NAN;
    signal->rms = signal->mav = signal->mean_frequency_hz = signal->median_frequency_hz = NAN;
    signal->peak_frequency_hz = signal->spectral_entropy = NAN;
    for (size_t b = 0; b < EMG_PSD_BINS; b++)
        signal->psd[b] = NAN;
}

static emg_status fill_signal(finish *f, emg_summary_signal *signal)
{
    const emg_analysis *a = f->a;
    signal->noise = signal->threshold = signal->quality = signal->rest_s = NAN;
    signal->ecg.per_min = signal->ecg.interval_cv = NAN;
    if (a->group_of[f->channel] == a->n)
        return EMG_OK; /* no block ever came */
    const emgp_group *group = group_of(a, f->channel);
    signal->excluded_s = signal->short_s = a->waiting[a->group_of[f->channel]].short_s;
    if (!group) { /* no segment was long enough */
        leave_out(signal);
        return EMG_OK;
    }
    emgp_channel_sums sums = emgp_group_sums(group, a->channel_of[f->channel]);
    signal->kind = sums.kind;
    if (sums.kind != EMG_SIGNAL_RAW) {
        signal->excluded_s += sums.analysed_s + sums.excluded_s;
        leave_out(signal);
        return EMG_OK;
    }
    signal->analysed_s = sums.analysed_s;
    signal->excluded_s += sums.excluded_s;
    signal->dead_s = sums.dead_s;
    signal->short_s += emgp_group_short(group);
    signal->noise = sums.noise;
    signal->threshold = sums.least_sigma * sums.noise;
    signal->windows = sums.quality;
    double total = sums.analysed_s + signal->excluded_s;
    if (total > 0)
        signal->quality = fmin(1, sums.quality.usable_s / total);
    signal->ecg = sums.ecg;
    return emgp_group_figures(group, a->channel_of[f->channel], signal, f->err);
}

static const double *gaps_of(const emg_analysis *a, size_t channel, size_t *n)
{
    *n = 0;
    const emgp_group *group = group_of(a, channel);
    return group ? emgp_group_gaps(group, a->channel_of[channel], n) : NULL;
}

static emg_status look_for_locked(finish *f, double analysed_s)
{
    emg_analysis *a = f->a;
    if (!group_of(a, f->channel) || f->r->channels[f->channel].signal.kind != EMG_SIGNAL_RAW)
        return EMG_OK;
    const emgp_clock *clock = &a->clocks[a->group_of[f->channel]];
    double end_s = clock->segment_s + (double)clock->n_frames / a->sources[f->channel].rate_hz;
    return emgp_locked_look(&a->locked, a->bursts, f->channel, clock->first_s, end_s, analysed_s, &a->config, f->err);
}

/* The channel's events, and how long it rested beside them: of what reached its group, whether analysed or not. */
static emg_status find_events(finish *f, const emgp_channel_streams *streams, const emgp_channel_facts *facts,
                              emg_summary_signal *signal)
{
    const emg_analysis *a = f->a;
    const size_t group = a->group_of[f->channel];
    const double waited_s = group == a->n ? 0 : a->waiting[group].short_s;
    emgp_sketch *sketch = f->r->sketches[f->channel];
    const emgp_marks_told marks = emgp_marked_about(&a->told, f->marks, f->channel);
    emgp_episodes_mark(f->episodes, &marks);
    emgp_sketch_streams traced = { streams->discharges, f->r->times, streams->unit_of, streams->stream };
    emg_status status = emgp_rest_new(&f->rest, a->directory, f->err);
    if (status == EMG_OK && sketch)
        status = emgp_tracer_new(&f->tracer, sketch, &traced, f->err);
    if (status == EMG_OK)
        status = emgp_channel_events(streams, f->units, f->episodes, facts, take_channel_event, f, f->err);
    if (status == EMG_OK)
        status = emgp_rest_measure(f->rest, a->restless, f->channel, signal->analysed_s + signal->excluded_s - waited_s,
                                   sketch, &signal->rest_s, f->err);
    if (status == EMG_OK && f->tracer)
        status = emgp_tracer_finish(f->tracer, f->err);
    emgp_tracer_free(f->tracer);
    emgp_rest_free(f->rest);
    f->tracer = NULL;
    f->rest = NULL;
    return status;
}

static emg_status finish_channel(finish *f)
{
    emg_analysis *a = f->a;
    emg_summary *summary = &f->r->channels[f->channel];
    emg_status status = EMG_OK;
    size_t n_gaps;
    const double *gaps = gaps_of(a, f->channel, &n_gaps);
    emgp_tally_start(&f->tallies[f->channel], &a->config, gaps, n_gaps, summary->calibrated, &summary->counts,
                     f->spread);
    emgp_channel_streams streams = { .discharges = a->discharges,
                                     .bursts = a->bursts,
                                     .synchrony = f->company,
                                     .levels = a->levels,
                                     .beats = a->beats,
                                     .stream = f->channel,
                                     .floor = { .level_db = NAN },
                                     .sources = a->sources,
                                     .n_sources = a->n,
                                     .directory = a->directory };
    if (group_of(a, f->channel)) {
        f->r->sketches[f->channel] = emgp_group_sketch(a->groups[a->group_of[f->channel]], a->channel_of[f->channel]);
        const emgp_levels *levels = emgp_group_levels(group_of(a, f->channel), a->channel_of[f->channel]);
        streams.level_step_s = emgp_levels_step_s(levels);
        status = emgp_floor_settle(levels, &streams.floor, f->err);
    }
    emgp_channel_facts facts = { .channel = (uint32_t)f->channel,
                                 .muscle = f->r->muscle_of[f->channel],
                                 .reflex_site = a->sources[f->channel].reflex_site,
                                 .calibrated = a->sources[f->channel].calibrated,
                                 .sized = a->sources[f->channel].rate_hz >= sized_hz,
                                 .observation_s = summary->signal.analysed_s,
                                 .n_muscles = f->r->n_muscles,
                                 .watch = f->r->watch,
                                 .times = f->r->times };
    if (status == EMG_OK)
        status = emgp_spill_new(&streams.unit_of, 1, sizeof(emgp_unit_of), EMGP_SPILL_BUDGET, a->directory, f->err);
    if (status == EMG_OK && summary->signal.kind == EMG_SIGNAL_RAW)
        status = find_events(f, &streams, &facts, &summary->signal);
    emgp_tally_settle(&f->tallies[f->channel]);
    emgp_spill_free(streams.unit_of);
    return status;
}

/* What muscles share is looked for among so many events that follow each other. */
enum { SHARING = 512 };

static emg_status settle(finish *f, emg_event *events, size_t n)
{
    emg_status status = emgp_shared_settle(events, n, f->r->times, f->err);
    for (size_t i = 0; status == EMG_OK && i < n; i++)
        status = emgp_spill_push(f->rhythms, shared_of(f, events[i].channel), &events[i], f->err);
    return status;
}

static emg_status share(finish *f)
{
    emg_event *events = emgp_alloc(SHARING, sizeof *events);
    emgp_merge *merge = NULL;
    const void *record = NULL;
    size_t stream, n = 0;
    if (!events)
        return emgp_fail_memory(f->err);
    emg_status status = emgp_merge_new(&merge, f->rhythms, 0, 2 * f->a->n, f->err);
    while (status == EMG_OK && (status = emgp_merge_next(merge, &stream, &record, f->err)) == EMG_OK && record) {
        memcpy(&events[n++], record, sizeof *events);
        if (n < SHARING)
            continue;
        status = settle(f, events, n);
        n = 0;
    }
    if (status == EMG_OK)
        status = settle(f, events, n);
    emgp_merge_free(merge);
    emgp_free(events);
    return status;
}

/* The channel's rhythms as they are shared, and its counts. */
static emg_status complete_channel(void *context, size_t channel, size_t worker, emg_error *err)
{
    finish *f = (finish *)context + worker;
    const emg_summary *summary = &f->r->channels[channel];
    emgp_spill_cursor cursor;
    emg_event event;
    bool there;
    emg_status status = EMG_OK;
    f->channel = channel;
    emgp_spill_start(&cursor, f->rhythms, shared_of(f, channel));
    while (status == EMG_OK && (status = emgp_spill_copy(&cursor, &event, sizeof event, &there, err)) == EMG_OK &&
           there)
        status = give_channel_event(f, EMGP_RHYTHMS, &event, err);
    emgp_spill_stop(&cursor);
    emgp_tally_finish(&f->tallies[channel], summary->signal.analysed_s, summary->signal.rest_s);
    return status;
}

static emg_status finish_one_channel(void *context, size_t channel, size_t worker, emg_error *err)
{
    finish *f = (finish *)context + worker;
    f->channel = channel;
    f->err = err;
    return finish_channel(f);
}

/* Streams of one kind of a muscle's channels lie apart; they are merged kind by kind. */
static emg_status merge_kinds(finish *f, uint32_t muscle, emgp_spill *gathered)
{
    const size_t n = f->r->muscles[muscle].n_channels;
    for (size_t kind = 0; kind < EMGP_N_STREAMS; kind++) {
        f->stream = muscle * EMGP_N_STREAMS + kind;
        emg_status status = emgp_muscle_merge(gathered, kind * n, n, take_muscle_event, f, f->err);
        if (status)
            return status;
    }
    return EMG_OK;
}

static emg_status finish_muscle(finish *f, uint32_t muscle)
{
    emg_summary *m = &f->r->muscles[muscle];
    size_t n_gaps;
    emgp_muscle_inherit(f->r, muscle);
    if (m->n_channels == 1) {
        m->counts = f->r->channels[m->strongest_channel].counts; /* its only channel's events are its own */
        return EMG_OK;
    }
    emgp_spill *gathered = NULL;
    const double *gaps = gaps_of(f->a, m->strongest_channel, &n_gaps);
    emgp_tally_start(&f->tally, &f->a->config, gaps, n_gaps, m->calibrated, &m->counts, f->spread);
    emg_status status = emgp_muscle_gather(&gathered, f->r, muscle, f->channel_events, f->a->directory, f->err);
    if (status == EMG_OK)
        status = merge_kinds(f, muscle, gathered);
    emgp_spill_free(gathered);
    m->counts.scrap_count = f->r->channels[m->strongest_channel].counts.scrap_count;
    emgp_tally_settle(&f->tally);
    emgp_tally_finish(&f->tally, m->signal.analysed_s, m->signal.rest_s);
    return status;
}

static emg_status finish_one_muscle(void *context, size_t muscle, size_t worker, emg_error *err)
{
    finish *f = (finish *)context + worker;
    f->err = err;
    return finish_muscle(f, (uint32_t)muscle);
}

/* What each worker has for itself. */
static emg_status prepare_worker(finish *f)
{
    f->spread = emgp_alloc(1, sizeof *f->spread);
    f->marks = emgp_alloc(f->a->told.n_stretches + f->a->told.n_stimuli, sizeof *f->marks);
    emg_status status = f->spread && f->marks ? EMG_OK : emgp_fail_memory(f->err);
    if (status == EMG_OK)
        status = emgp_units_new(&f->units, &f->a->config.unit, f->err);
    if (status == EMG_OK)
        status = emgp_episodes_new(&f->episodes, &f->a->config, f->err);
    return status;
}

static void free_worker(finish *f)
{
    emgp_units_free(f->units);
    emgp_episodes_free(f->episodes);
    emgp_free(f->spread);
    emgp_free(f->marks);
}

/* What all workers share goes to the first one, and from there to the others. */
static emg_status prepare(finish *all, size_t n)
{
    finish *f = &all[0];
    emg_analysis *a = f->a;
    emg_status status =
        emgp_spill_new(&f->company, a->n, sizeof(emgp_synchrony), EMGP_SPILL_BUDGET, a->directory, f->err);
    if (status == EMG_OK)
        status = emgp_spill_new(&f->channel_events, a->n * EMGP_N_STREAMS, sizeof(emg_event), EMGP_SPILL_BUDGET,
                                a->directory, f->err);
    if (status == EMG_OK)
        status = emgp_spill_new(&f->r->events, f->r->n_muscles * EMGP_N_STREAMS, sizeof(emg_event), EMGP_SPILL_BUDGET,
                                a->directory, f->err);
    if (status == EMG_OK)
        status = emgp_spill_new(&f->r->times, a->n * EMGP_N_TIMES, sizeof(emgp_burst_time), EMGP_SPILL_BUDGET,
                                a->directory, f->err);
    if (status == EMG_OK)
        status = emgp_spill_new(&f->rhythms, 3 * a->n, sizeof(emg_event), EMGP_SPILL_BUDGET, a->directory, f->err);
    if (status == EMG_OK && !(f->tallies = emgp_alloc(a->n, sizeof *f->tallies)))
        status = emgp_fail_memory(f->err);
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        all[i].rhythms = f->rhythms;
        all[i].tallies = f->tallies;
        all[i].company = f->company;
        all[i].channel_events = f->channel_events;
        status = prepare_worker(&all[i]);
    }
    return status;
}

typedef struct admission {
    const emg_analysis *a;
    emgp_admit_setup setup;   /* of all streams */
    emgp_rescue_setup rescue; /* the same */
} admission;

static emg_status admit_stream(void *context, size_t stream, size_t worker, emg_error *err)
{
    const admission *all = context;
    const emgp_group *group = group_of(all->a, stream);
    (void)worker;
    if (!group) /* nothing was analysed */
        return EMG_OK;
    emgp_admit_setup setup = all->setup;
    setup.stream = stream;
    setup.high_hz = emgp_group_sums(group, all->a->channel_of[stream]).high_hz;
    emgp_rescue_setup rescue = all->rescue;
    rescue.stream = stream;
    rescue.stimulated = all->a->told.n_stimuli > 0;
    emg_status status = emgp_admit(&setup, err);
    return status ? status : emgp_rescue(&rescue, err);
}

/* Leaves of what was found what is told. */
static emg_status admit(finish *f)
{
    emg_analysis *a = f->a;
    admission all = {
        a,
        { .config = &a->config.detect, .discharges = a->discharges, .bursts = a->bursts, .directory = a->directory },
        { .config = &a->config, .discharges = a->discharges, .bursts = a->bursts, .directory = a->directory }
    };
    emgp_admit_setup *setup = &all.setup;
    emgp_rescue_setup *rescue = &all.rescue;
    emg_status status =
        emgp_spill_new(&setup->told_discharges, a->n, sizeof(emgp_discharge), EMGP_SPILL_BUDGET, a->directory, f->err);
    if (status == EMG_OK)
        status = emgp_spill_new(&setup->told_bursts, a->n, sizeof(emgp_burst), EMGP_SPILL_BUDGET, a->directory, f->err);
    if (status == EMG_OK)
        status = emgp_spill_new(&rescue->out_discharges, a->n, sizeof(emgp_discharge), EMGP_SPILL_BUDGET, a->directory,
                                f->err);
    if (status == EMG_OK)
        status = emgp_spill_new(&rescue->out_bursts, a->n, sizeof(emgp_burst), EMGP_SPILL_BUDGET, a->directory, f->err);
    rescue->told_discharges = setup->told_discharges;
    rescue->told_bursts = setup->told_bursts;
    if (status == EMG_OK)
        status = emgp_team_do(a->team, a->n, admit_stream, &all, f->err);
    emgp_spill_free(setup->told_discharges);
    emgp_spill_free(setup->told_bursts);
    emgp_spill_free(a->discharges);
    emgp_spill_free(a->bursts);
    a->discharges = rescue->out_discharges;
    a->bursts = rescue->out_bursts;
    return status;
}

/* The sparse stages in their order. */
static emg_status run_stages(finish *all)
{
    finish *f = &all[0];
    emg_analysis *a = f->a;
    emg_error *err = f->err;
    emg_status status = admit(f);
    if (status == EMG_OK)
        status =
            emgp_across(a->bursts, a->sources, a->n, f->r->muscle_of, f->r->n_muscles, &a->config, f->company, f->err);
    for (f->channel = 0; status == EMG_OK && f->channel < a->n;
         f->channel++) /* one by one: a group's share their room */
        status = fill_signal(f, &f->r->channels[f->channel].signal);
    if (status == EMG_OK) /* what is asked for is kept in the order of the channels */
        status = emgp_team_do(f->r->watch ? NULL : a->team, a->n, finish_one_channel, all, err);
    f->err = err;
    if (status == EMG_OK)
        status = share(f);
    if (status == EMG_OK)
        status = emgp_team_do(a->team, a->n, complete_channel, all, err);
    f->err = err;
    for (f->channel = 0; status == EMG_OK && f->channel < a->n; f->channel++)
        status = look_for_locked(f, f->r->channels[f->channel].signal.analysed_s);
    if (status == EMG_OK)
        status = emgp_team_do(a->team, f->r->n_muscles, finish_one_muscle, all, err);
    f->r->time_locked = emgp_locked_sum(&a->locked);
    return status;
}

emg_status emgp_route_sparse(emg_analysis *a, emg_error *err)
{
    const size_t n = emgp_team_size(a->team);
    finish *all = emgp_alloc(n, sizeof *all);
    if (!all)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        all[i] = (finish){ .a = a, .r = a->result, .err = err };
    emg_status status = prepare(all, n);
    if (status == EMG_OK)
        status = run_stages(all);
    emgp_spill_free(all[0].company);
    emgp_spill_free(all[0].channel_events);
    emgp_spill_free(all[0].rhythms);
    emgp_free(all[0].tallies);
    for (size_t i = 0; i < n; i++)
        free_worker(&all[i]);
    emgp_free(all);
    return status;
}
