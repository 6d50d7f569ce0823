/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for what a channel measures. */
#include <emg/channel.h>

const char *emg_channel_type_name(emg_channel_type type)
{
    static const char *const names[] = { "unknown", "EMG", "ECG", "EOG", "EEG", "force", "trigger", "other" };
    size_t i = (size_t)type;
    return i < sizeof names / sizeof *names ? names[i] : "unknown";
}
