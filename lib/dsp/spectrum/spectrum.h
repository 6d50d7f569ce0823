/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transforms, windows and spectra. */
#ifndef EMGP_DSP_SPECTRUM_SPECTRUM_H
#define EMGP_DSP_SPECTRUM_SPECTRUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/spectrum.h>
#include <emg/status.h>
#include <emg/welch.h>

/* Samples of the longest taper, segment, transform (and window). */
enum { EMGP_MOST_TAPER = 1 << 20, EMGP_MOST_SEGMENT = 1 << 24, EMGP_MOST_TRANSFORM = 1 << 27 };

/* ---- density.c: A power density over a run of bins in numbers: sums of powers of the frequency, edges, flatness. */

/* Bins from..to-1 of a density p whose bin i lies at i * step_hz. */
typedef struct emgp_density {
    const double *p;
    size_t from, to;
    double step_hz;
} emgp_density;

/* The bins i of n with low_hz <= i * step_hz <= high_hz; one that rounding alone keeps out counts as inside. */
emgp_density emgp_density_within(const double *p, size_t n, double step_hz, double low_hz, double high_hz);

/* sum f^k p step_hz, k from -1 up. With k = -1 the bin at 0 Hz is left out. */
double emgp_density_moment(const emgp_density *bins, int k);

/* sum (f - centre)^k p / sum p, k from 2 to 4; NaN without power. */
double emgp_density_central(const emgp_density *bins, double centre_hz, int k);

/* The frequency below which a share of the power lies, each bin's power spread evenly over its width; NaN without. */
double emgp_density_edge(const emgp_density *bins, double share);

/* Geometric over arithmetic mean of p: 0 where a bin is empty, 1 for a flat density; NaN without power. */
double emgp_density_flatness(const emgp_density *bins);

/* Highest mean of p over `width` neighbouring bins; NaN when fewer lie in the run. *lowest takes the lowest such mean,
 * *highest_hz the middle of the highest; either may be NULL. */
double emgp_density_highest(const emgp_density *bins, size_t width, double *lowest, double *highest_hz);

/* ---- detrend.c: A stretch of samples less its mean or its line. ---- */

/* x, n samples, less its trend, to y, which may be x. A constant gives exact zeros, and so do samples that stay below
 * 1e-150: their squares are no numbers. */
void emgp_detrend(const double *x, size_t n, emg_detrend detrend, double *y);

bool emgp_all_finite(const double *x, size_t n);

/* ---- fft.c: Discrete Fourier transforms with buffers of their own: what every spectrum and every fast convolution is made of. */

/* None is scaled: a transform and its way back give n times what went in. Complex numbers lie as re, im. */
typedef enum emgp_fft_kind {
    EMGP_FFT_FORWARD,  /* n complex to n complex, exp(-i...) */
    EMGP_FFT_BACKWARD, /* n complex to n complex, exp(+i...) */
    EMGP_FFT_REAL,     /* n real to n / 2 + 1 complex */
    EMGP_FFT_REAL_BACK /* n / 2 + 1 complex to n real; destroys its input */
} emgp_fft_kind;

/* One transform, made once and run often; FFTW_ESTIMATE, so that its bits do not depend on timing. */
typedef struct emgp_fft {
    size_t n;
    bool single;    /* buffers of float, else of double */
    void *in, *out; /* 64-byte aligned, zeroed when made; the caller fills `in` before each run */
    void *plan;
} emgp_fft;

/* n 1 to 2^27. EMG_ERANGE, EMG_ENOMEM (FFTW itself ends the process when it finds no memory for its small tables);
 * *out is NULL on failure. */
emg_status emgp_fft_new(emgp_fft **out, emgp_fft_kind kind, size_t n, bool single, emg_error *err);
void emgp_fft_run(emgp_fft *fft);
void emgp_fft_free(emgp_fft *fft);

/* The least n that has no prime factor above 5 and is at least `least`: a length whose transform is quick. */
size_t emgp_fft_length(size_t least);

/* Sums of x_i x_(i + k) for k from 0 to n_lags - 1 (1 <= n_lags <= n), by Fourier transform. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_lag_sums(const double *x, size_t n, size_t n_lags, double *sums, emg_error *err);

/* ---- independence.c: How many disjoint segments overlapping ones are worth. ---- */

/* How many disjoint segments an average is worth: n^2 over the sum of what all pairs of windows share. */
typedef struct emgp_independence {
    size_t n_lags;       /* how many segments on a window still overlaps itself */
    double *correlation; /* n_lags + 1: running sum */
    double count, scatter;
} emgp_independence;

/* With the plan's window. EMG_ENOMEM. To be freed also after a failure. */
emg_status emgp_independence_start(emgp_independence *d, const emg_welch_plan *plan, const double *window,
                                   emg_error *err);
/* One more segment, with `before` of its stretch before it. */
void emgp_independence_add(emgp_independence *d, uint64_t before);
double emgp_independence_count(const emgp_independence *d);
void emgp_independence_stop(emgp_independence *d);

/* ---- segments.c: A stream cut into overlapping segments, each with its trend removed, windowed and transformed. */

/* Checks a plan: EMG_EARG, EMG_ERANGE as include/emg/welch.h says. *window: its plan->segment values, for emgp_free() also
 * after a failure; *weight: what emgp_segment_scale() takes. EMG_ENOMEM. */
emg_status emgp_segment_window(const emg_welch_plan *plan, double **window, double *weight, emg_error *err);
/* What a sum of |X|^2 over n segments is multiplied with to be their mean by the plan's scaling; not doubled for one side. */
double emgp_segment_scale(const emg_welch_plan *plan, double weight, uint64_t n_segments);

/* One segment's transform: trend, window, zeros, FFT. */
typedef struct emgp_segment_maker {
    emg_welch_plan plan;
    double *window;
    double scale; /* of |X|^2 */
    emgp_fft *fft;
} emgp_segment_maker;

/* What include/emg/welch.h says of a plan, and whether so many channels and pairs leave it within bounds of memory.
 * EMG_EARG: no plan; EMG_ERANGE. */
emg_status emgp_welch_check(const emg_welch_plan *plan, size_t n_channels, size_t n_pairs, emg_error *err);

/* Errors as emgp_segment_window(). The maker is to be freed also after a failure. */
emg_status emgp_segment_maker_start(emgp_segment_maker *maker, const emg_welch_plan *plan, emg_error *err);
/* The transform of plan.segment samples: emg_welch_bins() complex numbers, valid until the next call. */
const double *emgp_segment_transform(emgp_segment_maker *maker, const double *x);
void emgp_segment_maker_stop(emgp_segment_maker *maker);

/* How many times a bin's power counts in a one-sided spectrum. */
double emgp_sides(size_t bin, size_t n_fft);

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

/* ---- sums.c: The engine of Welch's method, behind emg_welch. ---- */

struct emg_welch {
    emg_welch_plan plan;
    emgp_independence independence; /* of the double arithmetic only */
    size_t hop, n_bins, n_channels, n_pairs, room, held;
    uint64_t n_segments, n_taken; /* segments so far, those of this stretch */
    bool single;
    double weight;      /* of the window */
    void *window;       /* plan.segment of float or double */
    emgp_fft *fft;      /* of plan.n_fft complex */
    void *samples;      /* per channel `room`, `held` of them valid */
    double *flat;       /* two segments less their trend */
    double *power;      /* per channel n_fft sums of |Z|^2 */
    double *sum;        /* n_fft, with pairs 4 n_fft: sums as they are asked for */
    double *transforms; /* per channel n_fft complex, when there are pairs: Z at hand */
    double *cross;      /* per pair n_fft complex: sums of conj(Z) Y */
    emg_welch_pair *pairs;
};

/* As emg_welch_new(). `single`: arithmetic in float (density within 1e-5 of its peak), for plans that take off the mean,
 * without pairs and without n_independent; else double. */
emg_status emgp_welch_new(emg_welch **out, const emg_welch_plan *plan, size_t n_channels, const emg_welch_pair *pairs,
                          size_t n_pairs, bool single, emg_error *err);
void emgp_welch_free(emg_welch *w);

/* Takes n_frames x n_channels interleaved samples, which nobody looks at: one that is not finite spoils its channel. */
void emgp_welch_push_float(emg_welch *w, const float *x, size_t n_frames);
void emgp_welch_push_double(emg_welch *w, const double *x, size_t n_frames);
/* Takes a segment that waits, and ends the stretch. */
void emgp_welch_finish(emg_welch *w);

/* Whether a segment is complete that has not been taken: it waits for the next one. */
bool emgp_welch_waits(const emg_welch *w);
/* Sums over all segments, the one that waits with them: |A|^2 of a channel, n_bins values, and conj(A) C of a pair, n_bins
 * complex ones. `sum`: room for n_fft, 2 n_fft values; it is returned. */
const double *emgp_welch_power(const emg_welch *w, size_t channel, double *sum);
const double *emgp_welch_cross(const emg_welch *w, size_t pair, double *sum);

/* ---- window.c: One value of a Kaiser window, for windows and for filter design. ---- */

/* I0(beta sqrt(1 - u^2)) / I0(beta), u from -1 to 1 over the window's length. */
double emgp_window_kaiser(double beta, double u);

#endif
