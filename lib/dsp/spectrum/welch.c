/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Welch's method as a stream over channels. */
#include "dsp/spectrum/spectrum.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* Two windows of a channel go through one complex transform, as real and imaginary part: with Z the transform of
 * a + i b, |A|^2 + |B|^2 at a frequency is (|Z(f)|^2 + |Z(-f)|^2) / 2, and a sum over windows is all that is wanted.
 *
 *     samples held:  |<------ a: n ------>|
 *                       hop |<------ b: n ------>|
 *     after both, 2 hop samples are dropped. A last window without a partner goes alone.
 */

static const double PI = 3.14159265358979323846;
enum { MOST_WINDOW = 1 << 24 };

struct emgp_welch {
    size_t n, hop, n_channels, room, held;
    bool single;
    double rate_hz;
    double window_power; /* sum of the window's squares */
    void *window;        /* n of float or double */
    emgp_fft *fft;       /* of n complex */
    void *samples;       /* per channel `room` samples, `held` of them valid */
    double *sum;         /* per channel n bins of |Z|^2 */
    double *scratch;     /* n bins */
    uint64_t count;
};

#define REAL float
#define NAME(x) x##_float
#include "dsp/spectrum/welch.inc"
#undef REAL
#undef NAME

#define REAL double
#define NAME(x) x##_double
#include "dsp/spectrum/welch.inc"
#undef REAL
#undef NAME

emg_status emgp_welch_new(emgp_welch **out, size_t n, size_t hop, double rate_hz, size_t n_channels, bool single,
                          emg_error *err)
{
    *out = NULL;
    if (n < 2 || n > MOST_WINDOW)
        return emgp_fail(err, EMG_ERANGE, "a spectral window of %zu samples is not within 2 to %d", n, MOST_WINDOW);
    if (hop < 1 || hop > n)
        return emgp_fail(err, EMG_ERANGE, "a hop of %zu samples is not within 1 to the window's %zu", hop, n);
    if (!(rate_hz > 0) || !isfinite(rate_hz))
        return emgp_fail(err, EMG_ERANGE, "sampling rate %g Hz is not above 0", rate_hz);
    if (n_channels < 1 || n_channels > EMGP_MOST_CHANNELS)
        return emgp_fail(err, EMG_ERANGE, "%zu channels in a group is not within 1 to %d", n_channels,
                         EMGP_MOST_CHANNELS);
    emgp_welch *w = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    w->n = n;
    w->hop = hop;
    w->n_channels = n_channels;
    w->room = n + hop;
    w->single = single;
    w->rate_hz = rate_hz;
    w->window_power = 0.375 * (double)n; /* of a periodic Hann window, n > 2; for n = 2 it is { 0, 1 } */
    if (n == 2)
        w->window_power = 1;
    w->sum = emgp_alloc(n * n_channels, sizeof *w->sum);
    w->scratch = emgp_alloc(n, sizeof *w->scratch);
    bool prepared = w->sum && w->scratch && (single ? prepare_float(w) : prepare_double(w));
    emg_status status = prepared ? emgp_fft_new(&w->fft, EMGP_FFT_FORWARD, n, single, err) : emgp_fail_memory(err);
    if (status) {
        emgp_welch_free(w);
        return status;
    }
    *out = w;
    return EMG_OK;
}

void emgp_welch_free(emgp_welch *w)
{
    if (!w)
        return;
    emgp_fft_free(w->fft);
    emgp_free(w->window);
    emgp_free(w->samples);
    emgp_free(w->sum);
    emgp_free(w->scratch);
    emgp_free(w);
}

/* Takes a window or two of every channel; returns how many of each. */
static size_t take_all(emgp_welch *w, bool last)
{
    size_t taken = 0;
    for (size_t channel = 0; channel < w->n_channels; channel++) {
        double *sum = w->sum + channel * w->n;
        taken = w->single ? take_float(w, channel, last, sum) : take_double(w, channel, last, sum);
    }
    w->count += taken;
    return taken;
}

static void drop_all(emgp_welch *w, size_t n)
{
    if (w->single)
        drop_float(w, n);
    else
        drop_double(w, n);
}

/* How many of n frames fit before windows must be taken. */
static size_t piece_of(const emgp_welch *w, size_t n)
{
    return n < w->room - w->held ? n : w->room - w->held;
}

static void advance(emgp_welch *w, size_t n)
{
    w->held += n;
    if (w->held == w->room) {
        take_all(w, false);
        drop_all(w, 2 * w->hop);
    }
}

void emgp_welch_push_float(emgp_welch *w, const float *x, size_t n_frames)
{
    for (size_t n; n_frames > 0; n_frames -= n, x += n * w->n_channels) {
        n = piece_of(w, n_frames);
        if (w->single)
            store_float_float(w, x, n);
        else
            store_float_double(w, x, n);
        advance(w, n);
    }
}

void emgp_welch_push_double(emgp_welch *w, const double *x, size_t n_frames)
{
    for (size_t n; n_frames > 0; n_frames -= n, x += n * w->n_channels) {
        n = piece_of(w, n_frames);
        if (w->single)
            store_double_float(w, x, n);
        else
            store_double_double(w, x, n);
        advance(w, n);
    }
}

void emgp_welch_finish(emgp_welch *w)
{
    take_all(w, true);
    w->held = 0;
}

void emgp_welch_reset(emgp_welch *w)
{
    memset(w->sum, 0, w->n * w->n_channels * sizeof *w->sum);
    w->count = 0;
    w->held = 0;
}

uint64_t emgp_welch_count(const emgp_welch *w, size_t channel)
{
    return channel < w->n_channels ? w->count : 0;
}

size_t emgp_welch_n_bins(const emgp_welch *w)
{
    return w->n / 2 + 1;
}

bool emgp_welch_density(emgp_welch *w, size_t channel, double *psd)
{
    const size_t n = w->n;
    double *sum = w->scratch;
    memcpy(sum, w->sum + channel * n, n * sizeof *sum);
    uint64_t count = w->count + (w->single ? take_float(w, channel, true, sum) : take_double(w, channel, true, sum));
    if (count == 0)
        return false;
    double scale = 1 / ((double)count * w->rate_hz * w->window_power);
    psd[0] = sum[0] * scale;
    for (size_t i = 1; i <= n / 2; i++)
        psd[i] = 2 * i == n ? sum[i] * scale : (sum[i] + sum[n - i]) * scale;
    return true;
}
