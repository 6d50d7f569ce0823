/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue of frames for each stream; a slice leaves when every queue holds it.
 *
 *     source 0   |====segment 0====|==segment 1=      a slice is taken from the same segment of all;
 *     source 1   |====segment 0==                     what is left of a segment leaves when all have ended it
 */
#include "run/filter/filter.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* A segment of one source that is not yet wholly handed on. */
typedef struct segment {
    double start_s;
    uint64_t n_frames, n_taken; /* pushed so far, and of them handed on */
} segment;

typedef struct queue {
    emgp_slice_source source;
    double *x, *last; /* frames from `at` on, those of later segments behind; the frame handed on last */
    size_t at, n, room;
    segment *segments; /* from `first` on; the last one is open */
    size_t first, n_segments, room_segments;
    uint64_t divisor;
} queue;

struct emgp_slices {
    queue *queues;
    size_t n_queues, n_segments;
    const double **x, **end;
    size_t *n_frames;
    bool ended;
    emgp_take_slice *take;
    void *context;
};

emg_status emgp_slices_new(emgp_slices **out, const emgp_slice_source *sources, size_t n_sources, emgp_take_slice *take,
                           void *context, emg_error *err)
{
    *out = NULL;
    emgp_slices *r = emgp_alloc(1, sizeof *r);
    if (!r)
        return emgp_fail_memory(err);
    r->take = take;
    r->context = context;
    r->n_queues = n_sources;
    r->queues = emgp_alloc(n_sources, sizeof *r->queues);
    r->x = emgp_alloc(n_sources, sizeof *r->x);
    r->end = emgp_alloc(n_sources, sizeof *r->end);
    r->n_frames = emgp_alloc(n_sources, sizeof *r->n_frames);
    bool whole = r->queues && r->x && r->end && r->n_frames;
    for (size_t i = 0; i < n_sources && whole; i++) {
        r->queues[i].source = sources[i];
        r->queues[i].last = emgp_alloc(sources[i].n_channels, sizeof *r->queues[i].last);
        whole = r->queues[i].last != NULL;
    }
    if (!whole) {
        emgp_slices_free(r);
        return emgp_fail_memory(err);
    }
    *out = r;
    return EMG_OK;
}

void emgp_slices_free(emgp_slices *r)
{
    if (!r)
        return;
    for (size_t i = 0; r->queues && i < r->n_queues; i++) {
        emgp_free(r->queues[i].x);
        emgp_free(r->queues[i].last);
        emgp_free(r->queues[i].segments);
    }
    emgp_free(r->queues);
    emgp_free(r->x);
    emgp_free(r->end);
    emgp_free(r->n_frames);
    emgp_free(r);
}

size_t emgp_slices_n_segments(const emgp_slices *r)
{
    return r->n_segments;
}

uint64_t emgp_slices_divisor(const emgp_slices *r, size_t source)
{
    return r->queues[source].divisor;
}

/* --- one queue --- */

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static size_t n_waiting(const queue *q)
{
    return q->n_segments - q->first;
}

/* Frames of the oldest segment that wait. */
static uint64_t n_due(const queue *q)
{
    const segment *s = &q->segments[q->first];
    return s->n_frames - s->n_taken;
}

/* Whether the oldest segment will get no more frames. */
static bool closed(const emgp_slices *r, const queue *q)
{
    return n_waiting(q) > 1 || r->ended;
}

static void close_last(queue *q)
{
    if (n_waiting(q) > 0)
        q->divisor = common_divisor(q->divisor, q->segments[q->n_segments - 1].n_frames);
}

static emg_status add_segment(queue *q, double start_s, emg_error *err)
{
    if (q->first > 0) {
        memmove(q->segments, q->segments + q->first, n_waiting(q) * sizeof *q->segments);
        q->n_segments -= q->first;
        q->first = 0;
    }
    void *segments = q->segments;
    if (!emgp_reserve(&segments, &q->room_segments, q->n_segments, q->n_segments + 1, sizeof *q->segments))
        return emgp_fail_memory(err);
    q->segments = segments;
    q->segments[q->n_segments++] = (segment){ .start_s = start_s };
    return EMG_OK;
}

static emg_status add_frames(queue *q, const double *x, size_t n_frames, emg_error *err)
{
    size_t width = q->source.n_channels;
    if (q->at > q->n / 2) {
        memmove(q->x, q->x + q->at * width, (q->n - q->at) * width * sizeof *q->x);
        q->n -= q->at;
        q->at = 0;
    }
    void *frames = q->x;
    if (!emgp_reserve(&frames, &q->room, q->n, q->n + n_frames, width * sizeof *q->x))
        return emgp_fail_memory(err);
    q->x = frames;
    memcpy(q->x + q->n * width, x, n_frames * width * sizeof *q->x);
    q->n += n_frames;
    q->segments[q->n_segments - 1].n_frames += n_frames;
    return EMG_OK;
}

static void drop_frames(queue *q, size_t n)
{
    size_t width = q->source.n_channels;
    if (n > 0)
        memcpy(q->last, q->x + (q->at + n - 1) * width, width * sizeof *q->last);
    q->at += n;
    q->segments[q->first].n_taken += n;
}

/* --- slices --- */

static emg_status check_starts(const emgp_slices *r, double *start_s, emg_error *err)
{
    double first = INFINITY, last = -INFINITY, slowest = INFINITY;
    for (size_t i = 0; i < r->n_queues; i++) {
        double start = r->queues[i].segments[r->queues[i].first].start_s;
        first = fmin(first, start);
        last = fmax(last, start);
        slowest = fmin(slowest, r->queues[i].source.rate_hz);
    }
    *start_s = first;
    if ((last - first) * slowest > 1.001)
        return emgp_fail(err, EMG_EUNSUPPORTED,
                         "at %g s a stretch is too short for one sample of the slowest channel: take only channels of "
                         "one rate",
                         first);
    return EMG_OK;
}

static double next_start(const emgp_slices *r)
{
    double next = INFINITY;
    for (size_t i = 0; i < r->n_queues; i++)
        if (n_waiting(&r->queues[i]) > 1)
            next = fmin(next, r->queues[i].segments[r->queues[i].first + 1].start_s);
    return next;
}

static emg_status hand_on(emgp_slices *r, bool partial, emg_error *err)
{
    emgp_slice slice = { .x = r->x, .n_frames = r->n_frames, .partial = partial, .end = r->end, .next_s = INFINITY };
    emg_status status = check_starts(r, &slice.segment_s, err);
    if (status != EMG_OK)
        return status;
    slice.begins = true;
    for (size_t i = 0; i < r->n_queues; i++) {
        const queue *q = &r->queues[i];
        size_t width = q->source.n_channels, n = q->source.per_slice;
        if (n_due(q) < n)
            n = (size_t)n_due(q);
        r->n_frames[i] = n;
        r->x[i] = q->x + q->at * width;
        bool any = q->segments[q->first].n_taken > 0;
        r->end[i] = n > 0 ? r->x[i] + (n - 1) * width : any ? q->last : NULL;
        slice.begins = slice.begins && !any;
    }
    if (partial)
        slice.next_s = next_start(r);
    status = r->take(r->context, &slice, err);
    for (size_t i = 0; i < r->n_queues; i++)
        drop_frames(&r->queues[i], r->n_frames[i]);
    return status;
}

typedef enum readiness { WAIT, FULL, LAST, DONE } readiness;

/* What may leave of the oldest segment: a full slice, the rest, nothing yet, or nothing any more. */
static readiness ready(const emgp_slices *r)
{
    bool full = true, all_closed = true, any = false;
    for (size_t i = 0; i < r->n_queues; i++) {
        const queue *q = &r->queues[i];
        if (n_waiting(q) == 0)
            return WAIT;
        full = full && n_due(q) >= q->source.per_slice;
        all_closed = all_closed && closed(r, q);
        any = any || n_due(q) > 0;
    }
    return full ? FULL : !all_closed ? WAIT : any ? LAST : DONE;
}

static emg_status hand_on_all(emgp_slices *r, emg_error *err)
{
    emg_status status = EMG_OK;
    for (;;) {
        switch (ready(r)) {
        case WAIT:
            return EMG_OK;
        case DONE:
            for (size_t i = 0; i < r->n_queues; i++)
                r->queues[i].first++;
            break;
        case FULL:
            status = hand_on(r, false, err);
            break;
        case LAST:
            status = hand_on(r, true, err);
            break;
        }
        if (status != EMG_OK)
            return status;
    }
}

emg_status emgp_slices_begin(emgp_slices *r, size_t source, double start_s, emg_error *err)
{
    queue *q = &r->queues[source];
    close_last(q);
    emg_status status = add_segment(q, start_s, err);
    if (source == 0)
        r->n_segments++;
    return status == EMG_OK ? hand_on_all(r, err) : status;
}

emg_status emgp_slices_push(emgp_slices *r, size_t source, const double *x, size_t n_frames, emg_error *err)
{
    emg_status status = add_frames(&r->queues[source], x, n_frames, err);
    return status == EMG_OK ? hand_on_all(r, err) : status;
}

emg_status emgp_slices_end(emgp_slices *r, emg_error *err)
{
    for (size_t i = 0; i < r->n_queues; i++)
        close_last(&r->queues[i]);
    r->ended = true;
    return hand_on_all(r, err);
}
