/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments grow at the end of a bounded list. */
#include "reading/source/source.h"

#include "base/base.h"

emg_status emgp_segments_begin(emg_recording *rec, double start_s, double end_s, emg_error *err)
{
    size_t n = rec->facts.n_segments;
    if (n >= EMGP_MOST_SEGMENTS)
        return emgp_fail(err, EMG_EUNSUPPORTED, "more than %d gaps in the recording: split it", EMGP_MOST_SEGMENTS);
    void *segments = rec->segments;
    if (!emgp_reserve(&segments, &rec->segments_room, n, n + 1, sizeof *rec->segments))
        return emgp_fail_memory(err);
    rec->segments = segments;
    rec->segments[n] = (emg_segment){ start_s, end_s - start_s };
    rec->facts.n_segments++;
    return EMG_OK;
}

void emgp_segments_end(emg_recording *rec, double end_s)
{
    if (rec->facts.n_segments == 0)
        return;
    emg_segment *last = &rec->segments[rec->facts.n_segments - 1];
    last->duration_s = end_s - last->start_s;
    if (!(last->duration_s > 0))
        rec->facts.n_segments--;
}

void emgp_segments_sum(emg_recording *rec)
{
    rec->facts.duration_s = 0;
    for (size_t i = 0; i < rec->facts.n_segments; i++)
        rec->facts.duration_s += rec->segments[i].duration_s;
    emgp_windows_sum(rec);
}
