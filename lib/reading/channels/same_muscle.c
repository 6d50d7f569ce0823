/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which channels are of one muscle: those that are called so by a sidecar or a grid, and measure the same thing. */
#include "reading/channels/channels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { LEAST_GRID = 16 }; /* channels of one label that are a grid over one muscle */

static void append(char *name, size_t room, const char *suffix)
{
    char whole[sizeof(((emg_channel *)0)->muscle)];
    emgp_text_copy(whole, room - strlen(suffix), name);
    memcpy(whole + strlen(whole), suffix, strlen(suffix) + 1);
    emgp_text_copy(name, room, whole);
}

/* Whether the label is that of a grid. */
static bool is_grid(const emg_channel *channels, size_t n, const char *label)
{
    size_t same = 0;
    for (size_t i = 0; i < n && same < LEAST_GRID; i++)
        same += strcmp(channels[i].label, label) == 0;
    return same == LEAST_GRID;
}

void emgp_same_label(emg_channel *channels, size_t n, size_t channel)
{
    emg_channel *c = &channels[channel];
    char suffix[32];
    if (!c->label[0] || strcmp(c->label, c->name) == 0 || is_grid(channels, n, c->label))
        return;
    snprintf(suffix, sizeof suffix, " #%zu", c->number);
    append(c->muscle, sizeof c->muscle, suffix);
}

/* Whether amplitudes of the two can be compared: both are voltages, or have the same unit, or none over the same range. */
static bool same_unit(const emg_channel *a, const emg_channel *b)
{
    if (a->to_uv > 0 || b->to_uv > 0)
        return a->to_uv > 0 && b->to_uv > 0;
    double range_a = a->physical_max - a->physical_min, range_b = b->physical_max - b->physical_min;
    return strcmp(a->unit, b->unit) == 0 && (a->unit[0] || a->derived || b->derived || !(fabs(range_a - range_b) > 0));
}

/* Whether the first channel of the channel's muscle has another unit. */
static bool differs(const emg_recording *rec, size_t channel)
{
    const emg_channel *c = &rec->channels[channel];
    for (size_t i = 0; i < channel; i++) {
        const emg_channel *first = &rec->channels[i];
        if (first->is_muscle && strcmp(first->muscle, c->muscle) == 0)
            return !same_unit(first, c);
    }
    return false;
}

static emg_status note_unit(emg_recording *rec, size_t channel, emg_error *err)
{
    const emg_channel *c = &rec->channels[channel];
    emgp_finding finding = { .code = "W_UNITS_DIFFER",
                             .field = "physical dimension",
                             .offset = -1,
                             .channel = (int64_t)c->number,
                             .value = c->unit,
                             .n_value = strlen(c->unit) };
    return emgp_remark(&rec->deviations, &finding, err);
}

/* Whether muscles differ in their units at all. */
static bool units_differ(const emg_recording *rec)
{
    const emg_channel *first = NULL;
    for (size_t i = 0; i < rec->facts.n_channels; i++) {
        const emg_channel *c = &rec->channels[i];
        if (!c->is_muscle)
            continue;
        first = first ? first : c;
        if (!same_unit(first, c))
            return true;
    }
    return false;
}

emg_status emgp_same_unit(emg_recording *rec, emg_error *err)
{
    size_t n = rec->facts.n_channels;
    emg_status status = EMG_OK;
    if (!units_differ(rec))
        return EMG_OK;
    bool *parts = emgp_alloc(n, sizeof *parts);
    if (!parts)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        parts[i] = rec->channels[i].is_muscle && differs(rec, i);
    for (size_t i = 0; i < n && status == EMG_OK; i++) {
        char suffix[32];
        if (!parts[i])
            continue;
        snprintf(suffix, sizeof suffix, " #%zu", rec->channels[i].number);
        append(rec->channels[i].muscle, sizeof rec->channels[i].muscle, suffix);
        status = note_unit(rec, i, err);
    }
    emgp_free(parts);
    return status;
}
