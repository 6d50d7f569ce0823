/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is possible at all: a matched filter that knows every unit's shape and the noise, with the best threshold. */
#ifndef EXAM_BOUND_H
#define EXAM_BOUND_H

#include "record.h"

/* Candidates of a record, each with its log likelihood ratio in `confidence`: peaks of the largest over units, one in
 * 10 ms. `loud` is the record with its discharges far above the noise, `gain` how much larger they are. EMG_ENOMEM. */
emg_status exam_bound_candidates(const exam_record *record, const exam_record *loud, double gain, exam_events *out,
                                 emg_error *err);

#endif
