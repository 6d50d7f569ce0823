/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The channels of one activity: their units before it begins, their size when it has ended. */
#include "simulate/patterns/patterns.h"

emgp_performers emgp_group_performers(emgp_timeline *timeline, const emgp_group *group)
{
    emgp_performers performers = { 0 };
    for (size_t p = 0; p < group->n; p++) {
        performers.pool[p] = emgp_timeline_pool(timeline, group->channel[p]);
        performers.mark[p] = emgp_timeline_bookmark(timeline, group->channel[p]);
    }
    return performers;
}

void emgp_group_set_burst_snr(emgp_timeline *timeline, const emgp_group *group, const emgp_performers *performers,
                              double snr_db)
{
    for (size_t p = 0; p < group->n; p++)
        emgp_timeline_set_burst_snr(timeline, group->channel[p], performers->mark[p], snr_db);
}
