/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers that describe stretches of a signal. */
#ifndef EMGP_ANALYSIS_FEATURES_FEATURES_H
#define EMGP_ANALYSIS_FEATURES_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include <emg/analysis.h>
#include <emg/config.h>
#include <emg/feature_table.h>
#include <emg/features.h>
#include <emg/result.h>
#include <emg/status.h>

#include "base/base.h"

/* ---- feature_stream.c: Features window by window over a stream of conditioned frames. ---- */

typedef struct emgp_feature_stream emgp_feature_stream;

/* One channel's window, valid during the call only. */
typedef struct emgp_feature_window {
    uint64_t first;             /* frame of the segment at which it starts */
    const emg_features *values; /* of the features chosen; the others are NaN */
    const double *band_power; /* n_bands values, then as many shares of the power of the frames' band; NaN: no power */
    const double *density;    /* n_bins values step_hz apart; NULL unless something of the spectrum was asked for */
    size_t n_bins;
    double step_hz;
} emgp_feature_window;

typedef emg_status emgp_feature_take(void *context, size_t channel, const emgp_feature_window *window, emg_error *err);

typedef struct emgp_feature_setup {
    const emg_features_config *config;
    double rate_hz;
    double low_hz, high_hz; /* the band of the frames */
    size_t n_channels;
    size_t window, step; /* frames; 1 or more */
    emg_feature_choice choice;
    const emg_feature_levels *levels; /* n_channels, copied */
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

/* ---- figures.c: Figures of a channel's whole conditioned signal: RMS, MAV, spectrum. ---- */

typedef struct emgp_figures emgp_figures;

/* For n_channels channels of one rate. */
emg_status emgp_figures_new(emgp_figures **out, const emg_features_config *config, double rate_hz, size_t n_channels,
                            double low_hz, double high_hz, emg_error *err);
void emgp_figures_free(emgp_figures *figures);

/* A channel's samples of a page, for the figures of time; n_dead of them are 0 and do not count. */
void emgp_figures_page(emgp_figures *figures, size_t channel, const float *x, size_t n, size_t n_dead);

/* Conditioned frames, interleaved, for the spectrum. */
void emgp_figures_push(emgp_figures *figures, const float *x, size_t n_frames);
/* A gap: no window spans it. */
void emgp_figures_gap(emgp_figures *figures);

/* Writes rms, mav, the spectral values and the PSD of a channel into a summary; NaN where there was too little signal. */
emg_status emgp_figures_channel(const emgp_figures *figures, size_t channel, emg_summary_signal *signal,
                                emg_error *err);

/* ---- survey.c: What a first look at a group's conditioned signal tells of its channels: noise, power at rest, highest moving RMS. */

typedef struct emgp_survey emgp_survey;

typedef struct emgp_survey_setup {
    const emg_config *config;
    double rate_hz, low_hz, high_hz; /* the band of the frames */
    size_t n_channels;
    bool noise;            /* whether the noise is wanted */
    bool highest;          /* whether the highest moving RMS is */
    const emg_mark *marks; /* those of rest are read; borrowed until the end */
    size_t n_marks;
    const size_t *channels; /* the group's, as the marks number them, from 0; borrowed where there are marks */
} emgp_survey_setup;

/* Each NaN when not asked for or not found. */
typedef struct emgp_survey_channel {
    double sigma;      /* of the noise: mean over pages, as noise_uv of a report */
    double rest_power; /* mean square within marks of rest */
    double highest;    /* moving RMS over whole windows of features.mvc_window_s */
} emgp_survey_channel;

/* EMG_ENOMEM, EMG_ERANGE. */
emg_status emgp_survey_new(emgp_survey **out, const emgp_survey_setup *setup, emg_error *err);
void emgp_survey_free(emgp_survey *survey);

void emgp_survey_start(emgp_survey *survey, double start_s);
emg_status emgp_survey_push(emgp_survey *survey, const float *x, size_t n_frames, emg_error *err);
/* Ends the segment. */
emg_status emgp_survey_finish(emgp_survey *survey, emg_error *err);

emgp_survey_channel emgp_survey_of(const emgp_survey *survey, size_t channel);

/* ---- trend.c: A straight line through points: by least squares, and by the median of all slopes between two of them. */

/* y = at_zero + slope t. */
typedef struct emgp_line {
    double slope, at_zero;
} emgp_line;

/* Both lines through n >= 2 points that do not all have one t, else NaN. `robust`: Theil 1950, Sen 1968 (median of
 * (y_j - y_i) / (t_j - t_i) over all pairs, then the median of y - slope t); takes n (n - 1) / 2 doubles of memory for a
 * while. EMG_ENOMEM. */
emg_status emgp_trend(const double *t, const double *y, size_t n, emgp_line *least_squares, emgp_line *robust,
                      emg_error *err);

/* ---- waveform.c: A stretch of samples in numbers: sums, counts of steps and changes of direction, shape of the distribution. */

/* x[0..n), finite. All are NaN where they are not defined (n too small, 0 / 0). */
typedef struct emgp_sums {
    double absolute; /* sum |x| */
    double squares;  /* sum x^2 */
    double path;     /* sum |x_{i+1} - x_i| */
    double largest;  /* max |x|; 0 for n = 0 */
} emgp_sums;

emgp_sums emgp_waveform_sums(const double *x, size_t n);

/* Steps and changes of direction that reach a threshold (>= 0). */
typedef struct emgp_counts {
    size_t crossings; /* x_i x_{i+1} < 0 and |x_i - x_{i+1}| >= threshold */
    size_t slopes;    /* (x_i - x_{i-1})(x_i - x_{i+1}) > 0 and the larger of the two in size >= threshold */
    size_t steps;     /* |x_i - x_{i+1}| >= threshold */
} emgp_counts;

emgp_counts emgp_waveform_counts(const double *x, size_t n, double threshold);

/* Turns: the signal swings from one extreme to the next, each swing at least `threshold` (> 0) long; smaller wiggles do
 * not count. An extreme is a turn once the signal has gone back from it by the threshold; the first extreme has no
 * swing before it and only serves as the origin of the next.
 *
 *        b         d        threshold  |
 *       / \   c   / \                  |
 *   ___/   \_/\__/   \__   a turn: b (after the origin a), c..d only where the swing between them is long enough
 *  a
 */
typedef struct emgp_turns {
    size_t n;
    double path; /* sum of the swings that end in a turn */
} emgp_turns;

emgp_turns emgp_waveform_turns(const double *x, size_t n, double threshold);

/* Mean of x_i^2 - x_{i-1} x_{i+1} (Kaiser 1990) over the n - 2 inner samples; NaN for n < 3. */
double emgp_waveform_energy(const double *x, size_t n);

/* m4 / m2^2 about the mean, with divisor n: 3 for Gaussian noise. NaN for a constant. */
double emgp_waveform_kurtosis(const double *x, size_t n);

/* Sample entropy (Richman and Moorman 2000): -ln(A / B), B and A the pairs of the n - m templates of m and of m + 1
 * samples that differ nowhere by more than `radius`. NaN while A is 0 or n <= m + 1. Time grows with n squared. */
double emgp_waveform_entropy(const double *x, size_t n, size_t m, double radius);

/* Standard deviation with divisor n; NaN for n = 0. */
double emgp_waveform_deviation(const double *x, size_t n);

/* ---- Settings of this room, as the configuration joins them. ---- */

emgp_settings emgp_features_table(void);

#endif
