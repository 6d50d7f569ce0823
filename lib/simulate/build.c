/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Playing a scenario's sections in order: channels first, then each activity on the channels that it names. */
#include "simulate/simulate.h"

#include <math.h>

#include "simulate/patterns/patterns.h"
#include "base/base.h"

/* Adds a gap and keeps the list sorted and its gaps apart. */
static void add_gap(emgp_scene *scene, const emgp_gap_plan *plan)
{
    emg_simulated_gap gap = { plan->at_s, fmin(plan->at_s + plan->length_s, scene->duration_s) };
    void *gaps = scene->gaps;
    size_t at = scene->n_gaps;
    if (scene->status != EMG_OK || gap.from_s >= gap.to_s)
        return;
    if (!emgp_reserve(&gaps, &scene->room_gaps, scene->n_gaps, scene->n_gaps + 1, sizeof *scene->gaps)) {
        scene->status = EMG_ENOMEM;
        return;
    }
    scene->gaps = gaps;
    for (; at > 0 && scene->gaps[at - 1].from_s > gap.from_s; at--)
        scene->gaps[at] = scene->gaps[at - 1];
    scene->gaps[at] = gap;
    scene->n_gaps++;
    size_t kept = 1; /* gaps that touch become one */
    for (size_t i = 1; i < scene->n_gaps; i++) {
        if (scene->gaps[i].from_s <= scene->gaps[kept - 1].to_s)
            scene->gaps[kept - 1].to_s = fmax(scene->gaps[kept - 1].to_s, scene->gaps[i].to_s);
        else
            scene->gaps[kept++] = scene->gaps[i];
    }
    scene->n_gaps = kept;
}

static void add_load(emgp_scene *scene, const emgp_load_plan *plan)
{
    scene->endless_hz = plan->per_min / 60;
    for (size_t c = 0; c < scene->n_channels; c++)
        emgp_add_endless(scene, c, plan);
}

/* A section that plays on several channels at once. */
static bool play_together(emgp_scene *scene, const emgp_scenario_section *s)
{
    emgp_cast cast = { s->on, s->n_on, s->mark };
    switch (s->kind) {
    case EMGP_CLONUS:
        emgp_add_clonus(scene, &cast, &s->plan.clonus);
        return true;
    case EMGP_TREMOR:
        emgp_add_tremor(scene, &cast, &s->plan.tremor);
        return true;
    case EMGP_MYOCLONUS:
        emgp_add_myoclonus(scene, &cast, &s->plan.myoclonus);
        return true;
    case EMGP_TONIC:
        emgp_add_tonic(scene, &cast, &s->plan.tonic);
        return true;
    case EMGP_HEART:
        emgp_add_heart(scene, &cast, &s->plan.heart);
        return true;
    case EMGP_MAINS:
        emgp_add_mains(scene, &s->plan.mains);
        return true;
    case EMGP_GAP:
        add_gap(scene, &s->plan.gap);
        return true;
    case EMGP_LOAD:
        add_load(scene, &s->plan.load);
        return true;
    default:
        return false;
    }
}

/* A section that each of its channels plays for itself. */
static void play_alone(emgp_scene *scene, const emgp_scenario_section *s, size_t channel)
{
    switch (s->kind) {
    case EMGP_FASCICULATION:
        emgp_add_fasciculation(scene, channel, &s->plan.fasciculation);
        break;
    case EMGP_MYOKYMIA:
        emgp_add_myokymia(scene, channel, &s->plan.myokymia);
        break;
    case EMGP_NEUROMYOTONIA:
        emgp_add_neuromyotonia(scene, channel, &s->plan.neuromyotonia);
        break;
    case EMGP_SPASM:
        emgp_add_spasm(scene, channel, s->mark, &s->plan.spasm);
        break;
    case EMGP_FLOOR:
        emgp_add_floor(scene, channel, &s->plan.floor);
        break;
    case EMGP_MOTOR_UNIT:
        emgp_add_motor_unit(scene, channel, &s->plan.unit);
        break;
    case EMGP_WANDER:
        emgp_add_wander(scene, channel, &s->plan.wander);
        break;
    default:
        emgp_add_artefacts(scene, channel, (emgp_artefact_kind)(s->kind - EMGP_POPS), &s->plan.artefact);
        break;
    }
}

void emgp_stage(emgp_scene *scene, const emgp_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n; i++)
        if (scenario->section[i].kind == EMGP_CHANNEL)
            emgp_scene_add_channel(scene, scenario->section[i].label, &scenario->section[i].plan.channel);
    for (size_t i = 0; i < scenario->n && scene->status == EMG_OK; i++) {
        const emgp_scenario_section *s = &scenario->section[i];
        if (s->kind <= EMGP_CHANNEL || play_together(scene, s))
            continue;
        for (size_t k = 0; k < s->n_on; k++)
            play_alone(scene, s, s->on[k]);
    }
}
