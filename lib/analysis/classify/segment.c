/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing beats into events: artefacts out, then rhythmic runs, then what is sustained, then what stands alone. */
#include "analysis/classify/classify.h"

#include <math.h>

/* Short bursts within this of a sustained one are its fringes; chains of them at more than CHAIN_HZ are sustained too. */
static const double fringe_s = 0.3, chain_gap_s = 0.25, chain_hz = 6;
static const double around_s = 5; /* either side: the local rate of isolated discharges */
static const double fragment_ratio =
    2; /* to a rhythm's median amplitude: larger beats within it are events of their own */
static const double stretch_before_s = 1, stretch_after_s = 0.5;

/* Whether a mark of that kind touches [from, to]. */
static bool marked(const emgp_parse *e, emg_mark_kind kind, double from, double to)
{
    for (size_t i = 0; i < e->n_marks; i++) {
        const emg_mark *m = &e->marks[i];
        double end = m->onset_s + (m->duration_s > 0 ? m->duration_s : 0);
        if (m->kind == kind && m->onset_s <= to && end >= from)
            return true;
    }
    return false;
}

static void complete(const emgp_parse *e, emgp_evidence *evidence, double onset_s)
{
    double end = onset_s + evidence->duration_s;
    evidence->observation_s = e->facts.observation_s;
    evidence->rhythmic_s = e->facts.rhythmic_s;
    evidence->reflex_site = e->facts.reflex_site;
    evidence->at_stretch = marked(e, EMG_MARK_STRETCH, onset_s - stretch_before_s, onset_s + stretch_after_s);
    evidence->at_task = marked(e, EMG_MARK_TASK, onset_s, end);
    evidence->at_rest = marked(e, EMG_MARK_REST, onset_s, end);
}

static emg_event event_of(const emgp_parse *e, const emgp_evidence *evidence, const emgp_decision *decision)
{
    emg_event event = { .duration_s = evidence->duration_s,
                        .snr_db = evidence->snr_db,
                        .amplitude = NAN,
                        .frequency_hz = NAN,
                        .interval_cv = NAN,
                        .interval_rcv = NAN,
                        .confidence = decision->confidence,
                        .reasons = decision->reasons,
                        .count = evidence->n,
                        .channel = e->facts.channel,
                        .muscle = e->facts.muscle,
                        .n_channels = (uint32_t)(evidence->n_muscles ? evidence->n_muscles : 1),
                        .trial_type = decision->trial_type };
    return event;
}

static void add_episode(emgp_parse *e, const emg_event *event)
{
    if (event->trial_type == EMG_ARTIFACT)
        e->artifacts[e->n_artifacts++] = *event;
    else
        e->episodes[e->n_episodes++] = *event;
}

/* An episode event of the run's members, which are then taken. */
static emg_event take_members(emgp_parse *e, const emgp_evidence *evidence, const emgp_decision *decision)
{
    emg_event event = event_of(e, evidence, decision);
    event.onset_s = e->beats[e->run.member[0]].burst.onset_s;
    event.peak_s = e->beats[e->run.member[0]].burst.peak_s;
    event.amplitude = emgp_run_amplitude(e->beats, &e->run);
    for (size_t i = 0; i < e->run.n_members; i++)
        e->beats[e->run.member[i]].taken = true;
    return event;
}

static bool is_heart(const emgp_beat *beat)
{
    const emgp_point *main_point = emgp_beat_main(beat);
    return main_point && main_point->heart;
}

/* Discharges of other units that fell into the same burst as a heart beat stay. */
static void leave_heart_out(emgp_beat *beat)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < beat->n_points; i++)
        if (!beat->point[i].heart)
            beat->point[kept++] = beat->point[i];
    beat->n_points = kept;
}

static void find_artifacts(emgp_parse *e)
{
    for (size_t i = 0; i < e->n; i++) {
        emgp_beat *beat = &e->beats[i];
        bool heart = is_heart(beat), pop = beat->burst.flags & EMGP_POP, motion = beat->burst.flags & EMGP_MOTION;
        if (beat->taken || (!heart && !pop && !motion && !beat->company.common))
            continue;
        emgp_run_alone(&e->run, i);
        emgp_evidence evidence = emgp_run_evidence(e->beats, e->n, &e->run);
        evidence.alone = true;
        evidence.common = beat->company.common;
        evidence.heart = heart;
        evidence.pop = pop;
        evidence.motion = motion;
        evidence.sustained = evidence.duration_s >= e->config->episode.tonic_least_s;
        complete(e, &evidence, beat->burst.onset_s);
        emgp_decision decision = emgp_rhythm_decide(&evidence, &e->config->rhythm);
        if (decision.trial_type != EMG_ARTIFACT)
            continue;
        emg_event event = take_members(e, &evidence, &decision);
        add_episode(e, &event);
        leave_heart_out(beat);
        beat->taken = !evidence.heart || beat->n_points == 0;
    }
}

/* A heart's train is found as a run too. */
static bool is_rhythm(emg_class trial_type)
{
    return trial_type == EMG_ARTIFACT || trial_type == EMG_CLONUS || trial_type == EMG_TREMOR ||
           trial_type == EMG_RHYTHMIC || trial_type == EMG_MOTOR_UNIT || trial_type == EMG_MYOCLONUS;
}

/* Beats within a rhythm that did not fit its cycle are its fragments, unless they stand out of it. */
static void absorb(emgp_parse *e, const emg_event *rhythm)
{
    double period = 1 / rhythm->frequency_hz, end = rhythm->onset_s + rhythm->duration_s + period / 2;
    for (size_t i = 0; i < e->n; i++) {
        const emgp_burst *b = &e->beats[i].burst;
        if (b->onset_s >= rhythm->onset_s - period / 2 && b->onset_s <= end &&
            (double)b->peak_to_peak <= fragment_ratio * rhythm->amplitude)
            e->beats[i].taken = true;
    }
}

/* Rhythmic jerks: a row each, with what is said of them all. */
static void add_jerks(emgp_parse *e, const emg_event *common)
{
    for (size_t i = 0; i < e->run.n_picks; i++) {
        const emgp_burst *burst = &e->beats[e->run.pick[i]].burst;
        emg_event event = *common;
        event.onset_s = burst->onset_s;
        event.duration_s = burst->end_s - burst->onset_s;
        event.peak_s = burst->peak_s;
        event.amplitude = (double)burst->peak_to_peak;
        event.snr_db = 20 * log10((double)burst->peak / (double)burst->sigma);
        event.count = 1;
        e->points[e->n_points++] = event;
    }
}

/* Judges the run grown from beat i and takes it when it is a rhythm. */
static void take_run(emgp_parse *e, size_t i)
{
    const emg_rhythm_config *config = &e->config->rhythm;
    if ((double)e->run.n_picks < config->least_beats)
        return;
    emgp_evidence evidence = emgp_run_evidence(e->beats, e->n, &e->run);
    if (!emgp_rhythm_is_regular(&evidence, config))
        return;
    complete(e, &evidence, e->beats[i].burst.onset_s);
    emgp_decision decision = emgp_rhythm_decide(&evidence, config);
    if (!is_rhythm(decision.trial_type))
        return;
    emg_event event = take_members(e, &evidence, &decision);
    if (decision.trial_type == EMG_MYOCLONUS) {
        add_jerks(e, &event);
        return;
    }
    event.frequency_hz = evidence.rate_hz;
    event.interval_cv = evidence.intervals.cv;
    event.interval_rcv = evidence.intervals.rcv;
    if (decision.trial_type == EMG_MOTOR_UNIT)
        event.unit = e->beats[i].point[0].unit;
    if (decision.trial_type != EMG_MOTOR_UNIT && decision.trial_type != EMG_ARTIFACT)
        absorb(e, &event);
    add_episode(e, &event);
}

/* By the envelope first: it sees a rhythm through fragments in which chance may arrange regular beats. */
static void find_runs(emgp_parse *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->beats[i].taken)
            continue;
        emgp_run_by_envelope(&e->run, e->beats, e->n, i);
        take_run(e, i);
    }
    double longest = e->config->episode.tonic_least_s;
    for (size_t i = 0; i < e->n; i++) {
        if (e->beats[i].taken || e->beats[i].burst.end_s - e->beats[i].burst.onset_s >= longest)
            continue;
        emgp_run_by_beats(&e->run, e->beats, e->n, i, longest);
        take_run(e, i);
    }
}

/* Members from beat i on that follow without silence: long bursts with their fringes, or a dense chain of short ones. */
static void chain(emgp_parse *e, size_t i, double gap_s)
{
    size_t n = 0;
    double end = e->beats[i].burst.end_s;
    for (; i < e->n; i++) {
        if (e->beats[i].taken)
            continue;
        if (n > 0 && e->beats[i].burst.onset_s - end > gap_s)
            break;
        e->run.member[n] = e->run.pick[n] = (uint16_t)i;
        n++;
        end = fmax(end, e->beats[i].burst.end_s);
    }
    e->run.n_members = e->run.n_picks = n;
}

static bool holds_long(const emgp_parse *e)
{
    for (size_t i = 0; i < e->run.n_members; i++) {
        const emgp_burst *burst = &e->beats[e->run.member[i]].burst;
        if (burst->end_s - burst->onset_s >= e->config->episode.tonic_least_s)
            return true;
    }
    return false;
}

static uint64_t discharges_of(const emgp_parse *e)
{
    uint64_t n = 0;
    for (size_t i = 0; i < e->run.n_members; i++)
        n += e->beats[e->run.member[i]].burst.n_discharges;
    return n;
}

/* Evidence of sustained activity; when its envelope beats, the beats are counted by the envelope's period. */
static emgp_evidence sustained_evidence(const emgp_parse *e)
{
    emgp_evidence evidence = emgp_run_evidence(e->beats, e->n, &e->run);
    double lag = NAN;
    for (size_t i = 0; i < e->run.n_members; i++) {
        const emgp_burst *burst = &e->beats[e->run.member[i]].burst;
        if (isfinite(burst->acf_lag_s) && (double)burst->acf_height >= evidence.acf_height)
            lag = (double)burst->acf_lag_s;
    }
    evidence.sustained = true;
    evidence.n = isfinite(lag) ? (size_t)(evidence.duration_s / lag) : 0;
    evidence.rate_hz = isfinite(lag) ? 1 / lag : 0;
    complete(e, &evidence, e->beats[e->run.member[0]].burst.onset_s);
    return evidence;
}

static void give_sustained(emgp_parse *e)
{
    emgp_evidence evidence = sustained_evidence(e);
    emgp_decision decision = emgp_rhythm_decide(&evidence, &e->config->rhythm);
    emg_event event = take_members(e, &evidence, &decision);
    if (is_rhythm(decision.trial_type))
        event.frequency_hz = evidence.rate_hz;
    else
        event.count = discharges_of(e);
    add_episode(e, &event);
}

static void find_sustained(emgp_parse *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->beats[i].taken)
            continue;
        chain(e, i, fringe_s);
        if (holds_long(e)) {
            give_sustained(e);
            continue;
        }
        chain(e, i, chain_gap_s);
        size_t n = e->run.n_members;
        const emgp_burst *last = &e->beats[e->run.member[n - 1]].burst;
        double duration = last->end_s - e->beats[i].burst.onset_s;
        if (duration >= e->config->episode.tonic_least_s && (double)n > chain_hz * duration && n > 4)
            give_sustained(e);
    }
}

/* How isolated a beat is among those left: the rate around it, and the share of its neighbours without company. */
static void look_around(const emgp_parse *e, size_t i, emgp_evidence *evidence)
{
    double now = e->beats[i].burst.onset_s, isolation = e->config->rhythm.isolation_s;
    size_t near = 0, isolated = 0, n_intervals = 0;
    double before_end = -INFINITY, last_onset = NAN, interval[EMGP_MOST_BEATS] = { 0 };
    for (size_t k = 0; k < e->n && e->beats[k].burst.onset_s <= now + around_s; k++) {
        const emgp_burst *b = &e->beats[k].burst;
        if (b->onset_s >= now - around_s && !e->beats[k].taken) {
            double after = k + 1 < e->n ? e->beats[k + 1].burst.onset_s - b->end_s : INFINITY;
            near++;
            if (isfinite(last_onset))
                interval[n_intervals++] = b->onset_s - last_onset;
            last_onset = b->onset_s;
            isolated += b->onset_s - before_end > isolation && after > isolation;
        }
        before_end = fmax(before_end, b->end_s);
    }
    evidence->n = near;
    if (n_intervals >= 3)
        evidence->intervals = emgp_intervals_of(interval, n_intervals);
    evidence->rate_hz = near > 1 ? (double)(near - 1) / (2 * around_s) : 0;
    evidence->isolated_share = (double)isolated / (double)near;
}

static void fill_point(emg_event *event, const emgp_point *point)
{
    event->onset_s = point->peak_s - (double)point->before_s;
    event->duration_s = (double)point->before_s + (double)point->after_s;
    event->peak_s = point->peak_s;
    event->amplitude = (double)point->peak_to_peak;
    event->snr_db = 20 * log10((double)point->peak / (double)point->sigma);
    event->unit = point->unit;
    event->count = 1;
}

/* One event per discharge of a fasciculating beat, one for a jerk. */
static void add_alone(emgp_parse *e, const emgp_beat *beat, const emg_event *common)
{
    emg_event event = *common;
    event.count = 1;
    event.onset_s = beat->burst.onset_s;
    event.peak_s = beat->burst.peak_s;
    event.amplitude = (double)beat->burst.peak_to_peak;
    if (common->trial_type != EMG_FASCICULATION || beat->n_points == 0)
        e->points[e->n_points++] = event;
    for (unsigned i = 0; common->trial_type == EMG_FASCICULATION && i < beat->n_points; i++) {
        fill_point(&event, &beat->point[i]);
        e->points[e->n_points++] = event;
    }
}

static void find_isolated(emgp_parse *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->beats[i].taken || e->beats[i].burst.n_discharges == 0) /* a swell of the noise serves rhythms only */
            continue;
        emgp_run_alone(&e->run, i);
        emgp_evidence evidence = emgp_run_evidence(e->beats, e->n, &e->run);
        evidence.alone = true;
        look_around(e, i, &evidence);
        complete(e, &evidence, e->beats[i].burst.onset_s);
        emgp_decision decision = emgp_rhythm_decide(&evidence, &e->config->rhythm);
        evidence.n = 1;
        if (decision.trial_type == EMG_INDETERMINATE) {
            emg_event episode = take_members(e, &evidence, &decision);
            add_episode(e, &episode);
        } else {
            emg_event event = event_of(e, &evidence, &decision);
            add_alone(e, &e->beats[i], &event);
        }
    }
}

void emgp_parse_beats(emgp_parse *e)
{
    e->n_points = e->n_episodes = e->n_artifacts = 0;
    find_artifacts(e);
    find_runs(e);
    find_sustained(e);
    find_isolated(e);
    e->n = 0;
}
