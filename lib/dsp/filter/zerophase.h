/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter without delay: forward then backward, block by block, with a stated error against the whole segment. */
#ifndef EMGP_ZEROPHASE_H
#define EMGP_ZEROPHASE_H

#include <stdbool.h>

#include <emg/block.h>

#include "dsp/filter/butterworth.h"
#include "base/frames.h"

typedef struct emgp_zerophase emgp_zerophase;

/* Makes a stream for n_lanes (1 to 64) channels that hands every frame to `next`, filtered by |H|^2, in float.
 * Arithmetic is in float when single_precision (sound for sampling rate / lowest corner <= 250), else in double.
 * The segment continues at both ends with its first and last value. EMG_ERANGE: the filter rings for more than 2^20
 * frames, or n_lanes; EMG_ENOMEM. */
emg_status emgp_zerophase_new(emgp_zerophase **out, const emgp_section *sections, size_t n_sections, double rate_hz,
                              size_t n_lanes, bool single_precision, emgp_frames *next, void *context, emg_error *err);

/* The same in double, for who must be exact: looks `ahead` frames ahead, handing on `chunk` frames at a time; ahead 0
 * runs forward alone, without delay. Holds ahead + chunk frames of all lanes. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_zerophase_new_double(emgp_zerophase **out, const emgp_section *sections, size_t n_sections,
                                     size_t ahead, size_t chunk, size_t n_lanes, emg_take_frames *next, void *context,
                                     emg_error *err);

/* Takes n_frames x n_lanes interleaved samples. Fails only as `next` does. */
emg_status emgp_zerophase_push(emgp_zerophase *z, const double *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands on what is still held, and is ready for the next segment. */
emg_status emgp_zerophase_finish(emgp_zerophase *z, emg_error *err);

/* The most frames ever held back; 0 for forward alone. */
size_t emgp_zerophase_latency(const emgp_zerophase *z);

void emgp_zerophase_free(emgp_zerophase *z);

#endif
