/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Magnitudes over short times. */
#ifndef EMGP_DSP_ENVELOPE_ENVELOPE_H
#define EMGP_DSP_ENVELOPE_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/block.h>
#include <emg/filter.h>
#include <emg/status.h>

/* ---- bins.c: Raw frames summed up in bins of 2.5 ms: all that later steps need of the unfiltered signal. */

/* A run of three or more equal samples of one channel, reported in the bin in which it ended. */
typedef struct emgp_plateau {
    size_t channel;
    size_t n_frames;
    double value;             /* as the sample was */
    double jump_in, jump_out; /* size of the step to it and from it */
} emgp_plateau;

/* A bin of all channels. Values of `mean` and `power` are relative to the segment's first sample of the channel. */
typedef struct emgp_bin {
    size_t n_frames;            /* those of emgp_bins_frames(), fewer in a segment's last bin */
    const double *mean, *power; /* mean, and mean square about it */
    const double *low, *high;   /* extremes, as the samples were */
    const double *repeats;      /* samples that equal the one before */
    const double *at_limit;     /* samples at or beyond the channel's limits */
    const double *least_step; /* smallest difference above 0 from sample to sample; INFINITY: none, or not looked at */
    const emgp_plateau *plateau;
    size_t n_plateaus;
} emgp_bin;

typedef emg_status emgp_take_bin(void *context, const emgp_bin *bin, emg_error *err);
typedef struct emgp_bins emgp_bins;

/* Frames in a bin at a rate: 1 or more. */
size_t emgp_bins_frames(double rate_hz);

/* n_channels 1 to 64; limit_low, limit_high: n_channels values each, infinite where unknown. EMG_ENOMEM. */
emg_status emgp_bins_new(emgp_bins **out, double rate_hz, size_t n_channels, const double *limit_low,
                         const double *limit_high, emgp_take_bin *take, void *context, emg_error *err);
void emgp_bins_free(emgp_bins *bins);

/* Interleaved frames. Bins are counted from the segment's first frame, whatever the cuts. Fails only as `take` does. */
emg_status emgp_bins_push(emgp_bins *bins, const double *x, size_t n_frames, emg_error *err);

/* Other limits for one of the channels, before its first frame. */
void emgp_bins_limits(emgp_bins *bins, size_t channel, double low, double high);

/* Ends the segment: its last bin may be shorter. Runs still open are not reported. */
emg_status emgp_bins_finish(emgp_bins *bins, emg_error *err);

/* ---- held.c: One value held over whole bins, and whether chance may have held it. ---- */

/* Zeroed where a segment begins. */
typedef struct emgp_held {
    double value;
    size_t n_bins; /* of this one value, up to the last bin taken; 0: that one was not constant */
    bool at_limit; /* the value is the recorder's limit, or beyond */
} emgp_held;

/* A bin of one value goes on with what is held, or begins it anew; any other ends it. Whether the bin is constant. */
bool emgp_held_add(emgp_held *held, const emgp_bin *bin, size_t channel);

/* The share of samples that equal the one before, from a count of them; none counts as half a one, no frames as all. */
double emgp_held_share(double repeats, double frames);

/* Whether noise that repeats a sample with this share may hold its value for so many frames: not when the chance of it
 * is below e^-40, nor for 3 frames at a limit. */
bool emgp_held_by_chance(double frames, bool at_limit, double repeating);

/* ---- hilbert.c: The amplitude of a signal and its Hilbert transform together. ---- */

typedef struct emgp_hilbert emgp_hilbert;

/* 1 to 64 channels. The transform's gain is within 1e-6 of 1 from lowest_hz to rate_hz / 2 - lowest_hz. EMG_ERANGE:
 * lowest_hz is not above 0 and below a quarter of the rate, or needs more than 2^20 taps; EMG_ENOMEM. */
emg_status emgp_hilbert_new(emgp_hilbert **out, double lowest_hz, double rate_hz, size_t n_channels,
                            emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_hilbert_push(emgp_hilbert *hilbert, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_hilbert_finish(emgp_hilbert *hilbert, emg_error *err);
size_t emgp_hilbert_latency(const emgp_hilbert *hilbert);
void emgp_hilbert_free(emgp_hilbert *hilbert);

/* ---- moving.c: Means over a centred moving window, of squares (their root is taken) or of magnitudes. ---- */

typedef enum emgp_moving_kind { EMGP_MOVING_RMS, EMGP_MOVING_MAGNITUDE } emgp_moving_kind;

typedef struct emgp_moving emgp_moving;

/* A window of 1 to 2^24 samples over 1 to 64 channels. EMG_ENOMEM. */
emg_status emgp_moving_new(emgp_moving **out, emgp_moving_kind kind, size_t window, size_t n_channels,
                           emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_moving_push(emgp_moving *moving, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_moving_finish(emgp_moving *moving, emg_error *err);
size_t emgp_moving_latency(const emgp_moving *moving);
void emgp_moving_free(emgp_moving *moving);

/* ---- rectified.c: The linear envelope: magnitudes, smoothed by a low-pass filter. ---- */

typedef struct emgp_rectified emgp_rectified;

/* A Butterworth low-pass over |x| of 1 to 64 channels. Fails as emg_filter_design() and emg_filter_stream_new() do. */
emg_status emgp_rectified_new(emgp_rectified **out, int order, double corner_hz, emg_filter_direction direction,
                              double rate_hz, size_t n_channels, emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_rectified_push(emgp_rectified *rectified, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_rectified_finish(emgp_rectified *rectified, emg_error *err);
size_t emgp_rectified_latency(const emgp_rectified *rectified);
void emgp_rectified_free(emgp_rectified *rectified);

/* ---- teager.c: The Teager-Kaiser energy of a stream. ---- */

typedef struct emgp_teager emgp_teager;

/* 1 to 64 channels. EMG_ENOMEM. */
emg_status emgp_teager_new(emgp_teager **out, size_t n_channels, emg_take_frames *take, void *context, emg_error *err);
emg_status emgp_teager_push(emgp_teager *teager, const double *x, size_t n_frames, emg_error *err);
emg_status emgp_teager_finish(emgp_teager *teager, emg_error *err);
size_t emgp_teager_latency(const emgp_teager *teager);
void emgp_teager_free(emgp_teager *teager);

#endif
