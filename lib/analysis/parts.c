/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channels that come in one block, cut into parts that are analysed at once, each a group of its own. */
#include "analysis/analysis.h"

#include <string.h>

#include "base/base.h"

/* What fills the widest lanes; a wider part gains nothing, and several of them share the work more evenly. */
enum { WIDEST_PART = 16 };

emgp_parts emgp_parts_of(size_t n_channels, size_t n_workers)
{
    if (n_workers < 2)
        return (emgp_parts){ n_channels, 1 };
    const size_t at_once = WIDEST_PART * n_workers, rounds = (n_channels + at_once - 1) / at_once;
    const size_t n = rounds * n_workers;
    return (emgp_parts){ n_channels, n < n_channels ? n : n_channels };
}

size_t emgp_parts_start(const emgp_parts *parts, size_t part)
{
    return parts->n_channels * part / parts->n;
}

emg_status emgp_parts_cut(const emgp_parts *parts, size_t part, const emg_block *block, emgp_cut *cut, emg_block *out,
                          emg_error *err)
{
    const size_t start = emgp_parts_start(parts, part), n = emgp_parts_start(parts, part + 1) - start;
    void *x = cut->x;
    if (!emgp_reserve(&x, &cut->room, 0, block->n_frames * n, sizeof *cut->x))
        return emgp_fail_memory(err);
    cut->x = x;
    for (size_t i = 0; i < block->n_frames; i++)
        memcpy(cut->x + i * n, block->x + i * block->n_channels + start, n * sizeof *cut->x);
    *out = *block;
    out->x = cut->x;
    out->channel = block->channel + start;
    out->n_channels = n;
    return EMG_OK;
}
