/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long odd-symmetric filter turns each wave by a quarter; the signal waits for what comes out of it. */
#include "dsp/envelope/envelope.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "dsp/filter/filter.h"
#include "dsp/spectrum/spectrum.h"

/* The gain steps from -1 to 1 at 0 Hz (and back at half the rate), twice a step of 1: 6 dB more for a ripple of 1e-6. */
static const double attenuation_db = 126;
enum { MOST_HALF = 1 << 19, PIECE = 512 };

struct emgp_hilbert {
    size_t n_channels;
    emgp_convolve *quarter; /* turns by a quarter */
    emg_take_frames *take;
    void *context;
    double *waiting; /* frames whose turned ones have not come yet */
    size_t n_waiting, most;
};

/* Kaiser 1974: taps less one = (A - 7.95) / (2.285 x width of the step in radians); here one side of the middle. */
static double half_length(double lowest_hz, double rate_hz)
{
    const double width = 2 * PI * 2 * lowest_hz / rate_hz;
    return ceil((attenuation_db - 7.95) / 2.285 / width / 2);
}

static void fill_taps(double *taps, size_t half)
{
    const double beta = 0.1102 * (attenuation_db - 8.7);
    memset(taps, 0, (2 * half + 1) * sizeof *taps);
    for (size_t k = 1; k <= half; k += 2) {
        const double tap = 2 / (PI * (double)k) * emgp_window_kaiser(beta, (double)k / (double)half);
        taps[half + k] = tap;
        taps[half - k] = -tap;
    }
}

/* The turned frames of those that have waited longest. */
static emg_status take_turned(void *context, const double *turned, size_t n_frames, emg_error *err)
{
    emgp_hilbert *h = context;
    const size_t n = n_frames * h->n_channels;
    double *x = h->waiting;
    for (size_t i = 0; i < n; i++)
        x[i] = sqrt(x[i] * x[i] + turned[i] * turned[i]);
    emg_status status = h->take(h->context, x, n_frames, err);
    h->n_waiting -= n_frames;
    memmove(x, x + n, h->n_waiting * h->n_channels * sizeof *x);
    return status;
}

static emg_status make(emgp_hilbert *h, size_t half, emg_error *err)
{
    double *taps = emgp_alloc(2 * half + 1, sizeof *taps);
    if (!taps)
        return emgp_fail_memory(err);
    fill_taps(taps, half);
    emg_status status = emgp_convolve_new(&h->quarter, taps, 2 * half + 1, half, h->n_channels, take_turned, h, err);
    emgp_free(taps);
    if (status)
        return status;
    h->most = emgp_convolve_latency(h->quarter) + PIECE;
    h->waiting = emgp_alloc(h->most * h->n_channels, sizeof *h->waiting);
    return h->waiting ? EMG_OK : emgp_fail_memory(err);
}

emg_status emgp_hilbert_new(emgp_hilbert **out, double lowest_hz, double rate_hz, size_t n_channels,
                            emg_take_frames *take, void *context, emg_error *err)
{
    *out = NULL;
    if (!(lowest_hz > 0 && lowest_hz < rate_hz / 4))
        return emgp_fail(err, EMG_ERANGE, "a lowest frequency of %g Hz is not between 0 and a quarter of %g Hz",
                         lowest_hz, rate_hz);
    const double half = half_length(lowest_hz, rate_hz);
    if (!(half <= MOST_HALF))
        return emgp_fail(err, EMG_ERANGE, "a lowest frequency of %g Hz at %g Hz needs more than %d taps", lowest_hz,
                         rate_hz, 2 * MOST_HALF);
    emg_status status = emgp_check_held("a Hilbert filter", emgp_convolve_rows(2 * (size_t)half + 1), n_channels, err);
    if (status)
        return status;
    emgp_hilbert *h = emgp_alloc(1, sizeof *h);
    if (!h)
        return emgp_fail_memory(err);
    h->n_channels = n_channels;
    h->take = take;
    h->context = context;
    status = make(h, (size_t)half, err);
    if (status) {
        emgp_hilbert_free(h);
        return status;
    }
    *out = h;
    return EMG_OK;
}

void emgp_hilbert_free(emgp_hilbert *h)
{
    if (!h)
        return;
    emgp_convolve_free(h->quarter);
    emgp_free(h->waiting);
    emgp_free(h);
}

size_t emgp_hilbert_latency(const emgp_hilbert *h)
{
    return emgp_convolve_latency(h->quarter);
}

emg_status emgp_hilbert_push(emgp_hilbert *h, const double *x, size_t n_frames, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t done = 0, n; status == EMG_OK && done < n_frames; done += n) {
        n = n_frames - done < PIECE ? n_frames - done : PIECE;
        const double *from = x + done * h->n_channels;
        memcpy(h->waiting + h->n_waiting * h->n_channels, from, n * h->n_channels * sizeof *x);
        h->n_waiting += n;
        status = emgp_convolve_push(h->quarter, from, n, err);
    }
    return status;
}

emg_status emgp_hilbert_finish(emgp_hilbert *h, emg_error *err)
{
    emg_status status = emgp_convolve_finish(h->quarter, err);
    h->n_waiting = 0;
    return status;
}
