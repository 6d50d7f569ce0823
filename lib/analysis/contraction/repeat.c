/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a waveform itself repeats 105 to 350 times a second, as the discharges of neuromyotonia do. */
#include "analysis/contraction/contraction.h"

#include <math.h>

#include "dsp/kernels/kernels.h"

/* Windows of 12 ms, 6 ms apart, are compared with what follows them by 2.85 to 9.5 ms; those with less than a quarter of the
 * largest one's energy are left out. Potentials repeat above 110 Hz too, hum and a deep muscle's slow waves do not (ours). */
static const double window_s = 0.012, step_s = 0.006, least_lag_s = 0.00285, most_lag_s = 0.0095;
static const double least_energy = 0.25, high_pass_s = 0.0055, least_rate_hz = 1900;

/* What the surroundings do slowly is taken off: the mean over high_pass_s. */
static void take_off_slow(float *x, float *y, size_t n, double rate_hz)
{
    const size_t half = (size_t)(high_pass_s / 2 * rate_hz);
    double sum = 0;
    for (size_t i = 0; i < half && i < n; i++)
        sum += (double)x[i];
    for (size_t i = 0; i < n; i++) {
        sum += i + half < n ? (double)x[i + half] : 0;
        sum -= i > half ? (double)x[i - half - 1] : 0;
        y[i] = x[i] - (float)(sum / (double)(2 * half + 1));
    }
}

double emgp_product(const float *x, const float *y, size_t n)
{
    float lane[8] = { 0 };
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t k = 0; k < 8; k++)
            lane[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        lane[0] += x[i] * y[i];
    return (double)(((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7])));
}

/* The largest .5 (r(L) + r(2 L)) at a true maximum of r, less what r(L / 2) has above 0. */
static double window_score(const emgp_lanes *set, const float *x, size_t n, size_t low, size_t high)
{
    enum { MOST_LAGS = 152 }; /* of 8000 a second */
    float product[MOST_LAGS + 1];
    double r[MOST_LAGS + 1] = { 0 }, best = 0;
    const size_t n_lags = 2 * high + 1;
    set->lags_float(x, n, x, n + 2 * high, n_lags, product);
    const double energy = (double)product[0];
    double moved = energy;
    for (size_t k = 0; k < n_lags; k++) {
        r[k] = (double)product[k] / sqrt(energy * (moved > energy / 4 ? moved : energy / 4));
        moved += (double)x[k + n] * (double)x[k + n] - (double)x[k] * (double)x[k];
    }
    for (size_t k = low; k < high; k++)
        if (r[k] >= r[k - 1] && r[k] > r[k + 1])
            best = fmax(best, (r[k] + r[2 * k]) / 2 - fmax(r[k / 2], 0));
    return best;
}

double emgp_repeat_of(float *x, float *room, size_t n, double rate_hz)
{
    const size_t window = (size_t)(window_s * rate_hz), step = (size_t)(step_s * rate_hz);
    const size_t low = (size_t)(least_lag_s * rate_hz), high = (size_t)(most_lag_s * rate_hz);
    const emgp_lanes *set = emgp_lanes_for(EMGP_LAG_BYTES / sizeof(float));
    double most = 0, sum = 0;
    size_t count = 0;
    if (rate_hz < least_rate_hz || n < window + 2 * high + 1)
        return 0;
    take_off_slow(x, room, n, rate_hz);
    for (size_t i = 0; i + window + 2 * high < n; i += step)
        most = fmax(most, emgp_product(room + i, room + i, window));
    for (size_t i = 0; most > 0 && i + window + 2 * high < n; i += step)
        if (emgp_product(room + i, room + i, window) >= least_energy * most) {
            sum += window_score(set, room + i, window, low, high);
            count++;
        }
    return count > 0 ? sum / (double)count : 0;
}
