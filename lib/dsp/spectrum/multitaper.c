/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Multitaper spectra: one window of samples under several tapers, joined with fixed or adaptive weights. */
#include <emg/multitaper.h>

#include <math.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

enum { MOST_TURNS = 200 };
static const double SETTLED = 1e-12;

struct emg_multitaper {
    emg_multitaper_plan plan;
    size_t n_bins;
    double *tapers;  /* n_tapers x n */
    double *ratios;  /* n_tapers */
    double *flat;    /* n: the samples less their trend */
    double *spectra; /* n_tapers x n_bins of |X|^2 */
    emgp_fft *fft;
};

emg_multitaper_plan emg_multitaper_defaults(double rate_hz, size_t n)
{
    emg_multitaper_plan plan = { rate_hz, n, 4, 7, n, EMG_DETREND_CONSTANT, EMG_TAPERS_EIGENVALUE };
    if (n < 10) {
        plan.half_bandwidth = (double)n / 3;
        plan.n_tapers = 1;
    }
    return plan;
}

static emg_status check_plan(const emg_multitaper_plan *p, emg_error *err)
{
    if (!p)
        return emgp_fail(err, EMG_EARG, "no plan of a multitaper spectrum");
    if (emgp_check_rate(p->rate_hz, err))
        return EMG_ERANGE;
    if (p->n < 1 || p->n > EMGP_MOST_TAPER)
        return emgp_fail(err, EMG_ERANGE, "a window of %zu samples is not within 1 to %d", p->n, EMGP_MOST_TAPER);
    if (p->n_tapers < 1 || p->n_tapers > p->n)
        return emgp_fail(err, EMG_ERANGE, "%zu tapers are not within 1 to %zu", p->n_tapers, p->n);
    if (p->n_fft < p->n || p->n_fft > EMGP_MOST_SEGMENT)
        return emgp_fail(err, EMG_ERANGE, "a transform of %zu samples is not within the window's %zu to %d", p->n_fft,
                         p->n, EMGP_MOST_SEGMENT);
    if ((int)p->detrend < EMG_DETREND_NONE || p->detrend > EMG_DETREND_LINEAR)
        return emgp_fail(err, EMG_ERANGE, "no trend has the number %d", (int)p->detrend);
    if ((int)p->weights < EMG_TAPERS_EIGENVALUE || p->weights > EMG_TAPERS_ADAPTIVE)
        return emgp_fail(err, EMG_ERANGE, "no weights have the number %d", (int)p->weights);
    if (p->n_tapers > EMGP_MOST_HELD / (p->n + p->n_fft / 2 + 1))
        return emgp_fail(err, EMG_ERANGE, "%zu tapers of %zu samples with their spectra hold more than %d numbers",
                         p->n_tapers, p->n, EMGP_MOST_HELD);
    return EMG_OK;
}

static emg_status prepare(emg_multitaper *m, emg_error *err)
{
    const emg_multitaper_plan *p = &m->plan;
    m->n_bins = p->n_fft / 2 + 1;
    m->tapers = emgp_alloc(p->n_tapers, p->n * sizeof *m->tapers);
    m->ratios = emgp_alloc(p->n_tapers, sizeof *m->ratios);
    m->flat = emgp_alloc(p->n, sizeof *m->flat);
    m->spectra = emgp_alloc(p->n_tapers, m->n_bins * sizeof *m->spectra);
    if (!m->tapers || !m->ratios || !m->flat || !m->spectra)
        return emgp_fail_memory(err);
    emg_status status =
        emg_window_dpss(p->n, p->half_bandwidth, p->n_tapers, EMG_WINDOW_PERIODIC, m->tapers, m->ratios, err);
    return status ? status : emgp_fft_new(&m->fft, EMGP_FFT_REAL, p->n_fft, false, err);
}

emg_status emg_multitaper_new(emg_multitaper **out, const emg_multitaper_plan *plan, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the spectrum");
    *out = NULL;
    emg_status status = check_plan(plan, err);
    if (status)
        return status;
    emg_multitaper *m = emgp_alloc(1, sizeof *m);
    if (!m)
        return emgp_fail_memory(err);
    m->plan = *plan;
    status = prepare(m, err);
    if (status) {
        emg_multitaper_free(m);
        return status;
    }
    *out = m;
    return EMG_OK;
}

void emg_multitaper_free(emg_multitaper *m)
{
    if (!m)
        return;
    emgp_free(m->tapers);
    emgp_free(m->ratios);
    emgp_free(m->flat);
    emgp_free(m->spectra);
    emgp_fft_free(m->fft);
    emgp_free(m);
}

/* |X|^2 of the samples under every taper. */
static void transform_all(emg_multitaper *m)
{
    double *in = m->fft->in; /* zeros behind the samples stay from when it was made */
    for (size_t k = 0; k < m->plan.n_tapers; k++) {
        const double *taper = m->tapers + k * m->plan.n;
        for (size_t i = 0; i < m->plan.n; i++)
            in[i] = m->flat[i] * taper[i];
        emgp_fft_run(m->fft);
        const double *z = m->fft->out;
        double *power = m->spectra + k * m->n_bins;
        for (size_t i = 0; i < m->n_bins; i++, z += 2)
            power[i] = z[0] * z[0] + z[1] * z[1];
    }
}

/* One bin's spectra joined; with `s` above 0 weighted by what each taper is worth at that power. */
static double join(const emg_multitaper *m, size_t bin, size_t n_tapers, double s, double variance)
{
    double sum = 0, weights = 0;
    for (size_t k = 0; k < n_tapers; k++) {
        const double ratio = m->ratios[k];
        double weight = ratio;
        if (s > 0) {
            double worth = s / (ratio * s + (1 - ratio) * variance);
            weight *= worth * worth;
        }
        sum += weight * m->spectra[k * m->n_bins + bin];
        weights += weight;
    }
    return weights > 0 ? sum / weights : 0;
}

static double join_adaptively(const emg_multitaper *m, size_t bin, double variance)
{
    double s = join(m, bin, m->plan.n_tapers < 2 ? m->plan.n_tapers : 2, 0, variance);
    for (int turn = 0; turn < MOST_TURNS && s > 0; turn++) {
        double next = join(m, bin, m->plan.n_tapers, s, variance);
        bool settled = fabs(next - s) <= SETTLED * next;
        s = next;
        if (settled)
            break;
    }
    return s;
}

emg_status emg_multitaper_psd(emg_multitaper *m, const double *x, double *psd, emg_error *err)
{
    if (!m || !x || !psd || !emgp_all_finite(x, m->plan.n))
        return emgp_fail(err, EMG_EARG, "no samples, one that is not finite, or no place for the spectrum");
    emgp_detrend(x, m->plan.n, m->plan.detrend, m->flat);
    double variance = 0;
    for (size_t i = 0; i < m->plan.n; i++)
        variance += m->flat[i] * m->flat[i] / (double)m->plan.n;
    transform_all(m);
    for (size_t i = 0; i < m->n_bins; i++) {
        double s = m->plan.weights == EMG_TAPERS_ADAPTIVE ? join_adaptively(m, i, variance)
                                                          : join(m, i, m->plan.n_tapers, 0, variance);
        psd[i] = s * emgp_sides(i, m->plan.n_fft) / m->plan.rate_hz;
    }
    return EMG_OK;
}
