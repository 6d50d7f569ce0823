/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is possible at all: every unit's shape and the noise are known, and the best threshold of each record. */
#ifndef EXAM_BOUND_H
#define EXAM_BOUND_H

#include "ground/record.h"

/* Candidates of a record by time, each with its log likelihood ratio in `confidence`. Discharges are taken one after another, the
 * most likely first, each off the signal before the next is sought, so that neighbours do not hide each other and the side
 * waves of one are no others. `loud` is the record with its discharges far above the noise, `gain` how much larger they are.
 * EMG_ENOMEM. */
emg_status exam_bound_candidates(const exam_record *record, const exam_record *loud, double gain, exam_events *out,
                                 emg_error *err);

#endif
