/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stream cut into overlapping segments, each with its trend removed, windowed and transformed. */
#ifndef EMGP_SEGMENTS_H
#define EMGP_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/welch.h>

#include "dsp/spectrum/fft.h"

/* One segment's transform: trend, window, zeros, FFT. */
typedef struct emgp_segment_maker {
    emg_welch_plan plan;
    double *window;
    double scale; /* of |X|^2, by the plan's scaling; not doubled for one side */
    emgp_fft *fft;
} emgp_segment_maker;

/* EMG_ERANGE: what include/emg/welch.h says of a plan; EMG_ENOMEM. The maker is to be freed also after a failure. */
emg_status emgp_segment_maker_start(emgp_segment_maker *maker, const emg_welch_plan *plan, emg_error *err);
/* The transform of plan.segment samples: emg_welch_bins() complex numbers, valid until the next call. */
const double *emgp_segment_transform(emgp_segment_maker *maker, const double *x);
void emgp_segment_maker_stop(emgp_segment_maker *maker);

/* x, n samples, less its trend, to y, which may be x. A constant gives exact zeros, and so do samples that stay below
 * 1e-150: their squares are no numbers. */
void emgp_detrend(const double *x, size_t n, emg_detrend detrend, double *y);

/* How many times a bin's power counts in a one-sided spectrum. */
double emgp_sides(size_t bin, size_t n_fft);

bool emgp_all_finite(const double *x, size_t n);

/* Takes the same segment of every channel, each plan.segment samples; the n-th of its stretch, from 0. */
typedef emg_status emgp_take_segment(void *context, const double *const *x, uint64_t n, emg_error *err);

/* Samples held until a segment is complete; the cut of the stream does not show. */
typedef struct emgp_segments {
    size_t segment, hop, n_channels, room, held;
    uint64_t n;          /* segments of this stretch so far */
    double *samples;     /* per channel `room`, `held` of them valid */
    const double **view; /* per channel */
    emgp_take_segment *take;
    void *context;
} emgp_segments;

/* EMG_ERANGE: n_channels; EMG_ENOMEM. To be freed also after a failure. */
emg_status emgp_segments_start(emgp_segments *s, const emg_welch_plan *plan, size_t n_channels, emgp_take_segment *take,
                               void *context, emg_error *err);
emg_status emgp_segments_push(emgp_segments *s, const double *x, size_t n_frames, emg_error *err);
/* As a push of n frames of zeros. */
emg_status emgp_segments_push_zeros(emgp_segments *s, size_t n_frames, emg_error *err);
/* Drops what is held: the next frame begins a stretch. */
void emgp_segments_restart(emgp_segments *s);
void emgp_segments_stop(emgp_segments *s);

/* How many disjoint segments an average is worth: n^2 over the sum of what all pairs of windows share. */
typedef struct emgp_independence {
    size_t n_lags;       /* how many segments on a window still overlaps itself */
    double *correlation; /* n_lags + 1: running sum */
    double count, scatter;
} emgp_independence;

/* EMG_ENOMEM. To be freed also after a failure. */
emg_status emgp_independence_start(emgp_independence *d, const emgp_segment_maker *maker, emg_error *err);
/* One more segment, with `before` of its stretch before it. */
void emgp_independence_add(emgp_independence *d, uint64_t before);
emg_welch_count emgp_independence_count(const emgp_independence *d);
void emgp_independence_stop(emgp_independence *d);

/* Sums of x_i x_(i + k) for k from 0 to n_lags - 1 (1 <= n_lags <= n), by Fourier transform. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_lag_sums(const double *x, size_t n, size_t n_lags, double *sums, emg_error *err);

#endif
