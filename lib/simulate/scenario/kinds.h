/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of section that a scenario has, each with the table that owns its keys. */
#ifndef EMGP_SIMULATE_KINDS_H
#define EMGP_SIMULATE_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/setting.h>

#include "simulate/plan/plans.h"

typedef enum emgp_kind {
    EMGP_RECORDING = 0,
    EMGP_CHANNEL,
    EMGP_MAINS,
    EMGP_FASCICULATION,
    EMGP_MYOCLONUS,
    EMGP_CLONUS,
    EMGP_TREMOR,
    EMGP_MYOKYMIA,
    EMGP_NEUROMYOTONIA,
    EMGP_SPASM,
    EMGP_TONIC,
    EMGP_FLOOR,
    EMGP_MOTOR_UNIT,
    EMGP_HEART,
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

#endif
