/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters: designed, described, run. */
#ifndef EMGP_DSP_FILTER_FILTER_H
#define EMGP_DSP_FILTER_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/block.h>
#include <emg/filter.h>
#include <emg/filter_stream.h>
#include <emg/status.h>

#include "base/base.h"

/* ---- butterworth.c: Corner frequencies to second-order sections of a Butterworth filter. ---- */

enum { EMGP_MOST_ORDER = 12 };

typedef emg_filter_section emgp_section;

typedef enum emgp_band { EMGP_BAND_LOW, EMGP_BAND_HIGH, EMGP_BAND_PASS, EMGP_BAND_STOP } emgp_band;

/* Designs a filter of order 1 to 12 by the bilinear transform with prewarped corners (-3 dB points). A low-pass uses
 * high_hz as its corner, a high-pass low_hz, the others both; a band filter has twice the order in poles.
 * out needs room for `order` sections; *n says how many there are. EMG_ERANGE: an order or a corner out of range. */
emg_status emgp_butterworth(emgp_section *out, size_t *n, emgp_band kind, int order, double low_hz, double high_hz,
                            double rate_hz, emg_error *err);

/* Whether the corners that a kind uses make sense at a rate: EMG_OK, or EMG_ERANGE with the sentence. */
emg_status emgp_check_corners(emgp_band kind, double low_hz, double high_hz, double rate_hz, emg_error *err);

/* ---- cascade.c: What a cascade of second-order sections does: its response, its gain of a constant, how long it rings. */

/* The response at w (0 to pi) radians per sample; group_delay_s is in samples here. Exact for the coefficients as they
 * are, however close to z = 1 the poles lie. */
void emgp_sections_response(const emgp_section *sections, size_t n, double w, emg_filter_response *out);

/* |H| at a frequency, 0 to rate_hz / 2. */
double emgp_sections_gain(const emgp_section *sections, size_t n, double f_hz, double rate_hz);

/* H(1), the cascade's gain of a constant; exactly 0 for a high-pass or band-pass. */
double emgp_sections_dc_gain(const emgp_section *sections, size_t n);

/* Frames after which the cascade's impulse response stays below `level` (0 to 1) times its peak; 0 when that takes more
 * than `most` frames (a corner very low for the rate, or an unstable filter). */
size_t emgp_sections_decay(const emgp_section *sections, size_t n, double level, size_t most);

/* Least k, to within a 4096th of the response's length, beyond which the impulse response's absolute sum is at most
 * `level` (0 to 1) of its whole; 0 when that takes more than `most` frames. */
size_t emgp_sections_settle(const emgp_section *sections, size_t n, double level, size_t most);

/* ---- convolve.c: Convolution of a stream with many taps, by transforms. ---- */

typedef struct emgp_convolve emgp_convolve;

/* Samples that it holds for each channel. */
size_t emgp_convolve_rows(size_t n_taps);

/* Convolves each of n_channels channels with n_taps taps; y[t] leaves when x[t + ahead] has come, ahead < n_taps. The
 * segment continues at both ends with its first and last value. EMG_ENOMEM. */
emg_status emgp_convolve_new(emgp_convolve **out, const double *taps, size_t n_taps, size_t ahead, size_t n_channels,
                             emg_take_frames *next, void *context, emg_error *err);
emg_status emgp_convolve_push(emgp_convolve *convolve, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_convolve_finish(emgp_convolve *convolve, emg_error *err);

/* The most frames ever held back. */
size_t emgp_convolve_latency(const emgp_convolve *convolve);
void emgp_convolve_free(emgp_convolve *convolve);

/* ---- edges.c: A segment continued at its ends before a filter, and the filter's output cut back to the segment. */

typedef struct emgp_edges emgp_edges;

/* Frames go to `filter`, which continues what it is given with its end values for ever; its output comes back through
 * emgp_edges_output() and leaves by `take`. Mirrored paddings reach over `reach` frames, after the segment only when
 * it is continued at both ends. EMG_ENOMEM. */
emg_status emgp_edges_new(emgp_edges **out, emg_filter_padding padding, size_t reach, bool both, size_t n_channels,
                          emg_take_frames *filter, void *filter_context, emg_take_frames *take, void *take_context,
                          emg_error *err);
emg_status emgp_edges_push(emgp_edges *edges, const double *x, size_t n_frames, emg_error *err);

/* The segment has ended: the filter is given what goes on after it. Then the filter is to be finished, then
 * emgp_edges_reset() called. */
emg_status emgp_edges_finish(emgp_edges *edges, emg_error *err);
void emgp_edges_reset(emgp_edges *edges);

/* An emg_take_frames function: the filter's output, from its first frame. */
emg_status emgp_edges_output(void *edges, const double *y, size_t n_frames, emg_error *err);

void emgp_edges_free(emgp_edges *edges);

/* ---- filter.c: A designed filter from within. ---- */

/* Either sections or taps. */
struct emg_filter {
    emg_filter_plan plan;
    size_t n_sections, n_taps;
    emg_filter_section sections[EMGP_MOST_ORDER];
    double *taps;
    size_t transient; /* of the sections */
};

/* ---- filter_stream.c: A designed filter at work. ---- */

/* emg_filter_stream_push() for sections without mirrored ends and samples that are known to be finite. */
emg_status emgp_filter_stream_push(emg_filter_stream *stream, const double *x, size_t n_frames, emg_error *err);

/* ---- kaiser.c: Corner frequencies to the taps of a linear-phase filter. ---- */

enum { EMGP_MOST_TAPS = (1 << 20) + 1 };

/* Designs an odd number of symmetric taps (type I) after the plan's kind, corners, transition and attenuation by the
 * window method. *taps is freed by emgp_free(), NULL on failure. EMG_ERANGE: a corner, transition or attenuation out
 * of range; EMG_ENOMEM. */
emg_status emgp_kaiser(double **taps, size_t *n, const emg_filter_plan *plan, emg_error *err);

/* The response of n (odd) symmetric taps at w (0 to pi) radians per sample; group_delay_s is in samples. */
void emgp_taps_response(const double *taps, size_t n, double w, emg_filter_response *out);

/* ---- zerophase.c: A filter without delay: forward then backward, block by block, with a stated error against the whole segment. */

typedef struct emgp_zerophase emgp_zerophase;

/* Makes a stream for n_channels (1 to 64) channels that hands every frame to `next`, filtered by |H|^2, in float.
 * Arithmetic is in float when single_precision (sound for sampling rate / lowest corner <= 250), else in double.
 * The segment continues at both ends with its first and last value. EMG_ERANGE: the filter rings for more than 2^20
 * frames, or n_channels; EMG_ENOMEM. */
emg_status emgp_zerophase_new(emgp_zerophase **out, const emgp_section *sections, size_t n_sections, double rate_hz,
                              size_t n_channels, bool single_precision, emgp_frames *next, void *context,
                              emg_error *err);

/* The same in double, for who must be exact: looks `ahead` frames ahead, handing on `chunk` frames at a time; ahead 0
 * runs forward alone, without delay. Holds ahead + chunk frames of all channels. EMG_ERANGE, EMG_ENOMEM. */
emg_status emgp_zerophase_new_double(emgp_zerophase **out, const emgp_section *sections, size_t n_sections,
                                     size_t ahead, size_t chunk, size_t n_channels, emg_take_frames *next,
                                     void *context, emg_error *err);

/* Takes n_frames x n_channels interleaved samples. Fails only as `next` does. */
emg_status emgp_zerophase_push(emgp_zerophase *z, const double *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands on what is still held, and is ready for the next segment. */
emg_status emgp_zerophase_finish(emgp_zerophase *z, emg_error *err);

/* The most frames ever held back; 0 for forward alone. */
size_t emgp_zerophase_latency(const emgp_zerophase *z);

void emgp_zerophase_free(emgp_zerophase *z);

#endif
