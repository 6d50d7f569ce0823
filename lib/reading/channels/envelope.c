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

const char *emgp_envelope_sign(const emg_channel *channel, const char **text)
{
    double lowpass = emgp_prefilter_high(channel->prefilter);
    const struct {
        const char *name, *text;
        bool says_so;
    } fields[] = {
        { "prefilter", channel->prefilter,
          says_so(channel->prefilter, false) || (lowpass > 0 && lowpass <= lowest_lowpass_hz) },
        { "transducer", channel->transducer, says_so(channel->transducer, false) },
        { "label", channel->label, says_so(channel->label, false) },
        { "unit", channel->unit, says_so(channel->unit, true) },
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!fields[i].says_so)
            continue;
        *text = fields[i].text;
        return fields[i].name;
    }
    return NULL;
}
