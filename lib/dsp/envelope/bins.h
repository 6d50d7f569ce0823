/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw frames summed up in bins of 2.5 ms: all that the stages behind need to know of the unfiltered signal. */
#ifndef EMGP_BINS_H
#define EMGP_BINS_H

#include <stddef.h>

#include <emg/status.h>

/* A run of three or more equal samples of one lane, told in the bin in which it ended. */
typedef struct emgp_plateau {
    size_t lane;
    size_t n_frames;
    double value;             /* as the sample was */
    double jump_in, jump_out; /* size of the step to it and from it */
} emgp_plateau;

/* A bin of all lanes. Values of `mean` and `power` are relative to the segment's first sample of the lane. */
typedef struct emgp_bin {
    size_t n_frames;            /* those of emgp_bins_frames(), fewer in a segment's last bin */
    const double *mean, *power; /* mean, and mean square about it */
    const double *low, *high;   /* extremes, as the samples were */
    const double *repeats;      /* samples that equal the one before */
    const double *at_limit;     /* samples at or beyond the lane's limits */
    const double *least_step; /* smallest difference above 0 from sample to sample; INFINITY: none, or not looked at */
    const emgp_plateau *plateau;
    size_t n_plateaus;
} emgp_bin;

typedef emg_status emgp_take_bin(void *context, const emgp_bin *bin, emg_error *err);
typedef struct emgp_bins emgp_bins;

/* Frames in a bin at a rate: 1 or more. */
size_t emgp_bins_frames(double rate_hz);

/* n_lanes 1 to 64; limit_low, limit_high: n_lanes values each, infinite where unknown. EMG_ENOMEM. */
emg_status emgp_bins_new(emgp_bins **out, double rate_hz, size_t n_lanes, const double *limit_low,
                         const double *limit_high, emgp_take_bin *take, void *context, emg_error *err);
void emgp_bins_free(emgp_bins *bins);

/* Interleaved frames. Bins are counted from the segment's first frame, whatever the cuts. Fails only as `take` does. */
emg_status emgp_bins_push(emgp_bins *bins, const double *x, size_t n_frames, emg_error *err);

/* Ends the segment: its last bin may be shorter. Runs still open are not told. */
emg_status emgp_bins_finish(emgp_bins *bins, emg_error *err);

#endif
