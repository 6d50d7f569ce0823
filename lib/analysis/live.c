/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A channel where it is live: its levels, and the times at which it began anew. */
#include "analysis/analysis.h"

#include "base/base.h"

bool emgp_live_gap(emgp_live *c, double at_s)
{
    void *times = c->gap_s;
    if (!emgp_reserve(&times, &c->gaps_room, c->n_gaps, c->n_gaps + 1, sizeof *c->gap_s))
        return false;
    c->gap_s = times;
    c->gap_s[c->n_gaps++] = at_s;
    return true;
}

/* The levels of a stretch of the page that is live, or dead, throughout. */
static emg_status take_stretch(emgp_live *c, const emgp_page *page, size_t from, size_t end, emg_error *err)
{
    const bool live = !page->dead[(page->margin + from) / page->bin];
    const double now_s = page->segment_start_s + (double)(page->first + from) / page->rate_hz;
    emg_status status = EMG_OK;
    if (!live && c->live) {
        status = emgp_levels_end(c->levels, err);
    } else if (live && !c->live) {
        emgp_levels_start(c->levels, now_s);
        if (page->first + from > 0 && !emgp_live_gap(c, now_s))
            return emgp_fail_memory(err);
    }
    c->live = live;
    return status == EMG_OK && live ? emgp_levels_push(c->levels, page->x + page->margin + from, end - from, err)
                                    : status;
}

emg_status emgp_live_page(emgp_live *c, const emgp_page *page, emg_error *err)
{
    const uint8_t *dead = page->dead + page->margin / page->bin;
    emg_status status = EMG_OK;
    if (page->starts_segment)
        c->live = false;
    for (size_t from = 0, end; status == EMG_OK && from < page->n_frames; from = end) {
        end = from + page->bin;
        while (end < page->n_frames && dead[end / page->bin] == dead[from / page->bin])
            end += page->bin;
        end = end < page->n_frames ? end : page->n_frames;
        status = take_stretch(c, page, from, end, err);
    }
    return status == EMG_OK && page->ends_segment && c->live ? emgp_levels_end(c->levels, err) : status;
}

void emgp_live_free(emgp_live *c)
{
    emgp_levels_free(c->levels);
    emgp_free(c->gap_s);
}
