/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario: the sections of a text in order, each with its numbers; read from text and printed as text. */
#ifndef EMGP_SIMULATE_SCENARIO_H
#define EMGP_SIMULATE_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

#include "simulate/scenario/kinds.h"

enum { EMGP_SCENARIO_SECTIONS = 256, EMGP_LABEL_ROOM = 17, EMGP_MARK_ROOM = 32 };

typedef struct emgp_scenario_section {
    emgp_kind kind;
    size_t line;
    char label[EMGP_LABEL_ROOM];    /* of a channel */
    char mark[EMGP_MARK_ROOM];      /* text of the annotation over an episode; "": none */
    size_t on[EMGP_SCENE_CHANNELS]; /* the channels it works on, as numbered in the text */
    size_t n_on;
    uint64_t given; /* bit k: key k of its kind was written */
    bool on_given, mark_given;
    emgp_plan plan;
} emgp_scenario_section;

typedef struct emgp_scenario {
    char name[48]; /* also part of the seed */
    char sentence[160];
    emgp_scenario_section *section; /* owned */
    size_t n, room, n_channels;
} emgp_scenario;

/* Reads a text (need not end in NUL). `origin` names it in sentences, which tell line, key, value and remedy.
 * EMG_EARG: no such section or key, a value that is none; EMG_ERANGE: outside its range; EMG_ENOMEM. The scenario is
 * freed on failure. */
emg_status emgp_scenario_read(emgp_scenario *out, const char *text, size_t n, const char *origin, emg_error *err);
void emgp_scenario_free(emgp_scenario *scenario);

/* Sets key = text in every section of a kind, which is added when there is none and `add` says so. */
emg_status emgp_scenario_set(emgp_scenario *scenario, emgp_kind kind, const char *key, const char *text, bool add,
                             emg_error *err);

/* The label of channel number `channel`. */
const char *emgp_scenario_label(const emgp_scenario *scenario, size_t channel);

/* Prints it so that reading gives the same again; NULL when memory is out. Free with emgp_free(). */
char *emgp_scenario_print(const emgp_scenario *scenario);

#endif
