/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joining: same class, about the same rate, and a pause no longer than that class bridges. */
#include "analysis/classify/classify.h"

#include <math.h>

/* A pause of half a second joins what has no rhythm; a rhythm goes on after max(2 s, 5 periods) (chosen). */
static const double plain_pause_s = 0.5, rhythm_pause_s = 2, rhythm_pause_periods = 5, ecg_pause_s = 5,
                    rate_tolerance = 0.25;

static double pause_of(const emg_event *event)
{
    if (event->trial_type == EMG_ARTIFACT)
        return event->reasons >> EMG_A_ECG & 1 ? ecg_pause_s : 0;
    if (event->frequency_hz > 0) {
        double pause = rhythm_pause_periods / event->frequency_hz;
        return pause > rhythm_pause_s ? pause : rhythm_pause_s;
    }
    return plain_pause_s;
}

static bool joins(const emg_event *a, const emg_event *b)
{
    if (a->trial_type != b->trial_type || b->onset_s - (a->onset_s + a->duration_s) > pause_of(a))
        return false;
    bool a_rate = a->frequency_hz > 0, b_rate = b->frequency_hz > 0;
    return a_rate == b_rate && (!a_rate || fabs(a->frequency_hz - b->frequency_hz) <= rate_tolerance * a->frequency_hz);
}

/* The mean of two values weighted by counts; the one that is a number when the other is not. */
static double weighted(double a, double b, double wa, double wb)
{
    if (isnan(a) || isnan(b))
        return isnan(a) ? b : a;
    return wa + wb > 0 ? (a * wa + b * wb) / (wa + wb) : a;
}

static void join(emg_event *a, const emg_event *b)
{
    double wa = a->count ? (double)a->count : a->duration_s, wb = b->count ? (double)b->count : b->duration_s;
    double end = fmax(a->onset_s + a->duration_s, b->onset_s + b->duration_s);
    a->duration_s = end - a->onset_s;
    a->amplitude = weighted(a->amplitude, b->amplitude, wa, wb);
    a->snr_db = weighted(a->snr_db, b->snr_db, wa, wb);
    a->frequency_hz = weighted(a->frequency_hz, b->frequency_hz, wa, wb);
    a->interval_cv = weighted(a->interval_cv, b->interval_cv, wa, wb);
    a->interval_rcv = weighted(a->interval_rcv, b->interval_rcv, wa, wb);
    a->confidence = weighted(a->confidence, b->confidence, wa, wb);
    a->n_channels = a->n_channels > b->n_channels ? a->n_channels : b->n_channels;
    a->unit = a->unit == b->unit ? a->unit : 0;
    a->reasons |= b->reasons;
    a->count += b->count;
}

void emgp_joiner_push(emgp_joiner *joiner, const emg_event *event, bool *done, emg_event *out)
{
    *done = false;
    if (joiner->open && joins(&joiner->held, event)) {
        join(&joiner->held, event);
        return;
    }
    if (joiner->open) {
        *out = joiner->held;
        *done = true;
    }
    joiner->held = *event;
    joiner->open = true;
}

void emgp_joiner_finish(emgp_joiner *joiner, bool *done, emg_event *out)
{
    *done = joiner->open;
    if (joiner->open)
        *out = joiner->held;
    joiner->open = false;
}
