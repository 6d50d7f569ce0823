/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features of EMG from samples, densities and points: the door where input is checked, over kernels of lib/dsp. */
#include <emg/features.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include <emg/spectrum.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"
#include "analysis/features/features.h"

/* Sinderby's bands and the number of neighbouring bins of a mean density. */
static const double drop_low_hz = 35, drop_high_hz = 600, motion_high_hz = 20;
enum { NEIGHBOURS = 13 };

emg_features emg_features_none(void)
{
    emg_features none;
    double values[sizeof none / sizeof(double)] = { 0 };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        values[i] = NAN;
    memcpy(&none, values, sizeof none);
    return none;
}

static emg_status check_samples(const double *x, size_t n, emg_error *err)
{
    if (!x && n > 0)
        return emgp_fail(err, EMG_EARG, "features of no samples");
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(x[i]) <= DBL_MAX))
            return emgp_fail(err, EMG_EARG, "sample %zu is not finite: such stretches must be left out", i);
    }
    return EMG_OK;
}

/* What overflowed or is not defined is not applicable. */
static double known(double value)
{
    return isfinite(value) ? value : NAN;
}

static double ratio(double over, double under)
{
    return under > 0 ? known(over / under) : NAN;
}

static void put_turns(const double *x, size_t n, double rate_hz, double threshold, emg_features *f)
{
    f->turns_per_s = f->turn_amplitude = NAN;
    if (!(threshold > 0) || n == 0)
        return;
    emgp_turns turns = emgp_waveform_turns(x, n, threshold);
    f->turns_per_s = (double)turns.n * rate_hz / (double)n;
    f->turn_amplitude = ratio(turns.path, (double)turns.n);
}

static void put_counts(const double *x, size_t n, double threshold, emg_features *f)
{
    f->zc = f->ssc = f->wamp = NAN;
    if (!(threshold >= 0) || n == 0)
        return;
    emgp_counts counts = emgp_waveform_counts(x, n, threshold);
    f->zc = (double)counts.crossings;
    f->ssc = (double)counts.slopes;
    f->wamp = (double)counts.steps;
}

emg_status emg_features_time(const double *x, size_t n, double rate_hz, const emg_feature_levels *levels,
                             emg_features *f, emg_error *err)
{
    if (!levels || !f)
        return emgp_fail(err, EMG_EARG, "features without levels or a place for the result");
    if (emgp_check_rate(rate_hz, err))
        return EMG_ERANGE;
    emg_status status = check_samples(x, n, err);
    if (status)
        return status;
    const emgp_sums sums = emgp_waveform_sums(x, n);
    double count = (double)n, none = n > 0 ? 0 : NAN, power = ratio(sums.squares, count);
    f->iemg = known(sums.absolute + none);
    f->mav = ratio(sums.absolute, count);
    f->rms = sqrt(power);
    f->var = ratio(sums.squares, count - 1);
    f->ssi = known(sums.squares + none);
    f->wl = known(sums.path + none);
    f->aac = ratio(sums.path, count);
    f->crest = ratio(sums.largest, f->rms);
    f->tkeo = known(emgp_waveform_energy(x, n));
    f->kurtosis = known(emgp_waveform_kurtosis(x, n));
    f->snr_db = known(10 * log10(ratio(power, levels->rest_power) - 1));
    put_counts(x, n, levels->count_threshold, f);
    put_turns(x, n, rate_hz, levels->turn_threshold, f);
    return EMG_OK;
}

emg_status emg_features_sample_entropy(const double *x, size_t n, size_t m, double share, double *out, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the sample entropy");
    if (m == 0 || !(share >= 0))
        return emgp_fail(err, EMG_ERANGE,
                         "sample entropy needs templates of 1 sample or more and a tolerance of 0 or more");
    emg_status status = check_samples(x, n, err);
    if (status)
        return status;
    *out = known(emgp_waveform_entropy(x, n, m, share * emgp_waveform_deviation(x, n)));
    return EMG_OK;
}

static emg_status check_density(const double *density, size_t n_bins, double step_hz, double low_hz, double high_hz,
                                emg_error *err)
{
    if (!density)
        return emgp_fail(err, EMG_EARG, "features of no density");
    if (!(step_hz > 0) || !isfinite(step_hz) || !(low_hz <= high_hz))
        return emgp_fail(err, EMG_ERANGE, "band %g to %g Hz or bin width %g Hz makes no sense", low_hz, high_hz,
                         step_hz);
    for (size_t i = 0; i < n_bins; i++) {
        if (!(density[i] >= 0 && density[i] <= DBL_MAX))
            return emgp_fail(err, EMG_EARG, "bin %zu of the density is negative or not finite", i);
    }
    return EMG_OK;
}

static void put_moments(const emgp_density *bins, emg_features *f)
{
    double m0 = emgp_density_moment(bins, 0), m2 = emgp_density_moment(bins, 2);
    f->mnp = ratio(m0, (double)(bins->to - bins->from));
    f->sm1 = known(emgp_density_moment(bins, 1));
    f->sm2 = known(m2);
    f->sm3 = known(emgp_density_moment(bins, 3));
    f->vcf = known(emgp_density_central(bins, f->mnf, 2));
    f->bandwidth = sqrt(f->vcf);
    f->skewness = ratio(emgp_density_central(bins, f->mnf, 3), f->vcf * f->bandwidth);
    f->spread_kurtosis = ratio(emgp_density_central(bins, f->mnf, 4), f->vcf * f->vcf);
    f->sef95 = emgp_density_edge(bins, 0.95);
    f->flatness = emgp_density_flatness(bins);
    f->ohm_ratio = ratio(sqrt(ratio(m2, m0)), f->mnf);
}

static void put_fatigue(const emgp_density *bins, emg_features *f)
{
    double *const index[] = { &f->finsm1, &f->finsm2, &f->finsm3, &f->finsm4, &f->finsm5 };
    double inverse = emgp_density_moment(bins, -1);
    for (int k = 1; k <= 5; k++)
        *index[k - 1] = ratio(inverse, emgp_density_moment(bins, k));
}

/* The part of what lies below 20 Hz that exceeds a line from the origin to the highest mean density above 35 Hz. */
static double motion_power(const double *density, size_t n_bins, double step_hz, double low_hz, double peak,
                           double peak_hz)
{
    emgp_density bins = emgp_density_within(density, n_bins, step_hz, low_hz, motion_high_hz);
    double sum = 0;
    for (size_t i = bins.from; i < bins.to; i++)
        sum += fmax(density[i] - peak * (double)i * step_hz / peak_hz, 0) * step_hz;
    return bins.from < bins.to && low_hz < motion_high_hz ? sum : NAN;
}

static void put_ratios(const double *density, size_t n_bins, double step_hz, const emg_feature_bands *bands,
                       emg_features *f)
{
    double low = fmax(bands->low_hz, drop_low_hz), high = fmin(bands->high_hz, drop_high_hz), lowest = NAN, at = NAN;
    emgp_density bins = emgp_density_within(density, n_bins, step_hz, low, high);
    double highest = emgp_density_highest(&bins, NEIGHBOURS, &lowest, &at);
    f->dp_ratio = ratio(highest, lowest);
    emgp_density all = emgp_density_within(density, n_bins, step_hz, bands->low_hz, high);
    f->sm_ratio =
        ratio(emgp_density_moment(&all, 0), motion_power(density, n_bins, step_hz, bands->low_hz, highest, at));
}

emg_status emg_features_spectral(const double *density, size_t n_bins, double step_hz, const emg_feature_bands *bands,
                                 emg_features *f, emg_error *err)
{
    if (!bands || !f)
        return emgp_fail(err, EMG_EARG, "features without bands or a place for the result");
    emg_status status = check_density(density, n_bins, step_hz, bands->low_hz, bands->high_hz, err);
    if (status)
        return status;
    emg_moments m = { NAN, NAN, NAN, NAN, NAN, NAN };
    emgp_density bins = emgp_density_within(density, n_bins, step_hz, bands->low_hz, bands->high_hz);
    bool empty = bins.from >= bins.to;
    if (empty)
        bins.from = bins.to;
    else
        status = emg_spectrum_moments(density, n_bins, step_hz, bands->low_hz, bands->high_hz, &m, err);
    f->ttp = known(m.power);
    f->mnf = m.mean_frequency_hz;
    f->mdf = m.median_frequency_hz;
    f->pkf = m.peak_frequency_hz;
    f->entropy = m.spectral_entropy;
    put_moments(&bins, f);
    if (empty)
        f->sm1 = f->sm2 = f->sm3 = NAN;
    emgp_density fatigue = emgp_density_within(density, n_bins, step_hz, fmax(bands->low_hz, bands->fatigue_low_hz),
                                               fmin(bands->high_hz, bands->fatigue_high_hz));
    put_fatigue(&fatigue, f);
    put_ratios(density, n_bins, step_hz, bands, f);
    return status;
}

emg_status emg_features_band_power(const double *density, size_t n_bins, double step_hz, double low_hz, double high_hz,
                                   double *out, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the power");
    emg_status status = check_density(density, n_bins, step_hz, low_hz, high_hz, err);
    if (status)
        return status;
    double sum = 0;
    for (size_t i = 0; i < n_bins; i++) {
        double from = fmax(((double)i - 0.5) * step_hz, low_hz), to = fmin(((double)i + 0.5) * step_hz, high_hz);
        sum += to > from ? density[i] * (to - from) : 0;
    }
    *out = known(sum);
    return EMG_OK;
}

static emg_slope slope_of(const emgp_line *line, size_t n)
{
    return (emg_slope){ n, known(line->at_zero), known(line->slope),
                        line->at_zero > 0 ? known(100 * 60 * line->slope / line->at_zero) : NAN };
}

emg_status emg_features_slope(const double *t_s, const double *y, size_t n, emg_slope *least_squares, emg_slope *robust,
                              emg_error *err)
{
    if (!least_squares || !robust)
        return emgp_fail(err, EMG_EARG, "no place for the slopes");
    if (n > EMG_SLOPE_MOST)
        return emgp_fail(err, EMG_ERANGE, "%zu points are more than the %d of a slope", n, EMG_SLOPE_MOST);
    emg_status status = check_samples(t_s, n, err);
    if (status == EMG_OK)
        status = check_samples(y, n, err);
    emgp_line lines[2] = { { NAN, NAN }, { NAN, NAN } };
    if (status == EMG_OK && n >= 3)
        status = emgp_trend(t_s, y, n, &lines[0], &lines[1], err);
    if (status)
        return status;
    *least_squares = slope_of(&lines[0], n);
    *robust = slope_of(&lines[1], n);
    return EMG_OK;
}
