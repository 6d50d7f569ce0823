/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One short spectrum of the bin means; what is too fast for bins is known as the power within them. */
#include "analysis/quality/quality.h"

#include <math.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

static const double from_hz = 2, low_hz = 20;
/* The line's surroundings: a regular train of discharges has lines as strong as that at 50 Hz at other multiples of its rate. */
static const double around_low_hz = 26, around_high_hz = 94, line_half_hz = 1.5, apart_hz = 3, stands_out = 4;
static const double least_share = 0.02; /* of all power: a weaker line is not looked for */

struct emgp_lowband {
    size_t n;
    double bin_hz, step_hz;
    emgp_fft *fft;
    double *window, *power;
    double scale;
};

emg_status emgp_lowband_new(emgp_lowband **out, size_t n, double bin_hz, emg_error *err)
{
    *out = NULL;
    emgp_lowband *l = emgp_alloc(1, sizeof *l);
    if (!l)
        return emgp_fail_memory(err);
    l->n = n;
    l->bin_hz = bin_hz;
    l->step_hz = bin_hz / (double)n;
    l->window = emgp_alloc(n, sizeof *l->window);
    l->power = emgp_alloc(n / 2 + 1, sizeof *l->power);
    emg_status status =
        l->window && l->power ? emgp_fft_new(&l->fft, EMGP_FFT_REAL, n, false, err) : emgp_fail_memory(err);
    if (status) {
        emgp_lowband_free(l);
        return status;
    }
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        l->window[i] = 0.5 - 0.5 * cos(2 * PI * (double)i / (double)n);
        squares += l->window[i] * l->window[i];
    }
    l->scale = 2 / ((double)n * squares);
    *out = l;
    return EMG_OK;
}

void emgp_lowband_free(emgp_lowband *l)
{
    if (!l)
        return;
    emgp_fft_free(l->fft);
    emgp_free(l->window);
    emgp_free(l->power);
    emgp_free(l);
}

static double sum_between(const emgp_lowband *l, double from, double to)
{
    double sum = 0;
    size_t first = (size_t)ceil(from / l->step_hz - 1e-9);
    for (size_t k = first; k <= l->n / 2 && (double)k * l->step_hz < to; k++)
        sum += l->power[k];
    return sum;
}

/* The mean over a bin, which is 1 / bin_hz long, takes sinc^2 of a wave's power. */
static double line_at(const emgp_lowband *l, double f_hz)
{
    const double turn = PI * f_hz / l->bin_hz, kept = sin(turn) / turn;
    return sum_between(l, f_hz - line_half_hz, f_hz + line_half_hz + 1e-9) / (kept * kept);
}

/* The power at f_hz if it stands out of all other places of the same width around. */
static double line_that_stands_out(const emgp_lowband *l, double f_hz, double all)
{
    const double other_hz = f_hz < 55 ? 60 : 50;
    double line = line_at(l, f_hz), most = 0;
    if (f_hz + line_half_hz > l->step_hz * (double)(l->n / 2) || line < least_share * all)
        return 0;
    for (double f = around_low_hz; f <= around_high_hz; f++)
        if (fabs(f - f_hz) > apart_hz && fabs(f - other_hz) > apart_hz)
            most = fmax(most, line_at(l, f));
    return line > stands_out * most ? line : 0;
}

emgp_powers emgp_lowband_powers(emgp_lowband *l, const double *slow, double within)
{
    double mean = 0, *in = l->fft->in;
    for (size_t i = 0; i < l->n; i++)
        mean += slow[i] / (double)l->n;
    for (size_t i = 0; i < l->n; i++)
        in[i] = (slow[i] - mean) * l->window[i];
    emgp_fft_run(l->fft);
    const double *z = l->fft->out;
    for (size_t k = 0; k <= l->n / 2; k++)
        l->power[k] = (z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1]) * l->scale;
    const double low = sum_between(l, from_hz, low_hz), above = sum_between(l, low_hz, INFINITY) + within;
    const double line = fmax(line_that_stands_out(l, 50, low + above), line_that_stands_out(l, 60, low + above));
    return (emgp_powers){ low, fmax(0, above - line), line };
}
