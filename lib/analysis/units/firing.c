/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trains of units as a channel is gone through: of several that may go on at a time, the latest of each unit. */
#include "analysis/units/units.h"

#include <math.h>
#include <string.h>

emg_status emgp_firing_next(emgp_firing *f, emg_error *err)
{
    size_t unit;
    const void *record = NULL;
    emg_status status = emgp_merge_next(f->merge, &unit, &record, err);
    f->there = status == EMG_OK && record;
    if (f->there)
        memcpy(&f->coming, record, sizeof f->coming);
    return status;
}

emg_status emgp_firing_start(emgp_firing *f, const emgp_spill *rows, size_t first, emg_error *err)
{
    emgp_firing_free(f);
    for (size_t u = 0; u < EMGP_MOST_UNITS; u++)
        f->to_s[u] = f->last_s[u] = -INFINITY;
    emg_status status = emgp_merge_new(&f->merge, rows, first, EMGP_MOST_UNITS, err);
    return status ? status : emgp_firing_next(f, err);
}

void emgp_firing_free(emgp_firing *f)
{
    emgp_merge_free(f->merge);
    f->merge = NULL;
}

emg_status emgp_firing_move(emgp_firing *f, double to_s, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && f->there && f->coming.onset_s <= to_s) {
        const size_t u = f->coming.unit - 1;
        f->from_s[u] = f->coming.onset_s;
        f->to_s[u] = f->coming.onset_s + f->coming.duration_s;
        f->amplitude[u] = f->coming.amplitude;
        f->period_s[u] = 1 / f->coming.frequency_hz;
        status = emgp_firing_next(f, err);
    }
    return status;
}

static bool is_within(const emgp_firing *f, size_t u, double at_s)
{
    return at_s >= f->from_s[u] && at_s <= f->to_s[u];
}

bool emgp_firing_at(const emgp_firing *f, uint8_t unit, double at_s)
{
    return unit > 0 && is_within(f, unit - 1, at_s);
}

bool emgp_firing_since(const emgp_firing *f, double from_s)
{
    bool any = false;
    for (size_t u = 0; u < EMGP_MOST_UNITS; u++)
        any = any || f->to_s[u] > from_s;
    return any;
}

double emgp_firing_amplitude(const emgp_firing *f, double at_s)
{
    double most = 0;
    for (size_t u = 0; u < EMGP_MOST_UNITS; u++)
        if (is_within(f, u, at_s))
            most = fmax(most, f->amplitude[u]);
    return most;
}

void emgp_firing_note(emgp_firing *f, uint8_t unit, double at_s)
{
    if (emgp_firing_at(f, unit, at_s))
        f->last_s[unit - 1] = at_s;
}

double emgp_firing_both(const emgp_firing *f, double at_s, double due)
{
    double first = 0, second = 0;
    for (size_t u = 0; u < EMGP_MOST_UNITS; u++) {
        if (!is_within(f, u, at_s) || at_s - f->last_s[u] < due * f->period_s[u])
            continue;
        second = fmax(second, fmin(first, f->amplitude[u]));
        first = fmax(first, f->amplitude[u]);
    }
    return second > 0 ? first + second : 0;
}
