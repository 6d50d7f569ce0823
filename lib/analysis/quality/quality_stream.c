/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public door of channel quality: raw frames to bins, bins to windows. */
#include <emg/quality_stream.h>

#include <float.h>
#include <math.h>

#include "analysis/quality/quality.h"
#include "base/base.h"

struct emg_quality {
    size_t n_channels;
    emgp_bins *bins;
    emgp_quality *windows;
};

static emg_status check(const emg_quality_config *config, const emg_quality_channel *channels, size_t n_channels,
                        double rate_hz, emg_take_quality *take, emg_error *err)
{
    if (!config || !channels || !take)
        return emgp_fail(err, EMG_EARG, "channel quality needs settings, channels and a taker of its windows");
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    if (!(rate_hz >= 1 && rate_hz <= 1e9))
        return emgp_fail(err, EMG_ERANGE, "sampling rate %g Hz is not within 1 to 1e9", rate_hz);
    const emgp_settings table = emgp_quality_table();
    return emgp_setting_check(table.rows, table.n, config, err);
}

static emg_status take_bin(void *context, const emgp_bin *bin, emg_error *err)
{
    emg_quality *q = context;
    return emgp_quality_bin(q->windows, bin, err);
}

static emg_status make(emg_quality *q, const emg_quality_channel *channels, double rate_hz, emg_error *err)
{
    double low[EMGP_MOST_CHANNELS], high[EMGP_MOST_CHANNELS];
    for (size_t i = 0; i < q->n_channels; i++) {
        bool known = channels[i].clip_low < channels[i].clip_high; /* zeroed limits are not */
        low[i] = known ? channels[i].clip_low : -INFINITY;
        high[i] = known ? channels[i].clip_high : INFINITY;
    }
    return emgp_bins_new(&q->bins, rate_hz, q->n_channels, low, high, take_bin, q, err);
}

emg_status emg_quality_new(emg_quality **out, const emg_quality_config *config, const emg_quality_channel *channels,
                           size_t n_channels, double rate_hz, emg_take_quality *take, void *context, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_quality_new needs a place for the stream");
    *out = NULL;
    emg_status status = check(config, channels, n_channels, rate_hz, take, err);
    if (status)
        return status;
    emg_quality *q = emgp_alloc(1, sizeof *q);
    if (!q)
        return emgp_fail_memory(err);
    q->n_channels = n_channels;
    status = make(q, channels, rate_hz, err);
    if (status == EMG_OK)
        status = emgp_quality_new(&q->windows, config, channels, n_channels, rate_hz, take, context, err);
    if (status) {
        emg_quality_free(q);
        return status;
    }
    *out = q;
    return EMG_OK;
}

void emg_quality_free(emg_quality *q)
{
    if (!q)
        return;
    emgp_bins_free(q->bins);
    emgp_quality_free(q->windows);
    emgp_free(q);
}

emg_status emg_quality_push(emg_quality *q, const double *x, size_t n_frames, emg_error *err)
{
    if (!q || !emgp_samples_given(x, n_frames, q->n_channels))
        return emgp_fail(err, EMG_EARG, "no quality stream or no samples were given");
    int bad = 0;
    for (size_t i = 0; i < n_frames * q->n_channels; i++)
        bad |= !(fabs(x[i]) <= DBL_MAX);
    if (bad)
        return emgp_fail(err, EMG_EARG, "a sample is not finite: such stretches must be left out as gaps");
    return emgp_bins_push(q->bins, x, n_frames, err);
}

emg_status emg_quality_finish(emg_quality *q, emg_error *err)
{
    if (!q)
        return emgp_fail(err, EMG_EARG, "no quality stream was given");
    emg_status status = emgp_bins_finish(q->bins, err);
    return status ? status : emgp_quality_finish(q->windows, err);
}
