/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public stream over double samples. */
#include <float.h>
#include <math.h>

#include <emg/heart.h>

#include "base/base.h"
#include "condition/ecg/ecg.h"

struct emg_heart_stream {
    emgp_heart *heart;
    size_t n_channels;
};

emg_heart_plan emg_heart_defaults(void)
{
    emg_heart_plan plan = { EMG_HEART_AUTO, -1, 0.12, 0.16, 0.06, NULL, NULL };
    return plan;
}

emg_status emg_heart_stream_new(emg_heart_stream **out, const emg_heart_plan *plan, double rate_hz, size_t n_channels,
                                emg_take_frames *take, void *context, emg_error *err)
{
    *out = NULL;
    if (!plan || !take)
        return emgp_fail(err, EMG_EARG, "a stream needs a plan and somebody who takes its frames");
    emg_heart_stream *stream = emgp_alloc(1, sizeof *stream);
    if (!stream)
        return emgp_fail_memory(err);
    emgp_heart_ends ends = { .take = take, .context = context };
    emg_status status = emgp_heart_new(&stream->heart, plan, rate_hz, n_channels, &ends, err);
    if (status) {
        emgp_free(stream);
        return status;
    }
    stream->n_channels = n_channels;
    *out = stream;
    return EMG_OK;
}

emg_status emg_heart_stream_push(emg_heart_stream *stream, const double *x, size_t n_frames, emg_error *err)
{
    int bad = 0;
    for (size_t i = 0; i < n_frames * stream->n_channels; i++)
        bad |= !(fabs(x[i]) <= DBL_MAX);
    if (bad)
        return emgp_fail(err, EMG_EARG, "a sample is not finite: such stretches must be left out as gaps");
    return emgp_heart_push(stream->heart, x, n_frames, err);
}

emg_status emg_heart_stream_finish(emg_heart_stream *stream, emg_error *err)
{
    return emgp_heart_finish(stream->heart, err);
}

size_t emg_heart_stream_latency(const emg_heart_stream *stream)
{
    return emgp_heart_latency(stream->heart);
}

emg_status emg_heart_stream_found(const emg_heart_stream *stream, size_t channel, emg_heart_found *out, emg_error *err)
{
    if (channel >= stream->n_channels)
        return emgp_fail(err, EMG_EARG, "channel %zu is none of the stream's %zu", channel, stream->n_channels);
    *out = emgp_heart_found(stream->heart, channel);
    return EMG_OK;
}

void emg_heart_stream_free(emg_heart_stream *stream)
{
    if (!stream)
        return;
    emgp_heart_free(stream->heart);
    emgp_free(stream);
}
