/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A channel's bursts gathered until a silence, turned into events, and those handed on in order, near ones joined. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static const emg_setting episode_rows[] = {
    { "episode.gap_s", "s", 4, 60, 10, 10, NULL, offsetof(emg_episode_config, gap_s),
      "silence after which what came before is segmented by itself" },
    { "episode.tonic_least_s", "s", 0.1, 10, 0.3, 0.3, NULL, offsetof(emg_episode_config, tonic_least_s),
      "a burst at least this long is sustained activity" },
    { "episode.segment_least_s", "s", 0.1, 60, 1, 1, NULL, offsetof(emg_episode_config, segment_least_s),
      "shorter stretches between gaps are not analysed" },
};

emgp_settings emgp_episode_table(void)
{
    return EMGP_SETTINGS(episode_rows, episode);
}

static const emgp_rule silence =
    EMGP_NUMBER("episode.silence_s", "time since the burst before", EMGP_ABOVE, EMGP_SETTING(episode.gap_s), EMGP_OURS,
                "what came before is turned into events by itself");

emgp_rules emgp_episode_rules(void)
{
    return (emgp_rules){ &silence, 1 };
}

struct emgp_episodes {
    emgp_event_take *take;
    void *context;
    emgp_joiner episodes, artifacts;
    emgp_sustained sustained;
    emgp_partition partition;
};

emg_status emgp_episodes_new(emgp_episodes **out, const emg_config *config, emg_error *err)
{
    emgp_episodes *e = emgp_alloc(1, sizeof *e);
    if (!e)
        return emgp_fail_memory(err);
    e->partition.config = config;
    *out = e;
    return EMG_OK;
}

void emgp_episodes_mark(emgp_episodes *e, const emgp_marks_told *marks)
{
    e->partition.marks = *marks;
}

void emgp_episodes_free(emgp_episodes *e)
{
    if (e)
        emgp_sustained_stop(&e->sustained);
    emgp_free(e);
}

const emgp_partition *emgp_episodes_about(emgp_episodes *e, const emgp_channel_facts *facts)
{
    e->partition.facts = *facts;
    return &e->partition;
}

static emg_status give_contraction(void *context, const emg_event *event, emg_error *err)
{
    const emgp_episodes *e = context;
    return e->take(e->context, EMGP_CONTRACTIONS, event, err);
}

emg_status emgp_episodes_start(emgp_episodes *e, const emgp_channel_facts *facts, const emgp_contractions *contractions,
                               emgp_event_take *take, void *context, emg_error *err)
{
    e->take = take;
    e->context = context;
    e->partition.facts = *facts;
    e->partition.facts.used = contractions->used;
    e->partition.n = 0;
    e->episodes.open = e->artifacts.open = false;
    return emgp_sustained_start(&e->sustained, &e->partition, contractions, give_contraction, e, err);
}

static int by_onset(const void *a, const void *b)
{
    const emg_event *x = a, *y = b;
    if (x->onset_s < y->onset_s || x->onset_s > y->onset_s)
        return x->onset_s < y->onset_s ? -1 : 1;
    return (x->duration_s > y->duration_s) - (x->duration_s < y->duration_s);
}

/* Hands episodes on in order, joined where they follow closely; the last is held back. Where only is asked
 * what lies where, artefacts are not joined: what is between them is not theirs. */
static emg_status give_joined(emgp_episodes *e, emgp_joiner *joiner, emgp_stream stream, emg_event *events, size_t n,
                              emg_error *err)
{
    const bool joined = e->partition.facts.final || stream != EMGP_ARTIFACTS;
    qsort(events, n, sizeof *events, by_onset);
    for (size_t i = 0; i < n; i++) {
        bool done = true;
        emg_event out = events[i];
        if (joined)
            emgp_joiner_push(joiner, &events[i], &done, &out);
        emg_status status = done ? e->take(e->context, stream, &out, err) : EMG_OK;
        if (status)
            return status;
    }
    return EMG_OK;
}

static int by_time(const void *a, const void *b)
{
    const emgp_burst_time *x = a, *y = b;
    return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

/* Only the last pass' episodes are told. */
static emg_status give_times(emgp_partition *p, emg_error *err)
{
    const emgp_times to = emgp_channel_times(&p->facts, EMGP_TIMES_TRAINS);
    emg_status status = EMG_OK;
    qsort(p->times, p->n_times, sizeof *p->times, by_time);
    for (size_t i = 0; p->facts.final && status == EMG_OK && i < p->n_times; i++)
        status = emgp_times_push(&to, &p->times[i], err);
    return status;
}

static emg_status partition(emgp_episodes *e, emg_error *err)
{
    emgp_partition *p = &e->partition;
    emgp_partition_bursts(p);
    emg_status status = give_times(p, err);
    qsort(p->points, p->n_points, sizeof *p->points, by_onset);
    for (size_t i = 0; status == EMG_OK && i < p->n_points; i++)
        status = e->take(e->context, EMGP_POINTS, &p->points[i], err);
    if (status == EMG_OK)
        status = give_joined(e, &e->episodes, EMGP_EPISODES, p->episodes, p->n_episodes, err);
    if (status == EMG_OK)
        status = give_joined(e, &e->artifacts, EMGP_ARTIFACTS, p->artifacts, p->n_artifacts, err);
    return status;
}

emg_status emgp_episodes_push(emgp_episodes *e, const emgp_episode_burst *burst, emg_error *err)
{
    emgp_partition *p = &e->partition;
    double gap_s = emgp_rule_limit(&silence, p->config);
    bool far = p->n > 0 && burst->burst.onset_s - p->bursts[p->n - 1].burst.end_s > gap_s;
    emg_status status = far || p->n == EMGP_MOST_BURSTS ? partition(e, err) : EMG_OK;
    if (status)
        return status;
    p->bursts[p->n] = *burst;
    return emgp_sustained_push(&e->sustained, &p->bursts[p->n++], err);
}

static emg_status give_held(emgp_episodes *e, emgp_joiner *joiner, emgp_stream stream, emg_error *err)
{
    bool done;
    emg_event out;
    emgp_joiner_finish(joiner, &done, &out);
    return done ? e->take(e->context, stream, &out, err) : EMG_OK;
}

static emg_status close_all(emgp_episodes *e, emg_error *err)
{
    emg_status status = partition(e, err);
    if (status == EMG_OK)
        status = give_held(e, &e->episodes, EMGP_EPISODES, err);
    if (status == EMG_OK)
        status = give_held(e, &e->artifacts, EMGP_ARTIFACTS, err);
    return status;
}

emg_status emgp_episodes_gap(emgp_episodes *e, const emgp_episode_burst *mark, emg_error *err)
{
    emg_status status = close_all(e, err);
    return status ? status : emgp_sustained_see(&e->sustained, mark, err);
}

emg_status emgp_episodes_finish(emgp_episodes *e, emg_error *err)
{
    emg_status status = close_all(e, err);
    return status ? status : emgp_sustained_finish(&e->sustained, err);
}
