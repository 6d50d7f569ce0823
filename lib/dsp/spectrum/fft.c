/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transforms; the only file that knows FFTW, and the mutex round its planner. */
#include "dsp/spectrum/spectrum.h"

#include <fftw3.h>
#include <pthread.h>
#include <string.h>

#include "base/base.h"

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

void emg_fftw_lock(void)
{
    pthread_mutex_lock(&planner);
}

void emg_fftw_unlock(void)
{
    pthread_mutex_unlock(&planner);
}

static void *plan_double(emgp_fft_kind kind, int n, void *in, void *out)
{
    switch (kind) {
    case EMGP_FFT_REAL:
        return fftw_plan_dft_r2c_1d(n, in, out, FFTW_ESTIMATE);
    case EMGP_FFT_REAL_BACK:
        return fftw_plan_dft_c2r_1d(n, in, out, FFTW_ESTIMATE);
    default:
        return fftw_plan_dft_1d(n, in, out, kind == EMGP_FFT_FORWARD ? FFTW_FORWARD : FFTW_BACKWARD, FFTW_ESTIMATE);
    }
}

static void *plan_single(emgp_fft_kind kind, int n, void *in, void *out)
{
    switch (kind) {
    case EMGP_FFT_REAL:
        return fftwf_plan_dft_r2c_1d(n, in, out, FFTW_ESTIMATE);
    case EMGP_FFT_REAL_BACK:
        return fftwf_plan_dft_c2r_1d(n, in, out, FFTW_ESTIMATE);
    default:
        return fftwf_plan_dft_1d(n, in, out, kind == EMGP_FFT_FORWARD ? FFTW_FORWARD : FFTW_BACKWARD, FFTW_ESTIMATE);
    }
}

emg_status emgp_fft_new(emgp_fft **out, emgp_fft_kind kind, size_t n, bool single, emg_error *err)
{
    *out = NULL;
    if (n < 1 || n > EMGP_MOST_TRANSFORM)
        return emgp_fail(err, EMG_ERANGE, "a transform of %zu samples is not within 1 to %d", n, EMGP_MOST_TRANSFORM);
    emgp_fft *f = emgp_alloc(1, sizeof *f);
    if (!f)
        return emgp_fail_memory(err);
    size_t half = 2 * (n / 2 + 1), size = single ? sizeof(float) : sizeof(double);
    f->n = n;
    f->single = single;
    f->in = emgp_alloc(kind == EMGP_FFT_REAL ? n : kind == EMGP_FFT_REAL_BACK ? half : 2 * n, size);
    f->out = emgp_alloc(kind == EMGP_FFT_REAL_BACK ? n : kind == EMGP_FFT_REAL ? half : 2 * n, size);
    if (f->in && f->out) {
        emg_fftw_lock();
        f->plan = single ? plan_single(kind, (int)n, f->in, f->out) : plan_double(kind, (int)n, f->in, f->out);
        emg_fftw_unlock();
    }
    if (!f->plan) {
        emgp_fft_free(f);
        return emgp_fail_memory(err);
    }
    *out = f;
    return EMG_OK;
}

void emgp_fft_run(emgp_fft *f)
{
    if (f->single)
        fftwf_execute(f->plan);
    else
        fftw_execute(f->plan);
}

void emgp_fft_free(emgp_fft *f)
{
    if (!f)
        return;
    emg_fftw_lock();
    if (f->plan && f->single)
        fftwf_destroy_plan(f->plan);
    else if (f->plan)
        fftw_destroy_plan(f->plan);
    emg_fftw_unlock();
    emgp_free(f->in);
    emgp_free(f->out);
    emgp_free(f);
}

size_t emgp_fft_length(size_t least)
{
    for (size_t n = least > 1 ? least : 1;; n++) {
        size_t left = n;
        static const size_t primes[] = { 2, 3, 5 };
        for (size_t i = 0; i < sizeof primes / sizeof *primes; i++)
            while (left % primes[i] == 0)
                left /= primes[i];
        if (left == 1)
            return n;
    }
}

/* The power spectrum's transform back; zeros behind the samples keep far ends from meeting. */
emg_status emgp_lag_sums(const double *x, size_t n, size_t n_lags, double *sums, emg_error *err)
{
    const size_t length = emgp_fft_length(n + n_lags - 1);
    emgp_fft *there = NULL, *back = NULL;
    emg_status status = emgp_fft_new(&there, EMGP_FFT_REAL, length, false, err);
    if (status == EMG_OK)
        status = emgp_fft_new(&back, EMGP_FFT_REAL_BACK, length, false, err);
    if (status == EMG_OK) {
        memcpy(there->in, x, n * sizeof *x);
        emgp_fft_run(there);
        const double *z = there->out;
        double *power = back->in;
        for (size_t i = 0; i <= length / 2; i++) {
            power[2 * i] = z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1];
            power[2 * i + 1] = 0;
        }
        emgp_fft_run(back);
        const double *r = back->out;
        for (size_t k = 0; k < n_lags; k++)
            sums[k] = r[k] / (double)length;
    }
    emgp_fft_free(there);
    emgp_fft_free(back);
    return status;
}
