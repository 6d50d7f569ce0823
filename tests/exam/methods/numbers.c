/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Medians, rest, envelopes and runs above a level. */
#include "methods/numbers.h"

#include <math.h>
#include <string.h>

#include <emg/filter.h>
#include <emg/filter_stream.h>

size_t exam_frames(double seconds, double rate_hz)
{
    double frames = seconds * rate_hz + 0.5;
    return frames < 1 ? 1 : (size_t)frames;
}

/* The element of rank k, by quickselect; x is reordered. */
static double ranked(double *x, size_t n, size_t k)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = x[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i >= j)
                break;
            double t = x[i];
            x[i++] = x[j];
            x[j--] = t;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return x[k];
}

double exam_mad_sigma(const double *x, size_t n, double *work)
{
    for (size_t i = 0; i < n; i++)
        work[i] = fabs(x[i]);
    return n > 0 ? ranked(work, n, n / 2) / 0.6745 : 0;
}

void exam_rest(const double *y, size_t n, size_t length, double *mean, double *sd)
{
    double least = INFINITY;
    size_t best = 0;
    length = length < n ? length : n;
    for (size_t at = 0; at + length <= n; at += length / 4 + 1) {
        double sum = 0;
        for (size_t i = 0; i < length; i++)
            sum += y[at + i];
        if (sum < least) {
            least = sum;
            best = at;
        }
    }
    double squares = 0;
    *mean = least / (double)length;
    for (size_t i = 0; i < length; i++)
        squares += (y[best + i] - *mean) * (y[best + i] - *mean);
    *sd = sqrt(squares / (double)length);
}

emg_status exam_rectified(const double *x, size_t n, double rate_hz, double low_pass_hz, double *y, emg_error *err)
{
    for (size_t i = 0; i < n; i++)
        y[i] = fabs(x[i]);
    emg_filter_plan plan = { .family = EMG_FILTER_BUTTERWORTH,
                             .kind = EMG_FILTER_LOW,
                             .order = 2,
                             .high_hz = fmin(low_pass_hz, 0.45 * rate_hz),
                             .rate_hz = rate_hz };
    emg_filter *filter = NULL;
    emg_status status = emg_filter_design(&filter, &plan, err);
    if (status == EMG_OK)
        status = emg_filter_apply(filter, EMG_FILTER_ZERO_PHASE, y, n, y, err);
    emg_filter_free(filter);
    return status;
}

bool exam_runs(const double *y, const double *x, size_t n, double level, size_t bridge, size_t least, double rate_hz,
               exam_events *out)
{
    for (size_t i = 0; i < n;) {
        if (!(y[i] > level)) {
            i++;
            continue;
        }
        size_t first = i, last = i, peak = i;
        for (; i < n && i - last <= bridge; i++) {
            if (y[i] > level)
                last = i;
        }
        for (size_t k = first; k <= last; k++)
            peak = fabs(x[k]) > fabs(x[peak]) ? k : peak;
        if (last - first + 1 >= least && !exam_events_add_spike(out, rate_hz, first, peak, last))
            return false;
        i = last + 1;
    }
    return true;
}
