/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits while trains are found: when their bursts are, until a train has its word, and trains until all of a channel are known. */
#include "analysis/evidence/evidence.h"

#include <math.h>

emg_status emgp_times_push(const emgp_times *times, const emgp_burst_time *time, emg_error *err)
{
    return times->spill ? emgp_spill_push(times->spill, times->stream, time, err) : EMG_OK;
}

emg_status emgp_times_move(emgp_times_reader *from, uint32_t train, const emgp_times *to, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK) {
        if (!from->there)
            status = emgp_spill_copy(&from->cursor, &from->time, sizeof from->time, &from->there, err);
        if (!from->there || from->time.train > train)
            break;
        from->there = false;
        if (from->time.train == train)
            status = emgp_times_push(to, &from->time, err);
    }
    return status;
}

enum { TRAINS_BUDGET = 1 << 17 };

emg_status emgp_kindred_new(emgp_kindred *k, const char *directory, emg_error *err)
{
    *k = (emgp_kindred){ 0 };
    return emgp_spill_new(&k->trains, 1, sizeof(emgp_stretch_found), TRAINS_BUDGET, directory, err);
}

void emgp_kindred_free(emgp_kindred *k)
{
    emgp_spill_free(k->trains);
    k->trains = NULL;
}

emg_status emgp_kindred_push(emgp_kindred *k, const emgp_stretch_found *train, size_t n_compared, emg_error *err)
{
    const emgp_evidence *e = &train->evidence;
    emgp_kindred_sums *all = &k->sums[train->family];
    all->cycles += e->cycles;
    all->shapes += e->shape_share * e->cycles;
    all->sizes += e->size_scatter * e->cycles;
    all->discharges += e->cycle_discharges * e->cycles;
    if (isfinite(e->unit_like)) {
        all->compared += (double)n_compared;
        all->units += e->unit_like * (double)n_compared;
    }
    return emgp_spill_push(k->trains, 0, train, err);
}

static void tell(const emgp_kindred_sums *all, emgp_evidence *e)
{
    e->like_shape = all->shapes / all->cycles;
    e->like_sizes = all->sizes / all->cycles;
    e->like_discharges = all->discharges / all->cycles;
    e->like_unit = all->compared > 0 ? all->units / all->compared : NAN;
}

emg_status emgp_kindred_give(emgp_kindred *k, emgp_stretch_take *take, void *context, emg_error *err)
{
    emgp_spill_cursor cursor;
    emgp_stretch_found train;
    bool there;
    emg_status status = EMG_OK;
    emgp_spill_start(&cursor, k->trains, 0);
    while (status == EMG_OK && (status = emgp_spill_copy(&cursor, &train, sizeof train, &there, err)) == EMG_OK &&
           there) {
        tell(&k->sums[train.family], &train.evidence);
        status = take(context, &train, err);
    }
    emgp_spill_stop(&cursor);
    return status;
}
