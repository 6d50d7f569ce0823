/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What marks tell of a partition's bursts: evidence for the rules, artefacts of stimuli, and one evoked response a channel. */
#include "analysis/classify/classify.h"

#include <math.h>

/* 0: not known. */
static double size_of(float peak, float sigma)
{
    return sigma > 0 ? (double)(peak / sigma) : 0;
}

emgp_after emgp_evidence_stimulus(const emgp_partition *e, size_t burst)
{
    const emgp_burst *b = &e->bursts[burst].burst;
    return emgp_marked_stimulus(&e->marks, b->onset_s, b->peak_s, size_of(b->peak, b->sigma), e->config, NULL);
}

double emgp_evidence_stimuli(const emgp_partition *e, double onset_s, double end_s, double n_bursts)
{
    double n = 0;
    for (size_t i = 0; i < e->marks.n_stimuli; i++)
        n += e->marks.stimuli[i].onset_s <= end_s && e->marks.stimuli[i].onset_s + 1 >= onset_s;
    return n / n_bursts;
}

void emgp_evidence_place(const emgp_partition *e, emgp_evidence *evidence, double onset_s)
{
    double end = onset_s + evidence->duration_s;
    evidence->observation_s = e->facts.observation_s;
    evidence->rhythmic_s = e->facts.rhythmic_s;
    evidence->reflex_site = e->facts.reflex_site;
    evidence->at_stretch = emgp_marked_stretch(&e->marks, onset_s, e->config);
    evidence->at_task = e->facts.final && emgp_marked(&e->marks, EMG_MARK_TASK, onset_s, end);
    evidence->at_rest = emgp_marked(&e->marks, EMG_MARK_REST, onset_s, end);
    evidence->heart_ratio = e->facts.heart.rate_hz > 0 ? evidence->rate_hz / e->facts.heart.rate_hz : 0;
    evidence->used = emgp_used_at(e->facts.used, onset_s);
    evidence->pulling = emgp_used_pulling(e->facts.used, onset_s);
    evidence->no_rest = e->facts.never_rests;
}

void emgp_evidence_complete(const emgp_partition *e, emgp_evidence *evidence, double onset_s)
{
    emgp_after after = emgp_evidence_stimulus(e, e->train.member[0]);
    evidence->at_stimulus = after != EMGP_AFTER_NONE;
    evidence->stimulus_artefact = after == EMGP_AFTER_ARTEFACT;
    emgp_evidence_place(e, evidence, onset_s);
}

/* What a contraction may hold is not known before the last pass: only then are jerks told by what they are unlike. */
static void tell_kin(const emgp_kin *kin, bool final, emgp_evidence *evidence)
{
    evidence->own_like = (double)kin->own;
    evidence->kin_n = final ? (double)kin->n : 0;
    evidence->kin_like = (double)kin->like;
    evidence->kin_core_s = (double)kin->core_s;
}

emgp_evidence emgp_evidence_alone(emgp_partition *e, size_t burst, double onset_s)
{
    emgp_train_alone(&e->train, burst);
    emgp_evidence evidence = emgp_train_evidence(e->bursts, e->n, &e->train);
    evidence.alone = true;
    evidence.all_known = emgp_episode_burst_known(&e->bursts[burst]);
    tell_kin(&e->bursts[burst].kin, e->facts.final, &evidence);
    emgp_evidence_complete(e, &evidence, onset_s);
    return evidence;
}

emgp_decision emgp_evidence_decide(const emgp_partition *e, const emgp_evidence *evidence, double onset_s)
{
    const emgp_decision decision = emgp_rhythm_decide(evidence, e->config);
    if (e->facts.final)
        emgp_watch_note(e->facts.watch, e->facts.channel, onset_s, evidence, &decision);
    return decision;
}

static void prove(emg_event *event, const emgp_decision *decision)
{
    event->n_evidence = decision->n_proofs;
    for (uint32_t i = 0; i < decision->n_proofs; i++) {
        const emgp_proof *proof = &decision->proof[i];
        event->evidence[i] = (emg_evidence){ proof->value, proof->limit, emgp_rule_number(proof->set, proof->row) };
    }
}

emg_event emgp_evidence_event(const emgp_partition *e, const emgp_evidence *evidence, const emgp_decision *decision)
{
    emg_event event = { .duration_s = evidence->duration_s,
                        .snr_db = evidence->snr_db,
                        .amplitude = NAN,
                        .frequency_hz = NAN,
                        .interval_cv = NAN,
                        .interval_rcv = NAN,
                        .confidence = decision->confidence,
                        .reasons = decision->reasons,
                        .count = (uint64_t)evidence->n,
                        .channel = e->facts.channel,
                        .muscle = e->facts.muscle,
                        .n_channels = (uint32_t)fmax(evidence->n_muscles, 1),
                        .trial_type = decision->trial_type };
    prove(&event, decision);
    return event;
}

/* Discharges of one burst that follow each other and are the same to the same stimulus. */
typedef struct piece {
    emgp_after after;
    size_t stimulus, n;
    double onset_s, end_s;
    const emgp_point *largest;
} piece;

static void join(emg_event *response, const emg_event *more)
{
    response->duration_s = fmax(response->duration_s, more->onset_s + more->duration_s - response->onset_s);
    emgp_joiner_evidence(response, more, (double)response->count, (double)more->count);
    response->count += more->count;
    response->reasons |= more->reasons;
    if (!(more->peak > response->peak))
        return;
    response->peak = more->peak;
    response->peak_s = more->peak_s;
    response->amplitude = more->amplitude;
    response->snr_db = more->snr_db;
    response->unit = more->unit;
}

/* What the filters spread ahead of a response is not its onset. */
static void begin_with_stimulus(const emgp_partition *e, piece *p)
{
    const double at_s = e->marks.stimuli[p->stimulus].onset_s;
    if (p->after == EMGP_AFTER_RESPONSE)
        p->onset_s = fmin(fmax(p->onset_s, at_s), p->end_s);
}

static void give(emgp_partition *e, size_t burst, const piece *p)
{
    emgp_evidence evidence = emgp_evidence_alone(e, burst, p->onset_s);
    evidence.n = (double)p->n;
    evidence.duration_s = p->end_s - p->onset_s;
    evidence.snr_db = emgp_snr_db(p->largest->peak, p->largest->sigma);
    evidence.at_stimulus = true;
    evidence.stimulus_artefact = p->after == EMGP_AFTER_ARTEFACT;
    emgp_decision decision = emgp_evidence_decide(e, &evidence, p->onset_s);
    emg_event event = emgp_evidence_event(e, &evidence, &decision);
    event.onset_s = p->onset_s;
    event.peak_s = p->largest->peak_s;
    event.peak = (double)p->largest->peak;
    event.amplitude = (double)p->largest->peak_to_peak;
    event.unit = p->largest->of.unit;
    bool response = p->after == EMGP_AFTER_RESPONSE;
    if (response && e->response && e->stimulus == p->stimulus) {
        join(e->response, &event);
        return;
    }
    emg_event *place = &e->points[e->n_points++];
    *place = event;
    e->response = response ? place : e->response;
    e->stimulus = response ? p->stimulus : e->stimulus;
}

/* What point i of a burst is. The first begins where the burst does; what follows a response within its burst goes on with it. */
static emgp_after point_after(const emgp_partition *e, const emgp_episode_burst *b, unsigned i, const piece *before,
                              size_t *stimulus)
{
    const emgp_point *point = &b->point[i];
    const double size = size_of(point->peak, point->sigma);
    emgp_after after = emgp_marked_stimulus(&e->marks, point->peak_s - (double)point->before_s, point->peak_s, size,
                                            e->config, stimulus);
    if (after == EMGP_AFTER_NONE && i == 0)
        after = emgp_marked_stimulus(&e->marks, b->burst.onset_s, point->peak_s, size, e->config, stimulus);
    if (after != EMGP_AFTER_NONE || before->after != EMGP_AFTER_RESPONSE)
        return after;
    *stimulus = before->stimulus;
    return EMGP_AFTER_RESPONSE;
}

static void extend(piece *p, const emgp_point *point)
{
    double onset_s = point->peak_s - (double)point->before_s, end_s = point->peak_s + (double)point->after_s;
    p->onset_s = p->n == 0 ? onset_s : p->onset_s;
    p->end_s = p->n == 0 ? end_s : fmax(p->end_s, end_s);
    p->largest = p->n == 0 || point->peak > p->largest->peak ? point : p->largest;
    p->n++;
}

/* The burst is from now on what the points say that it still has. */
static void describe_left(emgp_episode_burst *b, uint32_t n_gone)
{
    const emgp_point *largest = emgp_episode_burst_main(b), *last = &b->point[b->n_points - 1];
    b->burst.n_discharges -= n_gone;
    b->burst.peak = largest->peak;
    b->burst.peak_s = largest->peak_s;
    b->burst.peak_to_peak = largest->peak_to_peak;
    b->burst.end_s = last->peak_s + (double)last->after_s;
}

void emgp_stimulus_take(emgp_partition *e, size_t burst)
{
    const emgp_episode_burst all = e->bursts[burst];
    emgp_episode_burst *left = &e->bursts[burst];
    piece p = { .after = EMGP_AFTER_NONE };
    uint32_t n_gone = 0;
    left->n_points = 0;
    for (unsigned i = 0; i < all.n_points; i++) {
        size_t stimulus = 0;
        emgp_after after = point_after(e, &all, i, &p, &stimulus);
        if (p.n > 0 && (after != p.after || stimulus != p.stimulus)) {
            begin_with_stimulus(e, &p);
            give(e, burst, &p);
            p.n = 0;
        }
        p.after = after;
        p.stimulus = stimulus;
        if (after == EMGP_AFTER_NONE) {
            left->point[left->n_points++] = all.point[i];
            continue;
        }
        extend(&p, &all.point[i]);
        n_gone++;
    }
    if (p.n > 0 && all.burst.n_discharges > all.n_points) { /* those that were not kept come after the last */
        p.n += all.burst.n_discharges - all.n_points;
        p.end_s = fmax(p.end_s, all.burst.end_s);
    }
    if (p.n > 0) {
        begin_with_stimulus(e, &p);
        give(e, burst, &p);
    }
    left->taken = left->held || left->n_points == 0;
    if (left->n_points > 0 && n_gone > 0)
        describe_left(left, n_gone);
}
