/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the noise alone seems to hold a discharge of some size: what Rice's formula says of the bank's largest output. */
#include "analysis/detect/detect.h"

#include <math.h>

/* Peaks a minute above u deviations: A u^P exp(-u^2 / 2), A in proportion to the band (Rice 1945: the rate at which the
 * envelope of a band crosses a level goes with its width and u exp(-u^2 / 2); the choice among shapes adds to the power).
 * Fitted to simulated noise up to 450 Hz; wider bands hold no more, since the shapes do not. */
static const double rate_per_min = 6600, power = 2.05, whole_band_hz = 430;
/* The noise of a page is known the less the narrower its band: a relative error e makes exp(u^4 e^2 / 2) times as many. Its
 * square times the band's end, beyond what it is in the whole band: fitted to simulated noise of 200 to 500 Hz whose strength drifts. */
static const double error_hz = 0.16;

double emgp_false_alarms(double size, double high_hz)
{
    const double share = high_hz < whole_band_hz ? high_hz / whole_band_hz : 1;
    const double error = error_hz * fmax(1 / high_hz - 1 / whole_band_hz, 0), square = size * size;
    return share * rate_per_min * pow(size, power) * exp(-square / 2 + square * square * error / 2);
}

double emgp_false_alarm_size(double per_min, double high_hz)
{
    double low = EMGP_LEAST_SIZE, high = 12;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;
        *(emgp_false_alarms(middle, high_hz) > per_min ? &low : &high) = middle;
    }
    return high;
}
