/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds the timeline from a scenario's sections in order: channels first, then each activity on its channels. */
#include "simulate/simulate.h"

#include <math.h>

#include "simulate/patterns/patterns.h"
#include "base/base.h"

/* Adds a gap and keeps the list sorted and its gaps apart. */
static void add_gap(emgp_timeline *timeline, const emgp_gap_plan *plan)
{
    emg_simulated_gap gap = { plan->at_s, fmin(plan->at_s + plan->length_s, timeline->duration_s) };
    void *gaps = timeline->gaps;
    size_t at = timeline->n_gaps;
    if (timeline->status != EMG_OK || gap.from_s >= gap.to_s)
        return;
    if (!emgp_reserve(&gaps, &timeline->room_gaps, timeline->n_gaps, timeline->n_gaps + 1, sizeof *timeline->gaps)) {
        timeline->status = EMG_ENOMEM;
        return;
    }
    timeline->gaps = gaps;
    for (; at > 0 && timeline->gaps[at - 1].from_s > gap.from_s; at--)
        timeline->gaps[at] = timeline->gaps[at - 1];
    timeline->gaps[at] = gap;
    timeline->n_gaps++;
    size_t kept = 1; /* gaps that touch become one */
    for (size_t i = 1; i < timeline->n_gaps; i++) {
        if (timeline->gaps[i].from_s <= timeline->gaps[kept - 1].to_s)
            timeline->gaps[kept - 1].to_s = fmax(timeline->gaps[kept - 1].to_s, timeline->gaps[i].to_s);
        else
            timeline->gaps[kept++] = timeline->gaps[i];
    }
    timeline->n_gaps = kept;
}

static void add_load(emgp_timeline *timeline, const emgp_load_plan *plan)
{
    timeline->endless_hz = plan->per_min / 60;
    for (size_t c = 0; c < timeline->n_channels; c++)
        emgp_add_endless(timeline, c, plan);
}

/* A section for several channels at once. */
static bool play_together(emgp_timeline *timeline, const emgp_scenario_section *s)
{
    emgp_group group = { s->on, s->n_on, s->mark };
    switch (s->kind) {
    case EMGP_CLONUS:
        emgp_add_clonus(timeline, &group, &s->plan.clonus);
        return true;
    case EMGP_TREMOR:
        emgp_add_tremor(timeline, &group, &s->plan.tremor);
        return true;
    case EMGP_MYOCLONUS:
        emgp_add_myoclonus(timeline, &group, &s->plan.myoclonus);
        return true;
    case EMGP_EVOKED:
        emgp_add_evoked(timeline, &group, &s->plan.evoked);
        return true;
    case EMGP_TONIC:
        emgp_add_tonic(timeline, &group, &s->plan.tonic);
        return true;
    case EMGP_ECG:
        emgp_add_ecg(timeline, &group, &s->plan.ecg);
        return true;
    case EMGP_POWERLINE:
        emgp_add_powerline(timeline, &s->plan.powerline);
        return true;
    case EMGP_GAP:
        add_gap(timeline, &s->plan.gap);
        return true;
    case EMGP_LOAD:
        add_load(timeline, &s->plan.load);
        return true;
    default:
        return false;
    }
}

/* A section for each of its channels alone. */
static void play_alone(emgp_timeline *timeline, const emgp_scenario_section *s, size_t channel)
{
    switch (s->kind) {
    case EMGP_FASCICULATION:
        emgp_add_fasciculation(timeline, channel, &s->plan.fasciculation);
        break;
    case EMGP_MYOKYMIA:
        emgp_add_myokymia(timeline, channel, &s->plan.myokymia);
        break;
    case EMGP_NEUROMYOTONIA:
        emgp_add_neuromyotonia(timeline, channel, &s->plan.neuromyotonia);
        break;
    case EMGP_SPASM:
        emgp_add_spasm(timeline, channel, s->mark, &s->plan.spasm);
        break;
    case EMGP_FLOOR:
        emgp_add_floor(timeline, channel, &s->plan.floor);
        break;
    case EMGP_MOTOR_UNIT:
        emgp_add_motor_unit(timeline, channel, &s->plan.unit);
        break;
    case EMGP_WANDER:
        emgp_add_wander(timeline, channel, &s->plan.wander);
        break;
    default:
        emgp_add_artefacts(timeline, channel, (emgp_artefact_kind)(s->kind - EMGP_POPS), &s->plan.artefact);
        break;
    }
}

void emgp_build(emgp_timeline *timeline, const emgp_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n; i++)
        if (scenario->section[i].kind == EMGP_CHANNEL)
            emgp_timeline_add_channel(timeline, scenario->section[i].label, &scenario->section[i].plan.channel);
    for (size_t i = 0; i < scenario->n && timeline->status == EMG_OK; i++) {
        const emgp_scenario_section *s = &scenario->section[i];
        if (s->kind <= EMGP_CHANNEL || play_together(timeline, s))
            continue;
        for (size_t k = 0; k < s->n_on; k++)
            play_alone(timeline, s, s->on[k]);
    }
}
