/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pop rises within two bins and leaves a smooth tail; a potential or a burst leaves silence, or a rough one. */
#include "analysis/quality/quality.h"

#include <math.h>
#include <stdbool.h>

/* bins:   -16 ... -1 | 0 1 | 2 ... 25          (0: where the step begins)
 *          before    |rise | tail, up to 65 ms
 */
enum { RISE = 2, N_TAIL = EMGP_POP_AFTER - RISE };
static const double least_rise = 0.6, least_rest = 0.2;
/* Worth a closer look: a rise of so many times the usual, the steepest about, of which this share is left 20 ms later. */
static const double candidate = 3, least_left = 0.2;
enum { LATER = 8 };

typedef struct line {
    double mean, spread;          /* of all values, and their standard deviation */
    double start, slope, scatter; /* value at the first bin, change per bin, standard deviation about the line */
} line;

static line fit(const double *x, size_t n)
{
    const double middle = (double)(n - 1) / 2;
    const double times = (double)(n * n - 1) / 12; /* mean square of i - middle */
    double mean = 0, moment = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        moment += ((double)i - middle) * x[i] / (double)n;
        squares += (x[i] - mean) * (x[i] - mean) / (double)n;
    }
    const double slope = moment / times, explained = slope * moment;
    return (line){ mean, sqrt(squares), mean - slope * middle, slope, sqrt(fmax(0, squares - explained)) };
}

static double rise_at(const double *slow, size_t b)
{
    return slow[b + RISE] - slow[b - 1];
}

/* The step at bin b, 0 when there is none. */
static double step_at(const double *slow, size_t b, double ratio)
{
    const line before = fit(slow + b - EMGP_POP_BEFORE, EMGP_POP_BEFORE), tail = fit(slow + b + RISE, N_TAIL);
    const double from = before.mean, step = tail.start - from;
    const double rest = tail.start + tail.slope * (double)(N_TAIL - 1) - from;
    if (fabs(step) <= ratio * before.spread || fabs(step) <= ratio * tail.scatter)
        return 0;
    /* the rise holds most of the step, and the tail ends on the step's side */
    return rise_at(slow, b) / step >= least_rise && rest / step > -least_rest ? fabs(step) : 0;
}

static double typical_rise(const double *slow, size_t first, size_t end)
{
    double sum = 0;
    for (size_t b = first; b < end; b++)
        sum += fabs(rise_at(slow, b));
    return sum / (double)(end - first);
}

static bool deserves_a_look(const double *slow, size_t b, double least)
{
    const double rise = rise_at(slow, b), size = fabs(rise);
    for (size_t d = 1; size > least && d <= RISE; d++) /* a step raises three places alike: one of them stands for it */
        if (size < fabs(rise_at(slow, b - d)) || size <= fabs(rise_at(slow, b + d)))
            return false;
    return size > least && (slow[b + LATER] - slow[b - 1]) / rise > least_left;
}

double emgp_baseline_pop(const double *slow, size_t n, size_t first, size_t end, double ratio)
{
    first = first < EMGP_POP_BEFORE ? EMGP_POP_BEFORE : first;
    end = end + EMGP_POP_AFTER > n ? (n > EMGP_POP_AFTER ? n - EMGP_POP_AFTER : 0) : end;
    if (end <= first)
        return 0;
    const double least = candidate * typical_rise(slow, first, end);
    double largest = 0;
    for (size_t b = first; b < end; b++)
        if (deserves_a_look(slow, b, least))
            largest = fmax(largest, step_at(slow, b, ratio));
    return largest;
}
