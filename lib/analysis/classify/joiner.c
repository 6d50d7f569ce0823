/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joining: same class, about the same rate, and a pause no longer than that class bridges. */
#include "analysis/classify/classify.h"

#include <math.h>

enum { PLAIN_PAUSE, RHYTHM_PAUSE, RHYTHM_PERIODS, ECG_PAUSE, RATE };

static const emgp_rule numbers[] = {
    [PLAIN_PAUSE] = EMGP_NUMBER("join.pause_s", "pause between episodes", EMGP_AT_MOST, EMGP_LIMIT(0.5), EMGP_OURS,
                                "episodes of one class without a rhythm are one"),
    [RHYTHM_PAUSE] = EMGP_NUMBER("join.rhythm_pause_s", "pause between episodes", EMGP_AT_MOST, EMGP_LIMIT(2),
                                 EMGP_OURS, "episodes of one class with a rhythm are one"),
    [RHYTHM_PERIODS] = EMGP_NUMBER("join.rhythm_periods", "pause / period", EMGP_AT_MOST, EMGP_LIMIT(5), EMGP_OURS,
                                   "or, where that is longer, after a pause of so many periods"),
    [ECG_PAUSE] = EMGP_NUMBER("join.ecg_pause_s", "pause between artefacts", EMGP_AT_MOST, EMGP_LIMIT(5), EMGP_OURS,
                              "ECG artefacts are joined; others are not"),
    [RATE] = EMGP_NUMBER("join.rate", "difference of rates / rate", EMGP_AT_MOST, EMGP_LIMIT(0.25), EMGP_OURS,
                         "the rates of two episodes with a rhythm are the same"),
};

emgp_rules emgp_joiner_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static double pause_of(const emg_event *event)
{
    if (event->trial_type == EMG_ARTIFACT)
        return event->reasons >> EMG_A_ECG & 1 ? numbers[ECG_PAUSE].limit : 0;
    if (event->frequency_hz > 0) {
        double pause = numbers[RHYTHM_PERIODS].limit / event->frequency_hz;
        return fmax(pause, numbers[RHYTHM_PAUSE].limit);
    }
    return numbers[PLAIN_PAUSE].limit;
}

bool emgp_joiner_alike(const emg_event *a, const emg_event *b)
{
    if (a->trial_type != b->trial_type || a->trial_type == EMG_ARTIFACT) /* what made it has no rate of its own */
        return a->trial_type == b->trial_type;
    bool a_rate = a->frequency_hz > 0, b_rate = b->frequency_hz > 0;
    double difference = fabs(a->frequency_hz - b->frequency_hz);
    return a_rate == b_rate && (!a_rate || difference <= numbers[RATE].limit * a->frequency_hz);
}

static bool joins(const emg_event *a, const emg_event *b)
{
    return emgp_joiner_alike(a, b) && b->onset_s - (a->onset_s + a->duration_s) <= pause_of(a);
}

/* The mean of two values weighted by counts; the one that is a number when the other is not. */
static double weighted(double a, double b, double wa, double wb)
{
    if (isnan(a) || isnan(b))
        return isnan(a) ? b : a;
    return wa + wb > 0 ? (a * wa + b * wb) / (wa + wb) : a;
}

void emgp_joiner_evidence(emg_event *a, const emg_event *b, double weight_a, double weight_b)
{
    const double share = weight_a + weight_b > 0 ? weight_b / (weight_a + weight_b) : 1.0 / 2;
    for (uint32_t i = 0; i < b->n_evidence; i++) {
        uint32_t k = 0;
        while (k < a->n_evidence && a->evidence[k].rule != b->evidence[i].rule)
            k++;
        if (k == a->n_evidence && k < EMG_EVENT_EVIDENCE)
            a->evidence[a->n_evidence++] = b->evidence[i];
        else if (k < a->n_evidence && !isnan(b->evidence[i].value))
            a->evidence[k].value =
                isnan(a->evidence[k].value)
                    ? b->evidence[i].value
                    : (float)((1 - share) * (double)a->evidence[k].value + share * (double)b->evidence[i].value);
    }
}

void emgp_joiner_join(emg_event *a, const emg_event *b)
{
    double wa = a->count ? (double)a->count : a->duration_s, wb = b->count ? (double)b->count : b->duration_s;
    double end = fmax(a->onset_s + a->duration_s, b->onset_s + b->duration_s);
    a->duration_s = end - a->onset_s;
    if (b->peak > a->peak) {
        a->peak = b->peak;
        a->peak_s = b->peak_s;
    }
    a->amplitude = weighted(a->amplitude, b->amplitude, wa, wb);
    a->snr_db = weighted(a->snr_db, b->snr_db, wa, wb);
    a->frequency_hz = weighted(a->frequency_hz, b->frequency_hz, wa, wb);
    a->interval_cv = weighted(a->interval_cv, b->interval_cv, wa, wb);
    a->interval_rcv = weighted(a->interval_rcv, b->interval_rcv, wa, wb);
    a->confidence = weighted(a->confidence, b->confidence, wa, wb);
    a->n_channels = a->n_channels > b->n_channels ? a->n_channels : b->n_channels;
    a->unit = a->unit == b->unit ? a->unit : 0;
    a->reasons |= b->reasons;
    emgp_joiner_evidence(a, b, wa, wb);
    a->count += b->count;
}

void emgp_joiner_push(emgp_joiner *joiner, const emg_event *event, bool *done, emg_event *out)
{
    *done = false;
    if (joiner->open && joins(&joiner->held, event)) {
        emgp_joiner_join(&joiner->held, event);
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
