/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What muscles and electrodes do: each function adds one section of a scenario to a timeline, with its truth. */
#ifndef EMGP_SIMULATE_PATTERNS_PATTERNS_H
#define EMGP_SIMULATE_PATTERNS_PATTERNS_H

#include <stddef.h>

#include "simulate/plan/plan.h"

/* Which channels take part, and under which annotation ("": none). Activities of "all channels at once" share their
 * times. */
typedef struct emgp_group {
    const size_t *channel;
    size_t n;
    const char *mark;
} emgp_group;

/* The units of each of them, and where its firings and truth stood before the activity. */
typedef struct emgp_performers {
    emgp_pool pool[EMGP_SCENE_CHANNELS];
    emgp_bookmark mark[EMGP_SCENE_CHANNELS];
} emgp_performers;
emgp_performers emgp_group_performers(emgp_timeline *timeline, const emgp_group *group);
/* emgp_timeline_set_burst_snr() for what was added to each since. */
void emgp_group_set_burst_snr(emgp_timeline *timeline, const emgp_group *group, const emgp_performers *performers,
                              double snr_db);

/* A stretch of the recording. */
typedef struct emgp_span {
    double from_s, to_s;
} emgp_span;
emgp_span emgp_timeline_span(const emgp_timeline *timeline, const emgp_when *when);

/* Where units fire within a burst: -half to half, distributed as the word of burst_shape says. */
double emgp_envelope_draw(emgp_random *r, double shape, double half);

/* The true event of one discharge of a unit at time_s. */
emg_truth emgp_discharge(const emgp_timeline *timeline, size_t channel, size_t unit, double time_s, double gain);

/* A gain around 1 that stays within 2.5 SD. */
double emgp_jittered(emgp_random *r, double jitter);

/* --- patterns of single units (spikes.c, groups.c) --- */
void emgp_add_fasciculation(emgp_timeline *timeline, size_t channel, const emgp_fasciculation_plan *plan);
void emgp_add_motor_unit(emgp_timeline *timeline, size_t channel, const emgp_unit_plan *plan);
void emgp_add_myokymia(emgp_timeline *timeline, size_t channel, const emgp_myokymia_plan *plan);
void emgp_add_neuromyotonia(emgp_timeline *timeline, size_t channel, const emgp_neuromyotonia_plan *plan);

/* The discharges of a timeline without end that fall into second number `window` of a channel; truth may be NULL. */
enum { EMGP_WINDOW_ROOM = 128 };
size_t emgp_window_discharges(const emgp_timeline *timeline, size_t channel, int64_t window, emgp_firing *firings,
                              emg_truth *truths);
/* Prepares a channel for them. */
void emgp_add_endless(emgp_timeline *timeline, size_t channel, const emgp_load_plan *plan);

/* --- many units at once (bursts.c, jerks.c, evoked.c) --- */
void emgp_add_clonus(emgp_timeline *timeline, const emgp_group *group, const emgp_clonus_plan *plan);
void emgp_add_tremor(emgp_timeline *timeline, const emgp_group *group, const emgp_tremor_plan *plan);
void emgp_add_myoclonus(emgp_timeline *timeline, const emgp_group *group, const emgp_myoclonus_plan *plan);
void emgp_add_evoked(emgp_timeline *timeline, const emgp_group *group, const emgp_evoked_plan *plan);

/* Adds one true event over what a channel has fired since number `first`, unless that is nothing. */
void emgp_add_single(emgp_timeline *timeline, size_t channel, size_t first, emg_class trial_type);

/* --- trains (trains.c) --- */
void emgp_add_tonic(emgp_timeline *timeline, const emgp_group *group, const emgp_tonic_plan *plan);
void emgp_add_spasm(emgp_timeline *timeline, size_t channel, const char *mark, const emgp_spasm_plan *plan);
void emgp_add_floor(emgp_timeline *timeline, size_t channel, const emgp_floor_plan *plan);

/* --- what is not muscle (artefacts.c) --- */
void emgp_add_ecg(emgp_timeline *timeline, const emgp_group *group, const emgp_ecg_plan *plan);
void emgp_add_artefacts(emgp_timeline *timeline, size_t channel, emgp_artefact_kind kind,
                        const emgp_artefact_plan *plan);
void emgp_add_wander(emgp_timeline *timeline, size_t channel, const emgp_wander_plan *plan);
void emgp_add_powerline(emgp_timeline *timeline, const emgp_powerline_plan *plan);

/* x[frame * stride] changed by the artefacts of a channel over frames from .. from + n_frames - 1: what adds to the
 * signal, then what replaces it. *next is the first artefact that may not have ended. */
void emgp_play_added(const emgp_timeline_channel *channel, double rate_hz, size_t *next, int64_t from, double *x,
                     size_t n_frames, size_t stride);
void emgp_play_limits(const emgp_timeline_channel *channel, size_t next, int64_t from, double *x, size_t n_frames,
                      size_t stride);

#endif
