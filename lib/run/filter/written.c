/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A channel of the output: how far its samples reach. */
#include "run/filter/filter.h"

#include <math.h>

void emgp_written_measure(emgp_written_channel *written, const double *x, size_t n_frames, size_t n_channels)
{
    double low = written->low, high = written->high;
    for (size_t k = 0; k < n_frames; k++) {
        double y = x[k * n_channels + written->place] * written->to_unit;
        low = y < low ? y : low;
        high = y > high ? y : high;
    }
    written->low = low;
    written->high = high;
}

double emgp_written_peak(const emgp_written_channel *written)
{
    return written->low > written->high ? 0 : fmax(fabs(written->low), fabs(written->high));
}
