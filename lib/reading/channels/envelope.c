/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling an envelope by words for rectifying and averaging, or by a low-pass far below the EMG band. */
#include "reading/channels/channels.h"

#include <string.h>

#include "base/base.h"

/* A low-pass at or below this leaves nothing of the EMG band (20-450 Hz) but its lowest edge. */
static const double lowest_lowpass_hz = 30;

static const char *const words[] = { "*rectif*",    "*envelope*", "*integrat*", "*moving*av*",
                                     "*gleichger*", "*redress*",  "*smooth*" };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether "RMS" stands as a word of its own, or ends a unit ("uVrms"): forearms hold it too. */
static bool says_rms(const char *text, bool unit)
{
    for (const char *at = text; *at; at++)
        if (emgp_text_glob("rms*", at) && !is_letter(at[3]) && (unit || at == text || !is_letter(at[-1])))
            return true;
    return false;
}

static bool says_so(const char *text, bool unit)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (emgp_text_glob(words[i], text))
            return true;
    return says_rms(text, unit);
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
    if (says_so(channel->prefilter, false) || (lowpass > 0 && lowpass <= lowest_lowpass_hz))
        return "prefilter";
    if (says_so(channel->transducer, false))
        return "transducer";
    if (says_so(channel->label, false))
        return "label";
    return says_so(channel->unit, true) ? "unit" : NULL;
}
