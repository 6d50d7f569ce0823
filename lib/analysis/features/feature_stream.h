/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features window by window over a stream of conditioned frames. */
#ifndef EMGP_FEATURE_STREAM_H
#define EMGP_FEATURE_STREAM_H

#include <stdint.h>

#include <emg/config.h>
#include <emg/features.h>

typedef struct emgp_feature_stream emgp_feature_stream;

/* One lane's window, valid during the call only. */
typedef struct emgp_feature_window {
    uint64_t first;             /* frame of the segment at which it starts */
    const emg_features *values; /* of the features chosen; the others are NaN */
    const double *band_power; /* n_bands values, then as many shares of the power of the frames' band; NaN: no power */
    const double *density;    /* n_bins values step_hz apart; NULL unless something of the spectrum was asked for */
    size_t n_bins;
    double step_hz;
} emgp_feature_window;

typedef emg_status emgp_feature_take(void *context, size_t lane, const emgp_feature_window *window, emg_error *err);

typedef struct emgp_feature_setup {
    const emg_features_config *config;
    double rate_hz;
    double low_hz, high_hz; /* the band of the frames */
    size_t n_lanes;
    size_t window, step; /* frames; 1 or more */
    emg_feature_choice choice;
    const emg_feature_levels *levels; /* n_lanes, copied */
    const emg_band *bands;            /* borrowed until the end */
    size_t n_bands;
    bool densities; /* wanted although no feature needs them */
    emgp_feature_take *take;
    void *context;
} emgp_feature_setup;

/* EMG_ERANGE: a window or step that is too long or too short; EMG_ENOMEM. */
emg_status emgp_feature_stream_new(emgp_feature_stream **out, const emgp_feature_setup *setup, emg_error *err);
void emgp_feature_stream_free(emgp_feature_stream *windows);

/* Frames, interleaved. Windows lie `step` frames apart, the first at a segment's first frame. */
emg_status emgp_feature_stream_push(emgp_feature_stream *windows, const float *x, size_t n_frames, emg_error *err);

/* Ends the segment: a window that is not full is left out. */
void emgp_feature_stream_finish(emgp_feature_stream *windows);

/* Frame of the segment at which the next window begins. */
uint64_t emgp_feature_stream_next(const emgp_feature_stream *windows);

/* Samples of a Hann window of the spectra at this rate: an even number. */
size_t emgp_feature_segment(const emg_features_config *config, double rate_hz);

/* What counts as a crossing, a turn, rest on a channel whose noise has this standard deviation (NaN: not known). */
emg_feature_levels emgp_feature_levels(const emg_features_config *config, bool calibrated, double sigma);

#endif
