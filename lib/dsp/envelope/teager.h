/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Teager-Kaiser energy of a stream. */
#ifndef EMGP_TEAGER_H
#define EMGP_TEAGER_H

#include <emg/block.h>

typedef struct emgp_teager emgp_teager;

/* 1 to 64 channels. EMG_ENOMEM. */
emg_status emgp_teager_new(emgp_teager **out, size_t n_channels, emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_teager_push(emgp_teager *teager, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_teager_finish(emgp_teager *teager, emg_error *err);
size_t emgp_teager_latency(const emgp_teager *teager);
void emgp_teager_free(emgp_teager *teager);

#endif
