/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stretch of a channel is as a whole is told first: its bursts are then nobody else's. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

enum { REPEATS, GROUPS, N_KINDS, CLAIMS_BUDGET = 1 << 17 };

struct emgp_claims {
    emgp_spill *rows; /* N_KINDS streams of emg_event */
    const emgp_partition *about;
    size_t kind;
    emgp_merge *merge;
    emg_event row; /* the next one, when there is one */
    bool there;
    double clear_s;          /* where the rows before end */
    emgp_spill_cursor first; /* of the kind before */
    emg_event before;        /* the latest row of it that was read */
    bool reading;
};

/* Whether what is in a stretch has one word as a whole. */
static bool is_whole(emg_class trial_type)
{
    return trial_type == EMG_MYOKYMIA || trial_type == EMG_NEUROMYOTONIA;
}

/* Whether a row of the kind before overlaps a stretch; stretches are asked for by onset. */
static emg_status is_claimed(emgp_claims *c, const emgp_stretch_found *found, double *claimed, emg_error *err)
{
    const void *record = NULL;
    emg_status status = EMG_OK;
    while (status == EMG_OK && c->reading && c->before.onset_s + c->before.duration_s < found->onset_s) {
        status = emgp_spill_next(&c->first, &record, err);
        c->reading = status == EMG_OK && record;
        if (c->reading)
            memcpy(&c->before, record, sizeof c->before);
    }
    *claimed = c->reading && c->before.onset_s < found->end_s;
    return status;
}

/* Marked stimuli in a stretch, for each of its bursts or groups. */
static double stimulus_share(const emgp_marks_told *marks, const emgp_stretch_found *found)
{
    double n = 0;
    for (size_t i = 0; i < marks->n_stimuli; i++)
        n += marks->stimuli[i].onset_s <= found->end_s && marks->stimuli[i].onset_s + 1 >= found->onset_s;
    return n / found->evidence.n;
}

static emg_status take(void *context, const emgp_stretch_found *found, emg_error *err)
{
    emgp_claims *c = context;
    emgp_evidence evidence = found->evidence;
    evidence.glide_hz = NAN;
    evidence.stimulus_share = stimulus_share(&c->about->marks, found);
    emgp_evidence_place(c->about, &evidence, found->onset_s);
    emg_status status = is_claimed(c, found, &evidence.claimed, err);
    if (status)
        return status;
    const emgp_decision decision = emgp_evidence_decide(c->about, &evidence, found->onset_s);
    if (!is_whole(decision.trial_type))
        return EMG_OK;
    emg_event event = emgp_evidence_event(c->about, &evidence, &decision);
    event.onset_s = found->onset_s;
    event.peak = found->peak;
    event.peak_s = found->peak_s;
    event.amplitude = found->amplitude;
    event.frequency_hz = evidence.rate_hz > 0 ? evidence.rate_hz : NAN;
    return emgp_spill_push(c->rows, c->kind, &event, err);
}

emg_status emgp_claims_new(emgp_claims **out, const emgp_partition *about, const emgp_channel_streams *s,
                           emg_error *err)
{
    emgp_claims *c = emgp_alloc(1, sizeof *c);
    if (!c)
        return emgp_fail_memory(err);
    c->about = about;
    emg_status status = emgp_spill_new(&c->rows, N_KINDS, sizeof(emg_event), CLAIMS_BUDGET, s->directory, err);
    if (status == EMG_OK)
        status = emgp_repeats_find(s->bursts, s->levels, s->stream, s->level_step_s, take, c, err);
    c->kind = GROUPS;
    c->reading = true;
    c->before.onset_s = -INFINITY;
    emgp_spill_start(&c->first, c->rows, REPEATS);
    if (status == EMG_OK)
        status = emgp_groups_find(s->discharges, s->stream, take, c, err);
    emgp_spill_stop(&c->first);
    if (status) {
        emgp_claims_free(c);
        return status;
    }
    *out = c;
    return EMG_OK;
}

void emgp_claims_free(emgp_claims *c)
{
    if (!c)
        return;
    emgp_merge_free(c->merge);
    emgp_spill_free(c->rows);
    emgp_free(c);
}

/* The next row that begins after those before have ended: of two that overlap the first one stays. */
static emg_status next(emgp_claims *c, emg_error *err)
{
    size_t stream;
    const void *record = NULL;
    emg_status status;
    c->there = false;
    while ((status = emgp_merge_next(c->merge, &stream, &record, err)) == EMG_OK && record) {
        memcpy(&c->row, record, sizeof c->row);
        c->there = c->row.onset_s >= c->clear_s;
        if (c->there)
            break;
    }
    c->clear_s = c->there ? c->row.onset_s + c->row.duration_s : c->clear_s;
    return status;
}

emg_status emgp_claims_start(emgp_claims *c, emg_error *err)
{
    emgp_merge_free(c->merge);
    c->merge = NULL;
    c->clear_s = -INFINITY;
    emg_status status = emgp_merge_new(&c->merge, c->rows, 0, N_KINDS, err);
    return status ? status : next(c, err);
}

emg_status emgp_claims_mark(emgp_claims *c, emgp_episode_burst *burst, emg_error *err)
{
    const double middle_s = (burst->burst.onset_s + burst->burst.end_s) / 2;
    emg_status status = EMG_OK;
    while (status == EMG_OK && c->there && c->row.onset_s + c->row.duration_s < middle_s)
        status = next(c, err);
    burst->taken = c->there && c->row.onset_s <= middle_s;
    return status;
}

emg_status emgp_claims_give(emgp_claims *c, emgp_event_take *take_event, void *context, emg_error *err)
{
    emg_status status = emgp_claims_start(c, err);
    while (status == EMG_OK && c->there) {
        status = take_event(context, EMGP_CLAIMS, &c->row, err);
        if (status == EMG_OK)
            status = next(c, err);
    }
    return status;
}
