/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic that the baselines share. */
#ifndef EXAM_NUMBERS_H
#define EXAM_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/status.h>

#include "methods/detector.h"

/* Median of |x| / 0.6745 (Quian Quiroga 2004); `work` has room for n. */
double exam_mad_sigma(const double *x, size_t n, double *work);

/* Mean and standard deviation of the stretch of `length` samples whose mean is least: rest, since nobody tells where the
 * muscle rests. */
void exam_rest(const double *y, size_t n, size_t length, double *mean, double *sd);

/* y = |x| through a Butterworth low-pass of order 2 without phase. */
emg_status exam_rectified(const double *x, size_t n, double rate_hz, double low_pass_hz, double *y, emg_error *err);

/* Runs of y above the level, silences up to `bridge` samples bridged, of `least` samples or more: each is an event whose
 * peak is the largest |x| in it. False when memory is out. */
bool exam_runs(const double *y, const double *x, size_t n, double level, size_t bridge, size_t least, double rate_hz,
               exam_events *out);

size_t exam_frames(double seconds, double rate_hz);

#endif
