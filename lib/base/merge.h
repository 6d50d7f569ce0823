/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several streams of records, each in time order, read as one. */
#ifndef EMGP_MERGE_H
#define EMGP_MERGE_H

#include "base/spill.h"

typedef struct emgp_merge emgp_merge;

/* Streams first .. first + n - 1 of a spill whose records begin with a double, the time they are ordered by. */
emg_status emgp_merge_new(emgp_merge **out, const emgp_spill *spill, size_t first, size_t n, emg_error *err);

/* Lets equal times come by the uint32_t at this byte of the records, then by stream. */
void emgp_merge_order_by(emgp_merge *merge, size_t offset);
void emgp_merge_free(emgp_merge *merge);

/* The next record in time, equal times by stream; *stream counts from 0 at `first`. NULL in *record at the end. */
emg_status emgp_merge_next(emgp_merge *merge, size_t *stream, const void **record, emg_error *err);

#endif
