/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of channels of one rate, in the order in which the rates first occur in the file. */
#include "reading/source/source.h"

#include <math.h>

#include "base/base.h"

/* Frames are exact multiples of the sampling interval; a time that was printed and read again is not quite. */
static const double frame_slack = 1e-6;

static bool same_rate(const emg_channel *a, const emg_channel *b)
{
    return !(a->rate_hz < b->rate_hz) && !(a->rate_hz > b->rate_hz);
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

emg_status emgp_groups_make(emgp_groups *out, const emg_channel *channels, size_t n, size_t group_size, emg_error *err)
{
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
            if (taken[j] || !channels[j].selected || !same_rate(&channels[i], &channels[j]))
                continue;
            taken[j] = true;
            add_to_group(out, j, channels[j].rate_hz, j == i, group_size);
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
