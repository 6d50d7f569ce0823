/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts of all channels in time order, gathered into clusters of nearly equal onset. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "analysis/detect/detect.h"

static const emg_setting across_rows[] = {
    { "across.synchrony_s", "s", 0, 0.1, 0.015, 0.015, NULL, offsetof(emg_across_config, synchrony_s),
      "bursts of two muscles that begin within this time are synchronous" },
    { "across.common_share", "", 0.5, 1, 0.8, 0.8, NULL, offsetof(emg_across_config, common_share),
      "a short burst at once in this share of all muscles is a common artefact" },
    { "across.common_muscles", "", 2, 1000, 4, 4, NULL, offsetof(emg_across_config, common_muscles),
      "least number of muscles for a common artefact" },
};

emgp_settings emgp_across_table(void)
{
    return EMGP_SETTINGS(across_rows, across);
}

enum { SYNCHRONY, COMMON_SHARE, COMMON_MUSCLES, LASTING };

static const emgp_rule numbers[] = {
    [SYNCHRONY] =
        EMGP_NUMBER("across.synchrony_s", "time between onsets", EMGP_AT_MOST, EMGP_SETTING(across.synchrony_s),
                    "Sleutjes and studies of myoclonus (10-15 ms)", "bursts of two muscles are synchronous"),
    [COMMON_SHARE] = EMGP_NUMBER("across.common_share", "muscles at once / all muscles", EMGP_AT_LEAST,
                                 EMGP_SETTING(across.common_share), EMGP_OURS,
                                 "so many at once are a common artefact, when the burst is short (artifact.common)"),
    [COMMON_MUSCLES] = EMGP_NUMBER("across.common_muscles", "muscles at once", EMGP_AT_LEAST,
                                   EMGP_SETTING(across.common_muscles), EMGP_OURS, "and there are enough to say so"),
    [LASTING] =
        EMGP_NUMBER("across.lasting_s", "duration of another muscle's burst", EMGP_AT_LEAST, EMGP_LIMIT(0.1), EMGP_OURS,
                    "that muscle is used: shorter ones are discharges, jerks or noise (others_quiet)"),
};

emgp_rules emgp_across_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

typedef struct member {
    size_t stream;
    emgp_synchrony synchrony;
    bool marker, facial;
} member;

typedef struct cluster {
    member *members;
    size_t n, room, n_muscles, n_facial;
    double first_s;
    uint64_t *seen; /* per muscle: number of the cluster it was last seen in */
    uint64_t number;
} cluster;

/* The latest end of a burst, and the latest of another muscle than that one's. */
typedef struct latest {
    double end, other_end;
    uint32_t muscle;
} latest;

static float since_other(const latest *l, uint32_t muscle, double now)
{
    double then = muscle == l->muscle ? l->other_end : l->end;
    return isfinite(then) ? (float)(now - then) : NAN;
}

static void note(latest *l, uint32_t muscle, double end)
{
    if (muscle == l->muscle) {
        l->end = fmax(l->end, end);
    } else if (end >= l->end) {
        l->other_end = l->end;
        l->end = end;
        l->muscle = muscle;
    } else {
        l->other_end = fmax(l->other_end, end);
    }
}

static emg_status close_cluster(cluster *c, const emg_config *config, size_t n_muscles, emgp_spill *out, emg_error *err)
{
    double least = emgp_rule_limit(&numbers[COMMON_MUSCLES], config);
    double share = emgp_rule_limit(&numbers[COMMON_SHARE], config);
    bool common = (double)c->n_muscles >= least && (double)c->n_muscles >= share * (double)n_muscles;
    for (size_t i = 0; i < c->n; i++) {
        emgp_synchrony synchrony = c->members[i].synchrony;
        synchrony.n_muscles =
            c->members[i].marker ? 0 : (uint16_t)(c->n_muscles < UINT16_MAX ? c->n_muscles : UINT16_MAX);
        synchrony.common = !c->members[i].marker && common;
        synchrony.n_facial = c->members[i].facial ? (uint8_t)(c->n_facial < UINT8_MAX ? c->n_facial : UINT8_MAX) : 0;
        emg_status status = emgp_spill_push(out, c->members[i].stream, &synchrony, err);
        if (status)
            return status;
    }
    c->n = c->n_muscles = c->n_facial = 0;
    c->number++;
    return EMG_OK;
}

static bool add(cluster *c, const member *new, uint32_t muscle)
{
    void *members = c->members;
    if (!emgp_reserve(&members, &c->room, c->n, c->n + 1, sizeof *c->members))
        return false;
    c->members = members;
    c->members[c->n++] = *new;
    if (!new->marker && c->seen[muscle] != c->number) {
        c->seen[muscle] = c->number;
        c->n_muscles++;
        c->n_facial += new->facial;
    }
    return true;
}

static emg_status walk(emgp_merge *merge, cluster *c, const emg_source *sources, const uint32_t *muscle_of,
                       size_t n_muscles, const emg_config *config, emgp_spill *out, emg_error *err)
{
    latest l = { -INFINITY, -INFINITY, UINT32_MAX }, lasting = l;
    for (;;) {
        size_t stream;
        const void *record;
        emg_status status = emgp_merge_next(merge, &stream, &record, err);
        if (status)
            return status;
        if (!record)
            return close_cluster(c, config, n_muscles, out, err);
        emgp_burst burst;
        memcpy(&burst, record, sizeof burst);
        if (c->n > 0 && burst.onset_s - c->first_s > emgp_rule_limit(&numbers[SYNCHRONY], config) &&
            (status = close_cluster(c, config, n_muscles, out, err)) != EMG_OK)
            return status;
        if (c->n == 0)
            c->first_s = burst.onset_s;
        bool marker = burst.flags & EMGP_SEGMENT_END;
        uint32_t muscle = muscle_of[stream];
        const member new = { .stream = stream,
                             .synchrony = { .other_ended_s = since_other(&l, muscle, burst.onset_s),
                                            .other_used_s = since_other(&lasting, muscle, burst.onset_s) },
                             .marker = marker,
                             .facial = !marker && sources[stream].action == EMG_FACE };
        if (!add(c, &new, muscle))
            return emgp_fail_memory(err);
        if (!marker)
            note(&l, muscle, burst.end_s);
        if (!marker && burst.end_s - burst.onset_s >= numbers[LASTING].limit)
            note(&lasting, muscle, burst.end_s);
    }
}

emg_status emgp_across(const emgp_spill *bursts, const emg_source *sources, size_t n_channels,
                       const uint32_t *muscle_of, size_t n_muscles, const emg_config *config, emgp_spill *out,
                       emg_error *err)
{
    emgp_merge *merge = NULL;
    cluster c = { .number = 1, .seen = emgp_alloc(n_muscles, sizeof *c.seen) };
    emg_status status = c.seen ? emgp_merge_new(&merge, bursts, 0, n_channels, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = walk(merge, &c, sources, muscle_of, n_muscles, config, out, err);
    emgp_merge_free(merge);
    emgp_free(c.members);
    emgp_free(c.seen);
    return status;
}
