/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discrete Fourier transforms with buffers of their own: what every spectrum and every fast convolution is made of. */
#ifndef EMGP_SPECTRUM_H
#define EMGP_SPECTRUM_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/spectrum.h>
#include <emg/status.h>

/* None is scaled: a transform and its way back give n times what went in. Complex numbers lie as re, im. */
typedef enum emgp_fft_kind {
    EMGP_FFT_FORWARD,  /* n complex to n complex, exp(-i...) */
    EMGP_FFT_BACKWARD, /* n complex to n complex, exp(+i...) */
    EMGP_FFT_REAL,     /* n real to n / 2 + 1 complex */
    EMGP_FFT_REAL_BACK /* n / 2 + 1 complex to n real; destroys its input */
} emgp_fft_kind;

/* One transform, made once and run often; FFTW_ESTIMATE, so that its bits do not depend on timing. */
typedef struct emgp_fft {
    size_t n;
    bool single;    /* buffers of float, else of double */
    void *in, *out; /* 64-byte aligned, zeroed when made; the caller fills `in` before each run */
    void *plan;
} emgp_fft;

/* n 1 to 2^27. EMG_ERANGE, EMG_ENOMEM (FFTW itself ends the process when it finds no memory for its small tables);
 * *out is NULL on failure. */
emg_status emgp_fft_new(emgp_fft **out, emgp_fft_kind kind, size_t n, bool single, emg_error *err);
void emgp_fft_run(emgp_fft *fft);
void emgp_fft_free(emgp_fft *fft);

/* The least n that has no prime factor above 5 and is at least `least`: a length whose transform is quick. */
size_t emgp_fft_length(size_t least);

#endif
