/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts that the removal of QRS complexes left: at them, where one was missed, and where P waves are. */
#include "analysis/heart/heart.h"

#include <math.h>

enum {
    OFTEN,
    BURSTS,
    SIZE,
    MISSED,
    MISSED_MOST,
    P_FROM,
    P_TO,
    P_OFTEN,
    RATE_BEATS,
    RATE_GAP,
};

static const emgp_rule numbers[] = {
    [OFTEN] = EMGP_NUMBER("heart.residue_often", "rate of bursts at QRS complexes that were removed / rate elsewhere",
                          EMGP_AT_LEAST, EMGP_LIMIT(4), EMGP_OURS,
                          "the removal leaves something that is found: such bursts are the ECG's"),
    [BURSTS] = EMGP_NUMBER("heart.residue_bursts", "bursts at QRS complexes", EMGP_AT_LEAST, EMGP_LIMIT(10), EMGP_OURS,
                           "when there are so many"),
    [SIZE] = EMGP_NUMBER("heart.residue_size", "peak to peak of a burst there / their mean", EMGP_AT_MOST,
                         EMGP_LIMIT(2), EMGP_OURS, "and it is no larger than they are"),
    [MISSED] = EMGP_NUMBER("heart.missed", "distance from where a QRS complex is due / period", EMGP_AT_MOST,
                           EMGP_LIMIT(0.15), EMGP_OURS, "a burst there is one that was missed"),
    [MISSED_MOST] = EMGP_NUMBER("heart.missed_most", "periods between the two", EMGP_AT_MOST, EMGP_LIMIT(4), EMGP_OURS,
                                "when so few are missing that the times are known"),
    [P_FROM] = EMGP_NUMBER("heart.p_from_s", "time before a QRS complex", EMGP_AT_MOST, EMGP_LIMIT(0.22),
                           "normal PR interval, 0.12 to 0.2 s", "a burst there may be a P wave"),
    [P_TO] = EMGP_NUMBER("heart.p_to_s", "the same", EMGP_AT_LEAST, EMGP_LIMIT(0.08), "the same", "or to this"),
    [P_OFTEN] = EMGP_NUMBER("heart.p_often", "rate of bursts there / rate elsewhere", EMGP_AT_LEAST, EMGP_LIMIT(2),
                            EMGP_OURS, "it is where bursts are so frequent, as many and no larger"),
    [RATE_BEATS] = EMGP_NUMBER("heart.rate_beats", "QRS complexes that were removed", EMGP_AT_LEAST, EMGP_LIMIT(20),
                               EMGP_OURS, "the rate of the heart is known"),
    [RATE_GAP] = EMGP_NUMBER("heart.rate_gap_s", "time between two of them", EMGP_AT_MOST, EMGP_LIMIT(1.6), EMGP_OURS,
                             "they follow each other: none was missed between them"),
};

emgp_rules emgp_heart_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

void emgp_beats_start(emgp_beats *beats, const emgp_spill *stretches, size_t stream)
{
    *beats = (emgp_beats){ .before = { -INFINITY, -INFINITY }, .beat = { -INFINITY, -INFINITY }, .beating = true };
    emgp_spill_start(&beats->cursor, stretches, stream);
}

void emgp_beats_stop(emgp_beats *beats)
{
    emgp_spill_stop(&beats->cursor);
}

/* Where a moment lies, later than those asked for before; adds up how long the places at QRS complexes are. */
static emg_status find_place(emgp_beats *b, double at_s, emgp_heart_place *where, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && b->beating && b->beat.to_s < at_s) {
        b->before = b->beat;
        status = emgp_spill_copy(&b->cursor, &b->beat, sizeof b->beat, &b->beating, err);
        b->seconds[EMGP_AT_QRS] += b->beating ? b->beat.to_s - b->beat.from_s : 0;
        b->seconds[EMGP_AT_P] += b->beating ? numbers[P_FROM].limit - numbers[P_TO].limit : 0;
    }
    const double ahead_s = b->beat.from_s + (b->beat.to_s - b->beat.from_s) / 2 - at_s;
    const bool known = status == EMG_OK && b->beating;
    *where = known && b->beat.from_s <= at_s                                               ? EMGP_AT_QRS
             : known && ahead_s <= numbers[P_FROM].limit && ahead_s >= numbers[P_TO].limit ? EMGP_AT_P
                                                                                           : EMGP_ELSEWHERE;
    return status;
}

/* Whether a moment between the last two QRS complexes is one at which another was due that was not removed. */
static bool is_missed(const emgp_beats *b, double at_s, double rate_hz)
{
    const double span_s = b->beat.from_s - b->before.from_s, periods = round(span_s * rate_hz);
    if (!b->beating || !(periods >= 2 && periods <= numbers[MISSED_MOST].limit))
        return false;
    const double middle_s = b->before.from_s + (b->before.to_s - b->before.from_s) / 2,
                 at = (at_s - middle_s) / span_s * periods;
    return round(at) >= 1 && round(at) < periods && fabs(at - round(at)) <= numbers[MISSED].limit;
}

emg_status emgp_beats_note(emgp_beats *beats, const emgp_burst *burst, emg_error *err)
{
    emgp_heart_place where = EMGP_ELSEWHERE;
    emg_status status = find_place(beats, burst->peak_s, &where, err);
    if (burst->n_discharges == 0)
        return status;
    beats->n[where]++;
    beats->peak_to_peak[where] += (double)burst->peak_to_peak;
    return status;
}

/* Up to what size bursts at a place are the ECG's; 0: they come there by chance. */
static double residue_of(const emgp_beats *b, emgp_heart_place where, double often, double observation_s)
{
    const double elsewhere_s = observation_s - b->seconds[EMGP_AT_QRS] - b->seconds[EMGP_AT_P];
    if (b->n[where] < numbers[BURSTS].limit || !(elsewhere_s > 0))
        return 0;
    const double here_hz = b->n[where] / b->seconds[where], elsewhere_hz = b->n[EMGP_ELSEWHERE] / elsewhere_s;
    return here_hz >= often * elsewhere_hz ? numbers[SIZE].limit * b->peak_to_peak[where] / b->n[where] : 0;
}

void emgp_heart_learn(emgp_heart *heart, const emgp_beats *beats, double observation_s)
{
    heart->residue = residue_of(beats, EMGP_AT_QRS, numbers[OFTEN].limit, observation_s);
    heart->p_residue = residue_of(beats, EMGP_AT_P, numbers[P_OFTEN].limit, observation_s);
}

emg_status emgp_heart_rate(emgp_heart *heart, const emgp_spill *stretches, size_t stream, emg_error *err)
{
    emgp_spill_cursor cursor;
    emgp_stretch beat, before = { INFINITY, INFINITY };
    double n = 0, sum_s = 0;
    emg_status status = EMG_OK;
    emgp_spill_start(&cursor, stretches, stream);
    for (bool there = true; status == EMG_OK && there;) {
        status = emgp_spill_copy(&cursor, &beat, sizeof beat, &there, err);
        if (status || !there)
            break;
        const double interval_s = beat.from_s - before.from_s;
        if (interval_s > 0 && interval_s <= numbers[RATE_GAP].limit) {
            sum_s += interval_s;
            n++;
        }
        before = beat;
    }
    emgp_spill_stop(&cursor);
    heart->rate_hz = n >= numbers[RATE_BEATS].limit ? n / sum_s : 0;
    return status;
}

emg_status emgp_heart_residue(const emgp_heart *heart, emgp_beats *beats, double at_s, double *residue, emg_error *err)
{
    emgp_heart_place where = EMGP_ELSEWHERE;
    *residue = 0;
    if (!(heart->residue > 0))
        return EMG_OK;
    emg_status status = find_place(beats, at_s, &where, err);
    const bool at_qrs = where == EMGP_AT_QRS || (where == EMGP_ELSEWHERE && is_missed(beats, at_s, heart->rate_hz));
    *residue = at_qrs ? heart->residue : where == EMGP_AT_P ? heart->p_residue : 0;
    return status;
}
