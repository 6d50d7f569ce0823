/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a channel's envelope for its rhythm, twice: by the first peak of its autocorrelation, by the peak of its spectrum. */
#include <math.h>

#include "channel.h"

/* The envelope, 100 values a second: the mean magnitude of each hundredth. */
static size_t envelope_of(double *x, size_t n, double rate_hz)
{
    size_t width = (size_t)(rate_hz / 100), m = n / width;
    for (size_t i = 0; i < m; i++) {
        double sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += fabs(x[i * width + j]);
        x[i] = sum / (double)width;
    }
    return m;
}

static emg_status by_autocorrelation(const double *y, size_t n, emg_error *err)
{
    double r[64];  /* lags up to 0.63 s */
    size_t at = 8; /* 12.5 Hz */
    emg_peak peak;
    emg_status status = emg_autocorrelation(y, n, 64, EMG_DETREND_CONSTANT, EMG_LAG_UNBIASED_COEFFICIENT, r, err);
    for (size_t k = 8; status == EMG_OK && k < 63; k++)
        at = r[k] > r[at] ? k : at;
    if (status == EMG_OK)
        status = emg_peak_between(r, 64, at, EMG_PEAK_LINEAR, &peak, err);
    if (status == EMG_OK)
        printf("autocorrelation: %.2f Hz, %.2f of a perfect repetition\n", 100 / peak.position, peak.height);
    return status;
}

static emg_status by_spectrum(const double *y, size_t n, emg_error *err)
{
    emg_welch_plan plan = emg_welch_defaults(100, 400);
    double density[1601 / 2 + 1];
    emg_spectral_peak peak;
    plan.n_fft = 1600; /* zeros added: the parabola through the peak finds it to 1/300 of a bin of the segment */
    emg_status status = emg_psd(&plan, y, n, density, NULL, err);
    if (status == EMG_OK)
        status = emg_spectrum_peak(density, emg_welch_bins(&plan), 100.0 / 1600, 1.5, 15, 3, &peak, err);
    if (status == EMG_OK)
        printf("spectrum:        %.2f Hz, %.1f dB above what surrounds it\n", peak.frequency_hz, peak.prominence_db);
    return status;
}

int main(int argc, char **argv)
{
    emg_error err = EMG_ERROR_NONE;
    size_t n = 0;
    double rate_hz = 0;
    if (argc != 3)
        return fputs("usage: rhythm RECORDING CHANNEL\n", stderr), 2;
    double *x = channel_read(argv[1], argv[2], &n, &rate_hz);
    if (!x)
        return 1;
    n = envelope_of(x, n, rate_hz);
    if (by_autocorrelation(x, n, &err) || by_spectrum(x, n, &err))
        fprintf(stderr, "%s\n", err.text);
    free(x);
    return err.status != EMG_OK;
}
