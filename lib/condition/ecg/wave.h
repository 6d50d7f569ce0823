/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wave of a beat: learned from some beats, fitted to one, kept up to date. */
#ifndef EMGP_HEART_WAVE_H
#define EMGP_HEART_WAVE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct emgp_heart_wave {
    double *mean;   /* n samples, zero at both ends, peak at [peak]: as learned */
    double *x;      /* the same with the learned beats' noise smoothed out: what is fitted and removed */
    size_t n, peak; /* n may be less than what was allocated */
    size_t taper;   /* samples over which the ends fall to zero (20 ms) */
    size_t smooth;  /* half width of the smoothing, samples (2.5 ms) */
    double learned; /* beats that it is worth */
    size_t kept;    /* beats taken into the mean */
    double highest, lowest;
} emgp_heart_wave;

/* How a wave lies in n samples whose index [peak] is where it is expected. */
typedef struct emgp_heart_fit {
    double gain, shift; /* x(t) = gain * wave(t - shift) + rest */
    double explained;   /* share of the energy above the noise's near the peak that the wave takes away */
} emgp_heart_fit;

enum { EMGP_HEART_ROWS = 24 };

/* Room for a fit and a shifted wave of up to n samples. */
typedef struct emgp_heart_scratch {
    double *rows;                            /* EMGP_HEART_ROWS x n */
    double *shifted, *slope, *rest, *sorted; /* n each */
    size_t n;
} emgp_heart_scratch;

bool emgp_heart_scratch_make(emgp_heart_scratch *scratch, size_t n);
void emgp_heart_scratch_free(emgp_heart_scratch *scratch);

/* out(t) = x(from + t - shift) for t < count, by cubic interpolation; x is zero outside its n samples. */
void emgp_heart_shift(const double *x, size_t n, double shift, size_t from, size_t count, double *out);

/* The median of n_rows aligned stretches in scratch->rows (wave->n each) becomes the wave; then each is fitted, moved and
 * scaled, and the median taken again, twice. sigma: of the noise. fits: of each row, as last found. */
void emgp_heart_learn(emgp_heart_wave *wave, size_t n_rows, double sigma, emgp_heart_scratch *scratch,
                      emgp_heart_fit *fits);

/* Fits by weighted least squares, weights falling with the rest (bisquare), so that what else is there bends nothing;
 * the gain is held to usual_gain as its precision demands, at most a quarter off. most_shift in samples. */
emgp_heart_fit emgp_heart_fit_to(const emgp_heart_wave *wave, const double *x, double usual_gain, double most_shift,
                                 double sigma, emgp_heart_scratch *scratch);

/* Takes a fitted beat into the running mean, each sample by at most three sigma. */
void emgp_heart_keep(emgp_heart_wave *wave, const double *x, const emgp_heart_fit *fit, double sigma,
                     emgp_heart_scratch *scratch);

void emgp_heart_scale(emgp_heart_wave *wave, double factor);

#endif
