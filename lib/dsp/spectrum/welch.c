/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Welch's spectra: power, cross spectra and coherence, of a stream of channels and of whole arrays. */
#include <emg/welch.h>

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

enum { PIECE = 512 };

emg_welch_plan emg_welch_defaults(double rate_hz, size_t segment)
{
    return (emg_welch_plan){ rate_hz,         segment, segment / 2,          segment,
                             EMG_WINDOW_HANN, 0,       EMG_DETREND_CONSTANT, EMG_SCALING_DENSITY,
                             EMG_AVERAGE_MEAN };
}

size_t emg_welch_bins(const emg_welch_plan *plan)
{
    return plan ? plan->n_fft / 2 + 1 : 0;
}

emg_status emg_welch_new(emg_welch **out, const emg_welch_plan *plan, size_t n_channels, const emg_welch_pair *pairs,
                         size_t n_pairs, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the spectra");
    return emgp_welch_new(out, plan, n_channels, pairs, n_pairs, false, err);
}

void emg_welch_free(emg_welch *w)
{
    emgp_welch_free(w);
}

emg_status emg_welch_push(emg_welch *w, const double *x, size_t n_frames, emg_error *err)
{
    if (!w)
        return emgp_fail(err, EMG_EARG, "no spectra");
    if (n_frames > 0 &&
        (!emgp_samples_given(x, n_frames, w->n_channels) || !emgp_all_finite(x, n_frames * w->n_channels)))
        return emgp_fail(err, EMG_EARG, "no samples, or one that is not finite");
    emgp_welch_push_double(w, x, n_frames);
    return EMG_OK;
}

void emg_welch_finish(emg_welch *w)
{
    if (w)
        emgp_welch_finish(w);
}

void emg_welch_reset(emg_welch *w)
{
    if (!w)
        return;
    w->held = 0;
    w->n_segments = w->n_taken = 0;
    w->independence.count = w->independence.scatter = 0;
    memset(w->power, 0, w->n_channels * w->plan.n_fft * sizeof *w->power);
    memset(w->cross, 0, w->n_pairs * w->plan.n_fft * 2 * sizeof *w->cross);
}

emg_welch_count emg_welch_counted(const emg_welch *w)
{
    if (!w)
        return (emg_welch_count){ 0, 0 };
    const uint64_t n_segments = w->n_segments + emgp_welch_waits(w);
    emgp_independence counted = w->independence;
    if (w->single)
        return (emg_welch_count){ n_segments, NAN };
    if (emgp_welch_waits(w))
        emgp_independence_add(&counted, w->n_taken);
    return (emg_welch_count){ n_segments, emgp_independence_count(&counted) };
}

/* What every getter asks first: the thing is there, and a segment was. */
static emg_status ready(const emg_welch *w, bool there, const char *what, size_t number, emg_error *err)
{
    if (!there)
        return emgp_fail(err, EMG_EARG, "the spectra have no %s %zu, or there is no place for it", what, number);
    if (w->n_segments == 0 && !emgp_welch_waits(w))
        return emgp_fail(err, EMG_ESHORT, "fewer samples than one segment of %zu", w->plan.segment);
    return EMG_OK;
}

static double scale_of(const emg_welch *w)
{
    return emgp_segment_scale(&w->plan, w->weight, emg_welch_counted(w).n_segments);
}

emg_status emg_welch_psd(const emg_welch *w, size_t channel, double *psd, emg_error *err)
{
    emg_status status = ready(w, w && psd && channel < w->n_channels, "channel", channel, err);
    if (status)
        return status;
    const double *power = emgp_welch_power(w, channel, w->sum), scale = scale_of(w);
    for (size_t i = 0; i < w->n_bins; i++)
        psd[i] = power[i] * (emgp_sides(i, w->plan.n_fft) * scale);
    return EMG_OK;
}

emg_status emg_welch_csd(const emg_welch *w, size_t pair, double *csd, emg_error *err)
{
    emg_status status = ready(w, w && csd && pair < w->n_pairs, "pair", pair, err);
    if (status)
        return status;
    const double *cross = emgp_welch_cross(w, pair, w->sum), scale = scale_of(w);
    for (size_t i = 0; i < 2 * w->n_bins; i++)
        csd[i] = cross[i] * (emgp_sides(i / 2, w->plan.n_fft) * scale);
    return EMG_OK;
}

emg_status emg_welch_coherence(const emg_welch *w, size_t pair, double *coherence, double *phase_rad, emg_error *err)
{
    emg_status status = ready(w, w && pair < w->n_pairs, "pair", pair, err);
    if (status)
        return status;
    const double *x = emgp_welch_power(w, w->pairs[pair].first, w->sum + 2 * w->plan.n_fft);
    const double *y = emgp_welch_power(w, w->pairs[pair].second, w->sum + 3 * w->plan.n_fft);
    const double *cross = emgp_welch_cross(w, pair, w->sum);
    for (size_t i = 0; i < w->n_bins; i++) {
        double scale = sqrt(x[i]) * sqrt(y[i]); /* the roots apart, so that weak powers do not vanish as a product */
        double re = cross[2 * i] / scale, im = cross[2 * i + 1] / scale, squared = re * re + im * im;
        const bool told = scale > 0 && isfinite(scale) && isfinite(squared);
        if (coherence)
            coherence[i] = told ? fmin(squared, 1) : NAN;
        if (phase_rad)
            phase_rad[i] = told ? atan2(im, re) : NAN;
    }
    return EMG_OK;
}

double emg_coherence_level(double n_independent, double alpha)
{
    if (!(alpha >= 0 && alpha <= 1) || isnan(n_independent))
        return NAN;
    return n_independent > 1 ? 1 - pow(alpha, 1 / (n_independent - 1)) : 1;
}

static emg_status check_arrays(const double *x, const double *y, size_t n, bool place, emg_error *err)
{
    if (!emgp_samples_given(x, n, 1) || !emgp_samples_given(y, n, 1))
        return emgp_fail(err, EMG_EARG, "no samples");
    if (!place)
        return emgp_fail(err, EMG_EARG, "no place for the spectrum");
    if (!emgp_all_finite(x, n) || (y != x && !emgp_all_finite(y, n)))
        return emgp_fail(err, EMG_EARG, "a sample is not finite");
    return EMG_OK;
}

static void push_both(emg_welch *w, const double *x, const double *y, size_t n)
{
    double both[2 * PIECE];
    for (size_t m; n > 0; n -= m, x += m, y += m) {
        m = n < PIECE ? n : PIECE;
        for (size_t i = 0; i < m; i++) {
            both[2 * i] = x[i];
            both[2 * i + 1] = y[i];
        }
        emgp_welch_push_double(w, both, m);
    }
}

/* The stream of x, or of x and y as a pair, over all n samples. */
static emg_status run_stream(emg_welch **out, const emg_welch_plan *plan, const double *x, const double *y, size_t n,
                             emg_error *err)
{
    const emg_welch_pair pair = { 0, 1 };
    emg_status status = emg_welch_new(out, plan, y ? 2 : 1, &pair, y ? 1 : 0, err);
    if (status == EMG_OK && y)
        push_both(*out, x, y, n);
    else if (status == EMG_OK)
        emgp_welch_push_double(*out, x, n);
    return status;
}

/* The median of n independent exponential values, over their mean (Allen et al. 2012, appendix B). */
static double median_bias(size_t n)
{
    double bias = 1;
    for (size_t i = 1; i <= (n - 1) / 2; i++)
        bias += 1 / (2 * (double)i + 1) - 1 / (2 * (double)i);
    return bias;
}

/* One segment's conj(X) Y to column `at` of rows: bin after bin, real parts and (parts = 2) imaginary parts. */
static void cross_to_rows(emgp_segment_maker *m, const double *x, const double *y, double *transform, size_t parts,
                          double *rows, size_t at, size_t n_segments)
{
    const size_t n_bins = emg_welch_bins(&m->plan);
    memcpy(transform, emgp_segment_transform(m, x), 2 * n_bins * sizeof *transform);
    const double *a = transform, *b = y == x ? transform : emgp_segment_transform(m, y);
    for (size_t i = 0; i < n_bins; i++, a += 2, b += 2) {
        rows[parts * i * n_segments + at] = a[0] * b[0] + a[1] * b[1];
        if (parts == 2)
            rows[(parts * i + 1) * n_segments + at] = a[0] * b[1] - a[1] * b[0];
    }
}

/* parts = 1: the real part alone, which for y = x is all. */
static emg_status median_over(emgp_segment_maker *m, const double *x, const double *y, size_t n, size_t parts,
                              double *out, emg_welch_count *count, emg_error *err)
{
    const emg_welch_plan *plan = &m->plan;
    if (n < plan->segment)
        return emgp_fail(err, EMG_ESHORT, "fewer samples than one segment of %zu", plan->segment);
    const size_t hop = plan->segment - plan->overlap, n_segments = (n - plan->segment) / hop + 1;
    const size_t n_rows = parts * emg_welch_bins(plan);
    if (n_segments > EMGP_MOST_HELD / n_rows)
        return emgp_fail(err, EMG_ERANGE,
                         "the median over %zu segments holds more than %d numbers; overlap them less, or take the mean",
                         n_segments, EMGP_MOST_HELD);
    emgp_independence independence;
    emg_status status = emgp_independence_start(&independence, plan, m->window, err);
    double *transform = emgp_alloc(emg_welch_bins(plan), 2 * sizeof *transform);
    double *rows = emgp_alloc(n_segments, n_rows * sizeof *rows);
    if (status == EMG_OK && (!transform || !rows))
        status = emgp_fail_memory(err);
    for (size_t s = 0; status == EMG_OK && s < n_segments; s++) {
        cross_to_rows(m, x + s * hop, y + s * hop, transform, parts, rows, s, n_segments);
        emgp_independence_add(&independence, s);
    }
    for (size_t r = 0; status == EMG_OK && r < n_rows; r++)
        out[r] = gsl_stats_median(rows + r * n_segments, 1, n_segments) * emgp_sides(r / parts, plan->n_fft) *
                 m->scale / median_bias(n_segments);
    if (status == EMG_OK && count)
        *count = (emg_welch_count){ n_segments, emgp_independence_count(&independence) };
    emgp_independence_stop(&independence);
    emgp_free(transform);
    emgp_free(rows);
    return status;
}

static emg_status median(const emg_welch_plan *plan, const double *x, const double *y, size_t n, size_t parts,
                         double *out, emg_welch_count *count, emg_error *err)
{
    emgp_segment_maker maker;
    emg_status status = emgp_segment_maker_start(&maker, plan, err);
    if (status == EMG_OK)
        status = median_over(&maker, x, y, n, parts, out, count, err);
    emgp_segment_maker_stop(&maker);
    return status;
}

/* The spectrum of x where y is NULL, else the cross spectrum of both. */
static emg_status spectrum_of(const emg_welch_plan *plan, const double *x, const double *y, size_t n, double *out,
                              emg_welch_count *count, emg_error *err)
{
    if (plan && plan->average == EMG_AVERAGE_MEDIAN)
        return median(plan, x, y ? y : x, n, y ? 2 : 1, out, count, err);
    emg_welch *w = NULL;
    emg_status status = run_stream(&w, plan, x, y, n, err);
    if (status == EMG_OK)
        status = y ? emg_welch_csd(w, 0, out, err) : emg_welch_psd(w, 0, out, err);
    if (status == EMG_OK && count)
        *count = emg_welch_counted(w);
    emg_welch_free(w);
    return status;
}

emg_status emg_psd(const emg_welch_plan *plan, const double *x, size_t n, double *psd, emg_welch_count *count,
                   emg_error *err)
{
    emg_status status = check_arrays(x, x, n, psd, err);
    return status ? status : spectrum_of(plan, x, NULL, n, psd, count, err);
}

emg_status emg_csd(const emg_welch_plan *plan, const double *x, const double *y, size_t n, double *csd,
                   emg_welch_count *count, emg_error *err)
{
    emg_status status = check_arrays(x, y, n, csd, err);
    return status ? status : spectrum_of(plan, x, y, n, csd, count, err);
}

emg_status emg_coherence(const emg_welch_plan *plan, const double *x, const double *y, size_t n, double *coherence,
                         double *phase_rad, emg_welch_count *count, emg_error *err)
{
    emg_status status = check_arrays(x, y, n, coherence || phase_rad, err);
    emg_welch *w = NULL;
    if (status == EMG_OK)
        status = run_stream(&w, plan, x, y, n, err);
    if (status == EMG_OK)
        status = emg_welch_coherence(w, 0, coherence, phase_rad, err);
    if (status == EMG_OK && count)
        *count = emg_welch_counted(w);
    emg_welch_free(w);
    return status;
}
