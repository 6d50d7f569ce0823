/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mirrors the ends of a segment, holding no more of it than the mirror shows. */
#include "dsp/filter/filter.h"

#include <string.h>

#include "base/base.h"

/*   before        segment                     after
 *   <--mirror--| first ....................last |--mirror-->
 *
 * `held` is a ring of the newest reach + 1 frames. Until the first reach + 1 have come nothing is given on: the mirror
 * before the first frame begins with the last of them. */
struct emgp_edges {
    emg_filter_padding padding;
    size_t reach, room, n_channels;
    bool both, begun;
    emg_take_frames *filter, *take;
    void *filter_context, *take_context;
    double *held;
    double *frame;  /* one mirrored frame */
    size_t n_held;  /* frames in the ring */
    size_t at;      /* where the next one goes */
    size_t before;  /* frames of output still to drop */
    size_t n_taken; /* frames of the segment so far */
    size_t n_given; /* frames of output that have left */
};

emg_status emgp_edges_new(emgp_edges **out, emg_filter_padding padding, size_t reach, bool both, size_t n_channels,
                          emg_take_frames *filter, void *filter_context, emg_take_frames *take, void *take_context,
                          emg_error *err)
{
    *out = NULL;
    emgp_edges *e = emgp_alloc(1, sizeof *e);
    if (!e)
        return emgp_fail_memory(err);
    bool mirrored = padding == EMG_FILTER_PAD_ODD || padding == EMG_FILTER_PAD_EVEN;
    *e = (emgp_edges){ .padding = padding,
                       .reach = mirrored ? reach : 0,
                       .both = both,
                       .n_channels = n_channels,
                       .filter = filter,
                       .filter_context = filter_context,
                       .take = take,
                       .take_context = take_context };
    size_t n = 0;
    e->room = e->reach + 1;
    e->frame = emgp_alloc(n_channels, sizeof *e->frame);
    e->held = emgp_multiply(e->room, n_channels, &n) ? emgp_alloc(n, sizeof *e->held) : NULL;
    if (!e->frame || !e->held) {
        emgp_edges_free(e);
        return emgp_fail_memory(err);
    }
    *out = e;
    return EMG_OK;
}

void emgp_edges_free(emgp_edges *e)
{
    if (!e)
        return;
    emgp_free(e->held);
    emgp_free(e->frame);
    emgp_free(e);
}

/* The frame that came `back` frames before the newest. */
static const double *held(const emgp_edges *e, size_t back)
{
    return e->held + (e->at + 2 * e->room - 1 - back) % e->room * e->n_channels;
}

/* Gives the frame that stands opposite `there` in the mirror at `end`. */
static emg_status give_mirrored(emgp_edges *e, const double *end, const double *there, emg_error *err)
{
    for (size_t channel = 0; channel < e->n_channels; channel++)
        e->frame[channel] = e->padding == EMG_FILTER_PAD_ODD ? 2 * end[channel] - there[channel] : there[channel];
    return e->filter(e->filter_context, e->frame, 1, err);
}

static emg_status give_zeros(emgp_edges *e, emg_error *err)
{
    memset(e->frame, 0, e->n_channels * sizeof *e->frame);
    return e->filter(e->filter_context, e->frame, 1, err);
}

/* The filter's input begins: what goes before the segment, then what of it is held. */
static emg_status begin(emgp_edges *e, emg_error *err)
{
    emg_status status = EMG_OK;
    e->begun = true;
    size_t first = e->n_held - 1; /* frames back from the newest */
    e->before = e->padding == EMG_FILTER_PAD_ZERO ? 1 : first;
    if (e->padding == EMG_FILTER_PAD_ZERO)
        status = give_zeros(e, err);
    for (size_t k = 0; status == EMG_OK && k < first; k++)
        status = give_mirrored(e, held(e, first), held(e, k), err);
    for (size_t k = first + 1; status == EMG_OK && k-- > 0;)
        status = e->filter(e->filter_context, held(e, k), 1, err);
    return status;
}

static void hold(emgp_edges *e, const double *x)
{
    memcpy(e->held + e->at * e->n_channels, x, e->n_channels * sizeof *x);
    e->at = (e->at + 1) % e->room;
    e->n_held += e->n_held < e->room;
}

emg_status emgp_edges_push(emgp_edges *e, const double *x, size_t n_frames, emg_error *err)
{
    size_t t = 0;
    e->n_taken += n_frames;
    for (; t < n_frames && !e->begun; t++) {
        hold(e, x + t * e->n_channels);
        emg_status status = e->n_held == e->room ? begin(e, err) : EMG_OK;
        if (status)
            return status;
    }
    if (t == n_frames)
        return EMG_OK;
    for (size_t i = n_frames - t > e->room ? n_frames - e->room : t; i < n_frames; i++)
        hold(e, x + i * e->n_channels);
    return e->filter(e->filter_context, x + t * e->n_channels, n_frames - t, err);
}

emg_status emgp_edges_finish(emgp_edges *e, emg_error *err)
{
    emg_status status = EMG_OK;
    if (e->n_held > 0 && !e->begun)
        status = begin(e, err);
    if (e->n_held == 0 || !e->both)
        return status;
    if (status == EMG_OK && e->padding == EMG_FILTER_PAD_ZERO)
        status = give_zeros(e, err);
    for (size_t k = 1; status == EMG_OK && k < e->n_held; k++)
        status = give_mirrored(e, held(e, 0), held(e, k), err);
    return status;
}

void emgp_edges_reset(emgp_edges *e)
{
    e->n_held = e->at = e->before = e->n_taken = e->n_given = 0;
    e->begun = false;
}

emg_status emgp_edges_output(void *edges, const double *y, size_t n_frames, emg_error *err)
{
    emgp_edges *e = edges;
    size_t drop = e->before < n_frames ? e->before : n_frames, left = e->n_taken - e->n_given;
    e->before -= drop;
    n_frames -= drop;
    if (n_frames > left)
        n_frames = left;
    e->n_given += n_frames;
    return n_frames > 0 ? e->take(e->take_context, y + drop * e->n_channels, n_frames, err) : EMG_OK;
}
