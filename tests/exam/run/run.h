/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs cells: every record through every detector, scored, written. */
#ifndef EXAM_RUN_H
#define EXAM_RUN_H

#include "run/results.h"
#include "methods/tuned.h"

/* Runs every cell that the job takes and that is not done; n_workers processes side by side. False when a cell failed. */
bool exam_run(const exam_job *job, const exam_tuned *tuned);

#endif
