/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings table that each stage keeps at its top, as the configuration joins them. */
#ifndef EMGP_TABLES_H
#define EMGP_TABLES_H

#include <stddef.h>

#include <emg/config.h>

typedef struct emgp_table {
    const emg_setting *rows;
    size_t n;
    size_t offset; /* of the stage's struct within emg_config */
} emgp_table;

emgp_table emgp_condition_table(void);
emgp_table emgp_noise_table(void);
emgp_table emgp_detect_table(void);
emgp_table emgp_across_table(void);
emgp_table emgp_unit_table(void);
emgp_table emgp_episode_table(void);
emgp_table emgp_rhythm_table(void);
emgp_table emgp_features_table(void);
emgp_table emgp_quality_table(void);

/* What a stage's function returns: its rows and where its struct lies in emg_config. */
#define EMGP_TABLE(rows, member) ((emgp_table){ (rows), sizeof(rows) / sizeof *(rows), offsetof(emg_config, member) })

#endif
