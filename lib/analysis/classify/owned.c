/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a contraction is not made of: trains, artefacts, responses, and discharges that stand alone. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

enum { AROUND, RINGING, STRONG, NEIGHBOURHOOD, CROWD, BRIEF, BENEATH, BENEATH_AROUND };

static const emgp_rule numbers[] = {
    [AROUND] = EMGP_NUMBER("owned.around_s", "time before and after a discharge, an artefact or a train", EMGP_AT_MOST,
                           EMGP_LIMIT(0.01), EMGP_OURS, "the level there is theirs: no contraction is sought in it"),
    [RINGING] = EMGP_NUMBER("owned.ringing_s", "time before and after a strong response", EMGP_AT_MOST,
                            EMGP_LIMIT(0.06), EMGP_OURS, "the level there is theirs: the filters ring so long"),
    [STRONG] = EMGP_NUMBER("owned.strong_db", "peak of a response over the noise", EMGP_AT_LEAST, EMGP_LIMIT(40),
                           EMGP_OURS, "it is strong"),
    [NEIGHBOURHOOD] = EMGP_NUMBER("owned.neighbourhood_s", "time before and after a discharge", EMGP_AT_MOST,
                                  EMGP_LIMIT(0.25), EMGP_OURS, "the others there are its crowd"),
    [CROWD] = EMGP_NUMBER("owned.crowd", "other short bursts in the neighbourhood", EMGP_AT_MOST, EMGP_LIMIT(4),
                          EMGP_OURS, "a discharge stands alone; in a larger crowd it is a unit of a contraction"),
    [BRIEF] = EMGP_NUMBER("owned.brief_s", "duration of what no word fits", EMGP_AT_MOST, EMGP_LIMIT(0.1), EMGP_OURS,
                          "it stands alone as a discharge does"),
    [BENEATH] = EMGP_NUMBER("owned.beneath_db", "level between the discharges around it over the floor", EMGP_AT_LEAST,
                            EMGP_LIMIT(3), EMGP_OURS, "units too small to be found fire there: none stands alone"),
    [BENEATH_AROUND] = EMGP_NUMBER("owned.beneath_s", "time before and after it", EMGP_AT_MOST, EMGP_LIMIT(1),
                                   EMGP_OURS, "in which that is measured"),
};

emgp_rules emgp_owned_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

emg_status emgp_owned_new(emgp_owned **out, size_t memory, const char *directory, emg_error *err)
{
    emgp_owned *o = emgp_alloc(1, sizeof *o);
    if (!o)
        return emgp_fail_memory(err);
    emg_status status = emgp_spill_new(&o->stretches, EMGP_N_OWNED, sizeof(emgp_stretch), memory, directory, err);
    if (status) {
        emgp_free(o);
        return status;
    }
    *out = o;
    return EMG_OK;
}

void emgp_owned_free(emgp_owned *o)
{
    if (!o)
        return;
    emgp_spill_free(o->stretches);
    emgp_free(o);
}

void emgp_owned_look_beneath(emgp_owned *o, emgp_beneath *beneath, double floor_db)
{
    o->beneath = beneath;
    o->floor_db = floor_db;
}

static emg_status note(emgp_owned *o, emgp_stream stream, double from_s, double to_s, bool rings, emg_error *err)
{
    const double around_s = numbers[rings ? RINGING : AROUND].limit;
    const emgp_stretch stretch = { from_s - around_s, to_s + around_s };
    return emgp_spill_push(o->stretches, stream, &stretch, err);
}

/* Whether the level between discharges is up around a point. */
static emg_status is_raised(emgp_owned *o, const emgp_owned_point *p, bool *is, emg_error *err)
{
    const double around_s = numbers[BENEATH_AROUND].limit;
    emgp_evidence evidence = { 0 };
    emg_status status = o->beneath ? emgp_beneath_measure(o->beneath, p->onset_s - around_s, p->end_s + around_s,
                                                          o->floor_db, &evidence, err)
                                   : EMG_OK;
    *is = evidence.beneath_db >= numbers[BENEATH].limit;
    return status;
}

/* Notes the next point that was not decided, unless it is one of a crowd, or of what lies beneath it. */
static emg_status decide(emgp_owned *o, emg_error *err)
{
    const emgp_owned_point *p = &o->point[o->n_decided++];
    size_t crowd = 0;
    for (size_t i = 0; i < o->n; i++)
        crowd += &o->point[i] != p && fabs(o->point[i].onset_s - p->onset_s) <= numbers[NEIGHBOURHOOD].limit;
    const bool owns = p->owns && (p->crowded || (double)crowd <= numbers[CROWD].limit);
    bool raised = false;
    emg_status status = owns && !p->whatever ? is_raised(o, p, &raised, err) : EMG_OK;
    return status == EMG_OK && owns && !raised ? note(o, EMGP_POINTS, p->onset_s, p->end_s, p->rings, err) : status;
}

/* Points before which none is left to decide are forgotten; of too many those that came first. */
static void forget(emgp_owned *o)
{
    size_t n = 0;
    while (n < o->n_decided && (o->n_decided == o->n ||
                                o->point[n].onset_s + numbers[NEIGHBOURHOOD].limit < o->point[o->n_decided].onset_s))
        n++;
    if (n == 0 && o->n == EMGP_OWNED_ROOM) {
        n = 1;
        o->n_decided += o->n_decided == 0; /* so many within its neighbourhood are a crowd */
    }
    o->n -= n;
    o->n_decided -= n;
    memmove(o->point, o->point + n, o->n * sizeof *o->point);
}

static emg_status decide_before(emgp_owned *o, double onset_s, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && o->n_decided < o->n &&
           o->point[o->n_decided].onset_s + numbers[NEIGHBOURHOOD].limit < onset_s)
        status = decide(o, err);
    return status;
}

static bool is_stretch(const emg_event *event)
{
    switch (event->trial_type) {
    case EMG_CLONUS:
    case EMG_TREMOR:
    case EMG_RHYTHMIC:
    case EMG_MOTOR_UNIT:
    case EMG_MYOKYMIA:
    case EMG_NEUROMYOTONIA:
    case EMG_EVOKED:
        return true;
    case EMG_INDETERMINATE:
        return event->duration_s <= numbers[BRIEF].limit;
    case EMG_ARTIFACT: /* several joined leave room between them */
        return event->count <= 1;
    default:
        return false;
    }
}

emg_status emgp_owned_take(void *context, emgp_stream stream, const emg_event *event, emg_error *err)
{
    emgp_owned *o = context;
    const double onset_s = event->onset_s, end_s = onset_s + event->duration_s;
    if (is_stretch(event) && stream != EMGP_POINTS)
        return note(o, stream, onset_s, end_s, false, err);
    if (stream != EMGP_POINTS)
        return EMG_OK;
    emg_status status = decide_before(o, onset_s, err);
    forget(o);
    const bool alone = event->trial_type == EMG_FASCICULATION || event->trial_type == EMG_UNCLASSIFIED;
    const bool rings = event->trial_type == EMG_EVOKED && event->snr_db >= numbers[STRONG].limit;
    o->point[o->n++] = (emgp_owned_point){ .onset_s = onset_s,
                                           .end_s = end_s,
                                           .owns = is_stretch(event) || alone,
                                           .crowded = is_stretch(event),
                                           .whatever = is_stretch(event) && event->trial_type != EMG_INDETERMINATE,
                                           .rings = rings };
    return status;
}

emg_status emgp_owned_finish(emgp_owned *o, const emgp_spill *beats, size_t stream, emg_error *err)
{
    emg_status status = decide_before(o, INFINITY, err);
    return status ? status : emgp_spill_append(o->stretches, EMGP_OWNED_BEATS, beats, stream, err);
}
