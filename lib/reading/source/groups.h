/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selected channels in groups of one rate: what shares a block. */
#ifndef EMGP_GROUPS_H
#define EMGP_GROUPS_H

#include <emg/recording.h>

typedef struct emgp_group {
    size_t first, n; /* channel indices channel[first .. first+n-1] */
    double rate_hz;
} emgp_group;

typedef struct emgp_groups {
    size_t *channel; /* all selected channels, group after group, in file order within each */
    emgp_group *group;
    size_t n_channels, n;
    size_t widest; /* most channels in a group */
} emgp_groups;

/* Groups of at most group_size selected channels. EMG_ENOMEM; *out is zeroed on failure. */
emg_status emgp_groups_make(emgp_groups *out, const emg_channel *channels, size_t n, size_t group_size, emg_error *err);
void emgp_groups_free(emgp_groups *groups);

/* The first frame of a segment (its start and rate given) at or after `time`, at most n. */
uint64_t emgp_frame_at(double start_s, double rate_hz, uint64_t n, double time);

#endif
