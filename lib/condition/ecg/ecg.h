/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ECG in muscle channels: found, learned, subtracted. */
#ifndef EMGP_CONDITION_ECG_ECG_H
#define EMGP_CONDITION_ECG_ECG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/ecg.h>

#include "base/base.h"

/* ---- match.c: Where a known shape lies in a channel's bins, whatever else lies on top of it. ---- */

/* A shape in bins: REACH on either side of its middle. At 250 bins a second 60 ms, half a QRS with a high-pass's tails. */
enum { EMGP_ECG_REACH = 15, EMGP_ECG_SHAPE = 2 * EMGP_ECG_REACH + 1 };

typedef struct emgp_ecg_matcher {
    const double *shape; /* EMGP_ECG_SHAPE values */
    double square;    /* what one bin counts for at most, squared: what lies on top of a QRS complex does not hide it */
    double most;      /* score of a perfect match */
    double high, low; /* height and depth of the shape */
    long high_at, low_at;
} emgp_ecg_matcher;

emgp_ecg_matcher emgp_ecg_matcher_of(const double *shape, double sigma);

/* The next place from bin *at on, before `end`, of n bins, at which subtracting the shape takes away at least `least` of
 * its own energy, and more than at the `ahead` bins after it: *at becomes the place. False: none, *at is end. */
bool emgp_ecg_match(const emgp_ecg_matcher *m, const float *bins, size_t n, size_t end, size_t ahead, double least,
                    size_t *at);

/* ---- find.c: Looking for a train of one shape at the rate of an ECG in a channel's bins. ---- */

enum { EMGP_ECG_MOST = 64 };

typedef struct emgp_ecg_train {
    size_t n;
    double at[EMGP_ECG_MOST]; /* middles of the QRS complexes, in bins */
    double period;            /* in bins */
} emgp_ecg_train;

/* How even a train is, by its intervals. */
typedef struct emgp_ecg_evenness {
    double period; /* median interval */
    double cv;     /* sd / mean of the intervals about one period long; NaN when there are fewer than 2 */
    double share;  /* of all intervals, those about one period, or about two (one missed), or split by one false find */
    size_t n_whole, n_missed;
} emgp_ecg_evenness;

emgp_ecg_evenness emgp_ecg_evenness_of(const double *at, size_t n);

/* The most conspicuous train in n bins, of which sigma is the noise: 8 or more of one shape, 40 to 180 a minute, 85 %
 * of their intervals even. False when there is none, or when more than 6 waves a second stand out. Peaks sharper than
 * most_hz are not looked at. */
bool emgp_ecg_find(const float *x, size_t n, double bins_per_s, double sigma, double most_hz, emgp_ecg_train *out);

/* Root mean square frequency of a shape. */
double emgp_ecg_frequency(const double *shape, double bins_per_s);

/* Robust standard deviation of n bins (every eighth is looked at). */
double emgp_ecg_sigma(const float *x, size_t n);

/* ---- ring.c: The frames held back of a group of channels, and of each channel its means over bins of 4 ms. ---- */

/* Frames are counted from the segment's first. `out` is a multiple of `hop`, `hop` of `bin`.
 *
 *   bins:      |b|b|b|b|b|b|b|b|b|...                 coarse[channel * room_bins + 0] is the bin at frame `out`
 *   frames:    |<-- hop -->|<-- hop -->|...|
 *              ^ out                       ^ filled   at most `room` frames apart
 */
typedef struct emgp_ecg_ring {
    size_t n_channels, bin, hop, room, room_bins, n_bins;
    uint64_t out, filled;
    double *x;     /* `room` rows of n_channels; frame f is row f % room */
    float *coarse; /* n_channels runs of room_bins */
} emgp_ecg_ring;

bool emgp_ecg_ring_make(emgp_ecg_ring *ring, size_t bin, size_t hop, size_t n_hops, size_t n_channels);
void emgp_ecg_ring_free(emgp_ecg_ring *ring);

/* Takes as many of n frames as there is room for, and returns how many. */
size_t emgp_ecg_ring_push(emgp_ecg_ring *ring, const double *x, size_t n);

/* The rows of the oldest frames, at most a hop of them. */
const double *emgp_ecg_ring_oldest(const emgp_ecg_ring *ring, size_t *n);

/* Lets the oldest n frames go: a hop, or the last ones. */
void emgp_ecg_ring_drop(emgp_ecg_ring *ring, size_t n);

/* Forgets everything: the next frame is a segment's first. */
void emgp_ecg_ring_reset(emgp_ecg_ring *ring);

/* A channel's samples from a frame on; zero where nothing is held. */
void emgp_ecg_ring_get(const emgp_ecg_ring *ring, size_t channel, int64_t from, size_t n, double *to);

/* Subtracts from (or replaces) a channel's samples, where they are held. */
void emgp_ecg_ring_subtract(emgp_ecg_ring *ring, size_t channel, int64_t from, size_t n, const double *wave);
void emgp_ecg_ring_put(emgp_ecg_ring *ring, size_t channel, int64_t from, size_t n, const double *x);

/* ---- wave.c: The wave of an ECG about a QRS complex: learned from some, fitted to one, kept up to date. ---- */

typedef struct emgp_ecg_wave {
    double *mean;   /* n samples, zero at both ends, peak at [peak]: as learned */
    double *x;      /* the same with the noise smoothed out: what is fitted and removed */
    size_t n, peak; /* n may be less than what was allocated */
    size_t taper;   /* samples over which the ends fall to zero (20 ms) */
    size_t smooth;  /* half width of the smoothing, samples (2.5 ms) */
    double learned; /* QRS complexes that the mean stands for */
    size_t kept;    /* QRS complexes taken into the mean */
    double highest, lowest;
} emgp_ecg_wave;

/* How a wave lies in n samples whose index [peak] is where it is expected. */
typedef struct emgp_ecg_fit {
    double gain, shift; /* x(t) = gain * wave(t - shift) + rest */
    double explained;   /* share of the energy above the noise's near the peak that the wave takes away */
} emgp_ecg_fit;

enum { EMGP_ECG_ROWS = 24 };

/* Room for a fit and a shifted wave of up to n samples. */
typedef struct emgp_ecg_scratch {
    double *rows;                            /* EMGP_ECG_ROWS x n */
    double *shifted, *slope, *rest, *sorted; /* n each */
    size_t n;
} emgp_ecg_scratch;

bool emgp_ecg_scratch_make(emgp_ecg_scratch *scratch, size_t n);
void emgp_ecg_scratch_free(emgp_ecg_scratch *scratch);

/* out(t) = x(from + t - shift) for t < count, by cubic interpolation; x is zero outside its n samples. */
void emgp_ecg_shift(const double *x, size_t n, double shift, size_t from, size_t count, double *out);

/* The median of n_rows aligned stretches in scratch->rows (wave->n each) becomes the wave; then each is fitted, moved and
 * scaled, and the median taken again, twice. sigma: of the noise. fits: of each row, as last found. */
void emgp_ecg_learn(emgp_ecg_wave *wave, size_t n_rows, double sigma, emgp_ecg_scratch *scratch, emgp_ecg_fit *fits);

/* Fits by weighted least squares, weights falling with the rest (bisquare), so that other activity does not change the
 * fit; the gain is held to usual_gain as its precision demands, at most a quarter off. most_shift in samples. */
emgp_ecg_fit emgp_ecg_fit_to(const emgp_ecg_wave *wave, const double *x, double usual_gain, double most_shift,
                             double sigma, emgp_ecg_scratch *scratch);

/* Takes a fitted QRS complex into the running mean, each sample by at most three sigma. */
void emgp_ecg_keep(emgp_ecg_wave *wave, const double *x, const emgp_ecg_fit *fit, double sigma,
                   emgp_ecg_scratch *scratch);

void emgp_ecg_scale(emgp_ecg_wave *wave, double factor);

/* ---- search.c: The ECG in one channel while frames pass: found, followed, removed, lost. ---- */

enum { EMGP_ECG_RECENT = 24 };

/* What all channels of a stream share. */
typedef struct emgp_ecg_common {
    const emg_ecg_plan *plan;
    double rate_hz, bins_per_s;
    size_t before, after, taper, smooth, gate; /* frames */
    bool high_passed;
    emgp_ecg_ring *ring;
    emgp_ecg_scratch scratch;
    double *x;           /* before + after + 1 samples of one wave, and room to move it */
    float *bins;         /* room_bins: the channel's bins without baseline */
    double *ecg_channel; /* frames of the ECG channel's QRS complexes among the frames held */
    size_t n_ecg_channel;
    bool told; /* these QRS complexes were given by the caller: every channel may follow them, when there are some */
    uint64_t first_frame; /* of the segment, counted from the stream's first */
} emgp_ecg_common;

typedef struct emgp_ecg_search {
    size_t channel;
    bool beating, led; /* led: by the ECG channel's QRS complexes */
    emgp_ecg_wave wave;
    double shape[EMGP_ECG_SHAPE]; /* the wave in bins */
    double gain;                  /* usual now */
    double period;                /* frames */
    uint64_t next_bin;            /* QRS complexes are looked for from here on */
    double next_frame;            /* following an ECG channel: QRS complexes from here on are new */
    double recent[EMGP_ECG_RECENT];
    size_t n_recent;
    /* over all segments */
    uint64_t n_qrs, n_led, n_intervals;
    double sum, squares, amplitude, removed, first, last, last_in_segment;
} emgp_ecg_search;

/* Judges what is held, removes the QRS complexes found. last: the segment ends; search: look for an ECG where there is
 * none yet. Fails as the plan's callback does. */
emg_status emgp_ecg_search_step(emgp_ecg_search *channel, emgp_ecg_common *common, bool search, bool last,
                                emg_error *err);

/* The next frame is a segment's first. */
void emgp_ecg_search_reset(emgp_ecg_search *channel);

emg_ecg_found emgp_ecg_search_found(const emgp_ecg_search *channel, double rate_hz);

/* ---- removal.c: A wave that repeats with one shape at nearly even intervals, taken out of each channel that has one. */

/* What the samples are, and the function that takes them. */
typedef struct emgp_ecg_ends {
    bool high_passed; /* nothing below 20 Hz is left in the samples: no baseline has to be removed */
    emg_take_frames *take;
    void *context;
} emgp_ecg_ends;

typedef struct emgp_ecg emgp_ecg;

/* EMG_ERANGE, EMG_EARG as emg_ecg_stream_new() says; EMG_ENOMEM. */
emg_status emgp_ecg_new(emgp_ecg **out, const emg_ecg_plan *plan, double rate_hz, size_t n_channels,
                        const emgp_ecg_ends *ends, emg_error *err);
void emgp_ecg_free(emgp_ecg *ecg);

/* QRS complexes that the caller knows: seconds, ascending. The caller keeps them while the segment lasts. */
typedef struct emgp_qrs_times {
    const double *at_s;
    size_t n;
} emgp_qrs_times;

/* The next frame is a segment's first, at start_s of the QRS complexes' clock. Not needed when none are known. */
void emgp_ecg_tell(emgp_ecg *ecg, const emgp_qrs_times *qrs, double start_s);

/* Takes n_frames x n_channels interleaved samples. Fails as the functions that take its output do. */
emg_status emgp_ecg_push(emgp_ecg *ecg, const double *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands on what is held, and is ready for the next segment. */
emg_status emgp_ecg_finish(emgp_ecg *ecg, emg_error *err);

emg_ecg_found emgp_ecg_found(const emgp_ecg *ecg, size_t channel);

/* The removed wave at n points, the first first_s after its peak, step_s apart: by lines between its samples; zero beyond it. */
void emgp_ecg_draw(const emg_ecg_found *found, double rate_hz, double first_s, double step_s, size_t n, double *to);

/* The most frames ever held back. */
size_t emgp_ecg_latency(const emgp_ecg *ecg);

/* ---- subtract.c: The wave of an ECG removed from the frames held: subtracted; when gated, its QRS is filled from
 * around it. */

/* n samples of a channel from a frame on, the line through the medians of their ends subtracted unless samples have no
 * baseline; zero where nothing is held. */
void emgp_ecg_fetch(const emgp_ecg_common *common, size_t channel, int64_t first, size_t n, double *to);

/* The wave's first sample lies on frame `first` plus the fit's shift. */
void emgp_ecg_remove(emgp_ecg_common *common, const emgp_ecg_search *channel, int64_t first, const emgp_ecg_fit *fit,
                     double sigma);

#endif
