/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several channels made one muscle: their events side by side, clusters of them one; the strongest speaks for all. */
#include "analysis/analysis.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static const double same_instant_s = 0.010, rounding_s = 1e-9;

typedef struct cluster {
    bool open;
    emg_event strongest;
    double first_s, end_s, peak_s; /* earliest onset, latest end; peak of the first */
    uint64_t *seen;                /* per stream: number of the cluster it last had an event in */
    uint64_t number;
} cluster;

static bool is_point(const emg_event *event)
{
    return event->trial_type != EMG_EVOKED && event->trial_type != EMG_TONIC && event->count <= 1 &&
           !(event->frequency_hz > 0);
}

/* Single discharges are one whatever each channel makes of them, when they peak at the same instant (the onset depends
 * on how far each stands out of its noise); episodes, and evoked responses with all their parts, must be of one class. */
static bool belongs(const cluster *c, size_t stream, const emg_event *event)
{
    if (!c->open || c->seen[stream] == c->number || is_point(event) != is_point(&c->strongest))
        return false;
    if (is_point(event))
        return fabs(event->peak_s - c->peak_s) <= same_instant_s + rounding_s;
    return event->trial_type == c->strongest.trial_type && event->onset_s <= c->end_s;
}

static void absorb(cluster *c, const emg_event *event)
{
    double end = event->onset_s + event->duration_s;
    bool stronger = event->snr_db > c->strongest.snr_db;
    if (stronger)
        c->strongest = *event;
    if (end > c->end_s)
        c->end_s = end;
    c->strongest.onset_s = c->first_s; /* it began where it began first */
    c->strongest.duration_s = is_point(event) ? c->strongest.duration_s : c->end_s - c->first_s;
}

static void begin(cluster *c, const emg_event *event)
{
    c->open = true;
    c->number++;
    c->strongest = *event;
    c->first_s = event->onset_s;
    c->end_s = event->onset_s + event->duration_s;
    c->peak_s = event->peak_s;
}

static emg_status walk(emgp_merge *merge, cluster *c, emgp_muscle_take *take, void *context, emg_error *err)
{
    for (;;) {
        size_t stream;
        const void *record;
        emg_status status = emgp_merge_next(merge, &stream, &record, err);
        if (status)
            return status;
        if (!record)
            return c->open ? take(context, &c->strongest, err) : EMG_OK;
        emg_event event;
        memcpy(&event, record, sizeof event);
        if (belongs(c, stream, &event)) {
            absorb(c, &event);
        } else {
            if (c->open && (status = take(context, &c->strongest, err)) != EMG_OK)
                return status;
            begin(c, &event);
        }
        c->seen[stream] = c->number;
    }
}

emg_status emgp_muscle_merge(const emgp_spill *events, size_t first, size_t n, emgp_muscle_take *take, void *context,
                             emg_error *err)
{
    emgp_merge *merge = NULL;
    cluster c = { .seen = emgp_alloc(n, sizeof *c.seen) };
    emg_status status = c.seen ? emgp_merge_new(&merge, events, first, n, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = walk(merge, &c, take, context, err);
    emgp_merge_free(merge);
    emgp_free(c.seen);
    return status;
}

emg_status emgp_muscle_gather(emgp_spill **out, const emg_result *r, uint32_t muscle, const emgp_spill *channel_events,
                              const char *directory, emg_error *err)
{
    const size_t n = r->muscles[muscle].n_channels;
    size_t place = 0;
    emg_status status = emgp_spill_new(out, n * EMGP_N_STREAMS, sizeof(emg_event), EMGP_SPILL_BUDGET, directory, err);
    for (size_t c = 0; c < r->n_channels; c++) {
        if (r->muscle_of[c] != muscle)
            continue;
        for (size_t kind = 0; status == EMG_OK && kind < EMGP_N_STREAMS; kind++)
            status = emgp_spill_append(*out, kind * n + place, channel_events, c * EMGP_N_STREAMS + kind, err);
        place++;
    }
    return status;
}

void emgp_muscle_inherit(emg_result *r, uint32_t muscle)
{
    emg_summary *m = &r->muscles[muscle];
    size_t best = 0;
    while (r->muscle_of[best] != muscle) /* every muscle has a channel */
        best++;
    for (size_t c = best + 1; c < r->n_channels; c++)
        if (r->muscle_of[c] == muscle && r->channels[c].counts.n_events > r->channels[best].counts.n_events)
            best = c;
    m->strongest_channel = best;
    m->calibrated = r->channels[best].calibrated;
    m->rate_hz = r->channels[best].rate_hz;
    m->signal = r->channels[best].signal;
}
