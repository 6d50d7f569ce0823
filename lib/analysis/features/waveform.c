/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples to numbers, straight from the definitions. */
#include "analysis/features/features.h"

#include <math.h>
#include <stdbool.h>

emgp_sums emgp_waveform_sums(const double *x, size_t n)
{
    emgp_sums s = { 0, 0, 0, 0 };
    for (size_t i = 0; i < n; i++) {
        double size = fabs(x[i]);
        s.absolute += size;
        s.squares += x[i] * x[i];
        s.largest = size > s.largest ? size : s.largest;
        if (i > 0)
            s.path += fabs(x[i] - x[i - 1]);
    }
    return s;
}

/* Whether a and b lie on different sides of 0, whatever the size of their product. */
static bool opposite(double a, double b)
{
    return (a < 0 && b > 0) || (a > 0 && b < 0);
}

emgp_counts emgp_waveform_counts(const double *x, size_t n, double threshold)
{
    emgp_counts c = { 0, 0, 0 };
    for (size_t i = 0; i + 1 < n; i++) {
        double after = x[i + 1] - x[i];
        bool step = fabs(after) >= threshold;
        c.steps += step;
        c.crossings += step && opposite(x[i], x[i + 1]);
        if (i == 0)
            continue;
        double before = x[i] - x[i - 1];
        c.slopes += opposite(before, after) && fmax(fabs(before), fabs(after)) >= threshold;
    }
    return c;
}

emgp_turns emgp_waveform_turns(const double *x, size_t n, double threshold)
{
    emgp_turns turns = { 0, 0 };
    double low = n ? x[0] : 0, high = low, origin = NAN; /* origin: the extreme before, NaN while there is none */
    int way = 0; /* 1: rising, `high` may become a turn; -1: falling; 0: no swing has been long enough yet */
    for (size_t i = 1; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
        bool back = way >= 0 ? high - x[i] >= threshold : x[i] - low >= threshold;
        bool forth = way == 0 && x[i] - low >= threshold;
        if (!back && !forth)
            continue;
        double extreme = (way >= 0 && back) ? high : low;
        if (!isnan(origin)) {
            turns.n++;
            turns.path += fabs(extreme - origin);
        }
        origin = extreme;
        way = (way >= 0 && back) ? -1 : 1;
        low = high = x[i];
    }
    return turns;
}

double emgp_waveform_energy(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 1; i + 1 < n; i++)
        sum += x[i] * x[i] - x[i - 1] * x[i + 1];
    return n < 3 ? NAN : sum / (double)(n - 2);
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0; /* about the first sample: an offset takes no digits away */
    for (size_t i = 0; i < n; i++)
        sum += x[i] - x[0];
    return n ? x[0] + sum / (double)n : NAN;
}

double emgp_waveform_deviation(const double *x, size_t n)
{
    double mean = mean_of(x, n), squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return n ? sqrt(squares / (double)n) : NAN;
}

double emgp_waveform_kurtosis(const double *x, size_t n)
{
    double mean = mean_of(x, n), m2 = 0, m4 = 0;
    for (size_t i = 0; i < n; i++) {
        double square = (x[i] - mean) * (x[i] - mean);
        m2 += square;
        m4 += square * square;
    }
    return m2 * m2 > 0 ? m4 * (double)n / (m2 * m2) : NAN;
}

double emgp_waveform_entropy(const double *x, size_t n, size_t m, double radius)
{
    size_t shorter = 0, longer = 0;
    for (size_t i = 0; i + m < n; i++) {
        for (size_t j = i + 1; j + m < n; j++) {
            size_t k = 0;
            while (k < m && fabs(x[i + k] - x[j + k]) <= radius)
                k++;
            shorter += k == m;
            longer += k == m && fabs(x[i + m] - x[j + m]) <= radius;
        }
    }
    return longer > 0 ? -log((double)longer / (double)shorter) : NAN;
}
