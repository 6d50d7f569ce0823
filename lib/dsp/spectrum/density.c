/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the bins of a power density. */
#include "dsp/spectrum/spectrum.h"

#include <math.h>

emgp_density emgp_density_within(const double *p, size_t n, double step_hz, double low_hz, double high_hz)
{
    const double slack = 1e-9;
    double first = ceil(fmax(low_hz, 0) / step_hz - slack), last = floor(high_hz / step_hz + slack);
    return (emgp_density){ .p = p,
                           .from = first < (double)n ? (size_t)first : n,
                           .to = last < 0               ? 0
                                 : last + 1 < (double)n ? (size_t)last + 1
                                                        : n,
                           .step_hz = step_hz };
}

static double raised(double base, int k)
{
    double product = 1;
    for (int i = 0; i < k; i++)
        product *= base;
    return k < 0 ? 1 / base : product;
}

double emgp_density_moment(const emgp_density *b, int k)
{
    double sum = 0;
    for (size_t i = b->from; i < b->to; i++) {
        if (k >= 0 || i > 0)
            sum += raised((double)i * b->step_hz, k) * b->p[i];
    }
    return sum * b->step_hz;
}

double emgp_density_central(const emgp_density *b, double centre_hz, int k)
{
    double sum = 0, power = 0;
    for (size_t i = b->from; i < b->to; i++) {
        sum += raised((double)i * b->step_hz - centre_hz, k) * b->p[i];
        power += b->p[i];
    }
    return power > 0 ? sum / power : NAN;
}

double emgp_density_edge(const emgp_density *b, double share)
{
    double power = 0, before = 0;
    for (size_t i = b->from; i < b->to; i++)
        power += b->p[i];
    for (size_t i = b->from; i < b->to && power > 0; i++) {
        double running = before + b->p[i];
        if (running >= share * power && b->p[i] > 0)
            return ((double)i - 0.5 + (share * power - before) / b->p[i]) * b->step_hz;
        before = running;
    }
    return NAN;
}

double emgp_density_flatness(const emgp_density *b)
{
    double logarithms = 0, power = 0, n = (double)(b->to - b->from);
    for (size_t i = b->from; i < b->to; i++) {
        logarithms += log(b->p[i]);
        power += b->p[i];
    }
    return power > 0 ? exp(logarithms / n) / (power / n) : NAN;
}

double emgp_density_highest(const emgp_density *b, size_t width, double *lowest, double *highest_hz)
{
    double best = NAN;
    for (size_t i = b->from; i + width <= b->to; i++) {
        double sum = 0;
        for (size_t j = 0; j < width; j++)
            sum += b->p[i + j];
        double mean = sum / (double)width;
        if (lowest && (i == b->from || mean < *lowest))
            *lowest = mean;
        if (i > b->from && mean <= best)
            continue;
        best = mean;
        if (highest_hz)
            *highest_hz = ((double)i + (double)(width - 1) / 2) * b->step_hz;
    }
    return best;
}
