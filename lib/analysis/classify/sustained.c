/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contractions with the bursts in them: whose a burst is, and what is said of each contraction. */
#include "analysis/classify/classify.h"

#include <math.h>

enum { SHORT, INSIDE, NEAR_SOLID, NEAR, BESIDE, BLUR };

static const emgp_rule numbers[] = {
    [SHORT] = EMGP_NUMBER("sustained.short_s", "duration of a contraction", EMGP_BELOW,
                          EMGP_SETTING(episode.tonic_least_s), EMGP_OURS, "it is as short as a jerk or a discharge"),
    [INSIDE] = EMGP_NUMBER("sustained.inside", "time of a burst within contractions / its duration", EMGP_AT_LEAST,
                           EMGP_LIMIT(0.5), EMGP_OURS, "the burst is theirs"),
    [NEAR_SOLID] = EMGP_NUMBER("sustained.near_solid_s", "silence to a solid contraction", EMGP_BELOW, EMGP_LIMIT(1),
                               EMGP_OURS, "a burst so near is no discharge or jerk by itself"),
    [NEAR] = EMGP_NUMBER("sustained.near_s", "silence to another contraction", EMGP_BELOW, EMGP_LIMIT(0.5), EMGP_OURS,
                         "a burst so near is none either"),
    [BESIDE] = EMGP_NUMBER("sustained.beside_s", "duration of a short contraction near a longer one", EMGP_ABOVE,
                           EMGP_LIMIT(0.1), EMGP_OURS,
                           "it is one too, in the same movement: its bursts, so near, would be nothing else"),
    [BLUR] =
        EMGP_NUMBER("sustained.blur_s", "time from the onset of a short contraction to a stimulus", EMGP_AT_MOST,
                    EMGP_LIMIT(0.05), EMGP_OURS, "filters and levels blur a response that begins with the stimulus"),
};

emgp_rules emgp_sustained_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static bool lasts(const emgp_sustained *s, const emgp_contraction *c)
{
    return c->end_s - c->onset_s >= emgp_rule_limit(&numbers[SHORT], s->about->config);
}

static emg_status read_ahead(emgp_sustained *s, emg_error *err)
{
    s->more = false;
    return s->contractions.rows ? emgp_spill_copy(&s->cursor, &s->coming, sizeof s->coming, &s->more, err) : EMG_OK;
}

/* How far around a contraction bursts are near it. */
static double near_s(const emgp_contraction *c)
{
    return numbers[emgp_used_is_solid(c) ? NEAR_SOLID : NEAR].limit;
}

/* Whether a short contraction lies so near a longer one that its bursts are no discharges or jerks. */
static bool is_beside(const emgp_sustained *s)
{
    return s->row.end_s - s->row.onset_s > numbers[BESIDE].limit &&
           (s->row.onset_s < s->clear_s ||
            (s->more && lasts(s, &s->coming) && s->coming.onset_s - s->row.end_s < near_s(&s->coming)));
}

/* The next contraction. In a muscle that is not being used a short one is judged by its bursts, unless one of them lasts or it
 * lies beside a longer one. */
static emg_status next(emgp_sustained *s, emg_error *err)
{
    s->weight = s->heights = s->highest = s->amplitudes = s->n_discharges = s->most_s = s->n_muscles = s->n_facial = 0;
    s->lag_s = s->snr_db = s->peak = NAN;
    s->flags = 0;
    s->there = s->more;
    s->row = s->coming;
    emg_status status = s->more ? read_ahead(s, err) : EMG_OK;
    if (status || !s->there)
        return status;
    s->told = lasts(s, &s->row) || emgp_used_at(s->contractions.used, s->row.onset_s);
    s->beside = !s->told && is_beside(s);
    s->told = s->told || s->beside;
    return EMG_OK;
}

emg_status emgp_sustained_start(emgp_sustained *s, const emgp_partition *about, const emgp_contractions *contractions,
                                emgp_sustained_take *take, void *context, emg_error *err)
{
    emgp_sustained_stop(s);
    *s = (emgp_sustained){ .about = about,
                           .contractions = *contractions,
                           .clear_s = -INFINITY,
                           .other_end_s = -INFINITY,
                           .take = take,
                           .context = context };
    if (contractions->rows)
        emgp_spill_start(&s->cursor, contractions->rows, 0);
    emg_status status = read_ahead(s, err);
    return status ? status : next(s, err);
}

void emgp_sustained_stop(emgp_sustained *s)
{
    if (s->contractions.rows)
        emgp_spill_stop(&s->cursor);
    s->contractions.rows = NULL;
    s->there = false;
}

/* A burst that lies within the contraction for so long. */
static void add(emgp_sustained *s, const emgp_episode_burst *burst, double within_s)
{
    const emgp_burst *b = &burst->burst;
    const double height = isfinite(b->acf_height) ? (double)b->acf_height : 0, length = b->end_s - b->onset_s;
    s->weight += within_s;
    s->heights += within_s * height;
    s->amplitudes += within_s * (double)b->peak_to_peak;
    s->n_discharges += (double)b->n_discharges * (length > 0 ? within_s / length : 1);
    s->flags |= b->flags;
    if (isfinite(b->acf_lag_s) && height >= s->highest) {
        s->highest = height;
        s->lag_s = (double)b->acf_lag_s;
    }
    const bool outside = b->peak_s < s->row.onset_s || b->peak_s > s->row.end_s; /* the burst goes on into others */
    if (!outside && !((double)b->peak <= s->peak)) {
        s->peak = (double)b->peak;
        s->peak_s = b->peak_s;
    }
    if (!outside && b->sigma > 0)
        s->snr_db = fmax(s->snr_db, emgp_snr_db(b->peak, b->sigma));
    if (within_s > s->most_s) {
        s->most_s = within_s;
        s->n_muscles = burst->synchrony.n_muscles;
        s->n_facial = burst->synchrony.n_facial;
    }
}

/* Whether the contraction is what a stimulus made, whose number goes to *stimulus. A short one is it by its largest level. */
static bool follows_stimulus(const emgp_sustained *s, bool brief, size_t *stimulus)
{
    const emgp_marks_told *marks = &s->about->marks;
    const emg_config *config = s->about->config;
    const double onset_s = s->row.onset_s, blurred_s = fmin(onset_s + numbers[BLUR].limit, s->row.end_s);
    const double peak_s = brief ? s->row.peak_s : onset_s;
    const double size = brief && s->row.floor > 0 ? s->row.level / s->row.floor : 0;
    return emgp_marked_stimulus(marks, onset_s, peak_s, size, config, stimulus) != EMGP_AFTER_NONE ||
           (brief &&
            emgp_marked_stimulus(marks, blurred_s, fmax(blurred_s, peak_s), size, config, stimulus) != EMGP_AFTER_NONE);
}

/* When its envelope is periodic, its cycles are counted by that period. */
static emgp_evidence evidence_of(const emgp_sustained *s, double antagonist_share)
{
    emgp_evidence e = { .duration_s = s->row.end_s - s->row.onset_s,
                        .glide_hz = NAN,
                        .sustained = true,
                        .n_muscles = s->n_muscles,
                        .antagonist_share = antagonist_share,
                        .facial_share = s->n_facial > 1,
                        .snr_db =
                            isfinite(s->snr_db) ? s->snr_db : emgp_snr_db((float)s->row.level, (float)s->row.floor) };
    e.burst_s = e.core_s = e.duration_s;
    e.acf_height = s->weight > 0 ? s->heights / s->weight : 0;
    e.n = isfinite(s->lag_s) ? floor(e.duration_s / s->lag_s) : 0;
    e.rate_hz = isfinite(s->lag_s) ? 1 / s->lag_s : 0;
    e.cut = (s->row.flags & (EMGP_CONTRACTION_CUT_BEFORE | EMGP_CONTRACTION_CUT_AFTER)) != 0;
    e.clipped = (s->flags & EMGP_CLIPPED) != 0;
    e.discharge_hz = s->n_discharges / e.duration_s;
    e.rise_s = s->row.rise_s;
    e.steady_db = s->row.steady_db;
    e.wane_db = s->row.wane_db;
    e.pulsing = s->row.pulsing;
    emgp_evidence_place(s->about, &e, s->row.onset_s);
    const bool brief = !lasts(s, &s->row), follows = follows_stimulus(s, brief, NULL);
    const bool response = brief && follows; /* whatever else its burst holds */
    e.at_stimulus = follows;
    e.alone = response;
    e.sustained = !response;
    return e;
}

/* The level's steps blur where a response begins: not before its stimulus. */
static void begin_with_stimulus(const emgp_sustained *s, emg_event *event)
{
    const emgp_marks_told *marks = &s->about->marks;
    size_t stimulus;
    if (!follows_stimulus(s, true, &stimulus))
        return;
    const double late_s = fmax(0, marks->stimuli[stimulus].onset_s - event->onset_s);
    event->onset_s += late_s;
    event->duration_s -= late_s;
    event->peak_s = fmax(event->peak_s, event->onset_s);
}

static emg_event describe(const emgp_sustained *s, const emgp_evidence *evidence)
{
    emgp_decision decision = emgp_evidence_decide(s->about, evidence, s->row.onset_s);
    emg_event event = emgp_evidence_event(s->about, evidence, &decision);
    event.onset_s = s->row.onset_s;
    event.peak = s->peak;
    event.peak_s = isfinite(s->peak) ? s->peak_s : s->row.peak_s;
    if (decision.trial_type == EMG_EVOKED)
        begin_with_stimulus(s, &event);
    event.amplitude = s->weight > 0 ? s->amplitudes / s->weight : NAN;
    if (emgp_partition_is_rhythm(decision.trial_type))
        event.frequency_hz = evidence->rate_hz;
    else
        event.count = (uint64_t)round(s->n_discharges);
    return event;
}

/* Gives the contraction that waits; quiet: no other muscle was active in it. */
static emg_status let_go(emgp_sustained *s, bool quiet, emg_error *err)
{
    const bool waits = s->waits;
    s->waits = false;
    return waits ? s->take(s->context, quiet ? &s->if_quiet : &s->waiting, err) : EMG_OK;
}

/* Where it matters whether other muscles are quiet, the contraction waits for the next burst, which tells. */
static emg_status give(emgp_sustained *s, emg_error *err)
{
    double share;
    emg_status status = let_go(s, false, err);
    if (status == EMG_OK)
        status = emgp_antagonists_share(s->contractions.antagonists, s->row.onset_s, s->row.end_s, &share, err);
    if (status)
        return status;
    emgp_evidence evidence = evidence_of(s, share);
    s->waiting = describe(s, &evidence);
    s->waits = true;
    if (!(s->about->facts.n_muscles > 1) || s->other_end_s > s->row.onset_s)
        return let_go(s, false, err);
    evidence.others_quiet = true;
    s->if_quiet = describe(s, &evidence);
    return s->if_quiet.trial_type != s->waiting.trial_type ? EMG_OK : let_go(s, false, err);
}

static emg_status give_and_go_on(emgp_sustained *s, emg_error *err)
{
    if (s->told && !s->beside)
        s->clear_s = fmax(s->clear_s, s->row.end_s + near_s(&s->row));
    emg_status status = s->told ? give(s, err) : EMG_OK;
    return status ? status : next(s, err);
}

/* In a muscle that never rests, whether a burst stands out of its activity. */
static bool stands_out(const emgp_sustained *s, const emgp_burst *burst)
{
    return burst->end_s - burst->onset_s < emgp_rule_limit(&numbers[SHORT], s->about->config) &&
           emgp_stands_out(burst->peak, burst->sigma);
}

/* Whether a burst lasts and holds most of the contraction: it is no jerk. */
static bool fills(const emgp_sustained *s, const emgp_burst *burst, double within_s)
{
    return burst->end_s - burst->onset_s >= emgp_rule_limit(&numbers[SHORT], s->about->config) &&
           within_s >= numbers[INSIDE].limit * (s->row.end_s - s->row.onset_s);
}

/* Gives what has ended by then, first what waits to know how others were. */
emg_status emgp_sustained_see(emgp_sustained *s, const emgp_episode_burst *burst, emg_error *err)
{
    const double onset_s = burst->burst.onset_s, other_end_s = onset_s - (double)burst->synchrony.other_used_s;
    emg_status status = EMG_OK;
    s->other_end_s = isfinite(other_end_s) ? fmax(s->other_end_s, other_end_s) : s->other_end_s;
    for (bool over = true; status == EMG_OK && over;) {
        if (s->waits && onset_s >= s->waiting.onset_s + s->waiting.duration_s)
            status = let_go(s, s->other_end_s <= s->waiting.onset_s, err);
        over = s->there && s->row.end_s <= onset_s;
        if (status == EMG_OK && over)
            status = give_and_go_on(s, err);
    }
    return status;
}

emg_status emgp_sustained_push(emgp_sustained *s, emgp_episode_burst *burst, emg_error *err)
{
    const emgp_burst *b = &burst->burst;
    double inside = 0;
    emg_status seen = emgp_sustained_see(s, burst, err);
    if (seen)
        return seen;
    while (s->there && s->row.onset_s < b->end_s) {
        const double within_s = fmin(b->end_s, s->row.end_s) - fmax(b->onset_s, s->row.onset_s);
        if (within_s > 0)
            add(s, burst, within_s);
        s->beside = s->beside && !fills(s, b, within_s);
        s->told = s->told || fills(s, b, within_s);
        inside += s->told ? fmax(within_s, 0) : 0;
        if (s->row.end_s > b->end_s)
            break;
        emg_status status = give_and_go_on(s, err);
        if (status)
            return status;
    }
    if (s->contractions.never_rests) {
        burst->near = !stands_out(s, b);
        return EMG_OK;
    }
    burst->held = inside > 0 && inside >= numbers[INSIDE].limit * (b->end_s - b->onset_s);
    burst->taken = burst->taken || burst->held;
    burst->near = b->onset_s < s->clear_s || (s->there && s->told && s->row.onset_s - b->end_s < near_s(&s->row));
    return EMG_OK;
}

emg_status emgp_sustained_finish(emgp_sustained *s, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && s->there)
        status = give_and_go_on(s, err);
    if (status == EMG_OK)
        status = let_go(s, false, err);
    emgp_sustained_stop(s);
    return status;
}
