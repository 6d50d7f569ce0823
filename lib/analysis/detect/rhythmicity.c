/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Autocorrelation of the logarithm of the envelope in 3 s windows: clonus and tremor stand out of chance trains. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { MOST_STEPS = 512 };
static const double window_s = 3, longest_lag_s = 1.2;
/* Mean squares below this many sigma^2 count as silence, so that the noise's own unrest does not blur the pauses. */
static const double floor_sigmas = 2;

/* log2 for ranking only (error below 0.01): exponent and a parabola through the mantissa; the same on every machine. */
static float rough_log2(float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    int exponent = (int)(bits >> 23) - 127;
    bits = (bits & 0x7FFFFFu) | 0x3F800000u;
    float m;
    memcpy(&m, &bits, sizeof m);
    return (float)exponent + (-0.33582878f * m + 2.0f) * m - 1.65871022f;
}

/* r(lag) over the overlapping part, normalised by the window's variance. */
static float correlation(const float *v, size_t n, size_t lag, float variance)
{
    float sum[4] = { 0, 0, 0, 0 };
    size_t m = n - lag, i = 0;
    for (; i + 4 <= m; i += 4)
        for (size_t k = 0; k < 4; k++)
            sum[k] += v[i + k] * v[i + k + lag];
    for (; i < m; i++)
        sum[0] += v[i] * v[i + lag];
    return (sum[0] + sum[1] + sum[2] + sum[3]) / (float)m / variance;
}

static emgp_rhythmicity first_peak(const float *v, size_t n, double step_s, float variance)
{
    emgp_rhythmicity none = { 0, NAN }, best = none;
    size_t longest = (size_t)(longest_lag_s / step_s);
    if (longest > n / 2)
        longest = n / 2;
    float before = 1, here = correlation(v, n, 1, variance);
    bool trough = false;
    for (size_t lag = 1; lag < longest; lag++) {
        float after = correlation(v, n, lag + 1, variance);
        trough = trough || (here < before && here <= after && here < 0.3f);
        if (trough && here > before && here >= after && here > best.height) {
            float bend = before - 2 * here + after;
            float shift = bend < 0 ? 0.5f * (before - after) / bend : 0;
            if (best.height > 0 && here < best.height * 1.4f)
                return best; /* a later peak must be clearly higher than the first */
            best.height = here;
            best.lag_s = (float)(((double)lag + (double)shift) * step_s);
        }
        before = here;
        here = after;
    }
    return best;
}

/* Three steps weighted 1 2 1: 20 ms, short against the beats of 18 Hz. */
static float smoothed(const float *x, size_t i, size_t n)
{
    float before = x[i > 0 ? i - 1 : i], after = x[i + 1 < n ? i + 1 : i];
    return 0.25f * before + 0.5f * x[i] + 0.25f * after;
}

emgp_rhythmicity emgp_rhythmicity_at(const emgp_page *page, size_t bin)
{
    enum { BINS_PER_STEP = 4 };
    emgp_rhythmicity none = { 0, NAN };
    double step_s = (double)(page->bin * BINS_PER_STEP) / page->rate_hz;
    size_t n = (size_t)(window_s / step_s), centre = page->envelope_first + bin / BINS_PER_STEP;
    if (n > MOST_STEPS)
        n = MOST_STEPS;
    if (n > page->n_envelope)
        n = page->n_envelope;
    size_t from = centre > n / 2 ? centre - n / 2 : 0;
    if (from + n > page->n_envelope)
        from = page->n_envelope - n;
    float floor_level = (float)(floor_sigmas * page->sigma * page->sigma), v[MOST_STEPS], mean = 0, variance = 0;
    if (!(floor_level > 0) || n < 16)
        return none;
    for (size_t i = 0; i < n; i++) {
        float e = smoothed(page->envelope, from + i, page->n_envelope);
        v[i] = rough_log2(e > floor_level ? e : floor_level);
        mean += v[i];
    }
    mean /= (float)n;
    for (size_t i = 0; i < n; i++) {
        v[i] -= mean;
        variance += v[i] * v[i];
    }
    variance /= (float)n;
    return variance > 0 ? first_peak(v, n, step_s, variance) : none;
}
