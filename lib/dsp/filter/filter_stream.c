/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A designed filter at work: the door, the edges, and one of three ways to filter. */
#include <emg/filter.h>
#include <emg/filter_stream.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "dsp/filter/filter.h"

static const double forgotten = 1e-12; /* of the impulse response's absolute sum, beyond the look-ahead */
static const double most_magnitude = 1e30, least_magnitude = 1e-30;
enum { MOST_AHEAD = 1 << 23, LEAST_AHEAD = 64, LONG_AHEAD = 1 << 14, PIECE = 256 };

struct emg_filter_stream {
    size_t n_channels;
    emgp_edges *edges;
    emgp_zerophase *sections; /* this, */
    emgp_convolve *taps;      /* or this */
    size_t latency;
    double *x; /* PIECE frames with nothing in them that a filter could choke on */
};

static emg_status push_inner(void *context, const double *x, size_t n_frames, emg_error *err)
{
    emg_filter_stream *s = context;
    return s->taps ? emgp_convolve_push(s->taps, x, n_frames, err) : emgp_zerophase_push(s->sections, x, n_frames, err);
}

static emg_status finish_inner(emg_filter_stream *s, emg_error *err)
{
    return s->taps ? emgp_convolve_finish(s->taps, err) : emgp_zerophase_finish(s->sections, err);
}

/* Refuses what would hold too many samples. */
static emg_status check_held(size_t rows, size_t n_channels, double rate_hz, emg_error *err)
{
    if (rows <= EMGP_MOST_HELD / n_channels)
        return EMG_OK;
    return emgp_fail(err, EMG_ERANGE,
                     "this filter holds %zu frames at %g Hz, for %zu channels more than %d samples in all; take fewer "
                     "channels at a time, a higher corner or a lower order",
                     rows, rate_hz, n_channels, EMGP_MOST_HELD);
}

/* Short look-aheads get chunks of four times their length, which costs a quarter of a pass; long ones half of
 * their length, which costs two passes and saves memory. */
static size_t chunk_for(size_t ahead)
{
    size_t wide = 4 * (ahead < LONG_AHEAD ? ahead : (size_t)LONG_AHEAD);
    return ahead / 2 > wide ? ahead / 2 : wide;
}

static emg_status make_sections(emg_filter_stream *s, const emg_filter *f, bool zero_phase, size_t reach,
                                emg_error *err)
{
    size_t ahead = 0;
    if (zero_phase) {
        ahead = emgp_sections_settle(f->sections, f->n_sections, forgotten, MOST_AHEAD);
        if (ahead == 0)
            return emgp_fail(err, EMG_ERANGE,
                             "without phase this filter would look ahead more than %d frames at %g Hz; take a higher "
                             "corner, a lower order, or forward",
                             MOST_AHEAD, f->plan.rate_hz);
        ahead = ahead < LEAST_AHEAD ? LEAST_AHEAD : ahead;
    }
    size_t chunk = zero_phase ? chunk_for(ahead) : PIECE;
    emg_status status = check_held(ahead + chunk + reach, s->n_channels, f->plan.rate_hz, err);
    if (status == EMG_OK)
        status = emgp_zerophase_new_double(&s->sections, f->sections, f->n_sections, ahead, chunk, s->n_channels,
                                           emgp_edges_output, s->edges, err);
    if (status == EMG_OK)
        s->latency = emgp_zerophase_latency(s->sections);
    return status;
}

static emg_status make_taps(emg_filter_stream *s, const emg_filter *f, bool zero_phase, size_t reach, emg_error *err)
{
    emg_status status = check_held(emgp_convolve_rows(f->n_taps) + reach, s->n_channels, f->plan.rate_hz, err);
    if (status == EMG_OK)
        status = emgp_convolve_new(&s->taps, f->taps, f->n_taps, zero_phase ? f->n_taps / 2 : 0, s->n_channels,
                                   emgp_edges_output, s->edges, err);
    if (status == EMG_OK)
        s->latency = emgp_convolve_latency(s->taps);
    return status;
}

static emg_status make(emg_filter_stream *s, const emg_filter *f, bool zero_phase, emg_take_frames *take, void *context,
                       emg_error *err)
{
    bool mirrored = f->plan.padding == EMG_FILTER_PAD_ODD || f->plan.padding == EMG_FILTER_PAD_EVEN;
    size_t reach = mirrored ? emg_filter_transient(f, zero_phase ? EMG_FILTER_ZERO_PHASE : EMG_FILTER_FORWARD) : 0;
    emg_status status = check_held(reach, s->n_channels, f->plan.rate_hz, err);
    if (status == EMG_OK)
        status = emgp_edges_new(&s->edges, f->plan.padding, reach, zero_phase, s->n_channels, push_inner, s, take,
                                context, err);
    if (status == EMG_OK)
        status = f->n_taps > 0 ? make_taps(s, f, zero_phase, reach, err) : make_sections(s, f, zero_phase, reach, err);
    if (status)
        return status;
    s->latency = s->latency > reach ? s->latency : reach;
    s->x = emgp_alloc(PIECE * s->n_channels, sizeof *s->x);
    return s->x ? EMG_OK : emgp_fail_memory(err);
}

emg_status emg_filter_stream_new(emg_filter_stream **out, const emg_filter *filter, emg_filter_direction direction,
                                 size_t n_channels, emg_take_frames *take, void *context, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the stream");
    *out = NULL;
    if (!filter || !take)
        return emgp_fail(err, EMG_EARG, "a stream needs a filter and a taker");
    if (direction != EMG_FILTER_FORWARD && direction != EMG_FILTER_ZERO_PHASE)
        return emgp_fail(err, EMG_EARG, "no such direction of filtering");
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    emg_filter_stream *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    s->n_channels = n_channels;
    emg_status status = make(s, filter, direction == EMG_FILTER_ZERO_PHASE, take, context, err);
    if (status) {
        emg_filter_stream_free(s);
        return status;
    }
    *out = s;
    return EMG_OK;
}

void emg_filter_stream_free(emg_filter_stream *s)
{
    if (!s)
        return;
    emgp_edges_free(s->edges);
    emgp_zerophase_free(s->sections);
    emgp_convolve_free(s->taps);
    emgp_free(s->x);
    emgp_free(s);
}

size_t emg_filter_stream_latency(const emg_filter_stream *s)
{
    return s ? s->latency : 0;
}

/* Nothing times 0 is anything but 0, except what is not finite. */
static bool all_finite(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * 0;
    return sum == 0;
}

/* Copies n samples within what arithmetic takes at full speed: nothing overflows, nothing is denormal. */
static void tame(double *to, const double *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double v = from[i], magnitude = fabs(v);
        v = magnitude < least_magnitude ? 0 : v;
        v = v > most_magnitude ? most_magnitude : v;
        to[i] = v < -most_magnitude ? -most_magnitude : v;
    }
}

emg_status emgp_filter_stream_push(emg_filter_stream *s, const double *x, size_t n_frames, emg_error *err)
{
    return emgp_edges_push(s->edges, x, n_frames, err);
}

emg_status emg_filter_stream_push(emg_filter_stream *s, const double *x, size_t n_frames, emg_error *err)
{
    if (!s || !emgp_samples_given(x, n_frames, s->n_channels))
        return emgp_fail(err, EMG_EARG, "emg_filter_stream_push needs a stream and samples");
    if (!all_finite(x, n_frames * s->n_channels))
        return emgp_fail(err, EMG_EARG, "a sample that is not a finite number cannot be filtered");
    while (n_frames > 0) {
        size_t n = n_frames < PIECE ? n_frames : PIECE;
        tame(s->x, x, n * s->n_channels);
        emg_status status = emgp_edges_push(s->edges, s->x, n, err);
        if (status)
            return status;
        x += n * s->n_channels;
        n_frames -= n;
    }
    return EMG_OK;
}

emg_status emg_filter_stream_finish(emg_filter_stream *s, emg_error *err)
{
    if (!s)
        return emgp_fail(err, EMG_EARG, "emg_filter_stream_finish needs a stream");
    emg_status status = emgp_edges_finish(s->edges, err);
    if (status == EMG_OK)
        status = finish_inner(s, err);
    emgp_edges_reset(s->edges);
    return status;
}

static emg_status take_apart(void *context, const double *y, size_t n_frames, emg_error *err)
{
    double **at = context;
    (void)err;
    memcpy(*at, y, n_frames * sizeof *y);
    *at += n_frames;
    return EMG_OK;
}

emg_status emg_filter_apply(const emg_filter *filter, emg_filter_direction direction, const double *x, size_t n,
                            double *y, emg_error *err)
{
    if (!emgp_samples_given(x, n, 1) || !emgp_samples_given(y, n, 1))
        return emgp_fail(err, EMG_EARG, "emg_filter_apply needs samples and room for what it makes of them");
    emg_filter_stream *s;
    emg_status status = emg_filter_stream_new(&s, filter, direction, 1, take_apart, &y, err);
    if (!s)
        return status;
    status = emg_filter_stream_push(s, x, n, err);
    if (status == EMG_OK)
        status = emg_filter_stream_finish(s, err);
    emg_filter_stream_free(s);
    return status;
}
