/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files and presets. */
#ifndef EMGP_SIMULATE_SCENARIO_SCENARIO_H
#define EMGP_SIMULATE_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/setting.h>
#include <emg/status.h>

#include "simulate/plan/plan.h"

/* ---- kinds.c: The kinds of section that a scenario has, each with the table that owns its keys. ---- */

typedef enum emgp_kind {
    EMGP_RECORDING = 0,
    EMGP_CHANNEL,
    EMGP_POWERLINE,
    EMGP_FASCICULATION,
    EMGP_MYOCLONUS,
    EMGP_EVOKED,
    EMGP_CLONUS,
    EMGP_TREMOR,
    EMGP_MYOKYMIA,
    EMGP_NEUROMYOTONIA,
    EMGP_SPASM,
    EMGP_TONIC,
    EMGP_FLOOR,
    EMGP_MOTOR_UNIT,
    EMGP_ECG,
    EMGP_POPS,
    EMGP_MOTION,
    EMGP_SATURATION,
    EMGP_DROPOUT,
    EMGP_WANDER,
    EMGP_GAP,
    EMGP_LOAD,
    EMGP_N_KINDS
} emgp_kind;

/* Rows of a kind have their default in `fallback`; NaN there: the word "none" is allowed. A row whose `needle` is
 * EMGP_LIST_ROW is an emgp_list: one number for each channel that the section works on, the last repeated. */
#define EMGP_LIST_ROW 1.0

typedef struct emgp_kind_row {
    const char *word, *sentence;
    const emg_setting *keys;
    size_t n_keys;
    bool has_channels; /* takes "on = LABEL, LABEL" */
    bool has_mark;     /* takes "mark = TEXT" */
    const char *mark;  /* its default; "" none */
} emgp_kind_row;

const emgp_kind_row *emgp_kind_of(emgp_kind kind);
bool emgp_key_is_list(const emg_setting *key);
/* Index of the key with that word, or n_keys. */
size_t emgp_key_find(const emgp_kind_row *kind, const char *word);

/* ---- scenario.c: A scenario: the sections of a text in order, each with its numbers; read from text and printed as text. */

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

/* Reads a text (need not end in NUL). `origin` names it in sentences, which say line, key, value and remedy. EMG_EARG:
 * no such section or key, a value that is none; EMG_ERANGE: outside its range; EMG_ENOMEM. The scenario is freed on
 * failure. */
emg_status emgp_scenario_read(emgp_scenario *out, const char *text, size_t n, const char *origin, emg_error *err);
void emgp_scenario_free(emgp_scenario *scenario);

/* Sets key = text in every section of a kind, which is added when there is none and `add` says so. */
emg_status emgp_scenario_set(emgp_scenario *scenario, emgp_kind kind, const char *key, const char *text, bool add,
                             emg_error *err);

/* The label of channel number `channel`. */
const char *emgp_scenario_label(const emgp_scenario *scenario, size_t channel);

/* Prints it so that reading gives the same again; NULL when memory is out. Free with emgp_free(). */
char *emgp_scenario_print(const emgp_scenario *scenario);

/* ---- presets.c: The table of presets: scenarios by name, and the settings that may follow the name. ---- */

typedef struct emgp_simulation_preset {
    const char *name, *sentence;
    double least_hz, most_hz, least_s, most_s; /* whole numbers between these */
    const char *keys;                          /* of the settings it takes, as "kind.key", joined by spaces */
    const char *text;                          /* the scenario below its name and sentence */
} emgp_simulation_preset;

/* Row `index`; NULL beyond the last. */
const emgp_simulation_preset *emgp_simulation_preset_row(size_t index);

/* Reads "NAME" or "NAME:key=value,key=value" into a scenario. EMG_EARG: no such preset, no setting of it, no number;
 * EMG_ERANGE; EMG_ENOMEM. */
emg_status emgp_simulation_preset_read(const char *text, const emgp_simulation_preset **row, emgp_scenario *scenario,
                                       emg_error *err);

#endif
