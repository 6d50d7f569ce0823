/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of presets: scenarios by name, and the settings that may follow the name. */
#ifndef EMGP_SIMULATE_PRESETS_H
#define EMGP_SIMULATE_PRESETS_H

#include <emg/setting.h>

#include "simulate/scenario/scenario.h"

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
