/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear-phase design: ideal response, cut off by a Kaiser window for an attenuation and a transition width. */
#include "dsp/filter/filter.h"

#include <math.h>
#include <stdbool.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

static const double least_db = 21, most_db = 180;

/* Kaiser 1974: the window's shape for so many decibels. */
static double shape(double attenuation_db)
{
    if (attenuation_db > 50)
        return 0.1102 * (attenuation_db - 8.7);
    return 0.5842 * pow(attenuation_db - 21, 0.4) + 0.07886 * (attenuation_db - 21);
}

/* Impulse response at k of all below `edge` (1: half the rate). */
static double low_pass(double edge, double k)
{
    return k == 0 ? edge : sin(PI * edge * k) / (PI * k);
}

/* Ideal impulse response of a kind; edges as fractions of half the rate. */
static double ideal(emg_filter_kind kind, double low, double high, double k)
{
    switch (kind) {
    case EMG_FILTER_LOW:
        return low_pass(high, k);
    case EMG_FILTER_HIGH:
        return low_pass(1, k) - low_pass(low, k);
    case EMG_FILTER_PASS:
        return low_pass(high, k) - low_pass(low, k);
    default:
        return low_pass(low, k) + (low_pass(1, k) - low_pass(high, k));
    }
}

/* Where the gain is made 1: the middle of the (first) passed band, in radians per sample. */
static double unit_at(emg_filter_kind kind, double low, double high)
{
    if (kind == EMG_FILTER_HIGH)
        return PI;
    return kind == EMG_FILTER_PASS ? PI * (low + high) / 2 : 0;
}

/* Kaiser 1974: taps less one = (A - 7.95) / (2.285 times the transition in radians); made odd. 0: too many. */
static size_t length_of(const emg_filter_plan *plan)
{
    double width = 2 * PI * plan->transition_hz / plan->rate_hz;
    double n = ceil((plan->attenuation_db - 7.95) / 2.285 / width + 1);
    return n <= EMGP_MOST_TAPS ? (size_t)n | 1 : 0;
}

static emg_status check(const emg_filter_plan *plan, emg_error *err)
{
    static const emgp_band bands[] = { [EMG_FILTER_LOW] = EMGP_BAND_LOW,
                                       [EMG_FILTER_HIGH] = EMGP_BAND_HIGH,
                                       [EMG_FILTER_PASS] = EMGP_BAND_PASS,
                                       [EMG_FILTER_STOP] = EMGP_BAND_STOP };
    emg_status status = emgp_check_corners(bands[plan->kind], plan->low_hz, plan->high_hz, plan->rate_hz, err);
    if (status)
        return status;
    if (!(plan->attenuation_db >= least_db && plan->attenuation_db <= most_db))
        return emgp_fail(err, EMG_ERANGE, "attenuation %g dB is not within %g to %g", plan->attenuation_db, least_db,
                         most_db);
    if (!(plan->transition_hz > 0 && plan->transition_hz < plan->rate_hz / 2))
        return emgp_fail(err, EMG_ERANGE, "transition width %g Hz is not between 0 and half the sampling rate, %g Hz",
                         plan->transition_hz, plan->rate_hz / 2);
    if (length_of(plan) == 0)
        return emgp_fail(err, EMG_ERANGE, "a transition of %g Hz at %g Hz needs more than %d taps", plan->transition_hz,
                         plan->rate_hz, EMGP_MOST_TAPS);
    return EMG_OK;
}

emg_status emgp_kaiser(double **taps, size_t *n, const emg_filter_plan *plan, emg_error *err)
{
    *taps = NULL;
    emg_status status = check(plan, err);
    if (status)
        return status;
    size_t length = length_of(plan), middle = length / 2;
    double *h = emgp_alloc(length, sizeof *h);
    if (!h)
        return emgp_fail_memory(err);
    double low = plan->low_hz / (plan->rate_hz / 2), high = plan->high_hz / (plan->rate_hz / 2);
    double beta = shape(plan->attenuation_db);
    for (size_t k = 0; k <= middle; k++) {
        double w = middle > 0 ? emgp_window_kaiser(beta, (double)k / (double)middle) : 1;
        h[middle + k] = h[middle - k] = ideal(plan->kind, low, high, (double)k) * w;
    }
    emg_filter_response unit;
    emgp_taps_response(h, length, unit_at(plan->kind, low, high), &unit);
    for (size_t k = 0; k < length; k++)
        h[k] /= unit.gain;
    *taps = h;
    *n = length;
    return EMG_OK;
}

/* Cosines come by turning a pointer; it is set anew before its error grows. */
enum { TURNS = 64 };

void emgp_taps_response(const double *taps, size_t n, double w, emg_filter_response *out)
{
    size_t middle = n / 2;
    double sum = taps[middle], turn_c = cos(w), turn_s = sin(w), c = 1, s = 0;
    for (size_t k = 1; k <= middle; k++) {
        double turned = c * turn_c - s * turn_s;
        s = s * turn_c + c * turn_s;
        c = turned;
        if (k % TURNS == 0) {
            c = cos(w * (double)k);
            s = sin(w * (double)k);
        }
        sum += 2 * taps[middle + k] * c;
    }
    out->gain = fabs(sum);
    out->phase_rad = -w * (double)middle - (sum < 0 ? PI : 0);
    out->group_delay_s = (double)middle;
}
