/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of channels of one rate and one course of time, in the order in which the rates first occur in the file. */
#include "reading/source/source.h"

#include <math.h>

#include "base/base.h"

/* Frames are exact multiples of the sampling interval; a time that was printed and read again is not quite. */
static const double frame_slack = 1e-6;

static bool same(double a, double b)
{
    return !(a < b) && !(a > b);
}

/* Whether two channels go together: by their rates and, where they have stretches of their own, by these. */
static bool together(const emg_recording *rec, size_t a, size_t b)
{
    if (!same(rec->channels[a].rate_hz, rec->channels[b].rate_hz))
        return false;
    if (!rec->own)
        return true;
    const emgp_windows *x = &rec->own[a], *y = &rec->own[b];
    bool equal = x->n == y->n;
    for (size_t i = 0; equal && i < x->n; i++)
        equal = same(x->list[i].from_s, y->list[i].from_s) && same(x->list[i].to_s, y->list[i].to_s);
    return equal;
}

static void add_to_group(emgp_groups *out, size_t channel, double rate_hz, bool begins, size_t group_size)
{
    emgp_group *last = out->n ? &out->group[out->n - 1] : NULL;
    if (begins || last->n == group_size) {
        last = &out->group[out->n++];
        *last = (emgp_group){ out->n_channels, 0, rate_hz };
    }
    out->channel[out->n_channels++] = channel;
    if (++last->n > out->widest)
        out->widest = last->n;
}

emg_status emgp_groups_make(emgp_groups *out, const emg_recording *rec, emg_error *err)
{
    const emg_channel *channels = rec->channels;
    const size_t n = rec->facts.n_channels;
    *out = (emgp_groups){ 0 };
    out->channel = emgp_alloc(n, sizeof *out->channel);
    out->group = emgp_alloc(n, sizeof *out->group);
    bool *taken = emgp_alloc(n, sizeof *taken);
    if (!out->channel || !out->group || !taken) {
        emgp_free(taken);
        emgp_groups_free(out);
        return emgp_fail_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        if (taken[i] || !channels[i].selected)
            continue;
        for (size_t j = i; j < n; j++) {
            if (taken[j] || !channels[j].selected || !together(rec, i, j))
                continue;
            taken[j] = true;
            add_to_group(out, j, channels[j].rate_hz, j == i, rec->reading.group_size);
        }
    }
    emgp_free(taken);
    return EMG_OK;
}

void emgp_groups_free(emgp_groups *groups)
{
    emgp_free(groups->channel);
    emgp_free(groups->group);
    *groups = (emgp_groups){ 0 };
}

uint64_t emgp_frame_at(double start_s, double rate_hz, uint64_t n, double time)
{
    double frame = ceil((time - start_s) * rate_hz - frame_slack);
    if (!(frame > 0))
        return 0;
    return frame >= (double)n ? n : (uint64_t)frame;
}
