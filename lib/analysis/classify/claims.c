/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stretch of a channel is as a whole is told first: its bursts are then nobody else's. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

enum { REPEATS, GROUPS, CYCLES, LONE, N_KINDS, TRAINS = N_KINDS, CLAIMS_BUDGET = 1 << 17 };

enum { FRAGMENT, DUE, TOGETHER };

static const emgp_rule numbers[] = {
    [FRAGMENT] =
        EMGP_NUMBER("claims.fragment", "peak to peak of a burst within a unit's train / that of its discharges",
                    EMGP_AT_MOST, EMGP_LIMIT(1.5), EMGP_OURS,
                    "it is no larger than two of them together: a part of the train, or one that another unit covers"),
    [DUE] = EMGP_NUMBER("claims.due", "time since a train's discharge before / period", EMGP_AT_LEAST, EMGP_LIMIT(0.65),
                        EMGP_OURS, "the next one may be due"),
    [TOGETHER] =
        EMGP_NUMBER("claims.together", "peak to peak of a burst / sum of those of the two largest trains that are due",
                    EMGP_AT_MOST, EMGP_LIMIT(1.1), EMGP_OURS, "it is a discharge of either unit, one over the other"),
};

emgp_rules emgp_claims_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

/* The rows of a kind that was sought before, as far as they were read. */
typedef struct before {
    emgp_spill_cursor cursor;
    emg_event row;
    bool there;
} before;

struct emgp_claims {
    emgp_spill *rows; /* of emg_event: N_KINDS streams of stretches, then those of the trains of each unit */
    emgp_firing trains;
    emgp_beneath *beneath;
    double floor_db;
    const emgp_partition *about;
    size_t kind;
    emgp_merge *merge;
    emg_event row; /* the next one, when there is one */
    bool there;
    double clear_s;      /* where the rows before end */
    before before[LONE]; /* while kinds are sought */
    emgp_train_walk walk;
    emgp_spill *times;    /* of the bursts of all trains, N_KINDS streams */
    emgp_kindred kindred; /* trains by their envelope, until all are known */
    emgp_times_reader told;
};

/* Whether what is in a stretch has one word as a whole. */
static bool is_whole(emg_class trial_type)
{
    return trial_type == EMG_MYOKYMIA || trial_type == EMG_NEUROMYOTONIA || trial_type == EMG_CLONUS ||
           trial_type == EMG_TREMOR || trial_type == EMG_RHYTHMIC;
}

/* Whether a row of a kind before overlaps a stretch; stretches of one kind are asked for by onset. */
static emg_status is_claimed(emgp_claims *c, const emgp_stretch_found *found, double *claimed, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t kind = 0; kind < c->kind; kind++) {
        before *b = &c->before[kind];
        while (status == EMG_OK && b->there && b->row.onset_s + b->row.duration_s < found->onset_s)
            status = emgp_spill_copy(&b->cursor, &b->row, sizeof b->row, &b->there, err);
        *claimed = *claimed > 0 || (b->there && b->row.onset_s < found->end_s);
    }
    return status;
}

/* The rows of the kinds before are read from the first on for the next one. */
static void begin_kind(emgp_claims *c, size_t kind)
{
    c->kind = kind;
    for (size_t i = 0; i < kind; i++) {
        emgp_spill_stop(&c->before[i].cursor);
        emgp_spill_start(&c->before[i].cursor, c->rows, i);
        c->before[i].row = (emg_event){ .onset_s = -INFINITY };
        c->before[i].there = true;
    }
}

static emg_status take(void *context, const emgp_stretch_found *found, emg_error *err)
{
    emgp_claims *c = context;
    emgp_evidence evidence = found->evidence;
    evidence.glide_hz = evidence.antagonist_share = NAN;
    evidence.stimulus_share = emgp_evidence_stimuli(c->about, found->onset_s, found->end_s, evidence.n);
    emgp_evidence_place(c->about, &evidence, found->onset_s);
    emg_status status = is_claimed(c, found, &evidence.claimed, err);
    if (status)
        return status;
    const emgp_decision decision = emgp_evidence_decide(c->about, &evidence, found->onset_s);
    if (c->kind == LONE ? decision.trial_type != EMG_MOTOR_UNIT : !is_whole(decision.trial_type))
        return EMG_OK;
    emg_event event = emgp_evidence_event(c->about, &evidence, &decision);
    event.onset_s = found->onset_s;
    event.peak = found->peak;
    event.peak_s = found->peak_s;
    event.amplitude = found->amplitude;
    event.frequency_hz = evidence.rate_hz > 0 ? evidence.rate_hz : NAN;
    if (evidence.cycles > 0) {
        event.interval_cv = evidence.intervals.cv;
        event.interval_rcv = evidence.intervals.rcv;
    }
    status = emgp_spill_push(c->rows, c->kind, &event, err);
    if (status || c->kind == REPEATS)
        return status;
    const emgp_times_of of = c->kind == GROUPS ? EMGP_TIMES_GROUPS : EMGP_TIMES_CYCLES;
    const emgp_times to = emgp_channel_times(&c->about->facts, of);
    return emgp_times_move(&c->told, found->train, &to, err);
}

/* A train waits until all are known: what tells bursts from the discharges of a unit is a matter of all of its rate. */
static emg_status take_cycles(void *context, const emgp_stretch_found *found, emg_error *err)
{
    emgp_claims *c = context;
    emgp_stretch_found train = *found;
    emg_status status = emgp_train_walk_look(&c->walk, c->about->config, &c->about->marks, &train, err);
    if (status)
        return status;
    return emgp_kindred_push(&c->kindred, &train, c->walk.n_alike, err);
}

static void end_kinds(emgp_claims *c)
{
    emgp_spill_stop(&c->told.cursor);
    for (size_t i = 0; i < LONE; i++)
        emgp_spill_stop(&c->before[i].cursor);
}

/* The times of the trains of a kind are read from the first on. */
static void read_times(emgp_claims *c, size_t kind)
{
    emgp_spill_stop(&c->told.cursor);
    emgp_spill_start(&c->told.cursor, c->times, kind);
    c->told.there = false;
}

/* Whom stretches of a kind go to. */
static emgp_stretch_sink sink_of(emgp_claims *c, size_t kind, emgp_stretch_take *take_found)
{
    begin_kind(c, kind);
    read_times(c, kind);
    return (emgp_stretch_sink){ take_found, c, { c->times, kind } };
}

static emg_status find_kinds(emgp_claims *c, const emgp_channel_streams *s, const emgp_spill *kin, emg_error *err)
{
    emg_status status = emgp_spill_new(&c->times, N_KINDS, sizeof(emgp_burst_time), CLAIMS_BUDGET, s->directory, err);
    if (status == EMG_OK)
        status = emgp_kindred_new(&c->kindred, s->directory, err);
    if (status == EMG_OK)
        status = emgp_repeats_find(s->bursts, s->levels, s->stream, s->level_step_s, take, c, err);
    if (status)
        return status;
    emgp_stretch_sink sink = sink_of(c, GROUPS, take);
    status = emgp_groups_find(s->discharges, s->stream, &sink, err);
    sink = sink_of(c, CYCLES, take_cycles);
    emgp_train_walk_start(&c->walk, s->stream, s->bursts, s->synchrony, kin, s->discharges);
    if (status == EMG_OK)
        status = emgp_trains_find(s->bursts, s->levels, s->stream, s->level_step_s, &sink, err);
    if (status == EMG_OK)
        status = emgp_kindred_give(&c->kindred, take, c, err);
    emgp_train_walk_stop(&c->walk);
    end_kinds(c);
    return status;
}

static emg_status next(emgp_claims *c, emg_error *err);

/* A train of a unit is none where a stretch has a word as a whole. */
static emg_status take_train(void *context, const emgp_unit_train *train, emg_error *err)
{
    emgp_claims *c = context;
    emgp_evidence evidence = train->evidence;
    emg_status status = EMG_OK;
    while (status == EMG_OK && c->there && c->row.onset_s + c->row.duration_s < train->onset_s)
        status = next(c, err);
    if (status)
        return status;
    evidence.claimed = c->there && c->row.onset_s < train->end_s;
    evidence.stimulus_share = emgp_evidence_stimuli(c->about, train->onset_s, train->end_s, evidence.n);
    status = emgp_beneath_measure(c->beneath, train->onset_s, train->end_s, c->floor_db, &evidence, err);
    if (status)
        return status;
    emgp_evidence_place(c->about, &evidence, train->onset_s);
    const emgp_decision decision = emgp_evidence_decide(c->about, &evidence, train->onset_s);
    if (decision.trial_type != EMG_MOTOR_UNIT)
        return EMG_OK;
    emg_event event = emgp_evidence_event(c->about, &evidence, &decision);
    event.onset_s = train->onset_s;
    event.peak = train->peak;
    event.peak_s = train->peak_s;
    event.amplitude = train->amplitude;
    event.frequency_hz = evidence.rate_hz;
    event.interval_cv = evidence.intervals.cv;
    event.interval_rcv = evidence.intervals.rcv;
    event.unit = train->unit;
    return emgp_spill_push(c->rows, TRAINS + train->unit - 1, &event, err);
}

/* A train whose bursts are a unit's, where no train of a unit was found by its discharges: those tell more. */
static emg_status take_lone(void *context, const emgp_stretch_found *found, emg_error *err)
{
    emgp_claims *c = context;
    emg_status status = emgp_firing_move(&c->trains, found->end_s, err);
    return status || emgp_firing_since(&c->trains, found->onset_s) ? status : take(c, found, err);
}

static emg_status find_lone(emgp_claims *c, emg_error *err)
{
    begin_kind(c, LONE);
    read_times(c, CYCLES);
    emg_status status = emgp_firing_start(&c->trains, c->rows, TRAINS, err);
    if (status == EMG_OK)
        status = emgp_kindred_give(&c->kindred, take_lone, c, err);
    end_kinds(c);
    return status;
}

static emg_status find_trains(emgp_claims *c, const emgp_channel_streams *s, emg_error *err)
{
    const emgp_unit_trains_setup setup = { .discharges = s->discharges,
                                           .bursts = s->bursts,
                                           .unit_of = s->unit_of,
                                           .stream = s->stream,
                                           .config = c->about->config,
                                           .directory = s->directory };
    emg_status status = emgp_claims_start(c, err);
    c->floor_db = s->floor.level_db;
    return status ? status : emgp_unit_trains_find(&setup, take_train, c, err);
}

/* When the discharges of the trains of units are. */
static emg_status tell_units(emgp_claims *c, const emgp_channel_streams *s, emg_error *err)
{
    const emgp_times to = emgp_channel_times(&c->about->facts, EMGP_TIMES_UNITS);
    emgp_spill_cursor discharges, units;
    emgp_unit_of of;
    emgp_discharge d;
    bool there;
    emg_status status = emgp_claims_start(c, err);
    emgp_spill_start(&discharges, s->discharges, s->stream);
    emgp_spill_start(&units, s->unit_of, 0);
    while (status == EMG_OK && (status = emgp_spill_copy(&discharges, &d, sizeof d, &there, err)) == EMG_OK && there &&
           (status = emgp_spill_copy(&units, &of, sizeof of, &there, err)) == EMG_OK && there) {
        status = emgp_firing_move(&c->trains, d.peak_s, err);
        emgp_burst_time time = { d.peak_s, d.peak_s - (double)d.before_s, d.peak_s + (double)d.after_s, 0, of.unit };
        if (status == EMG_OK && emgp_firing_at(&c->trains, of.unit, d.peak_s))
            status = emgp_times_push(&to, &time, err);
        time.unit = of.other;
        if (status == EMG_OK && emgp_firing_at(&c->trains, of.other, d.peak_s))
            status = emgp_times_push(&to, &time, err);
    }
    emgp_spill_stop(&discharges);
    emgp_spill_stop(&units);
    return status;
}

emg_status emgp_claims_new(emgp_claims **out, const emgp_partition *about, const emgp_channel_streams *s,
                           const emgp_spill *kin, emgp_beneath *beneath, emg_error *err)
{
    emgp_claims *c = emgp_alloc(1, sizeof *c);
    if (!c)
        return emgp_fail_memory(err);
    c->about = about;
    c->beneath = beneath;
    emg_status status =
        emgp_spill_new(&c->rows, TRAINS + EMGP_MOST_UNITS, sizeof(emg_event), CLAIMS_BUDGET, s->directory, err);
    if (status == EMG_OK)
        status = find_kinds(c, s, kin, err);
    if (status == EMG_OK)
        status = find_trains(c, s, err);
    if (status == EMG_OK)
        status = find_lone(c, err);
    if (status == EMG_OK)
        status = tell_units(c, s, err);
    emgp_spill_free(c->times);
    c->times = NULL;
    emgp_kindred_free(&c->kindred);
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
    emgp_firing_free(&c->trains);
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
    if (status == EMG_OK)
        status = next(c, err);
    return status ? status : emgp_firing_start(&c->trains, c->rows, TRAINS, err);
}

/* Up to what size what lies at a moment is a part of the trains there; 0: there are none. */
static double size_of_trains(const emgp_firing *t, double at_s)
{
    return fmax(numbers[FRAGMENT].limit * emgp_firing_amplitude(t, at_s),
                numbers[TOGETHER].limit * emgp_firing_both(t, at_s, numbers[DUE].limit));
}

/* Whether a discharge is a train's and nobody else's; of one that another unit's lies over, that unit's is left. */
static bool is_of_train(emgp_firing *t, emgp_point *p)
{
    const bool first = emgp_firing_at(t, p->of.unit, p->peak_s), second = emgp_firing_at(t, p->of.other, p->peak_s);
    emgp_firing_note(t, p->of.unit, p->peak_s);
    emgp_firing_note(t, p->of.other, p->peak_s);
    if (first && p->of.other > 0 && !second)
        p->of = (emgp_unit_of){ p->of.other, 0 };
    else if (first)
        return true;
    return (double)p->peak_to_peak <= size_of_trains(t, p->peak_s);
}

/* Makes a burst what its discharges that are left make of it. */
static void reduce(emgp_episode_burst *burst)
{
    const emgp_point *largest = emgp_episode_burst_main(burst);
    emgp_burst *b = &burst->burst;
    double onset_s = INFINITY, end_s = -INFINITY;
    for (unsigned i = 0; i < burst->n_points; i++) {
        onset_s = fmin(onset_s, burst->point[i].peak_s - (double)burst->point[i].before_s);
        end_s = fmax(end_s, burst->point[i].peak_s + (double)burst->point[i].after_s);
    }
    b->onset_s = fmax(b->onset_s, onset_s);
    b->end_s = fmin(b->end_s, end_s);
    b->peak_s = largest->peak_s;
    b->peak = largest->peak;
    b->peak_to_peak = largest->peak_to_peak;
    b->core_s = (float)emgp_unit_core_s(b->end_s - b->onset_s);
    b->n_discharges = burst->n_points;
}

/* Takes what is of a train out of a burst; whether that is all of it. */
static bool leave_trains_out(emgp_firing *t, emgp_episode_burst *burst)
{
    const bool small = (double)burst->burst.peak_to_peak <= size_of_trains(t, burst->burst.peak_s);
    unsigned kept = 0;
    for (unsigned i = 0; i < burst->n_points; i++)
        if (!is_of_train(t, &burst->point[i]))
            burst->point[kept++] = burst->point[i];
    const bool all = kept == burst->n_points, more = burst->burst.n_discharges > burst->n_points;
    if (all)
        return small;
    if (kept > 0 && !more) {
        burst->n_points = kept;
        reduce(burst);
    }
    return kept == 0 || more;
}

emg_status emgp_claims_mark(emgp_claims *c, emgp_episode_burst *burst, emg_error *err)
{
    const double middle_s = (burst->burst.onset_s + burst->burst.end_s) / 2;
    emg_status status = EMG_OK;
    while (status == EMG_OK && c->there && c->row.onset_s + c->row.duration_s < middle_s)
        status = next(c, err);
    if (status)
        return status;
    status = emgp_firing_move(&c->trains, burst->burst.end_s, err);
    burst->taken = c->there && c->row.onset_s <= middle_s;
    burst->firing = !burst->taken && leave_trains_out(&c->trains, burst);
    burst->taken = burst->taken || burst->firing;
    return status;
}

emg_status emgp_claims_give(emgp_claims *c, emgp_event_take *take_event, void *context, emg_error *err)
{
    emg_status status = emgp_claims_start(c, err);
    while (status == EMG_OK && (c->there || c->trains.there)) {
        const bool train = c->trains.there && !(c->there && c->row.onset_s <= c->trains.coming.onset_s);
        status = take_event(context, EMGP_CLAIMS, train ? &c->trains.coming : &c->row, err);
        if (status == EMG_OK)
            status = train ? emgp_firing_next(&c->trains, err) : next(c, err);
    }
    return status;
}
