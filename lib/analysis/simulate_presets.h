/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of presets: each a documented scene. */
#ifndef EMGP_SIMULATE_PRESETS_H
#define EMGP_SIMULATE_PRESETS_H

#include "analysis/simulate_scene.h"

typedef struct emgp_simulation_preset {
    const char *name, *sentence;
    double rate_hz, least_hz, most_hz;
    double duration_s, least_s, most_s;
    void (*build)(emgp_scene *scene);
} emgp_simulation_preset;

/* Row `index`; NULL beyond the last. */
const emgp_simulation_preset *emgp_simulation_preset_row(size_t index);

#endif
