/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks put together again: what does not follow must say so, what follows must follow exactly. */
#include "support/test.h"

#include "gather.h"

#include <math.h>
#include <stdlib.h>

static void add(gathered_channel *c, double x, double time_s)
{
    if (c->n == c->room) {
        c->room = c->room ? 2 * c->room : 1024;
        c->x = realloc(c->x, c->room * sizeof *c->x);
        c->time_s = realloc(c->time_s, c->room * sizeof *c->time_s);
        assert_true(c->x && c->time_s);
    }
    c->x[c->n] = x;
    c->time_s[c->n++] = time_s;
}

static void take_channel(gathered *out, const emg_recording *rec, const emg_block *block, size_t channel)
{
    const emg_channel *facts = emg_recording_channel(rec, block->channel[channel]);
    assert_non_null(facts);
    assert_true(facts->selected && facts->usable);
    assert_true(fabs(facts->rate_hz - block->rate_hz) <= 0);
    gathered_channel *c = &out->channel[block->channel[channel]];
    double step = 1.0 / block->rate_hz, due = c->n ? c->time_s[c->n - 1] + step : block->start_s;
    if (block->new_segment)
        assert_true(c->n == 0 || block->start_s > due - step / 2);
    else
        assert_true(c->n > 0 && fabs(block->start_s - due) < step / 100);
    c->n_starts += block->new_segment;
    for (size_t i = 0; i < block->n_frames; i++) {
        double x = block->x[i * block->n_channels + channel];
        assert_true(isfinite(x));
        add(c, x, block->start_s + (double)i * step);
    }
}

emg_recording *open_built(const bytes *b, const emg_reading *reading)
{
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    if (emg_recording_open_memory(&rec, b->at, b->n, "test", reading, &err))
        fail_msg("%s", err.text);
    return rec;
}

emg_status gather(gathered *out, emg_recording *rec, emg_error *err)
{
    *out = (gathered){ .n_channels = emg_recording_get_facts(rec)->n_channels };
    out->channel = calloc(out->n_channels + 1, sizeof *out->channel);
    assert_non_null(out->channel);
    for (;;) {
        emg_block block;
        emg_status status = emg_recording_next(rec, &block, err);
        if (status != EMG_OK || block.n_frames == 0)
            return status;
        assert_true(block.n_channels >= 1);
        out->n_blocks++;
        if (block.n_frames > out->most_frames)
            out->most_frames = block.n_frames;
        if (block.n_channels > out->most_channels)
            out->most_channels = block.n_channels;
        for (size_t channel = 0; channel < block.n_channels; channel++)
            take_channel(out, rec, &block, channel);
    }
}

void gathered_free(gathered *all)
{
    for (size_t i = 0; i < all->n_channels; i++) {
        free(all->channel[i].x);
        free(all->channel[i].time_s);
    }
    free(all->channel);
    *all = (gathered){ 0 };
}
