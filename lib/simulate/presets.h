/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of presets: each a documented scene. */
#ifndef EMGP_SIMULATE_PRESETS_H
#define EMGP_SIMULATE_PRESETS_H

#include "simulate/scene.h"

typedef struct emgp_simulation_preset {
    const char *name, *sentence;
    double rate_hz, least_hz, most_hz;
    double duration_s, least_s, most_s;
    const char *keys; /* of the settings it takes, joined by spaces */
    void (*build)(emgp_scene *scene);
} emgp_simulation_preset;

/* Row `index`; NULL beyond the last. */
const emgp_simulation_preset *emgp_simulation_preset_row(size_t index);

/* Fills a scene whose settings, rate and duration are set. */
void emgp_simulation_preset_build(const emgp_simulation_preset *row, emgp_scene *scene);

/* Reads "NAME" or "NAME:key=value,key=value". EMG_EARG: no such preset, no setting of it, no number; EMG_ERANGE. */
emg_status emgp_simulation_preset_parse(const char *text, const emgp_simulation_preset **row,
                                        emgp_scene_settings *settings, emg_error *err);

#endif
