/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts turned into events: artefacts out, then rhythmic trains, then what stands alone. */
#include "analysis/classify/classify.h"

#include <math.h>

static const emg_setting fasciculation_rows[] = {
    { "fasciculation.least_amplitude_uv", "uV", 0, 10000, 50, 0, NULL,
      offsetof(emg_fasciculation_config, least_amplitude_uv),
      "what stands alone in a calibrated channel and is smaller peak to peak is a small potential, no fasciculation or jerk" },
};

emgp_settings emgp_fasciculation_table(void)
{
    return EMGP_SETTINGS(fasciculation_rows, fasciculation);
}

enum {
    TRAIN,
    FRAGMENT,
    FRAGMENT_PERIOD,
    SUSTAINED,
    CHAIN_GAP,
    CHAIN_RATE,
    CHAIN_BURSTS,
    CHAIN_STIMULI,
    AROUND,
    AROUND_INTERVALS,
    AROUND_LASTING,
    ISOLATED,
    FRINGE,
    LONGER,
    SCRAP
};

static const emgp_rule numbers[] = {
    [TRAIN] = EMGP_NUMBER("partition.train", "bursts of a train, one a cycle", EMGP_AT_LEAST,
                          EMGP_SETTING(rhythm.least_bursts), EMGP_OURS, "it is judged as a train"),
    [FRAGMENT] = EMGP_NUMBER("partition.fragment", "amplitude / median amplitude of a rhythm", EMGP_AT_MOST,
                             EMGP_LIMIT(2), EMGP_OURS,
                             "a burst within a rhythm that does not fit its cycle is its fragment; a larger one is an "
                             "event of its own"),
    [FRAGMENT_PERIOD] =
        EMGP_NUMBER("partition.fragment_period", "time since the cycle before / period of a slow rhythm", EMGP_BELOW,
                    EMGP_LIMIT(0.5), EMGP_OURS, "it is a fragment of that one, and no cycle"),
    [SUSTAINED] = EMGP_NUMBER("partition.sustained_s", "duration", EMGP_AT_LEAST, EMGP_SETTING(episode.tonic_least_s),
                              EMGP_OURS, "a burst is no beat of a train, and no jerk by itself"),
    [CHAIN_GAP] = EMGP_NUMBER("partition.chain_gap_s", "silence", EMGP_AT_MOST, EMGP_LIMIT(0.25), EMGP_OURS,
                              "short bursts so near each other are a chain"),
    [CHAIN_RATE] = EMGP_NUMBER("partition.chain_hz", "rate of a chain's bursts", EMGP_ABOVE, EMGP_LIMIT(6), EMGP_OURS,
                               "a chain so dense is sustained activity"),
    [CHAIN_BURSTS] = EMGP_NUMBER("partition.chain_bursts", "bursts of a chain", EMGP_ABOVE, EMGP_LIMIT(4), EMGP_OURS,
                                 "when it has so many"),
    [CHAIN_STIMULI] = EMGP_NUMBER(
        "partition.chain_stimuli", "share of a dense chain's bursts that follow marked stimuli", EMGP_AT_MOST,
        EMGP_LIMIT(0.5), EMGP_OURS, "it goes on by itself, and none of its bursts is taken as evoked"),
    [FRINGE] =
        EMGP_NUMBER("partition.fringe_s", "silence between a discharge and a longer burst", EMGP_BELOW, EMGP_LIMIT(0.1),
                    EMGP_OURS, "the discharge is the burst's fringe, and none that stands alone"),
    [LONGER] = EMGP_NUMBER("partition.longer_s", "duration of a longer burst", EMGP_AT_LEAST, EMGP_LIMIT(0.04),
                           EMGP_OURS, "it has fringes; two potentials that overlap do not last so long"),
    [SCRAP] = EMGP_NUMBER("partition.scrap_s", "duration of what no word fits", EMGP_BELOW, EMGP_LIMIT(0.02), EMGP_OURS,
                          "it is a scrap: counted, and no row"),
    [AROUND] = EMGP_NUMBER("partition.around_s", "time before and after a burst", EMGP_AT_MOST, EMGP_LIMIT(5),
                           EMGP_OURS, "the bursts around one that stands alone: their rate, intervals and silence"),
    [AROUND_INTERVALS] = EMGP_NUMBER("partition.around_intervals", "intervals around a burst", EMGP_AT_LEAST,
                                     EMGP_LIMIT(3), EMGP_OURS, "their regularity is measured"),
    [AROUND_LASTING] = EMGP_NUMBER("partition.around_lasting_s", "duration of a burst around one", EMGP_AT_LEAST,
                                   EMGP_LIMIT(0.1), EMGP_OURS, "its time counts as time in which the muscle is busy"),
    [ISOLATED] =
        EMGP_NUMBER("partition.isolated_s", "silence on either side of a burst", EMGP_ABOVE,
                    EMGP_SETTING(rhythm.isolation_s), "Sleutjes 2016", "the burst counts as isolated (isolated_share)"),
};

emgp_rules emgp_partition_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static double limit(const emgp_partition *e, int row)
{
    return emgp_rule_limit(&numbers[row], e->config);
}

static void add_episode(emgp_partition *e, const emg_event *event)
{
    if (event->trial_type == EMG_ARTIFACT)
        e->artifacts[e->n_artifacts++] = *event;
    else
        e->episodes[e->n_episodes++] = *event;
}

/* An episode event of the train's members, which are then taken. */
static emg_event take_members(emgp_partition *e, const emgp_evidence *evidence, const emgp_decision *decision)
{
    emg_event event = emgp_evidence_event(e, evidence, decision);
    event.onset_s = e->bursts[e->train.member[0]].burst.onset_s;
    event.amplitude = emgp_train_amplitude(e->bursts, &e->train);
    for (size_t i = 0; i < e->train.n_members; i++) {
        emgp_episode_burst *member = &e->bursts[e->train.member[i]];
        member->taken = true;
        if (i > 0 && !((double)member->burst.peak > event.peak))
            continue;
        event.peak = (double)member->burst.peak;
        event.peak_s = member->burst.peak_s;
    }
    return event;
}

static bool is_ecg(const emgp_episode_burst *burst)
{
    const emgp_point *main_point = emgp_episode_burst_main(burst);
    return main_point && main_point->ecg;
}

/* Discharges of other units that fell into the same burst as a QRS complex stay. */
static void leave_ecg_out(emgp_episode_burst *burst)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < burst->n_points; i++)
        if (!burst->point[i].ecg)
            burst->point[kept++] = burst->point[i];
    burst->n_points = kept;
}

static bool is_long(const emgp_partition *e, size_t burst)
{
    return e->bursts[burst].burst.end_s - e->bursts[burst].burst.onset_s >= limit(e, SUSTAINED);
}

/* What a stimulus made is told by the stimulus, however many muscles it is in and whatever the baseline does. */
static bool is_of_stimulus(const emgp_partition *e, size_t burst)
{
    return !is_long(e, burst) && emgp_evidence_stimulus(e, burst) != EMGP_AFTER_NONE;
}

static void find_artifacts(emgp_partition *e)
{
    for (size_t i = 0; i < e->n; i++) {
        emgp_episode_burst *burst = &e->bursts[i];
        bool ecg = is_ecg(burst), pop = burst->burst.flags & EMGP_POP, motion = burst->burst.flags & EMGP_MOTION;
        if (burst->taken || is_of_stimulus(e, i) || (!ecg && !pop && !motion && !burst->synchrony.common))
            continue;
        emgp_evidence evidence = emgp_evidence_alone(e, i, burst->burst.onset_s);
        evidence.common = burst->synchrony.common;
        evidence.ecg = ecg;
        evidence.pop = pop;
        evidence.motion = motion;
        evidence.sustained = evidence.duration_s >= limit(e, SUSTAINED);
        emgp_decision decision = emgp_evidence_decide(e, &evidence, burst->burst.onset_s);
        if (decision.trial_type != EMG_ARTIFACT)
            continue;
        emg_event event = take_members(e, &evidence, &decision);
        add_episode(e, &event);
        leave_ecg_out(burst);
        burst->taken = !ecg || burst->n_points == 0;
    }
}

/* The train that a heart makes is found as one too. */
bool emgp_partition_is_rhythm(emg_class trial_type)
{
    return trial_type == EMG_ARTIFACT || trial_type == EMG_CLONUS || trial_type == EMG_TREMOR ||
           trial_type == EMG_RHYTHMIC || trial_type == EMG_MOTOR_UNIT || trial_type == EMG_MYOCLONUS;
}

/* Bursts within a rhythm that did not fit its cycle are its fragments, unless they stand out of it. */
static void absorb(emgp_partition *e, const emg_event *rhythm)
{
    double period = 1 / rhythm->frequency_hz, end = rhythm->onset_s + rhythm->duration_s + period / 2;
    for (size_t i = 0; i < e->n; i++) {
        const emgp_burst *b = &e->bursts[i].burst;
        if (b->onset_s >= rhythm->onset_s - period / 2 && b->onset_s <= end &&
            (double)b->peak_to_peak <= limit(e, FRAGMENT) * rhythm->amplitude)
            e->bursts[i].taken = true;
    }
}

/* A slow rhythm: an event for each cycle, with what is said of them all. */
static void add_cycles(emgp_partition *e, const emg_event *common)
{
    double before_s = 0;
    for (size_t i = 0; i < e->train.n_picks; i++) {
        const emgp_cycle_span cycle = emgp_train_cycle(e->bursts, &e->train, i);
        const emgp_burst *burst = cycle.largest;
        emg_event event = *common;
        if (i > 0 && (cycle.onset_s - before_s) * common->frequency_hz < limit(e, FRAGMENT_PERIOD))
            continue;
        before_s = cycle.onset_s;
        event.onset_s = cycle.onset_s;
        event.duration_s = cycle.end_s - cycle.onset_s;
        event.peak_s = burst->peak_s;
        event.peak = (double)burst->peak;
        event.amplitude = (double)burst->peak_to_peak;
        event.snr_db = emgp_snr_db(burst->peak, burst->sigma);
        event.count = 1;
        e->points[e->n_points++] = event;
    }
}

/* When the bursts of an episode are: each from its first fragment to its last. */
static void keep_times(emgp_partition *e, const emg_event *event)
{
    for (size_t i = 0; i < e->train.n_picks; i++) {
        const emgp_cycle_span cycle = emgp_train_cycle(e->bursts, &e->train, i);
        e->times[e->n_times++] = (emgp_burst_time){ .at_s = e->bursts[e->train.pick[i]].burst.onset_s,
                                                    .onset_s = cycle.onset_s,
                                                    .end_s = cycle.end_s,
                                                    .unit = event->unit };
    }
}

static double stimulus_share(const emgp_partition *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->train.n_picks; i++)
        n += emgp_evidence_stimulus(e, e->train.pick[i]) != EMGP_AFTER_NONE;
    return (double)n / (double)e->train.n_picks;
}

/* Judges the train grown from burst i and takes it when it is a rhythm. */
static void take_train(emgp_partition *e, size_t i)
{
    if ((double)e->train.n_picks < limit(e, TRAIN))
        return;
    emgp_evidence evidence = emgp_train_evidence(e->bursts, e->n, &e->train);
    evidence.stimulus_share = stimulus_share(e);
    if (!emgp_rhythm_is_regular(&evidence, e->config))
        return;
    emgp_evidence_complete(e, &evidence, e->bursts[i].burst.onset_s);
    emgp_decision decision = emgp_evidence_decide(e, &evidence, e->bursts[e->train.member[0]].burst.onset_s);
    if (!emgp_partition_is_rhythm(decision.trial_type) && decision.trial_type != EMG_TONIC)
        return;
    emg_event event = take_members(e, &evidence, &decision);
    event.frequency_hz = evidence.rate_hz;
    event.interval_cv = evidence.intervals.cv;
    event.interval_rcv = evidence.intervals.rcv;
    if (decision.trial_type == EMG_MYOCLONUS || decision.trial_type == EMG_TONIC) {
        add_cycles(e, &event);
        return;
    }
    if (decision.trial_type == EMG_MOTOR_UNIT)
        event.unit = e->bursts[i].point[0].of.unit;
    if (decision.trial_type != EMG_MOTOR_UNIT && decision.trial_type != EMG_ARTIFACT)
        absorb(e, &event);
    if (decision.trial_type != EMG_ARTIFACT)
        keep_times(e, &event);
    add_episode(e, &event);
}

/* By the envelope first: it sees a rhythm through fragments in which chance may arrange regular bursts. */
static void find_trains(emgp_partition *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->bursts[i].taken)
            continue;
        emgp_train_by_envelope(&e->train, e->bursts, e->n, i);
        take_train(e, i);
    }
    double longest = limit(e, SUSTAINED);
    for (size_t i = 0; i < e->n; i++) {
        if (e->bursts[i].taken || is_long(e, i))
            continue;
        emgp_train_by_bursts(&e->train, e->bursts, e->n, i, longest);
        take_train(e, i);
    }
}

/* Whether a burst is an event's; those of a contraction are still asked for what a stimulus made. */
static bool is_given(const emgp_episode_burst *burst)
{
    return burst->taken && !burst->held;
}

/* Members from burst i on that follow without silence. */
static void chain(emgp_partition *e, size_t i)
{
    const double gap_s = limit(e, CHAIN_GAP);
    size_t n = 0;
    double end = e->bursts[i].burst.end_s;
    for (; i < e->n; i++) {
        if (is_given(&e->bursts[i]))
            continue;
        if (n > 0 && e->bursts[i].burst.onset_s - end > gap_s)
            break;
        e->train.member[n] = e->train.pick[n] = (uint16_t)i;
        n++;
        end = fmax(end, e->bursts[i].burst.end_s);
    }
    e->train.n_members = e->train.n_picks = n;
}

/* Whether short bursts follow so fast that they are sustained activity. */
static bool is_dense(const emgp_partition *e)
{
    const emgp_burst *first = &e->bursts[e->train.member[0]].burst;
    const emgp_burst *last = &e->bursts[e->train.member[e->train.n_members - 1]].burst;
    double n = (double)e->train.n_members, duration = last->end_s - first->onset_s;
    return duration >= limit(e, SUSTAINED) && n > limit(e, CHAIN_RATE) * duration && n > limit(e, CHAIN_BURSTS);
}

/* Responses and artefacts of stimuli, but for dense activity that goes on by itself, whatever it begins with. */
static void find_evoked(emgp_partition *e)
{
    for (size_t i = 0, last; e->marks.n_stimuli > 0 && i < e->n; i = last + 1) {
        last = i;
        if (is_given(&e->bursts[i]))
            continue;
        chain(e, i);
        last = e->train.member[e->train.n_members - 1];
        if (is_dense(e) && stimulus_share(e) <= limit(e, CHAIN_STIMULI))
            continue;
        for (size_t k = i; k <= last; k++)
            if (!is_given(&e->bursts[k]) && !is_long(e, k))
                emgp_stimulus_take(e, k);
    }
}

/* A swell of the noise disturbs nobody's isolation, nor does a unit that fires on. */
static size_t next_with_discharge(const emgp_partition *e, size_t from)
{
    while (from < e->n && (e->bursts[from].burst.n_discharges == 0 || e->bursts[from].firing))
        from++;
    return from;
}

/* How much of the time before or after a burst others take up that are longer than a jerk: the larger, since beyond an end
 * of the recording there are none. */
static double busy_share(const emgp_partition *e, size_t i)
{
    const double around_s = limit(e, AROUND), lasting_s = limit(e, AROUND_LASTING), now = e->bursts[i].burst.onset_s;
    double before_s = 0, after_s = 0;
    for (size_t k = 0; k < e->n && e->bursts[k].burst.onset_s < now + around_s; k++) {
        const emgp_burst *b = &e->bursts[k].burst;
        const double within_s = fmin(b->end_s, now + around_s) - fmax(b->onset_s, now - around_s);
        if (k != i && !e->bursts[k].firing && b->end_s - b->onset_s >= lasting_s && within_s > 0)
            *(k < i ? &before_s : &after_s) += within_s;
    }
    return fmax(before_s, after_s) / around_s;
}

/* How isolated a burst is: the rate of all around it, and the share of it and its neighbours that stand alone. Discharges are
 * counted on the side that has more of them, since beyond an end of the recording there are none. */
static void look_around(const emgp_partition *e, size_t i, emgp_evidence *evidence)
{
    double now = e->bursts[i].burst.onset_s, isolation = limit(e, ISOLATED), around_s = limit(e, AROUND);
    size_t all = 0, near = 0, gaps = 0, silent = 0, n_intervals = 0;
    uint64_t n_before = 0, n_after = 0;
    bool before_taken = false;
    double before_end = -INFINITY, last_onset = NAN, interval[EMGP_MOST_BURSTS] = { 0 };
    for (size_t k = next_with_discharge(e, 0); k < e->n && e->bursts[k].burst.onset_s <= now + around_s;
         k = next_with_discharge(e, k + 1)) {
        const emgp_burst *b = &e->bursts[k].burst;
        if (b->onset_s >= now - around_s && b->n_discharges > 0) {
            all += !e->bursts[k].held;
            *(k < i ? &n_before : &n_after) += e->bursts[k].taken ? 1 : b->n_discharges;
        }
        if (b->onset_s >= now - around_s && isfinite(before_end) && !(e->bursts[k].taken && before_taken)) {
            gaps++;
            silent += b->onset_s - before_end > isolation;
        }
        if (b->onset_s >= now - around_s && !e->bursts[k].taken) {
            near++;
            if (isfinite(last_onset))
                interval[n_intervals++] = b->onset_s - last_onset;
            last_onset = b->onset_s;
        }
        before_end = fmax(before_end, b->end_s);
        before_taken = e->bursts[k].taken;
    }
    evidence->n = (double)near;
    if (e->facts.final && (double)n_intervals >= limit(e, AROUND_INTERVALS))
        evidence->intervals = emgp_intervals_of(interval, n_intervals);
    evidence->rate_hz = all > 1 ? (double)(all - 1) / (2 * around_s) : 0;
    evidence->around_hz = fmax((double)n_before, (double)n_after) / around_s;
    evidence->n_gaps = (double)gaps;
    evidence->silent_share = (double)silent / (double)gaps;
    evidence->busy_share = e->facts.final && e->facts.moved ? busy_share(e, i) : 0;
}

static void fill_point(emg_event *event, const emgp_point *point)
{
    event->onset_s = point->peak_s - (double)point->before_s;
    event->duration_s = (double)point->before_s + (double)point->after_s;
    event->peak_s = point->peak_s;
    event->peak = (double)point->peak;
    event->amplitude = (double)point->peak_to_peak;
    event->snr_db = emgp_snr_db(point->peak, point->sigma);
    event->unit = point->of.unit;
    event->count = 1;
}

/* What is too small for its word is a small potential; the first pass asks only what it would be, however small. */
static void add_sized(emgp_partition *e, const emg_event *event)
{
    const bool known = e->facts.calibrated && (event->trial_type == EMG_FASCICULATION || e->facts.sized);
    emg_event *place = &e->points[e->n_points++];
    *place = *event;
    if (e->facts.final && known && event->amplitude < e->config->fasciculation.least_amplitude_uv)
        place->trial_type = EMG_UNCLASSIFIED;
}

/* One event per discharge of a fasciculation, one for a jerk. */
static void add_alone(emgp_partition *e, const emgp_episode_burst *burst, const emg_event *common)
{
    emg_event event = *common;
    event.count = 1;
    event.onset_s = burst->burst.onset_s;
    event.peak_s = burst->burst.peak_s;
    event.peak = (double)burst->burst.peak;
    event.amplitude = (double)burst->burst.peak_to_peak;
    if (common->trial_type == EMG_MYOCLONUS || (common->trial_type == EMG_FASCICULATION && burst->n_points == 0)) {
        add_sized(e, &event);
        return;
    }
    if (common->trial_type != EMG_FASCICULATION) {
        e->points[e->n_points++] = event;
        return;
    }
    for (unsigned i = 0; i < burst->n_points; i++) {
        const emgp_point *point = &burst->point[i];
        if (e->facts.never_rests && !emgp_stands_out(point->peak, point->sigma))
            continue;
        fill_point(&event, point);
        add_sized(e, &event);
    }
}

static bool is_longer_burst(const emgp_partition *e, size_t burst)
{
    const emgp_episode_burst *b = &e->bursts[burst];
    return !b->taken && b->burst.end_s - b->burst.onset_s >= limit(e, LONGER) &&
           emgp_episode_burst_core_s(b) > e->config->rhythm.spike_core_s;
}

/* Whether a longer burst begins or ends right beside a discharge. */
static bool is_fringe(const emgp_partition *e, size_t i)
{
    const emgp_burst *b = &e->bursts[i].burst;
    return !is_longer_burst(e, i) &&
           ((i > 0 && is_longer_burst(e, i - 1) && b->onset_s - e->bursts[i - 1].burst.end_s < limit(e, FRINGE)) ||
            (i + 1 < e->n && is_longer_burst(e, i + 1) &&
             e->bursts[i + 1].burst.onset_s - b->end_s < limit(e, FRINGE)));
}

static void find_isolated(emgp_partition *e)
{
    if (e->facts.never_rests && !e->facts.final) /* the one contraction is found whatever stands out of it */
        return;
    for (size_t i = 0; i < e->n; i++) {
        /* a swell of the noise serves rhythms only, and what lasts is no discharge */
        if (e->bursts[i].taken || e->bursts[i].near || e->bursts[i].burst.n_discharges == 0 || is_long(e, i))
            continue;
        emgp_evidence evidence = emgp_evidence_alone(e, i, e->bursts[i].burst.onset_s);
        look_around(e, i, &evidence);
        emgp_decision decision = emgp_evidence_decide(e, &evidence, e->bursts[i].burst.onset_s);
        evidence.n = 1;
        const bool undecided = decision.trial_type == EMG_INDETERMINATE;
        /* it makes no row; in a muscle that never rests it is a part of the contraction */
        if (decision.trial_type == EMG_UNCLASSIFIED || (undecided && e->facts.never_rests))
            continue;
        const bool discharge = decision.trial_type == EMG_FASCICULATION || undecided;
        if (e->facts.final && discharge && is_fringe(e, i))
            continue;
        if (undecided) {
            emg_event episode = take_members(e, &evidence, &decision);
            if (e->facts.final && episode.duration_s < limit(e, SCRAP))
                e->points[e->n_points++] = episode; /* what has no word is no point: who takes it counts it */
            else
                add_episode(e, &episode);
        } else {
            emg_event event = emgp_evidence_event(e, &evidence, &decision);
            add_alone(e, &e->bursts[i], &event);
        }
    }
}

void emgp_partition_bursts(emgp_partition *e)
{
    e->n_points = e->n_episodes = e->n_artifacts = e->n_times = 0;
    e->response = NULL;
    find_artifacts(e);
    find_trains(e);
    find_evoked(e);
    find_isolated(e);
    e->n = 0;
}
