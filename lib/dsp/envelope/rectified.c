/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Magnitudes pushed into a filter. */
#include "dsp/envelope/envelope.h"

#include <math.h>

#include <emg/filter_stream.h>

#include "base/base.h"

enum { PIECE = 512 };

struct emgp_rectified {
    size_t n_channels;
    emg_filter_stream *smooth;
    double *magnitude; /* PIECE frames */
};

static emg_status make(emgp_rectified *r, const emg_filter_plan *plan, emg_filter_direction direction,
                       emg_take_frames *take, void *context, emg_error *err)
{
    emg_filter *filter;
    emg_status status = emg_filter_design(&filter, plan, err);
    if (status == EMG_OK)
        status = emg_filter_stream_new(&r->smooth, filter, direction, r->n_channels, take, context, err);
    emg_filter_free(filter);
    if (status)
        return status;
    r->magnitude = emgp_alloc(r->n_channels * PIECE, sizeof *r->magnitude);
    return r->magnitude ? EMG_OK : emgp_fail_memory(err);
}

emg_status emgp_rectified_new(emgp_rectified **out, int order, double corner_hz, emg_filter_direction direction,
                              double rate_hz, size_t n_channels, emg_take_frames *take, void *context, emg_error *err)
{
    *out = NULL;
    const emg_filter_plan plan = { .family = EMG_FILTER_BUTTERWORTH,
                                   .kind = EMG_FILTER_LOW,
                                   .order = order,
                                   .high_hz = corner_hz,
                                   .rate_hz = rate_hz,
                                   .padding = EMG_FILTER_PAD_EVEN };
    emgp_rectified *r = emgp_alloc(1, sizeof *r);
    if (!r)
        return emgp_fail_memory(err);
    r->n_channels = n_channels;
    emg_status status = make(r, &plan, direction, take, context, err);
    if (status) {
        emgp_rectified_free(r);
        return status;
    }
    *out = r;
    return EMG_OK;
}

void emgp_rectified_free(emgp_rectified *r)
{
    if (!r)
        return;
    emg_filter_stream_free(r->smooth);
    emgp_free(r->magnitude);
    emgp_free(r);
}

size_t emgp_rectified_latency(const emgp_rectified *r)
{
    return emg_filter_stream_latency(r->smooth);
}

emg_status emgp_rectified_push(emgp_rectified *r, const double *x, size_t n_frames, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t done = 0, n; status == EMG_OK && done < n_frames; done += n) {
        n = n_frames - done < PIECE ? n_frames - done : PIECE;
        for (size_t i = 0; i < n * r->n_channels; i++)
            r->magnitude[i] = fabs(x[done * r->n_channels + i]);
        status = emg_filter_stream_push(r->smooth, r->magnitude, n, err);
    }
    return status;
}

emg_status emgp_rectified_finish(emgp_rectified *r, emg_error *err)
{
    return emg_filter_stream_finish(r->smooth, err);
}
