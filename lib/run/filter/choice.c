/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller's selection by numbers, with the ECG channel added. */
#include "run/filter/filter.h"

#include <stdio.h>

#include "base/base.h"

/* The one channel that the pattern selects; derived channels, which select themselves, count when nothing else does. */
static emg_status find_ecg_channel(const emg_recording *rec, const char *pattern, long *ecg_channel, emg_error *err)
{
    size_t n = emg_recording_get_facts(rec)->n_channels, n_own = 0, n_derived = 0;
    long own = -1, derived = -1;
    for (size_t i = 0; i < n; i++) {
        const emg_channel *c = emg_recording_channel(rec, i);
        if (!c->selected)
            continue;
        if (c->derived) {
            derived = (long)i;
            n_derived++;
        } else {
            own = (long)i;
            n_own++;
        }
    }
    *ecg_channel = n_own > 0 ? own : derived;
    if (n_own > 0 ? n_own == 1 : n_derived == 1)
        return EMG_OK;
    return emgp_fail(err, EMG_EARG, "the ECG lead '%.60s' is %zu channels: it must be one", pattern,
                     n_own > 0 ? n_own : n_derived);
}

static emg_status read_ecg_channel(const char *path, const emg_run_filter_config *config, long *ecg_channel,
                                   emg_error *err)
{
    emg_reading reading = config->reading;
    emg_recording *rec;
    reading.channels = &config->ecg_channel;
    reading.n_channels = 1;
    reading.all_channels = false;
    emg_status status = emg_recording_open(&rec, path, &reading, err);
    if (status != EMG_OK)
        return status;
    status = find_ecg_channel(rec, config->ecg_channel, ecg_channel, err);
    emg_recording_close(rec);
    return status;
}

static emg_status list_numbers(emgp_choice *out, const emg_recording *rec, emg_error *err)
{
    size_t n = emg_recording_get_facts(rec)->n_channels, n_patterns = 0;
    out->patterns = emgp_alloc(n, sizeof *out->patterns);
    out->texts = emgp_alloc(n, sizeof *out->texts);
    if (!out->patterns || !out->texts)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const emg_channel *c = emg_recording_channel(rec, i);
        if ((long)i == out->ecg_channel)
            out->ecg_channel_written = c->selected;
        if (!c->selected && (long)i != out->ecg_channel)
            continue;
        snprintf(out->texts[n_patterns], sizeof out->texts[n_patterns], "#%zu", c->number);
        out->patterns[n_patterns] = out->texts[n_patterns];
        n_patterns++;
    }
    out->reading.channels = out->patterns;
    out->reading.n_channels = n_patterns;
    out->reading.all_channels = false;
    return EMG_OK;
}

emg_status emgp_choice_make(emgp_choice *out, const char *path, const emg_run_filter_config *config, emg_error *err)
{
    *out = (emgp_choice){ .reading = config->reading, .ecg_channel = -1 };
    if (!config->ecg_channel || config->ecg.mode == EMG_ECG_OFF)
        return EMG_OK;
    emg_recording *rec;
    emg_status status = read_ecg_channel(path, config, &out->ecg_channel, err);
    if (status == EMG_OK)
        status = emg_recording_open(&rec, path, &config->reading, err);
    if (status != EMG_OK)
        return status;
    status = list_numbers(out, rec, err);
    emg_recording_close(rec);
    return status;
}

void emgp_choice_free(emgp_choice *choice)
{
    emgp_free(choice->patterns);
    emgp_free(choice->texts);
    *choice = (emgp_choice){ .ecg_channel = -1 };
}
