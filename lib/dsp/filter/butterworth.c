/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Butterworth design: analog poles on a circle, band transform, bilinear transform, conjugate pairs to sections. */
#include "dsp/filter/filter.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>

#include "base/base.h"

/* Corners as tan(pi f / rate): the s-plane in which z = (1 + s) / (1 - s). */
typedef struct warped {
    double low, high;
} warped;

/* Where a section's two zeros lie on the unit circle, as the numerator b0 + b1/z + b2/z^2. */
static const double zeros_at_dc[3] = { 1, -2, 1 };
static const double zeros_at_nyquist[3] = { 1, 2, 1 };
static const double zeros_at_both[3] = { 1, 0, -1 };

static double complex to_z(double complex s)
{
    return (1 + s) / (1 - s);
}

static double complex evaluate(const emgp_section *s, double complex z)
{
    double complex w = 1 / z;
    return (s->b0 + w * (s->b1 + w * s->b2)) / (1 + w * (s->a1 + w * s->a2));
}

/* A section with two poles (conjugate or both real), scaled to gain 1 at z = unit. */
static emgp_section section_of(double complex p, double complex q, const double zeros[3], double complex unit)
{
    emgp_section s = { zeros[0], zeros[1], zeros[2], -creal(p + q), creal(p * q) };
    double gain = cabs(evaluate(&s, unit));
    s.b0 /= gain;
    s.b1 /= gain;
    s.b2 /= gain;
    return s;
}

/* Pole k of the normalised low-pass, upper half plane; k = order / 2 of an odd order is the real one. */
static double complex prototype(int order, int k)
{
    if (2 * k + 1 == order)
        return -1;
    double angle = PI * (2 * k + 1) / (2.0 * order);
    return -sin(angle) + I * cos(angle);
}

/* Low- and high-pass: pole pairs of low Q (k near order / 2) first, so that sections do not ring before they must. */
static size_t design_edge(emgp_section *out, bool high_pass, int order, double corner)
{
    double complex unit = high_pass ? -1 : 1;
    size_t n = 0;
    for (int k = (order - 1) / 2; k >= 0; k--) {
        double complex p = prototype(order, k);
        double complex z = to_z(high_pass ? corner / p : corner * p);
        if (2 * k + 1 == order) {
            double zeros[3] = { 1, high_pass ? -1 : 1, 0 };
            out[n++] = section_of(z, 0, zeros, unit);
        } else {
            out[n++] = section_of(z, conj(z), high_pass ? zeros_at_dc : zeros_at_nyquist, unit);
        }
    }
    return n;
}

/* The two analog poles that one prototype pole becomes in a band filter: roots of s^2 - 2 h s + centre^2. */
static void split(double complex h, double centre, double complex pole[2])
{
    double complex root = csqrt(h * h - centre * centre);
    pole[0] = h + root;
    pole[1] = h - root;
}

/* Sections of a band-pass are given the zeros nearest to their poles: pairs at the lower edge lose zero frequency,
 * those at the upper edge the Nyquist frequency, a middle pair both. Lower-edge sections come first: they remove drift.
 */
static size_t design_pass(emgp_section *out, int order, warped w)
{
    double centre = sqrt(w.low * w.high), half = (w.high - w.low) / 2;
    double complex unit = to_z(I * centre), pole[2];
    size_t half_n = (size_t)order / 2, low = 0, high = (size_t)order - half_n;
    for (int k = order / 2 - 1; k >= 0; k--) {
        split(half * prototype(order, k), centre, pole);
        bool first_is_low = cabs(pole[0]) <= cabs(pole[1]);
        double complex a = to_z(pole[first_is_low ? 0 : 1]), b = to_z(pole[first_is_low ? 1 : 0]);
        out[low++] = section_of(a, conj(a), zeros_at_dc, unit);
        out[high++] = section_of(b, conj(b), zeros_at_nyquist, unit);
    }
    if (order % 2) {
        split(-half, centre, pole);
        out[half_n] = section_of(to_z(pole[0]), to_z(pole[1]), zeros_at_both, unit);
    }
    return (size_t)order;
}

/* A band-stop has gain 1 at zero frequency and its zeros at the centre. */
static size_t design_stop(emgp_section *out, int order, warped w)
{
    double centre = sqrt(w.low * w.high), half = (w.high - w.low) / 2;
    double zeros[3] = { 1, -2 * creal(to_z(I * centre)), 1 };
    double complex pole[2];
    size_t n = 0;
    for (int k = (order - 1) / 2; k >= 0; k--) {
        split(half / prototype(order, k), centre, pole);
        if (2 * k + 1 == order) {
            out[n++] = section_of(to_z(pole[0]), to_z(pole[1]), zeros, 1);
            continue;
        }
        for (int i = 0; i < 2; i++)
            out[n++] = section_of(to_z(pole[i]), conj(to_z(pole[i])), zeros, 1);
    }
    return n;
}

emg_status emgp_check_corners(emgp_band kind, double low_hz, double high_hz, double rate_hz, emg_error *err)
{
    bool uses_low = kind != EMGP_BAND_LOW, uses_high = kind != EMGP_BAND_HIGH;
    if (emgp_check_rate(rate_hz, err))
        return EMG_ERANGE;
    if (uses_low && !(low_hz > 0 && low_hz < rate_hz / 2))
        return emgp_fail(err, EMG_ERANGE, "low corner %g Hz is not between 0 and half the sampling rate, %g Hz", low_hz,
                         rate_hz / 2);
    if (uses_high && !(high_hz > 0 && high_hz < rate_hz / 2))
        return emgp_fail(err, EMG_ERANGE, "high corner %g Hz is not between 0 and half the sampling rate, %g Hz",
                         high_hz, rate_hz / 2);
    if (uses_low && uses_high && !(low_hz < high_hz))
        return emgp_fail(err, EMG_ERANGE, "low corner %g Hz is not below the high corner %g Hz", low_hz, high_hz);
    return EMG_OK;
}

emg_status emgp_butterworth(emgp_section *out, size_t *n, emgp_band kind, int order, double low_hz, double high_hz,
                            double rate_hz, emg_error *err)
{
    if (order < 1 || order > EMGP_MOST_ORDER)
        return emgp_fail(err, EMG_ERANGE, "filter order %d is not within 1 to %d", order, EMGP_MOST_ORDER);
    emg_status status = emgp_check_corners(kind, low_hz, high_hz, rate_hz, err);
    if (status)
        return status;
    warped w = { tan(PI * low_hz / rate_hz), tan(PI * high_hz / rate_hz) };
    switch (kind) {
    case EMGP_BAND_LOW:
        *n = design_edge(out, false, order, w.high);
        break;
    case EMGP_BAND_HIGH:
        *n = design_edge(out, true, order, w.low);
        break;
    case EMGP_BAND_PASS:
        *n = design_pass(out, order, w);
        break;
    case EMGP_BAND_STOP:
        *n = design_stop(out, order, w);
        break;
    }
    return EMG_OK;
}
