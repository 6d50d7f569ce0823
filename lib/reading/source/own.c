/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks cut to the stretches of their own channels, where marks are about one channel alone. */
#include "reading/source/source.h"

#include <math.h>

#include "base/base.h"

/* When a frame of the block was taken: counted from its segment's start, so that it does not depend on how blocks are cut. */
static double time_of(const emg_recording *rec, const emg_block *block, size_t frame)
{
    size_t low = 0, high = rec->facts.n_segments; /* the last that begins before the block's first frame ends */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (rec->segments[middle].start_s <= block->start_s + 0.5 / block->rate_hz)
            low = middle;
        else
            high = middle;
    }
    double start_s = rec->facts.n_segments > 0 ? rec->segments[low].start_s : 0;
    return start_s + (rint((block->start_s - start_s) * block->rate_hz) + (double)frame) / block->rate_hz;
}

/* The first stretch that ends after a frame of the block; n: none does. */
static size_t window_after(const emgp_windows *windows, const emg_block *block, double start_s, size_t frame)
{
    size_t low = 0, high = windows->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (emgp_frame_at(start_s, block->rate_hz, block->n_frames, windows->list[middle].to_s) > frame)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static size_t group_of(const emgp_groups *groups, const emg_block *block)
{
    size_t i = 0;
    while (groups->channel + groups->group[i].first != block->channel)
        i++;
    return i;
}

/* The next piece of the block that was read last; false when nothing of it is left. */
static bool next_piece(const emg_recording *rec, emgp_own_course *own, emg_block *piece)
{
    const emg_block *block = &own->block;
    const emgp_windows *windows = &rec->own[block->channel[0]];
    double start_s = time_of(rec, block, 0);
    size_t n = block->n_frames, window = window_after(windows, block, start_s, own->at);
    uint64_t from = n, to = n;
    if (window < windows->n) {
        from = emgp_frame_at(start_s, block->rate_hz, n, windows->list[window].from_s);
        to = emgp_frame_at(start_s, block->rate_hz, n, windows->list[window].to_s);
    }
    from = from > own->at ? from : own->at;
    const bool first = own->at == 0 && from == 0;
    own->at = (size_t)(from < n ? to : n);
    if (from >= n)
        return false;
    size_t *last = &own->last[group_of(&rec->groups, block)];
    *piece = *block;
    piece->n_frames = (size_t)(to - from);
    piece->x = block->x + from * block->n_channels;
    piece->start_s = time_of(rec, block, (size_t)from);
    piece->new_segment = (first && block->new_segment) || *last != window + 1;
    *last = window + 1;
    return true;
}

emg_status emgp_own_next(emg_recording *rec, emg_block *block, emg_error *err)
{
    emgp_own_course *own = &rec->own_course;
    if (!own->last)
        own->last = emgp_alloc(rec->groups.n, sizeof *own->last);
    if (!own->last)
        return emgp_fail_memory(err);
    for (;;) {
        if (own->at < own->block.n_frames && next_piece(rec, own, block))
            return EMG_OK;
        if (own->at < own->block.n_frames)
            continue;
        own->block = (emg_block){ 0 };
        own->at = 0;
        emg_status status = rec->reader->next(rec, &own->block, err);
        if (status == EMG_OK && own->block.n_frames > 0)
            continue;
        *block = own->block;
        return status;
    }
}
