/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a channel rested: what is left of its time without flags, activity, and noise in which nothing would be seen. */
#include "analysis/analysis.h"

#include <math.h>

enum { NOISY, FLAGGED, EPISODES, CONTRACTIONS, N_KINDS, BUDGET = 1 << 17 };

struct emgp_rest {
    emgp_spill *stretches; /* that are no rest, of each kind by onset */
};

emg_status emgp_restless_note(emgp_spill *restless, size_t stream, double from_s, double to_s, emg_error *err)
{
    const emgp_stretch stretch = { from_s, to_s };
    return emgp_spill_push(restless, stream, &stretch, err);
}

emg_status emgp_restless_page(emgp_spill *restless, size_t channel, const emgp_page *page, bool quiet, emg_error *err)
{
    const size_t margin = page->margin / page->bin, n = (page->n_frames + page->bin - 1) / page->bin;
    const double start_s = page->segment_start_s + (double)page->first / page->rate_hz;
    const double seconds = (double)page->n_frames / page->rate_hz, bin_s = (double)page->bin / page->rate_hz;
    const size_t stream = EMGP_RESTLESS_NOISY(channel);
    if (!quiet)
        return emgp_restless_note(restless, stream, start_s, start_s + seconds, err);
    emg_status status = EMG_OK;
    for (size_t b = 0, from; status == EMG_OK && b < n; b++) {
        for (from = b; b < n && (page->clipped[margin + b] || page->dead[margin + b]); b++)
            ;
        if (b > from)
            status = emgp_restless_note(restless, stream, start_s + (double)from * bin_s,
                                        start_s + fmin((double)b * bin_s, seconds), err);
    }
    return status;
}

emg_status emgp_rest_new(emgp_rest **out, const char *directory, emg_error *err)
{
    emgp_rest *r = emgp_alloc(1, sizeof *r);
    if (!r)
        return emgp_fail_memory(err);
    emg_status status = emgp_spill_new(&r->stretches, N_KINDS, sizeof(emgp_stretch), BUDGET, directory, err);
    if (status) {
        emgp_free(r);
        return status;
    }
    *out = r;
    return EMG_OK;
}

void emgp_rest_free(emgp_rest *r)
{
    if (!r)
        return;
    emgp_spill_free(r->stretches);
    emgp_free(r);
}

/* Discharges and jerks leave the muscle at rest; a response is no episode of its own either. */
static bool is_activity(emgp_stream stream, const emg_event *event)
{
    return (stream == EMGP_EPISODES || stream == EMGP_CONTRACTIONS || stream == EMGP_CLAIMS) &&
           event->trial_type != EMG_INDETERMINATE;
}

emg_status emgp_rest_event(emgp_rest *r, emgp_stream stream, const emg_event *event, emg_error *err)
{
    const emgp_stretch stretch = { event->onset_s, event->onset_s + event->duration_s };
    if (!is_activity(stream, event))
        return EMG_OK;
    return emgp_spill_push(r->stretches, stream == EMGP_EPISODES ? EPISODES : CONTRACTIONS, &stretch, err);
}

/* Time that the stretches cover, each moment once. */
static emg_status cover(const emgp_rest *r, emgp_sketch *sketch, double *seconds, emg_error *err)
{
    emgp_merge *merge = NULL;
    const void *record = NULL;
    size_t kind;
    double end = -INFINITY;
    *seconds = 0;
    emg_status status = emgp_merge_new(&merge, r->stretches, 0, N_KINDS, err);
    while (status == EMG_OK && (status = emgp_merge_next(merge, &kind, &record, err)) == EMG_OK && record) {
        const emgp_stretch *s = record;
        *seconds += fmax(0, s->to_s - fmax(s->from_s, end));
        if (sketch)
            emgp_sketch_restless(sketch, fmax(s->from_s, end), s->to_s);
        end = fmax(end, s->to_s);
    }
    emgp_merge_free(merge);
    return status;
}

emg_status emgp_rest_measure(emgp_rest *r, const emgp_spill *restless, size_t channel, double all_s,
                             emgp_sketch *sketch, double *rest_s, emg_error *err)
{
    double covered = 0;
    emg_status status = emgp_spill_append(r->stretches, NOISY, restless, EMGP_RESTLESS_NOISY(channel), err);
    if (status == EMG_OK)
        status = emgp_spill_append(r->stretches, FLAGGED, restless, EMGP_RESTLESS_FLAGGED(channel), err);
    if (status == EMG_OK)
        status = cover(r, sketch, &covered, err);
    const double left = all_s - covered;
    *rest_s = left > 1e-6 ? left : 0; /* sums of many stretches end that near */
    return status;
}
