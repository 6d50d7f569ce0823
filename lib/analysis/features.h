/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of a channel's whole conditioned signal: RMS, MAV, spectrum. */
#ifndef EMGP_FEATURES_H
#define EMGP_FEATURES_H

#include <emg/analysis.h>

typedef struct emgp_features emgp_features;

/* For n_lanes channels of one rate. */
emg_status emgp_features_new(emgp_features **out, const emg_features_config *config, double rate_hz, size_t n_lanes,
                             double low_hz, double high_hz, emg_error *err);
void emgp_features_free(emgp_features *features);

/* A lane's samples of a page, for the figures of time. */
void emgp_features_page(emgp_features *features, size_t lane, const float *x, size_t n);

/* Conditioned frames, interleaved, for the spectrum. */
void emgp_features_push(emgp_features *features, const float *x, size_t n_frames);
/* A gap: no window spans it. */
void emgp_features_gap(emgp_features *features);

/* Writes rms, mav, the spectral values and the PSD of a lane into a summary; NaN where there was too little signal. */
emg_status emgp_features_lane(const emgp_features *features, size_t lane, emg_summary *summary, emg_error *err);

#endif
