/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test signals from a seed, and a stage's output gathered in memory. */
#ifndef DSP_SIGNAL_H
#define DSP_SIGNAL_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define TEST_PI 3.14159265358979323846

/* Uniform in [0, 1); the generator of tests/dsp/filter/oracle.py. */
static inline double signal_uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

/* Nearly Gaussian, sigma 1. */
static inline double signal_noise(uint64_t *state)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += signal_uniform(state);
    return sum - 6;
}

/* Gaussian, sigma 1 (Box and Muller 1958). */
static inline double signal_gaussian(uint64_t *state)
{
    double radius = sqrt(-2 * log(1 - signal_uniform(state)));
    return radius * cos(2 * TEST_PI * signal_uniform(state));
}

/* cmocka compares floats in single precision; this is for doubles. */
#define assert_near(a, b, tolerance)                                                                                   \
    do {                                                                                                               \
        double near_a = (a), near_b = (b), near_t = (tolerance);                                                       \
        if (!(fabs(near_a - near_b) <= near_t))                                                                        \
            fail_msg("%s = %.12g, expected %.12g within %g", #a, near_a, near_b, near_t);                              \
    } while (0)

/* An array of n doubles that ends the test when memory is out. */
static inline double *signal_new(size_t n)
{
    double *x = calloc(n ? n : 1, sizeof *x);
    if (!x)
        abort();
    return x;
}

typedef struct gathered {
    float *x;
    size_t n_channels, n_frames, room;
    emg_status answer; /* what to return */
} gathered;

/* An emgp_frames function. */
static inline emg_status gather(void *context, const float *x, size_t n_frames, emg_error *err)
{
    gathered *g = context;
    (void)err;
    if (g->n_frames + n_frames > g->room) {
        g->room = (g->n_frames + n_frames) * 2;
        g->x = realloc(g->x, g->room * g->n_channels * sizeof *g->x);
        if (!g->x)
            abort();
    }
    memcpy(g->x + g->n_frames * g->n_channels, x, n_frames * g->n_channels * sizeof *x);
    g->n_frames += n_frames;
    return g->answer;
}

/* An emg_take_frames function: the samples as floats. */
static inline emg_status gather_narrowed(void *context, const double *x, size_t n_frames, emg_error *err)
{
    gathered *g = context;
    emg_status status = EMG_OK;
    for (size_t i = 0; i < n_frames && status == EMG_OK; i++) {
        float frame[64];
        for (size_t channel = 0; channel < g->n_channels; channel++)
            frame[channel] = (float)x[i * g->n_channels + channel];
        status = gather(g, frame, 1, err);
    }
    return status;
}

/* n floats as doubles, to be freed. */
static inline double *signal_widened(const float *x, size_t n)
{
    double *y = signal_new(n);
    for (size_t i = 0; i < n; i++)
        y[i] = (double)x[i];
    return y;
}

#endif
