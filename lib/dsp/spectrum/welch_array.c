/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Welch's spectra of whole arrays: the stream's means, and medians over segments. */
#include <emg/welch.h>

#include <gsl/gsl_statistics_double.h>
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

static emg_status push_both(emg_welch *w, const double *x, const double *y, size_t n, emg_error *err)
{
    double both[2 * PIECE];
    emg_status status = EMG_OK;
    for (size_t m; status == EMG_OK && n > 0; n -= m, x += m, y += m) {
        m = n < PIECE ? n : PIECE;
        for (size_t i = 0; i < m; i++) {
            both[2 * i] = x[i];
            both[2 * i + 1] = y[i];
        }
        status = emg_welch_push(w, both, m, err);
    }
    return status;
}

/* The stream of x, or of x and y as a pair, over all n samples. */
static emg_status run_stream(emg_welch **out, const emg_welch_plan *plan, const double *x, const double *y, size_t n,
                             emg_error *err)
{
    const emg_welch_pair pair = { 0, 1 };
    emg_status status = emg_welch_new(out, plan, y ? 2 : 1, &pair, y ? 1 : 0, err);
    if (status == EMG_OK)
        status = y ? push_both(*out, x, y, n, err) : emg_welch_push(*out, x, n, err);
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
    emgp_independence independence;
    emg_status status = emgp_independence_start(&independence, m, err);
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
        *count = emgp_independence_count(&independence);
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
