/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean, median and peak frequency, power and entropy of a density over a band. */
#include <emg/spectrum.h>

#include <math.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

static void find_median(const double *p, size_t from, size_t to, double sum, double step_hz, emg_moments *out)
{
    double running = 0;
    for (size_t i = from; i < to; i++) {
        double before = running;
        running += p[i];
        if (running >= sum / 2 && p[i] > 0) {
            out->median_frequency_bin_hz = (double)i * step_hz;
            out->median_frequency_hz = ((double)i - 0.5 + (sum / 2 - before) / p[i]) * step_hz;
            return;
        }
    }
}

static double entropy(const double *p, size_t from, size_t to, double sum)
{
    if (to - from < 2)
        return NAN;
    double h = 0;
    for (size_t i = from; i < to; i++) {
        double share = p[i] / sum;
        if (share > 0)
            h -= share * log2(share);
    }
    return h / log2((double)(to - from));
}

emg_status emg_spectrum_moments(const double *density, size_t n_bins, double step_hz, double low_hz, double high_hz,
                                emg_moments *out, emg_error *err)
{
    if (!density || !out)
        return emgp_fail(err, EMG_EARG, "moments without a density or a place for the result");
    if (!(step_hz > 0) || !isfinite(step_hz) || !(low_hz <= high_hz))
        return emgp_fail(err, EMG_ERANGE, "band %g to %g Hz or bin width %g Hz makes no sense", low_hz, high_hz,
                         step_hz);
    const emgp_density bins = emgp_density_within(density, n_bins, step_hz, low_hz, high_hz);
    const size_t from = bins.from, to = bins.to;
    if (from >= to)
        return emgp_fail(err, EMG_ERANGE, "no spectral bin lies within %g to %g Hz", low_hz, high_hz);

    double sum = 0, first_moment = 0;
    size_t peak = from;
    for (size_t i = from; i < to; i++) {
        sum += density[i];
        first_moment += density[i] * (double)i;
        if (density[i] > density[peak])
            peak = i;
    }
    emg_moments m = { sum * step_hz, NAN, NAN, NAN, NAN, NAN };
    if (sum > 0 && isfinite(sum)) {
        m.mean_frequency_hz = first_moment / sum * step_hz;
        m.peak_frequency_hz = (double)peak * step_hz;
        find_median(density, from, to, sum, step_hz, &m);
        m.spectral_entropy = entropy(density, from, to, sum);
    }
    *out = m;
    return EMG_OK;
}
