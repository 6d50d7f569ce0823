/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of a channel's whole conditioned signal: RMS, MAV, spectrum. */
#ifndef EMGP_FIGURES_H
#define EMGP_FIGURES_H

#include <emg/analysis.h>

typedef struct emgp_figures emgp_figures;

/* For n_lanes channels of one rate. */
emg_status emgp_figures_new(emgp_figures **out, const emg_features_config *config, double rate_hz, size_t n_lanes,
                            double low_hz, double high_hz, emg_error *err);
void emgp_figures_free(emgp_figures *figures);

/* A lane's samples of a page, for the figures of time. */
void emgp_figures_page(emgp_figures *figures, size_t lane, const float *x, size_t n);

/* Conditioned frames, interleaved, for the spectrum. */
void emgp_figures_push(emgp_figures *figures, const float *x, size_t n_frames);
/* A gap: no window spans it. */
void emgp_figures_gap(emgp_figures *figures);

/* Writes rms, mav, the spectral values and the PSD of a lane into a summary; NaN where there was too little signal. */
emg_status emgp_figures_lane(const emgp_figures *figures, size_t lane, emg_summary *summary, emg_error *err);

#endif
