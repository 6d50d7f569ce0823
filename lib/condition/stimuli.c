/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Artefacts of marked stimuli bridged ahead of every filter, so that none of them rings over the response. */
#include "condition/condition.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/*  frames, newest on the right:
 *
 *   <- gone, kept for comparison ->|<- lead -> stimulus <- after ->|
 *                                  a straight line from end to end
 *
 * Behind a high-pass of 20 Hz without phase an artefact of 1 ms rings for 20 ms and more on either side. A response that
 * comes 6 ms after its stimulus lies in that, and is one potential with it. */

/* A mark may come so much late (ours). */
static const double lead_s = 0.001;
/* An artefact jumps so many times further from sample to sample than the signal did so long before it: a tap, a cue or a
 * contraction does not (ours). */
static const double jump_ratio = 3, before_s = 0.05;
enum { PIECE = 1024 };

struct emgp_stimuli {
    emgp_stimuli_setup setup;
    size_t n, before, window, room; /* n: channels; frames */
    double *x;                      /* room frames: some that are gone, then those that are not */
    size_t n_rows, n_gone;          /* of them */
    uint64_t first;                 /* frame of the segment at row 0 */
    double start_s;
    size_t next; /* the first stimulus that is not bridged */
};

emg_status emgp_stimuli_new(emgp_stimuli **out, const emgp_stimuli_setup *setup, emg_error *err)
{
    *out = NULL;
    emgp_stimuli *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    s->setup = *setup;
    s->n = setup->n_channels;
    s->before = (size_t)ceil(before_s * setup->rate_hz) + 1;
    s->window = (size_t)ceil((lead_s + setup->after_s) * setup->rate_hz) + 2;
    s->room = s->before + s->window + PIECE;
    s->x = emgp_alloc(s->room * s->n, sizeof *s->x);
    if (!s->x) {
        emgp_stimuli_free(s);
        return emgp_fail_memory(err);
    }
    *out = s;
    return EMG_OK;
}

void emgp_stimuli_free(emgp_stimuli *s)
{
    if (!s)
        return;
    emgp_free(s->x);
    emgp_free(s);
}

void emgp_stimuli_start(emgp_stimuli *s, double start_s)
{
    s->start_s = start_s;
    s->first = 0;
    s->n_rows = s->n_gone = s->next = 0;
}

size_t emgp_stimuli_latency(const emgp_stimuli *s)
{
    return s->window;
}

/* The furthest that a channel jumps from row to row, from `from` to `to`. */
static double furthest(const emgp_stimuli *s, size_t channel, size_t from, size_t to)
{
    double most = 0;
    for (size_t i = from; i < to; i++)
        most = fmax(most, fabs(s->x[(i + 1) * s->n + channel] - s->x[i * s->n + channel]));
    return most;
}

/* Lays a line over rows `from` to end - 1, from the row before to that at `end`; level where the segment ends. */
static void bridge(emgp_stimuli *s, size_t channel, size_t from, size_t end)
{
    double *x = s->x + channel;
    const bool begun = from > 0, ends = end >= s->n_rows;
    if (!begun && ends)
        return;
    const double after = ends ? x[(from - 1) * s->n] : x[end * s->n], before = begun ? x[(from - 1) * s->n] : after;
    for (size_t i = from; i < end && i < s->n_rows; i++)
        x[i * s->n] = before + (after - before) * (double)(i + 1 - from) / (double)(end + 1 - from);
}

/* Bridges a stimulus in the channels in which it left an artefact. */
static void settle(emgp_stimuli *s, const emgp_stimulus *stimulus, double from_frame, double end_frame)
{
    const double row0 = (double)s->first;
    const size_t from = (size_t)fmax(from_frame - row0, 0), end = (size_t)fmax(end_frame - row0, 0);
    const size_t before = from > s->before ? from - s->before : 0, last = end < s->n_rows ? end : s->n_rows - 1;
    for (size_t channel = 0; channel < s->n; channel++) {
        if (stimulus->channel != EMGP_EVERY_CHANNEL && stimulus->channel != channel)
            continue;
        const double usual = from > 0 ? furthest(s, channel, before, from - 1) : 0;
        if (furthest(s, channel, from > 0 ? from - 1 : 0, last) > jump_ratio * usual)
            bridge(s, channel, from, end);
    }
}

/* Bridges what has come with the frames after it; all: what has come at all. */
static void settle_all(emgp_stimuli *s, bool all)
{
    const double rate_hz = s->setup.rate_hz, come = (double)(s->first + s->n_rows);
    for (; s->next < s->setup.n; s->next++) {
        const emgp_stimulus *stimulus = &s->setup.stimuli[s->next];
        const double at = (stimulus->at_s - s->start_s) * rate_hz;
        const double from = ceil(at - lead_s * rate_hz), end = floor(at + s->setup.after_s * rate_hz) + 1;
        if (from >= come || (!all && end >= come))
            return;
        if (end > 0)
            settle(s, stimulus, from, end);
    }
}

static emg_status hand_on(emgp_stimuli *s, size_t to, emg_error *err)
{
    const size_t n = to > s->n_gone ? to - s->n_gone : 0;
    emg_status status = n > 0 ? s->setup.take(s->setup.taker, s->x + s->n_gone * s->n, n, err) : EMG_OK;
    s->n_gone += n;
    const size_t drop = s->n_gone > s->before ? s->n_gone - s->before : 0;
    memmove(s->x, s->x + drop * s->n, (s->n_rows - drop) * s->n * sizeof *s->x);
    s->n_rows -= drop;
    s->n_gone -= drop;
    s->first += drop;
    return status;
}

emg_status emgp_stimuli_push(emgp_stimuli *s, const double *x, size_t n_frames, emg_error *err)
{
    emg_status status = EMG_OK;
    while (n_frames > 0 && status == EMG_OK) {
        const size_t n = n_frames < PIECE ? n_frames : PIECE;
        memcpy(s->x + s->n_rows * s->n, x, n * s->n * sizeof *x);
        s->n_rows += n;
        x += n * s->n;
        n_frames -= n;
        settle_all(s, false);
        status = hand_on(s, s->n_rows > s->window ? s->n_rows - s->window : 0, err);
    }
    return status;
}

emg_status emgp_stimuli_finish(emgp_stimuli *s, emg_error *err)
{
    settle_all(s, true);
    return hand_on(s, s->n_rows, err);
}
