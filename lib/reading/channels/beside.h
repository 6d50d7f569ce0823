/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files beside a recording speak of it, by the BIDS inheritance principle. */
#ifndef EMGP_BESIDE_H
#define EMGP_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/status.h>

/* A walk from the recording's folder upwards. */
typedef struct emgp_beside {
    char *folder; /* of the level now searched, with room for "/.." as often as levels are climbed */
    char *stem;   /* the recording's name without folder, extension and "_emg" */
    bool is_bids; /* the name begins with "sub-": name parts may be missing from a sidecar's name */
    int level;
    size_t start; /* length of the folder of level 0 */
} emgp_beside;

/* EMG_ENOMEM. Close with emgp_beside_close whatever happened. */
emg_status emgp_beside_open(emgp_beside *out, const char *path, emg_error *err);
void emgp_beside_close(emgp_beside *beside);
void emgp_beside_rewind(emgp_beside *beside);

/* The path of the next level's most specific file whose name is a selection of the recording's name parts followed by
 * `suffix` ("channels.tsv"); NULL in *path when there is none. Free it with emgp_free. EMG_ENOMEM; a folder that cannot
 * be listed holds nothing. */
emg_status emgp_beside_next(emgp_beside *beside, const char *suffix, char **path, emg_error *err);

#endif
