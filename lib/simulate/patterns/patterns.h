/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What muscles and electrodes do in a scene: each function plays one section of a scenario, with its truth. */
#ifndef EMGP_SIMULATE_PATTERNS_PATTERNS_H
#define EMGP_SIMULATE_PATTERNS_PATTERNS_H

#include <stddef.h>

#include "simulate/plan/plan.h"

/* Who plays, and under which annotation ("": none). Activities of "all channels at once" share their times. */
typedef struct emgp_cast {
    const size_t *channel;
    size_t n;
    const char *mark;
} emgp_cast;

/* The units of each of them, and where its firings and truth stood before they played. */
typedef struct emgp_players {
    emgp_pool pool[EMGP_SCENE_CHANNELS];
    emgp_bookmark mark[EMGP_SCENE_CHANNELS];
} emgp_players;
emgp_players emgp_cast_players(emgp_scene *scene, const emgp_cast *cast);
/* emgp_scene_set_burst_snr() for what each has played since. */
void emgp_cast_set_burst_snr(emgp_scene *scene, const emgp_cast *cast, const emgp_players *players, double snr_db);

/* A stretch of the recording. */
typedef struct emgp_span {
    double from_s, to_s;
} emgp_span;
emgp_span emgp_scene_span(const emgp_scene *scene, const emgp_when *when);

/* Where units fire within a burst: -half to half, distributed as the word of burst_shape says. */
double emgp_envelope_draw(emgp_random *r, double shape, double half);

/* The true event of one discharge of a unit at time_s. */
emg_truth emgp_discharge(const emgp_scene *scene, size_t channel, size_t unit, double time_s, double gain);

/* A gain around 1 that stays within 2.5 SD. */
double emgp_jittered(emgp_random *r, double jitter);

/* --- patterns of single units (spikes.c, groups.c) --- */
void emgp_add_fasciculation(emgp_scene *scene, size_t channel, const emgp_fasciculation_plan *plan);
void emgp_add_motor_unit(emgp_scene *scene, size_t channel, const emgp_unit_plan *plan);
void emgp_add_myokymia(emgp_scene *scene, size_t channel, const emgp_myokymia_plan *plan);
void emgp_add_neuromyotonia(emgp_scene *scene, size_t channel, const emgp_neuromyotonia_plan *plan);

/* The discharges of a scene without end that fall into second number `window` of a channel; truth may be NULL. */
enum { EMGP_WINDOW_ROOM = 128 };
size_t emgp_window_discharges(const emgp_scene *scene, size_t channel, int64_t window, emgp_firing *firings,
                              emg_truth *truths);
/* Prepares a channel for them. */
void emgp_add_endless(emgp_scene *scene, size_t channel, const emgp_load_plan *plan);

/* --- many units at once (bursts.c, jerks.c) --- */
void emgp_add_clonus(emgp_scene *scene, const emgp_cast *cast, const emgp_clonus_plan *plan);
void emgp_add_tremor(emgp_scene *scene, const emgp_cast *cast, const emgp_tremor_plan *plan);
void emgp_add_myoclonus(emgp_scene *scene, const emgp_cast *cast, const emgp_myoclonus_plan *plan);

/* --- trains (trains.c) --- */
void emgp_add_tonic(emgp_scene *scene, const emgp_cast *cast, const emgp_tonic_plan *plan);
void emgp_add_spasm(emgp_scene *scene, size_t channel, const char *mark, const emgp_spasm_plan *plan);
void emgp_add_floor(emgp_scene *scene, size_t channel, const emgp_floor_plan *plan);

/* --- what is not muscle (artefacts.c) --- */
void emgp_add_heart(emgp_scene *scene, const emgp_cast *cast, const emgp_heart_plan *plan);
void emgp_add_artefacts(emgp_scene *scene, size_t channel, emgp_artefact_kind kind, const emgp_artefact_plan *plan);
void emgp_add_wander(emgp_scene *scene, size_t channel, const emgp_wander_plan *plan);
void emgp_add_mains(emgp_scene *scene, const emgp_mains_plan *plan);

/* x[frame * stride] changed by the artefacts of a channel over frames from .. from + n_frames - 1: what adds to the
 * signal, then what replaces it. *next is the first artefact that may not have ended. */
void emgp_play_added(const emgp_scene_channel *channel, double rate_hz, size_t *next, int64_t from, double *x,
                     size_t n_frames, size_t stride);
void emgp_play_limits(const emgp_scene_channel *channel, size_t next, int64_t from, double *x, size_t n_frames,
                      size_t stride);

#endif
