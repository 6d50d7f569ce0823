/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passes over a channel: its units are learned, what trains and what is sparse found, contractions sought in the rest. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

enum { ROW_BUDGET = 1 << 18 };

enum { MOST_SHAPED, PERIODIC, TOGETHER, LASTING, MOVED, FAINT, BURIED, BURIED_BURSTS, BURIED_LONGEST, BURIED_MOST };

static const emgp_rule numbers[] = {
    [MOST_SHAPED] =
        EMGP_NUMBER("channel.most_shaped", "discharges of a burst", EMGP_AT_MOST, EMGP_LIMIT(EMGP_MOST_POINTS),
                    EMGP_OURS, "more are interference: their shapes are no unit's"),
    [PERIODIC] = EMGP_NUMBER("channel.periodic", "acf_height of a burst", EMGP_AT_LEAST, EMGP_LIMIT(0.35), EMGP_OURS,
                             "the time since the burst before counts as time in rhythm (rhythmic_s)"),
    [TOGETHER] = EMGP_NUMBER("channel.together", "time since the burst before / lag", EMGP_AT_MOST, EMGP_LIMIT(3),
                             EMGP_OURS, "when both belong together"),
    [LASTING] = EMGP_NUMBER("channel.lasting_s", "duration of a burst", EMGP_AT_LEAST, EMGP_LIMIT(0.1), EMGP_OURS,
                            "it is longer than a jerk"),
    [MOVED] = EMGP_NUMBER("channel.moved", "such bursts of the channel", EMGP_AT_LEAST, EMGP_LIMIT(4), EMGP_OURS,
                          "the muscle is moved again and again: where it is busy nothing stands alone (busy_share)"),
    [FAINT] = EMGP_NUMBER("channel.faint_db", "level of a contraction over the floor", EMGP_BELOW, EMGP_LIMIT(6),
                          EMGP_OURS, "what is so low and holds no burst is a change of the noise, no contraction"),
    [BURIED] = EMGP_NUMBER("channel.buried_db", "level of a contraction over the noise round its bursts", EMGP_BELOW,
                           EMGP_LIMIT(1.4), EMGP_OURS, "it is noise with bursts in it that are judged one by one,"),
    [BURIED_BURSTS] = EMGP_NUMBER("channel.buried_bursts_s", "duration of the longest of these", EMGP_BELOW,
                                  EMGP_SETTING(episode.tonic_least_s), EMGP_OURS, "when none of them is one itself"),
    [BURIED_LONGEST] = EMGP_NUMBER("channel.buried_longest_s", "duration of such a contraction", EMGP_AT_MOST,
                                   EMGP_LIMIT(4), EMGP_OURS, "the noise's own measure follows longer ones up"),
    [BURIED_MOST] = EMGP_NUMBER("channel.buried_most", "bursts in such a contraction", EMGP_AT_MOST, EMGP_LIMIT(6),
                                EMGP_OURS, "more, besides those on swings of the baseline, are a muscle at work"),
};

emgp_rules emgp_channel_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

typedef struct readers {
    emgp_spill_cursor discharges, bursts, synchrony, units, kin;
    emgp_beats beats;
} readers;

static void start(readers *r, const emgp_channel_streams *s, const emgp_spill *kin)
{
    emgp_spill_start(&r->kin, kin, 0);
    emgp_spill_start(&r->discharges, s->discharges, s->stream);
    emgp_spill_start(&r->bursts, s->bursts, s->stream);
    emgp_spill_start(&r->synchrony, s->synchrony, s->stream);
    emgp_spill_start(&r->units, s->unit_of, 0);
    emgp_beats_start(&r->beats, s->beats, s->stream);
}

static void stop(readers *r)
{
    emgp_spill_stop(&r->discharges);
    emgp_spill_stop(&r->bursts);
    emgp_spill_stop(&r->synchrony);
    emgp_spill_stop(&r->units);
    emgp_beats_stop(&r->beats);
    emgp_spill_stop(&r->kin);
}

/* Assigns the discharges of a burst to units and notes them. A muscle that never rests holds more shapes than can be known:
 * there only those count that stand out, or fire regularly. */
static emg_status learn_burst(readers *r, const emgp_burst *burst, emgp_units *units, bool never_rests, emg_error *err)
{
    const bool few = (double)burst->n_discharges <= numbers[MOST_SHAPED].limit;
    for (uint32_t i = 0; i < burst->n_discharges; i++) {
        emgp_discharge discharge;
        bool there;
        emg_status status = emgp_spill_copy(&r->discharges, &discharge, sizeof discharge, &there, err);
        if (status || !there)
            return status;
        const bool out_of_all =
            !never_rests || discharge.flags & EMGP_FIRING || emgp_stands_out(discharge.peak, discharge.sigma);
        status = emgp_units_push(units, &discharge, few && out_of_all, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

/* Time since the burst before, when the envelope is periodic around this one and they belong together. */
static double rhythmic_time(const emgp_burst *burst, double before_s)
{
    double step = burst->onset_s - before_s;
    bool periodic = (double)burst->acf_height >= numbers[PERIODIC].limit &&
                    step <= numbers[TOGETHER].limit * (double)burst->acf_lag_s;
    return periodic ? step : 0;
}

static emg_status learn(const emgp_channel_streams *streams, emgp_units *units, emgp_channel_facts *facts,
                        emg_error *err)
{
    double before_s = INFINITY, n_lasting = 0;
    facts->rhythmic_s = 0;
    readers r;
    start(&r, streams, streams->unit_of);
    emg_status status = EMG_OK;
    for (bool there = true; status == EMG_OK && there;) {
        emgp_burst burst;
        status = emgp_spill_copy(&r.bursts, &burst, sizeof burst, &there, err);
        if (status || !there)
            break;
        if (burst.flags & EMGP_SEGMENT_END) {
            emgp_units_gap(units);
            before_s = INFINITY;
            continue;
        }
        facts->rhythmic_s += before_s < burst.onset_s ? rhythmic_time(&burst, before_s) : 0;
        before_s = burst.onset_s;
        n_lasting += burst.end_s - burst.onset_s >= numbers[LASTING].limit;
        status = emgp_beats_note(&r.beats, &burst, err);
        if (status == EMG_OK)
            status = learn_burst(&r, &burst, units, facts->never_rests, err);
    }
    stop(&r);
    emgp_heart_learn(&facts->heart, &r.beats, facts->observation_s);
    facts->moved = n_lasting >= numbers[MOVED].limit;
    return status;
}

static emgp_point point_of(const emgp_discharge *d, emgp_unit_of of, const emgp_units *units)
{
    return (emgp_point){ .peak_s = d->peak_s,
                         .before_s = d->before_s,
                         .after_s = d->after_s,
                         .peak = d->peak,
                         .peak_to_peak = d->peak_to_peak,
                         .sigma = d->sigma,
                         .flags = (uint16_t)d->flags,
                         .of = of,
                         .ecg = emgp_units_is_ecg(units, of.unit) };
}

/* The next burst with its synchrony and its first discharges. */
static emg_status next_burst(readers *r, const emgp_units *units, emgp_episode_burst *burst, bool *there,
                             emg_error *err)
{
    memset(burst, 0, sizeof *burst);
    emg_status status = emgp_spill_copy(&r->bursts, &burst->burst, sizeof burst->burst, there, err);
    bool paired = false;
    if (status == EMG_OK && *there)
        status = emgp_spill_copy(&r->synchrony, &burst->synchrony, sizeof burst->synchrony, &paired, err);
    if (status == EMG_OK && *there && emgp_kin_compared(&burst->burst))
        status = emgp_spill_copy(&r->kin, &burst->kin, sizeof burst->kin, &paired, err);
    if (status || !*there)
        return status;
    for (uint32_t i = 0; i < burst->burst.n_discharges; i++) {
        emgp_discharge discharge;
        emgp_unit_of of;
        bool known, read;
        status = emgp_spill_copy(&r->discharges, &discharge, sizeof discharge, &read, err);
        if (status == EMG_OK)
            status = emgp_spill_copy(&r->units, &of, sizeof of, &known, err);
        if (status || !read || !known)
            return status;
        if (burst->n_points < EMGP_MOST_POINTS)
            burst->point[burst->n_points++] = point_of(&discharge, of, units);
    }
    return EMG_OK;
}

/* What the removal of a QRS complex left is the ECG's too, one that it missed, and a P wave. */
static emg_status mark_residue(readers *r, const emgp_channel_facts *facts, emgp_episode_burst *burst, emg_error *err)
{
    double residue;
    if (burst->burst.flags & EMGP_SEGMENT_END)
        return EMG_OK;
    emg_status status = emgp_heart_residue(&facts->heart, &r->beats, burst->burst.peak_s, &residue, err);
    for (unsigned i = 0; (double)burst->burst.peak_to_peak <= residue && i < burst->n_points; i++)
        burst->point[i].ecg = true;
    return status;
}

static emg_status judge(const emgp_channel_streams *streams, const emgp_units *units, const emgp_spill *kin,
                        emgp_claims *claims, emgp_episodes *episodes, const emgp_channel_facts *facts, emg_error *err)
{
    readers r;
    start(&r, streams, kin);
    emg_status status = emgp_claims_start(claims, err);
    for (bool there = true; status == EMG_OK && there;) {
        emgp_episode_burst burst;
        status = next_burst(&r, units, &burst, &there, err);
        if (status || !there)
            break;
        status = mark_residue(&r, facts, &burst, err);
        if (status == EMG_OK)
            status = emgp_claims_mark(claims, &burst, err);
        if (status)
            break;
        status = burst.burst.flags & EMGP_SEGMENT_END ? emgp_episodes_gap(episodes, &burst, err)
                                                      : emgp_episodes_push(episodes, &burst, err);
    }
    stop(&r);
    return status ? status : emgp_episodes_finish(episodes, err);
}

typedef struct rows {
    emgp_spill *spill;
    emgp_course *course; /* of the channel's levels */
    emgp_silent silent;  /* of the same */
    emgp_used used;
    bool never_rests;
    double lasting_s;         /* as long as a contraction of its own */
    emgp_spill_cursor bursts; /* walked along with the contractions */
    emgp_burst burst;         /* the first that has not ended before the last contraction began */
    bool there;
} rows;

/* Whether a contraction is but noise, with bursts in it or without. */
static emg_status is_noise(rows *r, const emgp_contraction *row, bool *is, emg_error *err)
{
    double noise = 0, longest_s = 0, n = 0;
    emg_status status = EMG_OK;
    while (r->there && r->burst.onset_s < row->end_s) {
        const double length_s = r->burst.end_s - r->burst.onset_s;
        if (r->burst.end_s > row->onset_s && !(r->burst.flags & EMGP_SEGMENT_END)) {
            noise = fmax(noise, (double)r->burst.sigma);
            longest_s = fmax(longest_s, length_s);
            n += (r->burst.flags & (EMGP_POP | EMGP_MOTION)) == 0;
        }
        if (r->burst.end_s > row->end_s) /* the next one may hold it, too */
            break;
        status = emgp_spill_copy(&r->bursts, &r->burst, sizeof r->burst, &r->there, err);
        if (status)
            return status;
    }
    const bool faint = emgp_snr_db((float)row->level, (float)row->floor) < numbers[FAINT].limit;
    const bool buried = emgp_snr_db((float)row->level, (float)noise) < numbers[BURIED].limit &&
                        longest_s < r->lasting_s && n <= numbers[BURIED_MOST].limit &&
                        row->end_s - row->onset_s <= numbers[BURIED_LONGEST].limit;
    *is = !r->never_rests && (noise > 0 ? buried : faint);
    return EMG_OK;
}

static emg_status take_part(void *context, const emgp_contraction *contraction, emg_error *err)
{
    rows *r = context;
    emgp_contraction row = *contraction;
    bool noise = false;
    emg_status status = is_noise(r, &row, &noise, err);
    if (status || noise)
        return status;
    status = emgp_used_add(&r->used, &row, err);
    if (status == EMG_OK)
        status = emgp_hold_measure(r->course, &row, err);
    return status ? status : emgp_spill_push(r->spill, 0, &row, err);
}

static emg_status take_row(void *context, const emgp_contraction *contraction, emg_error *err)
{
    rows *r = context;
    return emgp_silent_split(&r->silent, contraction, take_part, r, err);
}

typedef struct pass {
    const emgp_channel_streams *streams;
    emgp_units *units;
    const emgp_spill *kin;
    emgp_claims *claims;
    emgp_episodes *episodes;
    emgp_beneath *beneath;
    emgp_channel_facts facts;
} pass;

static emg_status run_pass(const pass *p, const emgp_contractions *contractions, emgp_event_take *take, void *context,
                           emg_error *err)
{
    emgp_channel_facts facts = p->facts;
    facts.final = contractions->rows != NULL;
    emg_status status = emgp_episodes_start(p->episodes, &facts, contractions, take, context, err);
    return status ? status : judge(p->streams, p->units, p->kin, p->claims, p->episodes, &facts, err);
}

static emg_status find_rows(const pass *p, const emgp_owned *owned, rows *r, emg_error *err)
{
    const emgp_channel_streams *s = p->streams;
    r->course = emgp_alloc(1, sizeof *r->course);
    if (!r->course)
        return emgp_fail_memory(err);
    emgp_spill_start(&r->bursts, s->bursts, s->stream);
    emgp_silent_start(&r->silent, s->levels, s->stream, s->level_step_s);
    emg_status status = emgp_spill_copy(&r->bursts, &r->burst, sizeof r->burst, &r->there, err);
    if (status == EMG_OK)
        status = emgp_course_start(r->course, s->levels, s->stream, s->level_step_s, err);
    if (status == EMG_OK)
        status = emgp_contractions_find(s->levels, s->stream, s->level_step_s, &s->floor, owned->stretches,
                                        EMGP_N_OWNED, s->directory, take_row, r, err);
    emgp_course_stop(r->course);
    emgp_silent_stop(&r->silent);
    emgp_spill_stop(&r->bursts);
    emgp_free(r->course);
    return status;
}

/* Contractions are sought where nothing else owns the signal; then events where no contraction does. */
static emg_status find_events(const pass *p, emgp_event_take *take, void *context, emg_error *err)
{
    const emgp_channel_streams *s = p->streams;
    const emgp_contractions none = { .never_rests = s->floor.never_rests };
    emgp_antagonists *antagonists = NULL;
    emgp_owned *owned = NULL;
    emgp_bridge *bridge = NULL;
    const emgp_partition *about = emgp_episodes_about(p->episodes, &p->facts);
    rows r = { .never_rests = s->floor.never_rests,
               .silent = { .stimuli = about->marks.stimuli, .n = about->marks.n_stimuli },
               .lasting_s = emgp_rule_limit(&numbers[BURIED_BURSTS], about->config) };
    emg_status status = emgp_owned_new(&owned, ROW_BUDGET, s->directory, err);
    if (status == EMG_OK)
        status = emgp_spill_new(&r.spill, 1, sizeof(emgp_contraction), ROW_BUDGET, s->directory, err);
    if (status == EMG_OK)
        emgp_owned_look_beneath(owned, p->beneath, s->floor.level_db);
    if (status == EMG_OK)
        status = emgp_claims_give(p->claims, emgp_owned_take, owned, err);
    if (status == EMG_OK)
        status = run_pass(p, &none, emgp_owned_take, owned, err);
    if (status == EMG_OK)
        status = emgp_owned_finish(owned, s->beats, s->stream, err);
    if (status == EMG_OK)
        status = find_rows(p, owned, &r, err);
    if (status == EMG_OK)
        status = emgp_antagonists_new(&antagonists, s->sources, s->n_sources, s->stream, s->bursts, err);
    const emgp_contractions found = { r.spill, &r.used, s->floor.never_rests, antagonists };
    if (status == EMG_OK)
        status = emgp_bridge_new(&bridge, s->directory, take, context, err);
    if (status == EMG_OK)
        status = run_pass(p, &found, emgp_bridge_take, bridge, err);
    if (status == EMG_OK)
        status = emgp_claims_give(p->claims, emgp_bridge_take, bridge, err);
    if (status == EMG_OK)
        status = emgp_bridge_finish(bridge, err);
    emgp_bridge_free(bridge);
    emgp_antagonists_free(antagonists);
    emgp_owned_free(owned);
    emgp_spill_free(r.spill);
    emgp_used_free(&r.used);
    return status;
}

emg_status emgp_channel_events(const emgp_channel_streams *streams, emgp_units *units, emgp_episodes *episodes,
                               const emgp_channel_facts *facts, emgp_event_take *take, void *context, emg_error *err)
{
    emgp_spill *kin = NULL;
    emg_status status = emgp_spill_new(&kin, 1, sizeof(emgp_kin), ROW_BUDGET, streams->directory, err);
    emgp_beneath beneath = { 0 };
    pass p = { streams, units, kin, NULL, episodes, &beneath, *facts };
    p.facts.never_rests = streams->floor.never_rests;
    emgp_units_start(units, streams->unit_of);
    if (status == EMG_OK)
        status = emgp_heart_rate(&p.facts.heart, streams->beats, streams->stream, err);
    if (status == EMG_OK)
        status = learn(streams, units, &p.facts, err);
    if (status == EMG_OK)
        status = emgp_units_settle(units, err);
    if (status == EMG_OK)
        status = emgp_kin_find(streams->bursts, streams->discharges, streams->stream, kin, err);
    emgp_channel_facts final = p.facts;
    final.final = true;
    if (status == EMG_OK)
        status = emgp_beneath_new(&beneath, streams->levels, streams->discharges, streams->stream,
                                  streams->level_step_s, streams->directory, err);
    if (status == EMG_OK)
        status = emgp_claims_new(&p.claims, emgp_episodes_about(episodes, &final), streams, kin, &beneath, err);
    if (status == EMG_OK)
        status = find_events(&p, take, context, err);
    emgp_claims_free(p.claims);
    emgp_beneath_free(&beneath);
    emgp_spill_free(kin);
    return status;
}
