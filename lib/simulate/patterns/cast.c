/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The channels that play an activity together: their units before it begins, their size when it is over. */
#include "simulate/patterns/patterns.h"

emgp_players emgp_cast_players(emgp_scene *scene, const emgp_cast *cast)
{
    emgp_players players = { 0 };
    for (size_t p = 0; p < cast->n; p++) {
        players.pool[p] = emgp_scene_pool(scene, cast->channel[p]);
        players.mark[p] = emgp_scene_bookmark(scene, cast->channel[p]);
    }
    return players;
}

void emgp_cast_set_burst_snr(emgp_scene *scene, const emgp_cast *cast, const emgp_players *players, double snr_db)
{
    for (size_t p = 0; p < cast->n; p++)
        emgp_scene_set_burst_snr(scene, cast->channel[p], players->mark[p], snr_db);
}
