/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stretch of a channel's beats, and the events that they are. */
#ifndef EMGP_PARSE_H
#define EMGP_PARSE_H

#include <emg/analysis.h>

#include "analysis/classify/train.h"

/* What is the same for all events of a channel. */
typedef struct emgp_channel_facts {
    uint32_t channel, muscle;
    bool reflex_site;
    double observation_s;
    double rhythmic_s; /* of it, with bursts around which the envelope is periodic */
} emgp_channel_facts;

enum { EMGP_MOST_BEATS = EMGP_MOST_MEMBERS };

typedef struct emgp_parse {
    const emg_config *config;
    const emg_mark *marks;
    size_t n_marks;
    emgp_channel_facts facts;
    size_t n;
    emgp_beat beats[EMGP_MOST_BEATS];
    /* what was found: a beat is a member of one episode or artefact at most, its discharges are points at most once */
    emg_event points[EMGP_MOST_BEATS * EMGP_MOST_POINTS], episodes[EMGP_MOST_BEATS];
    emg_event artifacts[2 * EMGP_MOST_BEATS]; /* a heart beat is one by itself and may be so again in its train */
    size_t n_points, n_episodes, n_artifacts;
    emgp_run run; /* being judged */
} emgp_parse;

/* Turns the beats into events, each kind in the order it was found, and forgets them. */
void emgp_parse_beats(emgp_parse *parse);

#endif
