/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling an envelope by its rate, by words for rectifying and averaging, or by a low-pass far below the EMG band. */
#include "reading/envelope.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"

/* Raw EMG needs far more; recorders keep envelopes at 1 to 50 Hz. */
static const double slowest_raw_hz = 100;
/* A low-pass at or below this leaves nothing of the EMG band (20-450 Hz) but its lowest edge. */
static const double lowest_lowpass_hz = 30;

static const char *const words[] = { "*rectif*", "*envelope*", "*integrat*", "*iemg*", "*rms*", "*moving*av*",
                                     "*gleichger*", "*redress*", "*smooth*" };

static bool says_so(const char *text)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (emgp_text_glob(words[i], text))
            return true;
    return false;
}

/* The number after "LP:" in a prefilter text such as "HP:0.1Hz LP:5Hz N:50Hz"; 0 when there is none. */
static double lowpass_of(const char *prefilter)
{
    for (const char *at = prefilter; *at; at++) {
        if (!emgp_text_glob("lp*", at) || (at > prefilter && at[-1] != ' ' && at[-1] != ';' && at[-1] != ','))
            continue;
        at += 2 + strspn(at + 2, ": =");
        double value;
        size_t n = strspn(at, "0123456789.");
        if (n > 0 && emgp_number_parse(at, n, &value))
            return emgp_text_glob("k*", at + n) ? 1000 * value : value;
        return 0;
    }
    return 0;
}

const char *emgp_envelope_sign(const emg_channel *channel)
{
    double lowpass = lowpass_of(channel->prefilter);
    if (channel->rate_hz > 0 && channel->rate_hz < slowest_raw_hz)
        return "sampling rate";
    if (says_so(channel->prefilter) || (lowpass > 0 && lowpass <= lowest_lowpass_hz))
        return "prefilter";
    if (says_so(channel->transducer))
        return "transducer";
    if (says_so(channel->label))
        return "label";
    return says_so(channel->unit) ? "unit" : NULL;
}
