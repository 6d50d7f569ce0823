/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows: sums of cosines, and Kaiser's. */
#include <emg/window.h>

#include <gsl/gsl_sf_bessel.h>
#include <math.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

enum { MOST_BETA = 700, MOST_TERMS = 5 };

/* a0 - a1 cos + a2 cos 2 - ...; the boxcar is its first term alone. */
static const double terms[EMG_WINDOW_KAISER][MOST_TERMS] = {
    [EMG_WINDOW_BOXCAR] = { 1 },
    [EMG_WINDOW_HANN] = { 0.5, 0.5 },
    [EMG_WINDOW_HAMMING] = { 0.54, 0.46 },
    [EMG_WINDOW_BLACKMAN] = { 0.42, 0.50, 0.08 },
    [EMG_WINDOW_BLACKMANHARRIS] = { 0.35875, 0.48829, 0.14128, 0.01168 },
    [EMG_WINDOW_FLATTOP] = { 0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368 },
};

/* Counted from the middle, where every cosine is 1, so that both halves are the same to the last bit. */
static double cosine_sum(const double *a, double from_middle)
{
    double sum = 0;
    for (int k = 0; k < MOST_TERMS && a[k] != 0; k++)
        sum += a[k] * cos(2 * PI * k * from_middle);
    return sum;
}

/* Scaled Bessel functions keep large beta from overflowing. */
double emgp_window_kaiser(double beta, double u)
{
    double at = beta * sqrt(fmax(0, 1 - u * u));
    return gsl_sf_bessel_I0_scaled(at) / gsl_sf_bessel_I0_scaled(beta) * exp(at - beta);
}

emg_status emg_window_values(emg_window_kind kind, double beta, emg_window_ends ends, size_t n, double *values,
                             emg_error *err)
{
    if (!values)
        return emgp_fail(err, EMG_EARG, "no place for the window");
    if ((int)kind < EMG_WINDOW_BOXCAR || kind > EMG_WINDOW_KAISER)
        return emgp_fail(err, EMG_ERANGE, "no window has the number %d", (int)kind);
    if (n < 1 || n > EMGP_MOST_TRANSFORM)
        return emgp_fail(err, EMG_ERANGE, "a window of %zu values is not within 1 to %d", n, EMGP_MOST_TRANSFORM);
    if (kind == EMG_WINDOW_KAISER && !(beta >= 0 && beta <= MOST_BETA))
        return emgp_fail(err, EMG_ERANGE, "a Kaiser window's beta of %g is not within 0 to %d", beta, MOST_BETA);
    if (n == 1) {
        values[0] = 1;
        return EMG_OK;
    }
    double span = (double)(ends == EMG_WINDOW_PERIODIC ? n : n - 1);
    for (size_t i = 0; i < n; i++) {
        double from_middle = ((double)i - span / 2) / span;
        values[i] = kind == EMG_WINDOW_KAISER ? emgp_window_kaiser(beta, 2 * from_middle)
                                              : cosine_sum(terms[kind], from_middle);
    }
    return EMG_OK;
}
