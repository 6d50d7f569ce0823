/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation of a call made to fail in turn. */
#ifndef EMG_SWEEP_H
#define EMG_SWEEP_H

#include <emg/status.h>

/* A call that frees what it makes. */
typedef emg_status sweep_call(emg_error *err);

/* Calls with the first allocation failing, then the second, and so on to the last: each time the status must be
 * EMG_ENOMEM with its sentence; then once with none failing and no emg_error, which must succeed. Fails the test when
 * the call makes fewer than `least` allocations. For programs made with FAULTS. */
void sweep_allocations(sweep_call *call, long least);

#endif
