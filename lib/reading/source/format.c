/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats of recordings: what they are called, and which of them are audio. */
#include <emg/recording.h>

#include "reading/source/source.h"

const char *emgp_format_name(emg_format format)
{
    static const char *const names[] = { "EDF", "EDF+C", "EDF+D", "BDF",  "BDF+C", "BDF+D",
                                         "WAV", "RF64",  "W64",   "FLAC", "table", "raw" };
    size_t i = (size_t)format;
    return i < sizeof names / sizeof *names ? names[i] : "unknown";
}

bool emgp_format_is_audio(emg_format format)
{
    return format >= EMG_FORMAT_WAV && format <= EMG_FORMAT_FLAC;
}
