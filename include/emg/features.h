/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features of a stretch of EMG with their usual definitions: of the samples, of their spectrum, and of its trend. */
#ifndef EMG_FEATURES_H
#define EMG_FEATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The values. NaN: not applicable (too few samples, no power, 0 / 0) or not asked for; never infinite. u is the unit of
 * the samples (microvolts when calibrated). The table (emg_feature_row, <emg/feature_table.h>) has unit, formula and
 * source of each. */
typedef struct emg_features {
    double iemg, mav, rms, wl, aac; /* u */
    double var, ssi, tkeo;          /* u^2 */
    double zc, ssc, wamp;           /* counts */
    double turns_per_s;
    double turn_amplitude;                         /* u */
    double kurtosis, crest, sampen;                /* ratios */
    double mnf, mdf, pkf, bandwidth, sef95;        /* Hz */
    double vcf;                                    /* Hz^2 */
    double ttp, mnp;                               /* u^2 */
    double sm1, sm2, sm3;                          /* u^2 Hz, u^2 Hz^2, u^2 Hz^3 */
    double skewness, spread_kurtosis;              /* of the spectrum, ratios */
    double finsm1, finsm2, finsm3, finsm4, finsm5; /* s^2 to s^6 */
    double entropy, flatness;                      /* of the spectrum, 0 to 1 */
    double snr_db, dp_ratio, ohm_ratio, sm_ratio;
} emg_features;

/* All NaN. */
EMG_API emg_features emg_features_none(void);

/* What the features of the samples need to know besides them. NaN leaves the features that need it NaN. */
typedef struct emg_feature_levels {
    double count_threshold; /* >= 0, in the samples' unit: for ZC, SSC and WAMP */
    double turn_threshold;  /* > 0: for turns; 100 uV (Willison 1964) */
    double rest_power;      /* mean square at rest: for the signal-to-noise ratio */
} emg_feature_levels;

/* Fills in the features of group TIME and snr_db from n samples without an offset (the definitions have none removed).
 * EMG_EARG: a sample that is not finite, or NULL; EMG_ERANGE: rate_hz is not above 0. Other members stay. */
EMG_API EMG_MUST_USE emg_status emg_features_time(const double *x, size_t n, double rate_hz,
                                                  const emg_feature_levels *levels, emg_features *features,
                                                  emg_error *err);

/* Sample entropy of n samples (Richman and Moorman 2000): templates of m samples, tolerance `share` of the standard
 * deviation (divisor n). NaN while no two templates of m + 1 samples match. Time grows with n squared.
 * EMG_EARG as above; EMG_ERANGE: m is 0 or share is negative. */
EMG_API EMG_MUST_USE emg_status emg_features_sample_entropy(const double *x, size_t n, size_t m, double share,
                                                            double *out, emg_error *err);

/* The bands, in hertz, over which spectral features are taken; both ends count. */
typedef struct emg_feature_bands {
    double low_hz, high_hz;                 /* the analysis band */
    double fatigue_low_hz, fatigue_high_hz; /* Dimitrov's indices, within the analysis band: 8 to 500 Hz */
} emg_feature_bands;

/* Fills in the features of group FREQUENCY and the ratios after Sinderby from a one-sided density (unit^2 / Hz) of bins
 * 0, step_hz, 2 step_hz, ... A band without a bin, or without power, leaves its features NaN. EMG_EARG: a bin that is
 * negative or not finite, or NULL; EMG_ERANGE: step_hz is not above 0 or the band's ends are the wrong way round. */
EMG_API EMG_MUST_USE emg_status emg_features_spectral(const double *density, size_t n_bins, double step_hz,
                                                      const emg_feature_bands *bands, emg_features *features,
                                                      emg_error *err);

/* Frequencies from low_hz to high_hz. */
typedef struct emg_band {
    double low_hz, high_hz;
} emg_band;

/* Power of a density between two frequencies, each bin's power spread evenly over its width, so that neighbouring bands
 * add up; EMG_EARG and EMG_ERANGE as above. */
EMG_API EMG_MUST_USE emg_status emg_features_band_power(const double *density, size_t n_bins, double step_hz,
                                                        double low_hz, double high_hz, double *out, emg_error *err);

/* A trend over a contraction: a line through points (time, value). */
typedef struct emg_slope {
    size_t n;
    double initial;         /* the line at t = 0 */
    double per_s;           /* slope, in the value's unit per second */
    double percent_per_min; /* slope in percent of `initial` per minute (Merletti, Lo Conte and Orizio 1991) */
} emg_slope;

enum { EMG_SLOPE_MOST = 1024 };

/* Least-squares line, and the line of median slope (Theil 1950, Sen 1968: the median over all pairs of points; then the
 * median of what is left is its value at 0), which a few windows with artefacts do not bend. All NaN with fewer than 3
 * points or a single time. EMG_ERANGE: more than EMG_SLOPE_MOST points; EMG_EARG: one that is not finite; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_features_slope(const double *t_s, const double *y, size_t n,
                                                   emg_slope *least_squares, emg_slope *robust, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
