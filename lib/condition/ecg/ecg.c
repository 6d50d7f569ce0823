/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public stream over double samples. */
#include <float.h>
#include <math.h>

#include <emg/ecg.h>

#include "base/base.h"
#include "condition/ecg/ecg.h"

struct emg_ecg_stream {
    emgp_ecg *ecg;
    size_t n_channels;
};

emg_ecg_plan emg_ecg_defaults(void)
{
    emg_ecg_plan plan = { EMG_ECG_AUTO, -1, 0.12, 0.16, 0.06, NULL, NULL };
    return plan;
}

emg_status emg_ecg_stream_new(emg_ecg_stream **out, const emg_ecg_plan *plan, double rate_hz, size_t n_channels,
                              emg_take_frames *take, void *context, emg_error *err)
{
    if (out)
        *out = NULL;
    if (!out || !plan || !take)
        return emgp_fail(err, EMG_EARG,
                         "emg_ecg_stream_new needs a place for the stream, a plan and a taker of frames");
    emg_ecg_stream *stream = emgp_alloc(1, sizeof *stream);
    if (!stream)
        return emgp_fail_memory(err);
    emgp_ecg_ends ends = { .take = take, .context = context };
    emg_status status = emgp_ecg_new(&stream->ecg, plan, rate_hz, n_channels, &ends, err);
    if (status) {
        emgp_free(stream);
        return status;
    }
    stream->n_channels = n_channels;
    *out = stream;
    return EMG_OK;
}

emg_status emg_ecg_stream_push(emg_ecg_stream *stream, const double *x, size_t n_frames, emg_error *err)
{
    if (!stream || !emgp_samples_given(x, n_frames, stream->n_channels))
        return emgp_fail(err, EMG_EARG, "emg_ecg_stream_push needs a stream and samples");
    int bad = 0;
    for (size_t i = 0; i < n_frames * stream->n_channels; i++)
        bad |= !(fabs(x[i]) <= DBL_MAX);
    if (bad)
        return emgp_fail(err, EMG_EARG, "a sample is not finite: such stretches must be left out as gaps");
    return emgp_ecg_push(stream->ecg, x, n_frames, err);
}

emg_status emg_ecg_stream_finish(emg_ecg_stream *stream, emg_error *err)
{
    if (!stream)
        return emgp_fail(err, EMG_EARG, "emg_ecg_stream_finish needs a stream");
    return emgp_ecg_finish(stream->ecg, err);
}

size_t emg_ecg_stream_latency(const emg_ecg_stream *stream)
{
    return stream ? emgp_ecg_latency(stream->ecg) : 0;
}

emg_status emg_ecg_stream_found(const emg_ecg_stream *stream, size_t channel, emg_ecg_found *out, emg_error *err)
{
    if (!stream || !out)
        return emgp_fail(err, EMG_EARG, "emg_ecg_stream_found needs a stream and a place for what was found");
    if (channel >= stream->n_channels)
        return emgp_fail(err, EMG_EARG, "channel %zu is none of the stream's %zu", channel, stream->n_channels);
    *out = emgp_ecg_found(stream->ecg, channel);
    return EMG_OK;
}

void emg_ecg_stream_free(emg_ecg_stream *stream)
{
    if (!stream)
        return;
    emgp_ecg_free(stream->ecg);
    emgp_free(stream);
}
