/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channels whose stretches are too short so far: nothing but their samples is kept, until a stretch is worth a group. */
#include "analysis/analysis.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* Samples are kept for no longer than this, however long a stretch must be. */
static const double longest_wait_s = 1;

/* Whether a stretch of so many frames is worth a group's memory. */
static bool is_enough(const emg_config *config, size_t n_frames, double rate_hz)
{
    return (double)n_frames >= fmin(config->episode.segment_least_s, longest_wait_s) * rate_hz;
}

/* What was kept is left out. */
static void give_up(emgp_waiting *w, double rate_hz)
{
    w->short_s += (double)w->n_frames / rate_hz;
    w->n_frames = 0;
}

static emg_status keep(emgp_waiting *w, const emg_block *block, emg_error *err)
{
    size_t used = w->n_frames * block->n_channels, n = block->n_frames * block->n_channels;
    void *x = w->x;
    if (!emgp_reserve(&x, &w->room, used, used + n, sizeof *w->x))
        return emgp_fail_memory(err);
    w->x = x;
    memcpy(w->x + used, block->x, n * sizeof *w->x);
    w->start_s = w->n_frames == 0 ? block->start_s : w->start_s;
    w->n_frames += block->n_frames;
    return EMG_OK;
}

emg_status emgp_waiting_take(emgp_waiting *w, const emg_config *config, const emg_block *block, bool *enough,
                             emg_error *err)
{
    if (block->new_segment)
        give_up(w, block->rate_hz);
    *enough = is_enough(config, w->n_frames + block->n_frames, block->rate_hz);
    return *enough ? EMG_OK : keep(w, block, err);
}

void emgp_waiting_finish(emgp_waiting *w, double rate_hz)
{
    give_up(w, rate_hz);
    emgp_waiting_free(w);
}

void emgp_waiting_free(emgp_waiting *w)
{
    emgp_free(w->x);
    w->x = NULL;
    w->n_frames = w->room = 0;
}
